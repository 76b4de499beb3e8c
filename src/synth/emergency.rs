//! A&E attendances and GP appointments of a person. In: the course. Out: what truly happened.
//! Leaves alone: how it is written (`write_emergency.rs`, `write_gp.rs`).

use super::calendar::Day;
use super::chance::Chance;
use super::life::practice_on;
use super::plan::Comparison;
use super::rates::Course;

/// What an A&E row stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttendanceKind {
    /// Unplanned, at department types 01 to 04: counts.
    Unplanned,
    /// A planned follow-up; never counts.
    Planned,
    /// Streamed away on arrival; never counts.
    Streamed,
    /// Same-day emergency care, department type 05; never counts.
    SameDay,
}

/// One A&E attendance.
#[derive(Clone, Debug)]
pub struct Attendance {
    /// Day of arrival.
    pub day: Day,
    /// Place in `EMERGENCY`.
    pub provider: usize,
    /// Whether it counts.
    pub kind: AttendanceKind,
}

/// What became of a GP appointment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppointmentStatus {
    /// The patient was seen.
    Attended,
    /// The patient did not come.
    Missed,
    /// Nobody recorded it.
    Unknown,
}

/// One GP appointment, sent or not.
#[derive(Clone, Debug)]
pub struct Appointment {
    /// Day of the appointment.
    pub day: Day,
    /// Place in the world's practices.
    pub practice: usize,
    /// What became of it.
    pub status: AppointmentStatus,
}

/// Kinds of A&E row that never count, in turn.
const KINDS: [AttendanceKind; 3] = [AttendanceKind::Planned, AttendanceKind::Streamed, AttendanceKind::SameDay];

/// What becomes of appointments that are not attended.
const OTHER: [AppointmentStatus; 3] =
    [AppointmentStatus::Missed, AppointmentStatus::Missed, AppointmentStatus::Unknown];

/// A&E attendances in order of day, and how many the effect prevented.
pub(super) fn attendances(course: &Course, chance: &mut Chance) -> (Vec<Attendance>, u32) {
    let base = match course.comparison {
        Some(Comparison::Prevention) => 0.9,
        Some(Comparison::Recovery) => 0.8,
        None => 0.17,
    };
    let rate = base * course.frailty.emergency * course.deprivation();
    let mut days = course.untreated(rate, chance);
    course.add_rise(rate, chance, &mut days);
    // Most selected people come to notice at an A&E visit up to a fortnight before the index day.
    if let Some(entry) = course.first_arm().filter(|entry| entry.arm.is_selected())
        && chance.yes(0.85)
    {
        days.push(entry.index - chance.between(0, 14));
    }
    let prevented = course.thin(&mut days, chance);
    let mut other = Vec::new();
    course.scatter(rate * 0.1, (course.life.from(), course.life.to()), chance, &mut other);
    let home = chance.below(2);
    let mut provider = || if chance.yes(0.85) { home } else { 1 - home };
    let mut rows: Vec<Attendance> =
        days.into_iter().map(|day| Attendance { day, provider: provider(), kind: AttendanceKind::Unplanned }).collect();
    rows.extend(KINDS.iter().cycle().zip(other).map(|(&kind, day)| Attendance { day, provider: home, kind }));
    rows.sort_by_key(|row| row.day);
    (rows, prevented)
}

/// GP appointments in order of day, and how many the effect prevented.
pub(super) fn appointments(course: &Course, chance: &mut Chance) -> (Vec<Appointment>, u32) {
    let base = match course.comparison {
        Some(Comparison::Prevention) => 4.5,
        Some(Comparison::Recovery) => 4.0,
        None => 1.4,
    };
    let rate = base * course.frailty.gp * course.deprivation();
    let mut days = course.untreated(rate, chance);
    course.add_rise(rate * 0.5, chance, &mut days);
    let prevented = course.thin(&mut days, chance);
    let mut other = Vec::new();
    course.scatter(rate * 0.1, (course.life.from(), course.life.to()), chance, &mut other);
    let attended = days.into_iter().map(|day| (day, AppointmentStatus::Attended));
    let missed = other.into_iter().map(|day| (day, OTHER[chance.below(3)]));
    let mut rows: Vec<Appointment> = attended
        .chain(missed)
        .filter_map(|(day, status)| {
            practice_on(&course.life.registrations, day).map(|practice| Appointment { day, practice, status })
        })
        .collect();
    rows.sort_by_key(|row| row.day);
    (rows, prevented)
}
