//! Breakdowns: how a figure is divided. Every breakdown has a "not known" level.

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

/// First age of each band.
const BAND_STARTS: [u16; 8] = [0, 18, 25, 35, 45, 55, 65, 75];
/// Older ages are in the last band too.
const OLDEST: usize = 130;
/// The band of every age, so that a row's band is a look-up.
const BAND_OF_AGE: [u8; OLDEST + 1] = {
    let mut bands = [0; OLDEST + 1];
    let (mut age, mut band) = (0, 0);
    while age <= OLDEST {
        while band + 1 < BAND_STARTS.len() && age >= BAND_STARTS[band + 1] as usize {
            band += 1;
        }
        bands[age] = band as u8;
        age += 1;
    }
    bands
};
const BANDS: [&str; 9] = ["0-17", "18-24", "25-34", "35-44", "45-54", "55-64", "65-74", "75+", "not_known"];
const SEXES: [&str; 4] = ["male", "female", "indeterminate", "not_known"];
const QUINTILES: [&str; 6] = ["1", "2", "3", "4", "5", "not_known"];

impl Breakdown {
    /// Every breakdown, in the order of outputs.
    pub const ALL: [Self; 5] = [Self::All, Self::Provider, Self::AgeBand, Self::Sex, Self::ImdQuintile];

    /// The name in outputs.
    pub fn id(self) -> &'static str {
        ["all", "provider", "age_band", "sex", "imd_quintile"][self as usize]
    }
}

/// All levels of all breakdowns of one table, numbered in one row.
pub struct Levels {
    providers: Vec<u64>,
    starts: [usize; 6],
}

impl Levels {
    /// For the providers that a table has.
    pub fn new(mut providers: Vec<u64>) -> Self {
        providers.sort_unstable();
        providers.dedup();
        let sizes = [1, providers.len(), BANDS.len(), SEXES.len(), QUINTILES.len()];
        let mut starts = [0; 6];
        for (at, size) in sizes.into_iter().enumerate() {
            starts[at + 1] = starts[at] + size;
        }
        Self { providers, starts }
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

    /// The place of a provider among the table's.
    pub fn place(&self, provider: u64) -> u16 {
        self.providers.partition_point(|known| *known < provider) as u16
    }

    /// The number of the level of each breakdown that a row belongs to.
    pub fn of(&self, provider: u16, age: Option<u16>, person: &PersonLevels) -> [u32; 5] {
        let provider = usize::from(provider);
        let band = age.map_or(BANDS.len() - 1, |age| usize::from(BAND_OF_AGE[usize::from(age).min(OLDEST)]));
        let at = |breakdown: Breakdown, level: usize| (self.starts[breakdown as usize] + level) as u32;
        [
            at(Breakdown::All, 0),
            at(Breakdown::Provider, provider),
            at(Breakdown::AgeBand, band),
            at(Breakdown::Sex, usize::from(person.sex)),
            at(Breakdown::ImdQuintile, usize::from(person.quintile)),
        ]
    }
}

/// A person's own levels.
#[derive(Debug, Clone, Copy)]
pub struct PersonLevels {
    sex: u8,
    quintile: u8,
}

impl PersonLevels {
    /// Of one person.
    pub fn of(persons: &Persons, person: u32) -> Self {
        let person = person as usize;
        let sex = persons.sex[person].map_or(SEXES.len() - 1, usize::from).min(SEXES.len() - 1);
        let quintile = persons.imd_quintile[person].map_or(QUINTILES.len() - 1, |one| usize::from(one) - 1);
        Self { sex: sex as u8, quintile: quintile as u8 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_18_year_old_is_in_18_to_24() {
        let levels = Levels::new(vec![7, 3]);
        let person = PersonLevels { sex: 3, quintile: 5 };
        let names = levels.names();
        let band = |age| names[levels.of(levels.place(3), age, &person)[2] as usize].1.clone();
        assert_eq!(band(Some(17)), "0-17");
        assert_eq!(band(Some(18)), "18-24");
        assert_eq!(band(Some(75)), "75+");
        assert_eq!(band(None), "not_known");
        assert_eq!(names.len(), levels.len());
        assert_eq!(names[levels.of(levels.place(7), None, &person)[4] as usize].1, "not_known");
    }
}
