//! Selection: for arms whose people were chosen because their use of a service was high, how the whole registered population
//! used that service, and what each person of the arm had used.
//!
//! In: linked tables, episodes. Out: [`Selection`], whole numbers. Leaves alone: what use to expect by itself.

use super::episodes::Episode;
use super::events::{self, EventRows, EventType};
use super::observation::Observation;
use super::spans::Spans;
use super::windows::{Service, WINDOW_DAYS, is_analysed};
use crate::error::{self, Error};
use crate::link::Linked;
use crate::settings::{Settings, did_you_mean};
use crate::sources::Sources;

/// Days before the index that are left out of a person's prior use, in turn: the event that led to the referral is in them.
pub const GAPS: [i32; 3] = [0, 30, 90];

/// What the arm was selected on.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Selection {
    /// Position of the pathway.
    pub pathway: usize,
    /// The rate's id.
    pub rate: String,
    /// Everyone on the registered list, in the year before the arm's median index date: events x and days t, as sums of x, t,
    /// x squared, x times t and t squared.
    pub population: [u64; 5],
    /// Per person of the arm: events and days before the index without each of [`GAPS`], then days after it.
    pub people: Vec<[u32; 7]>,
}

/// The selections of every arm that has one.
pub fn count(
    linked: &Linked,
    episodes: &[Episode],
    observation: &Observation<'_>,
    (settings, sources): (&Settings, &Sources),
) -> Result<Vec<Selection>, Error> {
    let mut known: Vec<(EventType, EventRows)> = Vec::new();
    let mut found = Vec::new();
    for (pathway, config) in settings.pathway.iter().enumerate().filter(|(_, one)| one.selected_on != "nothing") {
        let service = Service::of_rate(&config.selected_on).ok_or_else(|| {
            let known = Service::RATES.iter().map(|(id, _)| *id).chain(["nothing"]);
            let fix = did_you_mean(&config.selected_on, known, "name a px_rate metric of before_after.csv, or nothing");
            let what = format!("`selected_on` of pathway `{}` is no rate", config.id);
            Error::new(&error::CONFIG_VALUE, what, fix)
        })?;
        let people: Vec<&Episode> =
            episodes.iter().filter(|one| one.pathway == pathway && is_analysed(one, observation)).collect();
        if people.is_empty() || !observation.has(service.source()) {
            continue;
        }
        let kind = service.events();
        if !known.iter().any(|(other, _)| *other == kind) {
            let everyone: Vec<u32> = (0..linked.persons.len() as u32).collect();
            known.push((kind, events::of_everyone(kind, linked, &everyone, sources, observation.as_of())?));
        }
        let Some((_, rows)) = known.iter().find(|(other, _)| *other == kind) else { continue };
        let everyone = linked.persons.len() as u32;
        let Some((population, people)) = as_if((service, rows), (&people, everyone), observation) else { continue };
        found.push(Selection { pathway, rate: config.selected_on.clone(), population, people });
    }
    Ok(found)
}

/// Use of a service by everyone.
struct Use<'a> {
    service: Service,
    rows: &'a EventRows,
}

impl Use<'_> {
    /// Events and days of a person from one day to another, on days on which they would have been seen.
    fn within(&self, person: u32, observed: &Spans, (from, to): (i32, i32)) -> [u32; 2] {
        let rows = self.rows.of(person as usize, from, to);
        let events = rows.filter(|row| self.service.holds(self.rows, *row) && observed.holds(self.rows.date[*row]));
        [events.count() as u32, observed.days_within(from, to) as u32]
    }
}

fn population(people: u32, window: (i32, i32), use_of: &Use<'_>, observation: &Observation<'_>) -> [u64; 5] {
    let mut sums = [0; 5];
    let followed = (0..people).filter(|one| observation.has_number(*one) && observation.is_followed(*one));
    for person in followed {
        let observed = observation.observed(person, use_of.service.source(), &observation.resident(person));
        let [x, t] = use_of.within(person, &observed, window).map(u64::from);
        for (sum, term) in sums.iter_mut().zip([x, t, x * x, x * t, t * t]) {
            *sum += if t > 0 { term } else { 0 };
        }
    }
    sums
}

fn prior(episode: &Episode, use_of: &Use<'_>, observation: &Observation<'_>) -> [u32; 7] {
    let resident = observation.resident(episode.person);
    let observed = observation.observed(episode.person, use_of.service.source(), &resident);
    let mut own = [0; 7];
    for (at, gap) in GAPS.into_iter().enumerate() {
        let window = (episode.index - WINDOW_DAYS, episode.index - 1 - gap);
        [own[2 * at], own[2 * at + 1]] = use_of.within(episode.person, &observed, window);
    }
    let last = (episode.index + WINDOW_DAYS).min(episode.crossover.map_or(i32::MAX, |day| day - 1));
    own[6] = observed.days_within(episode.index + 1, last) as u32;
    own
}

/// How the registered population and the people of an arm used a service, whether or not the arm was selected on it; none of an
/// arm without people or a source without data.
pub fn as_if(
    (service, rows): (Service, &EventRows),
    (people, everyone): (&[&Episode], u32),
    observation: &Observation<'_>,
) -> Option<([u64; 5], Vec<[u32; 7]>)> {
    let mut dates: Vec<i32> = people.iter().map(|episode| episode.index).collect();
    dates.sort_unstable();
    let median = dates.get(dates.len() / 2).filter(|_| observation.has(service.source()))?;
    let use_of = Use { service, rows };
    let population = population(everyone, (median - WINDOW_DAYS, median - 1), &use_of, observation);
    Some((population, people.iter().map(|episode| prior(episode, &use_of, observation)).collect()))
}
