//! Observation: on which days an event of a person would have been seen, per service.
//!
//! Time is censored on deaths and moves only where config says that they are known equally in every arm. A GP day
//! counts only while the person is registered with a practice that sent the whole month.

use std::collections::BTreeMap;

use super::coverage::Coverage;
use super::spans::Spans;
use crate::domain::org_code::OrgCode;
use crate::error::Error;
use crate::frame::{self, Nullable};
use crate::link::persons::Basis;
use crate::link::{Linked, Persons};
use crate::schema::Source;
use crate::settings::{Ascertained, Settings};

/// Everything that says what could be seen.
pub struct Observation<'a> {
    persons: &'a Persons,
    coverage: &'a Coverage,
    registrations: Registrations,
    practice_months: BTreeMap<u64, Spans>,
    common: BTreeMap<Source, Spans>,
    moves: Ascertained,
    deaths: Ascertained,
}

/// The registered list, by person.
struct Registrations {
    /// First row of each person, and one more entry at the end.
    starts: Vec<u32>,
    practice: Nullable<u64>,
    start: Nullable<i32>,
    end: Nullable<i32>,
}

impl<'a> Observation<'a> {
    /// From the registered list, coverage and what config says is known.
    pub fn new(linked: &'a Linked, settings: &Settings, coverage: &'a Coverage) -> Result<Self, Error> {
        let list = &linked.registrations;
        let registrations = Registrations {
            starts: starts(frame::whole_u32(list, "person")?.values(), linked.persons.len()),
            practice: frame::whole_u64(list, "provider")?,
            start: frame::nullable_i32(list, "start")?,
            end: frame::nullable_i32(list, "end")?,
        };
        let practice_months = frame::distinct(registrations.practice.values())
            .into_iter()
            .map(|practice| (practice, coverage.practice_months(OrgCode::from_packed(practice))))
            .collect();
        let common = Source::ALL
            .into_iter()
            .filter(|source| *source != Source::Gp)
            .map(|source| (source, coverage.common(source)))
            .collect();
        // Without a list there is nothing to know moves and deaths from, whatever config says.
        let known = |wanted: Ascertained| if registrations.practice.is_empty() { Ascertained::Unequal } else { wanted };
        Ok(Self {
            persons: &linked.persons,
            coverage,
            practice_months,
            common,
            moves: known(settings.ascertainment.moves),
            deaths: known(settings.ascertainment.deaths),
            registrations,
        })
    }

    /// Whether deaths and moves are known equally in every arm.
    pub fn is_ascertained(&self) -> bool {
        self.moves == Ascertained::RegisteredList && self.deaths == Ascertained::RegisteredList
    }

    /// Whether anything of a source was sent.
    pub fn has(&self, source: Source) -> bool {
        self.coverage.has(source)
    }

    /// Data are used up to this day.
    pub fn as_of(&self) -> i32 {
        self.coverage.as_of
    }

    /// The last day that every provider of a source covers; not for GP.
    pub fn last_day(&self, source: Source) -> Option<i32> {
        self.common.get(&source)?.ranges().last().map(|(_, last)| *last)
    }

    /// Whether a person's events in other sources could be linked at all.
    pub fn has_number(&self, person: u32) -> bool {
        self.persons.basis[person as usize] == Basis::Nhs
    }

    /// Whether a person is on the registered list, or the list is not what says who is here.
    pub fn is_followed(&self, person: u32) -> bool {
        self.moves != Ascertained::RegisteredList || !self.rows(person).is_empty()
    }

    fn rows(&self, person: u32) -> std::ops::Range<usize> {
        let at = person as usize;
        self.registrations.starts[at] as usize..self.registrations.starts[at + 1] as usize
    }

    /// First and last day of a row of the list; the end itself is no longer registered.
    fn range(&self, row: usize) -> (i32, i32) {
        let start = self.registrations.start.get(row).unwrap_or(i32::MIN / 2);
        (start, self.registrations.end.get(row).map_or(i32::MAX / 2, |end| end - 1))
    }

    /// Days on which a person is known to live here.
    pub fn resident(&self, person: u32) -> Spans {
        let here = match self.moves {
            Ascertained::RegisteredList => Spans::new(self.rows(person).map(|row| self.range(row)).collect()),
            Ascertained::Unequal => Spans::new(vec![(i32::MIN / 2, i32::MAX / 2)]),
        };
        match (self.deaths, self.death(person)) {
            (Ascertained::RegisteredList, Some(death)) => here.within(i32::MIN / 2, death - 1),
            _ => here,
        }
    }

    /// Days on which an event of a source would have been seen, of the days on which the person is resident.
    pub fn observed(&self, person: u32, source: Source, resident: &Spans) -> Spans {
        if source != Source::Gp {
            return self.common.get(&source).map(|covered| covered.intersect(resident)).unwrap_or_default();
        }
        let mut months = Vec::new();
        for row in self.rows(person) {
            let (from, to) = self.range(row);
            if let Some(covered) = self.practice_months.get(&self.registrations.practice.values()[row]) {
                months.extend(covered.ranges().iter().map(|(first, last)| (from.max(*first), to.min(*last))));
            }
        }
        Spans::new(months).intersect(resident)
    }

    /// The day of a person's death, as far as it is known.
    pub fn death(&self, person: u32) -> Option<i32> {
        self.persons.death_date[person as usize]
    }

    /// The day on which a person, here on `from`, moves away or dies, as far as that is known.
    pub fn gone(&self, person: u32, from: i32) -> (Option<i32>, Option<i32>) {
        let death = self.death(person);
        if self.moves != Ascertained::RegisteredList {
            return (death, None);
        }
        let registered = Spans::new(self.rows(person).map(|row| self.range(row)).collect());
        let stay = registered.ranges().iter().find(|(start, end)| (*start..=*end).contains(&from));
        (death, stay.map(|(_, end)| end + 1).filter(|end| *end < i32::MAX / 2))
    }
}

/// First row of each person in a table sorted by person, and one more entry at the end.
pub(crate) fn starts(person: &[u32], people: usize) -> Vec<u32> {
    let mut starts = vec![0; people + 1];
    for person in person {
        starts[*person as usize + 1] += 1;
    }
    for at in 0..people {
        starts[at + 1] += starts[at];
    }
    starts
}
