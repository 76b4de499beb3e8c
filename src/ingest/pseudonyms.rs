//! Pseudonyms: identifiers become tokens here and nowhere else. Numbers and fields repeat, so the latest are remembered.

use hashbrown::HashMap;

use super::fields::{self, Short};
use crate::domain::nhs_number::NhsNumber;
use crate::domain::org_code::OrgCode;
use crate::domain::token::Token;
use crate::identity::keys::ProjectKey;
use crate::identity::tokens::{Purpose, Tokeniser};
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
    /// The token of a checked number.
    pub(super) fn nhs(&mut self, tokenisers: &Tokenisers, number: NhsNumber) -> Token {
        // The last two digits say little, for one of them is the check digit: the multiplication stirs all of them.
        let slot = (number.value().wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 49) as usize;
        let (value, token) = self.numbers[slot];
        if value == number.value() {
            return token;
        }
        let token = tokenisers.nhs.token(&[&number.digits()]);
        self.numbers[slot] = (number.value(), token);
        token
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

/// Tokens of one column of ids. Rows of one parent often follow each other, so the last id is remembered.
pub(super) struct Ids<'a> {
    tokeniser: &'a Tokeniser,
    /// The table that the ids belong to; empty for local patients.
    table: &'a str,
    last: (u64, Vec<u8>, Token),
    raised: Vec<u8>,
}

impl<'a> Ids<'a> {
    /// Ids of a table's records; local patients' where `table` is empty.
    pub(super) fn new(tokenisers: &'a Tokenisers, table: &'a str) -> Self {
        let tokeniser = if table.is_empty() { &tokenisers.local } else { &tokenisers.record };
        Self { tokeniser, table, last: (0, Vec::new(), Token::NONE), raised: Vec::new() }
    }

    /// The token of an id within a provider. Local patient ids are raised to upper case.
    pub(super) fn token(&mut self, provider: u64, text: &[u8]) -> Token {
        let (last_provider, last_text, last_token) = &mut self.last;
        if *last_provider == provider && last_text == text {
            return *last_token;
        }
        let id = if self.table.is_empty() && text.iter().any(u8::is_ascii_lowercase) {
            self.raised.clear();
            self.raised.extend(text.iter().map(u8::to_ascii_uppercase));
            self.raised.as_slice()
        } else {
            text
        };
        let token = self.tokeniser.of_id(self.table, OrgCode::from_packed(provider), id);
        *last_provider = provider;
        last_text.clear();
        last_text.extend_from_slice(text);
        *last_token = token;
        token
    }
}
