//! Money: the value of activity at average cost, never a saving.
//!
//! In: events in windows and unit costs. Out: [`CostRow`]s, what delivery came to, and how cost changed beside the
//! comparator's. The cost of delivering the pathway is always in it; a service with events but no unit cost makes the
//! total, the difference and the cost per recovery not available, with the missing item named.

pub mod case;
pub mod cost;
pub mod declared;
pub mod delivery;
pub mod difference;
pub mod pounds;
pub mod price_index;
pub mod unit_costs;

pub use cost::CostRow;
pub use pounds::Pounds;
pub use unit_costs::UnitCosts;

use crate::pathways::Pathways;

/// Everything about money that is published.
#[derive(Debug)]
pub struct Money {
    /// The year of all prices.
    pub price_year: String,
    /// By pathway, window and service.
    pub rows: Vec<CostRow>,
    /// How cost changed beside the comparator's.
    pub differences: Vec<difference::Difference>,
    /// Delivery per person.
    pub per_person: Vec<delivery::DeliveryCost>,
    /// Delivery per reliable recovery.
    pub per_recovery: Vec<delivery::DeliveryCost>,
    /// Business cases, without what hangs on released figures.
    pub cases: Vec<case::Case>,
}

impl Money {
    /// From what was counted and what it costs.
    pub fn of(pathways: &Pathways, costs: &UnitCosts) -> Self {
        let rows = cost::rows(pathways, costs);
        Self {
            price_year: costs.price_year.clone(),
            differences: difference::differences(pathways, &rows, costs),
            per_person: delivery::per_person(pathways, costs),
            per_recovery: delivery::per_recovery(pathways, &rows, costs),
            rows,
            cases: Vec::new(),
        }
    }
}
