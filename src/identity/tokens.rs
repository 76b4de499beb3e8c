//! Tokens: HKDF-SHA-256 subkeys per purpose, HMAC-SHA-256 of a canonical value.
//!
//! In: the project key and a canonical value. Out: the first 16 bytes. Leaves alone: what is a valid value; null
//! never reaches a hash. Sources: RFC 5869, RFC 2104, FIPS 180-4.

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use sha2::block_api::compress256;
use zeroize::{ZeroizeOnDrop, Zeroizing};

use crate::domain::org_code::OrgCode;
use crate::domain::token::Token;

use super::keys::ProjectKey;

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
}

impl Purpose {
    /// The purpose as it enters the key derivation.
    pub fn label(self) -> &'static str {
        match self {
            Self::Nhs => "id:nhs",
            Self::Local => "id:local",
            Self::Record => "id:record",
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
        }
    }
}

/// A keyed hash for one purpose, ready to use: its two key blocks are hashed once.
#[derive(Clone, ZeroizeOnDrop)]
pub struct Tokeniser {
    /// SHA-256 after the inner key block, and after the outer one.
    inner: [u32; 8],
    outer: [u32; 8],
    /// The same keyed hash for values of more than one block.
    #[zeroize(skip)]
    long: Hmac<Sha256>,
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
        let key = Zeroizing::new(subkey(key, label));
        let state = |pad: u8| {
            let mut block = Zeroizing::new([pad; BLOCK]);
            block.iter_mut().zip(key.iter()).for_each(|(byte, key)| *byte ^= key);
            let mut state = INITIAL;
            compress256(&mut state, &[*block]);
            state
        };
        Self { inner: state(0x36), outer: state(0x5c), long: mac(&key) }
    }

    /// The token of a value given in pieces; the pieces are not separated here.
    pub fn token(&self, pieces: &[&[u8]]) -> Token {
        let mut bytes = [0u8; 16];
        bytes.copy_from_slice(&self.digest(pieces)[..16]);
        Token::from_bytes(bytes)
    }

    /// All 32 bytes, for the check value and for test vectors.
    pub fn digest(&self, pieces: &[&[u8]]) -> [u8; 32] {
        // Nearly every identifier fits into one block: two compressions and nothing else.
        let mut block = [0u8; BLOCK];
        let mut length = 0;
        for piece in pieces {
            match block[..SHORT].get_mut(length..length + piece.len()) {
                Some(room) => room.copy_from_slice(piece),
                None => return self.digest_long(pieces),
            }
            length += piece.len();
        }
        let mut state = self.inner;
        compress256(&mut state, &[padded(block, length)]);
        let mut block = [0u8; BLOCK];
        block[..32].copy_from_slice(&bytes_of(state));
        let mut state = self.outer;
        compress256(&mut state, &[padded(block, 32)]);
        bytes_of(state)
    }

    fn digest_long(&self, pieces: &[&[u8]]) -> [u8; 32] {
        let mut mac = self.long.clone();
        for piece in pieces {
            mac.update(piece);
        }
        mac.finalize().into_bytes().into()
    }

    /// The token of an id that is unique within a table and provider, or within a provider (empty `table`).
    pub fn of_id(&self, table: &str, provider: OrgCode, id: &[u8]) -> Token {
        let (code, length) = provider.bytes();
        let separator: &[u8] = &[UNIT_SEPARATOR];
        if table.is_empty() {
            self.token(&[&code[..length], separator, id])
        } else {
            self.token(&[table.as_bytes(), separator, &code[..length], separator, id])
        }
    }
}

/// SHA-256 before the first block (FIPS 180-4, 5.3.3).
const INITIAL: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];

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
pub fn subkey(key: &ProjectKey, label: &str) -> [u8; 32] {
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
    let mut bytes = [0u8; 32];
    // 32 bytes is one block of SHA-256, which HKDF can always give.
    let _ = Hkdf::<Sha256>::new(Some(b"pathlink/v1"), key.bytes()).expand_multi_info(&info, &mut bytes);
    bytes
}

/// HMAC-SHA-256 fills a short key up to its block of 64 bytes with zeros.
fn mac(key: &[u8; 32]) -> Hmac<Sha256> {
    let mut block = hmac::digest::Key::<Hmac<Sha256>>::default();
    block[..key.len()].copy_from_slice(key);
    Hmac::new(&block)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_block_and_many_give_the_same_hash() {
        let tokeniser = Tokeniser::new(&ProjectKey::demonstration(), Purpose::Record);
        let text: Vec<u8> = (0..200u8).collect();
        for length in 0..200 {
            let (head, tail) = text[..length].split_at(length / 3);
            assert_eq!(tokeniser.digest(&[head, tail]), tokeniser.digest_long(&[head, tail]), "{length} bytes");
        }
    }
}
