//! One scenario of a case, worked out.

use sha2::{Digest, Sha256};

use crate::disclosure::sheets::Value;
use crate::economics::case::draws::Draws;
use crate::economics::case::{Appraisal, Case, Flows, Inputs, Scenario, World};

/// How often all inputs are drawn together.
pub(super) const DRAWS: usize = 10_000;

/// One scenario of a case, worked out.
pub(super) struct Worked<'a> {
    pub(super) case: &'a Case,
    pub(super) scenario: &'a str,
    pub(super) inputs: Inputs,
    pub(super) world: World,
    pub(super) flows: Flows,
    pub(super) appraisal: Appraisal,
    pub(super) draws: Draws,
}

impl<'a> Worked<'a> {
    pub(super) fn of(case: &'a Case, scenario: Scenario, inputs: Inputs) -> Self {
        let world = World::central(&inputs);
        let flows = Flows::of(&inputs, &world);
        let name = case.name(scenario);
        // The same case has the same draws every night.
        let seed = Sha256::digest(format!("psa|{}|{name}", case.config.id)).into();
        Self {
            appraisal: Appraisal::of_flows(&inputs, &flows),
            draws: Draws::of(&inputs, DRAWS, seed),
            scenario: name,
            case,
            world,
            flows,
            inputs,
        }
    }

    /// The cells that every row of the case begins with.
    pub(super) fn start(&self) -> [Value; 2] {
        [Value::text(&self.case.config.id), Value::text(self.scenario)]
    }
}
