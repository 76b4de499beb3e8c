//! Outputs: the run folder and everything in it.
//!
//! Only a [`crate::disclosure::Release`] goes to `release/`; exact tables go to `internal/`, rows and rejects to
//! `restricted/`. Everything is written to a staging folder, flushed, and published by one rename.

pub mod attempt;
pub mod checksums;
pub mod csv;
pub mod dictionary;
pub mod folder;
pub mod ledger;
pub mod linked;
pub mod lock;
pub mod log;
pub mod manifest;
pub mod metadata;
pub mod parcel;
pub mod plans;
pub mod quality;
pub mod rekeyed;
pub mod releases;
pub mod summary;
pub mod tiers;
pub mod units;
pub mod workbook;

pub use folder::{RunFolder, Tier, Written};
pub use lock::Lock;
