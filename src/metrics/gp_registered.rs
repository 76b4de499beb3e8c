//! Registered for a year: who was on a practice's list, and covered, for the twelve months that end with a period, and how
//! often a practice saw them in these months.
//!
//! In: the registered list, appointments, coverage. Out: a frame of stretches of time over whose ends nothing of it changes.

use polars::prelude::DataFrame;
use rayon::prelude::*;

use super::compute::Wanted;
use crate::domain::day;
use crate::domain::org_code::OrgCode;
use crate::domain::period::Period;
use crate::error::Error;
use crate::frame::{self, Nullable};
use crate::link::persons::Basis;
use crate::link::{Linked, Persons};
use crate::pathways::observation::starts;
use crate::pathways::spans::Spans;
use crate::pathways::{Coverage, Journeys};
use crate::rules::{self, appointments};

/// From how many attended appointments on people are told apart.
pub const LIMITS: [u32; 3] = [12, 20, 30];

/// Rows of the list and attended appointments, by person.
struct Lists<'a> {
    persons: &'a Persons,
    row_starts: Vec<u32>,
    practice: Nullable<u64>,
    start: Nullable<i32>,
    end: Nullable<i32>,
    /// Months that the practice of each row sent.
    sent: Vec<(u64, Spans)>,
    day_starts: Vec<u32>,
    attended: Vec<i32>,
    is_on_pathway: Vec<bool>,
}

/// A person's stretch: of the ends of periods from one day to before another the practice and the limit reached are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stretch {
    person: u32,
    practice: u64,
    from: i32,
    until: i32,
    /// The highest of [`LIMITS`] that was reached; 0 for none.
    reached: u32,
}

impl<'a> Lists<'a> {
    fn of(linked: &'a Linked, journeys: &Journeys, coverage: &Coverage) -> Result<Self, Error> {
        let (list, people) = (&linked.registrations, linked.persons.len());
        let practice = frame::whole_u64(list, "provider")?;
        let months = |practice: u64| (practice, coverage.practice_months(OrgCode::from_packed(practice)));
        let met = rules::met_by(&linked.appointments, appointments::is_attended())?;
        let (person, date) =
            (frame::whole_u32(&linked.appointments, "person")?, frame::nullable_i32(&linked.appointments, "date")?);
        let attended = met.true_idx_iter().filter_map(|row| Some((person.values()[row], date.get(row)?)));
        let (of, attended): (Vec<u32>, Vec<i32>) = attended.unzip();
        let mut is_on_pathway = vec![false; people];
        for episode in &journeys.episodes {
            is_on_pathway[episode.person as usize] = true;
        }
        Ok(Self {
            persons: &linked.persons,
            row_starts: starts(frame::whole_u32(list, "person")?.values(), people),
            start: frame::nullable_i32(list, "start")?,
            end: frame::nullable_i32(list, "end")?,
            sent: frame::distinct(practice.values()).into_iter().map(months).collect(),
            practice,
            day_starts: starts(&of, people),
            attended,
            is_on_pathway,
        })
    }

    fn rows(&self, person: u32) -> std::ops::Range<usize> {
        let at = person as usize;
        self.row_starts[at] as usize..self.row_starts[at + 1] as usize
    }

    /// First and last day of a row of the list; the end itself is no longer registered.
    fn range(&self, row: usize) -> (i32, i32) {
        (self.start.get(row).unwrap_or(i32::MIN / 2), self.end.get(row).map_or(i32::MAX / 2, |end| end - 1))
    }

    /// Days on which the person is alive and registered with a practice that sent the whole month.
    fn covered(&self, person: u32) -> Spans {
        let mut days = Vec::new();
        for row in self.rows(person) {
            let (from, to) = self.range(row);
            let practice = self.practice.values()[row];
            let at = self.sent.partition_point(|(one, _)| *one < practice);
            let months = self.sent.get(at).map_or(&[][..], |(_, months)| months.ranges());
            days.extend(months.iter().map(|(first, last)| (from.max(*first), to.min(*last))));
        }
        let death = self.persons.death_date[person as usize];
        Spans::new(days).within(i32::MIN / 2, death.map_or(i32::MAX / 2, |death| death - 1))
    }

