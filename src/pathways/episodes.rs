//! Pathway episodes: one per person and pathway, from the index date to leaving.
//!
//! An index is a qualifying event without another of the same pathway in the washout before it; the first from the
//! pathway's start counts. A comparator is censored on entering the redesigned pathway, never excluded for it later.

use rayon::prelude::*;

use super::FlowStep;
use super::conditions;
use super::observation::Observation;
use crate::error::Error;
use crate::frame;
use crate::link::Linked;
use crate::settings::{PathwayConfig, Role, Settings, file::day_of};
use crate::sources::Sources;

/// Days after the index in which ordinary rows count for a pathway.
const WINDOW_DAYS: i32 = 365;
/// People whose episodes are worked out in one go.
const CHUNK: usize = 4096;

/// Why an episode ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EndReason {
    /// Left the pathway.
    Left,
    /// A comparator entered the redesigned pathway.
    CrossedOver,
    /// Died.
    Died,
    /// Moved out of the area.
    MovedOut,
    /// A year passed.
    WindowEnd,
}

/// One person's time on one pathway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Episode {
    /// The person.
    pub person: u32,
    /// Position of the pathway.
    pub pathway: usize,
    /// The index date.
    pub index: i32,
    /// The first day that is no longer on it.
    pub end: i32,
    /// Why it ended.
    pub end_reason: EndReason,
    /// The day from which a comparator is no longer one.
    pub crossover: Option<i32>,
    /// Whether this is the person's arm in the comparison; a comparator first is not a redesigned arm later.
    pub is_arm: bool,
    /// Place of the index referral.
    pub referral: u32,
}

/// One index event before crossing over and leaving are worked out.
#[derive(Clone, Copy)]
struct Index {
    person: u32,
    date: i32,
    leaves: Option<i32>,
    referral: u32,
}

/// Finds everyone's episodes on every pathway.
pub fn build(
    linked: &Linked,
    settings: &Settings,
    sources: &Sources,
    observation: &Observation<'_>,
) -> Result<(Vec<Episode>, Vec<FlowStep>), Error> {
    let found: Vec<(Vec<Index>, Vec<FlowStep>)> = settings
        .pathway
        .par_iter()
        .enumerate()
        .map(|(at, pathway)| index_events(linked, pathway, sources, at).map_err(|error| settings.point_out(error)))
        .collect::<Result<_, _>>()?;
    let (indexed, flow): (Vec<Vec<Index>>, Vec<Vec<FlowStep>>) = found.into_iter().unzip();
    let of_pathway = |at: usize| -> Vec<Episode> {
        let parts = indexed[at].par_chunks(CHUNK);
        parts.flat_map_iter(|part| follow((at, part), &indexed, settings, observation)).collect()
    };
    let episodes = (0..settings.pathway.len()).flat_map(of_pathway).collect();
    Ok((episodes, flow.concat()))
}

/// The episodes of some people of a pathway, in order.
fn follow(
    (at, people): (usize, &[Index]),
    indexed: &[Vec<Index>],
    settings: &Settings,
    observation: &Observation<'_>,
) -> Vec<Episode> {
    let pathway = &settings.pathway[at];
    let first = people.first().map_or(0, |index| index.person);
    let others = || settings.pathway.iter().enumerate();
    let mut redesigned = others()
        .find(|(_, other)| pathway.of.as_ref() == Some(&other.id))
        .map(|(other, _)| Walk::from(&indexed[other], first));
    let mut comparators: Vec<Walk<'_>> = others()
        .filter(|(_, other)| other.of.as_ref() == Some(&pathway.id))
        .map(|(other, _)| Walk::from(&indexed[other], first))
        .collect();
    let mut episodes = Vec::with_capacity(people.len());
    for index in people {
        let entered = redesigned.as_mut().and_then(|other| other.date(index.person));
        let mut was_comparator = false;
        for other in &mut comparators {
            was_comparator |= other.date(index.person).is_some_and(|date| date < index.date);
        }
        let is_arm = match pathway.role {
            Role::Comparator => entered.is_none_or(|date| index.date < date),
            Role::Redesigned => !was_comparator,
        };
        let crossover = entered.filter(|date| *date > index.date);
        let (end, end_reason) = end(index, crossover, observation);
        episodes.push(Episode {
            person: index.person,
            pathway: at,
            index: index.date,
            end,
            end_reason,
            crossover,
            is_arm,
            referral: index.referral,
        });
    }
    episodes
}

