//! Breakdowns: how a figure is divided. Every breakdown has a "not known" level.

use rayon::prelude::*;

use super::cell::Cell;
use crate::domain::age_band;
use crate::domain::org_code::OrgCode;
use crate::link::Persons;

/// A way of dividing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Breakdown {
    /// Not divided.
    All = 0,
    /// By the provider of the row; the practice for GP.
    Provider,
    /// By age at the event, bands closed on the left.
    AgeBand,
    /// By phenotypic sex.
    Sex,
    /// By deprivation quintile, 1 most deprived.
    ImdQuintile,
}

const BANDS: [&str; 9] = age_band::NAMES;
const SEXES: [&str; 4] = ["male", "female", "indeterminate", "not_known"];
const QUINTILES: [&str; 6] = ["1", "2", "3", "4", "5", "not_known"];
/// Sex and deprivation at once. A person is of one kind, so one count by kind gives those of three breakdowns.
const KINDS: usize = SEXES.len() * QUINTILES.len();
/// Providers are looked up by the last bits of a product first.
const QUICK_BITS: u32 = 12;

impl Breakdown {
    /// Every breakdown, in the order of outputs.
    pub const ALL: [Self; 5] = [Self::All, Self::Provider, Self::AgeBand, Self::Sex, Self::ImdQuintile];

    /// The name in outputs.
    pub fn id(self) -> &'static str {
        ["all", "provider", "age_band", "sex", "imd_quintile"][self as usize]
    }
}

/// All levels of all breakdowns of one table, numbered in one row; and the places that rows are counted in, of which
/// the levels are made: kinds of people, providers, age bands.
pub struct Levels {
    providers: Vec<u64>,
    quick: Vec<u16>,
    starts: [usize; 6],
}

impl Levels {
    /// For the providers that a table has, in order.
    pub fn new(providers: Vec<u64>) -> Self {
        let sizes = [1, providers.len(), BANDS.len(), SEXES.len(), QUINTILES.len()];
        let mut starts = [0; 6];
        for (at, size) in sizes.into_iter().enumerate() {
            starts[at + 1] = starts[at] + size;
        }
        let mut quick = vec![0; 1 << QUICK_BITS];
        for (at, code) in (0u16..).zip(&providers) {
            quick[slot(*code)] = at;
        }
        Self { providers, quick, starts }
    }

    /// The providers, in order.
    pub fn providers(&self) -> &[u64] {
        &self.providers
    }

    /// How many levels in all.
    pub fn len(&self) -> usize {
        self.starts[5]
    }

    /// Whether there is none; never, for `all` is one.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Each level with its breakdown and name.
    pub fn names(&self) -> Vec<(Breakdown, String)> {
        let mut names = vec![(Breakdown::All, "all".to_owned())];
        names.extend(self.providers.iter().map(|code| (Breakdown::Provider, OrgCode::from_packed(*code).to_string())));
        for (breakdown, levels) in
            [(Breakdown::AgeBand, &BANDS[..]), (Breakdown::Sex, &SEXES), (Breakdown::ImdQuintile, &QUINTILES)]
        {
            names.extend(levels.iter().map(|level| (breakdown, (*level).to_owned())));
        }
        names
    }

    /// How many places rows are counted in.
    pub fn places(&self) -> usize {
        KINDS + self.providers.len() + BANDS.len()
    }

    /// The places that a row belongs to, by its provider, the age at the event and the kind of person.
    pub fn of(&self, provider: u64, age: Option<u16>, kind: u8) -> [usize; 3] {
        let band = age_band::of(age);
        let quick = usize::from(self.quick[slot(provider)]);
        let own = match self.providers.get(quick) {
            Some(code) if *code == provider => quick,
            _ => self.providers.partition_point(|known| *known < provider),
        };
        [usize::from(kind), KINDS + own, KINDS + self.providers.len() + band]
    }

    /// Adds the cells of the places up to cells of the levels.
    pub fn spread(&self, places: &[Cell]) -> Vec<Cell> {
        let start = |breakdown: Breakdown| self.starts[breakdown as usize];
        let mut levels = vec![Cell::default(); self.len()];
        for (kind, cell) in places[..KINDS].iter().enumerate() {
            levels[0].merge(cell);
            levels[start(Breakdown::Sex) + kind / QUINTILES.len()].merge(cell);
            levels[start(Breakdown::ImdQuintile) + kind % QUINTILES.len()].merge(cell);
        }
        levels[start(Breakdown::Provider)..start(Breakdown::Sex)].copy_from_slice(&places[KINDS..]);
        levels
    }
}

fn slot(provider: u64) -> usize {
    (provider.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (u64::BITS - QUICK_BITS)) as usize
}

/// The kind of every person: sex and deprivation.
pub fn kinds(persons: &Persons) -> Vec<u8> {
    let kind = |(sex, quintile): (&Option<u16>, &Option<u16>)| {
        let sex = sex.map_or(SEXES.len() - 1, usize::from).min(SEXES.len() - 1);
        let quintile = quintile.map_or(QUINTILES.len() - 1, |one| usize::from(one) - 1);
        (sex * QUINTILES.len() + quintile) as u8
    };
    persons.sex.par_iter().zip(&persons.imd_quintile).map(kind).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_18_year_old_is_in_18_to_24() {
        let levels = Levels::new(vec![3, 7]);
        let names = levels.names();
        let shown = |provider: u64, age, kind: u8| -> Vec<String> {
            let mut places = vec![Cell::default(); levels.places()];
            for place in levels.of(provider, age, kind) {
                places[place].people = 1;
            }
            let cells = levels.spread(&places);
            assert_eq!(cells.len(), names.len());
            cells.iter().zip(&names).filter(|(cell, _)| cell.people == 1).map(|(_, (_, name))| name.clone()).collect()
        };
        let three = OrgCode::from_packed(3).to_string();
        assert_eq!(shown(3, Some(17), 0), ["all", &three, "0-17", "male", "1"]);
        assert_eq!(shown(3, Some(18), 7), ["all", &three, "18-24", "female", "2"]);
        assert_eq!(shown(3, Some(75), 23), ["all", &three, "75+", "not_known", "not_known"]);
        assert_eq!(shown(7, None, 6)[2..], ["not_known", "female", "1"]);
    }
}
