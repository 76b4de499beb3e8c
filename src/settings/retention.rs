//! Retention: how much of earlier nights is kept.

use schemars::JsonSchema;
use serde::Deserialize;

/// What of earlier nights is kept after a run is published. The last good run and what it was made from always are.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Retention {
    /// Run folders; 0 for all.
    pub runs: usize,
    /// The store keeps what the last so many runs were made from.
    pub store_runs: usize,
}

impl Default for Retention {
    fn default() -> Self {
        Self { runs: 0, store_runs: 2 }
    }
}

impl Retention {
    /// What is wrong, if anything is.
    pub(super) fn fault(&self) -> Option<&'static str> {
        (self.store_runs < 1).then_some("`retention.store_runs` is not at least 1")
    }
}
