//! What the numbers of coded columns mean, read from the `codes.csv` beside the linked tables.

use std::collections::BTreeMap;
use std::path::Path;

use crate::error::{self, Error};

/// Words by column and number.
pub(super) struct Words(BTreeMap<String, BTreeMap<u64, String>>);

impl Words {
    /// Reads them.
    pub(super) fn read(linked: &Path) -> Result<Self, Error> {
        let path = linked.join("codes.csv");
        let damaged = || unreadable(&path);
        let mut reader = csv::Reader::from_path(&path).map_err(|_| damaged())?;
        let mut words: BTreeMap<String, BTreeMap<u64, String>> = BTreeMap::new();
        for row in reader.records() {
            let row = row.map_err(|_| damaged())?;
            let [column, number, meaning]: [&str; 3] =
                row.iter().collect::<Vec<_>>().try_into().map_err(|_| damaged())?;
            let number = number.parse().map_err(|_| damaged())?;
            words.entry(column.to_owned()).or_default().insert(number, meaning.to_owned());
        }
        Ok(Self(words))
    }

    /// The words of a column; none where it has no list.
    pub(super) fn of(&self, column: &str) -> Option<&BTreeMap<u64, String>> {
        self.0.get(column)
    }
}

/// A file of the run's restricted tables that is not as it was written.
pub(super) fn unreadable(path: &Path) -> Error {
    Error::new(
        &error::RUN_UNKNOWN,
        format!("{} cannot be read back", path.display()),
        "run again, then share the new run",
    )
}
