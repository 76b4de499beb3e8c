//! Windows: for every person of an arm and every service, the days observed and the events in the year before and the
//! year after the index. The index day is in neither.
//!
//! Everyone with any observed time counts, for the time observed: there is no minimum follow-up, or the dead and the
//! lost would be selected out.

use rayon::prelude::*;

use super::FlowStep;
use super::episodes::Episode;
use super::events::{EventRows, EventType, Events, Flag};
use super::follow_up::RETURN_DAYS;
use super::observation::Observation;
use super::spans::Spans;
use crate::schema::Source;
use crate::settings::{Role, Settings};

/// Days in a window.
pub const WINDOW_DAYS: i32 = 365;
/// People whose windows are counted in one go.
const CHUNK: usize = 2048;

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

    /// First day whose deliveries are counted: what a meeting on the index day itself costs is not left out.
    fn delivered_from(self, index: i32) -> i32 {
        match self {
            Self::Before => self.days(index).0,
            Self::After => index,
        }
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
    /// Attended contacts of the index referral of a redesigned pathway, on the index day too.
    Delivery,
    /// Events of a type that have a flag; they are among the events of the type and are not costed again.
    Flagged(EventType, Flag),
}

impl Service {
    /// Every service that is costed, in the order of outputs.
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

    /// Every service, also those that are part of another.
    pub const COUNTED: [Self; 13] = [
        Self::ALL[0],
        Self::ALL[1],
        Self::ALL[2],
        Self::ALL[3],
        Self::ALL[4],
        Self::ALL[5],
        Self::ALL[6],
        Self::ALL[7],
        Self::Events(EventType::MhAdmission),
        Self::Flagged(EventType::EdAttendance, Flag::MentalHealth),
        Self::Flagged(EventType::EdAttendance, Flag::SelfHarm),
        Self::Flagged(EventType::EdAttendance, Flag::Over12Hours),
        Self::Flagged(EventType::MhContact, Flag::Crisis),
    ];

