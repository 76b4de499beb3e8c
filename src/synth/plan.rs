//! Who is a candidate of which comparison, and when. In: the world and an index. Out: the role and
//! the planned index day. Leaves alone: which arm it becomes, which hangs on the practice (`arms.rs`).

use super::calendar::{Day, QUARTERS};
use super::chance::{Chance, Purpose, place, spread};
use super::world::World;

/// Share of people who are candidates of each comparison.
const CANDIDATE_SHARE: f64 = 0.096;

/// The two comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Prevention,
    Recovery,
}

/// A planned index event.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    pub(super) comparison: Comparison,
    pub(super) index: Day,
    pub(super) quarter: usize,
    /// Evenly spread between 0 and 1: below the share of the redesigned arm it goes there.
    pub(super) lot: f64,
}

/// Whether a person is a candidate of any comparison; nobody else has an arm.
#[must_use]
pub fn is_candidate(world: &World, index: u64) -> bool {
    spread(world.arm_start, index) < 2.0 * CANDIDATE_SHARE
}

/// The planned index event; `None` for everyone else. Quarters get even shares of candidates.
pub(super) fn plan(world: &World, index: u64) -> Option<Plan> {
    let point = spread(world.arm_start, index) / CANDIDATE_SHARE;
    let comparison = match place(point) {
        0 => Comparison::Prevention,
        1 => Comparison::Recovery,
        _ => return None,
    };
    let within = point.fract() * 12.0;
    let quarter = place(within).min(QUARTERS - 1);
    let mut chance = Chance::new(world.options.seed, index, Purpose::Plan);
    let day = chance.between(world.quarters[quarter], world.quarters[quarter + 1] - 1);
    Some(Plan { comparison, index: day, quarter, lot: within.fract() })
}
