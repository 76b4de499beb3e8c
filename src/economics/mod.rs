//! Money: the value of activity at average cost, never a saving.
//!
//! In: events in windows and unit costs. Out: [`CostRow`]s. The cost of delivering the pathway is always in it; a
//! service with events but no unit cost makes the total not available, with the missing item named.

pub mod cost;
pub mod unit_costs;

pub use cost::{CostRow, rows};
pub use unit_costs::UnitCosts;
