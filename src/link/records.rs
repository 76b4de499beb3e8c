//! Identity records: one per local patient of a source, one per row of the registered list.
//!
//! In: person records, attendances, registrations. Out: [`Records`] and the record of every row. The pass `local` is
//! done here: A&E rows of one provider and local patient are one record, unless they contradict each other.

use super::audit::{LinkAudit, Pass};
use super::dates::{Agreement, agreement};
use super::duplicates::Fate;
use super::parents::NO_ROW;
use super::piles;
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
    /// Names and places.
    pub fields: Vec<Fields>,
    /// Date of birth, sex, postcode and forename together, 0 for none; no longer than the last record that has one.
    pub match_keys: Vec<u64>,
    /// Token of provider and local patient number, the same in every source of a provider; none where there is none.
    pub local: Vec<Token>,
    /// How far its number is to be trusted: 1 for the registered list and status 01, 0 for any other.
    pub trust: Vec<u8>,
    /// The record's own key: it becomes the person's where there is no usable number.
    pub key: Vec<Token>,
}

/// See [`Records::rank`].
pub(super) type Rank = (Source, u8, i32, u16, Token);

/// What a record says about names and places: the first 8 bytes of `f:` tokens, 0 for none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Fields {
    /// Surname, `f:sn`.
    pub surname: u64,
    /// How the surname sounds, `f:sn.mph`.
    pub surname_sound: u64,
    /// First three letters of the surname, `f:sn.f3`.
    pub surname_start: u64,
    /// Forename, `f:fn`.
    pub forename: u64,
    /// First two letters of the forename, `f:fn.f2`.
    pub forename_start: u64,
    /// First letter of the forename, `f:fn.f1`.
    pub initial: u64,
    /// Postcode, `f:pc`.
    pub postcode: u64,
    /// Postcode without its last two letters, `f:pcsector`.
    pub postcode_sector: u64,
    /// First part of the postcode, `f:outcode`.
    pub outcode: u64,
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

    /// The order in which records are taken where any of them would do: by what they say in clear, so that figures do not
    /// depend on the project's key, and only then by their own keys.
    pub(super) fn rank(&self, record: u32) -> Rank {
        let at = record as usize;
        let fields = &self.fields[at];
        let known = [
            self.nhs[at].is_some(),
            fields.surname != 0,
            fields.forename != 0,
            fields.postcode != 0,
            self.local[at].is_some(),
        ];
        let lacks = known.into_iter().filter(|is_known| !is_known).count() as u8;
        (self.source[at], lacks, self.birth[at], self.sex[at], self.key[at])
    }

    /// Whether two records say the same of their person's whole name, birth, sex and postcode, and lack none of it.
    pub(super) fn is_alike(&self, one: usize, other: usize) -> bool {
        let same = |of: fn(&Fields) -> u64| {
            let value = of(&self.fields[one]);
            value != 0 && value == of(&self.fields[other])
        };
        let born = self.birth[one] != NO_DAY && self.birth[one] == self.birth[other];
        let named = same(|own| own.surname) && same(|own| own.forename) && same(|own| own.postcode);
        born && named && self.sex[one] != NO_CODE && self.sex[one] == self.sex[other]
    }

    fn push(&mut self, columns: &Identifying<'_>, row: usize, source: Source, key: Token) -> u32 {
        let is_list = source == Source::Gp;
        self.source.push(source);
        self.nhs.push(columns.nhs[row]);
        self.birth.push(columns.birth[row]);
        self.sex.push(columns.sex[row]);
        self.fields.push(columns.fields(row));
        if let Some(match_key) = columns.match_key.get(row) {
            self.match_keys.resize(self.key.len(), 0);
            self.match_keys.push(*match_key);
        }
        self.local.push(columns.local.get(row).copied().unwrap_or(Token::NONE));
        self.trust.push(u8::from(is_list || columns.status[row] == 1));
        self.key.push(key);
        self.key.len() as u32 - 1
    }

    /// Fills what a record lacks from another of its rows.
    fn complete(&mut self, record: u32, columns: &Identifying<'_>, row: usize) {
        let at = record as usize;
        if !self.nhs[at].is_some() {
            self.nhs[at] = columns.nhs[row];
        }
        if self.birth[at] == NO_DAY {
            self.birth[at] = columns.birth[row];
        }
        if self.sex[at] == NO_CODE {
            self.sex[at] = columns.sex[row];
        }
        self.fields[at].complete(&columns.fields(row));
        let match_key = columns.match_key.get(row).copied().unwrap_or(0);
        if let Some(own) = self.match_keys.get_mut(at).filter(|own| **own == 0) {
            *own = match_key;
        }
        self.trust[at] = self.trust[at].max(u8::from(columns.status[row] == 1));
    }

    /// Adds other records; returns the number that the first of them has now.
    fn append(&mut self, mut other: Self) -> u32 {
        let first = self.key.len() as u32;
        self.source.append(&mut other.source);
        self.nhs.append(&mut other.nhs);
        self.birth.append(&mut other.birth);
        self.sex.append(&mut other.sex);
        self.fields.append(&mut other.fields);
        if !other.match_keys.is_empty() {
            self.match_keys.resize(first as usize, 0);
            self.match_keys.append(&mut other.match_keys);
        }
        self.local.append(&mut other.local);
        self.trust.append(&mut other.trust);
        self.key.append(&mut other.key);
        first
    }
}

