//! Pseudonyms: identifiers become tokens here and nowhere else. Numbers and fields repeat, so the latest are remembered.

use hashbrown::HashMap;

use super::fields::{self, Short};
use crate::domain::nhs_number::NhsNumber;
use crate::domain::org_code::OrgCode;
use crate::domain::token::Token;
use crate::identity::keys::ProjectKey;
use crate::identity::tokens::{Batch, Purpose, Tokeniser, before_id};
use crate::schema::columns::Field;

/// The keyed hashes of a project, shared by every file.
pub struct Tokenisers {
    /// `id:nhs`.
    nhs: Tokeniser,
    /// `id:local`.
    pub(super) local: Tokeniser,
    /// `id:record`.
    pub(super) record: Tokeniser,
    /// `f:outcode`.
    outcode: Tokeniser,
    /// `f:fn.f1`.
    initial: Tokeniser,
    /// `f:sn.f3`.
    surname_start: Tokeniser,
    /// Whether the key is the demonstration key, which meets test numbers only.
    pub(super) is_demonstration: bool,
}

impl Tokenisers {
    /// For a project's key.
    pub fn new(key: &ProjectKey) -> Self {
        Self {
            nhs: Tokeniser::new(key, Purpose::Nhs),
            local: Tokeniser::new(key, Purpose::Local),
            record: Tokeniser::new(key, Purpose::Record),
            outcode: Tokeniser::new(key, Purpose::Outcode),
            initial: Tokeniser::new(key, Purpose::Initial),
            surname_start: Tokeniser::new(key, Purpose::SurnameStart),
            is_demonstration: key.is_demonstration(),
        }
    }
}

/// Recent NHS numbers whose tokens are remembered: about two practices' lists.
const RECENT: usize = 1 << 15;
/// Fields take few values; past this many something is wrong and what is remembered is dropped.
const MOST_FIELDS: usize = 1 << 16;

/// Tokens of recent values, kept from block to block by one worker at a time. Never written.
pub(super) struct Recent {
    numbers: Vec<(u64, Token)>,
    fields: HashMap<(u8, Short), u64>,
}

impl Default for Recent {
    fn default() -> Self {
        Self { numbers: vec![(0, Token::NONE); RECENT], fields: HashMap::new() }
    }
}

impl Recent {
    /// The tokens of the checked numbers of a page. Rows of one person often follow each other.
    pub(super) fn nhs(&mut self, tokenisers: &Tokenisers, numbers: &[Option<NhsNumber>]) -> Vec<Token> {
        let mut batch = Batch::new(&tokenisers.nhs);
        let mut fresh = Vec::new();
        let mut last = (None, Batch::NONE);
        let place = |number: &Option<NhsNumber>| {
            if last.0 != *number {
                last = (*number, number.map_or(Batch::NONE, |number| self.place(number, &mut batch, &mut fresh)));
            }
            last.1
        };
        let places: Vec<u32> = numbers.iter().map(place).collect();
        let tokens = batch.finish();
        for (number, place) in fresh {
            self.numbers[slot(number)] = (number.value(), tokens[place as usize]);
        }
        places.into_iter().map(|place| tokens[place as usize]).collect()
    }

    /// The place of a number's token in a batch; those that are not remembered are added to `fresh`.
    fn place(&self, number: NhsNumber, batch: &mut Batch<'_>, fresh: &mut Vec<(NhsNumber, u32)>) -> u32 {
        let (value, token) = self.numbers[slot(number)];
        if value == number.value() {
            return batch.add_known(token);
        }
        let place = batch.add(&[&number.digits()]);
        fresh.push((number, place));
        place
    }

    /// The first 8 bytes of a field's token; none if the field says nothing.
    pub(super) fn field(&mut self, tokenisers: &Tokenisers, field: Field, text: &[u8]) -> Option<u64> {
        let value = fields::canonical(field, text)?;
        if self.fields.len() > MOST_FIELDS {
            self.fields.clear();
        }
        Some(*self.fields.entry((field as u8, value)).or_insert_with_key(|(_, value)| {
            let tokeniser = match field {
                Field::Outcode => &tokenisers.outcode,
                Field::Initial => &tokenisers.initial,
                Field::SurnameStart => &tokenisers.surname_start,
            };
            tokeniser.token(&[value.bytes()]).first_half()
        }))
    }
}

/// Where a number is remembered. The last two digits say little, for one of them is the check digit: the multiplication
/// stirs all of them.
fn slot(number: NhsNumber) -> usize {
    (number.value().wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 49) as usize
}

/// Tokens of one column of ids. Rows of one parent often follow each other, so the last id is remembered.
pub(super) struct Ids<'a> {
    batch: Batch<'a>,
    /// The table that the ids belong to; empty for local patients.
    table: &'a str,
    /// The last provider, and what stands before its ids.
    provider: (u64, Vec<u8>),
    /// The last id, and the place of its token.
    last: (Vec<u8>, u32),
}

impl<'a> Ids<'a> {
    /// Ids of a table's records; local patients' where `table` is empty.
    pub(super) fn new(tokenisers: &'a Tokenisers, table: &'a str) -> Self {
        let tokeniser = if table.is_empty() { &tokenisers.local } else { &tokenisers.record };
        Self {
            batch: Batch::new(tokeniser),
            table,
            provider: (0, before_id(table, OrgCode::from_packed(0))),
            last: (Vec::new(), Batch::NONE),
        }
    }

    /// The place among the tokens of an id within a provider. Local patient ids are raised to upper case.
    pub(super) fn add(&mut self, provider: u64, text: &[u8]) -> u32 {
        let (last, place) = &mut self.last;
        if self.provider.0 != provider {
            self.provider = (provider, before_id(self.table, OrgCode::from_packed(provider)));
        } else if last.last() == text.last() && *last == text {
            return *place;
        }
        *place = if self.table.is_empty() && text.iter().any(u8::is_ascii_lowercase) {
            self.batch.add(&[&self.provider.1, &text.to_ascii_uppercase()])
        } else {
            self.batch.add(&[&self.provider.1, text])
        };
        last.clear();
        last.extend_from_slice(text);
        *place
    }

    /// The tokens, by place.
    pub(super) fn finish(self) -> Vec<Token> {
        self.batch.finish()
    }
}
