//! The model: from a comparison to a weight, with the shares of this data.

use super::super::records::Records;
use super::compare::Comparison;
use super::frequencies::{Counts, Frequencies};
use super::weights::{self, BIRTH, FORENAME, Level, POSTCODE, SEX, SURNAME, SURNAME_OF_MEN, SURNAME_OF_WOMEN};

/// Weights of every level, in bits.
pub(super) struct Model {
    /// One record in so many people is the right one.
    prior: f64,
    birth: [f64; 3],
    sex: [f64; 2],
    /// Of men, women and where the sex is not known.
    surname: [[f64; 4]; 3],
    forename: [f64; 3],
    /// Of a surname and of a forename that start like a slip of them.
    slips: [f64; 2],
    postcode: [f64; 4],
    frequencies: Frequencies,
}

/// A name that so few people have, or one in fifty thousand, may be a slip of the hand.
const RARE: f64 = 2.0;
/// What it is a slip of is at least so many times as frequent.
const TIMES_RARER: u32 = 20;

/// The most people of a name that may be a slip, among so many.
fn rare(people: f64) -> f64 {
    RARE.max(people / 50_000.0)
}

impl Model {
    /// With what was counted.
    pub(super) fn new(frequencies: Frequencies) -> Self {
        let surname_of = |m: [f64; 4]| std::array::from_fn(|at| (m[at] / frequencies.surname[at]).log2());
        let surname = [SURNAME_OF_MEN, SURNAME_OF_WOMEN, SURNAME.map(|one| one.m)].map(surname_of);
        let forename = weights::with(FORENAME, frequencies.forename);
        let slip = |names: &Counts, alike: Level| weights::of_slip(alike, names.share_of_rare(rare(names.people())));
        let alike = |level: Level, u: f64| Level { m: level.m, u };
        let slips = [
            slip(&frequencies.surnames, alike(SURNAME[2], frequencies.surname[2])),
            slip(&frequencies.forenames, alike(FORENAME[1], frequencies.forename[1])),
        ];
        Self {
            prior: -frequencies.people.max(1.0).log2(),
            birth: weights::with(BIRTH, frequencies.birth),
            sex: weights::with(SEX, frequencies.sex),
            surname,
            forename,
            slips,
            postcode: weights::with(POSTCODE, frequencies.postcode),
            frequencies,
        }
    }

    /// What a comparison of two records says, the prior included. A rare value that is shared says more than a common one.
    pub(super) fn weight(&self, records: &Records, (a, b): (usize, usize), compared: &Comparison) -> f64 {
        let known = &self.frequencies;
        let own = &records.fields[a];
        let rarity = |u: f64, share: f64| (u / share).log2();
        let mut weight = self.prior;
        weight += compared.birth.map_or(0.0, |at| self.birth[at]);
        weight += compared.sex.map_or(0.0, |at| self.sex[at]);
        if let Some(at) = compared.surname {
            let levels = self.surname[sex_of_both(records.sex[a], records.sex[b])];
            let is_slip = at == 2 && self.is_slip_of_surname(records, a, b);
            weight += if is_slip { self.slips[0].clamp(levels[2], levels[0].max(levels[2])) } else { levels[at] };
            if at == 0 {
                weight += rarity(known.surname[0], known.surnames.share(own.surname, known.surname[0]));
            }
        }
        if let Some(at) = compared.forename {
            let levels = self.forename;
            let is_slip = at == 1 && self.is_slip(records, a, b);
            weight += if is_slip { self.slips[1].clamp(levels[1], levels[0].max(levels[1])) } else { levels[at] };
            if at == 0 {
                weight += rarity(known.forename[0], known.forenames.share(own.forename, known.forename[0]));
            }
        }
        if let Some(at) = compared.postcode {
            weight += self.postcode[at];
            if at == 0 {
                weight += rarity(known.postcode[0], known.postcodes.share(own.postcode, known.postcode[0]));
            }
        }
        weight
    }

    /// Whether two records have one forename: the same, or one and a slip of it.
    pub(super) fn has_one_forename(&self, records: &Records, (a, b): (usize, usize), compared: &Comparison) -> bool {
        compared.forename == Some(0) || (compared.forename.is_some() && self.is_slip(records, a, b))
    }

    /// Whether two records have two forenames. Two names that both are names may be two people's, such as twins.
    pub(super) fn has_two_forenames(&self, records: &Records, (a, b): (usize, usize), compared: &Comparison) -> bool {
        matches!(compared.forename, Some(1..)) && !self.is_slip(records, a, b)
    }

    /// Whether of two forenames of one initial nearly nobody has one and many have the other.
    fn is_slip(&self, records: &Records, a: usize, b: usize) -> bool {
        let (own, other) = (&records.fields[a], &records.fields[b]);
        let is_slip = slipped(&self.frequencies.forenames, own.forename, other.forename);
        own.initial != 0 && own.initial == other.initial && is_slip
    }

    /// Whether of two surnames nearly nobody has one and many have the other.
    fn is_slip_of_surname(&self, records: &Records, a: usize, b: usize) -> bool {
        slipped(&self.frequencies.surnames, records.fields[a].surname, records.fields[b].surname)
    }
}

/// Whether of two names nearly nobody has one and many have the other.
fn slipped(counts: &Counts, a: u64, b: u64) -> bool {
    let [x, y] = [a, b].map(|name| counts.people_with(name));
    let (rarer, more) = (x.min(y).max(1), x.max(y));
    f64::from(rarer) <= rare(counts.people()) && more >= rarer * TIMES_RARER
}

/// 0 where the two are male as far as is known, 1 female, 2 if it is not known or differs.
fn sex_of_both(a: u16, b: u16) -> usize {
    match (a, b) {
        (0, 0) => 0,
        (1, 1) => 1,
        (known, other) if other > 1 && known < 2 => usize::from(known),
        (other, known) if other > 1 && known < 2 => usize::from(known),
        _ => 2,
    }
}
