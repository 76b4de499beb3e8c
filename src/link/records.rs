//! Identity records: one per local patient of a source, one per row of the registered list.
//!
//! In: person records, attendances, registrations. Out: [`Records`] and the record of every row. The pass `local` is
//! done here: A&E rows of one provider and local patient are one record, unless they contradict each other.

use rayon::prelude::*;

use super::audit::{LinkAudit, Pass};
use super::dates::{Agreement, agreement};
use super::duplicates::Fate;
use super::values::{NO_CODE, NO_DAY, Rows};
use crate::domain::token::{Token, TokenMap};
use crate::schema::Source;

/// What is known of each record. Columns of equal length.
#[derive(Default)]
pub struct Records {
    /// Source.
    pub source: Vec<Source>,
    /// Token of the NHS number; none where it may not be used.
    pub nhs: Vec<Token>,
    /// Date of birth; [`NO_DAY`] if not known.
    pub birth: Vec<i32>,
    /// Phenotypic sex.
    pub sex: Vec<u16>,
    /// Identity fields: outcode, initial, surname start; 0 is none.
    pub fields: Vec<[u64; 3]>,
    /// How far its number is to be trusted: 1 for the registered list and status 01, 0 for any other.
    pub trust: Vec<u8>,
    /// The record's own key: it becomes the person's where there is no usable number.
    pub key: Vec<Token>,
}

/// Record of each row; [`super::parents::NO_ROW`] where the row has none.
pub struct RecordOf {
    /// Per row of person records.
    pub person_records: Vec<u32>,
    /// Per row of attendances.
    pub attendances: Vec<u32>,
    /// Per row of registrations.
    pub registrations: Vec<u32>,
}

/// The tables that identity comes from, with their rows' fates.
pub struct Identity<'a> {
    /// Person records.
    pub person_records: (&'a Rows, &'a [Fate]),
    /// Attendances.
    pub attendances: (&'a Rows, &'a [Fate]),
    /// Registrations.
    pub registrations: (&'a Rows, &'a [Fate]),
}

impl Records {
    /// How many records.
    pub fn len(&self) -> usize {
        self.key.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.key.is_empty()
    }

    fn push(&mut self, rows: &Rows, row: usize, source: Source, key: Token) -> u32 {
        let status = rows.codes("nhs_status").get(row).copied().unwrap_or(NO_CODE);
        let is_list = source == Source::Gp;
        self.source.push(source);
        self.nhs.push(rows.tokens("nhs")[row]);
        self.birth.push(rows.whole("birth_date")[row]);
        self.sex.push(rows.codes("sex")[row]);
        self.fields.push([rows.orgs("outcode")[row], rows.orgs("initial")[row], rows.orgs("surname_start")[row]]);
        self.trust.push(u8::from(is_list || status == 1));
        self.key.push(key);
        self.key.len() as u32 - 1
    }

    /// Fills what a record lacks from another of its rows.
    fn complete(&mut self, record: u32, rows: &Rows, row: usize) {
        let at = record as usize;
        if !self.nhs[at].is_some() {
            self.nhs[at] = rows.tokens("nhs")[row];
        }
        if self.birth[at] == NO_DAY {
            self.birth[at] = rows.whole("birth_date")[row];
        }
        if self.sex[at] == NO_CODE {
            self.sex[at] = rows.codes("sex")[row];
        }
        self.trust[at] = self.trust[at].max(u8::from(rows.codes("nhs_status")[row] == 1));
    }
}

/// Builds the records.
pub fn build(identity: &Identity<'_>, source_of: &dyn Fn(u32) -> Source, audit: &mut LinkAudit) -> (Records, RecordOf) {
    let mut records = Records::default();
    let (rows, fates) = identity.person_records;
    let mut person_records = vec![super::parents::NO_ROW; rows.len()];
    for row in kept(fates) {
        let source = source_of(rows.file[row]);
        let key = rows.tokens("record")[row].within(source as u8);
        person_records[row] = records.push(rows, row, source, key);
    }
    let (rows, fates) = identity.registrations;
    let mut registrations = vec![super::parents::NO_ROW; rows.len()];
    let mut seen = TokenMap::with_capacity(0);
    for row in kept(fates) {
        let mut key = list_key(rows, row);
        // Rows without a number that say the same are not known to be one person: newborn twins would be.
        while !rows.tokens("nhs")[row].is_some() && seen.first(key, row as u32) != row as u32 {
            key = key.with(1);
        }
        registrations[row] = records.push(rows, row, Source::Gp, key);
    }
    let attendances = by_local_id(identity.attendances, &mut records, audit);
    (records, RecordOf { person_records, attendances, registrations })
}

fn kept(fates: &[Fate]) -> impl Iterator<Item = usize> + '_ {
    fates.iter().enumerate().filter(|(_, fate)| **fate == Fate::Kept).map(|(row, _)| row)
}

/// A row of the list has no id of its own: what it says stands for it.
fn list_key(rows: &Rows, row: usize) -> Token {
    let parts = [
        rows.orgs("practice")[row],
        rows.whole("start")[row] as u64,
        rows.whole("birth_date")[row] as u64,
        rows.orgs("outcode")[row],
        rows.orgs("surname_start")[row],
        rows.orgs("initial")[row],
    ];
    parts.into_iter().fold(rows.tokens("nhs")[row], Token::with).within(Source::Gp as u8)
}

/// The pass `local`: attendances of one provider and local patient are one record. Rows whose number or date of birth
/// contradicts the record's stand apart; a row without either goes with the record only if nothing contradicts.
fn by_local_id((rows, fates): (&Rows, &[Fate]), records: &mut Records, audit: &mut LinkAudit) -> Vec<u32> {
    let (local, nhs, birth, own) =
        (rows.tokens("local"), rows.tokens("nhs"), rows.whole("birth_date"), rows.tokens("record"));
    let mut record_of = vec![super::parents::NO_ROW; rows.len()];
    let mut order: Vec<(Token, u32)> = kept(fates).map(|row| (local[row], row as u32)).collect();
    order.par_sort_unstable();
    let source = Source::EmergencyCare;
    let mut group: Vec<usize> = Vec::new();
    for same in order.chunk_by(|a, b| a.0.is_some() && a.0 == b.0) {
        // Rows with a number first, then by number, birth date and own id, so that the order of input decides nothing.
        group.clear();
        group.extend(same.iter().map(|(_, row)| *row as usize));
        group.sort_unstable_by_key(|row| {
            (!nhs[*row].is_some(), nhs[*row], birth[*row] == NO_DAY, birth[*row], own[*row])
        });
        let first = records.len() as u32;
        for row in &group {
            let fits = |record: &u32| {
                let at = *record as usize;
                let same_number = !nhs[*row].is_some() || !records.nhs[at].is_some() || nhs[*row] == records.nhs[at];
                let both_born = birth[*row] != NO_DAY && records.birth[at] != NO_DAY;
                same_number && (!both_born || agreement(birth[*row], records.birth[at]) != Agreement::Conflict)
            };
            let candidates: Vec<u32> = (first..records.len() as u32).filter(fits).collect();
            if let [record] = candidates[..] {
                record_of[*row] = record;
                records.complete(record, rows, *row);
                audit.count(source, Pass::Local);
            } else {
                let key = own[*row].within(source as u8);
                record_of[*row] = records.push(rows, *row, source, key);
            }
        }
    }
    record_of
}
