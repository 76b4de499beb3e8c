//! Statistical process control: is a series steady, and where is it not.
//!
//! In: values in the order of time. Out: limits for each point and what stands out, by a named profile of rules. Leaves alone: what
//! a series is of, and what may be shown.
//!
//! Sources: `NHSRplotthedots` 0.2.2 (`ptd-0.2.2`); NHS England, Making Data Count, rules of November 2023 (`mdc-2023`) and the Excel
//! template before them (`excel-legacy`); Shewhart limits 3 / 1.128 = 2.66 mean moving ranges from the mean.

mod limits;
mod rules;

pub use limits::{count_limits, gap_limits, individual_limits, rate_limits, share_limits, time_limits};
pub use rules::{signals, variation};

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assurance_is_the_target_against_the_limits() {
        let of = |lower, upper, aim| Assurance::of(&Limits { centre: 0.0, lower, upper }, 4.0, aim);
        let all = |aim| [(1.0, 3.0), (5.0, 7.0), (1.0, 5.0)].map(|(lower, upper)| of(lower, upper, aim));
        assert_eq!(all(Aim::Increase), [Assurance::Fail, Assurance::Pass, Assurance::Inconsistent].map(Some));
        assert_eq!(all(Aim::Decrease), [Assurance::Pass, Assurance::Fail, Assurance::Inconsistent].map(Some));
        assert_eq!(all(Aim::Neither), [None; 3]);
    }
}
