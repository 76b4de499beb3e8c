//! The ratio of two rates: of the same people before and after, or of independent events.

use super::{Interval, Z_95, proportion};

/// One person's events and time, before and after.
#[derive(Debug, Clone, Copy)]
pub struct Pair {
    /// Events before and after.
    pub events: [f64; 2],
    /// Time before and after, in any one unit.
    pub time: [f64; 2],
}

/// A ratio with its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ratio {
    /// After over before.
    pub ratio: f64,
    /// 95 % interval.
    pub interval: Interval,
    /// Standard error of its logarithm.
    pub standard_error: f64,
}

/// Ratio of the rate after to the rate before, with a variance clustered by person.
///
/// `None` without events or time on either side: there is no ratio then.
///
/// Source: linearised variance of a ratio estimator with people as clusters, Cochran (1977), Sampling Techniques, 6.3;
/// Liang and Zeger (1986), Biometrika 73:13, for the sandwich form it equals.
pub fn after_over_before(people: &[Pair]) -> Option<Ratio> {
    let total = |of: fn(&Pair) -> f64| people.iter().map(of).sum::<f64>();
    let events = [total(|pair| pair.events[0]), total(|pair| pair.events[1])];
    let time = [total(|pair| pair.time[0]), total(|pair| pair.time[1])];
    if events.iter().chain(&time).any(|sum| *sum <= 0.0) || people.len() < 2 {
        return None;
    }
    let rates = [events[0] / time[0], events[1] / time[1]];
    let influence = |pair: &Pair| {
        let part = |at: usize| (pair.events[at] - rates[at] * pair.time[at]) / events[at];
        part(1) - part(0)
    };
    let count = people.len() as f64;
    let variance = people.iter().map(|pair| influence(pair).powi(2)).sum::<f64>() * count / (count - 1.0);
    let ratio = rates[1] / rates[0];
    let standard_error = variance.sqrt();
    let limit = |sign: f64| (ratio.ln() + sign * Z_95 * standard_error).exp();
    Some(Ratio { ratio, interval: Interval { lower: limit(-1.0), upper: limit(1.0) }, standard_error })
}

/// 95 % interval of the ratio of the second rate to the first, exact where events come independently: so many events in so much
/// time.
///
/// `None` without events on either side, or time.
///
/// Source: the second count given their sum is binomial, Przyborowski and Wilenski (1940), Biometrika 31:313.
pub fn exact(events: [u64; 2], time: [f64; 2]) -> Option<Interval> {
    if events.contains(&0) || time.iter().any(|time| *time <= 0.0) {
        return None;
    }
    let share = proportion::exact(events[1], events[0] + events[1])?;
    let ratio = |share: f64| share / (1.0 - share) * time[0] / time[1];
    Some(Interval { lower: ratio(share.lower), upper: ratio(share.upper) })
}

/// Pearson's chi-square over its degrees of freedom for events given time: 1 where events come independently.
///
/// `None` for fewer than two people with time, or no events.
pub fn dispersion(people: impl Iterator<Item = (f64, f64)> + Clone) -> Option<f64> {
    let observed = people.filter(|(_, time)| *time > 0.0);
    let (events, time, count) =
        observed.clone().fold((0.0, 0.0, 0.0), |sum, (events, time)| (sum.0 + events, sum.1 + time, sum.2 + 1.0));
    if count < 2.0 || events <= 0.0 {
        return None;
    }
    let rate = events / time;
    let chi_square: f64 = observed.map(|(events, time)| (events - rate * time).powi(2) / (rate * time)).sum();
    Some(chi_square / (count - 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn independent_single_events_give_the_poisson_error() {
        // 400 people, 40 with one event before, another 20 with one after, equal time: SE of ln ratio is sqrt(1/40 + 1/20),
        // but for the small part that people of both cells share.
        let pair = |before: f64, after: f64| Pair { events: [before, after], time: [1.0, 1.0] };
        let people: Vec<Pair> = (0..400)
            .map(|at| pair(f64::from(u8::from(at < 40)), f64::from(u8::from((40..60).contains(&at)))))
            .collect();
        let found = after_over_before(&people).unwrap();
        assert!((found.ratio - 0.5).abs() < 1e-12);
        assert!((found.standard_error - (1.0_f64 / 40.0 + 1.0 / 20.0).sqrt()).abs() < 0.002);
        assert!(after_over_before(&[pair(1.0, 1.0)]).is_none());
        assert!(after_over_before(&[pair(0.0, 1.0), pair(0.0, 0.0)]).is_none());
    }

    #[test]
    fn exact_gives_the_published_limits() {
        // The example of R's `poisson.test`: 11 in 800 against 21 in 3,011. Then Rothman's: 41 in 28,010 against 15 in 19,017.
        let found = exact([21, 11], [3011.0, 800.0]).unwrap();
        assert!((found.lower - 0.858_426).abs() < 1e-6 && (found.upper - 4.277_266).abs() < 1e-6, "{found:?}");
        let found = exact([15, 41], [19_017.0, 28_010.0]).unwrap();
        assert!((found.lower - 1.005_684).abs() < 1e-6 && (found.upper - 3.609_300).abs() < 1e-6, "{found:?}");
        assert_eq!((exact([0, 3], [1.0, 1.0]), exact([3, 3], [1.0, 0.0])), (None, None));
    }

    #[test]
    fn people_with_one_event_at_most_give_the_published_wald_limits() {
        // Rothman's again, a person for every year, most without an event: 1.855759, 1.027226 to 3.352563.
        let person = |at: usize, event: bool| {
            let mut pair = Pair { events: [0.0; 2], time: [0.0; 2] };
            (pair.events[at], pair.time[at]) = (f64::from(u8::from(event)), 1.0);
            pair
        };
        let before = (0..19_017).map(|at| person(0, at < 15));
        let people: Vec<Pair> = before.chain((0..28_010).map(|at| person(1, at < 41))).collect();
        let found = after_over_before(&people).unwrap();
        assert!((found.ratio - 1.855_759).abs() < 1e-6, "{found:?}");
        assert!((found.interval.lower - 1.027_226).abs() < 1e-3 && (found.interval.upper - 3.352_563).abs() < 2e-3);
    }

    #[test]
    fn someone_who_counts_twice_does_not_make_it_surer() {
        let pair = |before: f64, after: f64| Pair { events: [before, after], time: [1.0, 1.0] };
        let once: Vec<Pair> = (0..100).map(|at| pair(f64::from(at % 3), f64::from(at % 2))).collect();
        let same_people_double: Vec<Pair> = once.iter().map(|p| pair(2.0 * p.events[0], 2.0 * p.events[1])).collect();
        let a = after_over_before(&once).unwrap();
        let b = after_over_before(&same_people_double).unwrap();
        assert!((a.standard_error - b.standard_error).abs() < 1e-12);
    }

    #[test]
    fn dispersion_is_one_for_a_binomial_like_spread() {
        let people = (0..1000).map(|at| (f64::from(u8::from(at < 500)), 1.0));
        assert!((dispersion(people).unwrap() - 0.5).abs() < 0.01);
        assert_eq!(dispersion(std::iter::once((1.0, 1.0))), None);
    }
}
