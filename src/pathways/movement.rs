//! Movement: which services people used one after the other in the 90 days after the index.
//!
//! In: episodes and events. Out: [`Movement`], whole numbers. Leaves alone: percentages and medians.

use std::collections::{BTreeMap, BTreeSet};

use super::episodes::Episode;
use super::events::{EventType, Events};
use super::observation::Observation;
use super::windows::is_analysed;
use crate::schema::Source;

/// Days after the index that are looked at.
pub const FLOW_DAYS: i32 = 90;
/// Steps of a sequence that are told apart.
const MOST_STEPS: usize = 5;

/// Where somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub enum Place {
    /// At the index date.
    Index,
    /// Contacts of the index referral of a redesigned pathway.
    Pathway,
    /// A&E.
    Emergency,
    /// A GP practice.
    Gp,
    /// A team of the mental-health trust.
    Trust,
    /// A mental-health bed.
    Hospital,
    /// Talking therapies.
    Therapies,
    /// Another contact with the voluntary sector.
    Community,
    /// Dead.
    Died,
    /// No longer living here.
    MovedOut,
    /// No further service in the 90 days.
    NoFurther,
}

impl Place {
    /// The word in outputs.
    pub fn id(self) -> &'static str {
        [
            "index",
            "pathway",
            "emergency_care",
            "gp",
            "mental_health_team",
            "mental_health_bed",
            "talking_therapies",
            "community",
            "died",
            "moved_out",
            "no_further_service",
        ][self as usize]
    }

    fn of(kind: EventType) -> Option<Self> {
        match kind {
            EventType::EdAttendance => Some(Self::Emergency),
            EventType::GpAppointment => Some(Self::Gp),
            EventType::MhContact => Some(Self::Trust),
            EventType::MhAdmission => Some(Self::Hospital),
            EventType::TtAssessment | EventType::TtTreatment => Some(Self::Therapies),
            EventType::CommunityContact => Some(Self::Community),
            EventType::MhNight => None,
        }
    }
}

/// People who went from one place to the next, by how many days later; each counts once for a pair.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Step {
    /// From where.
    pub from: Place,
    /// To where.
    pub to: Place,
    /// Days between, and people.
    pub days: Vec<(u16, u32)>,
}

impl Step {
    /// Everyone who took it.
    pub fn people(&self) -> u64 {
        self.days.iter().map(|(_, people)| u64::from(*people)).sum()
    }
}

/// Movement of the people of one arm.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Movement {
    /// Position of the pathway.
    pub pathway: usize,
    /// People whose 90 days are all within the data of every source, and who did not change arms in them.
    pub people: u32,
    /// Steps that somebody took, in order.
    pub steps: Vec<Step>,
    /// The first services of each person in turn, with how many went through them; the most frequent first.
    pub sequences: Vec<(Vec<Place>, u32)>,
}

/// Follows the people of every arm.
pub fn count(episodes: &[Episode], events: &Events, observation: &Observation<'_>, arms: usize) -> Vec<Movement> {
    let sources = Source::ALL.into_iter().filter(|source| observation.has(*source));
    let end = sources.filter_map(|source| observation.last_day(source)).min().unwrap_or(i32::MIN);
    let end = end.min(observation.as_of());
    let of_arm = |pathway: usize| {
        let is_own = |one: &&Episode| {
            one.pathway == pathway
                && is_analysed(one, observation)
                && one.index + FLOW_DAYS <= end
                && one.crossover.is_none_or(|day| day > one.index + FLOW_DAYS)
        };
        let mut own = Movement { pathway, ..Movement::default() };
        let mut steps: BTreeMap<(Place, Place), BTreeMap<u16, u32>> = BTreeMap::new();
        let mut sequences: BTreeMap<Vec<Place>, u32> = BTreeMap::new();
        for episode in episodes.iter().filter(is_own) {
            own.people += 1;
            let path = path(episode, events, observation);
            let mut seen = BTreeSet::new();
            for (from, to) in path.iter().zip(&path[1..]) {
                if seen.insert((from.place, to.place)) {
                    let days = (to.first - from.last).max(0) as u16;
                    *steps.entry((from.place, to.place)).or_default().entry(days).or_default() += 1;
                }
            }
            let places = path[1..].iter().map(|stay| stay.place).take(MOST_STEPS).collect();
            *sequences.entry(places).or_default() += 1;
        }
        own.steps =
            steps.into_iter().map(|((from, to), days)| Step { from, to, days: days.into_iter().collect() }).collect();
        own.sequences = sequences.into_iter().collect();
        own.sequences.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        own
    };
    (0..arms).map(of_arm).collect()
}

/// A run of events in one place, and its first and last day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stay {
    place: Place,
    first: i32,
    last: i32,
}

/// A person's places in turn, from the index to the end of the 90 days; events of one day in the order of [`Place`].
fn path(episode: &Episode, events: &Events, observation: &Observation<'_>) -> Vec<Stay> {
    let last = episode.index + FLOW_DAYS;
    let (death, moved) = observation.gone(episode.person, episode.index);
    let gone = [(death, Place::Died), (moved, Place::MovedOut)];
    let gone = gone.into_iter().filter_map(|(day, place)| Some((day?, place))).filter(|(day, _)| *day <= last).min();
    let until = gone.map_or(last, |(day, _)| last.min(day - 1));
    let mut visits: Vec<(i32, Place)> = Vec::new();
    if let Some(seat) = events.seat(episode.person) {
        for kind in EventType::ALL {
            let (Some(place), Some(rows)) = (Place::of(kind), events.of(kind)) else { continue };
            for row in rows.of(seat, episode.index + 1, until) {
                let is_own = place == Place::Community && rows.referral[row] == episode.referral;
                visits.push((rows.date[row], if is_own { Place::Pathway } else { place }));
            }
        }
    }
    visits.sort_unstable();
    path_of(episode.index, &visits, gone, last)
}

fn path_of(index: i32, visits: &[(i32, Place)], gone: Option<(i32, Place)>, last: i32) -> Vec<Stay> {
    let mut path = vec![Stay { place: Place::Index, first: index, last: index }];
    for (day, place) in visits {
        match path.last_mut() {
            Some(stay) if stay.place == *place => stay.last = *day,
            _ => path.push(Stay { place: *place, first: *day, last: *day }),
        }
    }
    let (day, place) = gone.unwrap_or((last, Place::NoFurther));
    path.push(Stay { place, first: day, last: day });
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_in_one_place_is_one_stay() {
        let visits = [(3, Place::Gp), (9, Place::Gp), (9, Place::Trust), (20, Place::Gp)];
        let path = path_of(0, &visits, Some((40, Place::Died)), 90);
        let told: Vec<_> = path.iter().map(|stay| (stay.place.id(), stay.first, stay.last)).collect();
        let expected = [("index", 0, 0), ("gp", 3, 9), ("mental_health_team", 9, 9), ("gp", 20, 20), ("died", 40, 40)];
        assert_eq!(told, expected);
        let nobody = path_of(5, &[], None, 95);
        assert_eq!(nobody.iter().map(|stay| stay.place).collect::<Vec<_>>(), [Place::Index, Place::NoFurther]);
    }
}