/// A walk along a list sorted by person, for people who come in order.
struct Walk<'a>(std::iter::Peekable<std::slice::Iter<'a, Index>>);

impl<'a> Walk<'a> {
    fn from(list: &'a [Index], first: u32) -> Self {
        Self(list[list.partition_point(|index| index.person < first)..].iter().peekable())
    }

    /// The index date of a person, if the list has one.
    fn date(&mut self, person: u32) -> Option<i32> {
        while self.0.next_if(|index| index.person < person).is_some() {}
        self.0.peek().filter(|index| index.person == person).map(|index| index.date)
    }
}

/// The earliest of leaving, crossing over, death, moving out and the end of the year.
fn end(index: &Index, crossover: Option<i32>, observation: &Observation<'_>) -> (i32, EndReason) {
    let (death, moved) = observation.gone(index.person, index.date);
    let ends = [
        (index.leaves, EndReason::Left),
        (crossover, EndReason::CrossedOver),
        (death, EndReason::Died),
        (moved, EndReason::MovedOut),
        (Some(index.date + WINDOW_DAYS), EndReason::WindowEnd),
    ];
    let known = ends.into_iter().filter_map(|(day, reason)| day.map(|day| (day, reason)));
    known.min().unwrap_or((index.date + WINDOW_DAYS, EndReason::WindowEnd))
}

/// Each person's first index on a pathway, and the steps that led to it.
fn index_events(
    linked: &Linked,
    pathway: &PathwayConfig,
    sources: &Sources,
    at: usize,
) -> Result<(Vec<Index>, Vec<FlowStep>), Error> {
    let referrals = &linked.referrals;
    let person = frame::whole_u32(referrals, "person")?;
    let referral = frame::whole_u32(referrals, "referral")?;
    let dates = frame::nullable_i32(referrals, &pathway.index.date)?;
    let leaves = pathway.leaves.as_ref().map(|column| frame::nullable_i32(referrals, column)).transpose()?;
    let mut events: Vec<Index> = Vec::new();
    for row in conditions::qualifying(linked, pathway, sources)? {
        let row = row as usize;
        if let Some(date) = dates.get(row) {
            let leaves = leaves.as_ref().and_then(|leaves| leaves.get(row));
            events.push(Index { person: person.values()[row], date, leaves, referral: referral.values()[row] });
        }
    }
    // The table is sorted by person, so only each person's own events are to be put in order.
    for own in events.chunk_by_mut(|a, b| a.person == b.person) {
        own.sort_unstable_by_key(|event| (event.date, event.referral));
    }
    let from = day_of(&pathway.from).unwrap_or(i32::MIN);
    let mut first = Vec::new();
    let (mut qualified, mut too_early) = (0, 0);
    for group in events.chunk_by(|a, b| a.person == b.person) {
        qualified += 1;
        let is_washed = |event: &Index| {
            !group.iter().any(|other| other.date < event.date && other.date >= event.date - pathway.washout_days)
        };
        let candidate = group.iter().find(|event| event.date >= from && is_washed(event));
        match candidate {
            Some(event) => first.push(*event),
            None => too_early += 1,
        }
    }
    let step = |stage: &str, people, excluded, reason: &str| FlowStep {
        pathway: at,
        stage: stage.to_owned(),
        people,
        excluded,
        reason: reason.to_owned(),
    };
    let steps = vec![
        step("people with a qualifying event", qualified, 0, ""),
        step(
            "people indexed",
            first.len() as u64,
            too_early,
            "only events before the pathway's start, or within the washout of an earlier one",
        ),
    ];
    Ok((first, steps))
}
