//! Ingest: from extracts to staged, pseudonymised tables. Identifiers stop here.
//!
//! In: extracts and source configs. Out: one Parquet file per extract under `store/staged`, addressed by content, and
//! its tally. Leaves alone: duplicates across files, parents and people (`link/`).

mod at_source;
pub mod blocks;
pub mod cells;
pub mod checks;
mod columns;
mod date_faults;
pub mod decode;
pub mod digests;
pub mod extracts;
pub mod fields;
mod file_fields;
pub mod fresh;
mod given;
pub mod headings;
pub mod kept;
pub mod line_ends;
mod lists;
pub mod lookups;
mod marks;
mod match_key;
pub mod notes;
#[cfg(feature = "odbc")]
mod odbc;
#[cfg(not(feature = "odbc"))]
#[path = "no_odbc.rs"]
mod odbc;
mod opened;
pub mod opt_outs;
mod page;
pub mod providers;
mod pseudonyms;
mod queries;
pub mod query;
pub mod quotes;
mod record_faults;
pub mod records;
pub mod rows;
pub mod sidecar;
pub mod stage;
mod staged;
pub mod stamp;
pub mod supersession;
pub mod tally;
pub mod trial;
pub mod values;
pub mod writer;

pub use at_source::{AtSource, rejects_csv};
pub use extracts::{Content, Extract};
pub use file_fields::Names;
pub use notes::DialectNotes;
pub use rows::Parsed;
pub use stage::{all, each};
pub use staged::{Staged, StagedFile};
pub use tally::{Reject, Tally};
