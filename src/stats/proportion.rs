//! Intervals for proportions.

use super::{Interval, Z_95};

/// Wilson score interval for a proportion. `events` of `trials`; shares in 0..=1.
///
/// `None` for no trials: there is no share then, and 0 would be a claim. Trials may be fractional, for an effective
/// number.
///
/// Source: Wilson (1927), J Am Stat Assoc 22:209.
pub fn wilson(events: f64, trials: f64) -> Option<Interval> {
    if trials <= 0.0 {
        return None;
    }
    let share = events / trials;
    let square = Z_95 * Z_95;
    let middle = 2.0 * events + square;
    let half = Z_95 * (square + 4.0 * events * (1.0 - share)).max(0.0).sqrt();
    let whole = 2.0 * (trials + square);
    Some(Interval { lower: ((middle - half) / whole).max(0.0), upper: ((middle + half) / whole).min(1.0) })
}

/// Sums over clusters (people) with `x` events of `n` trials each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Clusters {
    /// Clusters with at least one trial.
    pub clusters: u64,
    /// Sum of x squared.
    pub xx: u64,
    /// Sum of x times n.
    pub xn: u64,
    /// Sum of n squared.
    pub nn: u64,
}

/// How many times larger the variance of a share is because one person has several trials; at least 1.
///
/// `None` where it cannot be told: fewer than two people, or a share of 0 or 1.
///
/// Source: Kish (1965), Survey Sampling; ratio-estimator variance as in Cochran (1977), 11.3.
pub fn design_effect(events: u64, trials: u64, sums: &Clusters) -> Option<f64> {
    let (x, n) = (events as f64, trials as f64);
    let share = x / n;
    if sums.clusters < 2 || events == 0 || events >= trials {
        return None;
    }
    let residuals = sums.xx as f64 - 2.0 * share * sums.xn as f64 + share * share * sums.nn as f64;
    let m = sums.clusters as f64;
    let variance = residuals / (n * n) * m / (m - 1.0);
    Some((variance / (share * (1.0 - share) / n)).max(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wilson_gives_the_published_limits() {
        // PHEindicatormethods test data: 65/100, 1045/5000, 1/100, 222/3215.
        for (x, n, lower, upper) in [
            (65.0, 100.0, 0.552_544_432_968_879_7, 0.736_357_517_569_024_7),
            (1045.0, 5000.0, 0.197_955_498_800_132_97, 0.220_491_303_731_890_27),
            (1.0, 100.0, 0.001_767_432_064_140_651_1, 0.054_486_196_178_705_294),
            (222.0, 3215.0, 0.060_791_690_363_636_595, 0.078_339_566_813_836_33),
        ] {
            let found = wilson(x, n).unwrap();
            assert!((found.lower - lower).abs() < 1e-9 && (found.upper - upper).abs() < 1e-9, "{x}/{n}");
        }
        assert_eq!(wilson(0.0, 0.0), None);
        let zero = wilson(0.0, 20.0).unwrap();
        assert!(zero.lower.abs() < 1e-12 && (zero.upper - 0.161_125_158).abs() < 1e-8);
    }

    #[test]
    fn people_with_one_trial_each_have_no_design_effect() {
        let sums = Clusters { clusters: 100, xx: 65, xn: 65, nn: 100 };
        assert!((design_effect(65, 100, &sums).unwrap() - 100.0 / 99.0).abs() < 1e-9);
        // Fifty people with two trials each that always agree count as fifty.
        let sums = Clusters { clusters: 50, xx: 4 * 30, xn: 4 * 30, nn: 4 * 50 };
        assert!((design_effect(60, 100, &sums).unwrap() - 2.0 * 50.0 / 49.0).abs() < 1e-9);
        assert_eq!(design_effect(0, 100, &sums), None);
    }
}
