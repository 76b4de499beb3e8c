//! Agreements under which rows about people may go to an evaluator: `[share.<recipient>]`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

/// How exact shared dates are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DatePrecision {
    /// The day.
    #[default]
    Day,
    /// The first day of the month.
    Month,
}

/// Whose rows are shared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SharedPeople {
    /// People on a pathway or its comparator.
    #[default]
    Pathway,
    /// Everybody in the extracts.
    All,
}

impl SharedPeople {
    /// The word in outputs.
    pub fn id(self) -> &'static str {
        ["pathway", "all"][self as usize]
    }
}

/// One agreement with one recipient.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShareConfig {
    /// Who receives the rows, in words.
    pub recipient: String,
    /// What the agreement is called; the command has to name it.
    pub agreement: String,
    /// The last day on which rows may be shared under it.
    #[schemars(with = "String", extend("format" = "date"))]
    pub expires: toml::value::Datetime,
    /// The study whose people may be followed from quarter to quarter; without it every period has tokens of its own.
    pub study: Option<String>,
    /// Whose rows.
    #[serde(default)]
    pub people: SharedPeople,
    /// Which tables; all that can be shared if not said.
    pub tables: Option<Vec<String>>,
    /// Which columns of a table; its usual ones if not said.
    #[serde(default)]
    pub columns: BTreeMap<String, Vec<String>>,
    /// How exact dates are.
    #[serde(default)]
    pub date_precision: DatePrecision,
}

impl ShareConfig {
    /// The last day on which rows may be shared.
    pub fn last_day(&self) -> Option<i32> {
        super::file::day_of(&self.expires)
    }

    /// What is wrong with it, if anything is. `name` is the recipient's name in tokens.
    pub(super) fn fault(&self, name: &str) -> Option<&'static str> {
        if !is_name(name) {
            return Some("the recipient's name is not 1 to 64 of a-z, 0-9 and -");
        }
        if self.recipient.trim().is_empty() || self.agreement.trim().is_empty() {
            return Some("`recipient` or `agreement` is blank");
        }
        if self.last_day().is_none() {
            return Some("`expires` is not a date");
        }
        if self.study.as_ref().is_some_and(|study| !is_name(study)) {
            return Some("`study` is not 1 to 64 of a-z, 0-9 and -");
        }
        None
    }
}

/// Names that stand in the purpose of tokens.
fn is_name(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=64).contains(&name.len()) && name.bytes().all(is_plain)
}
