//! When things happen. In: a yearly rate, a life, busyness. Out: days of events, and which of them
//! the effect prevents. Leaves alone: what the events are.

use super::arms::{ArmEntry, EFFECT, treated_from};
use super::calendar::Day;
use super::chance::{Chance, whole};
use super::identity::Identity;
use super::life::Life;
use super::plan::Comparison;
use super::world::{BUSIEST, World};

/// Days before death in which use rises.
const LAST_DAYS: i32 = 90;
/// Extra use in those days, on top of 1.
const EXTRA_BEFORE_DEATH: f64 = 3.0;
/// Days before a selected index in which use rises.
const BEFORE_INDEX_DAYS: i32 = 60;

/// Frailty, one for each service, each with mean 1; they share a part, so they go together.
#[derive(Clone, Copy, Debug)]
pub struct Frailty {
    /// Of A&E attendance.
    pub emergency: f64,
    /// Of GP appointments.
    pub gp: f64,
    /// Of trust contacts.
    pub contacts: f64,
    /// Of hospital spells.
    pub spells: f64,
    /// The shared part, which also drives death; mean 1.
    pub shared: f64,
}

/// What the event days of a person hang on.
#[derive(Clone, Copy)]
pub(super) struct Course<'person> {
    pub(super) world: &'person World,
    pub(super) life: &'person Life,
    pub(super) arms: &'person [ArmEntry],
    pub(super) comparison: Option<Comparison>,
    pub(super) frailty: &'person Frailty,
    pub(super) who: &'person Identity,
}

impl<'person> Course<'person> {
    /// Deprived people use more of everything.
    pub(super) fn deprivation(&self) -> f64 {
        [1.2, 1.1, 1.0, 0.9, 0.8].get(usize::from(self.who.quintile - 1)).copied().unwrap_or(1.0)
    }

    /// The arm of the first index, if any.
    pub(super) fn first_arm(&self) -> Option<&'person ArmEntry> {
        self.arms.first()
    }

    /// Untreated events at a yearly rate while the person is there, more before death.
    pub(super) fn untreated(&self, rate_a_year: f64, chance: &mut Chance) -> Vec<Day> {
        let mut days = Vec::new();
        self.scatter(rate_a_year, (self.life.from(), self.life.to()), chance, &mut days);
        if let Some(death) = self.life.death {
            let from = (death - LAST_DAYS).max(self.life.from());
            self.scatter(rate_a_year * EXTRA_BEFORE_DEATH, (from, self.life.to()), chance, &mut days);
        }
        days
    }

    /// Adds the rise of use before a selected index.
    pub(super) fn add_rise(&self, extra_a_year: f64, chance: &mut Chance, days: &mut Vec<Day>) {
        if let Some(entry) = self.first_arm().filter(|entry| entry.arm.is_selected()) {
            let from = (entry.index - BEFORE_INDEX_DAYS).max(self.life.from());
            self.scatter(extra_a_year, (from, entry.index), chance, days);
        }
    }

    /// Events at a yearly rate from a day to before another, denser on busy days.
    pub(super) fn scatter(&self, rate_a_year: f64, (from, to): (Day, Day), chance: &mut Chance, days: &mut Vec<Day>) {
        let to = to.min(self.life.to());
        let mean_gap = 365.25 / (rate_a_year * BUSIEST);
        let mut at = f64::from(from) + chance.exponential(mean_gap);
        while at < f64::from(to) {
            let day = whole(at);
            if chance.yes(self.world.busyness_on(day) / BUSIEST) {
                days.push(day);
            }
            at += chance.exponential(mean_gap);
        }
    }

    /// Sorts the untreated days and leaves out those the effect prevents; how many those were.
    pub(super) fn thin(&self, days: &mut Vec<Day>, chance: &mut Chance) -> u32 {
        days.sort_unstable();
        let untreated = days.len();
        let treated_from = treated_from(self.arms);
        days.retain(|&day| chance.yes(EFFECT) || treated_from.is_none_or(|from| day <= from));
        u32::try_from(untreated - days.len()).unwrap_or(0)
    }
}

/// Draws the frailties of a person.
pub(super) fn frailty(chance: &mut Chance) -> Frailty {
    const SHARED_SHAPE: f64 = 1.0;
    const OWN_SHAPE: f64 = 0.6;
    let shared = chance.gamma(SHARED_SHAPE);
    let mut own = || (shared + chance.gamma(OWN_SHAPE)) / (SHARED_SHAPE + OWN_SHAPE);
    Frailty { emergency: own(), gp: own(), contacts: own(), spells: own(), shared }
}
