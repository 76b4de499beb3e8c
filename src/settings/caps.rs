//! Caps: how large the parts of an extract may be, so that memory stays bounded whatever the file.

use schemars::JsonSchema;
use serde::Deserialize;

/// The largest parts of an extract that are read. Anything larger ends the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Caps {
    /// Bytes of a field.
    pub max_field_bytes: usize,
    /// Bytes of a record, its line end included.
    pub max_record_bytes: usize,
    /// Headings in a file.
    pub max_columns: usize,
    /// Bytes that a gzip file unpacks to, for each byte of it.
    pub max_gzip_ratio: u64,
}

impl Default for Caps {
    fn default() -> Self {
        Self { max_field_bytes: 1 << 20, max_record_bytes: 4 << 20, max_columns: 2000, max_gzip_ratio: 200 }
    }
}

/// A larger record cap would no longer bound memory: a record is held whole.
const LARGEST_RECORD: usize = 256 << 20;

impl Caps {
    /// What is wrong with the caps, if anything.
    pub(super) fn fault(&self) -> Option<&'static str> {
        if self.max_field_bytes == 0 || self.max_columns == 0 || self.max_gzip_ratio == 0 {
            return Some("a cap of `caps` is 0 and would refuse every file");
        }
        if self.max_record_bytes < self.max_field_bytes || self.max_record_bytes > LARGEST_RECORD {
            return Some("`caps.max_record_bytes` is less than `max_field_bytes` or more than 256 MiB");
        }
        None
    }

    /// The caps as bytes, for an address that must change with them.
    pub fn to_bytes(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        let parts =
            [self.max_field_bytes as u64, self.max_record_bytes as u64, self.max_columns as u64, self.max_gzip_ratio];
        for (to, part) in bytes.chunks_exact_mut(8).zip(parts) {
            to.copy_from_slice(&part.to_le_bytes());
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn caps_that_refuse_everything_or_bound_nothing_are_faults() {
        assert_eq!(Caps::default().fault(), None);
        let wrong = [
            Caps { max_columns: 0, ..Caps::default() },
            Caps { max_record_bytes: 1 << 19, ..Caps::default() },
            Caps { max_record_bytes: usize::MAX, ..Caps::default() },
        ];
        assert!(wrong.iter().all(|caps| caps.fault().is_some()));
    }

    #[test]
    fn every_cap_changes_the_address() {
        let caps = Caps::default();
        let others = [
            Caps { max_field_bytes: 1, ..caps },
            Caps { max_record_bytes: 1, ..caps },
            Caps { max_columns: 1, ..caps },
            Caps { max_gzip_ratio: 1, ..caps },
        ];
        assert!(others.iter().all(|other| other.to_bytes() != caps.to_bytes()));
    }
}
