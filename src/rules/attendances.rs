//! A&E attendances. Planned, streamed-away and dead-on-arrival rows were left out at ingest.

use polars::prelude::*;

use super::is_code;
use crate::schema::codes::CodeSet;

/// Longest stay that meets the four-hour standard. Minute 240 meets it; minute 241 does not.
const STANDARD_MINUTES: i32 = 240;
/// Minutes of six hours.
const SIX_HOURS: i32 = 360;
/// Twelve hours; a longer stay is over it.
const TWELVE_HOURS: i32 = 720;

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

/// More than six hours in the department, from arrival. Minute 360 is not; a stay without a departure time is not known.
pub fn is_over_6_hours() -> Expr {
    has_times().and(col("minutes").gt(lit(SIX_HOURS)))
}

/// More than twelve hours in the department, from arrival. Minute 720 is not; a stay without a departure time is not known.
pub fn is_over_12_hours() -> Expr {
    has_times().and(col("minutes").gt(lit(TWELVE_HOURS)))
}

/// For mental health: a mental-health or self-harm chief complaint, or an injury meant by the person.
pub fn is_mental_health() -> Expr {
    let complaint = is_code("chief_complaint", CodeSet::Complaint, &["mental_health", "self_harm"]);
    is_counted().and(complaint.fill_null(lit(false)).or(is_meant()))
}

/// For self-harm: an injury meant by the person, or self-harm as chief complaint.
pub fn is_self_harm() -> Expr {
    let complaint = is_code("chief_complaint", CodeSet::Complaint, &["self_harm"]);
    is_counted().and(complaint.fill_null(lit(false)).or(is_meant()))
}

fn is_meant() -> Expr {
    is_code("injury_intent", CodeSet::Complaint, &["self_harm"]).fill_null(lit(false))
}
