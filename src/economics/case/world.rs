//! Worlds: one way that the inputs of a case can be.

use super::inputs::{Benefit, Inputs, Known};

/// One way that the inputs can be: a value for each.
#[derive(Debug, Clone, PartialEq)]
pub struct World {
    /// The share who take it up.
    pub engagement: f64,
    /// The share who stay.
    pub retention: f64,
    /// Of each benefit.
    pub benefits: Vec<Drawn>,
    /// What each cost is multiplied by.
    pub costs: Vec<f64>,
}

/// The values of a benefit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Drawn {
    /// How often, without the pathway or with it.
    pub rate: f64,
    /// Which of the two.
    pub known: Known,
    /// With the pathway over without.
    pub ratio: f64,
    /// Pounds for one.
    pub unit_cost: f64,
    /// What would have been avoided anyhow.
    pub deadweight: f64,
    /// The share of the first year.
    pub lag: f64,
    /// The share lost from year to year.
    pub drop_off: f64,
}

impl World {
    /// The best estimates.
    pub fn central(inputs: &Inputs) -> Self {
        let drawn = |benefit: &Benefit| Drawn {
            rate: benefit.rate.central,
            known: benefit.known,
            ratio: benefit.ratio.central,
            unit_cost: benefit.unit_cost.central,
            deadweight: benefit.deadweight.central,
            lag: benefit.lag.central,
            drop_off: benefit.drop_off.central,
        };
        Self {
            engagement: inputs.engagement.central,
            retention: inputs.retention.central,
            benefits: inputs.benefits.iter().map(drawn).collect(),
            costs: inputs.costs.iter().map(|cost| cost.factor.central).collect(),
        }
    }
}
