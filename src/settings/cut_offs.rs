//! Cut-offs that no official or published source gives, or that a place may set otherwise: declared here with the metrics
//! that rest on them; under `[cut_offs]` a project gives its own.
//!
//! Leaves alone: cut-offs that an official definition fixes, which are no setting.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::LazyLock;

use schemars::JsonSchema;
use serde::Deserialize;

use super::anxiety_measures::{self, EDGES};

/// One cut-off, declared once.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CutOff {
    /// The key under `[cut_offs]`.
    pub id: &'static str,
    /// What it is, with its unit.
    pub title: &'static str,
    /// The value; none where a project has to give it.
    pub value: Option<f64>,
    /// Whether it was found in an official or published source.
    pub verified: bool,
    /// Where it comes from.
    pub source: &'static str,
    /// The ids of the metrics that rest on it.
    pub metrics: &'static [&'static str],
}

/// Days to a first attended contact that still count as engaging with a voluntary-sector service.
pub const ENGAGED_DAYS: CutOff = CutOff {
    id: "engaged_days",
    title: "days from referral to a first attended contact",
    value: Some(90.0),
    verified: false,
    source: "ours: no national data set of voluntary-sector services exists",
    metrics: &["vc_engaged", "px_reach_accepted"],
};

/// Days in which a person completes a pathway.
pub const COMPLETED_DAYS: CutOff = CutOff {
    id: "completed_days",
    title: "days from the index date to completing the pathway",
    value: Some(180.0),
    verified: false,
    source: "ours: no national data set of pathways exists",
    metrics: &["px_reach_completed"],
};

/// By how much an item of DIALOG moves, in the mean of the items, for the change to be reliable.
pub const DIALOG_RELIABLE: CutOff = CutOff {
    id: "dialog_reliable",
    title: "points by which the mean of the DIALOG items rises reliably",
    value: Some(1.0),
    verified: true,
    source: COMMUNITY_OUTCOMES,
    metrics: &["mh_proms_improved_dialog"],
};

/// By how much ReQoL-10 moves for the change to be reliable.
pub const REQOL_RELIABLE: CutOff = CutOff {
    id: "reqol_reliable",
    title: "points by which ReQoL-10 rises reliably",
    value: Some(5.0),
    verified: true,
    source: COMMUNITY_OUTCOMES,
    metrics: &["mh_proms_improved_reqol"],
};

/// By how much goals move, in the mean of the goals, for the change to be reliable.
pub const GBO_RELIABLE: CutOff = CutOff {
    id: "gbo_reliable",
    title: "points by which the mean of the goals rises reliably",
    value: Some(3.0),
    verified: true,
    source: COMMUNITY_OUTCOMES,
    metrics: &["mh_proms_improved_gbo"],
};

const COMMUNITY_OUTCOMES: &str = "NHS England community mental health outcomes (nhsengland/MHSDS, July 2025)";

/// Every cut-off.
pub static ALL: LazyLock<Vec<&'static CutOff>> = LazyLock::new(|| {
    let own = EDGES.iter().flat_map(|one| [&one.caseness, &one.reliable]);
    let scales = [&DIALOG_RELIABLE, &REQOL_RELIABLE, &GBO_RELIABLE];
    [&ENGAGED_DAYS, &COMPLETED_DAYS].into_iter().chain(scales).chain(own).collect()
});

/// What a project gives in place of what is declared.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Given {
    value: f64,
    verified: bool,
    source: String,
}

/// The cut-offs in force: those declared, but for what `[cut_offs]` gives.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct CutOffs(BTreeMap<String, Given>);

impl CutOffs {
    /// The value in force; none if a project has to give it and has not.
    pub fn value(&self, cut_off: &CutOff) -> Option<f64> {
        self.0.get(cut_off.id).map(|given| given.value).or(cut_off.value)
    }

