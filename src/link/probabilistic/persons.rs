//! Records without a number and the people that are known: each joins the most probable one, if that is sure enough.

use super::super::clusters::Clusters;
use super::super::pass::Pass;
use super::super::passes::Doubt;
use super::edges::Edge;
use super::{Limits, Outcome, weights};

/// Links what is sure; gives the founders, in order, for whom two people are as likely.
pub(super) fn link(edges: &[Edge], limits: Limits, clusters: &mut Clusters, outcome: &mut Outcome) -> Vec<u32> {
    let mut tied = Vec::new();
    for own in edges.chunk_by(|a, b| a.founder == b.founder) {
        // Where a namesake is sure enough, somebody of another forename is no rival: twins move apart.
        let has_namesake =
            own.iter().any(|edge| edge.is_namesake() && edge.doubt().is_none() && edge.weight >= limits.link);
        let mut rivals = own.iter().filter(|edge| !has_namesake || edge.doubt() != Some(Doubt::OtherForename));
        let Some(best) = rivals.next() else { continue };
        if best.doubt().is_some() || best.weight < limits.link {
            continue;
        }
        if rivals.next().is_some_and(|next| best.weight - next.weight < limits.lead) {
            tied.push(best.founder);
            continue;
        }
        clusters.join(best.founder, best.other, Pass::Probabilistic);
        outcome.probability.push((best.founder, weights::probability(best.weight)));
    }
    tied
}
