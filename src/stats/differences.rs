//! Difference in differences of rates: did one arm change more than the other.

use super::Interval;
use super::Z_95;
use super::model::Ratio;
use super::ratio::{self, Pair};

/// Events and time of an arm in a window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    /// Events.
    pub events: f64,
    /// Time, in any one unit.
    pub time: f64,
}

/// Two arms, each before and after.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Four {
    /// The arm with the change.
    pub treated: [Rate; 2],
    /// The arm without.
    pub control: [Rate; 2],
}

/// A difference with its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    /// In events per unit of time.
    pub difference: f64,
    /// 95 % interval.
    pub interval: Interval,
    /// Its standard error.
    pub standard_error: f64,
}

impl Four {
    fn all(&self) -> [Rate; 4] {
        [self.treated[1], self.treated[0], self.control[0], self.control[1]]
    }

    /// Ratio of the two ratios of after to before, for events that come independently. `None` where a window has no events or no
    /// time.
    pub fn ratio_of_ratios(&self) -> Option<Ratio> {
        let all = self.all();
        if all.iter().any(|rate| rate.events <= 0.0 || rate.time <= 0.0) {
            return None;
        }
        let logarithm = all.map(|rate| (rate.events / rate.time).ln());
        let variance = all.iter().map(|rate| 1.0 / rate.events).sum();
        Some(Ratio::of(logarithm[0] - logarithm[1] + logarithm[2] - logarithm[3], variance))
    }

    /// Difference of the two differences of after less before, for events that come independently. `None` where a window has no
    /// time.
    pub fn difference(&self) -> Option<Difference> {
        let all = self.all();
        if all.iter().any(|rate| rate.time <= 0.0) {
            return None;
        }
        let rate = all.map(|rate| rate.events / rate.time);
        let standard_error = all.iter().map(|rate| rate.events / rate.time.powi(2)).sum::<f64>().sqrt();
        let difference = rate[0] - rate[1] + rate[2] - rate[3];
        let limit = |sign: f64| difference + sign * Z_95 * standard_error;
        let interval = Interval { lower: limit(-1.0), upper: limit(1.0) };
        Some(Difference { difference, interval, standard_error })
    }
}

/// Ratio of the two ratios of after to before with people as clusters: each person before and after, and nobody in both arms.
/// `None` where an arm has no ratio.
pub fn by_person(treated: &[Pair], control: &[Pair]) -> Option<Ratio> {
    let (treated, control) = (ratio::after_over_before(treated)?, ratio::after_over_before(control)?);
    let variance = treated.standard_error.powi(2) + control.standard_error.powi(2);
    Some(Ratio::of(treated.ratio.ln() - control.ratio.ln(), variance))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FOUR: Four = Four {
        treated: [Rate { events: 120.0, time: 100.0 }, Rate { events: 90.0, time: 98.5 }],
        control: [Rate { events: 210.0, time: 200.0 }, Rate { events: 200.0, time: 195.0 }],
    };

    #[test]
    fn the_vector_of_the_evaluation_research() {
        let found = FOUR.ratio_of_ratios().unwrap();
        assert!((found.ratio - 0.779_505).abs() < 5e-7, "{found:?}");
        assert!((found.interval.lower - 0.557_635).abs() < 5e-7 && (found.interval.upper - 1.089_653).abs() < 5e-7);
        let found = FOUR.difference().unwrap();
        assert!((found.difference + 0.261_935).abs() < 5e-7, "{found:?}");
        assert!((found.standard_error - 0.178_286).abs() < 5e-7, "{found:?}");
        assert!(found.interval.lower < found.difference && found.interval.upper > 0.0);
    }

    #[test]
    fn a_window_without_events_has_no_ratio_but_a_difference() {
        let none = Four { control: [Rate { events: 0.0, time: 200.0 }, FOUR.control[1]], ..FOUR };
        assert_eq!(none.ratio_of_ratios(), None);
        let wanted = 90.0 / 98.5 - 1.2 - 200.0 / 195.0;
        assert!((none.difference().unwrap().difference - wanted).abs() < 1e-12);
        let timeless = Four { control: [Rate { events: 1.0, time: 0.0 }, FOUR.control[1]], ..FOUR };
        assert_eq!((timeless.difference(), timeless.ratio_of_ratios()), (None, None));
    }

    #[test]
    fn people_with_the_same_events_twice_do_not_change() {
        // Everybody's events are the same share of their arm before and after: each arm's ratio is certain.
        let pair = |before: f64, after: f64| Pair { events: [before, after], time: [1.0, 1.0] };
        let treated: Vec<Pair> = (1..=50).map(|at| pair(f64::from(at % 3 + 2), f64::from(at % 3 + 2) / 2.0)).collect();
        let control: Vec<Pair> = (1..=50).map(|at| pair(f64::from(at % 4 + 1), f64::from(at % 4 + 1) * 0.8)).collect();
        let found = by_person(&treated, &control).unwrap();
        assert!((found.ratio - 0.625).abs() < 1e-12 && found.standard_error < 1e-12);
        assert_eq!(by_person(&treated, &[]), None);
    }
}
