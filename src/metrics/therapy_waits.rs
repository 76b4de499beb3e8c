//! NHS Talking Therapies: how long people wait for treatment, and between treatments.

use super::metric::{Better, Dating, Metric, Sheet, Standard, Statistic, Subject};
use super::talking_therapies::SOURCE;

use crate::rules::{self, therapies};

/// The metrics of this file, in the order of outputs.
pub const SHELF: &[&Metric] = &[
    &WAIT_6_WEEKS,
    &WAIT_18_WEEKS,
    &WAIT_FIRST_MEDIAN,
    &WAIT_FIRST_MEAN,
    &FIRST_SECOND_OVER_28,
    &FIRST_SECOND_OVER_90,
];

/// Six-week wait.
const WAIT_6_WEEKS: Metric = Metric {
    id: "tt_wait_6wk",
    title: "Talking Therapies first treatment within 6 weeks",
    plain_english: "People who started talking therapy within six weeks.",
    subject: Subject::Courses,
    dated: Dating::On("discharge_date"),
    statistic: Statistic::Proportion {
        numerator: therapies::is_seen_within_six_weeks,
        denominator: therapies::is_finished,
    },
    sheet: Sheet::Outcomes,
    better: Better::Higher,
    standard: Some(Standard::AtLeast(75.0)),
    definition: "Finished courses whose first treatment came 42 days or fewer after the referral was received, out of finished courses.",
    official_id: Some("M053"),
    source: SOURCE,
    differs: None,
};

/// Eighteen-week wait.
const WAIT_18_WEEKS: Metric = Metric {
    id: "tt_wait_18wk",
    title: "Talking Therapies first treatment within 18 weeks",
    plain_english: "People who started talking therapy within eighteen weeks.",
    subject: Subject::Courses,
    dated: Dating::On("discharge_date"),
    statistic: Statistic::Proportion {
        numerator: therapies::is_seen_within_eighteen_weeks,
        denominator: therapies::is_finished,
    },
    sheet: Sheet::Outcomes,
    better: Better::Higher,
    standard: Some(Standard::AtLeast(95.0)),
    definition: "Finished courses whose first treatment came 126 days or fewer after the referral was received, out of finished courses.",
    official_id: Some("M055"),
    source: SOURCE,
    differs: None,
};

/// Median wait for treatment.
const WAIT_FIRST_MEDIAN: Metric = Metric {
    id: "tt_wait_first_median",
    title: "Talking Therapies median wait for first treatment",
    plain_english: "Days that half of the people waited at most for talking therapy to start.",
    subject: Subject::Courses,
    dated: Dating::On("first_treatment"),
    statistic: Statistic::Quantile {
        percent: 50,
        of: rules::every,
        value: therapies::days_to_first_treatment,
        unit: "days",
    },
    sheet: Sheet::Outcomes,
    better: Better::Lower,
    standard: None,
    definition: "Median of days from the day the referral was received to the first attended treatment contact, over referrals first treated in the period; the mean of the two middle values of an even number.",
    official_id: Some("M049"),
    source: SOURCE,
    differs: None,
};

/// Mean wait for treatment.
const WAIT_FIRST_MEAN: Metric = Metric {
    id: "tt_wait_first_mean",
    title: "Talking Therapies mean wait for first treatment",
    plain_english: "Days that people waited on average for talking therapy to start.",
    subject: Subject::Courses,
    dated: Dating::On("first_treatment"),
    statistic: Statistic::Mean {
        of: rules::every,
        value: therapies::days_to_first_treatment,
        least: 0,
        parts: 1,
        unit: "days",
    },
    sheet: Sheet::Outcomes,
    better: Better::Lower,
    standard: None,
    definition: "Mean of days from the day the referral was received to the first attended treatment contact, over referrals first treated in the period.",
    official_id: Some("M048"),
    source: SOURCE,
    differs: None,
};

/// Second treatment after more than 28 days.
const FIRST_SECOND_OVER_28: Metric = Metric {
    id: "tt_first_second_over28",
    title: "Talking Therapies second treatment after more than 28 days",
    plain_english: "People who waited more than four weeks between their first two sessions.",
    subject: Subject::Courses,
    dated: Dating::On("second_treatment"),
    statistic: Statistic::Proportion {
        numerator: therapies::is_second_after_28_days,
        denominator: therapies::is_treated_twice,
    },
    sheet: Sheet::Outcomes,
    better: Better::Lower,
    standard: None,
    definition: "Referrals whose second attended treatment contact was in the period and came more than 28 days after the first, out of referrals whose second was in the period.",
    official_id: Some("M124"),
    source: SOURCE,
    differs: None,
};

/// Second treatment after more than 90 days.
const FIRST_SECOND_OVER_90: Metric = Metric {
    id: "tt_first_second_over90",
    title: "Talking Therapies second treatment after more than 90 days",
    plain_english: "People who waited more than 90 days between their first two sessions.",
    subject: Subject::Courses,
    dated: Dating::On("second_treatment"),
    statistic: Statistic::Proportion {
        numerator: therapies::is_second_after_90_days,
        denominator: therapies::is_treated_twice,
    },
    sheet: Sheet::Outcomes,
    better: Better::Lower,
    standard: None,
    definition: "Referrals whose second attended treatment contact was in the period and came more than 90 days after the first, out of referrals whose second was in the period. At most 10 % is often named as a standard, but no official source was found for it.",
    official_id: Some("M126"),
    source: SOURCE,
    differs: None,
};
