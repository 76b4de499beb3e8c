//! What befalls few people. In: a person. Out: whose number one of their records carries, whether one carries a number
//! that was replaced, whose local id an A&E department used again for them. Leaves alone: all other errors
//! (`recorded.rs`). None of it touches an event.

use super::calendar::civil;
use super::chance::{Chance, Purpose, spread};
use super::identity::identity;
use super::person::{Person, person};
use super::plan::is_candidate;
use super::recorded::Holder;
use super::slips::parts_alike;
use super::world::World;

/// Share of people one of whose records carries another's number; only those with a record count.
const SHARED_SHARE: f64 = 0.000_43;
/// Share of people who were issued a new number, as on adoption, a change of gender, or for protection.
const FORMER_SHARE: f64 = 0.001;
/// Share of people in A&E who come under a local id that was somebody else's.
const REUSED_SHARE: f64 = 0.002;

/// Which system holds another person's number for this one, and who that is. The two were born on
/// days that differ in two of year, month and day at least.
pub(super) fn shared(world: &World, person: &Person) -> Option<(Holder, u64)> {
    if !world.options.errors.are_planted() || spread(world.shared_start, person.index) >= SHARED_SHARE {
        return None;
    }
    let mut chance = Chance::new(world.options.seed, person.index, Purpose::Shared);
    let holder = if !person.trust.referrals.is_empty() {
        Holder::Trust
    } else if let Some(first) = person.attendances.first() {
        Holder::Emergency(first.provider)
    } else if !person.therapies.referrals.is_empty() {
        Holder::Therapies
    } else {
        return None;
    };
    let people = usize::try_from(world.options.people).unwrap_or(usize::MAX);
    (0..50).find_map(|_| {
        let other = u64::try_from(chance.below(people)).unwrap_or(0);
        let is_other = other != person.index && parts_alike(identity(world, other).birth, person.identity.birth) <= 1;
        is_other.then_some((holder, other))
    })
}

/// A record that still carries the number a person had before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Former {
    /// The system that holds the former number; every other holds the present one.
    pub(super) holder: Holder,
    /// Whether it holds a former family name too.
    pub(super) has_other_family: bool,
}

/// Whether a system still holds a former number; nobody's in an arm does.
pub(super) fn former(world: &World, person: &Person) -> Option<Former> {
    if !world.options.errors.are_planted() || is_candidate(world, person.index) {
        return None;
    }
    let mut chance = Chance::new(world.options.seed, person.index, Purpose::Rare);
    let (is_reissued, has_other_family) = (chance.yes(FORMER_SHARE), chance.yes(0.5));
    if !is_reissued || shared(world, person).is_some() {
        return None;
    }
    let holder = if !person.trust.referrals.is_empty() || !person.trust.spells.is_empty() {
        Holder::Trust
    } else if !person.therapies.referrals.is_empty() {
        Holder::Therapies
    } else {
        Holder::Emergency(person.attendances.first()?.provider)
    };
    Some(Former { holder, has_other_family })
}

/// Whose local id an A&E department used again for this person. The two were born in different years, on days that
/// differ in the month or the day too.
pub(super) fn local_id_of(world: &World, one: &Person, provider: usize) -> Option<u64> {
    let mut chance = Chance::new(world.options.seed, one.index, Purpose::Rare);
    let (_, _, is_reused) = (chance.unit(), chance.unit(), chance.yes(REUSED_SHARE));
    if !is_reused || !world.options.errors.are_planted() || one.index.is_multiple_of(2) {
        return None;
    }
    let other = person(world, one.index - 1);
    let (born, other_born) = (one.identity.birth, other.identity.birth);
    let is_other = parts_alike(born, other_born) <= 1 && civil(born).0 != civil(other_born).0;
    let has_come = other.attendances.iter().any(|row| row.provider == provider);
    (is_other && has_come).then_some(other.index)
}
