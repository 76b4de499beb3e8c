//! Rules: what stands out in a series, and what it says.

use super::{Aim, Limits, Rule, Signal, Variation, sign};
use crate::domain::spc::Profile;

/// Points of a run or trend.
const RUN: usize = 7;

/// What stands out among values with limits of their own, and by which rule; a point that several rules flag is given the
/// first that says improvement where the profile asks for it, else the first.
pub fn signals(values: &[f64], limits: &[Limits], profile: Profile, aim: Aim) -> Vec<Option<Signal>> {
    let side: Vec<i8> = values.iter().zip(limits).map(|(value, limits)| limits.side(*value)).collect();
    let outside: Vec<bool> = values.iter().zip(limits).map(|(value, limits)| limits.is_outside(*value)).collect();
    let far: Vec<bool> = values.iter().zip(limits).map(|(value, limits)| limits.is_far(*value)).collect();
    let counts: Vec<bool> =
        (0..values.len()).map(|at| far[at] && (profile == Profile::Mdc2023 || !outside[at])).collect();
    let steps: Vec<i8> = values.windows(2).map(|two| sign(two[1] - two[0])).collect();
    let (trend, shift) = (in_trend(&steps), in_run(&side, RUN));
    let of_point = |at: usize| {
        let all = [
            outside[at].then_some((Rule::Outside, side[at])),
            trend[at].then(|| (Rule::Trend, way_of_trend(at, &trend, &steps))),
            is_two_in_three(at, &counts, &side).then_some((Rule::TwoInThree, side[at])),
            shift[at].then_some((Rule::Shift, side[at])),
        ];
        let found: Vec<Signal> = all.into_iter().flatten().collect();
        let better = found.iter().find(|(_, way)| Variation::of(*way, aim) == Variation::Improvement);
        better.filter(|_| profile != Profile::Ptd022).or(found.first()).copied()
    };
    (0..values.len()).map(of_point).collect()
}

/// What a signal says.
pub fn variation(signal: Option<Signal>, aim: Aim) -> Variation {
    signal.map_or(Variation::Common, |(_, way)| Variation::of(way, aim))
}

/// Whether each of some signs is one of at least `length` in a row that are the same and not 0.
fn in_run(signs: &[i8], length: usize) -> Vec<bool> {
    let mut found = vec![false; signs.len()];
    for start in 0..(signs.len() + 1).saturating_sub(length) {
        let run = &signs[start..start + length];
        if run[0] != 0 && run.iter().all(|sign| *sign == run[0]) {
            found[start..start + length].fill(true);
        }
    }
    found
}

/// Whether each point is one of seven that rise or fall with every step.
fn in_trend(steps: &[i8]) -> Vec<bool> {
    let steps = in_run(steps, RUN - 1);
    let is_in = |at: usize| at.checked_sub(1).is_some_and(|before| steps[before]) || steps.get(at) == Some(&true);
    (0..=steps.len()).map(is_in).collect()
}

/// Which way a point of a trend goes: as the next step, where the next point is in one too, else as the last.
fn way_of_trend(at: usize, trend: &[bool], steps: &[i8]) -> i8 {
    let is_next = trend.get(at + 1) == Some(&true);
    if is_next { steps[at] } else { steps[at - 1] }
}

