//! Effects: what a pathway changed, as far as a comparison with others can tell.
//!
//! In: one row a person, in plain numbers. Out: who is compared with whom, how alike they are, and ratios with intervals, or why there is
//! none. Leaves alone: where rows come from, and what may be shown.

pub mod balance;
pub mod event_study;
pub mod matched;
pub mod matching;
pub mod propensity;

#[cfg(test)]
mod coverage;

pub use matched::{Effect, Outcome};
pub use matching::{Matches, Rules};

use crate::stats::matrix::Design;
use crate::stats::model::NoModel;

/// Fewer events than this in an arm give no model.
pub const FEWEST_EVENTS: f64 = 10.0;

/// Who may be compared: cases, and people who may stand beside them; one row each.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct People {
    /// Whether the person is a case.
    pub is_case: Vec<bool>,
    /// What must be the same of two who are compared: sex, age band and quarter of the index date as one number, and whatever else is
    /// asked for.
    pub stratum: Vec<u64>,
    /// Measured before the index date; the first is the constant. A missing value is a level of its own.
    pub covariates: Design,
    /// Decides among people who are equally near: unique, and the same in every run.
    pub key: Vec<u64>,
}

/// Why there is no effect, only a description.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoEffect {
    /// No cases, or nobody who may stand beside them.
    EmptyArm,
    /// No case has anyone near enough.
    NobodyMatched,
    /// Everyone who may stand beside a case does: nobody was chosen.
    EverybodyMatched,
    /// An arm has fewer than [`FEWEST_EVENTS`].
    FewEvents,
    /// The model cannot be fitted.
    Model(NoModel),
}

impl NoEffect {
    /// The reason in words.
    pub fn text(self) -> &'static str {
        match self {
            Self::EmptyArm => "one of the two groups is empty",
            Self::NobodyMatched => "nobody in the comparison group is like anyone on the pathway",
            Self::EverybodyMatched => "the whole comparison group was taken, so that matching chose nobody",
            Self::FewEvents => "fewer than 10 events in one of the two groups",
            Self::Model(reason) => reason.text(),
        }
    }
}
