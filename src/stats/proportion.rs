//! Intervals for proportions.

use super::{Interval, Z_95};

/// Wilson score interval for a proportion. `events` of `trials`; shares in 0..=1.
///
/// `None` for no trials: there is no share then, and 0 would be a claim. Trials may be fractional, for an effective
/// number.
///
/// Source: Wilson (1927), J Am Stat Assoc 22:209.
pub fn wilson(events: f64, trials: f64) -> Option<Interval> {
    wilson_at(events, trials, Z_95)
}

/// The same at another level: `z` is the percentile of the standard normal distribution that it goes up to.
fn wilson_at(events: f64, trials: f64, z: f64) -> Option<Interval> {
    if trials <= 0.0 {
        return None;
    }
    let share = events / trials;
    let square = z * z;
    let middle = 2.0 * events + square;
    let half = z * (square + 4.0 * events * (1.0 - share)).max(0.0).sqrt();
    let whole = 2.0 * (trials + square);
    Some(Interval { lower: ((middle - half) / whole).max(0.0), upper: ((middle + half) / whole).min(1.0) })
}

/// Exact 95 % interval for a proportion: the shares under which so many events or more, or so few or fewer, have a chance of
/// 2.5 %.
///
/// `None` for no trials.
///
/// Source: Clopper and Pearson (1934), Biometrika 26:404.
pub fn exact(events: u64, trials: u64) -> Option<Interval> {
    let tail = 0.025;
    let lower = || halving(|share| at_most(events - 1, trials, share) > 1.0 - tail);
    let upper = || halving(|share| at_most(events, trials, share) > tail);
    (trials > 0 && events <= trials).then(|| Interval {
        lower: if events == 0 { 0.0 } else { lower() },
        upper: if events == trials { 1.0 } else { upper() },
    })
}

/// Chance of at most `events` of `trials`, each with this chance: terms as logarithms, because the first of many is too small.
fn at_most(events: u64, trials: u64, share: f64) -> f64 {
    let odds = (share / (1.0 - share)).ln();
    let mut term = trials as f64 * (1.0 - share).ln();
    let mut sum = term.exp();
    for k in 0..events {
        term += ((trials - k) as f64 / (k + 1) as f64).ln() + odds;
        sum += term.exp();
    }
    sum
}

/// The share up to which something holds.
fn halving(holds: impl Fn(f64) -> bool) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if holds(middle) { low = middle } else { high = middle }
    }
    f64::midpoint(low, high)
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
            (5.0, 100.0, 0.021_543_679_154_367_98, 0.111_750_469_231_919_11),
            (222.0, 3215.0, 0.060_791_690_363_636_595, 0.078_339_566_813_836_33),
        ] {
            let found = wilson(x, n).unwrap();
            assert!((found.lower - lower).abs() < 1e-9 && (found.upper - upper).abs() < 1e-9, "{x}/{n}");
        }
        assert_eq!(wilson(0.0, 0.0), None);
        let zero = wilson(0.0, 20.0).unwrap();
        assert!(zero.lower.abs() < 1e-12 && (zero.upper - 0.161_125_158).abs() < 1e-8);
        let wide = wilson_at(65.0, 100.0, crate::stats::Z_998).unwrap();
        assert!((wide.lower - 0.495_494_657_407_043_1).abs() < 1e-9);
        assert!((wide.upper - 0.778_354_061_408_969_7).abs() < 1e-9);
    }

    #[test]
    fn wilson_gives_the_limits_of_a_national_recovery_rate() {
        // England 2014/15, Psychological Therapies annual report: 189,152 of 421,744, 44.8 %.
        let found = wilson(189_152.0, 421_744.0).unwrap();
        assert!((found.lower - 0.446_999).abs() < 1e-6 && (found.upper - 0.450_002).abs() < 1e-6, "{found:?}");
    }

    #[test]
    fn exact_gives_the_published_limits() {
        // Newcombe (1998), Stat Med 17:857, table I, method 5.
        for (events, trials, lower, upper) in
            [(81, 263, 0.2527, 0.3676), (15, 148, 0.0578, 0.1617), (0, 20, 0.0, 0.1684), (1, 29, 0.0009, 0.1776)]
        {
            let found = exact(events, trials).unwrap();
            assert!((found.lower - lower).abs() < 6e-5 && (found.upper - upper).abs() < 6e-5, "{found:?}");
            // What did not happen has the limits of what did, turned round.
            let other = exact(trials - events, trials).unwrap();
            assert!((1.0 - other.upper - found.lower).abs() < 1e-9 && (1.0 - other.lower - found.upper).abs() < 1e-9);
        }
        // None of n: 1 - 0.025^(1/n).
        assert!((exact(0, 20).unwrap().upper - (1.0 - 0.025_f64.powf(0.05))).abs() < 1e-12);
        assert_eq!(exact(0, 0), None);
        let many = exact(50_000, 100_000).unwrap();
        assert!((many.lower - 0.4969).abs() < 1e-4 && (many.upper - 0.5031).abs() < 1e-4, "{many:?}");
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
