//! Intervals for counts and rates.

use super::{Interval, Z_95};

/// Exact below this many events, Byar's approximation from it on.
///
/// Source: Public Health England, Technical Guide: Confidence Intervals (2018).
const EXACT_BELOW: u64 = 10;

/// 95 % interval of a count of independent events.
///
/// Sources: exact, Garwood (1936), Biometrika 28:437; Byar in Breslow and Day (1987).
pub fn count(events: u64) -> Interval {
    if events < EXACT_BELOW { exact(events) } else { byar(events) }
}

/// How [`count`] makes the interval of so many events.
pub fn method(events: u64) -> &'static str {
    if events < EXACT_BELOW { "exact" } else { "Byar" }
}

/// How [`frequency_adjusted`] makes it.
pub fn adjusted_method(events: u64) -> &'static str {
    if events < EXACT_BELOW { "exact, frequency-adjusted" } else { "Byar, frequency-adjusted" }
}

/// Byar's approximation. One event and more.
pub fn byar(events: u64) -> Interval {
    byar_at(events, Z_95)
}

/// The same at another level. A lower limit below 0 is none.
fn byar_at(events: u64, z: f64) -> Interval {
    let o = events as f64;
    let cube = |x: f64, sign: f64| x * (1.0 - 1.0 / (9.0 * x) + sign * z / (3.0 * x.sqrt())).powi(3);
    Interval { lower: cube(o, -1.0), upper: cube(o + 1.0, 1.0) }
}

/// Exact limits: the means under which so many or more, or so few or fewer, have a chance of 2.5 %.
pub fn exact(events: u64) -> Interval {
    let tail = 0.025;
    let upper = root(|mean| at_most(events, mean) - tail, events as f64);
    let lower = if events == 0 { 0.0 } else { root(|mean| tail - (1.0 - at_most(events - 1, mean)), 0.0) };
    Interval { lower, upper }
}

/// Chance of at most `events` under a mean.
fn at_most(events: u64, mean: f64) -> f64 {
    let mut term = (-mean).exp();
    let mut sum = term;
    for k in 1..=events {
        term *= mean / k as f64;
        sum += term;
    }
    sum
}

/// The zero of a falling function above `from`, by halving.
fn root(falling: impl Fn(f64) -> f64, from: f64) -> f64 {
    let (mut low, mut high) = (from, from + 50.0);
    for _ in 0..200 {
        let middle = f64::midpoint(low, high);
        if falling(middle) > 0.0 { low = middle } else { high = middle }
    }
    f64::midpoint(low, high)
}

/// Interval of a count where one person may have several events. `squares` is the sum over people of their events
/// squared: the variance of the total, which is the count itself when nobody has two.
///
/// Source: Public Health England, non-independent events (Dobson-type limits scaled by the frequency-based variance).
pub fn frequency_adjusted(events: u64, squares: u64) -> Interval {
    let plain = count(events);
    if events == 0 {
        return plain;
    }
    let o = events as f64;
    let scale = (squares as f64 / o).sqrt();
    Interval { lower: (o + scale * (plain.lower - o)).max(0.0), upper: o + scale * (plain.upper - o) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Z_998;

    fn close(found: Interval, lower: f64, upper: f64) {
        assert!((found.lower - lower).abs() < 1e-8 && (found.upper - upper).abs() < 1e-8, "{found:?}");
    }

    #[test]
    fn byar_and_exact_give_the_published_limits() {
        close(byar(65), 50.163_187_710_459_454, 82.849_138_545_939_84);
        close(byar(1045), 982.593_201_807_332_5, 1_110.331_212_985_65);
        close(byar(1), 0.013_072_132_901_504_35, 5.563_755_582_475_281);
        close(exact(1), 0.025_317_807_984_289_897, 5.571_643_390_938_898);
        close(exact(5), 1.623_486_390_118_42, 11.668_332_079_322_669);
        close(count(20), 12.211_428_834_875_937, 30.889_880_369_197_066);
        assert!((exact(0).upper - 3.688_879_454_1).abs() < 1e-9 && exact(0).lower.abs() < f64::EPSILON);
        assert!((exact(10).lower - 4.795_388_696_1).abs() < 1e-9 && (exact(10).upper - 18.390_356_042_0).abs() < 1e-9);
    }

    #[test]
    fn byar_gives_the_published_limits_at_99_8_percent() {
        // PHEindicatormethods test data; of one event the lower limit is not given there.
        close(byar_at(65, Z_998), 42.880_261_471_480_2, 94.000_290_844_318_02);
        close(byar_at(10, Z_998), 2.916_318_374_695_686, 24.193_724_927_880_535);
        assert!((byar_at(1, Z_998).upper - 9.362_180_217_908_362).abs() < 1e-8 && byar_at(1, Z_998).lower < 0.0);
    }

    #[test]
    fn a_rate_has_the_published_limits() {
        // PHEindicatormethods: 250 in 220, per 100,000.
        let found = count(250);
        let rate = |limit: f64| limit / 220.0 * 100_000.0;
        assert!((rate(found.lower) - 99_984.947_385_328_76).abs() < 1e-4, "{found:?}");
        assert!((rate(found.upper) - 128_631.144_874_557_82).abs() < 1e-4, "{found:?}");
    }

    #[test]
    fn exact_and_byar_meet_at_ten_events() {
        close(exact(10), 4.795_388_696_1, 18.390_356_042_0);
        let byar = count(10);
        assert!((byar.lower - 4.787_450).abs() < 1e-6 && (byar.upper - 18.391_459).abs() < 1e-6, "{byar:?}");
        assert_eq!((method(9), method(10)), ("exact", "Byar"));
    }

    #[test]
    fn several_events_a_person_widen_the_interval() {
        // People with 1, 2, 3, 4 events: 40, 12, 5, 3; 200 person-years.
        let (o, v) = (40 + 24 + 15 + 12, 40 + 4 * 12 + 9 * 5 + 16 * 3);
        assert_eq!((o, v), (91, 181));
        let rate = frequency_adjusted(o, v);
        assert!((rate.lower / 200.0 - 0.329_943).abs() < 1e-6 && (rate.upper / 200.0 - 0.601_173).abs() < 1e-6);
        let plain = count(o);
        assert!((plain.lower / 200.0 - 0.366_328).abs() < 1e-6 && (plain.upper / 200.0 - 0.558_645).abs() < 1e-6);
    }
}
