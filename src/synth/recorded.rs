//! How a source holds a person's identifiers. In: the true identity. Out: the record, with errors at
//! the measured rates. Leaves alone: events, which are never changed.

use super::calendar::{Day, civil, day_of};
use super::chance::{Chance, Purpose, spread};
use super::identity::{Identity, identity};
use super::names::{FAMILY_ENDS, FAMILY_STARTS, MEN, WOMEN};
use super::nhs_number::mistyped;
use super::person::Person;
use super::world::{Errors, World};

/// Share of people one of whose records carries another's number; only those with a record count.
const SHARED_SHARE: f64 = 0.000_43;

/// A system that holds identifiers, with the place of the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holder {
    Trust,
    Therapies,
    Emergency(usize),
    List,
    Charity(usize),
}

impl Holder {
    fn slot(self) -> u8 {
        let number = |place: usize| u8::try_from(place).unwrap_or(0);
        match self {
            Self::Trust => 0,
            Self::Therapies => 1,
            Self::List => 2,
            Self::Emergency(place) => 3 + number(place),
            Self::Charity(place) => 5 + number(place),
        }
    }

    pub(super) fn source(self) -> &'static str {
        match self {
            Self::Trust => "mental_health",
            Self::Therapies => "talking_therapies",
            Self::Emergency(_) => "emergency_care",
            Self::List => "gp",
            Self::Charity(_) => "community",
        }
    }

    fn missing_share(self) -> f64 {
        match self {
            Self::Trust | Self::Therapies => 0.03,
            Self::Emergency(_) => 0.06,
            Self::List => 0.001,
            Self::Charity(_) => 0.4,
        }
    }
}

/// What is wrong with the number of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NumberIs {
    Right,
    Missing,
    Mistyped,
    /// The rightful person.
    Shared(u64),
}

/// The identifiers as a system holds them.
#[derive(Clone, Debug)]
pub(super) struct Recorded {
    pub(super) number: Option<u64>,
    pub(super) number_is: NumberIs,
    pub(super) birth: Day,
    pub(super) sex: u8,
    pub(super) ethnic: &'static str,
    pub(super) given: String,
    pub(super) family: String,
    pub(super) postcode: String,
}

impl Recorded {
    /// NHS number status code.
    pub(super) fn status(&self) -> &'static str {
        match self.number_is {
            NumberIs::Right => "01",
            NumberIs::Missing => "07",
            NumberIs::Mistyped | NumberIs::Shared(_) => "02",
        }
    }
}

/// How a system holds a person.
pub(super) fn recorded(world: &World, person: &Person, holder: Holder) -> Recorded {
    let who = &person.identity;
    let mut record = Recorded {
        number: Some(who.nhs_number),
        number_is: NumberIs::Right,
        birth: who.birth,
        sex: who.sex,
        ethnic: who.ethnic,
        given: who.given.to_owned(),
        family: [who.family.0, who.family.1].concat(),
        postcode: world.postcodes[who.postcode].text.clone(),
    };
    if world.options.errors == Errors::None {
        return record;
    }
    let mut chance = Chance::new(world.options.seed, person.index, Purpose::Record(holder.slot()));
    let trouble = trouble(who);
    spoil_number(world, person, holder, &mut chance, &mut record);
    // The measured rates compare two systems, so each system errs half as often.
    if chance.yes(0.002_46) {
        record.birth = wrong_birth(who.birth, &mut chance);
    }
    spoil_names(who, &mut chance, &mut record);
    if chance.yes(0.001_65) {
        record.sex = 3 - who.sex;
    }
    if chance.yes(0.1915 * trouble) {
        record.postcode.clone_from(&world.postcodes[who.old_postcode].text);
    }
    if chance.yes(0.002) {
        "ZZ99 3VZ".clone_into(&mut record.postcode);
    }
    if let NumberIs::Shared(_) = record.number_is {
        record.birth = who.birth;
    }
    record
}

/// More than 1 for deprived people and minority ethnic groups; 1 on average.
fn trouble(who: &Identity) -> f64 {
    let of_place = [1.4, 1.15, 1.0, 0.8, 0.65].get(usize::from(who.quintile - 1)).copied().unwrap_or(1.0);
    let of_group = if matches!(who.ethnic, "A" | "B" | "C") { 0.94 } else { 1.28 };
    of_place * of_group
}

fn spoil_number(world: &World, person: &Person, holder: Holder, chance: &mut Chance, record: &mut Recorded) {
    let who = &person.identity;
    let (is_missing, is_mistyped) = (chance.yes(holder.missing_share() * trouble(who)), chance.yes(0.002));
    if let Some((place, rightful)) = shared(world, person)
        && place == holder
    {
        record.number = Some(identity(world, rightful).nhs_number);
        record.number_is = NumberIs::Shared(rightful);
    } else if is_missing {
        record.number = None;
        record.number_is = NumberIs::Missing;
    } else if is_mistyped {
        record.number = Some(mistyped(world.key, who.nhs_number, world.options.people, chance));
        record.number_is = NumberIs::Mistyped;
    }
}

/// Which system holds another person's number for this one, and who that is. The two were born on
/// days that differ in two of year, month and day at least.
pub(super) fn shared(world: &World, person: &Person) -> Option<(Holder, u64)> {
    if world.options.errors == Errors::None || spread(world.shared_start, person.index) >= SHARED_SHARE {
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

/// How many of year, month and day two dates share.
fn parts_alike(one: Day, other: Day) -> usize {
    let (one, other) = (civil(one), civil(other));
    usize::from(one.0 == other.0) + usize::from(one.1 == other.1) + usize::from(one.2 == other.2)
}

/// Another day of birth; 93 % still share two of year, month and day.
fn wrong_birth(birth: Day, chance: &mut Chance) -> Day {
    let (year, month, day) = civil(birth);
    let wrong = match chance.below(100) {
        0..=6 => day_of(year - chance.between(1, 3), month % 12 + 1, chance.between(1, 28)),
        7..=40 => day_of(year, month, (day + chance.between(1, 20)) % 28 + 1),
        41..=65 => day_of(year, (month + chance.between(0, 9)) % 12 + 1, day.min(28)),
        _ => day_of(year - chance.between(1, 10), month, day.min(28)),
    };
    if wrong == birth { birth - 1 } else { wrong }
}

fn spoil_names(who: &Identity, chance: &mut Chance, record: &mut Recorded) {
    if chance.yes(0.0119) {
        record.given = if chance.yes(0.5) {
            chance.pick(if who.sex == 2 { &WOMEN } else { &MEN }).to_owned()
        } else {
            misspelt(&record.given, chance)
        };
    }
    // Women change family name more often.
    if chance.yes(if who.sex == 2 { 0.038 } else { 0.011 }) {
        record.family = if chance.yes(0.7) {
            [chance.pick(&FAMILY_STARTS), chance.pick(&FAMILY_ENDS)].concat()
        } else {
            misspelt(&record.family, chance)
        };
    }
}

/// Two neighbouring letters after the first swapped, or one left out.
fn misspelt(name: &str, chance: &mut Chance) -> String {
    let mut letters: Vec<char> = name.chars().collect();
    if letters.len() < 3 {
        letters.push('e');
    } else {
        let place = 1 + chance.below(letters.len() - 2);
        if chance.yes(0.5) && letters[place] != letters[place + 1] {
            letters.swap(place, place + 1);
        } else {
            letters.remove(place);
        }
    }
    letters.into_iter().collect()
}
