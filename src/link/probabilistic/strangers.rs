//! Records without a number among themselves: those that are one person's, and those that lead to a known person through
//! another record, which are marked as indirect.
//!
//! A group is taken whole or not at all: if any two in it cannot be one person, nobody can say who goes with whom.

use super::super::clusters::Clusters;
use super::super::components;
use super::super::pass::Pass;
use super::super::passes::Doubt;
use super::super::records::Records;
use super::compare::compare;
use super::edges::Edge;
use super::model::Model;
use super::{Limits, Outcome, weights};

/// More records than anybody has; a larger group hangs together by chance.
const MOST_RECORDS: usize = 1_000;

/// Links what is sure. `tied` are the founders for whom two known people are as likely: they stay alone.
pub(super) fn link(
    (edges, to_persons, tied): (&[Edge], &[Edge], &[u32]),
    (records, model): (&Records, &Model),
    limits: Limits,
    clusters: &mut Clusters,
    outcome: &mut Outcome,
) {
    let apart = Apart { records, model, to_persons };
    let is_sure = |edge: &&Edge| {
        let takes_part = |founder: u32| tied.binary_search(&founder).is_err();
        edge.weight >= limits.link && edge.doubt().is_none() && takes_part(edge.founder) && takes_part(edge.other)
    };
    let sure: Vec<Edge> = edges.iter().filter(is_sure).copied().collect();
    let mut torn: Vec<(u32, u32)> = Vec::new();
    for own in sure.chunk_by(|a, b| a.founder == b.founder) {
        let best = &own[0];
        for other in own[1..].iter().filter(|other| apart.founders(best.other, other.other, clusters)) {
            torn.push(pair(other));
            if best.weight - other.weight < limits.lead {
                torn.extend(own.iter().map(pair));
            }
        }
    }
    torn.sort_unstable();
    let left: Vec<Edge> = sure.into_iter().filter(|edge| torn.binary_search(&pair(edge)).is_err()).collect();
    let pairs: Vec<(u32, u32)> = left.iter().map(pair).collect();
    for group in components::of(&pairs, records) {
        join(&group, &left, &apart, clusters, outcome);
    }
}

/// The two of an edge, whichever way it is seen.
fn pair(edge: &Edge) -> (u32, u32) {
    (edge.founder.min(edge.other), edge.founder.max(edge.other))
}

fn join(group: &[u32], edges: &[Edge], apart: &Apart<'_>, clusters: &mut Clusters, outcome: &mut Outcome) {
    let known: Vec<u32> = group.iter().filter(|founder| !clusters.is_open(**founder)).copied().collect();
    let person = known.first().map(|founder| clusters.founder(*founder));
    if group.len() > MOST_RECORDS || !apart.can_be_one(group, person, clusters) {
        return;
    }
    let head = person.unwrap_or(group[0]);
    for founder in group.iter().copied().filter(|founder| *founder != head && !known.contains(founder)) {
        let first = edges.partition_point(|edge| edge.founder < founder);
        let own = edges[first..].iter().take_while(|edge| edge.founder == founder);
        let is_direct = own.clone().any(|edge| edge.other == head);
        let weight = own.map(|edge| edge.weight).fold(f64::MIN, f64::max);
        clusters.join(founder, head, Pass::Probabilistic);
        clusters.is_indirect[founder as usize] = !is_direct;
        outcome.probability.push((founder, weights::probability(weight)));
    }
}

/// Who cannot be whom.
struct Apart<'a> {
    records: &'a Records,
    model: &'a Model,
    to_persons: &'a [Edge],
}

impl Apart<'_> {
    /// Whether all of a group can be one person, that of a number if there is one.
    fn can_be_one(&self, group: &[u32], person: Option<u32>, clusters: &Clusters) -> bool {
        let is_person = |founder: u32| clusters.is_open(founder) || Some(clusters.founder(founder)) == person;
        let denies = |founder: u32| {
            let first = self.to_persons.partition_point(|edge| edge.founder < founder);
            let own = self.to_persons[first..].iter().take_while(|edge| edge.founder == founder);
            own.clone().any(|edge| Some(edge.other) == person && edge.doubt() == Some(Doubt::OtherForename))
        };
        let in_pairs =
            || group.iter().enumerate().flat_map(|(at, one)| group[..at].iter().map(move |other| (*one, *other)));
        group.iter().all(|founder| is_person(*founder) && !denies(*founder))
            && !in_pairs().any(|(one, other)| self.founders(one, other, clusters))
    }

    /// Whether two founders cannot be one person: they are known as two, have two forenames or two dates of birth.
    fn founders(&self, one: u32, other: u32, clusters: &Clusters) -> bool {
        let known = [one, other].map(|founder| (!clusters.is_open(founder)).then(|| clusters.founder(founder)));
        if let [Some(a), Some(b)] = known {
            return a != b;
        }
        let (a, b) = (one as usize, other as usize);
        let compared = compare(self.records, a, b);
        compared.birth == Some(2) || self.model.has_two_forenames(self.records, (a, b), &compared)
    }
}
