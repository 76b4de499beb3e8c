//! Bootstrap with people as units: what an estimate would have been with other people, drawn from the same ones.

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::Interval;

/// How many times people are drawn.
pub const DRAWS: usize = 2000;
/// More people than this are dealt to so many groups, drawn whole: people are independent, so that groups of them are too, and
/// the time no longer grows with people.
const MOST_UNITS: usize = 2000;
/// Draws without an estimate, such as a ratio without events before, may be so many in a hundred.
const MOST_UNDEFINED_PERCENT: usize = 5;

/// What the draws say of an estimate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// Between the 2.5th and the 97.5th percentile of the draws.
    pub interval: Interval,
    /// Standard deviation of the draws.
    pub standard_error: f64,
}

/// Draws the people of each arm again, each arm on its own, and works `count` estimates out from the sums over those drawn.
///
/// `arms` have one row a person: what the person adds to each of the sums. The order of people makes no difference. None of an
/// estimate with fewer than two people in an arm, or where it does not exist for more than 5 % of the draws.
///
/// Source: Efron and Tibshirani (1993), An Introduction to the Bootstrap, 13.3 (percentile interval); `ChaCha` with 8 rounds.
pub fn of_people<const N: usize>(
    arms: &[Vec<[f64; N]>],
    count: usize,
    estimates: impl Fn(&[[f64; N]]) -> Vec<Option<f64>>,
    seed: [u8; 32],
) -> Vec<Option<Spread>> {
    if count == 0 || arms.iter().any(|arm| arm.len() < 2) {
        return vec![None; count];
    }
    let mut chance = ChaCha8Rng::from_seed(seed);
    let units: Vec<Vec<[f64; N]>> = arms.iter().map(|arm| units(arm, &mut chance)).collect();
    let mut found = vec![Vec::with_capacity(DRAWS); count];
    for _ in 0..DRAWS {
        let sums: Vec<[f64; N]> = units.iter().map(|units| drawn(units, &mut chance)).collect();
        for (all, value) in found.iter_mut().zip(estimates(&sums)) {
            all.extend(value.filter(|value| value.is_finite()));
        }
    }
    found.into_iter().map(spread).collect()
}

fn spread(mut draws: Vec<f64>) -> Option<Spread> {
    if (DRAWS - draws.len()) * 100 > DRAWS * MOST_UNDEFINED_PERCENT {
        return None;
    }
    draws.sort_by(f64::total_cmp);
    let n = draws.len() as f64;
    let mean = draws.iter().sum::<f64>() / n;
    let variance = draws.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0);
    let tail = draws.len() / 40;
    let interval = Interval { lower: draws[tail], upper: draws[draws.len() - 1 - tail] };
    Some(Spread { interval, standard_error: variance.sqrt() })
}

/// The people in an order of their own, or many of them in groups at random.
fn units<const N: usize>(people: &[[f64; N]], chance: &mut ChaCha8Rng) -> Vec<[f64; N]> {
    let mut people = people.to_vec();
    people.sort_by(|a, b| {
        let mut each = a.iter().zip(b).map(|(a, b)| a.total_cmp(b));
        each.find(|order| order.is_ne()).unwrap_or(std::cmp::Ordering::Equal)
    });
    if people.len() <= MOST_UNITS {
        return people;
    }
    for at in (1..people.len()).rev() {
        people.swap(at, chance.random_range(0..=at));
    }
    let mut groups = vec![[0.0; N]; MOST_UNITS];
    for (at, person) in people.iter().enumerate() {
        add(&mut groups[at % MOST_UNITS], person);
    }
    groups
}

fn add<const N: usize>(sum: &mut [f64; N], own: &[f64; N]) {
    sum.iter_mut().zip(own).for_each(|(sum, own)| *sum += own);
}

