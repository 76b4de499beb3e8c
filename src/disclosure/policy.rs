//! The policy: when a statistic is hidden, and how counts are rounded.

use crate::settings::Disclosure;

/// Why a value is not there, or what to know about it. Printed in its own column; empty for a plain value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marker {
    /// A plain value.
    None,
    /// Hidden: it rests on too few people.
    Hidden,
    /// Not available: a source sent nothing, or a unit cost is missing.
    NotAvailable,
    /// Not applicable: there is nothing it would be out of.
    NotApplicable,
    /// Counts are shown, but they are too few for a percentage.
    TooFew,
    /// A rate that changed by more than the limit since an earlier run.
    Alert,
}

impl Marker {
    /// The sign in outputs.
    pub fn sign(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Hidden => "c",
            Self::NotAvailable => "x",
            Self::NotApplicable => "z",
            Self::TooFew => "u",
            Self::Alert => "a",
        }
    }
}

/// Share of an event count that two people may not reach together, in percent.
const DOMINANCE_PERCENT: u64 = 90;
/// What the others add must be at least this share of the largest, in percent (p-ratio).
const P_PERCENT: u64 = 10;

/// The default policy, with the project's threshold and rounding.
#[derive(Debug, Clone, Copy)]
pub struct Policy {
    /// A statistic that rests on fewer people, but not on nobody, is hidden.
    pub threshold: u64,
    /// Counts are rounded to the nearest multiple.
    pub round_to: u64,
}

impl Policy {
    /// From settings.
    pub fn new(settings: &Disclosure) -> Self {
        Self { threshold: u64::from(settings.threshold), round_to: u64::from(settings.round_to) }
    }

    /// Nothing hidden, nothing rounded: for tables that stay inside.
    pub fn exact() -> Self {
        Self { threshold: 0, round_to: 1 }
    }

    /// Whether a number of people is too small to be shown. Nobody is not.
    pub fn is_small(&self, people: u64) -> bool {
        (1..self.threshold).contains(&people)
    }

    /// Whether two people make up nearly all of a total of events.
    pub fn is_dominated(&self, total: u64, [first, second]: [u64; 2]) -> bool {
        let rest = total.saturating_sub(first + second);
        self.threshold > 0
            && total > 0
            && ((first + second) * 100 >= total * DOMINANCE_PERCENT || rest * 100 < first * P_PERCENT)
    }

    /// To the nearest multiple; halves go up.
    pub fn round(&self, count: u64) -> u64 {
        (count + self.round_to / 2) / self.round_to * self.round_to
    }
}

/// To two significant figures, for figures of models.
pub fn two_figures(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    let scale = 10f64.powi(1 - value.abs().log10().floor() as i32);
    (value * scale).round() / scale
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: Policy = Policy { threshold: 8, round_to: 5 };

    #[test]
    fn one_to_seven_people_are_too_few_and_nobody_is_not() {
        assert!(!POLICY.is_small(0) && POLICY.is_small(1) && POLICY.is_small(7) && !POLICY.is_small(8));
    }

    #[test]
    fn rounding_is_to_the_nearest_five() {
        assert_eq!([0, 2, 3, 7, 8, 12, 13].map(|count| POLICY.round(count)), [0, 0, 5, 5, 10, 10, 15]);
    }

    #[test]
    fn one_person_with_most_of_the_visits_dominates() {
        assert!(POLICY.is_dominated(20, [12, 6]));
        assert!(!POLICY.is_dominated(20, [5, 3]));
        assert!(POLICY.is_dominated(1000, [930, 10]));
        assert!(!POLICY.is_dominated(0, [0, 0]));
    }

    #[test]
    fn the_exact_policy_hides_and_rounds_nothing() {
        let exact = Policy::exact();
        assert!((0..9).all(|people| !exact.is_small(people) && exact.round(people) == people));
        assert!(!exact.is_dominated(1, [1, 0]));
    }

    #[test]
    fn two_figures_are_kept() {
        assert!((two_figures(0.7712) - 0.77).abs() < 1e-12);
        assert!((two_figures(1234.0) - 1200.0).abs() < 1e-9);
        assert!(two_figures(0.0).abs() < f64::EPSILON);
    }
}
