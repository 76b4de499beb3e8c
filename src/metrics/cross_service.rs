//! Across services: who joins a pathway and takes it up, who is seen after A&E, who is with two services at once.

use polars::prelude::Expr;

use super::after_attendance::{days_to_contact, is_followed, is_seen, is_treated, is_treated_at_all};
use super::metric::{Better, Dating, Metric, Sheet, Statistic, Subject};
use super::reach;

use crate::rules;

/// The metrics of this file, in the order of outputs.
pub const SHELF: &[&Metric] = &[
    &COHORT,
    &REACH_ACCEPTED,
    &REACH_COMPLETED,
    &TIME_TO_TREATMENT,
    &TREATED_1,
    &TREATED_7,
    &TREATED_28,
    &FOLLOW_UP_7,
    &FOLLOW_UP_28,
    &CONCURRENT,
];

/// Cohort size.
const COHORT: Metric = Metric {
    id: "px_cohort",
    title: "People entering the pathway",
    plain_english: "People who joined the pathway.",
    subject: Subject::Episodes,
    dated: Dating::On("date"),
    statistic: Statistic::People { of: rules::every },
    sheet: Sheet::Outcomes,
    better: Better::Neither,
    standard: None,
    definition: "Different people whose index date on the pathway is in the period.",
    official_id: None,
    source: "ours",
    differs: None,
};

/// People who took the pathway up.
const REACH_ACCEPTED: Metric = Metric {
    id: "px_reach_accepted",
    title: "People who took the pathway up",
    plain_english: "People who joined the pathway and came to a first appointment.",
    subject: Subject::Episodes,
    dated: Dating::On("date"),
    statistic: Statistic::Proportion { numerator: reach::has_accepted, denominator: reach::could_accept },
    sheet: Sheet::Outcomes,
    better: Better::Higher,
    standard: None,
    definition: "People with an attended contact, at most 90 days after the index date, under the referral that put them on the pathway, out of people whose provider's data run for 90 days after it. Those offered it are px_cohort. The 90 days are a setting.",
    official_id: None,
    source: "ours",
    differs: None,
};

/// People who completed the pathway.
const REACH_COMPLETED: Metric = Metric {
    id: "px_reach_completed",
    title: "People who completed the pathway",
    plain_english: "People who joined the pathway and completed it within six months.",
    subject: Subject::Episodes,
    dated: Dating::On("date"),
    statistic: Statistic::Proportion { numerator: reach::has_completed, denominator: reach::could_complete },
    sheet: Sheet::Outcomes,
    better: Better::Higher,
    standard: None,
    definition: "People whose index referral ended, at most 180 days after the index date, as completed or with its goals met (voluntary sector), after two treatments (Talking Therapies), or after an attended contact (trust), out of people whose provider's data run for 180 days after it. The 180 days are a setting.",
    official_id: None,
    source: "ours",
    differs: Some(
        "The trust's data set has no code for completing care: discharge after an attended contact stands for it.",
    ),
};

/// Median days from A&E for mental health to the trust.
const TIME_TO_TREATMENT: Metric = Metric {
    id: "px_time_to_treatment",
    title: "Median days from A&E for mental health to the trust",
    plain_english: "How long people waited to be seen by the mental-health trust after a visit to A&E for their mental health.",
    subject: Subject::MentalHealthAttendances,
    dated: Dating::On("date"),
    statistic: Statistic::Quantile { percent: 50, of: is_treated_at_all, value: days_to_contact, unit: "days" },
    sheet: Sheet::Outcomes,
    better: Better::Lower,
    standard: None,
    definition: "Median of the days from an A&E attendance for mental health to the next attended contact with the trust, over attendances followed by one within 28 days. The day of arrival itself does not count. Only attendances after which the trust and Talking Therapies sent 28 days of data, and that the person outlived by 28 days.",
    official_id: None,
    source: "ours",
    differs: None,
};

/// Seen by the trust within 1 day of A&E for mental health.
const TREATED_1: Metric = Metric {
    id: "px_time_to_treatment_1d",
    title: "Seen by the trust within 1 day of A&E for mental health",
    plain_english: "Visits to A&E for mental health after which the person was seen by the mental-health trust within 1 day.",
    subject: Subject::MentalHealthAttendances,
    dated: Dating::On("date"),
    statistic: Statistic::Proportion { numerator: is_treated_1, denominator: is_followed_1 },
    sheet: Sheet::Outcomes,
    better: Better::Higher,
    standard: None,
    definition: "A&E attendances for mental health followed by an attended contact with the trust at most 1 day after the day of arrival, out of those of people with a usable NHS number after which the trust and Talking Therapies sent 1 day of data, and that the person outlived by 1 day.",
    official_id: None,
    source: "ours",
    differs: None,
};

