//! Compatibility: pseudonyms as other parties make them, for reading theirs or making them for them.
//!
//! In: values and the other party's salt or text key, from a file that obeys the rules of key files. Out: their digest.
//! Off unless asked for: whoever has the salt can try every NHS number in seconds. Written from published descriptions and
//! their test vectors (`tests/vectors/salted_sha256.csv`); no code was taken.
//! Sources: `OpenPseudonymiser` 0.9.7; `NHSDigital/ndr_pseudonymise`; CRATE `crate_bulk_hash`.

use std::path::Path;

use hmac::{Hmac, KeyInit, Mac};
use md5::Md5;
use sha2::{Digest, Sha256, Sha512};
use zeroize::Zeroizing;

use super::secret_file;
use crate::domain::hex;
use crate::domain::scheme::Scheme;
use crate::error::{self, Error};

/// Whether blanks around a salt belong to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edges {
    /// They do, as in the C# `OpenPseudonymiser`.
    Kept,
    /// They do not, as in its Java port.
    Trimmed,
}

/// Another party's salt or text key. No `Debug`, no `Display`; wiped when dropped.
pub struct Salt(Zeroizing<String>);

impl Salt {
    /// Reads a salt file: all of its text but one line end. A salt of blanks alone is refused.
    pub fn read(path: &Path, edges: Edges) -> Result<Self, Error> {
        let text = secret_file::read(path, "salt")?;
        let line = text.strip_suffix('\n').map_or(text.as_str(), |line| line.strip_suffix('\r').unwrap_or(line));
        Self::of(line, edges).ok_or_else(|| {
            Error::new(
                &error::KEY_DAMAGED,
                format!("the salt file {} is blank", path.display()),
                "fetch the file again from the other party",
            )
        })
    }

    /// From its text; none for blanks alone.
    pub fn of(text: &str, edges: Edges) -> Option<Self> {
        let is_blank = |sign: char| sign <= ' ';
        let text = if edges == Edges::Trimmed { text.trim_matches(is_blank) } else { text };
        if text.chars().all(is_blank) { None } else { Some(Self(Zeroizing::new(text.to_owned()))) }
    }

    /// The digest of values in their order; none if one of them is blank: a hash of nothing would be everybody's.
    pub fn digest(&self, scheme: Scheme, values: &[&[u8]]) -> Option<Vec<u8>> {
        let values: Vec<Vec<u8>> = values.iter().map(|value| without_blanks(value)).collect();
        if values.is_empty() || values.iter().any(Vec::is_empty) {
            return None;
        }
        let joined = |prefix: &str, between: &[u8]| [prefix.as_bytes(), &values.join(between)].concat();
        Some(match scheme {
            Scheme::OpenPseudonymiser => self.salted(&joined("", b"")),
            Scheme::Ndrs => self.salted(&joined("nhsnumber_", b"")),
            Scheme::NdrsBirthdatePostcode => self.salted(&joined("birthdate_postcode_", b"_")),
            Scheme::NdrsPseudoid => self.salted(&joined("pseudoid_", b"")),
            Scheme::CrateMd5 => self.keyed::<Hmac<Md5>>(&joined("", b"")),
            Scheme::CrateSha256 => self.keyed::<Hmac<Sha256>>(&joined("", b"")),
            Scheme::CrateSha512 => self.keyed::<Hmac<Sha512>>(&joined("", b"")),
        })
    }

    fn salted(&self, value: &[u8]) -> Vec<u8> {
        Sha256::new().chain_update(value).chain_update(self.0.as_bytes()).finalize().to_vec()
    }

    fn keyed<M: Mac + KeyInit>(&self, value: &[u8]) -> Vec<u8> {
        // An HMAC takes a key of any length, so there is always one.
        let mac = <M as KeyInit>::new_from_slice(self.0.as_bytes());
        mac.map(|mac| mac.chain_update(value).finalize().into_bytes().to_vec()).unwrap_or_default()
    }
}

/// A digest as its party writes it.
pub fn written(scheme: Scheme, digest: &[u8]) -> String {
    let text = hex::lower(digest);
    if scheme == Scheme::OpenPseudonymiser { text.to_uppercase() } else { text }
}

/// The first 16 bytes of a written digest, in capitals or not; none if it is not a whole one.
pub fn first_half(scheme: Scheme, text: &[u8]) -> Option<[u8; 16]> {
    let is_whole = text.len() == scheme.length() * 2 && text.iter().all(u8::is_ascii_hexdigit);
    let head = std::str::from_utf8(text.get(..32)?).ok().filter(|_| is_whole)?;
    u128::from_str_radix(head, 16).ok().map(u128::to_be_bytes)
}

/// Carriage returns, line feeds, tabs and blanks are no part of a value.
fn without_blanks(value: &[u8]) -> Vec<u8> {
    value.iter().copied().filter(|byte| !matches!(byte, b'\r' | b'\n' | b'\t' | b' ')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_are_refused_and_edges_of_a_salt_count_unless_trimmed() {
        let [kept, trimmed] = [Edges::Kept, Edges::Trimmed].map(|edges| Salt::of(" mackerel ", edges).unwrap());
        let plain = Salt::of("mackerel", Edges::Kept).unwrap();
        let of = |salt: &Salt| salt.digest(Scheme::OpenPseudonymiser, &[b"9434765919"]);
        assert!(of(&trimmed) == of(&plain) && of(&kept) != of(&plain));
        assert!(Salt::of(" \t", Edges::Kept).is_none() && Salt::of("", Edges::Trimmed).is_none());
        for scheme in Scheme::ALL {
            assert!(plain.digest(scheme, &[b""]).is_none() && plain.digest(scheme, &[b" \t"]).is_none());
            assert!(plain.digest(scheme, &[b"a", b""]).is_none() && plain.digest(scheme, &[]).is_none());
            let digest = plain.digest(scheme, &[b"9434765919"]).unwrap();
            assert_eq!(digest.len(), scheme.length());
            let text = written(scheme, &digest);
            assert_eq!(first_half(scheme, text.to_lowercase().as_bytes()).unwrap()[..], digest[..16]);
            assert_eq!(first_half(scheme, text.to_uppercase().as_bytes()).unwrap()[..], digest[..16]);
            assert!(first_half(scheme, &text.as_bytes()[1..]).is_none());
        }
    }
}
