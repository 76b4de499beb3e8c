//! People: a dense index, the same whatever the order of input, and the person of every row.

use std::borrow::Cow;

use rayon::prelude::*;

use super::duplicates::Fate;
use super::parents::NO_ROW;
use super::passes::Linkage;
use super::piles::Index;
use super::records::RecordOf;
use super::values::Rows;
use crate::domain::supersession::Supersession;
use crate::domain::token::Token;

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
pub fn number(linkage: Linkage, appointments: (&Rows, &[Fate]), supersession: &Supersession) -> People {
    let (rows, fates) = appointments;
    let own = rows.tokens("record");
    let nhs: Cow<'_, [Token]> = match rows.tokens("nhs") {
        nhs if supersession.is_empty() => nhs.into(),
        nhs => nhs.iter().map(|number| supersession.current(*number)).collect(),
    };
    let known = Index::new(linkage.keys);
    // Someone seen at a practice and nowhere else, or without a number, is a person too.
    let mut of_appointment: Vec<u32> = (0..rows.len())
        .into_par_iter()
        .with_min_len(1 << 14)
        .map(|row| match fates[row] {
            Fate::Kept => known.get(key_of_appointment(nhs[row], own[row])).unwrap_or(LONE),
            _ => NO_ROW,
        })
        .collect();
    let mut of_record: Vec<u32> =
        linkage.key.par_iter().with_min_len(1 << 14).map(|key| known.get(*key).unwrap_or(NO_ROW)).collect();
    let lone_rows: Vec<usize> =
        of_appointment.iter().enumerate().filter(|(_, at)| **at == LONE).map(|(row, _)| row).collect();
    let appointments_without_record = lone_rows.len() as u64;
    let mut lone: Vec<Token> = lone_rows.iter().map(|row| key_of_appointment(nhs[*row], own[*row])).collect();
    lone.par_sort_unstable();
    lone.dedup();
    if lone.is_empty() {
        return People { keys: known.into_tokens(), of_record, of_appointment, appointments_without_record };
    }
    // Both lists are in order, so a key's place among all is its own plus the lone ones before it.
    let mut before = 0u32;
    let moved: Vec<u32> = (0u32..)
        .zip(known.tokens())
        .map(|(at, key)| {
            while lone.get(before as usize).is_some_and(|own| own < key) {
                before += 1;
            }
            at + before
        })
        .collect();
    let move_all = |places: &mut [u32]| {
        places.par_iter_mut().with_min_len(1 << 14).filter(|at| **at < LONE).for_each(|at| *at = moved[*at as usize]);
    };
    move_all(&mut of_appointment);
    move_all(&mut of_record);
    for row in lone_rows {
        let key = key_of_appointment(nhs[row], own[row]);
        let place = lone.partition_point(|own| *own < key) + known.tokens().partition_point(|own| *own < key);
        of_appointment[row] = place as u32;
    }
    let mut keys = known.into_tokens();
    keys.extend(lone);
    keys.par_sort();
    People { keys, of_record, of_appointment, appointments_without_record }
}

/// Stands for an appointment whose number no record has, until people are numbered.
const LONE: u32 = u32::MAX - 1;

/// What the key of an appointment without a number is made within.
pub(super) const LONE_APPOINTMENT: u8 = u8::MAX;

fn key_of_appointment(nhs: Token, own: Token) -> Token {
    if nhs.is_some() { nhs } else { own.within(LONE_APPOINTMENT) }
}

/// The person of every row that has a record.
pub fn of_rows(record_of: &[u32], people: &People) -> Vec<u32> {
    record_of
        .par_iter()
        .with_min_len(1 << 14)
        .map(|record| people.of_record.get(*record as usize).copied().unwrap_or(NO_ROW))
        .collect()
}

/// The person of every row of the three identity tables.
pub fn of_identity(records: &RecordOf, people: &People) -> [Vec<u32>; 3] {
    [&records.person_records, &records.attendances, &records.registrations].map(|rows| of_rows(rows, people))
}
