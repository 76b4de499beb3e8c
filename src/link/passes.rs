//! The passes, one after the other, each on what earlier ones left.
//!
//! In: records and options. Out: [`Linkage`]. Pure: the same records and options give the same people, whatever the order of
//! the records, so linkage can be repeated on records whose numbers are hidden.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::audit::LinkAudit;
use super::clusters::Clusters;
use super::demographic;
use super::nhs_number;
use super::options::Options;
pub use super::pass::Pass;
use super::probabilistic;
use super::records::Records;
use crate::domain::token::Token;

/// Who each record is about.
#[derive(Default)]
pub struct Linkage {
    /// Key of the person of each record: the token of a number, or the smallest key among the person's records.
    pub key: Vec<Token>,
    /// Every key once, in order.
    pub keys: Vec<Token>,
    /// The pass by which each record joined its person; [`Pass::Founder`] for the one that others joined.
    pub joined_by: Vec<Pass>,
    /// Whether each record holds to its person only through a third record.
    pub indirect: Vec<bool>,
    /// Records that joined by probability, and how probable the link is, in the order of the records.
    pub probability: Vec<(u32, f64)>,
    /// Pairs that somebody should look at, the most probable first.
    pub review: Vec<ReviewPair>,
    /// Quarantined records: theirs is not the person whose number they have.
    pub conflicts: Vec<u32>,
}

/// Two records that may be one person's and were not linked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReviewPair {
    /// The record without a person.
    pub record: u32,
    /// A record of the person that it may belong to.
    pub with: u32,
    /// How probable it is that they are one person's.
    pub probability: f64,
    /// Why they were not linked.
    pub why: Doubt,
}

/// Why a pair was not linked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Doubt {
    /// Not probable enough.
    Probability,
    /// No name agrees: it may be a twin.
    NoName,
    /// The forenames are two names: it may be a twin.
    OtherForename,
    /// Another person is as likely.
    Tie,
}

impl Doubt {
    /// The word in outputs.
    pub fn id(self) -> &'static str {
        match self {
            Self::Probability => "probability",
            Self::NoName => "no_name",
            Self::OtherForename => "other_forename",
            Self::Tie => "tie",
        }
    }
}

/// Links records by every pass that the options let run.
pub fn link_all(records: &Records, options: &Options, audit: &mut LinkAudit) -> Linkage {
    link_but(&|_| false, records, options, audit)
}

/// As [`link_all`], without the numbers of some records.
pub fn link_but(
    is_hidden: &(dyn Fn(usize) -> bool + Sync),
    records: &Records,
    options: &Options,
    audit: &mut LinkAudit,
) -> Linkage {
    let current = |(at, number): (usize, &Token)| {
        if is_hidden(at) { Token::NONE } else { options.supersession.current(*number) }
    };
    let mut clusters = Clusters::new(records.nhs.par_iter().enumerate().map(current).collect());
    let conflicts = nhs_number::link(records, options, &mut clusters);
    demographic::link(records, options, &mut clusters);
    let outcome = if options.runs(Pass::Probabilistic) {
        probabilistic::link(records, options, &mut clusters)
    } else {
        probabilistic::Outcome::default()
    };
    audit.skipped_blocks = outcome.skipped_blocks;
    for (at, pass) in clusters.joined_by.iter().enumerate().filter(|(_, pass)| **pass != Pass::Founder) {
        audit.count_many(records.source[at], *pass, 1);
    }
    for record in &conflicts {
        audit.count_many(records.source[*record as usize], Pass::NhsConflict, 1);
    }
    let (key, keys) = clusters.keys(records);
    Linkage {
        key,
        keys,
        joined_by: clusters.joined_by,
        indirect: clusters.is_indirect,
        probability: outcome.probability,
        review: outcome.review,
        conflicts,
    }
}
