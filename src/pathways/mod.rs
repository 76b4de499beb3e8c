//! Pathways: who is on which redesigned pathway or comparison offer, from when to when, and the time and events before
//! and after.
//!
//! In: [`crate::link::Linked`] and the pathways of config. Out: [`Pathways`]. Leaves alone: metrics and money.

pub mod conditions;
pub mod coverage;
pub mod episodes;
pub mod events;
pub mod observation;
pub mod spans;
pub mod standing;
pub mod windows;

pub use coverage::Coverage;
pub use episodes::{EndReason, Episode};
pub use events::{EventType, Events};
pub use windows::{ArmService, PersonWindow, Service, Window};

use crate::error::Error;
use crate::link::Linked;
use crate::settings::{PathwayConfig, Settings};
use crate::sources::Sources;

/// Everything about pathways that metrics and costs need.
pub struct Pathways {
    /// The pathways as config has them, in the order of outputs.
    pub configs: Vec<PathwayConfig>,
    /// One row per person and pathway, by pathway, then person.
    pub episodes: Vec<Episode>,
    /// What happened to whom and when.
    pub events: Events,
    /// What was observed before and after the index, per pathway and service.
    pub windows: Vec<ArmService>,
    /// Whether deaths and moves are known equally in every arm.
    pub is_ascertained: bool,
    /// Steps from people to people analysed, per pathway.
    pub flow: Vec<FlowStep>,
}

/// One line of `cohort_flow.csv`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlowStep {
    /// Position of the pathway.
    pub pathway: usize,
    /// What the people have in common.
    pub stage: &'static str,
    /// People who reached the stage.
    pub people: u64,
    /// People of the stage before who did not.
    pub excluded: u64,
    /// Why.
    pub reason: &'static str,
}

/// Builds the pathways.
pub fn build(linked: &Linked, settings: &Settings, sources: &Sources, coverage: &Coverage) -> Result<Pathways, Error> {
    let observation = observation::Observation::new(linked, settings, coverage)?;
    let (episodes, mut flow) = episodes::build(linked, settings, sources, &observation)?;
    let events = events::build(linked, coverage.as_of)?;
    let windows = windows::count(&episodes, &events, &observation, settings);
    flow.extend(windows::flow(&episodes, &observation, settings));
    flow.sort_by_key(|step| step.pathway);
    let is_ascertained = observation.is_ascertained();
    Ok(Pathways { configs: settings.pathway.clone(), episodes, events, windows, is_ascertained, flow })
}
