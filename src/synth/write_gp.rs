//! Rows of general practice. In: a person. Out: the list for the whole area, and appointments of the
//! practices that sent them. Leaves alone: what happened (`emergency.rs`).

use super::calendar::{LAST_DAY, write_day};
use super::emergency::{Appointment, AppointmentStatus};
use super::files::{LIST, appointments};
use super::life::Registration;
use super::person::Person;
use super::recorded::{Holder, Recorded, recorded};
use super::world::GpExtract;
use super::writer::Writer;

/// Writes the list rows and appointments of a person.
pub(super) fn write_gp(writer: &mut Writer, person: &Person) {
    if writer.world.options.gp == GpExtract::Missing {
        return;
    }
    let number = write_list(writer, person);
    for (place, appointment) in person.appointments.iter().enumerate() {
        if writer.world.practices[appointment.practice].has_sent(appointment.day) {
            write_appointment(writer, (place, number), appointment);
        }
    }
}

/// Writes the list rows; the number as sent.
fn write_list(writer: &mut Writer, person: &Person) -> Option<u64> {
    let world = writer.world;
    let record = recorded(world, person, Holder::List);
    for (place, registration) in person.registrations.iter().enumerate() {
        let code = &world.practices[registration.practice].code;
        let name = name_of_row(&record, registration);
        if place == 0 {
            writer.record(person, Holder::List, code, &name);
        } else {
            writer.note_record(person, "gp", code, &name);
        }
        let mut row = writer.pages.row(LIST);
        row.optional_number(record.number).text(code).day(registration.start);
        row.optional_day(registration.end).day(record.birth).small(record.sex.into()).text(record.ethnic);
        row.optional_day(person.death).text(&record.given).text(&record.family).text(&record.postcode).end();
    }
    record.number
}

/// What the truth calls a row of the list, which has no id: its number, or without one all that it says.
fn name_of_row(record: &Recorded, registration: &Registration) -> String {
    if let Some(number) = record.number {
        return number.to_string();
    }
    let mut name = Vec::new();
    write_day(&mut name, registration.start);
    name.push(b' ');
    write_day(&mut name, record.birth);
    for part in [&record.given, &record.family] {
        name.push(b' ');
        name.extend_from_slice(part.as_bytes());
    }
    String::from_utf8(name).unwrap_or_default()
}

fn write_appointment(writer: &mut Writer, (place, number): (usize, Option<u64>), appointment: &Appointment) {
    let world = writer.world;
    let practice = appointment.practice;
    let code = &world.practices[practice].code;
    // The letter keeps ids of a practice apart from its empty slots.
    let id = writer.record_id(('P', practice % 10), place);
    let booked_on = appointment.day - writer.details.pick(&[&0, &0, &0, &1, &2, &5, &9, &16, &24]);
    let (booked_at, at) = (writer.details.between(480, 1090), writer.details.between(96, 218) * 5);
    let status = status(writer, practice, appointment.status);
    let mode = writer.details.pick(&[
        "Face-to-Face",
        "Face-to-Face",
        "Face-to-Face",
        "Telephone",
        "Video/Online",
        "Home Visit",
    ]);
    let clinician = writer.details.pick(&["GP", "GP", "Other Practice staff", "Other Practice staff", "Unknown"]);
    let mut row = writer.pages.row(appointments(practice));
    row.text(&id).optional_number(number).text(code).day_and_minute(booked_on, booked_at.min(at));
    row.day_and_minute(appointment.day, at).text(status).text(mode).text(clinician);
    match seen(appointment, place, at) {
        Some((seen, left)) => row.day_and_minute(appointment.day, seen).day_and_minute(appointment.day, left).end(),
        None => row.empty().empty().end(),
    };
    if writer.details.yes(0.02) {
        let slot_on = (appointment.day + writer.details.between(0, 5)).min(LAST_DAY);
        let slot_on = if world.practices[practice].has_sent(slot_on) { slot_on } else { appointment.day };
        let id = writer.record_id(('Q', practice % 10), place);
        let mut row = writer.pages.row(appointments(practice));
        row.text(&id).empty().text(code).empty().day_and_minute(slot_on, at);
        row.text("Slot Available").text(mode).text(clinician).empty().empty().end();
    }
}

/// Minutes of being called in and of leaving, of those who came; one in eight is not recorded. Drawn from nothing, so that what
/// is drawn for others stays as it is.
fn seen(appointment: &Appointment, place: usize, at: i32) -> Option<(i32, i32)> {
    let turn = place as i32 * 7 + appointment.day * 3;
    let is_recorded = appointment.status == AppointmentStatus::Attended && turn.rem_euclid(8) != 0;
    let seen = at + turn.rem_euclid(23);
    is_recorded.then(|| (seen, seen + 5 + turn.rem_euclid(16)))
}

/// Words of the practice's system: every third writes as TPP does, the others as GPAD.
fn status(writer: &mut Writer, practice: usize, status: AppointmentStatus) -> &'static str {
    let is_tpp = practice % 3 == 1;
    match (status, is_tpp) {
        (AppointmentStatus::Attended, true) => writer.details.pick(&[
            "Finished",
            "Finished",
            "Finished",
            "Finished",
            "Arrived",
            "In Progress",
            "Visit",
            "Waiting",
            "Patient Walked Out",
        ]),
        (AppointmentStatus::Missed, true) => {
            writer.details.pick(&["Did Not Attend", "Did Not Attend", "Cancelled by Patient", "Cancelled by Unit"])
        }
        (AppointmentStatus::Unknown, true) => "Booked",
        (AppointmentStatus::Attended, false) => "Attended",
        (AppointmentStatus::Missed, false) => "DNA",
        (AppointmentStatus::Unknown, false) => "Unknown",
    }
}
