//! Across services.

use crate::rules;

use super::metric::{Better, Dating, Metric, Sheet, Statistic, Subject};

/// The metrics of this file, in the order of outputs.
pub const SHELF: &[&Metric] = &[&COHORT];

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
