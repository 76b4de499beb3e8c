//! The linkage quality pack: how good linkage is, and for whom.
//!
//! In: records, who they were linked to, the rows they stand for and the linked tables. Out: [`Pack`]: exact counts by
//! table, and lists of records to be looked at. Leaves alone: shares, intervals and differences (`stats`), and what may
//! be shown (`disclosure`). It changes no link.

mod clusters;
mod conflicts;
pub mod count;
mod groups;
mod holdout;
mod identifiers;
mod implausible;
pub mod lists;
mod pack;
mod pairs;
mod rows;
mod subjects;

pub use count::{Count, Division, Section};
pub use groups::Groups;
pub(super) use holdout::{Hidden, hide};
pub use pack::Pack;
pub(super) use pack::{Begun, Given, Tables, Trail, begin};
