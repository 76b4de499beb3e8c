//! The policy: when a statistic is hidden, and how counts are rounded.

use crate::audit::Range;
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
    /// An earlier release showed another number in the row.
    Revised,
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
            Self::Revised => "r",
        }
    }

    /// Whether a sign in outputs stands at a figure that is shown: a revised one is.
    pub fn is_of_shown(sign: &str) -> bool {
        sign.is_empty() || sign == Self::Revised.sign()
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
    /// Whether nobody is as few as somebody, and hidden too.
    pub hides_nobody: bool,
    /// Whether percentages are made of rounded counts throughout.
    pub rounds_percentages: bool,
    /// How far apart the least and the greatest value must be that a hidden number can have for all that is shown.
    pub least_width: i64,
}

/// A percentage of rounded counts is made from so many.
const LEAST_ROUNDED: u64 = 80;

impl Policy {
    /// The default policy.
    #[cfg(test)]
    pub const STANDARD: Self =
        Self { threshold: 8, round_to: 5, hides_nobody: false, rounds_percentages: false, least_width: 4 };

    /// From settings.
    pub fn new(settings: &Disclosure) -> Self {
        Self {
            threshold: u64::from(settings.threshold()),
            round_to: u64::from(settings.round_to()),
            hides_nobody: settings.policy.hides_nobody(),
            rounds_percentages: settings.policy.rounds_percentages(),
            least_width: i64::from(settings.round_to()) - 1,
        }
    }

    /// Nothing hidden, nothing rounded: for tables that stay inside.
    pub fn exact() -> Self {
        Self { threshold: 0, round_to: 1, hides_nobody: false, rounds_percentages: false, least_width: 0 }
    }

    /// Whether a number of people is too small to be shown. Nobody is not, unless the policy says so.
    pub fn is_small(&self, people: u64) -> bool {
        (self.fewest()..self.threshold).contains(&people)
    }

    /// The least number of people that is hidden.
    pub fn fewest(&self) -> u64 {
        u64::from(!self.hides_nobody)
    }

    /// The same rules as a release states them.
    pub fn words(settings: &Disclosure) -> String {
        format!(
            "audited: policy {}, fewer than {} people hidden, counts rounded to the nearest {}",
            settings.policy.id(),
            settings.threshold(),
            settings.round_to()
        )
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

    /// What a shown, rounded count can have been: nobody, or at least as many as are shown.
    pub fn before_rounding(&self, rounded: u64) -> Range {
        let low = rounded.saturating_sub(self.round_to / 2);
        let high = rounded + (self.round_to - 1) - self.round_to / 2;
        let low = if rounded == 0 { 0 } else { low.max(self.threshold) };
        let high = if rounded == 0 && high < self.threshold { 0 } else { high };
        Range { low: low as i64, high: high as i64 }
    }

    /// A percentage of rounded counts; none where rounding could move it by several points.
    pub fn rounded_percent(&self, numerator: u64, denominator: u64) -> Option<f64> {
        let [own, of] = [numerator, denominator].map(|count| self.round(count));
        (of >= LEAST_ROUNDED).then(|| (100.0 * own as f64 / of as f64).min(100.0))
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

    const POLICY: Policy = Policy::STANDARD;

    #[test]
    fn one_to_seven_people_are_too_few_and_nobody_is_not() {
        assert!(!POLICY.is_small(0) && POLICY.is_small(1) && POLICY.is_small(7) && !POLICY.is_small(8));
    }

    #[test]
    fn rounding_is_to_the_nearest_five() {
        assert_eq!([0, 2, 3, 7, 8, 12, 13].map(|count| POLICY.round(count)), [0, 0, 5, 5, 10, 10, 15]);
    }

    #[test]
    fn what_was_rounded_is_known_to_the_nearest_five_and_never_to_be_of_few() {
        let ranges = [0, 10, 15, 200].map(|shown| POLICY.before_rounding(shown)).map(|range| (range.low, range.high));
        assert_eq!(ranges, [(0, 0), (8, 12), (13, 17), (198, 202)]);
        for count in (8..300).chain([0]) {
            assert!(POLICY.before_rounding(POLICY.round(count)).holds(count as i64), "{count}");
        }
    }

    #[test]
    fn a_percentage_of_rounded_counts_needs_eighty() {
        assert_eq!(POLICY.rounded_percent(41, 77), None);
        assert_eq!(POLICY.rounded_percent(41, 78), Some(50.0));
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
