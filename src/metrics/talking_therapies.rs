//! NHS Talking Therapies: the M metrics.

use super::metric::{Better, Dating, Metric, Sheet, Standard, Statistic, Subject};

use crate::rules::{self, therapies};

/// The metrics of this file, in the order of outputs.
pub const SHELF: &[&Metric] = &[
    &REFERRALS,
    &ACCESS,
    &FINISHED,
    &RECOVERY,
    &RELIABLE_IMPROVEMENT,
    &RELIABLE_RECOVERY,
    &PAIRED,
    &WAIT_6_WEEKS,
    &WAIT_FIRST_MEDIAN,
    &WAIT_FIRST_MEAN,
];

/// Referrals received.
const REFERRALS: Metric = Metric {
    id: "tt_referrals",
    title: "Talking Therapies referrals received",
    plain_english: "Referrals to NHS Talking Therapies.",
    subject: Subject::Courses,
    dated: Dating::On("received_date"),
    statistic: Statistic::Count { of: rules::every },
    sheet: Sheet::Demand,
    better: Better::Neither,
    standard: None,
    definition: "Referrals whose request was received in the period.",
    official_id: Some("M001"),
    source: "NHS Talking Therapies monthly metadata (nhstt, 2026-07)",
    differs: None,
};

/// Referrals entering treatment.
const ACCESS: Metric = Metric {
    id: "tt_access",
    title: "Talking Therapies referrals that entered treatment",
    plain_english: "People's courses of talking therapy that started.",
    subject: Subject::Courses,
    dated: Dating::On("first_treatment"),
    statistic: Statistic::Count { of: rules::every },
    sheet: Sheet::Demand,
    better: Better::Neither,
    standard: None,
    definition: "Referrals whose first attended treatment contact (appointment types 02, 03, 05) was in the period.",
    official_id: Some("M031"),
    source: "NHS Talking Therapies monthly metadata (nhstt, 2026-07)",
    differs: None,
};

/// Finished courses of treatment.
const FINISHED: Metric = Metric {
    id: "tt_finished",
    title: "Talking Therapies courses finished",
    plain_english: "Courses of talking therapy that finished.",
    subject: Subject::Courses,
    dated: Dating::On("discharge_date"),
    statistic: Statistic::Count { of: therapies::is_finished },
    sheet: Sheet::Outcomes,
    better: Better::Neither,
    standard: None,
    definition: "Referrals discharged in the period after at least two attended treatment contacts; follow-up contacts do not count.",
    official_id: Some("M076"),
    source: "NHS Talking Therapies monthly metadata (nhstt, 2026-07)",
    differs: None,
};

/// Recovery.
const RECOVERY: Metric = Metric {
    id: "tt_recovery",
    title: "Talking Therapies recovery rate",
    plain_english: "People who recovered by the end of their talking therapy.",
    subject: Subject::Courses,
    dated: Dating::On("discharge_date"),
    statistic: Statistic::Proportion {
        numerator: therapies::is_recovered,
        denominator: therapies::is_finished_at_risk,
    },
    sheet: Sheet::Outcomes,
    better: Better::Higher,
    standard: Some(Standard::AtLeast(50.0)),
    definition: "Finished courses at caseness on PHQ-9 (10 or more) or GAD-7 (8 or more) at the first score and below caseness on both at the last, out of finished courses minus those not at caseness. People without a pair of scores stay in the denominator.",
    official_id: Some("M192"),
    source: "NHS Talking Therapies monthly metadata (nhstt, 2026-07)",
    differs: Some(
        "Uses GAD-7 for everyone; the published figure uses the anxiety measure that fits the problem descriptor where it is paired.",
    ),
};

/// Reliable improvement.
const RELIABLE_IMPROVEMENT: Metric = Metric {
    id: "tt_reliable_improvement",
    title: "Talking Therapies reliable improvement rate",
    plain_english: "People who were clearly better by the end of their talking therapy.",
    subject: Subject::Courses,
    dated: Dating::On("discharge_date"),
    statistic: Statistic::Proportion {
        numerator: therapies::is_reliably_improved,
        denominator: therapies::is_finished,
    },
    sheet: Sheet::Outcomes,
    better: Better::Higher,
    standard: None,
    definition: "Finished courses whose PHQ-9 fell by at least 6 or whose GAD-7 fell by at least 4, and neither rose by as much, out of finished courses.",
    official_id: Some("M186"),
    source: "NHS Talking Therapies monthly metadata (nhstt, 2026-07)",
    differs: Some(
        "Uses GAD-7 for everyone; the published figure uses the anxiety measure that fits the problem descriptor where it is paired.",
    ),
};

/// Reliable recovery.
const RELIABLE_RECOVERY: Metric = Metric {
    id: "tt_reliable_recovery",
    title: "Talking Therapies reliable recovery rate",
    plain_english: "People who recovered and were clearly better by the end of their talking therapy.",
    subject: Subject::Courses,
    dated: Dating::On("discharge_date"),
    statistic: Statistic::Proportion {
        numerator: therapies::is_reliably_recovered,
        denominator: therapies::is_finished_at_risk,
    },
    sheet: Sheet::Outcomes,
    better: Better::Higher,
    standard: None,
    definition: "Finished courses that recovered and reliably improved, out of finished courses minus those not at caseness.",
    official_id: Some("M195"),
    source: "NHS Talking Therapies monthly metadata (nhstt, 2026-07)",
    differs: Some(
        "Uses GAD-7 for everyone; the published figure uses the anxiety measure that fits the problem descriptor where it is paired.",
    ),
};

/// Paired scores.
const PAIRED: Metric = Metric {
    id: "tt_paired",
    title: "Talking Therapies courses with first and last scores",
    plain_english: "Finished courses whose result was measured.",
    subject: Subject::Courses,
    dated: Dating::On("discharge_date"),
    statistic: Statistic::Proportion { numerator: therapies::is_paired, denominator: therapies::is_finished },
    sheet: Sheet::Outcomes,
    better: Better::Higher,
    standard: None,
    definition: "Finished courses with at least two PHQ-9 and two GAD-7 scores between referral and discharge, out of finished courses.",
    official_id: Some("M202"),
    source: "NHS Talking Therapies monthly metadata (nhstt, 2026-07)",
    differs: Some("M202 is a count; the share of finished courses is ours."),
};

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
    source: "NHS Talking Therapies monthly metadata (nhstt, 2026-07)",
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
    source: "NHS Talking Therapies monthly metadata (nhstt, 2026-07)",
    differs: None,
};

/// Mean wait for treatment.
const WAIT_FIRST_MEAN: Metric = Metric {
    id: "tt_wait_first_mean",
    title: "Talking Therapies mean wait for first treatment",
    plain_english: "Days that people waited on average for talking therapy to start.",
    subject: Subject::Courses,
    dated: Dating::On("first_treatment"),
    statistic: Statistic::Mean { of: rules::every, value: therapies::days_to_first_treatment, least: 0, unit: "days" },
    sheet: Sheet::Outcomes,
    better: Better::Lower,
    standard: None,
    definition: "Mean of days from the day the referral was received to the first attended treatment contact, over referrals first treated in the period.",
    official_id: Some("M048"),
    source: "NHS Talking Therapies monthly metadata (nhstt, 2026-07)",
    differs: None,
};
