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

/// The day of booking is known, and is not after the appointment.
pub fn has_booking() -> Expr {
    is_appointment().and(col("booked_days").is_not_null())
}

fn is_booked_within(from: u16, to: u16) -> Expr {
    let days = col("booked_days").cast(DataType::Int32);
    has_booking().and(days.clone().gt_eq(lit(i32::from(from)))).and(days.lt_eq(lit(i32::from(to))))
}

/// Booked on the day.
pub fn is_same_day() -> Expr {
    is_booked_within(0, 0)
}

/// Booked the day before.
pub fn is_next_day() -> Expr {
    is_booked_within(1, 1)
}

/// Booked 2 to 7 days before.
pub fn is_2_to_7_days() -> Expr {
    is_booked_within(2, 7)
}

/// Booked 8 to 14 days before.
pub fn is_8_to_14_days() -> Expr {
    is_booked_within(8, 14)
}

/// Booked 15 to 21 days before.
pub fn is_15_to_21_days() -> Expr {
    is_booked_within(15, 21)
}

/// Booked 22 to 28 days before.
pub fn is_22_to_28_days() -> Expr {
    is_booked_within(22, 28)
}

/// Booked more than 28 days before.
pub fn is_over_28_days() -> Expr {
    is_booked_within(29, u16::MAX)
}

fn is_held(mode: &str) -> Expr {
    is_appointment().and(is_code("mode", CodeSet::AppointmentMode, &[mode]).fill_null(lit(false)))
}

/// Held face to face, at the practice.
pub fn is_face_to_face() -> Expr {
    is_held("face_to_face")
}

/// Held at the person's home.
pub fn is_home_visit() -> Expr {
    is_held("home_visit")
}

/// Held on the telephone.
pub fn is_telephone() -> Expr {
    is_held("telephone")
}

/// Held by video or online.
pub fn is_video() -> Expr {
    is_held("video")
}

/// Nothing says how it was held.
pub fn is_mode_unknown() -> Expr {
    is_appointment().and(col("mode").is_null())
}

fn is_with(clinician: &str) -> Expr {
    is_appointment().and(is_code("clinician", CodeSet::Clinician, &[clinician]).fill_null(lit(false)))
}

/// With a GP.
pub fn is_with_gp() -> Expr {
    is_with("gp")
}

/// With other practice staff.
pub fn is_with_other_staff() -> Expr {
    is_with("other_staff")
}

/// Nothing says with whom.
pub fn is_clinician_unknown() -> Expr {
    is_appointment().and(col("clinician").is_null())
}
