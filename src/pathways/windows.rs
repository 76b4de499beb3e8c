//! Windows: for every person of an arm and every service, the days observed and the events in the year before and the
//! year after the index. The index day is in neither.
//!
//! Everyone with any observed time counts, for the time observed: there is no minimum follow-up, or the dead and the
//! lost would be selected out.

use rayon::prelude::*;

use super::FlowStep;
use super::episodes::Episode;
use super::events::{EventType, Events};
use super::observation::Observation;
use super::spans::Spans;
use crate::schema::Source;
use crate::settings::{Role, Settings};

/// Days in a window.
pub const WINDOW_DAYS: i32 = 365;

/// Before or after the index date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Window {
    /// The 365 days before the index date.
    Before = 0,
    /// The 365 days after it.
    After = 1,
}

impl Window {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Before, Self::After];

    /// The word in outputs.
    pub fn id(self) -> &'static str {
        ["before", "after"][self as usize]
    }

    fn days(self, index: i32) -> (i32, i32) {
        match self {
            Self::Before => (index - WINDOW_DAYS, index - 1),
            Self::After => (index + 1, index + WINDOW_DAYS),
        }
    }
}

/// What is counted in the windows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Service {
    /// Events of a type.
    Events(EventType),
    /// Attended contacts of the index referral of a redesigned pathway.
    Delivery,
}

impl Service {
    /// Every service, in the order of outputs.
    pub const ALL: [Self; 8] = [
        Self::Events(EventType::EdAttendance),
        Self::Events(EventType::GpAppointment),
        Self::Events(EventType::MhContact),
        Self::Events(EventType::MhNight),
        Self::Events(EventType::TtAssessment),
        Self::Events(EventType::TtTreatment),
        Self::Events(EventType::CommunityContact),
        Self::Delivery,
    ];

    /// The name in outputs.
    pub fn id(self) -> &'static str {
        match self {
            Self::Events(kind) => kind.id(),
            Self::Delivery => "pathway_delivery",
        }
    }

    /// The source whose coverage decides what could be seen.
    pub fn source(self) -> Source {
        match self {
            Self::Events(kind) => kind.source(),
            Self::Delivery => Source::Community,
        }
    }

    fn events(self) -> EventType {
        match self {
            Self::Events(kind) => kind,
            Self::Delivery => EventType::CommunityContact,
        }
    }
}

/// One person's two windows for one service.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PersonWindow {
    /// Days observed, before and after.
    pub days: [u32; 2],
    /// Events on those days.
    pub events: [u32; 2],
}

/// One service of one arm.
#[derive(Debug, Clone)]
pub struct ArmService {
    /// Position of the pathway.
    pub pathway: usize,
    /// The service.
    pub service: Service,
    /// People of the arm who can be followed, whether or not a day of theirs was observed.
    pub people: Vec<PersonWindow>,
    /// Costed events per team or bed type, before and after.
    pub by_kind: std::collections::BTreeMap<Option<u16>, [u64; 2]>,
    /// Deaths on observed days after the index.
    pub deaths_after: u32,
}

/// Counts the windows of every arm and service.
pub fn count(
    episodes: &[Episode],
    events: &Events,
    observation: &Observation<'_>,
    settings: &Settings,
) -> Vec<ArmService> {
    let mut arms = Vec::new();
    for (pathway, config) in settings.pathway.iter().enumerate() {
        let people: Vec<&Episode> =
            episodes.iter().filter(|episode| episode.pathway == pathway && is_analysed(episode, observation)).collect();
        for source in Source::ALL.into_iter().filter(|source| observation.has(*source)) {
            // What could be seen of a person is the same for every service of a source.
            let observed: Vec<Spans> = people.par_iter().map(|episode| seen(episode, source, observation)).collect();
            for service in Service::ALL.into_iter().filter(|service| service.source() == source) {
                if service != Service::Delivery || config.role == Role::Redesigned {
                    arms.push(arm((pathway, service), &people, &observed, events, observation));
                }
            }
        }
    }
    arms
}

