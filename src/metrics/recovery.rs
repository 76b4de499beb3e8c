//! Personal recovery of the people on a pathway: scores in the year before the index date against those in the year after.

use polars::prelude::{Expr, col};

use super::metric::{Better, Dating, Metric, Sheet, Statistic, Subject};
use crate::rules;

/// Changes count from here: no scale has more points than 1,000.
const LEAST_CHANGE: i32 = -100_000;

fn change_in(instrument: &str) -> Expr {
    col(format!("{instrument}_recovery"))
}

macro_rules! change {
    ($id:literal, $name:literal, $about:literal, $scales:literal) => {
        Metric {
            id: concat!("px_personal_recovery_", $id),
            title: concat!("Mean difference in ", $name, " between the years before and after index"),
            plain_english: concat!(
                "How far ",
                $about,
                " of people who joined the pathway differs from before; above 0 is better."
            ),
            subject: Subject::Episodes,
            dated: Dating::On("date"),
            statistic: Statistic::Mean {
                of: || change_in($id).is_not_null(),
                value: || change_in($id),
                least: LEAST_CHANGE,
                parts: 100,
                unit: "points",
            },
            sheet: Sheet::Outcomes,
            better: Better::Higher,
            standard: None,
            definition: concat!(
                "Mean, over people whose index date on the pathway is in the period, of their last ",
                $name,
                " score in the 365 days after the index date less their last one in the 365 days before it or on it, at whatever service; people without both are left out. ",
                $scales,
                " Where the year after is not over, or a comparator crosses over in it, the last score until then counts. px_personal_recovery_paired_",
                $id,
                " shows how many have both. A difference between the same people is not an effect."
            ),
            official_id: None,
            source: "ours",
            differs: None,
        }
    };
}

macro_rules! paired {
    ($id:literal, $name:literal, $about:literal) => {
        Metric {
            id: concat!("px_personal_recovery_paired_", $id),
            title: concat!("People on the pathway with ", $name, " scores before and after index"),
            plain_english: concat!("People whose ", $about, " is known from before and after they joined the pathway."),
            subject: Subject::Episodes,
            dated: Dating::On("date"),
            statistic: Statistic::Proportion {
                numerator: || change_in($id).is_not_null(),
                denominator: rules::every,
            },
            sheet: Sheet::Outcomes,
            better: Better::Higher,
            standard: None,
            definition: concat!(
                "People of px_personal_recovery_",
                $id,
                ", with a ",
                $name,
                " score in the 365 days before the index date or on it and one in the 365 days after it, out of all whose index date on the pathway is in the period. Those who joined in the last year have had less time."
            ),
            official_id: None,
            source: "ours",
            differs: None,
        }
    };
}

/// The metrics of this file, in the order of outputs.
pub const SHELF: &[&Metric] = &[
    &change!("reqol", "ReQoL-10", "recovering quality of life", "ReQoL-10 is one score."),
    &change!(
        "dialog",
        "DIALOG",
        "satisfaction with life and care",
        "Each item is compared with itself, and of one person it is the mean of the items with both scores."
    ),
    &change!("swemwbs", "SWEMWBS", "mental well-being", "SWEMWBS is one score."),
    &paired!("reqol", "ReQoL-10", "recovering quality of life"),
    &paired!("dialog", "DIALOG", "satisfaction with life and care"),
    &paired!("swemwbs", "SWEMWBS", "mental well-being"),
];
