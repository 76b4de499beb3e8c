//! Contacts: which count as attended, missed, treatment.

use polars::prelude::*;

use super::is_code;
use crate::schema::Source;
use crate::schema::codes::CodeSet;

/// Of one service.
pub fn of_service(service: Source) -> Expr {
    col("service").eq(lit(service as u32).cast(DataType::UInt16))
}

/// Attended, on time or late but seen (codes 5 and 6).
pub fn is_attended() -> Expr {
    is_code("attendance", CodeSet::Attendance, &["attended", "attended_late"])
}

/// Did not attend, without warning (code 3). Cancellations are not missed appointments.
pub fn is_not_attended() -> Expr {
    is_code("attendance", CodeSet::Attendance, &["did_not_attend"])
}

/// Attended, on time or late, or did not attend.
pub fn is_attended_or_not() -> Expr {
    is_code("attendance", CodeSet::Attendance, &["attended", "attended_late", "did_not_attend"])
}

/// Attended, did not attend, or came too late to be seen (codes 5, 6, 3, 7): what a rate of non-attendance is out of.
pub fn is_due() -> Expr {
    is_code("attendance", CodeSet::Attendance, &["attended", "attended_late", "late_not_seen", "did_not_attend"])
}

/// Did not attend, or came too late to be seen (codes 3 and 7).
pub fn is_not_attended_or_late() -> Expr {
    is_code("attendance", CodeSet::Attendance, &["did_not_attend", "late_not_seen"])
}

/// Did not take place, for whatever reason (codes 2, 3, 4 and 7). Cancellations are among them.
pub fn is_missed() -> Expr {
    let cancelled = is_code("attendance", CodeSet::Attendance, &["cancelled_by_patient", "cancelled_by_provider"]);
    is_not_attended_or_late().or(cancelled)
}

/// Of a score: it has one, and where it was taken at a contact that contact was attended.
pub fn is_scored_and_attended() -> Expr {
    col("score").is_not_null().and(col("is_at_contact").eq(lit(0)).or(is_attended().fill_null(lit(false))))
}

/// Has an attendance status that is known.
pub fn is_recorded() -> Expr {
    col("attendance").is_not_null()
}

/// In Talking Therapies an unplanned contact counts as attended whatever its code.
pub fn is_attended_or_unplanned() -> Expr {
    is_attended().fill_null(lit(false)).or(is_unplanned())
}

/// An unplanned contact, which in Talking Therapies counts as attended.
fn is_unplanned() -> Expr {
    is_code("planned", CodeSet::YesNo, &["no"]).fill_null(lit(false))
}

/// Did not attend, in Talking Therapies, where an unplanned contact counts as attended.
pub fn is_planned_not_attended() -> Expr {
    is_not_attended().and(is_unplanned().not())
}

/// The same with those who came too late to be seen.
pub fn is_planned_not_attended_or_late() -> Expr {
    is_not_attended_or_late().and(is_unplanned().not())
}

/// What non-attendance in Talking Therapies is out of: attended, unplanned, did not attend, or came too late.
pub fn is_due_or_unplanned() -> Expr {
    is_due().fill_null(lit(false)).or(is_unplanned())
}

/// Attended treatment: appointment types 02, 03 and 05. Follow-up (06) does not count.
pub fn is_treatment() -> Expr {
    of_service(Source::TalkingTherapies)
        .and(is_code(
            "appointment_type",
            CodeSet::AppointmentType,
            &["treatment", "assessment_and_treatment", "review_and_treatment"],
        ))
        .and(is_attended_or_unplanned())
}

/// Attended assessment without treatment: appointment type 01.
pub fn is_assessment_only() -> Expr {
    of_service(Source::TalkingTherapies)
        .and(is_code("appointment_type", CodeSet::AppointmentType, &["assessment"]))
        .and(is_attended_or_unplanned())
}
