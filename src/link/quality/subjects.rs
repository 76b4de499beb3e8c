//! Subjects: records by person, and what each record itself says of its person.
//!
//! A record's own word counts, not what its person is known by after linkage: otherwise a linked record would know more
//! than an unlinked one for no other reason than that it was linked.

use rayon::prelude::*;

use super::super::parents::NO_ROW;
use super::super::people::People;
use super::super::records::{Identity, RecordOf, Records};
use super::super::values::{NO_CODE, NO_DAY, Rows};
use super::count::Division;
use crate::domain::age_band;
use crate::domain::day;
use crate::domain::org_code::OrgCode;
use crate::schema::Source;
use crate::schema::codes::CodeSet;

/// The divisions that a record's own word gives, in the order of outputs.
pub(super) const OWN: [Division; 5] =
    [Division::AgeBand, Division::Sex, Division::EthnicGroup, Division::ImdQuintile, Division::Provider];
const QUINTILES: [&str; 6] = ["1", "2", "3", "4", "5", NOT_KNOWN];
const NOT_KNOWN: &str = "not_known";

/// Positions of a record among the levels of each of [`OWN`].
pub(super) type Own = [u16; OWN.len()];

/// Records by person, with what is counted by.
pub(super) struct Subjects<'a> {
    /// The records.
    pub(super) records: &'a Records,
    /// The person of each record.
    pub(super) person: &'a [u32],
    /// Which sources each person has records of, as bits.
    pub(super) sources: Vec<u8>,
    /// Each record's places among levels.
    pub(super) own: Vec<Own>,
    providers: Vec<u64>,
    starts: Vec<u32>,
    order: Vec<u32>,
}

impl<'a> Subjects<'a> {
    /// Of records that were linked; ages are those on `day`.
    pub(super) fn new(
        (records, record_of): (&'a Records, &RecordOf),
        identity: &Identity<'_>,
        people: &'a People,
        day: i32,
    ) -> Self {
        let (starts, order) = by_person(&people.of_record, people.keys.len());
        let mut sources = vec![0u8; people.keys.len()];
        for (record, person) in people.of_record.iter().enumerate() {
            sources[*person as usize] |= bit(records.source[record]);
        }
        let told = Told::of(records.len(), identity, record_of);
        let mut providers = told.provider.clone();
        providers.par_sort_unstable();
        providers.dedup();
        let own = (0..records.len()).into_par_iter().map(|at| told.own(records, at, day, &providers)).collect();
        Self { records, person: &people.of_record, sources, own, providers, starts, order }
    }

    /// Of records alone, nothing else of which is known.
    #[cfg(test)]
    pub(super) fn of_records(records: &'a Records, person: &'a [u32]) -> Self {
        let people = person.iter().max().map_or(0, |last| *last as usize + 1);
        let (starts, order) = by_person(person, people);
        let own = vec![[0; OWN.len()]; records.len()];
        Self { records, person, sources: vec![0; people], own, providers: Vec::new(), starts, order }
    }

    /// How many people.
    pub(super) fn people(&self) -> usize {
        self.sources.len()
    }

    /// The records of a person.
    pub(super) fn of(&self, person: usize) -> &[u32] {
        &self.order[self.starts[person] as usize..self.starts[person + 1] as usize]
    }

    /// Whether a record's person has a record of another source.
    pub(super) fn is_linked(&self, record: usize) -> bool {
        self.sources[self.person[record] as usize] & !bit(self.records.source[record]) != 0
    }

    /// The levels of a division.
    pub(super) fn levels(&self, division: Division) -> Vec<String> {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let set = |set: CodeSet| words(&[set.fixed().unwrap_or_default(), &[NOT_KNOWN]].concat());
        match division {
            Division::AgeBand => words(&age_band::NAMES),
            Division::Sex => set(CodeSet::Sex),
            Division::EthnicGroup => set(CodeSet::EthnicGroup),
            Division::ImdQuintile => words(&QUINTILES),
            Division::Provider => self.providers.iter().map(|code| OrgCode::from_packed(*code).to_string()).collect(),
            _ => Vec::new(),
        }
    }

    /// Counts over all people, each thread a range of them; ranges are put together in order.
    pub(super) fn fold<T: Send>(
        &self,
        new: impl Fn() -> T + Sync,
        add: impl Fn(&mut T, usize, &[u32]) + Sync,
        merge: impl Fn(&mut T, T),
    ) -> T {
        let size = self.people().div_ceil(rayon::current_num_threads().max(1)).max(1);
        let ranges: Vec<T> = (0..self.people().div_ceil(size))
            .into_par_iter()
            .map(|range| {
                let mut own = new();
                for person in range * size..((range + 1) * size).min(self.people()) {
                    add(&mut own, person, self.of(person));
                }
                own
            })
            .collect();
        let mut all = new();
        for range in ranges {
            merge(&mut all, range);
        }
        all
    }
}

/// A source as one bit.
pub(super) fn bit(source: Source) -> u8 {
    1 << source as u8
}

/// Things by person: where each person's begin, and the things.
pub(super) fn by_person(person: &[u32], people: usize) -> (Vec<u32>, Vec<u32>) {
    let mut starts = vec![0u32; people + 1];
    for person in person {
        starts[*person as usize + 1] += 1;
    }
    for at in 0..people {
        starts[at + 1] += starts[at];
    }
    let mut next = starts.clone();
    let mut order = vec![0u32; person.len()];
    for (thing, person) in (0u32..).zip(person) {
        let at = &mut next[*person as usize];
        order[*at as usize] = thing;
        *at += 1;
    }
    (starts, order)
}

/// What the rows of each record tell. Where they differ the greatest code stands, whatever the order of rows.
struct Told {
    ethnic: Vec<u16>,
    quintile: Vec<u16>,
    provider: Vec<u64>,
}

impl Told {
    fn of(records: usize, identity: &Identity<'_>, record_of: &RecordOf) -> Self {
        let mut told =
            Self { ethnic: vec![NO_CODE; records], quintile: vec![NO_CODE; records], provider: vec![0; records] };
        for ((rows, _), of) in [
            (identity.person_records, &record_of.person_records),
            (identity.attendances, &record_of.attendances),
            (identity.registrations, &record_of.registrations),
        ] {
            told.add(rows, of);
        }
        told
    }

