//! Reporting periods.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::domain::period::{Period, Span};

/// How many periods of each length are reported, each up to `as_of`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Periods {
    /// Calendar months; without breakdowns.
    pub months: usize,
    /// Financial quarters; their breakdowns stay in the internal tier.
    pub quarters: usize,
    /// Financial years; the only periods whose breakdowns are released.
    pub years: usize,
    /// Spans of twelve months, each ending with a month; without breakdowns, and not released, for they overlap.
    pub twelve_months: usize,
}

impl Default for Periods {
    fn default() -> Self {
        Self { months: 0, quarters: 12, years: 0, twelve_months: 0 }
    }
}

impl Periods {
    /// The periods up to a day, by span, oldest first; spans without periods are left out.
    pub fn up_to(&self, as_of: i32) -> Vec<Vec<Period>> {
        let counts = [self.months, self.quarters, self.years, self.twelve_months];
        let all = Span::ALL.into_iter().zip(counts).map(|(span, count)| Period::up_to(as_of, span, count));
        all.filter(|periods| !periods.is_empty()).collect()
    }

    /// What is wrong, if anything.
    pub fn fault(&self) -> Option<&'static str> {
        if !(1..=200).contains(&self.quarters) {
            return Some("`periods.quarters` is not 1 to 200");
        }
        let others = [self.months, self.years, self.twelve_months];
        others.iter().any(|count| *count > 600).then_some("a number in `[periods]` is over 600")
    }
}
