//! Q5: what does not agree among the records of one person, and the list of those records.
//!
//! A disagreement is not proof of a wrong link: people move, and a date is mistyped. The lists are for somebody to look
//! at, inside the trust.

use super::super::dates::{Agreement, agreement};
use super::super::records::Records;
use super::super::values::NO_DAY;
use super::count::{Cell, Count, Section};
use super::lists::{Listed, Problem};
use super::subjects::Subjects;
use crate::schema::Source;

/// People with more postcode districts than this are listed.
const DISTRICTS: usize = 2;

/// What does not agree within one person.
#[derive(Default)]
struct Tally {
    several: u64,
    births: u64,
    sexes: u64,
    two_districts: u64,
    three_districts: u64,
    listed: Vec<Listed>,
}

/// Disagreements among people with several records, quarantined records by source, and the records behind both.
pub(super) fn counts(subjects: &Subjects<'_>, quarantined: &[u32]) -> (Vec<Count>, Vec<Listed>) {
    let records = subjects.records;
    let tally = subjects.fold(
        Tally::default,
        |tally, person, own| {
            if own.len() < 2 {
                return;
            }
            tally.several += 1;
            let districts = districts(records, own);
            let found = [
                (has_two_births(records, own), Problem::BirthDates),
                (has_two_sexes(records, own), Problem::Sexes),
                (districts > DISTRICTS, Problem::Postcodes),
            ];
            tally.births += u64::from(found[0].0);
            tally.sexes += u64::from(found[1].0);
            tally.two_districts += u64::from(districts > 1);
            tally.three_districts += u64::from(found[2].0);
            for (_, problem) in found.into_iter().filter(|(is_found, _)| *is_found) {
                tally.listed.extend(own.iter().map(|record| Listed::new(problem, person as u32, *record)));
            }
        },
        |all, part| {
            all.several += part.several;
            all.births += part.births;
            all.sexes += part.sexes;
            all.two_districts += part.two_districts;
            all.three_districts += part.three_districts;
            all.listed.extend(part.listed);
        },
    );
    let mut listed = tally.listed;
    listed.extend(quarantined.iter().map(|at| Listed::new(Problem::Number, subjects.person[*at as usize], *at)));
    let mut found = by_source(records, quarantined);
    for (measure, number) in [
        ("people_with_partly_agreeing_birth_dates", tally.births),
        ("people_with_disagreeing_sex", tally.sexes),
        ("people_with_2_or_more_postcode_districts", tally.two_districts),
        ("people_with_3_or_more_postcode_districts", tally.three_districts),
    ] {
        found.push(Count::new(Section::Conflicts, measure, Cell::of_people(number, tally.several)));
    }
    (found, listed)
}

/// Records whose number is somebody else's, of the records with a number.
fn by_source(records: &Records, quarantined: &[u32]) -> Vec<Count> {
    let mut of = [0u64; Source::ALL.len()];
    let mut within = of;
    for (source, nhs) in records.source.iter().zip(&records.nhs) {
        of[*source as usize] += u64::from(nhs.is_some());
    }
    for record in quarantined {
        within[records.source[*record as usize] as usize] += 1;
    }
    let cells = Source::ALL.into_iter().zip(within.into_iter().zip(of)).filter(|(_, (_, of))| *of > 0);
    let count = |(source, (within, of))| {
        Count::new(Section::Conflicts, "records_with_anothers_number", Cell::of_people(within, of)).of(source)
    };
    cells.map(count).collect()
}

fn has_two_births(records: &Records, own: &[u32]) -> bool {
    let known = || own.iter().map(|record| records.birth[*record as usize]).filter(|birth| *birth != NO_DAY);
    let Some(first) = known().next() else { return false };
    known().any(|birth| agreement(birth, first) != Agreement::Equal)
}

/// Male and female only: the others are no evidence.
fn has_two_sexes(records: &Records, own: &[u32]) -> bool {
    let is_any = |sex: u16| own.iter().any(|record| records.sex[*record as usize] == sex);
    is_any(0) && is_any(1)
}

/// How many different first parts of postcodes.
fn districts(records: &Records, own: &[u32]) -> usize {
    let mut known: Vec<u64> =
        own.iter().map(|record| records.fields[*record as usize].outcode).filter(|outcode| *outcode != 0).collect();
    known.sort_unstable();
    known.dedup();
    known.len()
}
