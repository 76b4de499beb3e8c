//! Money: where unit costs and the price index come from, the year of all prices, and how far costs may be off.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;

/// Unit costs.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Costs {
    /// A CSV like the embedded one; replaces it.
    pub file: Option<PathBuf>,
    /// A CSV of yearly price changes like the embedded one; replaces it.
    pub index_file: Option<PathBuf>,
    /// The financial year whose prices all costs are brought to, such as `2024/25`.
    pub price_year: String,
    /// How much lower and higher a unit cost may be that has no low and high of its own. Unit: percent.
    pub range_percent: f64,
    /// Local costs that replace the file's.
    pub local: Vec<LocalCost>,
}

impl Default for Costs {
    fn default() -> Self {
        Self { file: None, index_file: None, price_year: "2024/25".to_owned(), range_percent: 20.0, local: Vec::new() }
    }
}

impl Costs {
    /// What is not possible among these settings.
    pub(super) fn fault(&self) -> Option<&'static str> {
        let is_share = (0.0..=100.0).contains(&self.range_percent);
        (!is_share).then_some("`range_percent` under [costs] is between 0 and 100")
    }
}

/// One local unit cost.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LocalCost {
    /// The item of the unit-cost file.
    pub item: String,
    /// Pounds per unit.
    pub cost: f64,
    /// The least it may be, in pounds; with `high` or not at all.
    pub low: Option<f64>,
    /// The most it may be, in pounds.
    pub high: Option<f64>,
    /// The year of its prices.
    pub price_year: String,
    /// Where it comes from.
    pub source: String,
    /// Whose budget it falls on, where that is not the file's.
    pub payer: Option<String>,
}
