//! Follow-up: what became of the people of an arm after the index: deaths, people lost, and who entered or left secondary
//! mental-health care.
//!
//! In: episodes, trust referrals with their teams and attended contacts. Out: [`FollowUp`], whole numbers by day since the
//! index. Leaves alone: shares and intervals.

use super::episodes::Episode;
use super::events::{EventType, Events};
use super::observation::{Observation, starts};
use super::windows::{WINDOW_DAYS, is_analysed};
use crate::error::{self, Error};
use crate::frame;
use crate::link::Linked;
use crate::schema::Source;
use crate::schema::codes::CodeSet;
use crate::settings::{Settings, did_you_mean};
use crate::sources::Sources;

/// A new referral within so many days of the last one's end: the person had not left.
pub const RETURN_DAYS: i32 = 90;

/// People by the day since the index on which their time ended: with the event, with a competing event, and censored.
pub type Times = Vec<(u16, [u32; 3])>;

/// What became of the people of one arm.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct FollowUp {
    /// Position of the pathway.
    pub pathway: usize,
    /// People of the arm who can be followed.
    pub people: u32,
    /// Days after the index on which they are known to live here, at most a year each.
    pub days: u64,
    /// Deaths on such days.
    pub deaths: u32,
    /// People of whom it is not known that they lived here to the end of the year, of the data, or of their life.
    pub lost: u32,
    /// People not in secondary care at the index, by when they entered it.
    pub entry: Times,
    /// People in secondary care at the index, by when they left it.
    pub exit: Times,
}

/// A referral to a secondary-care team that was not rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Referral {
    received: i32,
    /// The first day on which it is no longer open.
    closed: Option<i32>,
    place: u32,
}

impl Referral {
    fn is_open(&self, day: i32) -> bool {
        self.received <= day && self.closed.is_none_or(|closed| closed > day)
    }
}

/// What ends a person's time, besides the event.
#[derive(Debug, Clone, Copy, Default)]
struct Gone {
    /// Death or moving out, the earlier.
    competing: Option<i32>,
    /// A comparator enters the redesigned pathway.
    crossover: Option<i32>,
}

/// Follows the people of every arm.
pub fn count(
    linked: &Linked,
    (episodes, events): (&[Episode], &Events),
    observation: &Observation<'_>,
    (settings, sources): (&Settings, &Sources),
) -> Result<Vec<FollowUp>, Error> {
    let care = SecondaryCare::new(linked, settings, sources)?;
    let mut all: Vec<FollowUp> =
        (0..settings.pathway.len()).map(|pathway| FollowUp { pathway, ..FollowUp::default() }).collect();
    for episode in episodes.iter().filter(|episode| is_analysed(episode, observation)) {
        let own = &mut all[episode.pathway];
        own.people += 1;
        lives(episode, observation, own);
        let Some(end) = observation.last_day(Source::MentalHealth) else { continue };
        let (death, moved) = observation.gone(episode.person, episode.index);
        let competing = death.into_iter().chain(moved).min();
        if competing.is_some_and(|day| day <= episode.index) {
            continue;
        }
        let gone = Gone { competing, crossover: episode.crossover };
        let referrals = care.of(episode.person);
        if referrals.iter().any(|one| one.is_open(episode.index)) {
            if episode.index + WINDOW_DAYS + RETURN_DAYS <= end {
                add(&mut own.exit, ended(episode.index, left(episode.index, referrals), gone, false));
            }
        } else if episode.index + WINDOW_DAYS <= end {
            let entered = entered(episode, referrals, events);
            add(&mut own.entry, ended(episode.index, entered, gone, true));
        }
    }
    Ok(all)
}

/// Time, deaths and people lost in the year after the index.
fn lives(episode: &Episode, observation: &Observation<'_>, own: &mut FollowUp) {
    let resident = observation.resident(episode.person);
    let crossover = episode.crossover.map_or(i32::MAX, |day| day - 1);
    let stop = (episode.index + WINDOW_DAYS).min(observation.as_of()).min(crossover);
    let death = observation.death(episode.person);
    let is_death = |day: &i32| *day > episode.index && *day <= stop && resident.holds(day - 1);
    own.deaths += u32::from(death.is_some_and(|day| is_death(&day)));
    let last = stop.min(death.map_or(i32::MAX, |day| day - 1));
    own.days += resident.days_within(episode.index + 1, last).max(0) as u64;
    own.lost += u32::from(last > episode.index && !resident.holds(last));
}

/// The first attended contact of a referral received after the index, both within a year.
fn entered(episode: &Episode, referrals: &[Referral], events: &Events) -> Option<i32> {
    let (first, last) = (episode.index + 1, episode.index + WINDOW_DAYS);
    let (rows, seat) = events.of(EventType::MhContact).zip(events.seat(episode.person))?;
    let is_new = |row: &usize| {
        let place = rows.referral[*row];
        referrals.iter().any(|one| one.place == place && (first..=last).contains(&one.received))
    };
    rows.of(seat, first, last).find(is_new).map(|row| rows.date[row])
}

/// The day within a year on which the last open referral closes, if none is received in the 90 days after it.
fn left(index: i32, referrals: &[Referral]) -> Option<i32> {
    let is_end = |day: &i32| {
        (index + 1..=index + WINDOW_DAYS).contains(day)
            && !referrals.iter().any(|one| one.is_open(*day) || (day + 1..=day + RETURN_DAYS).contains(&one.received))
    };
    referrals.iter().filter_map(|one| Some(one.closed?.max(one.received))).filter(is_end).min()
}

