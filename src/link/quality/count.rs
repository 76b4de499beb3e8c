//! Counts of the pack: what is counted, how many of how many, and how many different people stand behind it.

use serde::{Deserialize, Serialize};

use crate::schema::Source;

/// A table of the pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Section {
    /// Q1: from rows to records to people.
    Flow,
    /// Q2: what identifies rows, and what of it is there.
    IdentifierQuality,
    /// Q3: records of one source with a record in another, by the pass that joined them.
    MatchRate,
    /// People of one source with a record in another.
    Overlap,
    /// Q4: who is linked and who is not.
    MatchRateByGroup,
    /// Q5: what does not agree within a person.
    Conflicts,
    /// Q6: records whose number was hidden, and what the other passes made of them.
    HoldOut,
    /// Q7: what cannot have happened to one person.
    Implausible,
    /// Q8: figures under stricter and looser linkage.
    Sensitivity,
    /// Q9: people by what they are made of.
    Clusters,
    /// Q10: change against an earlier run.
    Drift,
}

impl Section {
    /// Every table, in the order of outputs.
    pub const ALL: [Self; 11] = [
        Self::Flow,
        Self::IdentifierQuality,
        Self::MatchRate,
        Self::Overlap,
        Self::MatchRateByGroup,
        Self::Conflicts,
        Self::HoldOut,
        Self::Implausible,
        Self::Sensitivity,
        Self::Clusters,
        Self::Drift,
    ];

    /// The name in outputs.
    pub fn id(self) -> &'static str {
        [
            "flow",
            "identifier_quality",
            "match_rate",
            "overlap",
            "match_rate_by_group",
            "conflicts",
            "hold_out",
            "implausible",
            "sensitivity",
            "clusters",
            "drift",
        ][self as usize]
    }
}

/// How a count is divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Division {
    /// Not at all.
    All,
    /// By month of the row.
    Month,
    /// By age on the day by which nearly all events had happened.
    AgeBand,
    /// By phenotypic sex.
    Sex,
    /// By ethnic group.
    EthnicGroup,
    /// By deprivation quintile, 1 most deprived.
    ImdQuintile,
    /// By provider.
    Provider,
    /// By what became of a row.
    Fate,
    /// By reason code of the NHS number.
    Reason,
    /// By records of a person.
    Records,
    /// By sources of a person.
    Sources,
    /// By what a person rests on.
    Basis,
    /// By pathway.
    Pathway,
}

impl Division {
    /// The name in outputs.
    pub fn id(self) -> &'static str {
        [
            "all",
            "month",
            "age_band",
            "sex",
            "ethnic_group",
            "imd_quintile",
            "provider",
            "fate",
            "reason",
            "records",
            "sources",
            "basis",
            "pathway",
        ][self as usize]
    }
}

/// One exact count of the pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// Which table.
    pub section: Section,
    /// The source whose rows, records or people are counted; none for all of them.
    pub source: Option<Source>,
    /// The other source, where two are compared.
    pub other: Option<Source>,
    /// The pass, where one is meant; empty for any.
    pub pass: String,
    /// How the count is divided.
    pub division: Division,
    /// The part that is meant; `all` for the whole.
    pub level: String,
    /// What is counted.
    pub measure: String,
    /// How many.
    pub numerator: u64,
    /// Of how many; none where it is not a share.
    pub denominator: Option<u64>,
    /// Different people behind the numerator, and behind the rest of the denominator.
    pub people: [u64; 2],
}

impl Count {
    /// A count of a whole table, to be filled in.
    pub fn new(section: Section, measure: impl Into<String>, cell: Cell) -> Self {
        Self {
            section,
            source: None,
            other: None,
            pass: String::new(),
            division: Division::All,
            level: "all".to_owned(),
            measure: measure.into(),
            numerator: cell.within,
            denominator: Some(cell.of),
            people: [cell.people_in, cell.people_out],
        }
    }

    /// Of one source.
    #[must_use]
    pub fn of(mut self, source: Source) -> Self {
        self.source = Some(source);
        self
    }

    /// Beside another source.
    #[must_use]
    pub fn beside(mut self, other: Source) -> Self {
        self.other = Some(other);
        self
    }

    /// By one pass.
    #[must_use]
    pub fn by(mut self, pass: &str) -> Self {
        pass.clone_into(&mut self.pass);
        self
    }

    /// Of one part of a division.
    #[must_use]
    pub fn part(mut self, division: Division, level: impl Into<String>) -> Self {
        self.division = division;
        self.level = level.into();
        self
    }

    /// Not a share of anything.
    #[must_use]
    pub fn plain(mut self) -> Self {
        self.denominator = None;
        self
    }
}

/// A count being made. Things are added person by person, so that different people can be told without a list of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cell {
    /// Things with the property.
    pub within: u64,
    /// Things in all.
    pub of: u64,
    /// People with a thing that has the property.
    pub people_in: u64,
    /// People with a thing that has not.
    pub people_out: u64,
    pub(super) last_in: u32,
    pub(super) last_out: u32,
}

impl Cell {
    /// Adds a thing of a person. All things of a person are added one after the other.
    pub fn add(&mut self, person: u32, has_property: bool) {
        self.of += 1;
        let mark = person + 1;
        if has_property {
            self.within += 1;
            self.people_in += u64::from(self.last_in != mark);
            self.last_in = mark;
        } else {
            self.people_out += u64::from(self.last_out != mark);
            self.last_out = mark;
        }
    }

    /// Adds the count of other people.
    pub fn merge(&mut self, other: &Self) {
        self.within += other.within;
        self.of += other.of;
        self.people_in += other.people_in;
        self.people_out += other.people_out;
    }

    /// So many people of so many, each counted once.
    pub fn of_people(within: u64, of: u64) -> Self {
        Self { within, of, people_in: within, people_out: of.saturating_sub(within), last_in: 0, last_out: 0 }
    }
}

/// Adds cells of other people one by one.
pub(super) fn merge_all(into: &mut [Cell], other: &[Cell]) {
    for (to, from) in into.iter_mut().zip(other) {
        to.merge(from);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_with_three_rows_is_one_person() {
        let mut cell = Cell::default();
        for (person, has) in [(0, true), (0, true), (0, false), (7, false), (7, false), (8, true)] {
            cell.add(person, has);
        }
        assert_eq!([cell.within, cell.of, cell.people_in, cell.people_out], [3, 6, 2, 2]);
        let mut twice = cell;
        twice.merge(&cell);
        assert_eq!([twice.within, twice.of, twice.people_in, twice.people_out], [6, 12, 4, 4]);
    }

    #[test]
    fn every_table_and_division_has_its_own_name() {
        let names: std::collections::BTreeSet<_> = Section::ALL.iter().map(|section| section.id()).collect();
        assert_eq!(names.len(), Section::ALL.len());
        assert_eq!((Division::Pathway.id(), Section::Drift.id()), ("pathway", "drift"));
    }
}
