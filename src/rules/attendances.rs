//! A&E attendances. Planned, streamed-away and dead-on-arrival rows were left out at ingest.

use polars::prelude::*;

use super::is_code;
use crate::schema::codes::CodeSet;

/// Longest stay that meets the four-hour standard. Minute 240 meets it; minute 241 does not.
const STANDARD_MINUTES: i32 = 240;
/// A stay that a mean no longer counts, as NHS England's does not.
const A_DAY: i32 = 1440;
/// Minutes of six hours.
const SIX_HOURS: i32 = 360;
/// Twelve hours; a longer stay is over it.
const TWELVE_HOURS: i32 = 720;

/// A department of type 01 to 04. Same-day emergency care (05) is counted apart: its move into the data set is a false
/// step. A row without a department type counts.
pub fn is_counted() -> Expr {
    is_same_day().not()
}

/// Same-day emergency care, type 05.
pub fn is_same_day() -> Expr {
    is_code("department_type", CodeSet::Department, &["same_day"]).fill_null(lit(false))
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

/// For mental health: a mental-health or self-harm chief complaint, an injury meant by the person, or a primary diagnosis of
/// mental health.
pub fn is_mental_health() -> Expr {
    let complaint = is_code("chief_complaint", CodeSet::Complaint, &["mental_health", "self_harm"]);
    let diagnosis = is_code("primary_diagnosis", CodeSet::Complaint, &["mental_health"]);
    is_counted().and(complaint.fill_null(lit(false)).or(is_meant()).or(diagnosis.fill_null(lit(false))))
}

/// At a consultant-led department with full resuscitation facilities, type 01.
pub fn is_major() -> Expr {
    is_code("department_type", CodeSet::Department, &["emergency"]).fill_null(lit(false))
}

/// At such a department, and for mental health.
pub fn is_major_mental_health() -> Expr {
    is_major().and(is_mental_health())
}

/// Minutes in the department.
pub fn minutes() -> Expr {
    col("minutes")
}

/// Both times are known, and less than a day lies between them.
pub fn is_within_a_day() -> Expr {
    has_times().and(col("minutes").lt(lit(A_DAY)))
}

/// A day or more in the department. Minute 1,440 is one.
pub fn is_a_day_or_more() -> Expr {
    has_times().and(col("minutes").gt_eq(lit(A_DAY)))
}

/// Admitted, with the times of the decision to admit and of departure.
pub fn is_admitted_with_times() -> Expr {
    is_admitted().and(col("admitted_minutes").is_not_null())
}

/// Admitted more than twelve hours after the decision to admit. Minute 720 is not.
pub fn is_over_12_hours_from_decision() -> Expr {
    is_admitted_with_times().and(col("admitted_minutes").gt(lit(TWELVE_HOURS)))
}

/// Where the person went is known.
pub fn has_destination() -> Expr {
    is_counted().and(col("emergency_destination").is_not_null())
}

/// Admitted to a ward. A short-stay unit, same-day emergency care and hospital at home are none.
pub fn is_admitted() -> Expr {
    is_counted()
        .and(is_code("emergency_destination", CodeSet::EmergencyDestination, &["admitted"]).fill_null(lit(false)))
}

/// How the attendance ended is known.
pub fn has_status() -> Expr {
    is_counted().and(col("emergency_status").is_not_null())
}

/// Left before initial assessment, after it, or before treatment was completed.
pub fn has_left() -> Expr {
    let left = ["left_before_assessment", "left_after_assessment", "left_before_completion"];
    is_counted().and(is_code("emergency_status", CodeSet::EmergencyStatus, &left).fill_null(lit(false)))
}

/// Left before initial assessment.
pub fn has_left_unassessed() -> Expr {
    let left = is_code("emergency_status", CodeSet::EmergencyStatus, &["left_before_assessment"]);
    is_counted().and(left.fill_null(lit(false)))
}

/// Of a person whom linkage knows, with an arrival time, and followed for seven days; see `returns.rs`.
pub fn is_followed() -> Expr {
    is_counted().and(col("followed"))
}

/// The same, and the person came again within them.
pub fn is_followed_by_another() -> Expr {
    is_followed().and(col("came_again"))
}

/// For self-harm: an injury meant by the person, or self-harm as chief complaint.
pub fn is_self_harm() -> Expr {
    let complaint = is_code("chief_complaint", CodeSet::Complaint, &["self_harm"]);
    is_counted().and(complaint.fill_null(lit(false)).or(is_meant()))
}

fn is_meant() -> Expr {
    is_code("injury_intent", CodeSet::Complaint, &["self_harm"]).fill_null(lit(false))
}