    /// The value in force in words.
    pub fn shown(&self, cut_off: &CutOff) -> String {
        self.value(cut_off).map_or_else(|| "not set".to_owned(), |value| value.to_string())
    }

    /// The value in force of a whole number, such as days.
    pub fn whole(&self, cut_off: &CutOff) -> Option<i32> {
        self.value(cut_off).map(|value| value as i32)
    }

    /// Whether the value in force was found in an official or published source.
    pub fn is_verified(&self, cut_off: &CutOff) -> bool {
        self.0.get(cut_off.id).map_or(cut_off.verified, |given| given.verified)
    }

    /// Where the value in force comes from.
    pub fn source<'a>(&'a self, cut_off: &'a CutOff) -> &'a str {
        self.0.get(cut_off.id).map_or(cut_off.source, |given| &given.source)
    }

    /// What every row of a metric says of the cut-offs that it rests on; empty where all are verified. Of anxiety measures
    /// it names those alone, for there may be many; the catalogue has their values.
    pub fn note(&self, metric: &str) -> String {
        let mut note = String::new();
        let mut last = "";
        for one in of_metric(metric).filter(|one| !self.is_verified(one) && self.value(one).is_some()) {
            if let Some(measure) = anxiety_measures::measure_of(one) {
                if measure != last {
                    let start = if note.is_empty() { "cut-offs not verified: " } else { ", " };
                    let _ = write!(note, "{start}{measure}");
                }
                last = measure;
                continue;
            }
            let start = if note.is_empty() { "rests on a cut-off that is not verified: " } else { "; " };
            let _ = write!(note, "{start}{} {}", one.title, self.shown(one));
        }
        note
    }

    /// A key that is no cut-off, if there is one.
    pub(super) fn unknown(&self) -> Option<&str> {
        self.0.keys().map(String::as_str).find(|id| ALL.iter().all(|known| known.id != *id))
    }

    /// The key of a value that nothing can be compared with, if there is one.
    pub(super) fn unusable(&self) -> Option<&str> {
        self.0.iter().find(|(_, given)| !given.value.is_finite() || given.value < 0.0).map(|(id, _)| id.as_str())
    }
}

/// The cut-offs that a metric rests on.
pub fn of_metric(metric: &str) -> impl Iterator<Item = &'static CutOff> {
    ALL.iter().copied().filter(move |one| one.metrics.contains(&metric))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(text: &str) -> CutOffs {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn what_a_project_gives_is_in_force_and_verified_only_if_it_says_so() {
        let declared = CutOffs::default();
        assert_eq!(declared.whole(&ENGAGED_DAYS), Some(90));
        let note = "rests on a cut-off that is not verified: days from referral to a first attended contact 90";
        assert_eq!(declared.note("vc_engaged"), note);
        assert_eq!(declared.note("tt_recovery"), "");
        let own = given("engaged_days = { value = 28, verified = true, source = \"contract 2026\" }");
        assert_eq!((own.whole(&ENGAGED_DAYS), own.note("vc_engaged").as_str()), (Some(28), ""));
        assert_eq!(own.source(&ENGAGED_DAYS), "contract 2026");
    }

    #[test]
    fn a_cut_off_says_whether_it_is_verified_and_is_a_known_one() {
        assert!(toml::from_str::<CutOffs>("engaged_days = { value = 28, source = \"contract\" }").is_err());
        assert_eq!(
            given("engage_days = { value = 1, verified = false, source = \"\" }").unknown(),
            Some("engage_days")
        );
        assert_eq!(
            given("engaged_days = { value = -1, verified = false, source = \"\" }").unusable(),
            Some("engaged_days")
        );
    }

    #[test]
    fn declared_cut_offs_are_whole() {
        let mut ids: Vec<&str> = ALL.iter().map(|one| one.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), ALL.len());
        assert!(ALL.iter().all(|one| !one.title.is_empty() && !one.source.is_empty() && !one.metrics.is_empty()));
    }
}
