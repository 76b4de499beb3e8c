//! Edges: what the records of two people say together.

use super::super::clusters::Clusters;
use super::super::passes::Doubt;
use super::super::records::Records;
use super::compare::compare;
use super::model::Model;

/// What two records show, each a bit.
mod marks {
    /// A name agrees.
    pub(super) const NAME: u8 = 1;
    /// They have one forename: the same, or one and a slip of it.
    pub(super) const ONE_FORENAME: u8 = 1 << 1;
    /// They have two forenames.
    pub(super) const TWO_FORENAMES: u8 = 1 << 2;
    /// Date of birth, surname and the whole forename agree.
    pub(super) const NAMESAKE: u8 = 1 << 3;
    /// Everything agrees but the forename.
    pub(super) const ALL_BUT_FORENAME: u8 = 1 << 4;
    /// The register of everybody shows that there is no twin (`register.rs`).
    pub(super) const NO_TWIN: u8 = 1 << 5;
}

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
    /// What of [`marks`] any two of their records show.
    marks: u8,
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
        let is_alike = compared.birth == Some(0) && compared.surname == Some(0);
        let shown = [
            (compared.has_name(), marks::NAME),
            (model.has_one_forename(records, (at, with), &compared), marks::ONE_FORENAME),
            (has_two_forenames, marks::TWO_FORENAMES),
            (is_alike && compared.forename == Some(0), marks::NAMESAKE),
            (is_alike && compared.postcode == Some(0) && compared.sex != Some(1), marks::ALL_BUT_FORENAME),
        ];
        let marks = shown.into_iter().filter(|(is_shown, _)| *is_shown).fold(0, |marks, (_, mark)| marks | mark);
        (weight >= least || may_be_twin).then_some(Self { founder, other, records: (a, b), weight, marks })
    }

    fn has(&self, mark: u8) -> bool {
        self.marks & mark != 0
    }

    /// Whether the two have one forename: the same, or one and a slip of it.
    pub(super) fn has_one_forename(&self) -> bool {
        self.has(marks::ONE_FORENAME)
    }

    /// Whether date of birth, surname and the whole forename agree.
    pub(super) fn is_namesake(&self) -> bool {
        self.has(marks::NAMESAKE)
    }

    /// Whether everything agrees but the forename.
    pub(super) fn is_all_but_forename(&self) -> bool {
        self.has(marks::ALL_BUT_FORENAME)
    }

    /// Takes away the doubt that there is a twin.
    pub(super) fn has_no_twin(&mut self) {
        self.marks |= marks::NO_TWIN;
    }

    /// The same, seen from the other side.
    pub(super) fn turned(self) -> Self {
        Self { founder: self.other, other: self.founder, records: (self.records.1, self.records.0), ..self }
    }

    /// Why the two may not be linked, however probable it is.
    pub(super) fn doubt(&self) -> Option<Doubt> {
        let may_be_twin = self.has(marks::TWO_FORENAMES) && !self.has(marks::ONE_FORENAME) && !self.has(marks::NO_TWIN);
        match (self.has(marks::NAME), may_be_twin) {
            (false, _) => Some(Doubt::NoName),
            (true, true) => Some(Doubt::OtherForename),
            (true, false) => None,
        }
    }
}

/// One edge for each two people, by founder, the heaviest first: no order depends on where a record stood in its file.
pub(super) fn merged(mut edges: Vec<Edge>, records: &Records) -> Vec<Edge> {
    let key = |record: u32| records.rank(record);
    rayon::slice::ParallelSliceMut::par_sort_unstable_by(edges.as_mut_slice(), |a, b| {
        let people = (a.founder, a.other).cmp(&(b.founder, b.other));
        people
            .then(b.weight.total_cmp(&a.weight))
            .then_with(|| (key(a.records.0), key(a.records.1)).cmp(&(key(b.records.0), key(b.records.1))))
    });
    let mut all: Vec<Edge> = edges
        .chunk_by(|a, b| (a.founder, a.other) == (b.founder, b.other))
        .map(|same| Edge { marks: same.iter().fold(0, |marks, edge| marks | edge.marks), ..same[0] })
        .collect();
    all.sort_unstable_by(|a, b| {
        let heaviest = a.founder.cmp(&b.founder).then(b.weight.total_cmp(&a.weight));
        heaviest.then_with(|| key(a.other).cmp(&key(b.other)))
    });
    all
}
