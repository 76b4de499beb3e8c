//! Effects: what pathways changed beside their comparators, by the designs of the analysis plan.
//!
//! In: linked tables, who is on which pathway, the plan. Out: [`Effects`], exact, with why there is none where there is none.
//! Leaves alone: the arithmetic of matching and models (`evaluation`), and what may be shown (`disclosure`).

pub mod cache;
mod compare;
mod designs;
mod expected;
mod found;
mod likeness;
mod panel;
mod series;
mod variants;

pub use found::{BalanceRow, Behind, Compared, Effects, Exact, Found, MonthRow, Row, Said, Study, Variant};

use rayon::prelude::*;

use crate::error::Error;
use crate::link::Linked;
use crate::metrics::rates::{self, RateMetric};
use crate::pathways::observation::Observation;
use crate::pathways::{Coverage, Journeys, Pathways};
use crate::settings::{AnalysisPlan, Comparison, PathwayConfig, Settings};
use crate::sources::Sources;

/// Outcomes that are compared whether or not the plan names them, by their rates.
pub const OUTCOMES: [&str; 4] = ["px_rate_ed", "px_rate_gp", "px_rate_mh_contacts", "px_rate_bed_days"];

/// What everything is worked out from.
#[derive(Clone, Copy)]
struct Given<'a> {
    linked: &'a Linked,
    pathways: &'a Pathways,
    journeys: &'a Journeys,
    observation: &'a Observation<'a>,
    sources: &'a Sources,
}

/// Compares every redesigned pathway with each of its comparators; none without an analysis plan.
pub fn find(
    linked: &Linked,
    (pathways, journeys): (&Pathways, &Journeys),
    coverage: &Coverage,
    (settings, sources): (&Settings, &Sources),
) -> Result<Option<Effects>, Error> {
    let Some(plan) = &settings.plan else { return Ok(None) };
    let observation = Observation::new(linked, settings, coverage)?;
    let given = Given { linked, pathways, journeys, observation: &observation, sources };
    let expected = expected::of(given, plan)?;
    let compared = pairs(&pathways.configs).into_par_iter().map(|pair| compare::of(given, plan, (pair, &expected)));
    Ok(Some(Effects { compared: compared.collect::<Result<_, Error>>()? }))
}

/// Redesigned pathways, each with its comparators.
fn pairs(configs: &[PathwayConfig]) -> Vec<[usize; 2]> {
    let of = |comparator: usize| {
        let redesigned = configs[comparator].of.as_ref()?;
        Some([configs.iter().position(|config| config.id == *redesigned)?, comparator])
    };
    let mut all: Vec<[usize; 2]> = (0..configs.len()).filter_map(of).collect();
    all.sort_unstable();
    all
}

/// How two pathways are compared, and on which rates: those of the plan, then the others.
fn asked(plan: &AnalysisPlan, [pathway, comparator]: [&PathwayConfig; 2]) -> (Comparison, Vec<usize>) {
    let planned = plan.of(&pathway.id, &comparator.id).cloned();
    let comparison = planned.unwrap_or_else(|| Comparison::unplanned(&pathway.id, &comparator.id));
    let named = comparison.outcomes.iter().map(String::as_str).chain(OUTCOMES);
    let wanted: Vec<&str> = named.collect();
    let rates = (0..rates::ALL.len()).filter(|at| wanted.contains(&rate(*at).id));
    let rates = rates.collect();
    (comparison, rates)
}

/// A rate by its position.
fn rate(at: usize) -> &'static RateMetric {
    &rates::ALL[at]
}