/// Whether a point that counts is in three in a row on one side of the mean of which two count.
fn is_two_in_three(at: usize, counts: &[bool], side: &[i8]) -> bool {
    let is_such = |start: usize| {
        let three = start..start + 3;
        side.get(three.clone()).is_some_and(|side| side[0] != 0 && side.iter().all(|one| *one == side[0]))
            && counts[three].iter().filter(|counts| **counts).count() >= 2
    };
    counts[at] && (at.saturating_sub(2)..=at).any(is_such)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::spc::individual_limits;

    fn chart(values: &[f64], baseline: Option<usize>, profile: Profile, aim: Aim) -> (Limits, Vec<Option<Signal>>) {
        let limits = individual_limits(values, baseline, profile).unwrap();
        (limits, signals(values, &vec![limits; values.len()], profile, aim))
    }

    fn is_near(found: &Limits, centre: f64, lower: f64, upper: f64) -> bool {
        [(found.centre, centre), (found.lower, lower), (found.upper, upper)].iter().all(|(a, b)| (a - b).abs() < 6e-6)
    }

    /// Vectors of `NHSRplotthedots` 0.2.2.

    #[test]
    fn runs_and_trends_are_those_of_the_package() {
        let shift = |signs: &[i8]| in_run(signs, RUN);
        assert_eq!(shift(&[1, 1, 1, 1, 1, 1, 1, 1, -1]), [true, true, true, true, true, true, true, true, false]);
        assert!(!shift(&[1, 1, 1, 1, 1, 1, -1]).contains(&true));
        let trend = |values: &[f64]| in_trend(&values.windows(2).map(|two| sign(two[1] - two[0])).collect::<Vec<_>>());
        assert_eq!(trend(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]), [true; 7]);
        assert!(!trend(&[1.0, 2.0, 3.0, 3.0, 4.0, 5.0, 6.0]).contains(&true));
        let falls = [2.0, 7.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0, 3.0];
        assert_eq!(trend(&falls), [false, true, true, true, true, true, true, true, false]);
        let two = |counts: [u8; 7], side: [i8; 7]| {
            let counts = counts.map(|one| one == 1);
            (0..7).map(|at| is_two_in_three(at, &counts, &side)).collect::<Vec<_>>()
        };
        // Windows of three with two that count; of them only those points that count are flagged.
        assert_eq!(two([0, 0, 1, 0, 1, 0, 0], [1; 7]), [false, false, true, false, true, false, false]);
        assert_eq!(two([0, 0, 1, 1, 0, 0, 0], [1; 7]), [false, false, true, true, false, false, false]);
        assert_eq!(two([0, 0, 1, 0, 1, 0, 0], [1, 1, 1, 1, -1, -1, 1]), [false; 7]);
    }

    #[test]
    fn a_point_far_on_both_sides_is_common_cause() {
        let mut values: Vec<f64> = (0..16).map(|at| if at % 2 == 0 { 1.0 } else { -1.0 }).collect();
        (values[14], values[15]) = (5.5, -5.5);
        let (limits, found) = chart(&values, None, Profile::Ptd022, Aim::Increase);
        assert!((limits.upper - 6.175).abs() < 1e-9 && limits.is_far(5.5) && !limits.is_far(4.11), "{limits:?}");
        assert!(found.iter().all(Option::is_none));
    }

    /// Vector A: a series that falls for good.

    #[test]
    fn a_long_fall_is_concern_first_and_improvement_then() {
        let values = [52, 48, 50, 53, 47, 51, 49, 50, 52, 48, 46, 45, 44, 43, 42, 41, 40, 39].map(f64::from);
        let (limits, found) = chart(&values, None, Profile::Ptd022, Aim::Decrease);
        assert!(is_near(&limits, 46.666_667, 40.877_255, 52.456_078));
        for (at, signal) in found.iter().enumerate() {
            let expected = match at + 1 {
                4 => (Rule::Outside, 1),
                1..=8 => (Rule::Shift, 1),
                9..=16 => (Rule::Trend, -1),
                _ => (Rule::Outside, -1),
            };
            assert_eq!(*signal, Some(expected), "point {}", at + 1);
            let says = if at < 8 { Variation::Concern } else { Variation::Improvement };
            assert_eq!(variation(*signal, Aim::Decrease), says);
        }
    }

    /// Vector C: the profiles part.

    #[test]
    fn a_point_beyond_the_limit_counts_among_two_of_three_in_2023() {
        let values =
            [100, 104, 98, 102, 97, 103, 99, 101, 100, 98, 102, 99, 112, 103, 108, 100, 99, 101].map(f64::from);
        let flagged = |profile| {
            let (limits, found) = chart(&values, Some(12), profile, Aim::Increase);
            assert!((limits.centre - 100.25).abs() < 1e-9 && (limits.upper - 110.164_545).abs() < 1e-5);
            (0..values.len()).filter(|at| found[*at].is_some()).map(|at| values[at] as i32).collect::<Vec<_>>()
        };
        assert_eq!(flagged(Profile::Ptd022), [112]);
        assert_eq!(flagged(Profile::ExcelLegacy), [112]);
        assert_eq!(flagged(Profile::Mdc2023), [112, 108]);
    }
}
