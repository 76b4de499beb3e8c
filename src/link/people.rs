//! People: a dense index, the same whatever the order of input, and the person of every row.

use rayon::prelude::*;

use super::duplicates::Fate;
use super::parents::NO_ROW;
use super::passes::Linkage;
use super::records::RecordOf;
use super::values::Rows;
use crate::domain::token::{Token, TokenMap};

/// People in the order of their keys: NHS tokens and, for people without a usable number, their record's own.
pub struct People {
    /// Key of each person.
    pub keys: Vec<Token>,
    /// Person of each identity record.
    pub of_record: Vec<u32>,
    /// Person of each appointment; [`NO_ROW`] where the row was not kept.
    pub of_appointment: Vec<u32>,
    /// Appointments whose number no record has.
    pub appointments_without_record: u64,
}

/// Numbers the people.
pub fn number(linkage: &Linkage, appointments: (&Rows, &[Fate])) -> People {
    let (rows, fates) = appointments;
    let (nhs, own) = (rows.tokens("nhs"), rows.tokens("record"));
    let mut keys = linkage.key.clone();
    keys.par_sort_unstable();
    keys.dedup();
    let mut known = TokenMap::with_capacity(keys.len());
    for key in &keys {
        known.set(*key, 0);
    }
    // Someone seen at a practice and nowhere else, or without a number, is a person too.
    let lone: Vec<Token> = (0..rows.len())
        .into_par_iter()
        .filter(|row| fates[*row] == Fate::Kept)
        .filter_map(|row| {
            let key = key_of_appointment(nhs[row], own[row]);
            known.get(key).is_none().then_some(key)
        })
        .collect();
    let appointments_without_record = lone.len() as u64;
    drop(known);
    keys.extend(lone);
    keys.par_sort_unstable();
    keys.dedup();
    let mut index = TokenMap::with_capacity(keys.len());
    for (person, key) in (0u32..).zip(&keys) {
        index.set(*key, person);
    }
    let of = |key: Token| index.get(key).unwrap_or(NO_ROW);
    let of_record = linkage.key.iter().map(|key| of(*key)).collect();
    let of_appointment = (0..rows.len())
        .into_par_iter()
        .map(|row| if fates[row] == Fate::Kept { of(key_of_appointment(nhs[row], own[row])) } else { NO_ROW })
        .collect();
    People { keys, of_record, of_appointment, appointments_without_record }
}

fn key_of_appointment(nhs: Token, own: Token) -> Token {
    if nhs.is_some() { nhs } else { own.within(u8::MAX) }
}

/// The person of every row that has a record.
pub fn of_rows(record_of: &[u32], people: &People) -> Vec<u32> {
    record_of.iter().map(|record| people.of_record.get(*record as usize).copied().unwrap_or(NO_ROW)).collect()
}

/// The person of every row of the three identity tables.
pub fn of_identity(records: &RecordOf, people: &People) -> [Vec<u32>; 3] {
    [&records.person_records, &records.attendances, &records.registrations].map(|rows| of_rows(rows, people))
}
