//! Linkage: staged tables put together, parents followed, people found.
//!
//! In: staged tables. Out: [`Linked`]: canonical tables sorted by a dense person index, `persons`, and the audit of how
//! records became people. Leaves alone: pathways and metrics. Order of input never reaches the output.

mod assembly;
mod attended;
pub mod audit;
mod blocks;
pub mod cache;
mod care;
mod charges;
mod clusters;
mod components;
pub mod control;
mod date_order;
pub mod dates;
mod demographic;
mod details;
pub mod duplicates;
mod frames;
pub mod future;
pub mod links;
pub mod members;
pub mod moved;
pub mod national;
mod nhs_number;
pub mod options;
mod other_tables;
pub mod parents;
mod part;
pub mod pass;
pub mod passes;
pub mod people;
pub mod persons;
mod piles;
pub mod probabilistic;
mod problems;
pub mod quality;
pub mod records;
mod spells;
pub mod tables;
mod teams;
mod unlinked;
pub mod values;
mod versions;

pub use audit::LinkAudit;
pub use members::Members;
pub use moved::Moved;
pub use options::Options;
pub use persons::Persons;
pub use tables::{Linked, Told, Wanted, link};
pub use unlinked::{records_in_groups, records_of};
