//! Lists of records that somebody should look at: restricted, by token.

use serde::{Deserialize, Serialize};

use super::subjects::Subjects;
use crate::domain::token::Token;
use crate::schema::Source;

/// Why a record or a person is on a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Problem {
    /// Its number is somebody else's: the dates of birth do not agree.
    Number,
    /// Dates of birth agree in part.
    BirthDates,
    /// Male and female.
    Sexes,
    /// Three or more postcode districts.
    Postcodes,
    /// Something happened after the day of death.
    AfterDeath,
    /// Something happened before birth.
    BeforeBirth,
    /// In two providers' beds at once.
    TwoBeds,
    /// Hold-out: without its number it was linked to somebody else.
    WrongLink,
}

impl Problem {
    /// Every list.
    pub const ALL: [Self; 8] = [
        Self::Number,
        Self::BirthDates,
        Self::Sexes,
        Self::Postcodes,
        Self::AfterDeath,
        Self::BeforeBirth,
        Self::TwoBeds,
        Self::WrongLink,
    ];

    /// The list's name.
    pub fn id(self) -> &'static str {
        [
            "anothers_number",
            "birth_dates",
            "sexes",
            "postcodes",
            "after_death",
            "before_birth",
            "two_beds",
            "hold_out_wrong_links",
        ][self as usize]
    }
}

/// A record on a list, by its position; made anew as tokens before it leaves `link`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Listed {
    problem: Problem,
    person: u32,
    record: u32,
}

impl Listed {
    /// A record of a person.
    pub(super) fn new(problem: Problem, person: u32, record: u32) -> Self {
        Self { problem, person, record }
    }

    /// A person with all of their records.
    pub(super) fn all_of(problem: Problem, person: u32, subjects: &Subjects<'_>) -> Vec<Self> {
        subjects.of(person as usize).iter().map(|record| Self::new(problem, person, *record)).collect()
    }
}

/// A record on a list, by tokens; restricted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Entry {
    /// Which list.
    pub problem: Problem,
    /// The person's key.
    pub person: String,
    /// The record's source.
    pub source: Source,
    /// The record's own token.
    pub record: String,
}

/// The lists with tokens, in an order that the order of input does not change.
pub(super) fn entries(listed: &[Listed], subjects: &Subjects<'_>, keys: &[Token]) -> Vec<Entry> {
    let entry = |one: &Listed| Entry {
        problem: one.problem,
        person: keys[one.person as usize].to_hex(),
        source: subjects.records.source[one.record as usize],
        record: subjects.records.key[one.record as usize].to_hex(),
    };
    let mut entries: Vec<Entry> = listed.iter().map(entry).collect();
    entries.sort_unstable();
    entries.dedup();
    entries
}
