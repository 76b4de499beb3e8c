//! Items: unit costs as they were given, by the name of their item, before they are brought to any other year.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::inputs::Spread;
use crate::economics::UnitCosts;

/// What one unit costs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// Pounds in the prices of its own year.
    pub pounds: Spread,
    /// Which year that is.
    pub price_year: String,
    /// Where it comes from.
    pub source: String,
}

/// Every item; none where it has no unit cost.
pub type Items = BTreeMap<String, Option<Item>>;

/// The items of a list.
pub fn items(costs: &UnitCosts) -> Items {
    let item = |name: &str| {
        let price = costs.item(name)?.price.as_ref()?;
        let given = &price.given;
        let pounds = Spread { central: given.pounds.central, low: given.pounds.low, high: given.pounds.high };
        Some(Item { pounds, price_year: given.price_year.clone(), source: given.source.clone() })
    };
    costs.names().map(|name| (name.to_owned(), item(name))).collect()
}
