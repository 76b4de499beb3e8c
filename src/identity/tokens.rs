//! Tokens: HKDF-SHA-256 subkeys per purpose, HMAC-SHA-256 of a canonical value.
//!
//! In: the project key and a canonical value. Out: the first 16 bytes. Leaves alone: what is a valid value; null
//! never reaches a hash. Sources: RFC 5869, RFC 2104, FIPS 180-4.

mod batch;

use hkdf::Hkdf;
use sha2::Sha256;
use sha2::block_api::compress256;
use zeroize::{ZeroizeOnDrop, Zeroizing};

use crate::domain::org_code::OrgCode;
use crate::domain::token::Token;

use super::keys::ProjectKey;

pub use batch::Batch;

/// The separator of canonical values.
pub const UNIT_SEPARATOR: u8 = 0x1f;

/// What a token is for. Tokens of different purposes cannot be joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// An NHS number: ten ASCII digits.
    Nhs,
    /// A local patient number: provider, separator, number trimmed and raised.
    Local,
    /// A record's own id: table, separator, provider, separator, id.
    Record,
    /// A person: the key they were first known by, in hexadecimal, and a separator and number where the id was taken.
    Person,
    /// The key check value.
    Check,
    /// A surname.
    Surname,
    /// How a surname sounds: its Metaphone code.
    SurnameSound,
    /// The first three letters of a surname.
    SurnameStart,
    /// A forename.
    Forename,
    /// The first two letters of a forename.
    ForenameStart,
    /// The first letter of a forename.
    Initial,
    /// A postcode.
    Postcode,
    /// A postcode without its last two signs.
    PostcodeSector,
    /// The first part of a postcode.
    Outcode,
    /// Date of birth, sex, postcode and forename, separated.
    MatchKey,
}

impl Purpose {
    /// The purpose as it enters the key derivation.
    pub fn label(self) -> &'static str {
        match self {
            Self::Nhs => "id:nhs",
            Self::Local => "id:local",
            Self::Record => "id:record",
            Self::Person => "id:person",
            Self::Check => "kcv",
            Self::Surname => "f:sn",
            Self::SurnameSound => "f:sn.mph",
            Self::SurnameStart => "f:sn.f3",
            Self::Forename => "f:fn",
            Self::ForenameStart => "f:fn.f2",
            Self::Initial => "f:fn.f1",
            Self::Postcode => "f:pc",
            Self::PostcodeSector => "f:pcsector",
            Self::Outcode => "f:outcode",
            Self::MatchKey => "mk:dob.sex.pc.fn",
        }
    }
}

/// A keyed hash for one purpose, ready to use: its two key blocks are hashed once.
#[derive(Clone, ZeroizeOnDrop)]
pub struct Tokeniser {
    /// SHA-256 after the inner key block, and after the outer one.
    inner: [u32; 8],
    outer: [u32; 8],
}

/// SHA-256 works on blocks of so many bytes.
const BLOCK: usize = 64;
/// The longest value that fits into one block with its padding: a 1 bit and its length.
const SHORT: usize = BLOCK - 9;

impl Tokeniser {
    /// For one purpose of a project key.
    pub fn new(key: &ProjectKey, purpose: Purpose) -> Self {
        Self::for_label(key, purpose.label())
    }

    /// For a purpose given by its label, such as `release:<recipient>:<period>`.
    pub fn for_label(key: &ProjectKey, label: &str) -> Self {
        let key = subkey(key, label);
        let state = |pad: u8| {
            let mut block = Zeroizing::new([pad; BLOCK]);
            block.iter_mut().zip(key.iter()).for_each(|(byte, key)| *byte ^= key);
            let mut state = INITIAL;
            compress256(&mut state, &[*block]);
            state
        };
        Self { inner: state(0x36), outer: state(0x5c) }
    }

    /// The token of a value given in pieces; the pieces are not separated here.
    pub fn token(&self, pieces: &[&[u8]]) -> Token {
        Token::of_digest(self.digest(pieces))
    }

    /// All 32 bytes, for the check value and for test vectors.
    pub fn digest(&self, pieces: &[&[u8]]) -> [u8; 32] {
        // Nearly every identifier fits into one block: two compressions and nothing else.
        let Some(block) = one_block(pieces) else { return self.digest_long(pieces) };
        let mut state = self.inner;
        compress256(&mut state, &[block]);
        self.outer(state)
    }

