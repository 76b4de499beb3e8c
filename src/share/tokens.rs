//! The recipient's own tokens of people and referrals.

use crate::domain::day;
use crate::domain::token::Token;
use crate::identity::keys::ProjectKey;
use crate::identity::tokens::{Tokeniser, UNIT_SEPARATOR};

/// Makes tokens for one recipient and one period or study.
pub(super) struct Release(Tokeniser);

/// What a referral's token is made of. A referral has no id in the linked tables; these are its own and stay so from
/// quarter to quarter.
pub(super) struct Referral<'a> {
    /// Its person's id.
    pub(super) person: Token,
    /// Its service.
    pub(super) service: &'a str,
    /// The organisation's code.
    pub(super) provider: &'a str,
    /// The day it was received.
    pub(super) received: i32,
    /// Its place among the person's referrals that are alike in all of these, from 0.
    pub(super) among: u32,
}

impl Release {
    /// For a purpose such as `release:<recipient>:<period>`.
    pub(super) fn new(key: &ProjectKey, purpose: &str) -> Self {
        Self(Tokeniser::for_label(key, purpose))
    }

    /// The token of a person, of the 32 characters of the person id.
    pub(super) fn person(&self, id: Token) -> Token {
        self.0.token(&[&id.hex_bytes()])
    }

    /// The token of a referral.
    pub(super) fn referral(&self, of: &Referral<'_>) -> Token {
        let separator: &[u8] = &[UNIT_SEPARATOR];
        let (person, received, among) = (of.person.hex_bytes(), day::to_iso(of.received), of.among.to_string());
        self.0.token(&[
            b"referral",
            separator,
            &person,
            separator,
            of.service.as_bytes(),
            separator,
            of.provider.as_bytes(),
            separator,
            received.as_bytes(),
            separator,
            among.as_bytes(),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_persons_token_is_the_published_vector() {
        let id = Token::from_hex("2e0dbef2f73a098abd9520babb230e38").unwrap();
        let made = |purpose| Release::new(&ProjectKey::demonstration(), purpose).person(id).to_hex();
        assert_eq!(made("release:funder-a:2026Q3"), "25c1a4bb9e12a40f1cb8f136b7274a68");
        assert_ne!(made("release:funder-a:2026Q3"), made("release:funder-b:2026Q3"));
        assert_ne!(made("release:funder-a:2026Q3"), made("release:funder-a:2026Q4"));
    }
}
