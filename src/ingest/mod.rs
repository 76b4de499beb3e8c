//! Ingest: from extracts to staged, pseudonymised tables. Identifiers stop here.
//!
//! In: extracts and source configs. Out: one Parquet file per extract under `store/staged`, addressed by content, and
//! its tally. Leaves alone: duplicates across files, parents and people (`link/`).

pub mod blocks;
mod builder;
pub mod cells;
pub mod checks;
pub mod details;
pub mod extracts;
pub mod fields;
pub mod headings;
pub mod lookups;
pub mod rows;
pub mod stage;
pub mod tally;
mod withheld;
pub mod writer;

pub use extracts::{Content, Extract};
pub use stage::{Staged, StagedFile, all};
pub use tally::{Reject, Tally};
