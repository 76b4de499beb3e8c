//! Q9: people by how many records and sources they are made of and what they rest on; records that nothing could link.

use super::super::persons::Basis;
use super::super::records::Records;
use super::super::values::NO_DAY;
use super::count::{Cell, Count, Division, Section};
use super::subjects::Subjects;
use crate::domain::supersession::Supersession;
use crate::domain::token::Token;
use crate::schema::Source;

/// More records than this are one level.
const MOST: usize = 6;
const RECORDS: [&str; MOST + 1] = ["appointments_only", "1", "2", "3", "4", "5", "6_or_more"];
const SOURCES: [&str; Source::ALL.len() + 1] = ["appointments_only", "1", "2", "3", "4", "5"];

/// People by kind.
#[derive(Default)]
struct Tally {
    records: [u64; RECORDS.len()],
    sources: [u64; SOURCES.len()],
    two_numbers: u64,
}

impl Tally {
    fn merge(&mut self, other: &Self) {
        self.records.iter_mut().zip(other.records).for_each(|(to, from)| *to += from);
        self.sources.iter_mut().zip(other.sources).for_each(|(to, from)| *to += from);
        self.two_numbers += other.two_numbers;
    }
}

/// People by what they are made of, and unlinkable records by source.
pub(super) fn counts(
    subjects: &Subjects<'_>,
    basis: &[Basis],
    (is_indirect, supersession): (&[bool], &Supersession),
) -> Vec<Count> {
    let records = subjects.records;
    let tally = subjects.fold(
        Tally::default,
        |tally, person, own| {
            tally.records[own.len().min(MOST)] += 1;
            tally.sources[subjects.sources[person].count_ones() as usize] += 1;
            tally.two_numbers += u64::from(has_two_numbers(records, own, supersession));
        },
        |all, part| all.merge(&part),
    );
    let people = basis.len() as u64;
    let count = |division: Division, level: &str, number: u64| {
        Count::new(Section::Clusters, "people", Cell::of_people(number, people)).part(division, level)
    };
    let mut found = vec![Count::new(Section::Clusters, "people", Cell::of_people(people, people)).plain()];
    for kind in Basis::ALL {
        let number = basis.iter().filter(|own| **own == kind).count() as u64;
        found.push(count(Division::Basis, kind.id(), number));
    }
    found.extend(RECORDS.into_iter().zip(tally.records).map(|(level, number)| count(Division::Records, level, number)));
    found.extend(SOURCES.into_iter().zip(tally.sources).map(|(level, number)| count(Division::Sources, level, number)));
    let two = Cell::of_people(tally.two_numbers, people);
    found.push(Count::new(Section::Clusters, "people_with_two_numbers", two));
    found.extend(by_source(records, "indirectly_linked_records", |record| is_indirect[record]));
    found.extend(by_source(records, "unlinkable_records", |record| is_unlinkable(records, record)));
    found
}

/// Whether records have numbers that are not known to stand for one another.
fn has_two_numbers(records: &Records, own: &[u32], supersession: &Supersession) -> bool {
    let mut first = Token::NONE;
    own.iter().map(|record| supersession.current(records.nhs[*record as usize])).filter(|nhs| nhs.is_some()).any(
        |nhs| {
            let is_other = first.is_some() && nhs != first;
            first = nhs;
            is_other
        },
    )
}

/// Whether a record has no number and too little else to be linked by: no date of birth, or neither name nor postcode.
pub(super) fn is_unlinkable(records: &Records, record: usize) -> bool {
    let fields = &records.fields[record];
    let has_name = fields.initial != 0 && fields.surname_start != 0;
    !records.nhs[record].is_some() && (records.birth[record] == NO_DAY || (!has_name && fields.outcode == 0))
}

/// Records with a property, by source.
fn by_source(records: &Records, measure: &str, has: impl Fn(usize) -> bool) -> Vec<Count> {
    let mut cells = [Cell::default(); Source::ALL.len()];
    for record in 0..records.len() {
        cells[records.source[record] as usize].add(record as u32, has(record));
    }
    let cells = Source::ALL.into_iter().zip(cells).filter(|(_, cell)| cell.of > 0);
    cells.map(|(source, cell)| Count::new(Section::Clusters, measure, cell).of(source)).collect()
}
