//! Seeded chance. In: seed, person index and purpose. Out: a stream of its own for each, so that a
//! person can be made again alone. Leaves alone: what is drawn. The only casts of floats live here.
#![expect(clippy::cast_possible_truncation, reason = "draws are floored to small whole numbers")]
#![expect(clippy::cast_precision_loss, reason = "counts and hashes become shares of one")]
#![expect(clippy::cast_sign_loss, reason = "shares are never negative")]

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Gamma, StandardNormal};

/// Streams kept for each person; the purpose is below this.
const PURPOSES: u64 = 32;

/// What a stream of a person is for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Purpose {
    Identity,
    Life,
    Plan,
    Emergency,
    Gp,
    Trust,
    Therapies,
    Community,
    Twins,
    Shared,
    Details,
    /// Whether the person has a family name of a rarer form, or a frequent one.
    Naming,
    /// Whether two neighbours are nearly alike.
    Doubles,
    /// What befalls few people: a number issued anew, a local id used again.
    Rare,
    /// How a source holds the person's identifiers; the number is the source's slot.
    Record(u8),
    /// Which sort of slip a source made; the number is the source's slot.
    Slip(u8),
}

impl Purpose {
    fn number(self) -> u64 {
        match self {
            Self::Identity => 0,
            Self::Life => 1,
            Self::Plan => 2,
            Self::Emergency => 3,
            Self::Gp => 4,
            Self::Trust => 5,
            Self::Therapies => 6,
            Self::Community => 7,
            Self::Twins => 8,
            Self::Shared => 9,
            Self::Details => 10,
            Self::Record(slot) => 11 + u64::from(slot),
            Self::Slip(slot) => 20 + u64::from(slot),
            Self::Naming => 29,
            Self::Doubles => 30,
            Self::Rare => 31,
        }
    }
}

/// One stream of chance.
pub(super) struct Chance(ChaCha8Rng);

impl Chance {
    /// The stream of a person for a purpose.
    pub(super) fn new(seed: u64, person: u64, purpose: Purpose) -> Self {
        let mut stream = ChaCha8Rng::seed_from_u64(seed);
        stream.set_stream(person.wrapping_mul(PURPOSES).wrapping_add(purpose.number()));
        Self(stream)
    }

    /// Between 0, included, and 1, excluded.
    pub(super) fn unit(&mut self) -> f64 {
        self.0.random::<f64>()
    }

    pub(super) fn yes(&mut self, share: f64) -> bool {
        self.unit() < share
    }

    /// A whole number from 0 to `count` - 1; 0 if there is none.
    pub(super) fn below(&mut self, count: usize) -> usize {
        if count < 2 { 0 } else { self.0.random_range(0..count) }
    }

    /// A whole number between two, both included; the first if they are crossed.
    pub(super) fn between(&mut self, least: i32, most: i32) -> i32 {
        if least >= most { least } else { self.0.random_range(least..=most) }
    }

    /// One of a list, which must not be empty.
    pub(super) fn pick<'list, T: ?Sized>(&mut self, list: &[&'list T]) -> &'list T {
        list[self.below(list.len())]
    }

    pub(super) fn exponential(&mut self, mean: f64) -> f64 {
        -mean * (1.0 - self.unit()).ln()
    }

    /// Gamma with this shape and scale 1.
    pub(super) fn gamma(&mut self, shape: f64) -> f64 {
        Gamma::new(shape, 1.0).map_or(shape, |gamma| gamma.sample(&mut self.0))
    }

    pub(super) fn normal(&mut self) -> f64 {
        StandardNormal.sample(&mut self.0)
    }
}

/// A well-mixed whole number from another (splitmix64).
pub(super) fn mix(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

/// A whole number as a share of one.
pub(super) fn share(number: u64) -> f64 {
    (number >> 11) as f64 / (1_u64 << 53) as f64
}

/// Point of an evenly spread sequence (golden ratio), between 0 and 1.
pub(super) fn spread(start: f64, index: u64) -> f64 {
    const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;
    (start + share(index.wrapping_mul(GOLDEN))).fract()
}

/// The whole part, as a day or a small count.
pub(super) fn whole(number: f64) -> i32 {
    number.floor() as i32
}

/// The whole part, as a place in a list; below zero gives 0.
pub(super) fn place(number: f64) -> usize {
    number.max(0.0) as usize
}

/// A count as a real number.
pub(super) fn real(count: u64) -> f64 {
    count as f64
}
