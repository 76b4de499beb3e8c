//! Rows of the truth. In: a person. Out: who they are, their arms, twins and windows. Leaves alone:
//! records and their errors (`writer.rs`).

use super::arms::Arm;
use super::calendar::{END_DAY, write_day};
use super::files::{DOUBLES, PEOPLE, TWINS, WINDOWS, WINDOWS_LIMIT};
use super::person::Person;
use super::truth::windows;
use super::writer::Writer;

/// Writes the truth about a person.
pub(super) fn write_truth(writer: &mut Writer, person: &Person) {
    let arms: Vec<&str> = person.arms.iter().map(|entry| entry.arm.name()).collect();
    let mut days = Vec::new();
    for entry in &person.arms {
        if !days.is_empty() {
            days.push(b';');
        }
        write_day(&mut days, entry.index);
    }
    let mut row = writer.pages.row(PEOPLE);
    row.number(person.index).number(person.identity.nhs_number).text(&arms.join(";"));
    row.text(&String::from_utf8(days).unwrap_or_default())
        .optional_day(person.death)
        .optional_day(person.moved_out)
        .end();
    if let Some(other) = person.identity.twin {
        writer.pages.planted.twins += 1;
        writer.pages.row(TWINS).number(person.index).number(other).end();
    }
    if let Some((other, double)) = person.identity.double {
        writer.pages.planted.doubles += 1;
        writer.pages.row(DOUBLES).number(person.index).number(other).text(double.name()).end();
    }
    count(writer, person);
    if writer.world.options.people <= WINDOWS_LIMIT {
        write_windows(writer, person);
    }
}

fn write_windows(writer: &mut Writer, person: &Person) {
    for truth in windows(writer.world, person) {
        let mut row = writer.pages.row(WINDOWS);
        row.number(person.index).text(truth.arm.name()).day(truth.index).optional_day(truth.crossover);
        row.text(truth.service.name()).text(truth.window.name());
        row.number(truth.days.into()).number(truth.events.into()).end();
    }
}

fn count(writer: &mut Writer, person: &Person) {
    let quarters = &writer.world.quarters;
    let planted = &mut writer.pages.planted;
    planted.in_both += u64::from(person.arms.len() > 1);
    for entry in &person.arms {
        planted.crossovers += u64::from(entry.crossover.is_some());
        planted.second_events += u64::from(entry.second.is_some());
        for (place, _) in Arm::ALL.iter().enumerate().filter(|&(_, &arm)| arm == entry.arm) {
            planted.arms[place] += 1;
            let quarter = quarters.iter().rposition(|&start| start <= entry.index.min(END_DAY - 1)).unwrap_or(0);
            planted.arms_by_quarter[place][quarter.min(11)] += 1;
        }
    }
    for (all, more) in planted.prevented.iter_mut().zip(person.prevented) {
        *all += u64::from(more);
    }
}