/// The day since the index on which a person's time ended, and how: 0 event, 1 competing, 2 censored. Where the event and a
/// competing one fall on one day, `is_event_first` says which it was: nobody is discharged by dying.
fn ended(index: i32, event: Option<i32>, gone: Gone, is_event_first: bool) -> (u16, usize) {
    let last = index + WINDOW_DAYS;
    let ties = if is_event_first { [0, 1] } else { [1, 0] };
    let ends = [
        event.map(|day| (day, ties[0], 0)),
        gone.competing.map(|day| (day, ties[1], 1)),
        gone.crossover.map(|day| (day - 1, 2, 2)),
        Some((last, 2, 2)),
    ];
    let (day, _, how) = ends.into_iter().flatten().min().unwrap_or((last, 2, 2));
    ((day - index).max(0) as u16, how)
}

fn add(times: &mut Times, (day, how): (u16, usize)) {
    let at = times.partition_point(|(known, _)| *known < day);
    if times.get(at).is_none_or(|(known, _)| *known != day) {
        times.insert(at, (day, [0; 3]));
    }
    times[at].1[how] += 1;
}

/// Referrals to secondary-care teams, by person.
struct SecondaryCare {
    starts: Vec<u32>,
    referrals: Vec<Referral>,
}

impl SecondaryCare {
    /// From the trust's referrals: those with a team that counts and did not reject them. A team of unknown type counts.
    fn new(linked: &Linked, settings: &Settings, sources: &Sources) -> Result<Self, Error> {
        let outside = outside(settings, sources)?;
        let teams = &linked.referral_teams;
        let of_team = frame::whole_u32(teams, "referral")?;
        let kind = frame::nullable_u16(teams, "team_type")?;
        let rejected = frame::nullable_i32(teams, "rejected_date")?;
        // 0 no team, 1 only teams that do not count, 2 a team that counts.
        let mut standing = vec![0_u8; linked.referrals.height()];
        for row in 0..teams.height() {
            let counts = rejected.get(row).is_none() && kind.get(row).is_none_or(|kind| !outside.contains(&kind));
            let own = &mut standing[of_team.values()[row] as usize];
            *own = (*own).max(1 + u8::from(counts));
        }
        let table = &linked.referrals;
        let person = frame::whole_u32(table, "person")?;
        let place = frame::whole_u32(table, "referral")?;
        let service = frame::nullable_u16(table, "service")?;
        let received = frame::nullable_i32(table, "received_date")?;
        let closed = frame::nullable_i32(table, "discharge_date")?;
        let (mut people, mut referrals) = (Vec::new(), Vec::new());
        for row in 0..table.height() {
            let own = place.values()[row];
            let is_trust = service.get(row) == Some(Source::MentalHealth as u16);
            if let Some(received) = received.get(row).filter(|_| is_trust && standing[own as usize] != 1) {
                people.push(person.values()[row]);
                referrals.push(Referral { received, closed: closed.get(row), place: own });
            }
        }
        Ok(Self { starts: starts(&people, linked.persons.len()), referrals })
    }

    fn of(&self, person: u32) -> &[Referral] {
        let at = person as usize;
        &self.referrals[self.starts[at] as usize..self.starts[at + 1] as usize]
    }
}

/// The team types that are not secondary care, by their positions.
fn outside(settings: &Settings, sources: &Sources) -> Result<Vec<u16>, Error> {
    let position = |team: &String| {
        sources.values.position(CodeSet::TeamType, team).ok_or_else(|| {
            let known = sources.values.of(CodeSet::TeamType).iter().map(String::as_str);
            let fix = did_you_mean(team, known, "see the code list of team types");
            Error::new(&error::CONFIG_VALUE, format!("`{team}` under [secondary_care] is no team type"), fix)
        })
    };
    settings.secondary_care.not_teams.iter().map(position).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn referral(received: i32, closed: Option<i32>) -> Referral {
        Referral { received, closed, place: 0 }
    }

    #[test]
    fn who_comes_back_within_ninety_days_had_not_left() {
        let one = referral(-100, Some(40));
        assert_eq!(left(0, &[one]), Some(40));
        assert_eq!(left(0, &[one, referral(130, Some(200))]), Some(200), "back on day 90: left on the second end");
        assert_eq!(left(0, &[one, referral(131, Some(200))]), Some(40), "back on day 91");
        assert_eq!(left(0, &[one, referral(-5, None)]), None, "another is still open");
        assert_eq!(left(0, &[one, referral(60, Some(60))]), Some(60), "back for less than a day");
        assert_eq!(left(0, &[referral(-100, Some(365))]), Some(365));
        assert_eq!(left(0, &[referral(-100, Some(366))]), None);
    }

    #[test]
    fn death_on_the_day_of_discharge_is_death() {
        let dead = Gone { competing: Some(40), crossover: None };
        assert_eq!(ended(0, Some(40), dead, false), (40, 1));
        assert_eq!(ended(0, Some(40), dead, true), (40, 0));
        assert_eq!(ended(0, None, Gone::default(), true), (365, 2));
        assert_eq!(ended(10, Some(50), Gone { competing: None, crossover: Some(30) }, true), (19, 2));
        assert_eq!(ended(0, Some(365), Gone::default(), true), (365, 0));
    }

    #[test]
    fn a_referral_closed_on_a_day_is_not_open_on_it() {
        let one = referral(5, Some(9));
        assert!(!one.is_open(4) && one.is_open(5) && one.is_open(8) && !one.is_open(9));
    }
}
