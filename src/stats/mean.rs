//! Intervals for means.

use super::proportion::Clusters;
use super::{Interval, Z_95};

/// Degrees of freedom from which an expansion in their inverse is right to nine digits.
const MANY: u64 = 200;

/// 95 % interval of a mean of `n` values that add up to `sum`, by Student's t over people: each person is a cluster of
/// one value or more.
///
/// With one value a person it is the ordinary interval. `sums` are over people, x a person's sum, n how many values.
/// `None` with fewer than two people.
///
/// Sources: Student (1908), Biometrika 6:1; variance of a ratio of sums as in Cochran (1977), Sampling Techniques, 11.3.
pub fn clustered(sum: u64, n: u64, sums: &Clusters) -> Option<Interval> {
    if sums.clusters < 2 {
        return None;
    }
    let (n, people) = (n as f64, sums.clusters as f64);
    let mean = sum as f64 / n;
    let residuals = sums.xx as f64 - 2.0 * mean * sums.xn as f64 + mean * mean * sums.nn as f64;
    let error = (residuals.max(0.0) * people / (people - 1.0)).sqrt() / n;
    let half = student_975(sums.clusters - 1) * error;
    Some(Interval { lower: mean - half, upper: mean + half })
}

/// The 97.5th percentile of Student's t; degrees of freedom 1 and more.
///
/// Sources: Abramowitz and Stegun (1964), 26.7.3 and 26.7.4, solved; 26.7.5 for many degrees of freedom.
pub fn student_975(degrees: u64) -> f64 {
    student(degrees, 0.95, Z_95)
}

/// The percentile of Student's t that goes with a two-sided level, and with `z` where t is normal.
fn student(degrees: u64, level: f64, z: f64) -> f64 {
    if degrees > MANY {
        let v = degrees as f64;
        let first = (z.powi(3) + z) / 4.0;
        let second = (5.0 * z.powi(5) + 16.0 * z.powi(3) + 3.0 * z) / 96.0;
        let third = (3.0 * z.powi(7) + 19.0 * z.powi(5) + 17.0 * z.powi(3) - 15.0 * z) / 384.0;
        return z + first / v + second / v.powi(2) + third / v.powi(3);
    }
    let (mut low, mut high) = (z, 320.0);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if within(middle, degrees) < level { low = middle } else { high = middle }
    }
    f64::midpoint(low, high)
}

/// The chance that Student's t lies between -t and t.
fn within(t: f64, degrees: u64) -> f64 {
    let angle = (t / (degrees as f64).sqrt()).atan();
    let (sine, cosine) = angle.sin_cos();
    let is_odd = degrees % 2 == 1;
    let (mut term, mut sum) = if is_odd { (cosine, 0.0) } else { (1.0, 0.0) };
    let mut k = u64::from(is_odd);
    while k + 2 <= degrees {
        sum += term;
        term *= cosine * cosine * (k + 1) as f64 / (k + 2) as f64;
        k += 2;
    }
    if is_odd { 2.0 / std::f64::consts::PI * (angle + sine * sum) } else { sine * sum }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_is_that_of_the_printed_tables() {
        // Abramowitz and Stegun (1964), table 26.10; R 4.3 qt(0.975, df) for the further digits.
        for (degrees, t) in [
            (1, 12.706_204_7),
            (2, 4.302_652_7),
            (3, 3.182_446_3),
            (4, 2.776_445_1),
            (5, 2.570_581_8),
            (10, 2.228_138_9),
            (30, 2.042_272_5),
            (100, 1.983_971_5),
            (200, 1.971_896_2),
            (201, 1.971_836_5),
            (1000, 1.962_339_1),
        ] {
            assert!((student_975(degrees) - t).abs() < 2e-6, "{degrees}: {}", student_975(degrees));
        }
    }

    #[test]
    fn one_value_a_person_gives_the_ordinary_interval() {
        // 2, 4, 4, 4, 5, 5, 7, 9: mean 5, standard deviation sqrt(32/7), t with 7 degrees 2.364624.
        let values = [2_u64, 4, 4, 4, 5, 5, 7, 9];
        let squares: u64 = values.iter().map(|value| value * value).sum();
        let sums = Clusters { clusters: 8, xx: squares, xn: values.iter().sum(), nn: 8 };
        let found = clustered(values.iter().sum(), 8, &sums).unwrap();
        let half = 2.364_624 * (32.0_f64 / 7.0).sqrt() / 8.0_f64.sqrt();
        assert!((found.lower - (5.0 - half)).abs() < 1e-5 && (found.upper - (5.0 + half)).abs() < 1e-5);
        assert_eq!(clustered(3, 1, &Clusters { clusters: 1, xx: 9, xn: 3, nn: 1 }), None);
    }

    #[test]
    fn a_mean_has_the_published_limits() {
        // PHEindicatormethods test data, in hundred-thousandths.
        let values = [3_309_375_u64, 4_838_596, 6_483_495, 6_798_475, 2_293_556, 7_123_587, 3_878_465, 8_237_927];
        let sum: u64 = values.iter().sum();
        let squares: u64 = values.iter().map(|value| value * value).sum();
        let found = clustered(sum, 8, &Clusters { clusters: 8, xx: squares, xn: sum, nn: 8 }).unwrap();
        assert!((sum as f64 / 8e5 - 53.704_345).abs() < 1e-9);
        assert!((found.lower / 1e5 - 36.168_325_241_336_504).abs() < 1e-8, "{found:?}");
        assert!((found.upper / 1e5 - 71.240_364_758_663_52).abs() < 1e-8, "{found:?}");
        // At 99.8 %, from the published deviation.
        let half = student(7, 0.998, crate::stats::Z_998) * 20.975_575_257_709_31 / 8.0_f64.sqrt();
        assert!((53.704_345 - half - 18.216_705_294_788_838).abs() < 1e-8, "{half}");
        assert!((53.704_345 + half - 89.191_984_705_211_18).abs() < 1e-8, "{half}");
    }

    #[test]
    fn the_same_value_twice_of_each_person_is_worth_no_more_than_once() {
        let once = clustered(20, 4, &Clusters { clusters: 4, xx: 120, xn: 20, nn: 4 }).unwrap();
        let twice = clustered(40, 8, &Clusters { clusters: 4, xx: 480, xn: 80, nn: 16 }).unwrap();
        assert!((once.lower - twice.lower).abs() < 1e-12 && (once.upper - twice.upper).abs() < 1e-12);
    }
}
