//! Tokens: keyed pseudonyms, 16 bytes, never hexadecimal text until they are written.

use std::hash::{BuildHasherDefault, Hasher};

use hashbrown::HashMap;

use super::hex;

/// A keyed pseudonym of an identifier: the first 16 bytes of an HMAC-SHA-256. It has no `Display`: only
/// [`Token::to_hex`], which restricted writers call, makes text of it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Token(u128);

impl Token {
    /// Stands for a missing token inside `link`; no keyed hash is all zeros but by a chance of one in 2^128.
    pub const NONE: Self = Self(0);

    /// Whether there is one.
    pub fn is_some(self) -> bool {
        self != Self::NONE
    }

    /// From the first 16 bytes of an HMAC, in their order.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(u128::from_be_bytes(bytes))
    }

    /// The first 16 bytes of an HMAC.
    pub fn of_digest(digest: [u8; 32]) -> Self {
        let mut bytes = [0u8; 16];
        bytes.copy_from_slice(&digest[..16]);
        Self::from_bytes(bytes)
    }

    /// A token that also depends on another value, for keys made of several parts.
    #[must_use]
    pub fn with(self, part: u64) -> Self {
        let mixed = (u128::from(part) ^ 0x2545_f491_4f6c_dd1d).wrapping_mul(0xd6e8_feb8_6659_fd93_9e37_79b9_7f4a_7c15);
        Self(self.0.rotate_left(29) ^ mixed)
    }

    /// First and last 8 bytes, as staged.
    pub fn halves(self) -> (u64, u64) {
        ((self.0 >> 64) as u64, self.0 as u64)
    }

    /// From its halves.
    pub fn from_halves(high: u64, low: u64) -> Self {
        Self(u128::from(high) << 64 | u128::from(low))
    }

    /// From 32 hexadecimal characters.
    pub fn from_hex(text: &str) -> Option<Self> {
        u128::from_str_radix(text, 16).ok().map(Self)
    }

    /// The first 8 bytes, for comparing fields of low entropy.
    pub fn first_half(self) -> u64 {
        (self.0 >> 64) as u64
    }

    /// A token that also depends on a small number: the same local patient number in two sources is two people's.
    #[must_use]
    pub fn within(self, number: u8) -> Self {
        Self(self.0 ^ (u128::from(number) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835))
    }

    /// How many characters [`Token::to_hex`] gives.
    pub const HEX_LENGTH: usize = 32;

    /// The characters of [`Token::to_hex`], as the canonical value of a token that is made of this one.
    pub fn hex_bytes(self) -> [u8; Self::HEX_LENGTH] {
        let mut text = [0; Self::HEX_LENGTH];
        hex::write(&self.0.to_be_bytes(), &mut text);
        text
    }

    /// 32 lower-case hexadecimal characters, for restricted files only.
    pub fn to_hex(self) -> String {
        hex::lower(&self.0.to_be_bytes())
    }
}

/// The hexadecimal characters of many tokens one after the other, for restricted files only.
pub fn hex_column(tokens: &[Token]) -> Vec<u8> {
    let mut text = vec![0; tokens.len() * Token::HEX_LENGTH];
    for (token, digits) in tokens.iter().zip(text.chunks_exact_mut(Token::HEX_LENGTH)) {
        hex::write(&token.0.to_be_bytes(), digits);
    }
    text
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(..)")
    }
}

/// Tokens are already uniform, so their low half is the hash.
#[derive(Default)]
pub struct TokenHasher(u64);

impl Hasher for TokenHasher {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }
    fn write_u128(&mut self, value: u128) {
        self.0 = value as u64;
    }
}

/// From token to row, for look-up only: it has no iteration, so its order can reach no output.
#[derive(Default)]
pub struct TokenMap(HashMap<Token, u32, BuildHasherDefault<TokenHasher>>);

impl TokenMap {
    /// An empty map with room for `rows`.
    pub fn with_capacity(rows: usize) -> Self {
        Self(HashMap::with_capacity_and_hasher(rows, BuildHasherDefault::default()))
    }

    /// Keeps the first row given for a token and returns it.
    pub fn first(&mut self, token: Token, row: u32) -> u32 {
        *self.0.entry(token).or_insert(row)
    }

    /// Replaces the row of a token.
    pub fn set(&mut self, token: Token, row: u32) {
        self.0.insert(token, row);
    }

    /// The row of a token.
    pub fn get(&self, token: Token) -> Option<u32> {
        self.0.get(&token).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_of_tokens_is_the_text_of_each() {
        let tokens = [Token(0x0f), Token(u128::MAX - 1), Token::NONE];
        let each: String = tokens.iter().map(|token| token.to_hex()).collect();
        assert_eq!(String::from_utf8(hex_column(&tokens)).unwrap(), each);
        assert_eq!(tokens[0].to_hex(), format!("{:032x}", 0x0f));
        assert_eq!(tokens[1].hex_bytes(), tokens[1].to_hex().as_bytes());
        assert_eq!(Token::from_hex(&tokens[1].to_hex()), Some(tokens[1]));
    }
}
