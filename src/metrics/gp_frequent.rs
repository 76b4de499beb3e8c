//! General practice: registered people who come often.

use polars::prelude::{Expr, col, lit};

use super::gp_registered::LIMITS;
use super::metric::{Better, Dating, Metric, Sheet, Statistic, Subject};

use crate::rules;

/// People seen so often.
macro_rules! people {
    ($id:literal, $limit:literal, $is:ident) => {
        Metric {
            id: $id,
            title: concat!("Registered people with ", $limit, " or more attended GP appointments in 12 months"),
            plain_english: concat!(
                "People on the lists of GP practices who went to GP appointments ",
                $limit,
                " times or more in a year."
            ),
            subject: Subject::Registered,
            dated: Dating::OpenAtEnd("from", "until"),
            statistic: Statistic::Proportion { numerator: $is, denominator: rules::every },
            sheet: Sheet::Demand,
            better: Better::Neither,
            standard: None,
            definition: concat!(
                "People with ",
                $limit,
                " or more attended appointments at any practice in the twelve months to the period's end, out of people registered throughout these months with practices that sent each of them whole. A person belongs to the practice, and to the pathway, of the period's last day."
            ),
            official_id: None,
            source: "ours; there is no single published definition",
            differs: Some(DIFFERS),
        }
    };
}

/// The metrics of this file, in the order of outputs.
pub const SHELF: &[&Metric] = &[
    &people!("gp_frequent_12", "12", is_in_first),
    &people!("gp_frequent_20", "20", is_in_second),
    &people!("gp_frequent_30", "30", is_in_third),
];

/// Why so many limits are shown.
const DIFFERS: &str = "Frequent attenders are defined by a number of consultations, or as the tenth of a practice's people who come most often; three numbers are shown. Who died, moved, or was with a practice that sent nothing in part of the twelve months is in neither side.";

fn reached(limit: u32) -> Expr {
    col("attended").gt_eq(lit(limit))
}

fn is_in_first() -> Expr {
    reached(LIMITS[0])
}

fn is_in_second() -> Expr {
    reached(LIMITS[1])
}

fn is_in_third() -> Expr {
    reached(LIMITS[2])
}