/// Columns that nothing needs once it is known who every row is about.
pub(super) const IDENTITY: [&str; 11] = [
    "local",
    "match_key",
    "surname",
    "surname_sound",
    "surname_start",
    "forename",
    "forename_start",
    "initial",
    "postcode",
    "postcode_sector",
    "outcode",
];

/// The columns that say who a row is about.
struct Identifying<'a> {
    nhs: &'a [Token],
    birth: &'a [i32],
    sex: &'a [u16],
    status: &'a [u16],
    local: &'a [Token],
    match_key: &'a [u64],
    surname: [&'a [u64]; 3],
    forename: [&'a [u64]; 3],
    place: [&'a [u64]; 3],
}

impl<'a> Identifying<'a> {
    /// `local` is the column of the local patient number; empty for none.
    fn of(rows: &'a Rows, local: &str) -> Self {
        Self {
            nhs: rows.tokens("nhs"),
            birth: rows.whole("birth_date"),
            sex: rows.codes("sex"),
            status: rows.codes("nhs_status"),
            local: rows.tokens(local),
            match_key: rows.orgs("match_key"),
            surname: ["surname", "surname_sound", "surname_start"].map(|name| rows.orgs(name)),
            forename: ["forename", "forename_start", "initial"].map(|name| rows.orgs(name)),
            place: ["postcode", "postcode_sector", "outcode"].map(|name| rows.orgs(name)),
        }
    }

    fn fields(&self, row: usize) -> Fields {
        let of = |columns: [&[u64]; 3]| columns.map(|column| column[row]);
        Fields::of([of(self.surname), of(self.forename), of(self.place)])
    }
}

impl Fields {
    /// Of a surname with how it sounds and starts, a forename with its start and initial, and a postcode with its sector and
    /// first part.
    pub fn of([surname, forename, place]: [[u64; 3]; 3]) -> Self {
        let [surname, surname_sound, surname_start] = surname;
        let [forename, forename_start, initial] = forename;
        let [postcode, postcode_sector, outcode] = place;
        Self {
            surname,
            surname_sound,
            surname_start,
            forename,
            forename_start,
            initial,
            postcode,
            postcode_sector,
            outcode,
        }
    }

    /// Takes the surname, the forename or the place of another row where it has none: each whole, never in parts.
    fn complete(&mut self, other: &Self) {
        let own = *self;
        if own.surname_start == 0 {
            (self.surname, self.surname_sound, self.surname_start) =
                (other.surname, other.surname_sound, other.surname_start);
        }
        if own.initial == 0 {
            (self.forename, self.forename_start, self.initial) = (other.forename, other.forename_start, other.initial);
        }
        if own.outcode == 0 {
            (self.postcode, self.postcode_sector, self.outcode) =
                (other.postcode, other.postcode_sector, other.outcode);
        }
    }
}

/// Builds the records.
pub fn build(
    identity: &Identity<'_>,
    source_of: &(dyn Fn(u32) -> Source + Sync),
    audit: &mut LinkAudit,
) -> (Records, RecordOf) {
    let ((mut records, person_records), ((listed, registrations), (attended, attendances))) = rayon::join(
        || of_patients(identity.person_records, source_of),
        || rayon::join(|| of_list(identity.registrations), || by_local_id(identity.attendances)),
    );
    let first_listed = records.append(listed);
    let registrations = after(registrations, first_listed);
    let mut of_attendance = vec![NO_ROW; attendances.rows];
    for pile in attended {
        let first = records.append(pile.records);
        for (row, record) in pile.record_of {
            of_attendance[row as usize] = first + record;
        }
        audit.count_many(Source::EmergencyCare, Pass::Local, pile.joined);
    }
    (records, RecordOf { person_records, attendances: of_attendance, registrations })
}

/// Records of a table's own numbering, moved behind those that were there before.
fn after(mut record_of: Vec<u32>, first: u32) -> Vec<u32> {
    for record in record_of.iter_mut().filter(|record| **record != NO_ROW) {
        *record += first;
    }
    record_of
}

fn of_patients((rows, fates): (&Rows, &[Fate]), source_of: &(dyn Fn(u32) -> Source + Sync)) -> (Records, Vec<u32>) {
    let mut records = Records::default();
    let mut record_of = vec![NO_ROW; rows.len()];
    let columns = Identifying::of(rows, "record");
    for row in kept(fates) {
        let source = source_of(rows.file[row]);
        let key = rows.tokens("record")[row].within(source as u8);
        record_of[row] = records.push(&columns, row, source, key);
    }
    (records, record_of)
}

fn of_list((rows, fates): (&Rows, &[Fate])) -> (Records, Vec<u32>) {
    let mut records = Records::default();
    let mut record_of = vec![NO_ROW; rows.len()];
    let mut seen = TokenMap::with_capacity(0);
    let columns = Identifying::of(rows, "");
    for row in kept(fates) {
        let mut key = list_key(rows, row);
        // Rows without a number that say the same are not known to be one person: newborn twins would be.
        while !columns.nhs[row].is_some() && seen.first(key, row as u32) != row as u32 {
            key = key.with(1);
        }
        record_of[row] = records.push(&columns, row, Source::Gp, key);
    }
    (records, record_of)
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

/// Records of some attendances, numbered among themselves.
#[derive(Default)]
struct Pile {
    records: Records,
    record_of: Vec<(u32, u32)>,
    joined: u64,
}

/// How many rows the attendances have.
struct Attendances {
    rows: usize,
}

/// The pass `local`: attendances of one provider and local patient are one record. Rows whose number or date of birth
/// contradicts the record's stand apart; a row without either goes with the record only if nothing contradicts.
fn by_local_id((rows, fates): (&Rows, &[Fate])) -> (Vec<Pile>, Attendances) {
    let columns = Identifying::of(rows, "local");
    let own = rows.tokens("record");
    let piles = piles::by_token(rows.tokens("local"), &|row| fates[row] == Fate::Kept, &|entries| {
        let mut pile = Pile::default();
        for same in entries.chunk_by(|a, b| a.0.is_some() && a.0 == b.0) {
            pile.add(same, &columns, own);
        }
        pile
    });
    (piles, Attendances { rows: rows.len() })
}

impl Pile {
    /// Adds the attendances of one local patient.
    fn add(&mut self, same: &[piles::Entry], columns: &Identifying<'_>, own: &[Token]) {
        let (nhs, birth) = (columns.nhs, columns.birth);
        // Rows with a number first, then by number, birth date and own id, so that the order of input decides nothing.
        let mut group: Vec<usize> = same.iter().map(|(_, row)| *row as usize).collect();
        group.sort_unstable_by_key(|row| {
            (!nhs[*row].is_some(), nhs[*row], birth[*row] == NO_DAY, birth[*row], own[*row])
        });
        let records = &mut self.records;
        let first = records.len() as u32;
        for row in group {
            let fits = |record: &u32| {
                let at = *record as usize;
                let same_number = !nhs[row].is_some() || !records.nhs[at].is_some() || nhs[row] == records.nhs[at];
                let both_born = birth[row] != NO_DAY && records.birth[at] != NO_DAY;
                same_number && (!both_born || agreement(birth[row], records.birth[at]) != Agreement::Conflict)
            };
            let mut candidates = (first..records.len() as u32).filter(fits);
            let record = if let (Some(only), None) = (candidates.next(), candidates.next()) {
                records.complete(only, columns, row);
                self.joined += 1;
                only
            } else {
                records.push(columns, row, Source::EmergencyCare, own[row].within(Source::EmergencyCare as u8))
            };
            self.record_of.push((row as u32, record));
        }
    }
}
