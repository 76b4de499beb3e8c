//! `cba_inputs.csv`, `cba_lines.csv`, `cba_summary.csv`, `cba_scenarios.csv`, `tornado.csv`, `cba_grid.csv` and `psa.csv`: business cases, from config and
//! from what the release shows already and nothing else.
//!
//! A case that is tied to a figure which the release does not show has no figures either: one row says why and what to do.

mod answers;
mod columns;
mod inputs;
mod lines;
mod plain;
mod scenarios;
mod summary;
mod sureness;
mod tables;
mod words;
mod worked;

pub use answers::answers;
pub(super) use tables::sheets;
pub use words::exactly;
