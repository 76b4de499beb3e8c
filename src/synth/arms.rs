//! Arms. In: the plan and the life. Out: arms with index day and crossing over, second qualifying
//! events, and from when on the effect works. Leaves alone: the referrals themselves.

use super::calendar::{Day, LAST_DAY};
use super::chance::Chance;
use super::life::{Life, practice_on};
use super::plan::{Comparison, Plan};
use super::world::World;

/// The planted effect of a redesigned pathway on the rate of every service.
pub const EFFECT: f64 = 0.77;
/// Days from the comparator index to crossing over.
pub const CROSSING_DAYS: i32 = 100;

/// A pathway in its role in a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Arm {
    /// Redesigned; effect 0.77; selected on recent use.
    Prevention,
    /// Comparator of prevention; effect 1.00; selected likewise.
    PreventionUsualCare,
    /// Redesigned; effect 0.77; not selected.
    Recovery,
    /// Comparator of recovery; effect 1.00; not selected.
    RecoveryUsualCare,
}

impl Arm {
    /// All arms, in the order of the tables.
    pub const ALL: [Self; 4] = [Self::Prevention, Self::PreventionUsualCare, Self::Recovery, Self::RecoveryUsualCare];

    /// Name in configuration.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Prevention => "prevention",
            Self::PreventionUsualCare => "prevention_usual_care",
            Self::Recovery => "recovery",
            Self::RecoveryUsualCare => "recovery_usual_care",
        }
    }

    /// Whether the arm is the redesigned one of its comparison.
    #[must_use]
    pub fn is_redesigned(self) -> bool {
        matches!(self, Self::Prevention | Self::Recovery)
    }

    /// Whether people enter the arm because of recent use.
    #[must_use]
    pub fn is_selected(self) -> bool {
        matches!(self, Self::Prevention | Self::PreventionUsualCare)
    }
}

/// A person's place in one comparison.
#[derive(Clone, Debug)]
pub struct ArmEntry {
    /// The arm.
    pub arm: Arm,
    /// The index day.
    pub index: Day,
    /// Day a comparator enters the redesigned pathway; counted time stops before it.
    pub crossover: Option<Day>,
    /// A second qualifying event within the washout; it makes no new index.
    pub second: Option<Day>,
}

/// Arms of a candidate: one, or for a few both redesigned ones.
pub(super) fn arms(world: &World, plan: &Plan, life: &Life, chance: &mut Chance) -> Vec<ArmEntry> {
    let practice = practice_on(&life.registrations, plan.index).unwrap_or(0);
    let is_open = world.practices[practice].site_quarter <= plan.quarter;
    let is_redesigned = is_open && plan.lot < 0.45 / World::share_open(plan.quarter);
    let arm = match (plan.comparison, is_redesigned) {
        (Comparison::Prevention, true) => Arm::Prevention,
        (Comparison::Prevention, false) => Arm::PreventionUsualCare,
        (Comparison::Recovery, true) => Arm::Recovery,
        (Comparison::Recovery, false) => Arm::RecoveryUsualCare,
    };
    let within_data = |day: Day| (day <= LAST_DAY && life.is_there(day)).then_some(day);
    let is_crossing = chance.yes(0.05);
    let has_second = chance.yes(0.06);
    let second_day = plan.index + chance.between(100, 300);
    let in_both = chance.yes(0.02);
    // Late enough that the rise of use before the first index lies outside the second before window.
    let both_day = plan.index + chance.between(381, 700);
    let crossover =
        Some(plan.index + CROSSING_DAYS).filter(|_| is_crossing && !arm.is_redesigned()).and_then(within_data);
    let second = Some(second_day).filter(|_| has_second && crossover.is_none()).and_then(within_data);
    let mut entries = vec![ArmEntry { arm, index: plan.index, crossover, second }];
    if arm == Arm::Prevention
        && in_both
        && let Some(index) = within_data(both_day)
    {
        entries.push(ArmEntry { arm: Arm::Recovery, index, crossover: None, second: None });
    }
    entries
}

/// The first day after which the effect works: the first redesigned index or crossing over.
pub(super) fn treated_from(entries: &[ArmEntry]) -> Option<Day> {
    let days = entries.iter().filter_map(|one| if one.arm.is_redesigned() { Some(one.index) } else { one.crossover });
    days.min()
}