    fn add(&mut self, rows: &Rows, record_of: &[u32]) {
        let (ethnic, quintile) = (rows.codes("ethnic_group"), rows.codes("imd_quintile"));
        let greater = |to: &mut u16, from: u16| {
            if from != NO_CODE && (*to == NO_CODE || from > *to) {
                *to = from;
            }
        };
        for (row, record) in record_of.iter().enumerate().filter(|(_, record)| **record != NO_ROW) {
            let at = *record as usize;
            greater(&mut self.ethnic[at], ethnic[row]);
            greater(&mut self.quintile[at], quintile[row]);
            self.provider[at] = self.provider[at].max(rows.provider[row]);
        }
    }

    fn own(&self, records: &Records, at: usize, day: i32, providers: &[u64]) -> Own {
        let birth = records.birth[at];
        let age = (birth != NO_DAY).then(|| u16::try_from(day::age_on(birth, day)).ok()).flatten();
        let code = |code: u16, levels: usize| code.min(levels as u16);
        let sexes = CodeSet::Sex.fixed().unwrap_or_default().len();
        let ethnic = CodeSet::EthnicGroup.fixed().unwrap_or_default().len();
        let quintile = if self.quintile[at] == NO_CODE { QUINTILES.len() as u16 - 1 } else { self.quintile[at] - 1 };
        [
            age_band::of(age) as u16,
            code(records.sex[at], sexes),
            code(self.ethnic[at], ethnic),
            quintile,
            providers.partition_point(|known| *known < self.provider[at]) as u16,
        ]
    }
}

/// The day by which 99 in 100 of these days had come: one wrong year moves it nowhere. None of no days.
pub(super) fn day_of_most(days: impl Iterator<Item = i32>) -> i32 {
    let mut known: Vec<i32> = days.filter(|day| *day != NO_DAY).collect();
    if known.is_empty() {
        return 0;
    }
    let at = (known.len() - 1) * 99 / 100;
    *known.select_nth_unstable(at).1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_found_by_person() {
        let (starts, order) = by_person(&[2, 0, 2, 3], 5);
        let of = |person: usize| &order[starts[person] as usize..starts[person + 1] as usize];
        assert_eq!([of(0), of(1), of(2), of(3), of(4)], [&[1][..], &[], &[0, 2], &[3], &[]]);
    }

    #[test]
    fn one_wrong_year_moves_no_age() {
        let days = (0..200).map(|day| day % 100).chain([90_000, NO_DAY]);
        assert_eq!(day_of_most(days), 99);
        assert_eq!(day_of_most([NO_DAY].into_iter()), 0);
    }
}
