//! Pseudonyms: identifiers become tokens here and nowhere else. Numbers and fields repeat, so the latest are remembered.

use hashbrown::HashMap;

use super::digests::Digests;
use super::fields;
use crate::domain::nhs_number::NhsNumber;
use crate::domain::org_code::OrgCode;
use crate::domain::token::Token;
use crate::identity::keys::ProjectKey;
use crate::identity::tokens::{Batch, Purpose, Tokeniser, before_id};
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
    /// `mk:dob.sex.pc.fn`.
    pub(super) match_key: Tokeniser,
    /// From other parties' digests to tokens, where a table holds digests in place of numbers.
    pub(super) digests: Digests,
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
            match_key: Tokeniser::new(key, Purpose::MatchKey),
            digests: Digests::default(),
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
