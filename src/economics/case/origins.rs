//! Origins: what numbers of a case were before they entered it, so that whoever follows them can begin where they were found.

use super::inputs::Spread;
use crate::economics::price_index::Uprating;

/// A price as it was given. The unit cost of the case is its pounds × the uprating × what the scenario multiplies by.
#[derive(Debug, Clone, PartialEq)]
pub struct Priced {
    /// Pounds in the prices of its own year.
    pub pounds: Spread,
    /// From those to the prices of the case.
    pub uprating: Uprating,
    /// What the scenario multiplies by: one where it leaves the price alone.
    pub times: f64,
}

impl Priced {
    /// Pounds in the prices of the case.
    pub fn unit_cost(&self) -> Spread {
        self.pounds.map(|pounds| pounds * self.uprating.factor * self.times)
    }
}

/// A change in the same people. The effect of the case is the change over what was to be expected by itself.
#[derive(Debug, Clone, PartialEq)]
pub struct RawChange {
    /// Rate after over rate before, as found.
    pub ratio: Spread,
    /// The same ratio as it was to be expected without any pathway: regression to the mean.
    pub by_itself: f64,
    /// Where the change comes from.
    pub source: String,
    /// Where the expectation comes from, or why there is none and one is taken.
    pub expectation: String,
}

impl RawChange {
    /// The change without what would have come of itself.
    pub fn effect(&self) -> Spread {
        self.ratio.map(|ratio| ratio / self.by_itself)
    }
}
