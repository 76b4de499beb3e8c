//! Levels: all levels of all breakdowns of one table, numbered in one row; and the places that rows are counted in, of
//! which the levels are made: kinds of people, providers and age bands, and apart from these what the rows themselves say.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::breakdowns::Breakdown;
use crate::domain::age_band;
use crate::domain::org_code::OrgCode;
use crate::link::Persons;

const BANDS: [&str; 9] = age_band::NAMES;
const SEXES: [&str; 4] = ["male", "female", "indeterminate", NOT_KNOWN];
const ETHNIC_GROUPS: [&str; 6] = ["white", "mixed", "asian", "black", "other", NOT_KNOWN];
const QUINTILES: [&str; 6] = ["1", "2", "3", "4", "5", NOT_KNOWN];
/// The level of those of whom a division is not known.
pub const NOT_KNOWN: &str = "not_known";
/// Sex, ethnic group and deprivation at once. A person is of one kind, so one count by kind gives those of four
/// breakdowns.
const KINDS: usize = SEXES.len() * ETHNIC_GROUPS.len() * QUINTILES.len();

/// What the rows of a table say that figures are divided by: a column of codes, and the names of its values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Split {
    /// The breakdown.
    pub breakdown: Breakdown,
    /// The values that some row has, in order of their codes; rows without one are not known.
    pub values: Vec<String>,
}

impl Split {
    fn len(&self) -> usize {
        self.values.len() + 1
    }

    /// The level of a code.
    fn place(&self, code: Option<u16>) -> usize {
        code.map_or(self.values.len(), |code| usize::from(code).min(self.values.len()))
    }
}

/// The levels of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Levels {
    /// The providers of its rows, in order.
    pub providers: Vec<u64>,
    /// What its rows are divided by beside that; two at most.
    pub splits: Vec<Split>,
}

/// Where rows are counted: everyone in one place, or in a place of each kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Facet {
    /// One place for all.
    Whole,
    /// Kinds of people, providers, age bands.
    People,
    /// What the rows say.
    Rows,
}

/// What a row is counted by.
#[derive(Debug, Clone, Copy)]
pub struct Traits {
    /// The provider's position.
    pub provider: usize,
    /// Age at the event.
    pub age: Option<u16>,
    /// The kind of person.
    pub kind: u8,
    /// The codes of the splits.
    pub codes: [Option<u16>; 2],
}

impl Levels {
    /// Facets of figures with breakdowns, or without.
    pub fn facets(&self, is_divided: bool) -> &'static [Facet] {
        match (is_divided, self.splits.is_empty()) {
            (false, _) => &[Facet::Whole],
            (true, true) => &[Facet::People],
            (true, false) => &[Facet::People, Facet::Rows],
        }
    }

    /// How many places rows are counted in.
    pub fn places(&self, facet: Facet) -> usize {
        match facet {
            Facet::Whole => 3,
            Facet::People => KINDS + self.providers.len() + BANDS.len(),
            Facet::Rows => 2 + self.splits.iter().map(Split::len).sum::<usize>(),
        }
    }

    /// The three places that a row belongs to.
    pub fn of(&self, facet: Facet, row: Traits) -> [usize; 3] {
        match facet {
            Facet::Whole => [0, 1, 2],
            Facet::People => {
                let bands = KINDS + self.providers.len();
                [usize::from(row.kind), KINDS + row.provider, bands + age_band::of(row.age)]
            }
            Facet::Rows => {
                // The first two hold everybody and nobody in particular.
                let first = self.splits.first().map_or(1, |split| 2 + split.place(row.codes[0]));
                let second = self.splits.get(1).map_or(1, |split| 2 + self.splits[0].len() + split.place(row.codes[1]));
                [0, first, second]
            }
        }
    }

    /// Each level with its breakdown and name.
    pub fn names(&self, is_divided: bool) -> Vec<(Breakdown, String)> {
        let mut names = vec![(Breakdown::All, "all".to_owned())];
        if !is_divided {
            return names;
        }
        names.extend(self.providers.iter().map(|code| (Breakdown::Provider, OrgCode::from_packed(*code).to_string())));
        let people = [
            (Breakdown::AgeBand, &BANDS[..]),
            (Breakdown::Sex, &SEXES),
            (Breakdown::EthnicGroup, &ETHNIC_GROUPS),
            (Breakdown::ImdQuintile, &QUINTILES),
        ];
        for (breakdown, levels) in people {
            names.extend(levels.iter().map(|level| (breakdown, (*level).to_owned())));
        }
        for split in &self.splits {
            names.extend(split.values.iter().map(|value| (split.breakdown, value.clone())));
            names.push((split.breakdown, NOT_KNOWN.to_owned()));
        }
        names
    }

    /// How many levels.
    pub fn len(&self, is_divided: bool) -> usize {
        let people = BANDS.len() + SEXES.len() + ETHNIC_GROUPS.len() + QUINTILES.len();
        let rows = self.splits.iter().map(Split::len).sum::<usize>();
        if is_divided { 1 + self.providers.len() + people + rows } else { 1 }
    }

    /// What stands in the places of one group, of all groups facet by facet.
    pub fn group<'a, T>(&self, facets: &'a [(Facet, Vec<T>)], group: usize) -> Vec<(Facet, &'a [T])> {
        let of = |(facet, all): &'a (Facet, Vec<T>)| {
            let places = self.places(*facet);
            (*facet, &all[group * places..(group + 1) * places])
        };
        facets.iter().map(of).collect()
    }

    /// Makes the levels of what stands in the places, facet by facet.
    pub fn spread<T: Default + Clone>(&self, facets: &[(Facet, &[T])], merge: impl Fn(&mut T, &T)) -> Vec<T> {
        let mut all = T::default();
        let [mut sexes, mut groups, mut quintiles] =
            [SEXES.len(), ETHNIC_GROUPS.len(), QUINTILES.len()].map(|size| vec![T::default(); size]);
        let (mut own, mut rows): (&[T], &[T]) = (&[], &[]);
        for (facet, places) in facets {
            match facet {
                Facet::Whole => all = places[0].clone(),
                Facet::People => {
                    for (kind, part) in places[..KINDS].iter().enumerate() {
                        merge(&mut all, part);
                        let (rest, quintile) = (kind / QUINTILES.len(), kind % QUINTILES.len());
                        merge(&mut sexes[rest / ETHNIC_GROUPS.len()], part);
                        merge(&mut groups[rest % ETHNIC_GROUPS.len()], part);
                        merge(&mut quintiles[quintile], part);
                    }
                    own = &places[KINDS..];
                }
                Facet::Rows => rows = &places[2..],
            }
        }
        let is_divided = !own.is_empty();
        let mut levels = vec![all];
        if is_divided {
            levels.extend_from_slice(own);
            levels.extend([sexes, groups, quintiles].concat());
            levels.extend_from_slice(rows);
        }
        levels
    }
}

