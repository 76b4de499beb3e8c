//! Funnels: which of several units differ from the rest by more than their size explains.

use super::poisson;

/// What is seen of a unit against what is expected.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unit {
    /// Events.
    pub observed: f64,
    /// Events to expect of its size and mix.
    pub expected: f64,
}

/// How far units differ from each other beyond chance, and each unit's distance with that taken out.
#[derive(Debug, Clone, PartialEq)]
pub struct Overdispersion {
    /// Mean of the squared distances: 1 where units differ by chance only.
    pub phi: f64,
    /// Variance between units.
    pub tau2: f64,
    /// Distance of each unit in standard deviations, chance and the variance between units together.
    pub adjusted: Vec<f64>,
}

/// Limits of a share of so many around an overall share: `z` standard deviations each way, within 0 and 1.
///
/// Source: Spiegelhalter (2005), Stat Med 24:1185.
pub fn share_limits(overall: f64, of: f64, z: f64) -> (f64, f64) {
    let reach = z * (overall * (1.0 - overall) / of).sqrt();
    ((overall - reach).max(0.0), (overall + reach).min(1.0))
}

/// 95 % limits of a ratio of observed to expected, where so many events lie on the limit: `observed` over what is expected there.
/// `None` for the upper limit without events.
///
/// Source: Spiegelhalter (2005); exact limits of a count, Garwood (1936).
pub fn ratio_limits(observed: u64) -> (f64, Option<f64>) {
    let exact = poisson::exact(observed);
    let of = |expected: f64| observed as f64 / expected;
    (of(exact.upper), (observed > 0).then(|| of(exact.lower)))
}

/// Overdispersion of units by the square-root transform, without winsorising. `None` for fewer than two units, or one of which
/// nothing is expected.
///
/// Source: Spiegelhalter and others (2012), J R Stat Soc A 175:1, additive (random effects) form.
pub fn overdispersion(units: &[Unit]) -> Option<Overdispersion> {
    if units.len() < 2 || units.iter().any(|unit| unit.expected <= 0.0) {
        return None;
    }
    let count = units.len() as f64;
    let variance = |unit: &Unit| 1.0 / (4.0 * unit.expected);
    let distance = |unit: &Unit| (unit.observed / unit.expected).sqrt() - 1.0;
    let phi = units.iter().map(|unit| distance(unit).powi(2) / variance(unit)).sum::<f64>() / count;
    let weights = units.iter().map(|unit| 1.0 / variance(unit));
    let (sum, squares) = weights.fold((0.0, 0.0), |all, weight| (all.0 + weight, all.1 + weight * weight));
    let tau2 = ((count * phi - (count - 1.0)) / (sum - squares / sum)).max(0.0);
    let adjusted = units.iter().map(|unit| distance(unit) / (variance(unit) + tau2).sqrt()).collect();
    Some(Overdispersion { phi, tau2, adjusted })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::{Z_95, Z_998};

    #[test]
    fn limits_are_those_of_the_package() {
        // PHEindicatormethods: a share of 80.642448 %, itself given to so many digits; ratios with one and two events.
        let lower = |of, z| share_limits(0.806_424_48, of, z).0;
        assert!((lower(2.0, Z_95) - 0.258_853_83).abs() < 2e-8 && (lower(3.0, Z_95) - 0.359_334_91).abs() < 2e-8);
        assert!((lower(3.0, Z_998) - 0.101_508_15).abs() < 2e-8 && share_limits(0.8, 2.0, Z_95).1 >= 1.0);
        let (lower, upper) = ratio_limits(1);
        assert!((100.0 * lower - 17.948).abs() < 5e-4 && (100.0 * upper.unwrap() - 3_949.789).abs() < 5e-4);
        let (lower, upper) = ratio_limits(2);
        assert!((100.0 * lower - 27.683).abs() < 5e-4 && (100.0 * upper.unwrap() - 825.73).abs() < 5e-3);
        assert_eq!(ratio_limits(0), (0.0, None));
    }

    #[test]
    fn overdispersion_is_the_worked_vector() {
        let of = |(observed, expected)| Unit { observed, expected };
        let units = [(50.0, 60.0), (80.0, 75.0), (120.0, 100.0), (65.0, 70.0), (95.0, 90.0)].map(of);
        let found = overdispersion(&units).unwrap();
        assert!((found.phi - 1.285_869).abs() < 5e-7 && (found.tau2 - 0.001_937_784_3).abs() < 5e-11, "{found:?}");
        for (own, wanted) in found.adjusted.iter().zip([-1.115_167, 0.451_714, 1.432_751, -0.490_082, 0.399_044]) {
            assert!((own - wanted).abs() < 5e-7, "{found:?}");
        }
        let even = overdispersion(&[of((60.0, 60.0)), of((80.0, 80.0))]).unwrap();
        assert_eq!((even.phi, even.tau2), (0.0, 0.0));
        assert_eq!((overdispersion(&units[..1]), overdispersion(&[of((1.0, 0.0)), units[0]])), (None, None));
    }
}
