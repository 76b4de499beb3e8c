//! Pathways: who is on which redesigned pathway or comparison offer, from when to when, and the time and events before
//! and after.
//!
//! In: [`crate::link::Linked`] and the pathways of config. Out: [`Pathways`]. Leaves alone: metrics and money.

pub mod cache;
pub mod conditions;
pub mod coverage;
pub mod episodes;
pub mod events;
pub mod follow_up;
pub mod months;
pub mod movement;
pub mod observation;
pub mod population;
pub mod recovery;
pub mod selection;
pub mod spans;
pub mod standing;
pub mod windows;

pub use coverage::Coverage;
pub use episodes::{EndReason, Episode};
pub use events::{EventType, Events, Flag};
pub use follow_up::FollowUp;
pub use movement::Movement;
pub use population::Population;
pub use recovery::Recovery;
pub use selection::Selection;
pub use windows::{ArmService, Costed, PersonWindow, Service, Window};

use rayon::prelude::*;

use crate::error::Error;
use crate::link::Linked;
use crate::schema::codes::CodeSet;
use crate::settings::{PathwayConfig, Settings};
use crate::sources::Sources;

/// Everything about pathways that figures and costs need.
pub struct Pathways {
    /// The pathways as config has them, in the order of outputs.
    pub configs: Vec<PathwayConfig>,
    /// How many people are on a pathway, each counted once per pathway.
    pub episodes: u64,
    /// What was observed before and after the index, per pathway and service.
    pub windows: Vec<ArmService>,
    /// Who of the redesigned arms reliably recovered, where Talking Therapies sent data.
    pub recoveries: Vec<Recovery>,
    /// Who may hold a GP appointment, in the order of the codes.
    pub clinicians: Vec<String>,
    /// How everyone on the registered list used A&E; none where that is not known.
    pub populations: Vec<Population>,
    /// What arms were selected on, for those that were.
    pub selections: Vec<Selection>,
    /// Which services people used one after the other.
    pub movements: Vec<Movement>,
    /// What became of the people of each arm.
    pub follow_up: Vec<FollowUp>,
    /// Whether deaths and moves are known equally in every arm.
    pub is_ascertained: bool,
    /// Steps from people to people analysed, per pathway.
    pub flow: Vec<FlowStep>,
}

/// Who is on which pathway and what happened to them: rows about people, restricted.
pub struct Journeys {
    /// How many pathways there are.
    pub pathways: usize,
    /// One row per person and pathway, by pathway, then person.
    pub episodes: Vec<Episode>,
    /// What happened to the people on a pathway and when.
    pub events: Events,
}

/// One line of `cohort_flow.csv`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct FlowStep {
    /// Position of the pathway.
    pub pathway: usize,
    /// What the people have in common.
    pub stage: String,
    /// People who reached the stage.
    pub people: u64,
    /// People of the stage before who did not.
    pub excluded: u64,
    /// Why.
    pub reason: String,
}

/// Finds who is on which pathway, and counts what was observed of them.
pub fn build(
    linked: &Linked,
    settings: &Settings,
    sources: &Sources,
    coverage: &Coverage,
) -> Result<(Pathways, Journeys), Error> {
    let observation = observation::Observation::new(linked, settings, coverage)?;
    let (episodes, mut flow) = episodes::build(linked, settings, sources, &observation)?;
    let mut people: Vec<u32> = episodes.iter().map(|episode| episode.person).collect();
    people.par_sort_unstable();
    people.dedup();
    let events = events::build(linked, people, sources, coverage.as_of)?;
    let ((windows, recoveries, follow_up), (populations, selections, movements)) = rayon::join(
        || {
            let windows = windows::count(&episodes, &events, &observation, settings);
            let recoveries = recovery::count(linked, (&episodes, &windows), &observation, settings);
            (windows, recoveries, follow_up::count(linked, (&episodes, &events), &observation, (settings, sources)))
        },
        || {
            let populations = population::count(linked, &observation, sources);
            let selections = selection::count(linked, &episodes, &observation, (settings, sources));
            (populations, selections, movement::count(&episodes, &events, &observation, settings.pathway.len()))
        },
    );
    let (recoveries, follow_up) = (recoveries?, follow_up?);
    let (populations, selections) = (populations?, selections?);
    flow.extend(windows::flow(&episodes, &observation, settings));
    flow.sort_by_key(|step| step.pathway);
    let pathways = Pathways {
        configs: settings.pathway.clone(),
        episodes: episodes.len() as u64,
        windows,
        recoveries,
        populations,
        clinicians: sources.values.of(CodeSet::Clinician).to_vec(),
        movements,
        selections,
        follow_up,
        is_ascertained: observation.is_ascertained(),
        flow,
    };
    Ok((pathways, Journeys { pathways: settings.pathway.len(), episodes, events }))
}
