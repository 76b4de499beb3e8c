//! Options of linkage: which passes run and how sure a link must be. Strict, base and loose linkage are three of them.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::pass::Pass;
use crate::domain::supersession::Supersession;
use crate::error::Error;
use crate::identity::keys::ProjectKey;
use crate::ingest::supersession;
use crate::settings::linkage::OptionalPass;
use crate::settings::{LinkageSettings, Settings};

/// How records are linked.
#[derive(Clone)]
pub struct Options {
    /// The passes that run. `local` and `nhs_conflict` are no choices: the first makes the records, the second keeps them
    /// apart.
    pub passes: BTreeSet<Pass>,
    /// A probabilistic link is made from this probability on.
    pub link_at: f64,
    /// A pair that is not linked goes to the review list from this probability on.
    pub review_from: f64,
    /// How many times likelier than the next best person the best one must be.
    pub lead: f64,
    /// Records of one blocking key, on the side of those already linked, above which the key's block is skipped.
    pub max_block: usize,
    /// Numbers that were replaced by another of the same person.
    pub supersession: Arc<Supersession>,
}

impl Default for Options {
    fn default() -> Self {
        let own = LinkageSettings::default();
        Self {
            passes: Pass::ALL.into_iter().filter(|pass| *pass != Pass::Demographic).collect(),
            link_at: own.link_at,
            review_from: own.review_from,
            lead: own.lead,
            max_block: own.max_block,
            supersession: Arc::default(),
        }
    }
}

impl Options {
    /// Those of a project. Its supersession table is read here, and its numbers become tokens.
    pub fn of(settings: &Settings, key: &ProjectKey) -> Result<Self, Error> {
        let own = &settings.linkage;
        let mut passes = BTreeSet::from([Pass::Local, Pass::NhsDob, Pass::NhsConflict]);
        passes.extend(own.passes.iter().map(|pass| match pass {
            OptionalPass::NhsPartialDob => Pass::NhsPartialDob,
            OptionalPass::NhsOnly => Pass::NhsOnly,
            OptionalPass::LocalDemographic => Pass::LocalDemographic,
            OptionalPass::DemographicName => Pass::DemographicName,
            OptionalPass::Demographic => Pass::Demographic,
            OptionalPass::Probabilistic => Pass::Probabilistic,
        }));
        Ok(Self {
            passes,
            link_at: own.link_at,
            review_from: own.review_from,
            lead: own.lead,
            max_block: own.max_block,
            supersession: supersession::load(settings, key)?.into(),
        })
    }

    /// Links by NHS number alone, and only where the date of birth supports them.
    #[must_use]
    pub fn strict(&self) -> Self {
        Self {
            passes: BTreeSet::from([Pass::Local, Pass::NhsDob, Pass::NhsPartialDob, Pass::NhsConflict]),
            ..self.clone()
        }
    }

    /// Every pass, weak ones too, and links that are merely likely.
    #[must_use]
    pub fn loose(&self) -> Self {
        Self { passes: BTreeSet::from(Pass::ALL), link_at: self.link_at.min(0.9), ..self.clone() }
    }

    /// Whether a pass runs.
    pub fn runs(&self, pass: Pass) -> bool {
        self.passes.contains(&pass)
    }

    /// What of them changes who is who, for the address of a linkage.
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes: Vec<u8> = self.passes.iter().map(|pass| *pass as u8).collect();
        for number in [self.link_at, self.review_from, self.lead, self.max_block as f64] {
            bytes.extend(number.to_le_bytes());
        }
        bytes.extend(self.supersession.bytes());
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strict_base_and_loose_linkage_run_ever_more_passes() {
        let base = Options::default();
        let (strict, loose) = (base.strict(), base.loose());
        assert!(strict.passes.is_subset(&base.passes) && base.passes.is_subset(&loose.passes));
        assert!(!base.runs(Pass::Demographic) && loose.runs(Pass::Demographic) && !strict.runs(Pass::NhsOnly));
        assert!(base.bytes() != strict.bytes() && base.bytes() != loose.bytes());
        assert_ne!(base.bytes(), Options { max_block: 1, ..Options::default() }.bytes());
    }
}
