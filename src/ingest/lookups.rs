//! Look-ups that are applied before an identifier is destroyed: postcode to deprivation quintile.

use std::path::Path;

use hashbrown::HashMap;
use sha2::{Digest, Sha256};

use crate::error::{self, Error};
use crate::settings::Settings;

/// Postcode (upper case, no blanks, packed) to quintile, 1 = most deprived. Looked up, never listed.
#[derive(Debug, Default)]
pub struct Deprivation {
    quintiles: HashMap<u64, u16>,
    /// SHA-256 of the file: part of every staged table's address.
    pub fingerprint: [u8; 32],
}

impl Deprivation {
    /// The look-up of a project.
    pub fn of(settings: &Settings) -> Result<Self, Error> {
        Self::load(settings.lookups.postcode_imd.as_ref().map(|path| settings.resolve(path)).as_deref())
    }

    /// Reads postcode, lsoa, `imd_quintile`. Without a file every quintile is null.
    pub fn load(path: Option<&Path>) -> Result<Self, Error> {
        let Some(path) = path else { return Ok(Self::default()) };
        let wrong = |why: &str| {
            Error::new(
                &error::CODE_LIST,
                format!("the look-up {} cannot be used", path.display()),
                "give a CSV with the columns postcode, lsoa, imd_quintile (1 to 5, 1 = most deprived)",
            )
            .because(why.to_owned())
        };
        let bytes = std::fs::read(path).map_err(|_| wrong("it cannot be read"))?;
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        let headings = reader.headers().map_err(|_| wrong("it has no heading row"))?;
        let place = |name: &str| headings.iter().position(|heading| heading == name);
        let (Some(postcode), Some(quintile)) = (place("postcode"), place("imd_quintile")) else {
            return Err(wrong("a column is missing"));
        };
        let mut quintiles = HashMap::new();
        for (row, record) in (2..).zip(reader.byte_records()) {
            let record = record.map_err(|_| wrong(&format!("row {row} is not whole")))?;
            let value = match record.get(quintile) {
                Some([digit @ b'1'..=b'5']) => u16::from(digit - b'0'),
                _ => return Err(wrong(&format!("row {row}: the quintile is not 1 to 5"))),
            };
            if let Some(key) = pack(record.get(postcode).unwrap_or_default()) {
                quintiles.insert(key, value);
            }
        }
        Ok(Self { quintiles, fingerprint: Sha256::digest(&bytes).into() })
    }

    /// The quintile of a postcode, if the look-up has it. ZZ99 is no place.
    pub fn quintile(&self, postcode: &[u8]) -> Option<u16> {
        if self.quintiles.is_empty() {
            return None;
        }
        pack(postcode).and_then(|key| self.quintiles.get(&key).copied())
    }
}

/// Upper case, no blanks, at most eight characters, in one integer.
fn pack(text: &[u8]) -> Option<u64> {
    let mut letters = text.iter().filter(|byte| !byte.is_ascii_whitespace());
    let packed = letters.by_ref().take(8).fold(0u64, |packed, byte| packed << 8 | u64::from(byte.to_ascii_uppercase()));
    (packed != 0 && letters.next().is_none()).then_some(packed)
}
