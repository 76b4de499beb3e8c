//! Statistical process control: is a series steady, and where is it not.
//!
//! In: values in the order of time. Out: limits for each point and what stands out, by a named profile of rules. Leaves alone: what
//! a series is of, and what may be shown.
//!
//! Sources: `NHSRplotthedots` 0.2.2 (`ptd-0.2.2`); NHS England, Making Data Count, rules of November 2023 (`mdc-2023`) and the Excel
//! template before them (`excel-legacy`); Shewhart limits 3 / 1.128 = 2.66 mean moving ranges from the mean.

use crate::domain::spc::Profile;

/// Mean moving ranges from the mean to a limit.
const TO_LIMIT: f64 = 2.66;
/// A moving range of so many mean ones or more is screened out.
const SCREEN: f64 = 3.267;
/// Points of a run or trend.
const RUN: usize = 7;

/// What a rise of a series means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aim {
    /// Higher is better.
    Increase,
    /// Lower is better.
    Decrease,
    /// Neither.
    Neither,
}

/// What is expected of a point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// The mean.
    pub centre: f64,
    /// Three sigma below.
    pub lower: f64,
    /// Three sigma above.
    pub upper: f64,
}

impl Limits {
    /// So many sigma each way.
    fn around(centre: f64, three_sigma: f64) -> Self {
        Self { centre, lower: centre - three_sigma, upper: centre + three_sigma }
    }

    /// Whether a value is more than two sigma from the mean.
    fn is_far(&self, value: f64) -> bool {
        let third = |limit: f64| self.centre + (limit - self.centre) * 2.0 / 3.0;
        value < third(self.lower) || value > third(self.upper)
    }

    fn is_outside(&self, value: f64) -> bool {
        value < self.lower || value > self.upper
    }

    /// Which side of the mean a value is on; 0 on it.
    fn side(&self, value: f64) -> i8 {
        sign(value - self.centre)
    }
}

fn sign(value: f64) -> i8 {
    i8::from(value > 0.0) - i8::from(value < 0.0)
}

/// Why a point stands out. In the order in which they are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// Outside the limits.
    Outside,
    /// One of seven points that each rise, or each fall.
    Trend,
    /// One of two in three that are far from the mean on one side of it.
    TwoInThree,
    /// One of seven points in a row on one side of the mean.
    Shift,
}

/// A point that stands out: why, and 1 for high or rising, -1 for low or falling.
pub type Signal = (Rule, i8);

impl Rule {
    /// The words in outputs.
    pub fn text(self, way: i8) -> &'static str {
        match (self, way > 0) {
            (Self::Outside, true) => "above the upper limit",
            (Self::Outside, false) => "below the lower limit",
            (Self::Trend, true) => "rising for 7 points",
            (Self::Trend, false) => "falling for 7 points",
            (Self::TwoInThree, true) => "2 of 3 points high",
            (Self::TwoInThree, false) => "2 of 3 points low",
            (Self::Shift, true) => "7 points above the mean",
            (Self::Shift, false) => "7 points below the mean",
        }
    }
}

/// What a point says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variation {
    /// Nothing: as steady as before.
    Common,
    /// Better.
    Improvement,
    /// Worse.
    Concern,
    /// Higher, where neither is better.
    NeutralHigh,
    /// Lower, where neither is better.
    NeutralLow,
}

impl Variation {
    fn of(way: i8, aim: Aim) -> Self {
        match (aim, way > 0) {
            (Aim::Increase, true) | (Aim::Decrease, false) => Self::Improvement,
            (Aim::Increase, false) | (Aim::Decrease, true) => Self::Concern,
            (Aim::Neither, true) => Self::NeutralHigh,
            (Aim::Neither, false) => Self::NeutralLow,
        }
    }

    /// The word in outputs.
    pub fn id(self) -> &'static str {
        match self {
            Self::Common => "common_cause",
            Self::Improvement => "improvement",
            Self::Concern => "concern",
            Self::NeutralHigh => "neutral_high",
            Self::NeutralLow => "neutral_low",
        }
    }
}

/// Whether a target will be met if nothing changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Assurance {
    /// Every time.
    Pass,
    /// Never.
    Fail,
    /// By chance.
    Inconsistent,
}

impl Assurance {
    /// From the limits of the last point; none without an aim.
    pub fn of(limits: &Limits, target: f64, aim: Aim) -> Option<Self> {
        let (above, below) = match aim {
            Aim::Increase => (Self::Fail, Self::Pass),
            Aim::Decrease => (Self::Pass, Self::Fail),
            Aim::Neither => return None,
        };
        Some(if target > limits.upper {
            above
        } else if target < limits.lower {
            below
        } else {
            Self::Inconsistent
        })
    }

    /// The word in outputs.
    pub fn id(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Inconsistent => "inconsistent",
        }
    }
}

/// Limits of single values (`XmR`), from all of them or from the first `baseline`; none of fewer than two.
pub fn individual_limits(values: &[f64], baseline: Option<usize>, profile: Profile) -> Option<Limits> {
    let base = &values[..baseline.unwrap_or(values.len()).min(values.len())];
    let ranges: Vec<f64> = base.windows(2).map(|two| (two[1] - two[0]).abs()).collect();
    let mut range = mean(&ranges)?;
    if profile == Profile::Ptd022 {
        let kept: Vec<f64> = ranges.into_iter().filter(|one| *one < SCREEN * range).collect();
        range = mean(&kept).unwrap_or(range);
    }
    Some(Limits::around(mean(base)?, TO_LIMIT * range))
}