    /// The practice that the person joined last, of those that the person is registered with on a day.
    fn practice_on(&self, person: u32, day: i32) -> Option<u64> {
        let on_it = self.rows(person).filter(|row| (self.range(*row).0..=self.range(*row).1).contains(&day));
        on_it.max_by_key(|row| (self.range(*row).0, *row)).map(|row| self.practice.values()[row])
    }

    /// The stretches of a person who can be known by number, over the ends of twelve months. On a pathway each end stands
    /// alone, since who joins or leaves it between two ends belongs to it at one of them.
    fn stretches(&self, person: u32, years: &[(i32, i32)]) -> Vec<Stretch> {
        let mut stretches: Vec<Stretch> = Vec::new();
        let at = person as usize;
        if self.rows(person).is_empty() || self.persons.basis[at] != Basis::Nhs {
            return stretches;
        }
        let covered = self.covered(person);
        let days = &self.attended[self.day_starts[at] as usize..self.day_starts[at + 1] as usize];
        let mut last_end = None;
        for (from, end) in years {
            let before = last_end.replace(*end);
            let practice = self.practice_on(person, *end);
            let Some(practice) = practice.filter(|_| covered.days_within(*from, *end) == i64::from(end - from + 1))
            else {
                continue;
            };
            let seen = days.partition_point(|day| day <= end) - days.partition_point(|day| day < from);
            let reached = LIMITS.into_iter().rev().find(|limit| seen >= *limit as usize).unwrap_or(0);
            let next = Stretch { person, practice, from: *end, until: end + 1, reached };
            match stretches.last_mut() {
                Some(last)
                    if !self.is_on_pathway[at]
                        && before.is_some_and(|before| last.until == before + 1)
                        && (last.practice, last.reached) == (practice, reached) =>
                {
                    last.until = next.until;
                }
                _ => stretches.push(next),
            }
        }
        stretches
    }
}

/// The twelve months that end with each period.
fn years(wanted: Wanted<'_>, as_of: i32) -> Vec<(i32, i32)> {
    let year = |period: &Period| (period.twelve_months_start(), period.end);
    let mut years: Vec<(i32, i32)> = wanted.periods.up_to(as_of).iter().flatten().map(year).collect();
    years.sort_unstable();
    years.dedup();
    years
}

/// People registered with practices for the twelve months that end with a period.
///
/// Grain: stretch of a person, sorted by person: `from` the end of a period, `until` the day after the last one of which the
/// same holds. `attended` is the highest limit reached. The age is that on `from`.
pub fn registered(
    linked: &Linked,
    journeys: &Journeys,
    coverage: &Coverage,
    wanted: Wanted<'_>,
) -> Result<DataFrame, Error> {
    let lists = Lists::of(linked, journeys, coverage)?;
    let years = years(wanted, coverage.as_of);
    let people = 0..linked.persons.len() as u32;
    let found: Vec<Stretch> =
        people.into_par_iter().with_min_len(4096).flat_map_iter(|person| lists.stretches(person, &years)).collect();
    let age = |one: &Stretch| {
        let born = linked.persons.birth_month[one.person as usize]?;
        u16::try_from((day::month_number(one.from) - born).div_euclid(12)).ok()
    };
    frame::frame(vec![
        frame::u32s("person", found.iter().map(|one| one.person).collect()),
        frame::u64s("provider", found.iter().map(|one| one.practice).collect()),
        frame::opt_u16s("age", found.iter().map(age)),
        frame::i32s("from", found.iter().map(|one| one.from).collect()),
        frame::i32s("until", found.iter().map(|one| one.until).collect()),
        frame::u32s("attended", found.iter().map(|one| one.reached).collect()),
    ])
}
