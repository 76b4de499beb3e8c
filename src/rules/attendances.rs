//! A&E attendances. Planned, streamed-away and dead-on-arrival rows were left out at ingest.

use polars::prelude::*;

use super::is_code;
use crate::schema::codes::CodeSet;

/// Longest stay that meets the four-hour standard. Minute 240 meets it; minute 241 does not.
const STANDARD_MINUTES: i32 = 240;

/// A department of type 01 to 04. Same-day emergency care (05) is counted apart: its move into the data set is a false
/// step. A row without a department type counts.
pub fn is_counted() -> Expr {
    is_code("department_type", CodeSet::Department, &["same_day"]).fill_null(lit(false)).not()
}

/// Both times are known.
pub fn has_times() -> Expr {
    is_counted().and(col("minutes").is_not_null())
}

/// Left within four hours of arriving.
pub fn is_within_standard() -> Expr {
    has_times().and(col("minutes").lt_eq(lit(STANDARD_MINUTES)))
}
