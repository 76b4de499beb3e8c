//! Edges: what the records of two people say together.

use super::super::clusters::Clusters;
use super::super::passes::Doubt;
use super::super::records::Records;
use super::compare::compare;
use super::model::Model;

/// Two people, one of them without a number, and how far their records agree.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edge {
    /// The founder of the person without a number.
    pub(super) founder: u32,
    /// The founder of the other.
    pub(super) other: u32,
    /// The record of each that agree most.
    pub(super) records: (u32, u32),
    /// What these two say, the prior included.
    pub(super) weight: f64,
    has_name: bool,
    has_forename: bool,
    has_two_forenames: bool,
}

impl Edge {
    /// Compares two records; none where it would change nothing.
    pub(super) fn of(
        (records, clusters, model): (&Records, &Clusters, &Model),
        (a, b): (u32, u32),
        least: f64,
    ) -> Option<Self> {
        let (founder, other) = (clusters.founder(a), clusters.founder(b));
        if founder == other {
            return None;
        }
        let (at, with) = (a as usize, b as usize);
        let compared = compare(records, at, with);
        let weight = model.weight(records, (at, with), &compared);
        let has_two_forenames = model.has_two_forenames(records, (at, with), &compared);
        // Two forenames of one birthday and surname are told even where they make the rest improbable.
        let may_be_twin = has_two_forenames && compared.birth != Some(2) && matches!(compared.surname, Some(0..=2));
        (weight >= least || may_be_twin).then_some(Self {
            founder,
            other,
            records: (a, b),
            weight,
            has_name: compared.has_name(),
            has_forename: model.has_one_forename(records, (at, with), &compared),
            has_two_forenames,
        })
    }

    /// The same, seen from the other side.
    pub(super) fn turned(self) -> Self {
        Self { founder: self.other, other: self.founder, records: (self.records.1, self.records.0), ..self }
    }

    /// Why the two may not be linked, however probable it is.
    pub(super) fn doubt(&self) -> Option<Doubt> {
        match self {
            Self { has_name: false, .. } => Some(Doubt::NoName),
            Self { has_two_forenames: true, has_forename: false, .. } => Some(Doubt::OtherForename),
            _ => None,
        }
    }
}

/// One edge for each two people, by founder, the heaviest first: no order depends on where a record stood in its file.
pub(super) fn merged(mut edges: Vec<Edge>, records: &Records) -> Vec<Edge> {
    let key = |record: u32| records.key[record as usize];
    rayon::slice::ParallelSliceMut::par_sort_unstable_by(edges.as_mut_slice(), |a, b| {
        let people = (a.founder, a.other).cmp(&(b.founder, b.other));
        people
            .then(b.weight.total_cmp(&a.weight))
            .then_with(|| (key(a.records.0), key(a.records.1)).cmp(&(key(b.records.0), key(b.records.1))))
    });
    let mut all: Vec<Edge> = edges
        .chunk_by(|a, b| (a.founder, a.other) == (b.founder, b.other))
        .map(|same| Edge {
            has_name: same.iter().any(|edge| edge.has_name),
            has_forename: same.iter().any(|edge| edge.has_forename),
            has_two_forenames: same.iter().any(|edge| edge.has_two_forenames),
            ..same[0]
        })
        .collect();
    all.sort_unstable_by(|a, b| {
        let heaviest = a.founder.cmp(&b.founder).then(b.weight.total_cmp(&a.weight));
        heaviest.then_with(|| key(a.other).cmp(&key(b.other)))
    });
    all
}
