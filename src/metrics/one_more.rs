//! A metric that only unit tests know: this file, and its line in [`super::ALL`], are all that it takes to add one.

use super::metric::{Better, Dating, Metric, Sheet, Statistic, Subject};

use crate::rules::attendances;

/// The metrics of this file, in the order of outputs.
pub(super) const SHELF: &[&Metric] = &[&ONE_MORE];

const ONE_MORE: Metric = Metric {
    id: "test_one_more",
    title: "One metric more",
    plain_english: "Visits to A&E, once more.",
    subject: Subject::Attendances,
    dated: Dating::On("date"),
    statistic: Statistic::Count { of: attendances::is_counted },
    sheet: Sheet::Demand,
    better: Better::Neither,
    standard: None,
    definition: "As A&E attendances.",
    official_id: None,
    source: "ours; for a test",
    differs: None,
};