    /// The same for a value of any length.
    fn digest_long(&self, pieces: &[&[u8]]) -> [u8; 32] {
        let mut bytes = pieces.concat();
        let bits = (BLOCK + bytes.len()) as u64 * 8;
        bytes.push(0x80);
        let blocks = (bytes.len() + 8).div_ceil(BLOCK);
        bytes.resize(blocks * BLOCK - 8, 0);
        bytes.extend(bits.to_be_bytes());
        let mut state = self.inner;
        for part in bytes.as_chunks::<BLOCK>().0 {
            compress256(&mut state, &[*part]);
        }
        self.outer(state)
    }

    fn outer(&self, inner: [u32; 8]) -> [u8; 32] {
        let mut block = [0u8; BLOCK];
        block[..32].copy_from_slice(&bytes_of(inner));
        let mut state = self.outer;
        compress256(&mut state, &[padded(block, 32)]);
        bytes_of(state)
    }

    /// The token of an id that is unique within a table and provider, or within a provider (empty `table`).
    pub fn of_id(&self, table: &str, provider: OrgCode, id: &[u8]) -> Token {
        self.token(&[&before_id(table, provider), id])
    }
}

/// What stands before an id in its canonical value: its table, if any, and its provider.
pub fn before_id(table: &str, provider: OrgCode) -> Vec<u8> {
    let (code, length) = provider.bytes();
    let separator: &[u8] = &[UNIT_SEPARATOR];
    let table: &[&[u8]] = if table.is_empty() { &[] } else { &[table.as_bytes(), separator] };
    [table, &[&code[..length], separator]].concat().concat()
}

/// SHA-256 before the first block (FIPS 180-4, 5.3.3).
const INITIAL: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];

/// A value that fits into one block, as that block; none if it is longer.
fn one_block(pieces: &[&[u8]]) -> Option<[u8; BLOCK]> {
    let mut block = [0u8; BLOCK];
    let mut length = 0;
    for piece in pieces {
        block[..SHORT].get_mut(length..length + piece.len())?.copy_from_slice(piece);
        length += piece.len();
    }
    Some(padded(block, length))
}

/// The padding of a message that ends in this block, `length` bytes of it used, one block before it.
fn padded(mut block: [u8; BLOCK], length: usize) -> [u8; BLOCK] {
    block[length] = 0x80;
    block[BLOCK - 8..].copy_from_slice(&((BLOCK + length) as u64 * 8).to_be_bytes());
    block
}

fn bytes_of(state: [u32; 8]) -> [u8; 32] {
    let mut bytes = [0u8; 32];
    for (four, word) in bytes.chunks_exact_mut(4).zip(state) {
        four.copy_from_slice(&word.to_be_bytes());
    }
    bytes
}

/// `HKDF-SHA256(key, salt "pathlink/v1", info "pathlink/v1" US project US version US purpose)`, 32 bytes.
pub fn subkey(key: &ProjectKey, label: &str) -> Zeroizing<[u8; 32]> {
    let separator: &[u8] = &[UNIT_SEPARATOR];
    let version = key.version().to_string();
    let info: [&[u8]; 7] = [
        b"pathlink/v1",
        separator,
        key.project().as_bytes(),
        separator,
        version.as_bytes(),
        separator,
        label.as_bytes(),
    ];
    let mut bytes = Zeroizing::new([0u8; 32]);
    // 32 bytes is one block of SHA-256, which HKDF can always give.
    let _ = Hkdf::<Sha256>::new(Some(b"pathlink/v1"), key.bytes()).expand_multi_info(&info, bytes.as_mut_slice());
    bytes
}

#[cfg(test)]
mod tests {
    use hmac::{Hmac, KeyInit, Mac};

    use super::*;

    #[test]
    fn values_of_any_length_hash_as_the_hmac_crate_does() {
        let key = ProjectKey::demonstration();
        let tokeniser = Tokeniser::new(&key, Purpose::Record);
        let text: Vec<u8> = (0..200u8).collect();
        for length in 0..200 {
            let (head, tail) = text[..length].split_at(length / 3);
            let mut mac = Hmac::<Sha256>::new_from_slice(subkey(&key, "id:record").as_slice()).unwrap();
            mac.update(&text[..length]);
            let expected: [u8; 32] = mac.finalize().into_bytes().into();
            assert_eq!(tokeniser.digest(&[head, tail]), expected, "{length} bytes");
            assert_eq!(tokeniser.digest_long(&[head, tail]), expected, "{length} bytes, block by block");
        }
    }
}
