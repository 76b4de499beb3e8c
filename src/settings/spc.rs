//! Statistical process control: which rules, and where a series begins anew.

use schemars::JsonSchema;
use serde::Deserialize;
use toml::value::Datetime;

use super::file::day_of;
use crate::domain::spc::Profile;

/// How monthly series are judged.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Spc {
    /// Which rules.
    pub profile: Profile,
    /// Limits are made of the first so many points of a series; without it of all.
    pub baseline: Option<usize>,
    /// Where limits are made anew, and why. Never by itself.
    pub rebase: Vec<Rebase>,
}

/// A month from which a series is judged by new limits.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rebase {
    /// The metric's id.
    pub metric: String,
    /// The pathway's id, or `everyone`; every one without it.
    pub pathway: Option<String>,
    /// First day of the first month judged by the new limits.
    #[schemars(with = "String", extend("format" = "date"))]
    pub from: Datetime,
    /// What changed; it stands in the output.
    pub reason: String,
}

impl Rebase {
    /// The first day.
    pub fn first_day(&self) -> Option<i32> {
        day_of(&self.from)
    }

    /// Whether it is about a series.
    pub fn is_of(&self, metric: &str, pathway: &str) -> bool {
        self.metric == metric && self.pathway.as_deref().is_none_or(|own| own == pathway)
    }
}

impl Spc {
    /// What is wrong, if anything.
    pub fn fault(&self) -> Option<String> {
        if self.baseline.is_some_and(|points| !(12..=60).contains(&points)) {
            return Some("`baseline` is not 12 to 60 points".to_owned());
        }
        let faults = self.rebase.iter().map(|one| match one.first_day() {
            None => Some(format!("`from` of the rebase of `{}` is not a date", one.metric)),
            Some(_) if one.reason.trim().is_empty() => Some(format!("the rebase of `{}` has no reason", one.metric)),
            Some(_) => None,
        });
        faults.flatten().next()
    }
}
