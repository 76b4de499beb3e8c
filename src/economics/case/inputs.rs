//! Inputs: what a business case is worked out from, and which of it may be out by how much.

use serde::{Deserialize, Serialize};

use super::origins::{Priced, RawChange};
use super::world::World;
use crate::economics::price_index::Uprating;
use crate::settings::business_case::EffectDesign;

/// A number and the ends of its 95 % interval; all three alike where it is taken as known.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    /// The best estimate.
    pub central: f64,
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

impl Spread {
    /// A number that is taken as known.
    pub fn known(central: f64) -> Self {
        Self { central, low: central, high: central }
    }

    /// The same with each of the three numbers made another.
    #[must_use]
    pub fn map(self, of: impl Fn(f64) -> f64) -> Self {
        Self { central: of(self.central), low: of(self.low), high: of(self.high) }
    }

    /// Taken at its upper end.
    #[must_use]
    pub fn at_high(self) -> Self {
        Self { central: self.high, ..self }
    }

    /// Whether it may be out at all.
    pub fn is_known(self) -> bool {
        self.low >= self.high
    }
}

/// How a benefit's pounds are divided. Unit: shares of one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shares {
    /// Of public budgets.
    pub fiscal: f64,
    /// Of the economy.
    pub economic: f64,
    /// Of people's well-being.
    pub social: f64,
}

/// What a cost is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CostKind {
    /// Buildings and equipment.
    Capital,
    /// Pay and running costs.
    Revenue,
    /// Given, not paid for: in the economic case only.
    InKind,
}

impl CostKind {
    /// The word in outputs.
    pub fn id(self) -> &'static str {
        match self {
            Self::Capital => "capital",
            Self::Revenue => "revenue",
            Self::InKind => "in_kind",
        }
    }
}

/// A line of cost.
#[derive(Debug, Clone, PartialEq)]
pub struct CostLine {
    /// What it is.
    pub name: String,
    /// What it is of.
    pub kind: CostKind,
    /// Whose budget it falls on.
    pub payer: String,
    /// Pounds in each year of the case as they were given, in the prices of their own year.
    pub given: Vec<f64>,
    /// From those to the prices of the case.
    pub uprating: Uprating,
    /// Pounds in each year of the case, before optimism bias.
    pub per_year: Vec<f64>,
    /// By what all years are multiplied at the ends of the interval.
    pub factor: Spread,
    /// The share that is put on top. Unit: of one.
    pub bias: f64,
    /// The grade of its evidence.
    pub grade: u8,
    /// Where it comes from.
    pub source: String,
}

/// What it is known by how often something happens without the pathway.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Known {
    /// By how often it happens without the pathway.
    Without,
    /// By how often it happens with it, over the ratio: another effect is another need.
    With,
    /// The same where the effect was found in the same people: the rate is a part of it, and they are drawn together.
    Together {
        /// How many people the rate was found in.
        people: f64,
    },
}

impl Known {
    /// What a reader calls the rate.
    pub fn words(self) -> &'static str {
        match self {
            Self::Without => "how often without the pathway",
            Self::With | Self::Together { .. } => "rate in the year after",
        }
    }
}

/// Something that happens less often.
#[derive(Debug, Clone, PartialEq)]
pub struct Benefit {
    /// What it is.
    pub name: String,
    /// What is counted.
    pub unit: String,
    /// Whose budget carries less.
    pub agency: String,
    /// How often it happens, without the pathway or with it. Unit: a person and year.
    pub rate: Spread,
    /// Which of the two.
    pub known: Known,
    /// How often it happens with the pathway, over how often without.
    pub ratio: Spread,
    /// How the ratio was found.
    pub design: EffectDesign,
    /// What the ratio was before; none of an effect that has a comparison.
    pub change: Option<RawChange>,
    /// Pounds for one.
    pub unit_cost: Spread,
    /// What those were before.
    pub price: Priced,
    /// The share that would have been avoided anyhow.
    pub deadweight: Spread,
    /// The share of the first year in which nothing is avoided yet.
    pub lag: Spread,
    /// The share that is lost from each year to the next.
    pub drop_off: Spread,
    /// How pounds are divided.
    pub shares: Shares,
    /// The share of the fiscal part that somebody can take out of a budget.
    pub cashability: f64,
    /// The share that is taken off. Unit: of one.
    pub bias: f64,
    /// The grade of its evidence.
    pub grade: u8,
    /// Where its numbers come from.
    pub sources: Sources,
}

/// Where the numbers of a benefit come from.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sources {
    /// How often without the pathway.
    pub need: String,
    /// With the pathway over without.
    pub effect: String,
    /// Pounds for one.
    pub unit_cost: String,
    /// What would have been avoided anyhow, or why that is nothing.
    pub deadweight: String,
    /// The share of the first year.
    pub lag: String,
    /// The share lost from year to year.
    pub drop_off: String,
}

