//! Pseudonyms: identifiers become tokens here and nowhere else. Numbers and fields repeat, so the latest are remembered.

use hashbrown::HashMap;

use super::fields;
use crate::domain::nhs_number::NhsNumber;
use crate::domain::org_code::OrgCode;
use crate::domain::token::Token;
use crate::identity::keys::ProjectKey;
use crate::identity::tokens::{Purpose, Tokeniser};
use crate::schema::columns::{Field, Whole};

/// The keyed hashes of a project, shared by every file.
pub struct Tokenisers {
    /// `id:nhs`.
    nhs: Tokeniser,
    /// `id:local`.
    pub(super) local: Tokeniser,
    /// `id:record`.
    pub(super) record: Tokeniser,
    /// `f:...`, in the order of [`Field::ALL`].
    fields: [Tokeniser; Field::ALL.len()],
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
            fields: Field::ALL.map(|field| Tokeniser::new(key, fields::purpose(field))),
            is_demonstration: key.is_demonstration(),
        }
    }
}

/// Recent NHS numbers whose tokens are remembered: about two practices' lists.
const RECENT: usize = 1 << 15;
/// Names and postcodes that are remembered, of each; past this many they are forgotten and remembered anew.
const MOST_FIELDS: usize = 1 << 17;

/// The first 8 bytes of the tokens of a name's or postcode's three fields; 0 for none.
pub(super) type Three = [u64; 3];

/// Tokens of recent values, kept from block to block by one worker at a time. Never written.
pub(super) struct Recent {
    numbers: Vec<(u64, Token)>,
    /// By what they are parts of, from the cell as it was written.
    fields: [HashMap<Box<[u8]>, Three>; 3],
}

impl Default for Recent {
    fn default() -> Self {
        Self { numbers: vec![(0, Token::NONE); RECENT], fields: Default::default() }
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

    /// The tokens of a name or postcode; none if it says nothing. What a cell says is worked out once.
    pub(super) fn fields(&mut self, tokenisers: &Tokenisers, whole: Whole, text: &[u8]) -> Option<Three> {
        let known = &mut self.fields[whole as usize];
        if let Some(tokens) = known.get(text) {
            return Some(*tokens).filter(|tokens| tokens[0] != 0);
        }
        if known.len() >= MOST_FIELDS {
            known.clear();
        }
        let tokens = fields::canonical(whole, text).map_or([0; 3], |values| {
            let mut tokens = [0; 3];
            for ((token, field), value) in tokens.iter_mut().zip(whole.fields()).zip(values) {
                *token = tokenisers.fields[field as usize].token(&[&value]).first_half();
            }
            tokens
        });
        known.insert(text.into(), tokens);
        Some(tokens).filter(|tokens| tokens[0] != 0)
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