/// In the comparison, linked by number, and known to be here.
fn is_analysed(episode: &Episode, observation: &Observation<'_>) -> bool {
    episode.is_arm && observation.has_number(episode.person) && observation.is_followed(episode.person)
}

type Counted = (PersonWindow, Vec<(Option<u16>, usize)>, bool);

/// The days on which a person of an arm could be seen by a source; a comparator's end where they cross over.
fn seen(episode: &Episode, source: Source, observation: &Observation<'_>) -> Spans {
    let observed =
        observation.observed(episode.person, source).within(episode.index - WINDOW_DAYS, episode.index + WINDOW_DAYS);
    match episode.crossover {
        Some(crossover) => observed.within(i32::MIN, crossover - 1),
        None => observed,
    }
}

fn arm(
    (pathway, service): (usize, Service),
    people: &[&Episode],
    observed: &[Spans],
    events: &Events,
    observation: &Observation<'_>,
) -> ArmService {
    let counted: Vec<Counted> = people
        .par_iter()
        .zip(observed)
        .map(|(episode, observed)| person(episode, service, observed, events, observation))
        .collect();
    let mut arm = ArmService {
        pathway,
        service,
        people: Vec::with_capacity(people.len()),
        by_kind: std::collections::BTreeMap::new(),
        deaths_after: 0,
    };
    for (window, kinds, died) in counted {
        arm.people.push(window);
        arm.deaths_after += u32::from(died);
        for (kind, at) in kinds {
            arm.by_kind.entry(kind).or_default()[at] += 1;
        }
    }
    arm
}

fn person(
    episode: &Episode,
    service: Service,
    observed: &Spans,
    events: &Events,
    observation: &Observation<'_>,
) -> Counted {
    let mut counts = PersonWindow::default();
    let mut kinds = Vec::new();
    for window in Window::ALL {
        let (from, to) = window.days(episode.index);
        let days: Spans = observed.within(from, to);
        counts.days[window as usize] = days.days() as u32;
        let Some(rows) = events.of(service.events()) else { continue };
        for row in rows.of(episode.person, from, to) {
            let is_delivery = rows.referral[row] == episode.referral;
            let is_wanted = match service {
                Service::Delivery => is_delivery,
                Service::Events(EventType::CommunityContact) => !is_delivery,
                Service::Events(_) => true,
            };
            if is_wanted && days.holds(rows.date[row]) {
                counts.events[window as usize] += 1;
                if rows.is_costed[row] {
                    kinds.push((rows.kind[row], window as usize));
                }
            }
        }
    }
    let (from, to) = Window::After.days(episode.index);
    let died = observation
        .gone(episode.person, episode.index)
        .0
        .is_some_and(|day| (from..=to).contains(&day) && observed.holds(day - 1));
    (counts, kinds, died)
}

/// Why some people of a pathway are not in before and after.
pub fn flow(episodes: &[Episode], observation: &Observation<'_>, settings: &Settings) -> Vec<FlowStep> {
    let mut steps = Vec::new();
    for pathway in 0..settings.pathway.len() {
        let indexed: Vec<&Episode> = episodes.iter().filter(|episode| episode.pathway == pathway).collect();
        let arm: Vec<_> = indexed.iter().filter(|episode| episode.is_arm).collect();
        let linked: Vec<_> = arm.iter().filter(|episode| observation.has_number(episode.person)).collect();
        let followed = linked.iter().filter(|episode| observation.is_followed(episode.person)).count();
        let mut step = |stage, people: usize, before: usize, reason| {
            steps.push(FlowStep { pathway, stage, people: people as u64, excluded: (before - people) as u64, reason });
        };
        step("in this arm of the comparison", arm.len(), indexed.len(), "came first to the other arm");
        step("with a usable NHS number", linked.len(), arm.len(), "cannot be followed in other services");
        step(
            "analysed before and after",
            followed,
            linked.len(),
            "not on the GP registered list, so it is not known when they lived here",
        );
    }
    steps
}