/// Everything that a case is worked out from.
#[derive(Debug, Clone, PartialEq)]
pub struct Inputs {
    /// How many people begin in each year of the case.
    pub people: Vec<f64>,
    /// The share of them who take it up.
    pub engagement: Spread,
    /// The share of those who stay.
    pub retention: Spread,
    /// What a pound of each year is worth in the first: one for that year.
    pub discount: Vec<f64>,
    /// Costs.
    pub costs: Vec<CostLine>,
    /// Benefits.
    pub benefits: Vec<Benefit>,
}

impl Inputs {
    /// How many years the case looks at.
    pub fn years(&self) -> usize {
        self.discount.len()
    }

    /// Every input that may be out, benefits first.
    pub fn uncertain(&self) -> Vec<Input> {
        let benefits = (0..self.benefits.len()).flat_map(|at| {
            [
                Input::Ratio(at),
                Input::UnitCost(at),
                Input::Rate(at),
                Input::Deadweight(at),
                Input::Lag(at),
                Input::DropOff(at),
            ]
        });
        let costs = (0..self.costs.len()).map(Input::Cost);
        let all = benefits.chain([Input::Engagement, Input::Retention]).chain(costs);
        all.filter(|input| !input.spread(self).is_known()).collect()
    }
}

/// An input that may be out; of a benefit or cost by its position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// The share who take it up.
    Engagement,
    /// The share who stay.
    Retention,
    /// How often it happens, without the pathway or with it.
    Rate(usize),
    /// With the pathway over without.
    Ratio(usize),
    /// Pounds for one.
    UnitCost(usize),
    /// What would have been avoided anyhow.
    Deadweight(usize),
    /// The share of the first year.
    Lag(usize),
    /// The share lost from year to year.
    DropOff(usize),
    /// What a cost is multiplied by.
    Cost(usize),
}

/// How an input is spread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Law {
    /// A ratio: its logarithm is normal.
    LogNormal,
    /// A share of one.
    Beta,
    /// A number from nothing up.
    Gamma,
}

impl Input {
    /// Its value and interval.
    pub fn spread(self, inputs: &Inputs) -> Spread {
        match self {
            Self::Engagement => inputs.engagement,
            Self::Retention => inputs.retention,
            Self::Rate(at) => inputs.benefits[at].rate,
            Self::Ratio(at) => inputs.benefits[at].ratio,
            Self::UnitCost(at) => inputs.benefits[at].unit_cost,
            Self::Deadweight(at) => inputs.benefits[at].deadweight,
            Self::Lag(at) => inputs.benefits[at].lag,
            Self::DropOff(at) => inputs.benefits[at].drop_off,
            Self::Cost(at) => inputs.costs[at].factor,
        }
    }

    /// How it is drawn.
    pub fn law(self) -> Law {
        match self {
            Self::Ratio(_) => Law::LogNormal,
            Self::Engagement | Self::Retention | Self::Deadweight(_) | Self::Lag(_) | Self::DropOff(_) => Law::Beta,
            Self::Rate(_) | Self::UnitCost(_) | Self::Cost(_) => Law::Gamma,
        }
    }

    /// What a reader calls it.
    pub fn words(self, inputs: &Inputs) -> String {
        let of = |what: &str, at: usize| format!("{what}: {}", inputs.benefits[at].name);
        match self {
            Self::Engagement => "people who take it up".to_owned(),
            Self::Retention => "people who stay".to_owned(),
            Self::Rate(at) => of(inputs.benefits[at].known.words(), at),
            Self::Ratio(at) => of("effect", at),
            Self::UnitCost(at) => of("unit cost", at),
            Self::Deadweight(at) => of("avoided anyhow", at),
            Self::Lag(at) => of("lost in the first year", at),
            Self::DropOff(at) => of("lost from year to year", at),
            Self::Cost(at) => format!("cost: {}", inputs.costs[at].name),
        }
    }

    /// Sets it in a world.
    pub fn set(self, world: &mut World, value: f64) {
        match self {
            Self::Engagement => world.engagement = value,
            Self::Retention => world.retention = value,
            Self::Rate(at) => world.benefits[at].rate = value,
            Self::Ratio(at) => world.benefits[at].ratio = value,
            Self::UnitCost(at) => world.benefits[at].unit_cost = value,
            Self::Deadweight(at) => world.benefits[at].deadweight = value,
            Self::Lag(at) => world.benefits[at].lag = value,
            Self::DropOff(at) => world.benefits[at].drop_off = value,
            Self::Cost(at) => world.costs[at] = value,
        }
    }
}
