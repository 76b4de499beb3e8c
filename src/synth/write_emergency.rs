//! Rows of A&E. In: a person. Out: lines of the ECDS-shaped files. Leaves alone: what happened (`emergency.rs`).

use super::calendar::END_DAY;
use super::emergency::{Attendance, AttendanceKind};
use super::files::emergency;
use super::person::Person;
use super::recorded::{Holder, Recorded};
use super::world::EMERGENCY;
use super::writer::Writer;

/// Chief complaints that are not of mental health.
const COMPLAINTS: [&str; 8] =
    ["21522001", "29857009", "230145002", "25064002", "161891005", "125605004", "386661006", "404640003"];
const MENTAL_COMPLAINTS: [&str; 5] = ["248062006", "366979004", "6471006", "48694002", "248020004"];

/// Writes everything the A&E departments send about a person.
pub(super) fn write_emergency(writer: &mut Writer, person: &Person) {
    for (provider, name) in EMERGENCY.iter().enumerate() {
        let mut rows = person.attendances.iter().filter(|row| row.provider == provider).enumerate().peekable();
        if rows.peek().is_none() {
            continue;
        }
        let local = writer.emergency_id(person, (provider, name));
        let record = writer.record(person, Holder::Emergency(provider), name, &local);
        for (number, attendance) in rows {
            let id = writer.record_id(('A', provider), number);
            write_attendance(writer, person, (&id, &local, &record), attendance);
        }
    }
}

fn write_attendance(
    writer: &mut Writer,
    person: &Person,
    (id, local, record): (&str, &str, &Recorded),
    row: &Attendance,
) {
    let provider = row.provider;
    let (department, category, status) = codes(writer, row.kind);
    let (complaint, intent) = reasons(writer, !person.trust.referrals.is_empty());
    let arrived = writer.details.between(0, 1439);
    let left = arrived + writer.details.between(20, 400);
    // Some have no departure time. Nobody leaves on a day after the data end.
    let is_departure_missing = writer.details.yes(1.0 / 300.0);
    writer.pages.planted.departures_missing += u64::from(is_departure_missing);
    let left_on = row.day + left / 1440;
    let mut line = writer.pages.row(emergency(provider));
    line.optional_number(record.number).text(record.status()).text(local).text(id).day(record.birth);
    line.small(record.sex.into()).text(record.ethnic).text(&record.postcode).text(EMERGENCY[provider]);
    line.text(&department).text(category).day(row.day).minute(arrived).text(complaint).text(intent);
    if is_departure_missing || left_on >= END_DAY {
        line.empty().empty();
    } else {
        line.day(left_on).minute(left % 1440);
    }
    line.text(status).text(&record.given).text(&record.family).end();
}

fn codes(writer: &mut Writer, kind: AttendanceKind) -> (String, &'static str, &'static str) {
    let department = writer.details.pick(&["01", "01", "01", "01", "01", "02", "03", "03", "04"]);
    let category = writer.details.pick(&["1", "1", "1", "1", "1", "1", "1", "2", "3", ""]);
    let status = writer.details.pick(&[
        "182992009",
        "182992009",
        "182992009",
        "182992009",
        "182992009",
        "182992009",
        "1066301000000103",
        "1066311000000101",
        "1066321000000107",
    ]);
    let streamed = writer.details.pick(&["1077031000000103", "1077781000000101"]);
    match kind {
        AttendanceKind::Unplanned => (untidy_department(writer, department), category, status),
        AttendanceKind::Planned => (untidy_department(writer, department), "4", status),
        AttendanceKind::Streamed => (untidy_department(writer, department), "1", streamed),
        AttendanceKind::SameDay => (untidy_department(writer, "05"), "1", status),
    }
}

/// Some systems leave out the leading zero.
fn untidy_department(writer: &mut Writer, department: &str) -> String {
    let is_short = writer.details.yes(0.15) && writer.has_dirt();
    if is_short { department.trim_start_matches('0').to_owned() } else { department.to_owned() }
}

fn reasons(writer: &mut Writer, is_trust_patient: bool) -> (&'static str, &'static str) {
    let is_mental = writer.details.yes(if is_trust_patient { 0.25 } else { 0.04 });
    let complaint = if is_mental { writer.details.pick(&MENTAL_COMPLAINTS) } else { writer.details.pick(&COMPLAINTS) };
    let is_self_harm = complaint == MENTAL_COMPLAINTS[0] && writer.details.yes(0.8);
    let is_missing = writer.details.yes(0.02);
    (if is_missing { "" } else { complaint }, if is_self_harm { "276853009" } else { "" })
}
