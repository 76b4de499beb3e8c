//! Linkage: which passes run, how sure a link must be, and which numbers were replaced.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;

/// How records become people.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LinkageSettings {
    /// The passes that run beside those that are no choice: the same local patient, the same number and date of birth.
    pub passes: Vec<OptionalPass>,
    /// A probabilistic link is made from this probability on.
    pub link_at: f64,
    /// A pair that is not linked is listed for review from this probability on.
    pub review_from: f64,
    /// How many times likelier than the next best person the best one must be.
    pub lead: f64,
    /// Records that may share one blocking key before it is skipped.
    pub max_block: usize,
    /// A CSV of two columns, superseded and current: NHS numbers that were replaced by another of the same person.
    pub supersession: Option<PathBuf>,
    /// Whether headline figures are also worked out under stricter and looser linkage. It links twice more, and counts the people whom
    /// that changes.
    pub sensitivity: bool,
    /// A rate of the linkage quality pack that changed by at least so many percentage points since the last good run is
    /// pointed out.
    pub alert_points: f64,
}

/// A pass that config may switch on or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OptionalPass {
    /// NHS number equal, date of birth partly, corroborated.
    NhsPartialDob,
    /// NHS number equal, no date of birth on a side.
    NhsOnly,
    /// Provider, local patient number, date of birth and sex.
    LocalDemographic,
    /// Date of birth, sex, postcode and full forename.
    DemographicName,
    /// Date of birth, sex and postcode: weak.
    Demographic,
    /// Fellegi-Sunter on field tokens.
    Probabilistic,
}

impl Default for LinkageSettings {
    fn default() -> Self {
        use OptionalPass::{DemographicName, LocalDemographic, NhsOnly, NhsPartialDob, Probabilistic};
        Self {
            passes: vec![NhsPartialDob, NhsOnly, LocalDemographic, DemographicName, Probabilistic],
            link_at: 0.99,
            review_from: 0.5,
            lead: 100.0,
            max_block: 2_000,
            supersession: None,
            sensitivity: false,
            alert_points: 2.0,
        }
    }
}

impl LinkageSettings {
    /// Whether some linkage that is asked for compares names and places.
    pub fn compares_fields(&self) -> bool {
        let plain = |pass: &OptionalPass| matches!(pass, OptionalPass::NhsOnly | OptionalPass::LocalDemographic);
        self.sensitivity || !self.passes.iter().all(plain)
    }

    /// What is wrong with them, if anything.
    pub(super) fn fault(&self) -> Option<&'static str> {
        if !(self.link_at > 0.5 && self.link_at < 1.0) {
            return Some("`link_at` under [linkage] is not above 0.5 and below 1");
        }
        if !(self.review_from > 0.0 && self.review_from <= self.link_at) {
            return Some("`review_from` under [linkage] is not above 0 and at most `link_at`");
        }
        if !(self.lead >= 1.0 && self.lead.is_finite()) {
            return Some("`lead` under [linkage] is below 1: a less likely person would be taken");
        }
        if !(2..=100_000).contains(&self.max_block) {
            return Some("`max_block` under [linkage] is not 2 to 100,000");
        }
        if !(self.alert_points > 0.0 && self.alert_points.is_finite()) {
            return Some("`alert_points` under [linkage] is not above 0");
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_that_cannot_be_meant_are_faults() {
        assert!(LinkageSettings::default().fault().is_none());
        for text in [
            "link_at = 1.0",
            "link_at = 0.5",
            "review_from = 0.995",
            "lead = 0.5",
            "max_block = 1",
            "lead = nan",
            "alert_points = 0",
        ] {
            assert!(toml::from_str::<LinkageSettings>(text).unwrap().fault().is_some(), "{text}");
        }
    }
}
