//! Members: the keys that every person goes by, so that the same people are found again in another run.
//!
//! In: records, and who they are about. Out: [`Members`]: the key under which linkage has the person, the NHS tokens and
//! keys of their records, and at A&E their local numbers. Leaves alone: what a person is called (`registry`).

use std::path::Path;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, UInt32Array, UInt64Array};
use arrow::datatypes::{UInt32Type, UInt64Type};
use rayon::prelude::*;

use super::parents::NO_ROW;
use super::people::{self, People};
use super::piles;
use super::records::{RecordOf, Records};
use crate::domain::token::Token;
use crate::error::Error;
use crate::frame;
use crate::schema::Source;

/// The file beside the linked tables that holds them.
pub const FILE: &str = "members.parquet";

/// Keys and whose they are. Columns of equal length, in the order of the keys, each key once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Members {
    /// Keys: stage-1 tokens, restricted.
    pub keys: Vec<Token>,
    /// The person of each, by the dense index of this linkage.
    pub person: Vec<u32>,
}

/// Gathers the keys of all people. A key that two people share is nobody's: local numbers of which two people's records
/// contradict each other.
pub(super) fn gather(
    records: &Records,
    record_of: &RecordOf,
    (is_linked, local): (&[bool], &[Token]),
    people: &People,
) -> Members {
    let (mut tokens, mut person) = (Vec::with_capacity(records.len()), Vec::with_capacity(records.len()));
    let mut add = |token: Token, of: u32| {
        if token.is_some() && token != people.keys[of as usize] {
            tokens.push(token);
            person.push(of);
        }
    };
    let mut local_of = vec![Token::NONE; records.len()];
    for (record, local) in record_of.attendances.iter().zip(local).filter(|(record, _)| **record != NO_ROW) {
        local_of[*record as usize] = *local;
    }
    for (at, of) in people.of_record.iter().enumerate().filter(|(_, of)| **of != NO_ROW) {
        let source = records.source[at];
        match (source, is_linked[at], local_of[at].is_some()) {
            // A row of the list is known by what it says, its number among it.
            (Source::Gp, true, _) => {}
            // The attendance that stands for the others may be another one in another run.
            (_, _, true) => add(local_of[at].within(source as u8), *of),
            _ => add(records.key[at], *of),
        }
        if is_linked[at] {
            add(records.nhs[at], *of);
        }
    }
    let piles = piles::by_token(&tokens, &|_| true, &|entries| {
        let one = |same: &[piles::Entry]| {
            let of = person[same[0].1 as usize];
            same.iter().all(|(_, row)| person[*row as usize] == of).then_some((same[0].0, of))
        };
        entries.chunk_by(|a, b| a.0 == b.0).filter_map(one).collect::<Vec<_>>()
    });
    merged(&people.keys, piles.iter().flatten())
}

/// The keys of people and those of their records in one list; both are in order, and a person's own key comes first.
fn merged<'a>(keys: &[Token], others: impl Iterator<Item = &'a (Token, u32)>) -> Members {
    let mut members = Members { keys: Vec::with_capacity(keys.len() * 2), person: Vec::with_capacity(keys.len() * 2) };
    let mut push = |key: Token, person: u32| {
        members.keys.push(key);
        members.person.push(person);
    };
    let mut next = 0;
    for (other, of) in others {
        while let Some(key) = keys.get(next).filter(|key| *key <= other) {
            push(*key, next as u32);
            next += 1;
        }
        if next == 0 || keys[next - 1] != *other {
            push(*other, *of);
        }
    }
    keys.iter().zip(0u32..).skip(next).for_each(|(key, person)| push(*key, person));
    members
}

/// Every key that a stage-1 token can be here: itself, as NHS numbers are; within each source, as records and local
/// patients are; and that of an appointment without a number. A row of the list without one has a key that is no token's.
pub fn keys_of(token: Token) -> impl Iterator<Item = Token> {
    let within = Source::ALL.into_iter().map(|source| source as u8).chain([people::LONE_APPOINTMENT]);
    std::iter::once(token).chain(within.map(move |number| token.within(number)))
}

/// Tokens as two columns of halves, under the names `<name>_high` and `<name>_low`.
pub fn token_columns(name: &str, tokens: &[Token]) -> [(String, ArrayRef); 2] {
    let half = |of: fn(&Token) -> u64| -> ArrayRef {
        Arc::new(UInt64Array::from(tokens.par_iter().with_min_len(1 << 14).map(of).collect::<Vec<u64>>()))
    };
    [(format!("{name}_high"), half(|token| token.halves().0)), (format!("{name}_low"), half(|token| token.halves().1))]
}

/// The tokens of a batch's two columns of halves; none if it has no such columns.
pub fn tokens_of(name: &str, batch: &RecordBatch) -> Option<Vec<Token>> {
    let half = |end: &str| batch.column_by_name(&format!("{name}_{end}"))?.as_primitive_opt::<UInt64Type>();
    let (high, low) = (half("high")?, half("low")?);
    let whole = high.null_count() + low.null_count() == 0;
    whole.then(|| high.values().iter().zip(low.values()).map(|(a, b)| Token::from_halves(*a, *b)).collect())
}

/// Writes the members into a folder of linked tables.
pub(super) fn write(members: &Members, folder: &Path) -> Result<(), Error> {
    let mut columns = token_columns("key", &members.keys).to_vec();
    columns.push(("person".to_owned(), Arc::new(UInt32Array::from(members.person.clone()))));
    frame::write_file(&folder.join(FILE), columns)
}

/// The members in a folder of linked tables; none if they are not there or not whole.
pub fn read(folder: &Path) -> Option<Members> {
    let mut members = Members::default();
    for batch in frame::batches(&folder.join(FILE)).ok()? {
        members.keys.extend(tokens_of("key", &batch)?);
        members.person.extend_from_slice(batch.column_by_name("person")?.as_primitive_opt::<UInt32Type>()?.values());
    }
    Some(members)
}
