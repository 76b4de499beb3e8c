//! Shared rows: those of the people who are shared, in the order of the recipient's tokens, without what stays behind.
//!
//! In: linked tables on disk, some rows at a time. Out: Parquet files of the parcel.

use std::collections::BTreeMap;
use std::path::Path;

use arrow::array::{ArrayRef, AsArray, RecordBatch, UInt32Array};
use arrow::compute::{concat_batches, take};
use arrow::datatypes::UInt32Type;
use rayon::prelude::*;

use super::tables::{self, SharedColumn, SharedTable};
use super::tokens::{Referral, Release};
use super::words::{self, Words};
use super::{Agreement, Table};
use crate::domain::token::Token;
use crate::error::Error;
use crate::frame;
use crate::identity::keys::ProjectKey;
use crate::output::parcel::Parcel;
use crate::settings::share::SharedPeople;

mod cells;
mod file;

/// Nobody's row.
const LEFT_OUT: u32 = u32::MAX;
/// Rows that are turned into a part of a file in one go.
const ROWS_AT_ONCE: usize = 1 << 17;

/// Who is shared and under which tokens. By the dense index of the run.
struct People {
    /// Place of each person in the order of tokens; [`LEFT_OUT`] for those who are not shared.
    rank: Vec<u32>,
    tokens: Vec<Token>,
}

/// Referrals by their index in the run.
struct Referrals {
    person: Vec<u32>,
    tokens: Vec<Token>,
}

/// Writes the tables of an agreement. Returns them, and how many people were left out because the registry, whose ids are
/// `known` in order, has them no more.
pub(super) fn write(
    linked: &Path,
    agreement: &Agreement,
    (key, known): (&ProjectKey, &[Token]),
    parcel: &Parcel,
) -> Result<(Vec<Table>, u64), Error> {
    let words = Words::read(linked)?;
    let release = Release::new(key, &agreement.purpose);
    let ids = person_ids(linked)?;
    let is_on_pathway = on_pathway(linked, agreement.config.people, ids.len())?;
    let is_known = |id: &Token| known.binary_search(id).is_ok();
    let withdrawn = ids.iter().zip(&is_on_pathway).filter(|(id, is_on)| **is_on && !is_known(id)).count() as u64;
    let is_shared = ids.iter().zip(is_on_pathway).map(|(id, is_on)| is_on && is_known(id));
    let people = people(&ids, &is_shared.collect::<Vec<bool>>(), &release);
    let referrals = referrals(linked, (&people, &ids), &words, &release)?;
    let mut written = Vec::new();
    for (table, columns) in &agreement.tables {
        let given = cells::Given { people: &people, referrals: &referrals, words: &words, agreement };
        let rows = write_table(linked, (table, columns), &given, parcel)?;
        let (bytes, sha256) = parcel.sealed(&tables::file(table.name))?;
        written.push(Table { name: table.name, rows, bytes, sha256 });
    }
    Ok((written, withdrawn))
}

/// A linked table as one batch.
fn whole(linked: &Path, table: &str) -> Result<RecordBatch, Error> {
    let path = linked.join(tables::file(table));
    let batches = frame::batches(&path).map_err(|_| words::unreadable(&path))?;
    let schema = batches.first().ok_or_else(|| words::unreadable(&path))?.schema();
    concat_batches(&schema, &batches).map_err(|_| words::unreadable(&path))
}

fn column<'a>(batch: &'a RecordBatch, name: &str) -> Result<&'a ArrayRef, Error> {
    batch.column_by_name(name).ok_or_else(|| Error::bug(format!("a linked table has no column {name}")))
}

fn numbers(batch: &RecordBatch, name: &str) -> Result<Vec<u32>, Error> {
    let array = column(batch, name)?.as_primitive_opt::<UInt32Type>();
    Ok(array.ok_or_else(|| Error::bug(format!("a linked column {name} has another type")))?.values().to_vec())
}

fn person_ids(linked: &Path) -> Result<Vec<Token>, Error> {
    let persons = whole(linked, "persons")?;
    let ids = column(&persons, "person_id")?.as_string_opt::<i32>();
    let token = |text: Option<&str>| text.and_then(Token::from_hex);
    let ids: Option<Vec<Token>> = ids.and_then(|ids| ids.iter().map(token).collect());
    ids.ok_or_else(|| words::unreadable(&linked.join(tables::file("persons"))))
}

