//! Look-ups that are applied before an identifier is destroyed: postcode to deprivation quintile.

use std::path::Path;

use hashbrown::HashMap;
use sha2::{Digest, Sha256};

use crate::error::{self, Error};
use crate::settings::{Deprived, Settings};

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
        let own = &settings.lookups;
        Self::load(own.postcode_imd.as_ref().map(|path| settings.resolve(path)).as_deref(), own.postcode_imd_one_is)
    }

    /// Reads postcode and `imd_quintile` or `imd_decile`, numbered from the end that is given. Without a file every quintile is null.
    pub fn load(path: Option<&Path>, one_is: Deprived) -> Result<Self, Error> {
        let Some(path) = path else { return Ok(Self::default()) };
        let wrong = |why: &str| {
            Error::new(
                &error::CODE_LIST,
                format!("the look-up {} cannot be used", path.display()),
                "give a CSV with the columns postcode, lsoa, and imd_quintile (1 to 5) or imd_decile (1 to 10); if 1 is the least deprived, say so with [lookups] postcode_imd_one_is",
            )
            .because(why.to_owned())
        };
        let bytes = std::fs::read(path).map_err(|_| wrong("it cannot be read"))?;
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        let headings = reader.headers().map_err(|_| wrong("it has no heading row"))?;
        let place = |name: &str| headings.iter().position(|heading| heading == name);
        let scale = [("imd_quintile", 5), ("imd_decile", 10)];
        let scale = scale.into_iter().find_map(|(name, groups)| Some((place(name)?, name, groups)));
        let (Some(postcode), Some((column, name, groups))) = (place("postcode"), scale) else {
            return Err(wrong("a column is missing"));
        };
        let mut quintiles = HashMap::new();
        for (row, record) in (2..).zip(reader.byte_records()) {
            let record = record.map_err(|_| wrong(&format!("row {row} is not whole")))?;
            let group = record.get(column).and_then(|cell| std::str::from_utf8(cell).ok()?.parse::<u16>().ok());
            let Some(group) = group.filter(|group| (1..=groups).contains(group)) else {
                return Err(wrong(&format!("row {row}: the {name} is not 1 to {groups}")));
            };
            let from_most = if one_is == Deprived::MostDeprived { group } else { groups + 1 - group };
            if let Some(key) = pack(record.get(postcode).unwrap_or_default()) {
                quintiles.insert(key, from_most.div_ceil(groups / 5));
            }
        }
        let mut fingerprint = Sha256::new().chain_update(&bytes);
        if one_is != Deprived::MostDeprived {
            fingerprint.update(b"turned round");
        }
        Ok(Self { quintiles, fingerprint: fingerprint.finalize().into() })
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

#[cfg(test)]
mod tests {
    use super::*;

    fn quintiles(text: &str, one_is: Deprived) -> Result<[Option<u16>; 3], Error> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        let found = Deprivation::load(Some(file.path()), one_is)?;
        Ok(["ZQ1 1AA", "ZQ1 1AB", "ZQ1 1AC"].map(|postcode| found.quintile(postcode.as_bytes())))
    }

    /// Decile 1 is the most deprived in one office's files and the least in another's.
    #[test]
    fn groups_are_counted_from_the_most_deprived_whichever_way_a_file_counts() {
        let fifths = "postcode,lsoa,imd_quintile\nZQ1 1AA,E1,1\nZQ1 1AB,E2,4\n";
        let tenths = "postcode,lsoa,imd_decile\nZQ1 1AA,E1,1\nZQ1 1AB,E2,8\nZQ1 1AC,E3,10\n";
        for (text, one_is, expected) in [
            (fifths, Deprived::MostDeprived, [Some(1), Some(4), None]),
            (fifths, Deprived::LeastDeprived, [Some(5), Some(2), None]),
            (tenths, Deprived::MostDeprived, [Some(1), Some(4), Some(5)]),
            (tenths, Deprived::LeastDeprived, [Some(5), Some(2), Some(1)]),
        ] {
            assert_eq!(quintiles(text, one_is).unwrap(), expected);
        }
        assert!(quintiles(&fifths.replace(",4", ",6"), Deprived::MostDeprived).is_err());
    }
}
