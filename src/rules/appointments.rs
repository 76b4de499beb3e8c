//! GP appointments. Empty slots were left out at ingest; a status of unknown is neither attended nor missed.

use polars::prelude::*;

use super::is_code;
use crate::schema::codes::CodeSet;

/// Attended.
pub fn is_attended() -> Expr {
    is_code("status", CodeSet::AppointmentStatus, &["attended"])
}

/// Did not attend.
pub fn is_not_attended() -> Expr {
    is_code("status", CodeSet::AppointmentStatus, &["did_not_attend"])
}

/// Attended, did not attend or unknown; cancelled ones are no appointments.
pub fn is_appointment() -> Expr {
    is_code("status", CodeSet::AppointmentStatus, &["attended", "did_not_attend", "unknown"])
}

/// Attended or did not attend.
pub fn has_outcome() -> Expr {
    is_code("status", CodeSet::AppointmentStatus, &["attended", "did_not_attend"])
}
