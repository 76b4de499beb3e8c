//! Who a person is. In: the world and an index. Out: number, birth, sex, ethnic group, names and
//! places to live, all true. Leaves alone: how a source holds them (`recorded.rs`).

use super::calendar::{Day, civil, day_of};
use super::chance::{Chance, Purpose};
use super::names::{BARRELLED, FAMILY_ENDS, FAMILY_STARTS, FREQUENT, MEN, OF_MAC, OF_O, WOMEN};
use super::nhs_number::number_of;
use super::plan::is_candidate;
use super::world::World;

/// Share of people who are one of twins.
pub(super) const TWIN_SHARE: f64 = 0.015;
/// Share of pairs of neighbours whose identifiers are nearly alike, although they are no kin.
const DOUBLES_SHARE: f64 = 0.001;

/// The true identifiers of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Ten digits, unique.
    pub nhs_number: u64,
    /// Day of birth.
    pub birth: Day,
    /// NHS sex code: 1 male, 2 female.
    pub sex: u8,
    /// NHS ethnic category.
    pub ethnic: &'static str,
    /// Given name.
    pub given: &'static str,
    /// Family name, as two halves.
    pub family: (&'static str, &'static str),
    /// Place in the world's postcodes.
    pub postcode: usize,
    /// An earlier address that some sources still hold.
    pub old_postcode: usize,
    /// Index of the other twin.
    pub twin: Option<u64>,
    /// Index of a person whose identifiers are nearly the same, and in what.
    pub double: Option<(u64, Double)>,
    /// Deprivation fifth of the present address, 1 is most deprived.
    pub quintile: u8,
}

/// What two people who are easily taken for one have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Double {
    /// Sex, date of birth and both names; not the address.
    NamesAndBirth,
    /// Sex, both names and the address; dates of birth share month and day, as of a parent and a child.
    NamesAndAddress,
    /// Sex, date of birth and the address; not the names.
    BirthAndAddress,
}

impl Double {
    /// Name in `truth/doubles.csv`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NamesAndBirth => "names_and_birth",
            Self::NamesAndAddress => "names_and_address",
            Self::BirthAndAddress => "birth_and_address",
        }
    }
}

/// Who the person at an index is. Twins are neighbours and share birth, family name and address.
#[must_use]
pub(super) fn identity(world: &World, index: u64) -> Identity {
    let pair = index / 2 * 2;
    let is_twin =
        pair + 1 < world.options.people && Chance::new(world.options.seed, pair, Purpose::Twins).yes(TWIN_SHARE);
    let mut this = alone(world, index);
    if !is_twin {
        if let Some(double) = double(world, pair) {
            this.double = Some((index ^ 1, double));
            if index != pair {
                liken(&mut this, &alone(world, pair), double);
            }
        }
        return this;
    }
    this.twin = Some(if index == pair { pair + 1 } else { pair });
    if index != pair {
        let first = alone(world, pair);
        this.birth = first.birth;
        this.ethnic = first.ethnic;
        this.family = first.family;
        this.postcode = first.postcode;
        this.old_postcode = first.old_postcode;
        this.quintile = first.quintile;
        if this.given == first.given {
            this.given = if this.sex == 2 { next_name(&WOMEN, this.given) } else { next_name(&MEN, this.given) };
        }
    }
    this
}

fn alone(world: &World, index: u64) -> Identity {
    let mut chance = Chance::new(world.options.seed, index, Purpose::Identity);
    let is_adult = is_candidate(world, index) || is_candidate(world, index ^ 1) || chance.yes(0.8);
    let age_days = if is_adult {
        6_600 + super::chance::whole(f64::from(27_000) * chance.unit().powf(1.2))
    } else {
        chance.between(1, 6_570)
    };
    let sex = if chance.yes(0.51) { 2 } else { 1 };
    let given = if sex == 2 { chance.pick(&WOMEN) } else { chance.pick(&MEN) };
    let postcode = chance.below(world.postcodes.len());
    Identity {
        nhs_number: number_of(world.key, index),
        birth: -age_days,
        sex,
        ethnic: ethnic_category(chance.unit()),
        given,
        family: family(world, index, (chance.pick(&FAMILY_STARTS), chance.pick(&FAMILY_ENDS))),
        postcode,
        old_postcode: chance.below(world.postcodes.len()),
        twin: None,
        double: None,
        quintile: world.postcodes[postcode].quintile,
    }
}

/// Whether a pair is nearly alike. Nobody in an arm is, so that no date of an arm hangs on it.
fn double(world: &World, pair: u64) -> Option<Double> {
    if pair + 1 >= world.options.people || is_candidate(world, pair) || is_candidate(world, pair + 1) {
        return None;
    }
    let mut chance = Chance::new(world.options.seed, pair, Purpose::Doubles);
    let kinds = [Double::NamesAndBirth, Double::NamesAndAddress, Double::BirthAndAddress];
    chance.yes(DOUBLES_SHARE).then(|| kinds[chance.below(kinds.len())])
}

fn liken(this: &mut Identity, first: &Identity, double: Double) {
    this.sex = first.sex;
    if double == Double::BirthAndAddress {
        if this.given == first.given || (this.sex == 2) != WOMEN.contains(&this.given) {
            this.given = next_name(if this.sex == 2 { &WOMEN } else { &MEN }, first.given);
        }
    } else {
        (this.given, this.family) = (first.given, first.family);
    }
    if double == Double::NamesAndAddress {
        let (year, month, day) = civil(first.birth);
        this.birth = day_of(year - 27, month, day.min(28));
    } else {
        this.birth = first.birth;
    }
    if double != Double::NamesAndBirth {
        (this.postcode, this.old_postcode, this.quintile) = (first.postcode, first.old_postcode, first.quintile);
    }
}

/// A family name: mostly the plain one, else a frequent one, one with Mc, Mac or O', or a double-barrelled one.
fn family(world: &World, index: u64, plain: (&'static str, &'static str)) -> (&'static str, &'static str) {
    let mut chance = Chance::new(world.options.seed, index, Purpose::Naming);
    let point = chance.unit();
    if point < 0.12 {
        // The lower of two draws: the first of the list is 47 times as frequent as the last.
        (FREQUENT[chance.below(FREQUENT.len()).min(chance.below(FREQUENT.len()))], "")
    } else if point < 0.15 {
        (chance.pick(&["Mc", "Mac"]), chance.pick(&OF_MAC))
    } else if point < 0.16 {
        ("O'", chance.pick(&OF_O))
    } else if point < 0.185 {
        (chance.pick(&BARRELLED), chance.pick(&FREQUENT))
    } else {
        plain
    }
}

fn next_name(list: &[&'static str], name: &str) -> &'static str {
    let place = list.iter().position(|&other| other == name).unwrap_or(0);
    list[(place + 1) % list.len()]
}

fn ethnic_category(point: f64) -> &'static str {
    const SHARES: [(f64, &str); 15] = [
        (0.76, "A"),
        (0.78, "B"),
        (0.82, "C"),
        (0.825, "D"),
        (0.83, "E"),
        (0.835, "F"),
        (0.84, "G"),
        (0.86, "H"),
        (0.90, "J"),
        (0.91, "K"),
        (0.925, "L"),
        (0.935, "M"),
        (0.955, "N"),
        (0.965, "R"),
        (0.975, "S"),
    ];
    SHARES.iter().find(|&&(limit, _)| point < limit).map_or("Z", |&(_, code)| code)
}
