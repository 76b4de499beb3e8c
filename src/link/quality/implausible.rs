//! Q7: what cannot have happened to one person: activity after death, activity before birth, two providers' beds at once.
//! Where two people were made one, it happens; where nobody was, it is an error in a date.

use polars::prelude::DataFrame;

use super::count::{Cell, Count, Section};
use super::lists::{Listed, Problem};
use super::subjects::{Subjects, bit};
use crate::error::Error;
use crate::frame;
use crate::schema::Source;

/// Events of people, with their days: a table, the column of the day, and the source where it is only one.
pub(super) struct Events<'a> {
    /// Sorted by person.
    pub(super) frame: &'a DataFrame,
    /// The column of the day.
    pub(super) dated: &'a str,
    /// The only source; none where the column `service` tells.
    pub(super) source: Option<Source>,
}

/// Birth and death of each person; `missing` where they are not known.
#[derive(Clone, Copy)]
pub(super) struct Lives<'a> {
    /// Days of birth.
    pub(super) births: &'a [i32],
    /// Days of death.
    pub(super) deaths: &'a [i32],
    /// Stands for a day that is not known.
    pub(super) missing: i32,
}

/// Which sources each person has events in, as bits: any, after death, before birth.
pub(super) struct Seen {
    any: Vec<u8>,
    after: Vec<u8>,
    before: Vec<u8>,
}

/// Holds events against lives.
pub(super) fn seen(events: &[Events<'_>], lives: Lives<'_>) -> Result<Seen, Error> {
    let people = lives.births.len();
    let mut seen = Seen { any: vec![0; people], after: vec![0; people], before: vec![0; people] };
    for table in events {
        let (person, days) = (frame::whole_u32(table.frame, "person")?, frame::nullable_i32(table.frame, table.dated)?);
        let service = match table.source {
            Some(_) => None,
            None => Some(frame::nullable_u16(table.frame, "service")?),
        };
        for (row, person) in person.values().iter().enumerate() {
            let at = *person as usize;
            let source = service.as_ref().and_then(|service| service.get(row));
            let own = table.source.map_or_else(|| source.map_or(0, |source| 1u8 << source), bit);
            seen.any[at] |= own;
            let Some(day) = days.get(row) else { continue };
            if lives.deaths[at] != lives.missing && day > lives.deaths[at] {
                seen.after[at] |= own;
            }
            if lives.births[at] != lives.missing && day < lives.births[at] {
                seen.before[at] |= own;
            }
        }
    }
    Ok(seen)
}

/// People with activity after death or before birth, by the activity's source and in all.
pub(super) fn of_lives(seen: &Seen, subjects: &Subjects<'_>) -> (Vec<Count>, Vec<Listed>) {
    let mut found = Vec::new();
    let mut listed = Vec::new();
    for (measure, wrong, problem) in [
        ("people_with_activity_after_death", &seen.after, Problem::AfterDeath),
        ("people_with_activity_before_birth", &seen.before, Problem::BeforeBirth),
    ] {
        let count = |own: u8| {
            let all = seen.any.iter().filter(|sources| **sources & own != 0).count() as u64;
            Cell::of_people(wrong.iter().filter(|sources| **sources & own != 0).count() as u64, all)
        };
        let all = count(u8::MAX);
        found.push(Count::new(Section::Implausible, measure, all));
        if problem == Problem::AfterDeath {
            found.push(Count::new(Section::Conflicts, measure, all));
        }
        for source in Source::ALL {
            let own = count(bit(source));
            if own.of > 0 {
                found.push(Count::new(Section::Implausible, measure, own).of(source));
            }
        }
        for (person, _) in wrong.iter().enumerate().filter(|(_, sources)| **sources != 0) {
            listed.extend(Listed::all_of(problem, person as u32, subjects));
        }
    }
    (found, listed)
}

/// People in beds of two providers on the same night, of people who stayed in any.
pub(super) fn of_stays(stays: &DataFrame, subjects: &Subjects<'_>) -> Result<(Vec<Count>, Vec<Listed>), Error> {
    let (person, start) = (frame::whole_u32(stays, "person")?, frame::nullable_i32(stays, "start")?);
    let (end, provider) = (frame::nullable_i32(stays, "end")?, frame::whole_u64(stays, "provider")?);
    let (mut within, mut of) = (0, 0);
    let mut listed = Vec::new();
    let mut row = 0;
    for own in person.values().chunk_by(|a, b| a == b) {
        let stays: Vec<Stay> = (row..row + own.len())
            .filter_map(|row| Some((start.get(row)?, end.get(row), provider.values()[row])))
            .collect();
        row += own.len();
        of += 1;
        if overlap(&stays) {
            within += 1;
            listed.extend(Listed::all_of(Problem::TwoBeds, own[0], subjects));
        }
    }
    let counts = if of == 0 {
        Vec::new()
    } else {
        let cell = Cell::of_people(within, of);
        vec![Count::new(Section::Implausible, "people_in_two_providers_beds_at_once", cell).of(Source::MentalHealth)]
    };
    Ok((counts, listed))
}

/// First day, day of leaving if there was one, provider.
type Stay = (i32, Option<i32>, u64);

/// Whether two stays with different providers share a night. Leaving one and arriving at the other on one day is no
/// overlap. A stay without an end is taken as its first night alone: that it was never closed is no proof.
fn overlap(stays: &[Stay]) -> bool {
    let last = |stay: &Stay| stay.1.unwrap_or(stay.0 + 1);
    stays.iter().enumerate().any(|(at, one)| {
        let others = stays[at + 1..].iter();
        others.into_iter().any(|other| one.2 != other.2 && one.0 < last(other) && other.0 < last(one))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moving_from_bed_to_bed_on_one_day_is_no_overlap() {
        assert!(!overlap(&[(10, Some(20), 1), (20, Some(25), 2)]));
        assert!(overlap(&[(10, Some(20), 1), (19, Some(25), 2)]));
        assert!(!overlap(&[(10, Some(20), 1), (12, Some(25), 1)]));
        assert!(!overlap(&[(10, None, 1), (12, Some(25), 2)]));
        assert!(overlap(&[(12, None, 1), (10, Some(25), 2)]));
        assert!(!overlap(&[]));
    }
}