    /// The name in outputs.
    pub fn id(self) -> &'static str {
        match self {
            Self::Events(kind) => kind.id(),
            Self::Delivery => "pathway_delivery",
            Self::Flagged(_, Flag::MentalHealth) => "ed_attendance, mental_health",
            Self::Flagged(_, Flag::SelfHarm) => "ed_attendance, self_harm",
            Self::Flagged(_, Flag::Over12Hours) => "ed_attendance, over_12h",
            Self::Flagged(_, Flag::Crisis) => "mh_contact, crisis",
        }
    }

    /// The source whose coverage decides what could be seen.
    pub fn source(self) -> Source {
        match self {
            Self::Events(kind) | Self::Flagged(kind, _) => kind.source(),
            Self::Delivery => Source::Community,
        }
    }

    /// Rates by their ids, each with what it counts.
    pub const RATES: [(&'static str, Self); 11] = [
        ("px_rate_ed", Self::Events(EventType::EdAttendance)),
        ("px_rate_ed_mh", Self::Flagged(EventType::EdAttendance, Flag::MentalHealth)),
        ("px_rate_self_harm", Self::Flagged(EventType::EdAttendance, Flag::SelfHarm)),
        ("px_rate_over_12h", Self::Flagged(EventType::EdAttendance, Flag::Over12Hours)),
        ("px_rate_gp", Self::Events(EventType::GpAppointment)),
        ("px_rate_mh_contacts", Self::Events(EventType::MhContact)),
        ("px_rate_crisis", Self::Flagged(EventType::MhContact, Flag::Crisis)),
        ("px_rate_admissions", Self::Events(EventType::MhAdmission)),
        ("px_rate_bed_days", Self::Events(EventType::MhNight)),
        ("px_rate_tt", Self::Events(EventType::TtTreatment)),
        ("px_rate_community", Self::Events(EventType::CommunityContact)),
    ];

    /// What a rate counts.
    pub fn of_rate(id: &str) -> Option<Self> {
        Self::RATES.into_iter().find(|(known, _)| *known == id).map(|(_, service)| service)
    }

    /// Whether a row of its type is an event of the service, as far as the row itself says.
    pub(super) fn holds(self, rows: &EventRows, row: usize) -> bool {
        match self {
            Self::Flagged(_, flag) => rows.flags[row] & flag as u8 != 0,
            Self::Events(_) | Self::Delivery => true,
        }
    }

    /// The events that it is of.
    pub fn events(self) -> EventType {
        match self {
            Self::Events(kind) | Self::Flagged(kind, _) => kind,
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

/// Costed events of one person and one team type, bed type or clinician.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Costed {
    /// Place of the person among the people of the arm.
    pub person: u32,
    /// Team type, bed type or clinician; none if not known, or where events have none.
    pub kind: Option<u16>,
    /// Events before and after.
    pub events: [u32; 2],
    /// Those of them that say how long they took.
    pub timed: [u32; 2],
    /// How long these took in all. Unit: minutes.
    pub minutes: [u32; 2],
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
    /// What is costed of it, per person and team or bed type; people in order.
    pub costed: Vec<Costed>,
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
    let mut all = Vec::new();
    for (pathway, config) in settings.pathway.iter().enumerate() {
        let people: Vec<&Episode> =
            episodes.iter().filter(|episode| episode.pathway == pathway && is_analysed(episode, observation)).collect();
        let sources = Source::ALL.into_iter().filter(|source| observation.has(*source));
        let services =
            sources.flat_map(|source| Service::COUNTED.into_iter().filter(move |one| one.source() == source));
        let offered = services.filter(|service| *service != Service::Delivery || config.role == Role::Redesigned);
        let empty: Vec<ArmService> = offered.map(|service| ArmService::new(pathway, service)).collect();
        let count = |people: &[&Episode]| {
            let mut arms = empty.clone();
            for episode in people {
                person(episode, &mut arms, events, observation);
            }
            arms
        };
        let parts: Vec<Vec<ArmService>> = people.par_chunks(CHUNK).map(count).collect();
        let mut arms = empty.clone();
        for (arm, own) in parts.into_iter().flat_map(|part| (0..part.len()).zip(part)) {
            arms[arm].append(own);
        }
        all.extend(arms);
    }
    all
}

impl ArmService {
    fn new(pathway: usize, service: Service) -> Self {
        Self { pathway, service, people: Vec::new(), costed: Vec::new(), deaths_after: 0 }
    }

    fn append(&mut self, mut other: Self) {
        let first = self.people.len() as u32;
        self.people.append(&mut other.people);
        self.costed.extend(other.costed.into_iter().map(|own| Costed { person: first + own.person, ..own }));
        self.deaths_after += other.deaths_after;
    }
}

/// In the comparison, linked by number, and known to be here.
pub(super) fn is_analysed(episode: &Episode, observation: &Observation<'_>) -> bool {
    episode.is_arm && observation.has_number(episode.person) && observation.is_followed(episode.person)
}

/// Adds a person to the services of an arm, which are in the order of their sources.
fn person(episode: &Episode, arms: &mut [ArmService], events: &Events, observation: &Observation<'_>) {
    let resident = observation.resident(episode.person);
    let seat = events.seat(episode.person);
    let (first, last) = Window::After.days(episode.index);
    let death = observation.death(episode.person).filter(|day| (first..=last).contains(day));
    for own in arms.chunk_by_mut(|a, b| a.service.source() == b.service.source()) {
        // What could be seen of a person is the same for every service of a source.
        let observed = seen(episode, own[0].service.source(), observation, &resident);
        let died = death.is_some_and(|day| observed.holds(day - 1));
        for arm in own {
            let rows = events.of(arm.service.events()).zip(seat);
            arm.deaths_after += u32::from(died);
            arm.person(episode, &observed, rows);
        }
    }
}

/// The days on which a person of an arm could be seen by a source; a comparator's end where they cross over.
pub(super) fn seen(episode: &Episode, source: Source, observation: &Observation<'_>, resident: &Spans) -> Spans {
    let last = (episode.index + WINDOW_DAYS).min(episode.crossover.map_or(i32::MAX, |crossover| crossover - 1));
    observation.observed(episode.person, source, resident).within(episode.index - WINDOW_DAYS, last)
}

impl ArmService {
    /// Adds a costed event of the person who comes next; `first` is where that person's rows begin.
    fn add_costed(&mut self, first: usize, (kind, minutes): (Option<u16>, Option<u16>), at: usize) {
        let person = self.people.len() as u32;
        let known = self.costed[first..].iter().rposition(|own| own.kind == kind).map(|place| first + place);
        let place = known.unwrap_or_else(|| {
            self.costed.push(Costed { person, kind, events: [0, 0], timed: [0, 0], minutes: [0, 0] });
            self.costed.len() - 1
        });
        let own = &mut self.costed[place];
        own.events[at] += 1;
        own.timed[at] += u32::from(minutes.is_some());
        own.minutes[at] += u32::from(minutes.unwrap_or_default());
    }

    fn person(&mut self, episode: &Episode, observed: &Spans, events: Option<(&EventRows, usize)>) {
        let mut counts = PersonWindow::default();
        let first = self.costed.len();
        let is_costed = Service::ALL.contains(&self.service);
        for window in Window::ALL {
            let (at, (from, to)) = (window as usize, window.days(episode.index));
            counts.days[at] = observed.days_within(from, to) as u32;
            let Some((rows, seat)) = events else { continue };
            let from = if self.service == Service::Delivery { window.delivered_from(episode.index) } else { from };
            for row in rows.of(seat, from, to) {
                let is_delivery = rows.referral[row] == episode.referral;
                let is_wanted = match self.service {
                    Service::Delivery => is_delivery,
                    Service::Events(EventType::CommunityContact) => !is_delivery,
                    service => service.holds(rows, row),
                };
                if is_wanted && observed.holds(rows.date[row]) {
                    counts.events[at] += 1;
                    if rows.is_costed[row] && is_costed {
                        self.add_costed(first, (rows.kind[row], rows.minutes[row]), at);
                    }
                }
            }
        }
        self.people.push(counts);
    }
}

/// Why some people of a pathway are not in before and after.
pub fn flow(episodes: &[Episode], observation: &Observation<'_>, settings: &Settings) -> Vec<FlowStep> {
    let mut steps = Vec::new();
    for pathway in 0..settings.pathway.len() {
        let indexed: Vec<&Episode> = episodes.iter().filter(|episode| episode.pathway == pathway).collect();
        let arm: Vec<_> = indexed.iter().filter(|episode| episode.is_arm).collect();
        let linked: Vec<_> = arm.iter().filter(|episode| observation.has_number(episode.person)).collect();
        let followed = linked.iter().filter(|episode| observation.is_followed(episode.person)).count();
        let mut step = |stage: &str, people: usize, before: usize, reason: &str| {
            let (stage, reason) = (stage.to_owned(), reason.to_owned());
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
        let Some(end) = observation.last_day(Source::MentalHealth) else { continue };
        let until = |days: i32| {
            linked.iter().filter(|one| observation.is_followed(one.person) && one.index + days <= end).count()
        };
        let (year, longer) = (until(WINDOW_DAYS), until(WINDOW_DAYS + RETURN_DAYS));
        step(
            "with a year of trust data after the index",
            year,
            followed,
            "index less than 365 days before the data end",
        );
        step("with 455 days of it", longer, year, "index less than 455 days before the data end");
    }
    steps
}
