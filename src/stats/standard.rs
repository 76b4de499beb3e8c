//! Directly standardised rates: what a rate would be if the group had the ages of a standard population.

use super::{Interval, poisson};

/// Fewer events than this give no standardised rate.
///
/// Source: Public Health England, Technical Guide: Calculating DSRs (2018).
pub const FEWEST_EVENTS: u64 = 10;

/// One stratum, such as an age band.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Stratum {
    /// Events.
    pub events: u64,
    /// Sum over people of their events squared; the events themselves where nobody has two.
    pub squares: u64,
    /// Time observed, in any one unit.
    pub time: f64,
    /// Share of the standard population, in any one unit.
    pub weight: f64,
}

/// A standardised rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standardised {
    /// Events per unit of time.
    pub rate: f64,
    /// 95 % interval.
    pub interval: Interval,
}

/// Directly standardised rate. The interval allows for people with several events.
///
/// `None` with fewer than [`FEWEST_EVENTS`], or where a stratum of the standard has no time: its rate is not known then.
///
/// Sources: Dobson and others (1991), Stat Med 10:457, with the exact or Byar's limits of the count; several events a person as in
/// Public Health England's method for non-independent events, whose variances of people with 1, 2, 3 ... events add up to that
/// of the squares.
pub fn directly_standardised(strata: &[Stratum]) -> Option<Standardised> {
    let counted = || strata.iter().filter(|stratum| stratum.weight > 0.0);
    let events: u64 = counted().map(|stratum| stratum.events).sum();
    if events < FEWEST_EVENTS || counted().any(|stratum| stratum.time <= 0.0) {
        return None;
    }
    let whole: f64 = counted().map(|stratum| stratum.weight).sum();
    let part = |stratum: &Stratum| stratum.weight / stratum.time / whole;
    let rate: f64 = counted().map(|stratum| stratum.events as f64 * part(stratum)).sum();
    let variance: f64 = counted().map(|stratum| stratum.squares as f64 * part(stratum).powi(2)).sum();
    let limits = poisson::count(events);
    let scale = (variance / events as f64).sqrt();
    let limit = |of_count: f64| rate + scale * (of_count - events as f64);
    let interval = Interval { lower: limit(limits.lower).max(0.0), upper: limit(limits.upper) };
    Some(Standardised { rate, interval })
}

#[cfg(test)]
mod tests {
    use super::*;

    const WEIGHTS: [f64; 19] = [
        5000.0, 5500.0, 5500.0, 5500.0, 6000.0, 6000.0, 6500.0, 7000.0, 7000.0, 7000.0, 7000.0, 6500.0, 6000.0, 5500.0,
        5000.0, 4000.0, 2500.0, 1500.0, 1000.0,
    ];
    const PEOPLE: [f64; 19] = [
        636.0, 558.0, 609.0, 543.0, 384.0, 594.0, 669.0, 843.0, 660.0, 576.0, 606.0, 522.0, 426.0, 273.0, 300.0, 288.0,
        153.0, 123.0, 207.0,
    ];
    const EVENTS: [u64; 19] = [127, 25, 18, 21, 12, 27, 48, 27, 29, 32, 32, 34, 45, 65, 38, 68, 74, 82, 91];

    fn strata(events: &[u64; 19], squares: &[u64; 19]) -> Vec<Stratum> {
        let of =
            |at: usize| Stratum { events: events[at], squares: squares[at], time: PEOPLE[at], weight: WEIGHTS[at] };
        (0..19).map(of).collect()
    }

    fn per_100_000_is(found: &Standardised, rate: f64, lower: f64, upper: f64) {
        let close = |value: f64, wanted: f64| (1e5 * value - wanted).abs() < 1e-6;
        assert!(close(found.rate, rate), "{found:?}");
        assert!(close(found.interval.lower, lower) && close(found.interval.upper, upper), "{found:?}");
    }

    #[test]
    fn independent_events_give_the_published_rates_and_limits() {
        // PHEindicatormethods test data, European standard population 2013.
        let found = directly_standardised(&strata(&EVENTS, &EVENTS)).unwrap();
        per_100_000_is(&found, 10_430.247_991, 9_717.709_068, 11_178.940_915);
        let few = [12, 4, 3, 2, 3, 4, 8, 2, 2, 3, 4, 5, 6, 8, 5, 6, 5, 5, 4];
        let found = directly_standardised(&strata(&few, &few)).unwrap();
        per_100_000_is(&found, 1_103.212_025, 877.455_768, 1_367.088_223);
    }

    #[test]
    fn several_events_a_person_give_the_published_limits() {
        // The same, with people of one, two, three and four events.
        let once = [75, 16, 11, 12, 8, 18, 26, 18, 18, 21, 21, 23, 23, 39, 25, 40, 46, 49, 56];
        let twice = [16, 3, 2, 3, 0, 3, 6, 3, 4, 4, 4, 4, 6, 8, 5, 9, 9, 10, 11];
        let thrice = [4, 1, 1, 1, 0, 1, 2, 1, 1, 1, 1, 1, 2, 2, 1, 2, 2, 3, 3];
        let four_times = [2, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 1, 1, 0, 1, 1, 1, 1];
        let sum = |power: u32| -> [u64; 19] {
            std::array::from_fn(|at| {
                once[at]
                    + twice[at] * 2_u64.pow(power)
                    + thrice[at] * 3_u64.pow(power)
                    + four_times[at] * 4_u64.pow(power)
            })
        };
        assert_eq!(sum(1), EVENTS);
        let found = directly_standardised(&strata(&sum(1), &sum(2))).unwrap();
        per_100_000_is(&found, 10_430.247_991, 9_532.949_779, 11_373.074_833);
    }

    #[test]
    fn too_few_events_or_an_empty_stratum_give_none() {
        let one = |events: u64, time: f64| Stratum { events, squares: events, time, weight: 1.0 };
        assert_eq!(directly_standardised(&[one(9, 10.0)]), None);
        assert_eq!(directly_standardised(&[one(10, 10.0), one(0, 0.0)]), None);
        let found = directly_standardised(&[one(10, 10.0), Stratum::default()]).unwrap();
        assert!((found.rate - 1.0).abs() < 1e-12);
    }
}
