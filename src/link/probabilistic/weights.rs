//! Weights: how much the agreement or disagreement of a field says, in bits.
//!
//! A weight is log2(m / u): how likely a level of agreement is among records of one person (m) against records of two (u).
//! m is fixed; u is estimated from the data (`frequencies.rs`), starting from the values here.
//!
//! Source of m and of the first u: two systems of one trust matched by NHS number, 126,904 people, CRATE (Cardinal et al.
//! 2023, BMC Med Inform Decis Mak 23:85), published counts of its validation.

/// A level of agreement: its share among records of one person, and of two.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Level {
    /// Share among records of one person.
    pub(super) m: f64,
    /// Share among records of two people.
    pub(super) u: f64,
}

const fn level(m: f64, u: f64) -> Level {
    Level { m, u }
}

impl Level {
    /// What it says, in bits.
    pub(super) fn weight(self) -> f64 {
        (self.m / self.u).log2()
    }
}

/// Dates of birth: equal; partly (624 of 126,904 differ, 93.3 % of them in one part); not.
/// Random pairs: 34,118 and 2,383,832 of 377,971,922.
pub(super) const BIRTH: [Level; 3] =
    [level(0.995_083, 9.03e-5), level(0.004_586, 0.006_307), level(0.000_331, 0.993_603)];

/// Sex, male or female on both sides: equal; not (423 of 126,904).
pub(super) const SEX: [Level; 2] = [level(0.996_667, 0.5), level(0.003_333, 0.5)];

/// Surnames: equal; sounding alike; starting alike; not. Of 6,166 that differ in 126,904 one in five starts alike; how many
/// of these sound alike was not counted, and half is assumed. Random pairs: 327,288 and 4,553,710 of 377,971,922.
pub(super) const SURNAME: [Level; 4] =
    [level(0.951_41, 8.66e-4), level(0.004_77, 0.002), level(0.004_77, 0.010), level(0.039_05, 0.987_134)];
/// Surnames of women: 4,947 of 72,958 differ. With one m for all, women would be missed more often.
pub(super) const SURNAME_OF_WOMEN: [f64; 4] = [0.932_19, 0.005_55, 0.005_55, 0.056_71];
/// Surnames of men: 1,185 of 53,484 differ.
pub(super) const SURNAME_OF_MEN: [f64; 4] = [0.977_84, 0.004_38, 0.004_38, 0.013_40];

/// Forenames: equal; starting alike (2,071 of the 2,992 that differ in 126,884); not. Random pairs: 2,362,180 and 6,149,272
/// of 377,971,922.
pub(super) const FORENAME: [Level; 3] =
    [level(0.976_42, 0.006_25), level(0.016_32, 0.016_27), level(0.007_26, 0.977_48)];

/// The weight of a name and a slip of it: they start alike, and one of the two is rare. Half of the names of one person
/// that start alike are assumed to be slips; of two people's that start alike, either may be a rare one.
pub(super) fn of_slip(alike: Level, rare: f64) -> f64 {
    level(alike.m / 2.0, alike.u * (2.0 * rare).clamp(1e-4, 1.0)).weight()
}

/// Postcodes: equal; of one sector (983 of the 31,399 that differ in 101,349); of one outcode (a third of the others is
/// assumed: most moves are short); elsewhere. The u of a postcode assumes 42 people in it among 850,000, of a sector 6,000.
pub(super) const POSTCODE: [Level; 4] =
    [level(0.690_19, 4.94e-5), level(0.009_70, 0.007_01), level(0.100_04, 0.05), level(0.200_07, 0.942_941)];

/// A level's u where the data says other: m stays.
pub(super) fn with<const N: usize>(levels: [Level; N], u: [f64; N]) -> [f64; N] {
    std::array::from_fn(|at| Level { m: levels[at].m, u: u[at] }.weight())
}

/// The probability that belongs to a weight that includes the prior.
pub(super) fn probability(weight: f64) -> f64 {
    1.0 / (1.0 + (-weight).exp2())
}

/// The weight that belongs to a probability.
pub(super) fn weight(probability: f64) -> f64 {
    (probability / (1.0 - probability)).log2()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The weight of several levels taken as one.
    fn merged(levels: &[Level]) -> f64 {
        level(levels.iter().map(|one| one.m).sum(), levels.iter().map(|one| one.u).sum()).weight()
    }

    fn is_near(value: f64, expected: f64, within: f64) {
        assert!((value - expected).abs() < within, "{value} is not {expected}");
    }

    /// The prior of the published figures: 1 in 850,000.
    fn prior() -> f64 {
        -(850_000f64.log2())
    }

    #[test]
    fn weights_are_the_published_ones() {
        for (value, published) in [
            (BIRTH[0].weight(), 13.43),
            (BIRTH[1].weight(), -0.46),
            (BIRTH[2].weight(), -11.56),
            (SEX[0].weight(), 0.99),
            (SEX[1].weight(), -7.24),
            (SURNAME[0].weight(), 10.10),
            (merged(&SURNAME[1..]), -4.36),
            (FORENAME[0].weight(), 7.29),
            (merged(&FORENAME[1..]), -5.40),
            (POSTCODE[0].weight(), 13.77),
            (POSTCODE[1].weight(), 0.47),
            (merged(&POSTCODE[2..]), -1.73),
            (prior(), -19.70),
        ] {
            is_near(value, published, 0.016);
        }
    }

    #[test]
    fn evidence_leads_to_the_published_probabilities() {
        let (birth, sex) = (BIRTH.map(Level::weight), SEX[0].weight());
        let (surname, forename, postcode) = (SURNAME[0].weight(), FORENAME[0].weight(), POSTCODE[0].weight());
        let moved = merged(&POSTCODE[2..]);
        for (weights, published, share) in [
            (birth[0] + sex + postcode, 8.50, 0.9972),
            (birth[0] + sex + surname + forename + moved, 10.39, 0.9993),
            (birth[1] + sex + postcode + surname + forename, 12.00, 0.9998),
            (birth[0] + sex + surname + moved, 3.10, 0.896),
            (birth[0] + sex + POSTCODE[1].weight(), -4.81, 0.035),
            (birth[1] + sex + postcode, -5.39, 0.023),
        ] {
            is_near(weights + prior(), published, 0.025);
            is_near(probability(weights + prior()), share, 0.002);
        }
    }

    #[test]
    fn levels_of_a_field_are_all_there_is() {
        let is_whole = |shares: &[f64]| is_near(shares.iter().sum(), 1.0, 1e-4);
        for levels in [&BIRTH[..], &SEX, &SURNAME, &FORENAME, &POSTCODE] {
            is_whole(&levels.iter().map(|one| one.m).collect::<Vec<_>>());
            is_whole(&levels.iter().map(|one| one.u).collect::<Vec<_>>());
        }
        is_whole(&SURNAME_OF_WOMEN);
        is_whole(&SURNAME_OF_MEN);
        is_near(probability(weight(0.99)), 0.99, 1e-12);
    }
}
