//! Governance: who decides, who holds the key, and for each flow of data its sender, legal basis, opt-out rule and retention.
//!
//! It changes no figure: `describe security` fills its tables from it, and shows what is not said as missing.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::schema::Source;

/// What an information-governance lead is told beside what the program knows of itself.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Governance {
    /// Who decides on the data: the organisation on whose machine pathlink runs.
    pub controller: String,
    /// What the data are used for, in a sentence.
    pub purpose: String,
    /// Who holds the project's key: a role and an organisation, never the evaluator.
    pub key_holder: String,
    /// Who receives tables or row-level files to evaluate.
    pub evaluator: String,
    /// Who is told of a leak or a withdrawal, and how.
    pub contact: String,
    /// Where the data-protection impact assessment is filed.
    pub dpia: String,
    /// The licence that released tables are given under: its name or its address. Every released table says it.
    pub licence: String,
    /// Extracts of a mental-health trust.
    pub mental_health: Flow,
    /// Extracts of A&E.
    pub emergency_care: Flow,
    /// Extracts of NHS Talking Therapies.
    pub talking_therapies: Flow,
    /// Extracts of general practices.
    pub gp: Flow,
    /// Extracts of voluntary-sector services.
    pub community: Flow,
    /// What the controller keeps: the store and `restricted/`.
    pub kept: Flow,
    /// Row-level files for an evaluator.
    pub share: Flow,
    /// Released tables.
    pub release: Flow,
}

/// One flow of data.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Flow {
    /// Who sends.
    pub sender: String,
    /// Who receives.
    pub recipient: String,
    /// The legal basis.
    pub legal_basis: String,
    /// How opt-outs are applied.
    pub opt_out: String,
    /// How long it is kept.
    pub retention: String,
}

impl Governance {
    /// The flow of a source's extracts.
    pub fn of(&self, source: Source) -> &Flow {
        [&self.mental_health, &self.emergency_care, &self.talking_therapies, &self.gp, &self.community][source as usize]
    }
}
