//! Doctor: what one file is and how its source config must change to read it; what the machine lacks for a run.
//!
//! In: a file, source configs, settings. Out: findings without a value of any cell. No key is needed and nothing is written.

mod columns;
pub mod environment;
pub mod file;
pub mod findings;
mod headings;
mod lines;
mod start;

pub use environment::{Finding, State, environment, exit_code};
pub use file::{Asked, file};
pub use findings::FileFindings;
