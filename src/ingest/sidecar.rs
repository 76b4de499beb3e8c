//! What is kept beside the rows of a staged file: its counts, its rejects, and what was found out while it was read.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::file_fields::Names;
use super::kept::Made;
use super::notes::DialectNotes;
use super::tally::{Reject, Tally};
use super::writer::next_number;
use crate::error::Error;

/// What is kept beside the rows.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct Sidecar {
    pub(super) made: Made,
    pub(super) rows: u64,
    pub(super) tally: Tally,
    pub(super) rejects: Vec<Reject>,
    pub(super) notes: DialectNotes,
    #[serde(default)]
    pub(super) is_monthly: bool,
    #[serde(default)]
    pub(super) names: Names,
    #[serde(default)]
    pub(super) is_pseudonymised: bool,
}

/// Whether a file of the store is a staged file or stands beside it.
pub fn belongs_to(path: &Path, staged: &Path) -> bool {
    path == staged || path == path_of(staged)
}

fn path_of(path: &Path) -> PathBuf {
    path.with_extension("json")
}

/// Reads what is kept beside a staged file; none where it is not there or not whole.
pub(super) fn read(path: &Path) -> Option<Sidecar> {
    serde_json::from_slice(&fs::read(path_of(path)).ok()?).ok()
}

/// Writes it, whole or not at all.
pub(super) fn write(path: &Path, sidecar: &Sidecar) -> Result<(), Error> {
    let text = serde_json::to_vec(sidecar).map_err(Error::silent("write the tally of a staged file"))?;
    let temporary = path.with_extension(format!("{}.json.part", next_number()));
    fs::write(&temporary, text)
        .and_then(|()| fs::rename(&temporary, path_of(path)))
        .map_err(|_| Error::cannot_write(path))
}
