//! Source configs: which files a source sends, under which headings, and what each column becomes.
//!
//! In: `config/sources/*.toml` and `config/codes/*.csv`. Out: a [`TablePlan`] for every table of every source. The
//! defaults are embedded in the binary; a project's own folder replaces them file by file.

pub mod canonical;
pub mod code_lists;
mod code_map;
mod consent;
pub mod dialect;
pub mod file_pattern;
mod formats;
mod known;
pub mod plan;
mod precision;
pub mod sentinels;
mod source_file;

pub use code_lists::CodeValues;
pub use code_map::CodeMap;
pub use dialect::{Dialect, Encoding};
pub use plan::{ColumnPlan, Empty, Exclusion, Ignored, Judge, Sources, TablePlan, Unknown};
pub use precision::Precision;

/// The JSON Schema of a source config, for editors.
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(source_file::SourceFile).to_value()
}
