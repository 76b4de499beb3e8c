//! Persons: one row per linked human being. The latest valid value of the most reliable source wins; "not stated" is a
//! valid value.

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

/// Best value so far of one attribute per person, with the rank of where it came from.
struct Best<T> {
    missing: T,
    values: Vec<T>,
    ranks: Vec<(u8, i32)>,
}

impl<T: Copy + Ord> Best<T> {
    fn new(people: usize, missing: T) -> Self {
        Self { missing, values: vec![missing; people], ranks: vec![(0, i32::MIN); people] }
    }

    fn offer(&mut self, person: usize, rank: (u8, i32), value: T) {
        if value == self.missing {
            return;
        }
        let current = (self.ranks[person], self.values[person]);
        if self.values[person] == self.missing || (rank, value) > current {
            self.values[person] = value;
            self.ranks[person] = rank;
        }
    }
}

/// Rows that offer values of an attribute to their people.
struct Each<'a> {
    rows: &'a Rows,
    fates: &'a [Fate],
    person_of: &'a [u32],
    dates: &'a [i32],
    reliability: &'a (dyn Fn(u32) -> u8 + Sync),
}

impl Each<'_> {
    fn offer<T: Copy + Ord>(&self, best: &mut Best<T>, values: &[T]) {
        for (row, value) in values.iter().copied().enumerate() {
            let person = self.person_of[row];
            if value != best.missing && self.fates[row] == Fate::Kept && person != NO_ROW {
                let rank = ((self.reliability)(self.rows.file[row]), self.dates.get(row).copied().unwrap_or(i32::MIN));
                best.offer(person as usize, rank, value);
            }
        }
    }
}

/// Attributes being gathered, birth dates included.
pub struct Gathered {
    birth: Best<i32>,
    sex: Best<u16>,
    ethnic: Best<u16>,
    quintile: Best<u16>,
    death: Best<i32>,
}

impl Gathered {
    /// For so many people.
    pub fn new(people: usize) -> Self {
        Self {
            birth: Best::new(people, NO_DAY),
            sex: Best::new(people, NO_CODE),
            ethnic: Best::new(people, NO_CODE),
            quintile: Best::new(people, NO_CODE),
            death: Best::new(people, NO_DAY),
        }
    }

    /// Adds an identity table. `dated` is the column that says how late a row's values are.
    pub fn add(
        &mut self,
        (rows, fates): (&Rows, &[Fate]),
        person_of: &[u32],
        source_of: &(dyn Fn(u32) -> Source + Sync),
        dated: &str,
    ) {
        let dates = rows.whole(dated);
        let of_file = |file: u32| reliability(source_of(file));
        let each = Each { rows, fates, person_of, dates, reliability: &of_file };
        let Self { birth, sex, ethnic, quintile, death } = self;
        rayon::join(
            || {
                each.offer(birth, rows.whole("birth_date"));
                each.offer(death, rows.whole("death_date"));
            },
            || {
                each.offer(sex, rows.codes("sex"));
                each.offer(ethnic, rows.codes("ethnic_group"));
                each.offer(quintile, rows.codes("imd_quintile"));
            },
        );
    }

    /// Birth and death dates by person, to hold events against.
    pub(super) fn lives(&self) -> Lives<'_> {
        Lives { births: &self.birth.values, deaths: &self.death.values }
    }

    /// The persons.
    pub fn finish(self, basis: Vec<Basis>, is_indirect: Vec<bool>) -> Persons {
        let codes = |values: Vec<u16>| values.into_iter().map(|value| (value != NO_CODE).then_some(value)).collect();
        let days = |values: &[i32]| values.iter().map(|value| (*value != NO_DAY).then_some(*value)).collect::<Vec<_>>();
        Persons {
            basis,
            is_indirect,
            birth_month: days(&self.birth.values)
                .into_iter()
                .map(|day| day.map(crate::domain::day::month_number))
                .collect(),
            death_date: days(&self.death.values),
            sex: codes(self.sex.values),
            ethnic_group: codes(self.ethnic.values),
            imd_quintile: codes(self.quintile.values),
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
