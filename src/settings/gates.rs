//! Gates: what stops a run because of its data. For every source under `[gates]`, and for one under `[gates.<source>]`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::schema::Source;

/// Data-quality gates of every source, with those of single sources.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Gates {
    /// A run stops if a larger share of a file's rows is rejected.
    pub max_rejects_percent: f64,
    /// A run stops if a larger share of a file's statuses is in no code list.
    pub max_unknown_percent: f64,
    /// A run stops if a source's last event is older than so many days before `as_of`; none for any age.
    pub max_age_days: Option<i32>,
    /// A run stops if the rows kept of a table differ by more from those of the last good run; none for any change.
    pub max_change_percent: Option<f64>,
    /// The mental-health trust's own.
    pub mental_health: SourceGates,
    /// A&E's own.
    pub emergency_care: SourceGates,
    /// Talking Therapies' own.
    pub talking_therapies: SourceGates,
    /// The practices' own.
    pub gp: SourceGates,
    /// The voluntary sector's own.
    pub community: SourceGates,
}

/// Gates of one source; what is not given is as under `[gates]`.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SourceGates {
    max_rejects_percent: Option<f64>,
    max_unknown_percent: Option<f64>,
    max_age_days: Option<i32>,
    max_change_percent: Option<f64>,
    /// Rows after the heading that each table's files must have together, by the table's name in its standard.
    pub expected_rows: BTreeMap<String, u64>,
    /// A CSV of file, rows, and if wanted column and total: what the sender counted.
    pub control_totals: Option<PathBuf>,
    /// Whether the sender's files end with a line end; none for yes. Where rows are counted, one without it was cut.
    pub final_line_end: Option<bool>,
}

/// The limits that hold for one source.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// Share of a file's rows that may be rejected.
    pub max_rejects_percent: f64,
    /// Share of a file's statuses that may be in no code list.
    pub max_unknown_percent: f64,
    /// Days that its last event may be before `as_of`.
    pub max_age_days: Option<i32>,
    /// Change of the rows kept of a table since the last good run.
    pub max_change_percent: Option<f64>,
}

impl Default for Gates {
    fn default() -> Self {
        Self {
            max_rejects_percent: 10.0,
            max_unknown_percent: 10.0,
            max_age_days: None,
            max_change_percent: None,
            mental_health: SourceGates::default(),
            emergency_care: SourceGates::default(),
            talking_therapies: SourceGates::default(),
            gp: SourceGates::default(),
            community: SourceGates::default(),
        }
    }
}

impl Gates {
    /// A source's own gates.
    pub fn own(&self, source: Source) -> &SourceGates {
        match source {
            Source::MentalHealth => &self.mental_health,
            Source::EmergencyCare => &self.emergency_care,
            Source::TalkingTherapies => &self.talking_therapies,
            Source::Gp => &self.gp,
            Source::Community => &self.community,
        }
    }

    /// The limits that hold for a source.
    pub fn limits(&self, source: Source) -> Limits {
        let own = self.own(source);
        Limits {
            max_rejects_percent: own.max_rejects_percent.unwrap_or(self.max_rejects_percent),
            max_unknown_percent: own.max_unknown_percent.unwrap_or(self.max_unknown_percent),
            max_age_days: own.max_age_days.or(self.max_age_days),
            max_change_percent: own.max_change_percent.or(self.max_change_percent),
        }
    }

    /// Whether a source says how many rows it sends. Without that a file cut at the end of a record cannot be seen.
    pub fn declares_counts(&self, source: Source) -> bool {
        let own = self.own(source);
        own.control_totals.is_some() || !own.expected_rows.is_empty()
    }

    /// What is wrong with the gates, if anything.
    pub(super) fn fault(&self) -> Option<&'static str> {
        let limits = || Source::ALL.into_iter().map(|source| self.limits(source));
        let is_share = |percent: f64| (0.0..=100.0).contains(&percent);
        if limits().any(|limits| !is_share(limits.max_rejects_percent) || !is_share(limits.max_unknown_percent)) {
            return Some("a percentage under [gates] is not 0 to 100");
        }
        if limits().any(|limits| limits.max_age_days.is_some_and(|days| days < 0)) {
            return Some("`max_age_days` under [gates] is below 0");
        }
        let is_change = |percent: f64| percent.is_finite() && percent >= 0.0;
        if limits().any(|limits| limits.max_change_percent.is_some_and(|percent| !is_change(percent))) {
            return Some("`max_change_percent` under [gates] is below 0");
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_has_the_common_limits_but_for_its_own() {
        let gates: Gates = toml::from_str("max_age_days = 40\n[gp]\nmax_rejects_percent = 1.5\n").unwrap();
        let (gp, community) = (gates.limits(Source::Gp), gates.limits(Source::Community));
        assert_eq!((gp.max_rejects_percent, gp.max_age_days), (1.5, Some(40)));
        assert_eq!((community.max_rejects_percent, community.max_age_days), (10.0, Some(40)));
        assert!(gates.fault().is_none() && !gates.declares_counts(Source::Gp));
    }

    #[test]
    fn limits_that_cannot_be_meant_are_faults() {
        for text in [
            "max_rejects_percent = 101",
            "max_age_days = -1",
            "[gp]\nmax_unknown_percent = -2",
            "max_change_percent = nan",
        ] {
            assert!(toml::from_str::<Gates>(text).unwrap().fault().is_some(), "{text}");
        }
    }

    #[test]
    fn a_row_count_is_a_declared_count() {
        let gates: Gates = toml::from_str("[gp.expected_rows]\ngp_appointment = 12\n").unwrap();
        assert!(gates.declares_counts(Source::Gp) && !gates.declares_counts(Source::Community));
    }
}