/// The kind of every person: sex, ethnic group and deprivation.
pub fn kinds(persons: &Persons) -> Vec<u8> {
    let kind = |((sex, group), quintile): ((&Option<u16>, &Option<u16>), &Option<u16>)| {
        let at = |value: &Option<u16>, size: usize| value.map_or(size - 1, usize::from).min(size - 1);
        let quintile = quintile.map_or(QUINTILES.len() - 1, |one| usize::from(one) - 1);
        let (sex, group) = (at(sex, SEXES.len()), at(group, ETHNIC_GROUPS.len()));
        ((sex * ETHNIC_GROUPS.len() + group) * QUINTILES.len() + quintile) as u8
    };
    persons.sex.par_iter().zip(&persons.ethnic_group).zip(&persons.imd_quintile).map(kind).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The levels other than "all" that a row is in.
    fn shown(levels: &Levels, row: Traits) -> Vec<String> {
        let names = levels.names(true);
        let counted = |facet: Facet| {
            let mut places = vec![0_u32; levels.places(facet)];
            for place in levels.of(facet, row) {
                places[place] += 1;
            }
            (facet, places)
        };
        let facets: Vec<(Facet, Vec<u32>)> = levels.facets(true).iter().map(|facet| counted(*facet)).collect();
        let found = levels.spread(&levels.group(&facets, 0), |all, part| *all += part);
        assert_eq!((found.len(), found[0]), (names.len(), 1));
        assert_eq!(levels.len(true), names.len());
        found.iter().zip(&names).skip(1).filter(|(count, _)| **count == 1).map(|(_, (_, name))| name.clone()).collect()
    }

    #[test]
    fn an_18_year_old_is_in_18_to_24() {
        let levels = Levels { providers: vec![3, 7], splits: Vec::new() };
        let row = |provider, age, kind| Traits { provider, age, kind, codes: [None; 2] };
        let [three, seven] = [3, 7].map(|code| OrgCode::from_packed(code).to_string());
        assert_eq!(shown(&levels, row(0, Some(17), 0)), [&three, "0-17", "male", "white", "1"]);
        assert_eq!(shown(&levels, row(0, Some(18), 43)), [&three, "18-24", "female", "mixed", "2"]);
        assert_eq!(shown(&levels, row(1, Some(75), 143)), [&seven, "75+", "not_known", "not_known", "not_known"]);
        assert_eq!(shown(&levels, row(1, None, 36))[1..], ["not_known", "female", "white", "1"]);
    }

    #[test]
    fn what_a_row_says_has_levels_of_its_own() {
        let split = |breakdown: Breakdown, values: &[&str]| Split {
            breakdown,
            values: values.iter().map(|value| (*value).to_owned()).collect(),
        };
        let splits = vec![split(Breakdown::TeamType, &["A02", "A06"]), split(Breakdown::ReferralSource, &["A1"])];
        let levels = Levels { providers: vec![3], splits };
        let row = |codes| Traits { provider: 0, age: Some(40), kind: 0, codes };
        assert_eq!(shown(&levels, row([Some(1), Some(0)]))[5..], ["A06", "A1"]);
        assert_eq!(shown(&levels, row([None, Some(0)]))[5..], ["not_known", "A1"]);
        assert_eq!(shown(&levels, row([Some(0), None]))[5..], ["A02", "not_known"]);
    }
}
