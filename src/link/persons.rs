//! Persons: one row per linked human being. The latest valid value of the most reliable source wins; "not stated" is a
//! valid value.

use super::assembly::Part;
use super::date_order::Lives;
use super::duplicates::Fate;
use super::parents::NO_ROW;
use super::values::{NO_CODE, NO_DAY, Rows};
use crate::schema::Source;

/// What a person rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Basis {
    /// An NHS number.
    Nhs = 0,
    /// Several records without a usable number that agree on who somebody is.
    Demographic = 1,
    /// One record without a usable number.
    Single = 2,
}

impl Basis {
    /// Every basis, in the order of their numbers.
    pub const ALL: [Self; 3] = [Self::Nhs, Self::Demographic, Self::Single];

    /// The word in outputs.
    pub fn id(self) -> &'static str {
        ["nhs", "demographic", "single"][self as usize]
    }
}

/// Persons, as columns by dense index. A birth date stays inside `link`; beyond it there is a birth month.
pub struct Persons {
    /// What each person rests on.
    pub basis: Vec<Basis>,
    /// Whether a record of theirs holds to them only through a third one.
    pub is_indirect: Vec<bool>,
    /// Phenotypic sex; none if not known.
    pub sex: Vec<Option<u16>>,
    /// Ethnic group; none if not known.
    pub ethnic_group: Vec<Option<u16>>,
    /// Deprivation quintile, 1 most deprived; none if not known.
    pub imd_quintile: Vec<Option<u16>>,
    /// Birth month as months since year 0; none if not known.
    pub birth_month: Vec<Option<i32>>,
    /// Day of death; none if not known to have died.
    pub death_date: Vec<Option<i32>>,
}

impl Persons {
    /// How many people.
    pub fn len(&self) -> usize {
        self.basis.len()
    }

    /// Whether there is nobody.
    pub fn is_empty(&self) -> bool {
        self.basis.is_empty()
    }
}

/// The best value so far of one attribute of a person, with where it came from and when.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Best<T> {
    reliability: u8,
    date: i32,
    value: T,
}

/// A table that says something of its rows' people.
pub(super) struct Witness<'a> {
    pub(super) part: &'a Part,
    pub(super) person_of: &'a [u32],
    /// The column that says how late a row's values are.
    pub(super) dated: &'static str,
}

/// What tables say of people.
pub(super) struct Witnesses<'a> {
    people: usize,
    tables: &'a [Witness<'a>],
    /// By staged file.
    reliability: Vec<u8>,
}

impl Witnesses<'_> {
    /// The best value of an attribute for every person.
    fn best<T: Copy + Ord>(&self, missing: T, column: impl Fn(&Rows) -> &[T]) -> Vec<T> {
        let mut best = vec![Best { reliability: 0, date: i32::MIN, value: missing }; self.people];
        for table in self.tables {
            let Part { rows, fates } = table.part;
            let dates = rows.whole(table.dated);
            for (row, value) in column(rows).iter().copied().enumerate() {
                let person = table.person_of[row];
                if value != missing && fates[row] == Fate::Kept && person != NO_ROW {
                    let reliability = self.reliability[rows.file[row] as usize];
                    let offered = Best { reliability, date: dates.get(row).copied().unwrap_or(i32::MIN), value };
                    let own = &mut best[person as usize];
                    if own.value == missing || offered > *own {
                        *own = offered;
                    }
                }
            }
        }
        best.into_iter().map(|best| best.value).collect()
    }
}

/// Attributes being gathered, birth dates included.
pub(super) struct Gathered {
    birth: Vec<i32>,
    sex: Vec<u16>,
    ethnic: Vec<u16>,
    quintile: Vec<u16>,
    death: Vec<i32>,
}

impl Gathered {
    /// What some tables say of so many people; `source_of` are the sources of the staged files.
    pub(super) fn of(people: usize, tables: &[Witness<'_>], source_of: &[Source]) -> Self {
        let reliability = source_of.iter().copied().map(reliability).collect();
        let said = Witnesses { people, tables, reliability };
        let ((birth, death), (sex, (ethnic, quintile))) = rayon::join(
            || {
                rayon::join(
                    || said.best(NO_DAY, |rows| rows.whole("birth_date")),
                    || said.best(NO_DAY, |rows| rows.whole("death_date")),
                )
            },
            || {
                rayon::join(
                    || said.best(NO_CODE, |rows| rows.codes("sex")),
                    || {
                        rayon::join(
                            || said.best(NO_CODE, |rows| rows.codes("ethnic_group")),
                            || said.best(NO_CODE, |rows| rows.codes("imd_quintile")),
                        )
                    },
                )
            },
        );
        Self { birth, sex, ethnic, quintile, death }
    }

    /// Birth and death dates by person, to hold events against.
    pub(super) fn lives(&self) -> Lives<'_> {
        Lives { births: &self.birth, deaths: &self.death }
    }

    /// The persons.
    pub(super) fn finish(self, basis: Vec<Basis>, is_indirect: Vec<bool>) -> Persons {
        let codes = |values: Vec<u16>| values.into_iter().map(|value| (value != NO_CODE).then_some(value)).collect();
        let day = |value: i32| (value != NO_DAY).then_some(value);
        Persons {
            basis,
            is_indirect,
            birth_month: self.birth.into_iter().map(|birth| day(birth).map(crate::domain::day::month_number)).collect(),
            death_date: self.death.into_iter().map(day).collect(),
            sex: codes(self.sex),
            ethnic_group: codes(self.ethnic),
            imd_quintile: codes(self.quintile),
        }
    }
}

/// The registered list knows best, then the trust, Talking Therapies, A&E, charities.
fn reliability(source: Source) -> u8 {
    match source {
        Source::Gp => 5,
        Source::MentalHealth => 4,
        Source::TalkingTherapies => 3,
        Source::EmergencyCare => 2,
        Source::Community => 1,
    }
}
