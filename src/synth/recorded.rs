//! How a source holds a person's identifiers. In: the true identity. Out: the record, with errors at
//! the measured rates. Leaves alone: events, which are never changed.

use super::calendar::Day;
use super::chance::{Chance, Purpose};
use super::errors::{Slip, Trouble, trouble};
use super::identity::identity;
use super::names::{FAMILY_ENDS, FAMILY_STARTS};
use super::nhs_number::{former_number_of, mistyped};
use super::person::Person;
use super::rare::{Former, former, shared};
use super::slips::{spoil_names, wrong_birth};
use super::world::{CharityNumbers, World};

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
    /// The one before the present one.
    Former,
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
    /// What is wrong with it.
    pub(super) slips: Vec<Slip>,
}

impl Recorded {
    /// NHS number status code.
    pub(super) fn status(&self) -> &'static str {
        match self.number_is {
            NumberIs::Right | NumberIs::Former => "01",
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
        slips: Vec::new(),
    };
    if world.options.errors.are_planted() {
        spoil(world, person, holder, &mut record);
    }
    if world.options.charity_numbers == CharityNumbers::None && matches!(holder, Holder::Charity(_)) {
        (record.number, record.number_is) = (None, NumberIs::Missing);
    }
    match record.number_is {
        NumberIs::Right => {}
        NumberIs::Missing => record.slips.push(Slip::NumberMissing),
        NumberIs::Mistyped => record.slips.push(Slip::NumberMistyped),
        NumberIs::Shared(_) => record.slips.push(Slip::NumberShared),
        NumberIs::Former => record.slips.push(Slip::NumberFormer),
    }
    record.slips.sort_unstable();
    record
}

fn spoil(world: &World, person: &Person, holder: Holder, record: &mut Recorded) {
    let who = &person.identity;
    let stream = |purpose| Chance::new(world.options.seed, person.index, purpose);
    let (mut chance, mut detail) = (stream(Purpose::Record(holder.slot())), stream(Purpose::Slip(holder.slot())));
    let trouble = trouble(world.options.errors, who);
    let former = former(world, person).filter(|former| former.holder == holder);
    spoil_number(world, person, (holder, former, trouble), &mut chance, record);
    // The measured rates compare two systems, so each system errs half as often.
    if chance.yes(0.002_46 * trouble.other) {
        let (birth, slip) = wrong_birth(who.birth, &mut chance, &mut detail);
        // Whose number it is hangs on the date of birth alone.
        if !matches!(record.number_is, NumberIs::Shared(_)) {
            record.birth = birth;
            record.slips.push(slip);
        }
    }
    spoil_names(who, trouble.other, &mut chance, &mut detail, record);
    if former.is_some_and(|former| former.has_other_family) {
        record.family = [detail.pick(&FAMILY_STARTS), detail.pick(&FAMILY_ENDS)].concat();
        record.slips.retain(|slip| !matches!(slip, Slip::SurnameTypo | Slip::SurnameForm | Slip::SurnameChanged));
        record.slips.push(Slip::SurnameChanged);
    }
    if chance.yes(0.001_65 * trouble.other) {
        record.sex = 3 - who.sex;
        record.slips.push(Slip::Sex);
    }
    if chance.yes(0.1915 * trouble.usual) {
        let old = &world.postcodes[who.old_postcode].text;
        if record.postcode != *old {
            record.postcode.clone_from(old);
            record.slips.push(Slip::PostcodeMoved);
        }
    }
    if chance.yes(0.002 * trouble.other) {
        "ZZ99 3VZ".clone_into(&mut record.postcode);
        record.slips.retain(|slip| *slip != Slip::PostcodeMoved);
        record.slips.push(Slip::PostcodeNone);
    }
}

fn spoil_number(
    world: &World,
    person: &Person,
    (holder, former, trouble): (Holder, Option<Former>, Trouble),
    chance: &mut Chance,
    record: &mut Recorded,
) {
    let options = &world.options;
    let is_missing = chance.yes(holder.missing_share() * trouble.usual);
    let is_mistyped = chance.yes(0.002 * trouble.other);
    if let Some((place, rightful)) = shared(world, person)
        && place == holder
    {
        record.number = Some(identity(world, rightful).nhs_number);
        record.number_is = NumberIs::Shared(rightful);
    } else if former.is_some() {
        record.number = Some(former_number_of(world.key, person.index, options.people));
        record.number_is = NumberIs::Former;
    } else if is_missing {
        record.number = None;
        record.number_is = NumberIs::Missing;
    } else if is_mistyped {
        record.number = Some(mistyped(world.key, person.identity.nhs_number, options.people, chance));
        record.number_is = NumberIs::Mistyped;
    }
}
