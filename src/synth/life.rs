//! Where and how long a person lives. In: identity, plan and frailty. Out: registrations, death and
//! moving out. Leaves alone: use of services.

use super::calendar::{Day, END_DAY};
use super::chance::{Chance, whole};
use super::identity::Identity;
use super::plan::Plan;
use super::world::World;

/// A stretch on the list of one practice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// Place in the world's practices.
    pub practice: usize,
    /// First day.
    pub start: Day,
    /// First day no longer registered; `None` if still registered after the data end.
    pub end: Option<Day>,
}

/// When a person is there.
#[derive(Clone, Debug)]
pub(super) struct Life {
    pub(super) registrations: Vec<Registration>,
    pub(super) death: Option<Day>,
    pub(super) moved_out: Option<Day>,
}

impl Life {
    /// First day of the data that the person is there.
    pub(super) fn from(&self) -> Day {
        self.registrations.first().map_or(END_DAY, |first| first.start.max(0))
    }

    /// First day that the person is there no more, at most the day after the data end.
    pub(super) fn to(&self) -> Day {
        self.registrations.last().and_then(|last| last.end).unwrap_or(END_DAY).min(END_DAY)
    }

    pub(super) fn is_there(&self, day: Day) -> bool {
        self.from() <= day && day < self.to()
    }
}

/// Place in the list of practices on a day.
pub(super) fn practice_on(registrations: &[Registration], day: Day) -> Option<usize> {
    let on_list = registrations.iter().find(|one| one.start <= day && one.end.is_none_or(|end| day < end));
    on_list.map(|one| one.practice)
}

/// A life. A candidate is there for at least 20 days before the index day, and on it.
pub(super) fn life(world: &World, who: &Identity, plan: Option<&Plan>, frailty: f64, chance: &mut Chance) -> Life {
    let latest_start = plan.map_or(END_DAY - 1, |plan| plan.index - 20);
    let start = if chance.yes(0.87) { -chance.between(1, 9_000) } else { chance.between(1, latest_start) };
    let start = start.max(who.birth);
    let safe_until = plan.map_or(start.max(0) + 1, |plan| plan.index + 1);
    let (death_a_year, move_a_year) = (death_hazard(who, plan, frailty), 0.045);
    let death = safe_until.saturating_add(whole(chance.exponential(365.25 / death_a_year)));
    let moving = safe_until.saturating_add(whole(chance.exponential(365.25 / move_a_year)));
    let is_switching = chance.yes(0.06);
    let first = chance.below(world.practices.len());
    let second = (first + 1 + chance.below(world.practices.len() - 1)) % world.practices.len();
    let end = Some(death.min(moving)).filter(|&end| end < END_DAY);
    let switch = chance.between(start.max(0) + 30, END_DAY - 1);
    let mut registrations = vec![Registration { practice: first, start, end }];
    if is_switching && switch < end.unwrap_or(END_DAY) {
        registrations[0].end = Some(switch);
        registrations.push(Registration { practice: second, start: switch, end });
    }
    Life { registrations, death: end.filter(|_| death <= moving), moved_out: end.filter(|_| moving < death) }
}

fn death_hazard(who: &Identity, plan: Option<&Plan>, frailty: f64) -> f64 {
    let age_years = -f64::from(who.birth) / 365.25;
    let of_age = 0.001 + 0.05 * ((age_years - 85.0) / 9.0).exp();
    let base = if plan.is_some() { 0.015 + 0.4 * of_age } else { of_age };
    base * (0.4 + 0.6 * frailty)
}
