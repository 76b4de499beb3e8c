//! The registered population: how everyone on the GP list used A&E in the last twelve months, by deprivation and age.
//!
//! In: linked tables. Out: [`Population`], whole numbers. Leaves alone: standardised rates.

use rayon::prelude::*;

use super::events::{self, EventType, Flag};
use super::observation::Observation;
use super::windows::Service;
use crate::domain::day;
use crate::error::Error;
use crate::link::Linked;
use crate::sources::Sources;

/// Deprivation quintiles, 1 most deprived, and not known.
pub const QUINTILES: usize = 6;
/// Bands of five years from 0 to 89, and 90 and over.
pub const AGE_BANDS: usize = 19;
/// Days counted.
const DAYS: i32 = 365;
/// People counted in one go.
const CHUNK: usize = 4096;

/// Rates that are standardised, by the ids of the counts that they are of.
pub const RATES: [(&str, Service); 2] = [
    ("ed_attendances_standardised", Service::Events(EventType::EdAttendance)),
    ("ed_mh_standardised", Service::Flagged(EventType::EdAttendance, Flag::MentalHealth)),
];

/// Use of one service by everyone on the list.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Population {
    /// First and last day counted.
    pub days: (i32, i32),
    /// By quintile, not known last, and age band.
    pub groups: Vec<Vec<Group>>,
    /// People and time of people whose age is not known, who are in no group.
    pub without_age: [u64; 2],
}

/// One quintile and age band. A person is in the band of the age in the middle of the twelve months.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Group {
    /// People observed.
    pub people: u64,
    /// Days observed.
    pub days: u64,
    /// People with an event.
    pub people_with_events: u64,
    /// Events.
    pub events: u64,
    /// Sum over people of their events squared.
    pub squares: u64,
    /// The two largest counts of one person.
    pub top_two: [u64; 2],
}

impl Group {
    fn person(days: u64, events: u64) -> Self {
        Self {
            people: 1,
            days,
            people_with_events: u64::from(events > 0),
            events,
            squares: events * events,
            top_two: [events, 0],
        }
    }

    /// Both groups as one.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let mut top = [self.top_two, other.top_two].concat();
        top.sort_unstable_by(|a, b| b.cmp(a));
        Self {
            people: self.people + other.people,
            days: self.days + other.days,
            people_with_events: self.people_with_events + other.people_with_events,
            events: self.events + other.events,
            squares: self.squares + other.squares,
            top_two: [top[0], top[1]],
        }
    }
}

impl Population {
    fn empty(days: (i32, i32)) -> Self {
        Self { days, groups: vec![vec![Group::default(); AGE_BANDS]; QUINTILES], without_age: [0, 0] }
    }

    /// Events a day of everyone whose age is known; none without a day.
    pub fn rate(&self) -> Option<f64> {
        let all = self.groups.iter().flatten().fold(Group::default(), |sum, group| sum.and(group));
        (all.days > 0).then(|| all.events as f64 / all.days as f64)
    }

    fn and(mut self, other: &Self) -> Self {
        for (own, others) in self.groups.iter_mut().flatten().zip(other.groups.iter().flatten()) {
            *own = own.and(others);
        }
        self.without_age = [0, 1].map(|at| self.without_age[at] + other.without_age[at]);
        self
    }
}

/// Everyone on the registered list, for each of [`RATES`]; none without A&E data or where moves are not known from the list.
pub fn count(linked: &Linked, observation: &Observation<'_>, sources: &Sources) -> Result<Vec<Population>, Error> {
    let kind = EventType::EdAttendance;
    if !observation.has(kind.source()) || !observation.is_ascertained() {
        return Ok(Vec::new());
    }
    let everyone: Vec<u32> = (0..linked.persons.len() as u32).collect();
    let rows = events::of_everyone(kind, linked, &everyone, sources, observation.as_of())?;
    let days = (observation.as_of() - DAYS + 1, observation.as_of());
    let middle = day::month_number(days.0 + DAYS / 2);
    let empty = || RATES.map(|_| Population::empty(days));
    let person = |mut found: [Population; RATES.len()], person: &u32| {
        if !observation.has_number(*person) || !observation.is_followed(*person) {
            return found;
        }
        let observed = observation.observed(*person, kind.source(), &observation.resident(*person));
        let own_days = observed.days_within(days.0, days.1) as u64;
        if own_days == 0 {
            return found;
        }
        let at = *person as usize;
        let quintile = linked.persons.imd_quintile[at].map_or(QUINTILES - 1, |one| usize::from(one) - 1);
        let age = linked.persons.birth_month[at].map(|born| ((middle - born) / 12).max(0));
        for ((_, service), own) in RATES.iter().zip(&mut found) {
            let Some(age) = age else {
                own.without_age = [own.without_age[0] + 1, own.without_age[1] + own_days];
                continue;
            };
            let mine = rows.of(at, days.0, days.1);
            let events = mine.filter(|row| service.holds(&rows, *row) && observed.holds(rows.date[*row])).count();
            let group = &mut own.groups[quintile.min(QUINTILES - 1)][(age as usize / 5).min(AGE_BANDS - 1)];
            *group = group.and(&Group::person(own_days, events as u64));
        }
        found
    };
    let parts: Vec<[Population; RATES.len()]> =
        everyone.par_chunks(CHUNK).map(|people| people.iter().fold(empty(), person)).collect();
    let whole = parts.into_iter().fold(empty(), |all, part| {
        let mut part = part.into_iter();
        all.map(|own| part.next().map_or(own.clone(), |part| own.and(&part)))
    });
    Ok(whole.to_vec())
}