/// Limits of a share of each of some denominators (p-chart), in the unit of the share; where shares vary more than chance
/// lets them, and only then, the limits are as much wider (Laney's `p'`).
///
/// Source: Laney (2002), Quality Engineering 14:531.
pub fn share_limits(counts: &[(f64, f64)]) -> Option<Vec<Limits>> {
    let (numerator, denominator) = counts.iter().fold((0.0, 0.0), |all, one| (all.0 + one.0, all.1 + one.1));
    if denominator <= 0.0 || counts.iter().any(|(_, of)| *of <= 0.0) {
        return None;
    }
    let share = numerator / denominator;
    let sigma = |of: f64| (share * (1.0 - share) / of).sqrt();
    let wider = spread(counts.iter().map(|(own, of)| (own / of - share) / sigma(*of)));
    let limits = |(_, of): &(f64, f64)| {
        let limits = Limits::around(share, 3.0 * sigma(*of) * wider);
        Limits { lower: limits.lower.max(0.0), upper: limits.upper.min(1.0), ..limits }
    };
    Some(counts.iter().map(limits).collect())
}

/// How many times more points differ from their neighbours than chance lets them; at least 1.
fn spread(scores: impl Iterator<Item = f64>) -> f64 {
    let scores: Vec<f64> = scores.filter(|score| score.is_finite()).collect();
    let ranges: Vec<f64> = scores.windows(2).map(|two| (two[1] - two[0]).abs()).collect();
    mean(&ranges).map_or(1.0, |range| (range / 1.128).max(1.0))
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

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

    fn chart(values: &[f64], baseline: Option<usize>, profile: Profile, aim: Aim) -> (Limits, Vec<Option<Signal>>) {
        let limits = individual_limits(values, baseline, profile).unwrap();
        (limits, signals(values, &vec![limits; values.len()], profile, aim))
    }

    fn is_near(found: &Limits, centre: f64, lower: f64, upper: f64) -> bool {
        [(found.centre, centre), (found.lower, lower), (found.upper, upper)].iter().all(|(a, b)| (a - b).abs() < 6e-6)
    }

    const NORMAL: [f64; 20] = [
        -0.560_475_65,
        -0.230_177_49,
        1.558_708_31,
        0.070_508_39,
        0.129_287_74,
        1.715_064_99,
        0.460_916_21,
        -1.265_061_23,
        -0.686_852_85,
        -0.445_661_97,
        1.224_081_80,
        0.359_813_83,
        0.400_771_45,
        0.110_682_72,
        -0.555_841_13,
        1.786_913_14,
        0.497_850_48,
        -1.966_617_16,
        0.701_355_90,
        -0.472_791_41,
    ];

    /// Vectors of `NHSRplotthedots` 0.2.2.
    #[test]
    fn limits_are_those_of_the_package() {
        let values = [1.0, 2.0, 1.0, 2.0, 10.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0];
        let of = |profile| individual_limits(&values, None, profile).unwrap();
        assert!(is_near(&of(Profile::Ptd022), 1.944_444, -0.715_556, 4.604_444));
        assert!(is_near(&of(Profile::Mdc2023), 1.944_444, -3.062_614, 6.951_503));
        let mut values = NORMAL;
        let of = |values: &[f64], profile| individual_limits(values, None, profile).unwrap();
        assert!(is_near(&of(&values, Profile::Ptd022), 0.141_623_8, -3.011_380, 3.294_627));
        values[14] = 10.0;
        assert!(is_near(&of(&values, Profile::Ptd022), 0.669_415_9, -2.383_666, 3.722_497));
        assert!(is_near(&of(&values, Profile::ExcelLegacy), 0.669_415_9, -4.596_625, 5.935_457));
        assert_eq!(individual_limits(&[1.0], None, Profile::Ptd022), None);
        let split = [&NORMAL[..10], &NORMAL[10..]].map(|half| individual_limits(half, None, Profile::Ptd022).unwrap());
        assert!((split[0].lower + 2.60).abs() < 0.005 && (split[0].upper - 2.75).abs() < 0.005);
        assert!((split[1].lower + 3.28).abs() < 0.005 && (split[1].upper - 3.70).abs() < 0.005);
    }

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

    #[test]
    fn assurance_is_the_target_against_the_limits() {
        let of = |lower, upper, aim| Assurance::of(&Limits { centre: 0.0, lower, upper }, 4.0, aim);
        let all = |aim| [(1.0, 3.0), (5.0, 7.0), (1.0, 5.0)].map(|(lower, upper)| of(lower, upper, aim));
        assert_eq!(all(Aim::Increase), [Assurance::Fail, Assurance::Pass, Assurance::Inconsistent].map(Some));
        assert_eq!(all(Aim::Decrease), [Assurance::Pass, Assurance::Fail, Assurance::Inconsistent].map(Some));
        assert_eq!(all(Aim::Neither), [None; 3]);
    }

    #[test]
    fn a_share_of_50_has_the_published_limits() {
        let limits = share_limits(&[(10.0, 50.0), (10.0, 50.0)]).unwrap();
        assert!((limits[0].lower - 0.030_294).abs() < 1e-6 && (limits[0].upper - 0.369_706).abs() < 1e-6);
        // Two shares of 500 that are 0.1 and 0.3: z of -5.59 and 5.59, a range of 11.18, 9.911 times chance's 1.128.
        let wide = share_limits(&[(50.0, 500.0), (150.0, 500.0)]).unwrap();
        let sigma = (0.2f64 * 0.8 / 500.0).sqrt();
        assert!((wide[1].upper - (0.2 + 3.0 * sigma * (0.2 / sigma / 1.128)).min(1.0)).abs() < 1e-9);
        assert_eq!(share_limits(&[(0.0, 0.0)]), None);
    }
}
