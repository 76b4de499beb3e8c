//! Which NHS numbers are accepted, and whose records are left out.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;

/// Which NHS numbers are accepted.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Identity {
    /// 9xx numbers, for fixtures and demonstrations.
    pub allow_test_numbers: bool,
    /// Scottish and Northern Irish numbers.
    pub allow_other_uk: bool,
    /// A list of NHS numbers, one a line, that is applied before a number is destroyed.
    pub exclude_nhs_numbers: Option<PathBuf>,
    /// What the list is.
    pub mode: ListMode,
    /// What becomes of rows without a usable number; none for the mode's own: kept beside a list of those to remove, removed
    /// beside a list of those to keep.
    pub without_number: Option<Unnumbered>,
    /// What the list does to files that hold tokens.
    pub tokens_only: TokensOnly,
    /// A run stops if the list is older than so many days.
    pub list_max_age_days: Option<i32>,
    /// The day of the list; else the day on which its file was last changed.
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    pub list_date: Option<toml::value::Datetime>,
    /// Sources whose people must have consented: their source config must leave out whoever has not.
    pub consent_required: Vec<String>,
}

impl Identity {
    /// Whether rows without a usable number go.
    pub fn removes_unnumbered(&self) -> bool {
        match self.without_number {
            Some(choice) => choice == Unnumbered::Remove,
            None => self.mode == ListMode::KeepOnlyListed,
        }
    }
}

/// What a list of NHS numbers is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ListMode {
    /// The people who opted out.
    #[default]
    RemoveListed,
    /// The cleaned list: the people who did not.
    KeepOnlyListed,
}

/// What becomes of rows without a usable number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unnumbered {
    /// They stay.
    Keep,
    /// They go.
    Remove,
}

/// What a list does to files that hold tokens in place of numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TokensOnly {
    /// It is tokenised and applied to them.
    #[default]
    Apply,
    /// Nothing: it was applied where they were made.
    Keep,
    /// The file is refused.
    Refuse,
}