/// The sums over as many units as there are, drawn with replacement.
fn drawn<const N: usize>(units: &[[f64; N]], chance: &mut impl Rng) -> [f64; N] {
    let mut sum = [0.0; N];
    for _ in 0..units.len() {
        add(&mut sum, &units[chance.random_range(0..units.len())]);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::ratio::{Pair, after_over_before};

    const SEED: [u8; 32] = [7; 32];

    fn ratio_of(people: &[[f64; 2]], seed: [u8; 32]) -> Option<Spread> {
        of_people(&[people.to_vec()], 1, |sums| vec![Some(sums[0][0] / sums[0][1])], seed)[0]
    }

    #[test]
    fn the_error_of_a_mean_is_the_ideal_one() {
        // Known: sqrt(sum (x - mean)^2) / n. PHEindicatormethods' eight values: 6.937019; so many draws come within 3 %.
        let values = [33.09375, 48.38596, 64.83495, 67.98475, 22.93556, 71.23587, 38.78465, 82.37927];
        let people: Vec<[f64; 2]> = values.into_iter().map(|value| [value, 1.0]).collect();
        let found = ratio_of(&people, SEED).unwrap();
        assert!((found.standard_error / 6.937_019 - 1.0).abs() < 0.03, "{found:?}");
        assert!(
            (found.interval.lower - (53.7 - 13.6)).abs() < 2.0 && (found.interval.upper - (53.7 + 13.6)).abs() < 2.0
        );
    }

    #[test]
    fn the_order_of_people_makes_no_difference_and_the_seed_does() {
        let people: Vec<[f64; 2]> = (0..5000).map(|at| [f64::from(at * at % 97), 1.0]).collect();
        let turned: Vec<[f64; 2]> = people.iter().rev().copied().collect();
        assert_eq!(ratio_of(&people, SEED), ratio_of(&turned, SEED));
        assert_ne!(ratio_of(&people, SEED), ratio_of(&people, [8; 32]));
    }

    #[test]
    fn many_people_in_groups_have_the_error_that_they_have_alone() {
        let people: Vec<[f64; 2]> = (0..20_000).map(|at| [f64::from(at * 7 % 101), 1.0]).collect();
        let ideal = {
            let mean = people.iter().map(|one| one[0]).sum::<f64>() / 20_000.0;
            people.iter().map(|one| (one[0] - mean).powi(2)).sum::<f64>().sqrt() / 20_000.0
        };
        let found = ratio_of(&people, SEED).unwrap();
        assert!((found.standard_error / ideal - 1.0).abs() < 0.08, "{found:?} {ideal}");
    }

    #[test]
    fn a_rate_ratio_has_the_interval_of_the_robust_variance() {
        let one = |at: u32| [f64::from(at % 3), f64::from(at % 4 / 2), 1.0, 0.5 + f64::from(at % 5) / 10.0];
        let people: Vec<[f64; 4]> = (0..600).map(one).collect();
        let ratio = |sums: &[[f64; 4]]| vec![Some(sums[0][1] / sums[0][3] / (sums[0][0] / sums[0][2]))];
        let pairs: Vec<Pair> =
            people.iter().map(|own| Pair { events: [own[0], own[1]], time: [own[2], own[3]] }).collect();
        let robust = after_over_before(&pairs).unwrap();
        let found = of_people(&[people], 1, ratio, SEED)[0].unwrap();
        let width = robust.interval.upper - robust.interval.lower;
        assert!((found.interval.lower - robust.interval.lower).abs() < 0.1 * width, "{found:?} {robust:?}");
        assert!((found.interval.upper - robust.interval.upper).abs() < 0.1 * width, "{found:?} {robust:?}");
    }

    #[test]
    fn without_enough_people_or_estimates_there_is_none() {
        assert_eq!(ratio_of(&[[1.0, 1.0]], SEED), None);
        // One person in twenty has the only event: a third of the draws have none.
        let people: Vec<[f64; 2]> = (0..20).map(|at| [1.0, f64::from(u8::from(at == 0))]).collect();
        assert_eq!(ratio_of(&people, SEED), None);
    }
}