/// Whether each person is wanted: everybody, or those on a pathway or its comparator.
fn on_pathway(linked: &Path, wanted: SharedPeople, people: usize) -> Result<Vec<bool>, Error> {
    if wanted == SharedPeople::All {
        return Ok(vec![true; people]);
    }
    let mut is_on = vec![false; people];
    for person in numbers(&whole(linked, "pathway_episodes")?, "person")? {
        is_on[person as usize] = true;
    }
    Ok(is_on)
}

fn people(ids: &[Token], is_shared: &[bool], release: &Release) -> People {
    let token = |(id, is_shared): (&Token, &bool)| if *is_shared { release.person(*id) } else { Token::NONE };
    let tokens: Vec<Token> = ids.par_iter().zip(is_shared).with_min_len(1 << 12).map(token).collect();
    let mut order: Vec<u32> = (0..ids.len() as u32).filter(|person| is_shared[*person as usize]).collect();
    order.par_sort_unstable_by_key(|person| tokens[*person as usize]);
    let mut rank = vec![LEFT_OUT; ids.len()];
    for (place, person) in (0..).zip(order) {
        rank[person as usize] = place;
    }
    People { rank, tokens }
}

/// The tokens of the referrals of shared people.
fn referrals(
    linked: &Path,
    (people, ids): (&People, &[Token]),
    words: &Words,
    release: &Release,
) -> Result<Referrals, Error> {
    let table = whole(linked, "referrals")?;
    let person = numbers(&table, "person")?;
    let received = cells::days(column(&table, "received_date")?)?;
    let service = cells::words(column(&table, "service")?, words.of("service"))?;
    let provider = cells::words(column(&table, "provider")?, words.of("provider"))?;
    let mut alike: BTreeMap<(&str, &str, i32), u32> = BTreeMap::new();
    let mut tokens = Vec::with_capacity(person.len());
    let mut last = None;
    for (row, person) in person.iter().enumerate() {
        // A person's referrals stand together, so only theirs can be alike.
        if last.replace(*person) != Some(*person) {
            alike.clear();
        }
        if people.rank[*person as usize] == LEFT_OUT {
            tokens.push(Token::NONE);
            continue;
        }
        let (service, provider) = (service[row].unwrap_or_default(), provider[row].unwrap_or_default());
        let received = received[row].unwrap_or(i32::MIN);
        let among = alike.entry((service, provider, received)).or_default();
        let own = Referral { person: ids[*person as usize], service, provider, received, among: *among };
        tokens.push(release.referral(&own));
        *among += 1;
    }
    Ok(Referrals { person, tokens })
}

/// Writes one table; how many rows.
fn write_table(
    linked: &Path,
    (table, columns): (&SharedTable, &[&SharedColumn]),
    given: &cells::Given<'_>,
    parcel: &Parcel,
) -> Result<u64, Error> {
    let rows = whole(linked, table.name)?;
    let owner = owner(table, &rows, given.referrals)?;
    let place = |row: u32| given.people.rank.get(owner[row as usize] as usize).copied().unwrap_or(LEFT_OUT);
    let mut order: Vec<u32> = (0..owner.len() as u32).filter(|row| place(*row) != LEFT_OUT).collect();
    // Within a person rows stay in the order of the linked table: by day.
    order.par_sort_unstable_by_key(|row| (place(*row), *row));
    let mut writer = file::Writer::create(&parcel.path(&tables::file(table.name)), columns)?;
    let mut start = 0;
    loop {
        let part = &order[start..(start + ROWS_AT_ONCE).min(order.len())];
        let places = UInt32Array::from(part.to_vec());
        let owners: Vec<u32> = part.iter().map(|row| owner[*row as usize]).collect();
        let of = |shared: &&SharedColumn| {
            if shared.name == tables::PERSON {
                return Ok(cells::people(&owners, given));
            }
            let picked = take(column(&rows, shared.from)?, &places, None).map_err(Error::silent("take shared rows"))?;
            cells::shared(shared, &picked, given)
        };
        writer.write(columns.par_iter().map(of).collect::<Result<Vec<ArrayRef>, Error>>()?)?;
        start += part.len();
        if start >= order.len() {
            break;
        }
    }
    writer.close()?;
    Ok(order.len() as u64)
}

/// The person of every row: its own, or that of its referral.
fn owner(table: &SharedTable, rows: &RecordBatch, referrals: &Referrals) -> Result<Vec<u32>, Error> {
    if table.name == "persons" {
        return Ok((0..rows.num_rows() as u32).collect());
    }
    if rows.column_by_name("person").is_some() {
        return numbers(rows, "person");
    }
    let of = |referral: u32| referrals.person.get(referral as usize).copied().unwrap_or(LEFT_OUT);
    Ok(numbers(rows, "referral")?.into_iter().map(of).collect())
}