/// Seen by the trust within 7 days of A&E for mental health.
const TREATED_7: Metric = Metric {
    id: "px_time_to_treatment_7d",
    title: "Seen by the trust within 7 days of A&E for mental health",
    plain_english: "Visits to A&E for mental health after which the person was seen by the mental-health trust within 7 days.",
    subject: Subject::MentalHealthAttendances,
    dated: Dating::On("date"),
    statistic: Statistic::Proportion { numerator: is_treated_7, denominator: is_followed_7 },
    sheet: Sheet::Outcomes,
    better: Better::Higher,
    standard: None,
    definition: "A&E attendances for mental health followed by an attended contact with the trust at most 7 days after the day of arrival, out of those of people with a usable NHS number after which the trust and Talking Therapies sent 7 days of data, and that the person outlived by 7 days.",
    official_id: None,
    source: "ours",
    differs: None,
};

/// Seen by the trust within 28 days of A&E for mental health.
const TREATED_28: Metric = Metric {
    id: "px_time_to_treatment_28d",
    title: "Seen by the trust within 28 days of A&E for mental health",
    plain_english: "Visits to A&E for mental health after which the person was seen by the mental-health trust within 28 days.",
    subject: Subject::MentalHealthAttendances,
    dated: Dating::On("date"),
    statistic: Statistic::Proportion { numerator: is_treated_28, denominator: is_followed_28 },
    sheet: Sheet::Outcomes,
    better: Better::Higher,
    standard: None,
    definition: "A&E attendances for mental health followed by an attended contact with the trust at most 28 days after the day of arrival, out of those of people with a usable NHS number after which the trust and Talking Therapies sent 28 days of data, and that the person outlived by 28 days.",
    official_id: None,
    source: "ours",
    differs: None,
};

/// Followed up within 7 days of A&E for mental health.
const FOLLOW_UP_7: Metric = Metric {
    id: "px_followup_any_7d",
    title: "Followed up within 7 days of A&E for mental health",
    plain_english: "Visits to A&E for mental health after which anybody saw the person within 7 days.",
    subject: Subject::MentalHealthAttendances,
    dated: Dating::On("date"),
    statistic: Statistic::Proportion { numerator: is_seen_7, denominator: is_followed_7 },
    sheet: Sheet::Outcomes,
    better: Better::Higher,
    standard: None,
    definition: "A&E attendances for mental health followed by an attended contact with the trust, Talking Therapies or a GP practice at most 7 days after the day of arrival, out of those of people with a usable NHS number after which the trust and Talking Therapies sent 7 days of data, and that the person outlived by 7 days. GP appointments count in months that the practice sent.",
    official_id: None,
    source: "ours",
    differs: None,
};

/// Followed up within 28 days of A&E for mental health.
const FOLLOW_UP_28: Metric = Metric {
    id: "px_followup_any_28d",
    title: "Followed up within 28 days of A&E for mental health",
    plain_english: "Visits to A&E for mental health after which anybody saw the person within 28 days.",
    subject: Subject::MentalHealthAttendances,
    dated: Dating::On("date"),
    statistic: Statistic::Proportion { numerator: is_seen_28, denominator: is_followed_28 },
    sheet: Sheet::Outcomes,
    better: Better::Higher,
    standard: None,
    definition: "A&E attendances for mental health followed by an attended contact with the trust, Talking Therapies or a GP practice at most 28 days after the day of arrival, out of those of people with a usable NHS number after which the trust and Talking Therapies sent 28 days of data, and that the person outlived by 28 days. GP appointments count in months that the practice sent.",
    official_id: None,
    source: "ours",
    differs: None,
};

/// People open to the trust and to Talking Therapies.
const CONCURRENT: Metric = Metric {
    id: "px_concurrent",
    title: "People open to the trust and to Talking Therapies",
    plain_english: "People under the care of both the mental-health trust and Talking Therapies.",
    subject: Subject::OpenInBoth,
    dated: Dating::OpenAtEnd("from", "until"),
    statistic: Statistic::People { of: rules::every },
    sheet: Sheet::Demand,
    better: Better::Neither,
    standard: None,
    definition: "Different people with a referral to the trust and a referral to Talking Therapies that are both open on the last day of the period. Counted under the trust as provider.",
    official_id: None,
    source: "ours",
    differs: None,
};

fn is_followed_1() -> Expr {
    is_followed(1)
}

fn is_treated_1() -> Expr {
    is_treated(1)
}

fn is_followed_7() -> Expr {
    is_followed(7)
}

fn is_treated_7() -> Expr {
    is_treated(7)
}

fn is_seen_7() -> Expr {
    is_seen(7)
}

fn is_followed_28() -> Expr {
    is_followed(28)
}

fn is_treated_28() -> Expr {
    is_treated(28)
}

fn is_seen_28() -> Expr {
    is_seen(28)
}
