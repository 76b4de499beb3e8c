//! The probabilistic pass: Fellegi-Sunter on field tokens.
//!
//! In: people so far. Out: records without a number joined to the person they most probably are, else to each other, and
//! the pairs that somebody should look at. Leaves alone: everybody with a number; nobody is joined to two of them.
//!
//! Source: Fellegi and Sunter (1969), J Am Stat Assoc 64:1183; weights and their sources in `weights.rs`.

mod blocking;
pub mod compare;
mod edges;
mod frequencies;
mod model;
mod persons;
mod register;
mod strangers;
mod weights;

use self::edges::Edge;
use self::frequencies::Frequencies;
use self::model::Model;
use super::clusters::Clusters;
use super::options::Options;
use super::passes::{Doubt, ReviewPair};
use super::records::Records;

/// What the pass found.
#[derive(Default)]
pub(super) struct Outcome {
    /// Records that joined, and how probable the link is.
    pub(super) probability: Vec<(u32, f64)>,
    /// Pairs that somebody should look at.
    pub(super) review: Vec<ReviewPair>,
    /// Blocks that were too large to be compared.
    pub(super) skipped_blocks: u64,
}

/// How heavy a pair must be, in bits.
#[derive(Clone, Copy)]
struct Limits {
    link: f64,
    review: f64,
    lead: f64,
}

/// Runs the pass.
pub(super) fn link(records: &Records, options: &Options, clusters: &mut Clusters) -> Outcome {
    if clusters.open_records().is_empty() {
        return Outcome::default();
    }
    let limits = Limits {
        link: weights::weight(options.link_at),
        review: weights::weight(options.review_from),
        lead: options.lead.log2(),
    };
    let model = Model::new(Frequencies::of(records, clusters));
    // What is lighter can neither be linked nor reviewed, nor come near what is.
    let least = limits.review.min(limits.link - limits.lead);
    let (edges, skipped_blocks) = blocking::pairs(records, clusters, options.max_block, &|a, b| {
        Edge::of((records, clusters, &model), (a, b), least)
    });
    let (to_strangers, to_persons): (Vec<Edge>, Vec<Edge>) =
        edges.into_iter().partition(|edge| clusters.is_open(edge.other));
    let mut to_persons = edges::merged(to_persons, records);
    register::clear(&mut to_persons, records, clusters, limits);
    let both_ways = to_strangers.into_iter().flat_map(|edge| [edge, edge.turned()]).collect();
    let to_strangers = edges::merged(both_ways, records);
    let mut outcome = Outcome { skipped_blocks, ..Outcome::default() };
    let tied = persons::link(&to_persons, limits, clusters, &mut outcome);
    strangers::link((&to_strangers, &to_persons, &tied), (records, &model), limits, clusters, &mut outcome);
    outcome.review = review((&to_persons, &to_strangers), &tied, limits, records, clusters);
    outcome.probability.sort_unstable_by_key(|(record, _)| *record);
    outcome
}

/// Of everybody who is still without a person the most probable pair, and of ties the next one too.
fn review(
    (to_persons, to_strangers): (&[Edge], &[Edge]),
    tied: &[u32],
    limits: Limits,
    records: &Records,
    clusters: &Clusters,
) -> Vec<ReviewPair> {
    let key = |record: u32| records.key[record as usize];
    let mut pairs = Vec::new();
    for edges in [to_persons, to_strangers] {
        for own in edges.chunk_by(|a, b| a.founder == b.founder) {
            let is_tied = tied.binary_search(&own[0].founder).is_ok();
            let shown = if is_tied { 2 } else { 1 };
            let alone = own.iter().filter(|edge| clusters.is_open(edge.founder) && edge.weight >= limits.review);
            pairs.extend(alone.take(shown).filter(|edge| clusters.founder(edge.other) != edge.founder).map(|edge| {
                let other = if edge.weight >= limits.link { Doubt::Tie } else { Doubt::Probability };
                ReviewPair {
                    record: edge.records.0,
                    with: edge.records.1,
                    probability: weights::probability(edge.weight),
                    why: edge.doubt().unwrap_or(other),
                }
            }));
        }
    }
    // Two who found each other are one pair.
    for pair in &mut pairs {
        if clusters.is_open(clusters.founder(pair.with)) && key(pair.with) < key(pair.record) {
            std::mem::swap(&mut pair.record, &mut pair.with);
        }
    }
    pairs.sort_by(|a, b| {
        let likelier = b.probability.total_cmp(&a.probability);
        likelier.then_with(|| (key(a.record), key(a.with)).cmp(&(key(b.record), key(b.with))))
    });
    pairs.dedup_by_key(|pair| (pair.record, pair.with));
    pairs
}
