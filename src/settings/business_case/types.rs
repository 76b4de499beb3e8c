//! What a business case's file may say, key by key.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One business case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseConfig {
    /// Its name in outputs.
    pub id: String,
    /// What a reader calls it.
    pub title: String,
    /// The pathway that it is about.
    pub pathway: String,
    /// The first financial year, such as `2026/27`: it is not discounted.
    pub first_year: String,
    /// How many years it looks at.
    pub years: usize,
    /// The financial year whose prices all pounds are in.
    pub price_year: String,
    /// The schedule of discount rates.
    #[serde(default = "green_book")]
    pub discount: String,
    /// How many people begin in each year, from the first on.
    pub people: Vec<f64>,
    /// The share of them who take it up.
    pub engagement: Number,
    /// The share of those who stay.
    pub retention: Number,
    /// What it costs.
    pub cost: Vec<CostConfig>,
    /// What happens less often.
    pub benefit: Vec<BenefitConfig>,
    /// The same with other numbers, beside the base and the cautious case.
    #[serde(default)]
    pub scenario: Vec<ScenarioConfig>,
    /// What others promise of such pathways: it stands beside the case and is no part of it.
    pub benchmark: Option<Benchmark>,
}

fn green_book() -> String {
    "green_book".to_owned()
}

/// A number with where it comes from; `low` and `high` are the ends of its 95 % interval.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Number {
    /// The best estimate.
    pub value: f64,
    /// The lower end; with `high` or not at all.
    pub low: Option<f64>,
    /// The upper end.
    pub high: Option<f64>,
    /// Where it comes from.
    pub source: String,
}

/// What a cost is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Buildings and equipment.
    Capital,
    /// Pay and running costs.
    Revenue,
    /// Given, not paid for.
    InKind,
}

/// One line of cost.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CostConfig {
    /// What it is.
    pub name: String,
    /// What it is of.
    pub kind: Kind,
    /// Whose budget it falls on.
    pub payer: String,
    /// Pounds in each year, from the first on.
    pub per_year: Vec<f64>,
    /// How much lower it may be. Unit: percent.
    #[serde(default)]
    pub low_percent: f64,
    /// How much higher it may be. Unit: percent.
    #[serde(default)]
    pub high_percent: f64,
    /// The year of its prices.
    pub price_year: Option<String>,
    /// The grade of its evidence in the table of optimism bias.
    pub grade: u8,
    /// Where it comes from.
    pub source: String,
}

/// How often something happens without the pathway, a person and year: given, or as this run finds it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Need {
    /// The best estimate.
    pub value: Option<f64>,
    /// The lower end of its 95 % interval; with `high` or not at all.
    pub low: Option<f64>,
    /// The upper end.
    pub high: Option<f64>,
    /// Where it comes from.
    pub source: Option<String>,
    /// In place of a value: the metric of `before_after.csv` whose rate in the year after, over the effect, it is, such as
    /// `px_rate_ed`.
    pub of_run: Option<String>,
}

/// How an effect was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EffectDesign {
    /// A trial in which chance decided.
    Trial,
    /// Comparators who are alike.
    Matched,
    /// The change of one group less that of another.
    Did,
    /// A series beside that of a control.
    ItsControlled,
    /// A change in the same people.
    BeforeAfter,
}

impl EffectDesign {
    /// The word in outputs.
    pub fn id(self) -> &'static str {
        match self {
            Self::Trial => "trial",
            Self::Matched => "matched",
            Self::Did => "did",
            Self::ItsControlled => "its_controlled",
            Self::BeforeAfter => "before_after",
        }
    }
}

/// How much less often something happens with the pathway: given, or as this run finds it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EffectConfig {
    /// How it was found.
    pub design: EffectDesign,
    /// How often with the pathway over how often without.
    pub ratio: Option<f64>,
    /// The lower end of its 95 % interval.
    pub low: Option<f64>,
    /// The upper end.
    pub high: Option<f64>,
    /// Of a change in the same people: the ratio to be expected by itself, by which the change is divided.
    pub by_itself: Option<f64>,
    /// Where it comes from.
    pub source: Option<String>,
    /// In place of a ratio: the metric whose effect this run finds by the design, such as `px_rate_ed`.
    pub of_run: Option<String>,
}

/// What one unit is worth: an item of the unit costs, or pounds of its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UnitCostConfig {
    /// An item of the unit costs.
    pub item: Option<String>,
    /// Pounds for one.
    pub value: Option<f64>,
    /// The least it may be, in pounds; with `high` or not at all.
    pub low: Option<f64>,
    /// The most it may be, in pounds.
    pub high: Option<f64>,
    /// The year of its prices.
    pub price_year: Option<String>,
    /// Where it comes from.
    pub source: Option<String>,
}

/// Something that happens less often.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BenefitConfig {
    /// What it is.
    pub name: String,
    /// What is counted.
    pub unit: String,
    /// Whose budget carries less.
    pub agency: String,
    /// How often it happens without the pathway.
    pub need: Need,
    /// How much less often with it.
    pub effect: EffectConfig,
    /// What one is worth.
    pub unit_cost: UnitCostConfig,
    /// The share that would have been avoided anyhow: of a change in the same people, and of nothing else.
    pub deadweight: Option<Number>,
    /// The share of the first year in which nothing is avoided yet.
    pub lag: Number,
    /// The share that is lost from each year to the next.
    pub drop_off: Number,
    /// The share of the fiscal part that somebody can take out of a budget.
    #[serde(default)]
    pub cashability: f64,
    /// The share that falls to public budgets; with `economic` and `social` one.
    #[serde(default = "one")]
    pub fiscal: f64,
    /// The share that falls to the economy.
    #[serde(default)]
    pub economic: f64,
    /// The share that is people's well-being.
    #[serde(default)]
    pub social: f64,
    /// The grade of its evidence in the table of optimism bias.
    pub grade: u8,
}

fn one() -> f64 {
    1.0
}

/// A case with other numbers; what is not said stays as in the base case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScenarioConfig {
    /// Its name in outputs.
    pub name: String,
    /// What the people who begin are multiplied by.
    pub people_factor: Option<f64>,
    /// The share who take it up.
    pub engagement: Option<f64>,
    /// The share who stay.
    pub retention: Option<f64>,
    /// The share of the first year in which nothing is avoided yet.
    pub lag: Option<f64>,
    /// The share that is lost from each year to the next.
    pub drop_off: Option<f64>,
    /// What unit costs are multiplied by.
    pub unit_cost_factor: Option<f64>,
    /// What costs are multiplied by.
    pub cost_factor: Option<f64>,
}

/// What others promise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Benchmark {
    /// How much less cost. Unit: percent.
    pub percent: f64,
    /// Who says so.
    pub source: String,
}
