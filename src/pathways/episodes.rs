//! Pathway episodes: one per person and pathway, from the index date to leaving.
//!
//! An index is a qualifying event without another of the same pathway in the washout before it; the first from the
//! pathway's start counts. A comparator is censored on entering the redesigned pathway, never excluded for it later.

use std::collections::BTreeMap;

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
    let mut flow = Vec::new();
    let found: Vec<(Vec<Index>, Vec<FlowStep>)> = settings
        .pathway
        .par_iter()
        .enumerate()
        .map(|(at, pathway)| index_events(linked, pathway, sources, at))
        .collect::<Result<_, _>>()?;
    let mut indexed: Vec<BTreeMap<u32, Index>> = Vec::new();
    for (first, steps) in found {
        flow.extend(steps);
        indexed.push(first.into_iter().map(|index| (index.person, index)).collect());
    }
    let mut episodes = Vec::new();
    for (at, pathway) in settings.pathway.iter().enumerate() {
        let redesigned = pathway.of.as_ref().and_then(|of| settings.pathway.iter().position(|other| other.id == *of));
        let comparators: Vec<usize> = settings
            .pathway
            .iter()
            .enumerate()
            .filter(|(_, other)| other.of.as_ref() == Some(&pathway.id))
            .map(|(at, _)| at)
            .collect();
        for index in indexed[at].values() {
            let entered = redesigned.and_then(|other| indexed[other].get(&index.person)).map(|other| other.date);
            let was_comparator = comparators
                .iter()
                .filter_map(|other| indexed[*other].get(&index.person))
                .any(|other| other.date < index.date);
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
    }
    Ok((episodes, flow))
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
    let rows = conditions::qualifying(linked, pathway, sources)?;
    let person = frame::values_u32(&rows, "person")?;
    let referral = frame::values_u32(&rows, "referral")?;
    let date = frame::values_i32(&rows, &pathway.index.date)?;
    let leaves = match &pathway.leaves {
        Some(column) => frame::values_i32(&rows, column)?,
        None => vec![None; person.len()],
    };
    let mut events: Vec<Index> = Vec::new();
    for row in 0..person.len() {
        if let Some(date) = date[row] {
            events.push(Index { person: person[row], date, leaves: leaves[row], referral: referral[row] });
        }
    }
    events.sort_unstable_by_key(|event| (event.person, event.date, event.referral));
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
            Some(event) => first.push(Index {
                person: event.person,
                date: event.date,
                leaves: event.leaves,
                referral: event.referral,
            }),
            None => too_early += 1,
        }
    }
    let step = |stage, people, excluded, reason| FlowStep { pathway: at, stage, people, excluded, reason };
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
