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
    let mut known = linkage.key.clone();
    known.par_sort_unstable();
    known.dedup();
    let mut index = TokenMap::with_capacity(known.len());
    for (at, key) in (0u32..).zip(&known) {
        index.set(*key, at);
    }
    // Someone seen at a practice and nowhere else, or without a number, is a person too.
    let found: Vec<u32> = (0..rows.len())
        .into_par_iter()
        .map(|row| {
            if fates[row] == Fate::Kept {
                index.get(key_of_appointment(nhs[row], own[row])).unwrap_or(LONE)
            } else {
                NO_ROW
            }
        })
        .collect();
    let of_lone = |row: usize| key_of_appointment(nhs[row], own[row]);
    let mut lone: Vec<Token> =
        found.iter().enumerate().filter(|(_, at)| **at == LONE).map(|(row, _)| of_lone(row)).collect();
    let appointments_without_record = lone.len() as u64;
    lone.sort_unstable();
    lone.dedup();
    // Both lists are in order, so a key's place among all is its own plus the lone ones before it.
    let place = |at: u32| at + lone.partition_point(|key| *key < known[at as usize]) as u32;
    let moved: Vec<u32> = (0..known.len() as u32).into_par_iter().map(place).collect();
    let of_appointment = found.par_iter().enumerate().map(|(row, at)| match *at {
        NO_ROW => NO_ROW,
        LONE => {
            let own = of_lone(row);
            (lone.partition_point(|key| *key < own) + known.partition_point(|key| *key < own)) as u32
        }
        at => moved[at as usize],
    });
    let of_appointment = of_appointment.collect();
    let of_record = linkage.key.par_iter().map(|key| index.get(*key).map_or(NO_ROW, |at| moved[at as usize])).collect();
    let mut keys = known;
    keys.extend(lone);
    keys.par_sort_unstable();
    People { keys, of_record, of_appointment, appointments_without_record }
}

/// Stands for an appointment whose number no record has, until people are numbered.
const LONE: u32 = u32::MAX - 1;

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
