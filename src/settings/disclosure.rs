//! Settings of disclosure control: whose rules hold, and who agreed to be named.

use schemars::JsonSchema;
use serde::Deserialize;

/// Disclosure control.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Disclosure {
    /// Whose rules hold.
    pub policy: NamedPolicy,
    /// A statistic that rests on fewer people is hidden; the policy's own number if not said.
    pub threshold: Option<u32>,
    /// Counts are rounded to the nearest multiple; the policy's own number if not said.
    pub round_to: Option<u32>,
    /// Metrics whose 0 % and 100 % say of everybody in a group what nobody outside may know.
    pub sensitive_metrics: Vec<String>,
    /// Organisations that agreed to be named; others are not broken down in a release.
    pub named_organisations: Vec<String>,
}

/// Rules of disclosure control that have a name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NamedPolicy {
    /// The strictest that linked data of all sources need.
    #[default]
    Default,
    /// Hospital episode statistics and ECDS, from September 2018.
    Hes,
    /// Mental Health Services Data Set, monthly statistics below England.
    Mhsds,
    /// NHS Talking Therapies, monthly statistics below England.
    TalkingTherapies,
    /// `OpenSAFELY` outputs.
    Opensafely,
    /// UK Longitudinal Linkage Collaboration.
    UkLlc,
}

impl NamedPolicy {
    /// The name in settings.
    pub fn id(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Hes => "hes",
            Self::Mhsds => "mhsds",
            Self::TalkingTherapies => "talking_therapies",
            Self::Opensafely => "opensafely",
            Self::UkLlc => "uk_llc",
        }
    }

    /// Fewer people are not shown.
    pub fn threshold(self) -> u32 {
        match self {
            Self::Default | Self::Hes | Self::Opensafely => 8,
            Self::Mhsds | Self::TalkingTherapies => 5,
            Self::UkLlc => 10,
        }
    }

    /// Whether nobody is as few as somebody, and hidden too.
    pub fn hides_nobody(self) -> bool {
        matches!(self, Self::Mhsds | Self::TalkingTherapies | Self::UkLlc)
    }

    /// Whether percentages are made of rounded counts throughout.
    pub fn rounds_percentages(self) -> bool {
        matches!(self, Self::Hes | Self::Opensafely)
    }
}

/// To the nearest five, as all of them round.
const ROUND_TO: u32 = 5;

impl Disclosure {
    /// Fewer people are not shown.
    pub fn threshold(&self) -> u32 {
        self.threshold.unwrap_or(self.policy.threshold())
    }

    /// Counts are rounded to the nearest multiple.
    pub fn round_to(&self) -> u32 {
        self.round_to.unwrap_or(ROUND_TO)
    }

    /// A count as logs and summaries print it: `<8` where it is under the threshold and not 0.
    pub fn shown(&self, count: u64) -> String {
        let threshold = self.threshold();
        if (1..u64::from(threshold)).contains(&count) { format!("<{threshold}") } else { count.to_string() }
    }
}
