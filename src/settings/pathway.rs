//! Pathways as config says them: where index events come from and what qualifies. Nothing about a pathway is in code.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

/// Which side of a comparison a pathway is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The offer that is evaluated.
    Redesigned,
    /// Usual care, for comparison.
    Comparator,
}

impl Role {
    /// The word in outputs.
    pub fn id(self) -> &'static str {
        match self {
            Self::Redesigned => "redesigned",
            Self::Comparator => "comparator",
        }
    }
}

/// One pathway.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PathwayConfig {
    /// The name in outputs: the key of its table in config.
    #[serde(skip)]
    pub id: String,
    /// What a reader calls it.
    pub title: String,
    /// Its side of a comparison.
    pub role: Role,
    /// For a comparator: the redesigned pathway it is compared with.
    pub of: Option<String>,
    /// The index event.
    pub index: Index,
    /// What qualifies; every condition holds.
    #[serde(rename = "where")]
    pub conditions: Vec<Condition>,
    /// First index date.
    #[schemars(with = "String", extend("format" = "date"))]
    pub from: toml::value::Datetime,
    /// Days before the index without an earlier qualifying event.
    #[serde(default = "a_year")]
    pub washout_days: i32,
    /// The column that says when a person leaves; without it nobody leaves before the window ends.
    pub leaves: Option<String>,
    /// Why people were chosen: `nothing`, or the metric that was high.
    #[serde(default = "nothing")]
    pub selected_on: String,
    /// What delivering the pathway costs.
    pub delivery_cost: Option<DeliveryCost>,
}

fn a_year() -> i32 {
    365
}

fn nothing() -> String {
    "nothing".to_owned()
}

/// Where index events come from.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Index {
    /// The canonical table; `referrals`.
    pub table: String,
    /// The date column that is the index date.
    pub date: String,
}

/// The cost of delivery.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeliveryCost {
    /// Pounds per attended contact of the index referral.
    pub per_contact: f64,
    /// The year of its prices.
    pub price_year: String,
    /// Where the figure comes from.
    pub source: String,
    /// The least it may be, in pounds; with `high` or not at all.
    pub low: Option<f64>,
    /// The most it may be, in pounds.
    pub high: Option<f64>,
    /// Who pays for it.
    #[serde(default = "the_funder")]
    pub payer: String,
}

fn the_funder() -> String {
    "funder of the pathway".to_owned()
}

/// One condition on a column of the index table.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// The column.
    pub column: String,
    /// The value is one of these.
    #[serde(rename = "in")]
    pub is_in: Option<Vec<String>>,
    /// The value is none of these; null passes.
    pub not_in: Option<Vec<String>>,
    /// The value lies between these, both in it.
    pub between: Option<(String, String)>,
    /// The value is missing (true) or present (false).
    pub is_null: Option<bool>,
}

/// A file of pathways: their order.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PathwayFile {
    pub(super) pathway: toml::Table,
}

/// A file of pathways: what they are.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PathwaysOfFile {
    pub(super) pathway: BTreeMap<String, PathwayConfig>,
}
