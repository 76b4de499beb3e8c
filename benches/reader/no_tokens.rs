//! Tokens that are no hashes, for timing what reading costs beside them. Never part of the program.

use crate::domain::org_code::OrgCode;
use crate::domain::token::Token;

use super::keys::ProjectKey;

/// As the program's.
pub const UNIT_SEPARATOR: u8 = 0x1f;

/// As the program's, as far as reading names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    Nhs,
    Local,
    Record,
    Check,
    Surname,
    SurnameSound,
    SurnameStart,
    Forename,
    ForenameStart,
    Initial,
    Postcode,
    PostcodeSector,
    Outcode,
    MatchKey,
}

impl Purpose {
    pub fn label(self) -> &'static str {
        ""
    }
}

/// Does nothing.
#[derive(Clone)]
pub struct Tokeniser;

impl Tokeniser {
    pub fn new(_: &ProjectKey, _: Purpose) -> Self {
        Self
    }

    pub fn token(&self, pieces: &[&[u8]]) -> Token {
        let length = pieces.iter().map(|piece| piece.len()).sum::<usize>();
        Token::from_bytes([length as u8 | 1; 16])
    }

    pub fn digest(&self, pieces: &[&[u8]]) -> [u8; 32] {
        [pieces.len() as u8; 32]
    }

    pub fn of_id(&self, table: &str, provider: OrgCode, id: &[u8]) -> Token {
        self.token(&[table.as_bytes(), &provider.bytes().0, id])
    }
}

/// What stands before an id costs what it costs: it is no hash.
pub fn before_id(table: &str, provider: OrgCode) -> Vec<u8> {
    [table.as_bytes(), &provider.bytes().0].concat()
}

/// Hashes nothing.
pub struct Batch<'a>(Vec<Token>, std::marker::PhantomData<&'a ()>);

impl Batch<'_> {
    pub const NONE: u32 = 0;

    pub fn new(_: &Tokeniser) -> Self {
        Self(vec![Token::NONE], std::marker::PhantomData)
    }

    pub fn add(&mut self, pieces: &[&[u8]]) -> u32 {
        self.add_known(Tokeniser.token(pieces))
    }

    pub fn add_known(&mut self, token: Token) -> u32 {
        self.0.push(token);
        self.0.len() as u32 - 1
    }

    pub fn finish(self) -> Vec<Token> {
        self.0
    }
}
