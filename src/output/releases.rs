//! What was released: `store/releases.jsonl`, one line a release, and beside it the figures of each, so that the next one
//! is made with what readers already have in mind.

use std::fs;
use std::path::Path;

use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use crate::audit::Published;
use crate::domain::hex;
use crate::error::{self, Error};

/// The ledger's name in the store.
pub const FILE: &str = "releases.jsonl";
/// Where the figures of releases are kept, a folder for each.
pub const FOLDER: &str = "releases";
/// The tables that are kept.
pub const TABLES: [&str; 2] = ["outcomes", "demand"];

/// The ledger's hash; of nothing where nothing was released.
pub fn hash(store: &Path) -> String {
    hex::lower(&Sha256::digest(fs::read(store.join(FILE)).unwrap_or_default()))
}

/// What says whether anything was released since: the ledger and how much stands beside it of every release.
pub fn state(store: &Path) -> String {
    let mut all = Sha256::new();
    let ledger = fs::read_to_string(store.join(FILE)).unwrap_or_default();
    all.update(ledger.as_bytes());
    let entries = ledger.lines().filter_map(|line| serde_json::from_str::<Json>(line).ok());
    for entry in entries {
        let folder = store.join(FOLDER).join(entry["folder"].as_str().unwrap_or_default());
        for name in TABLES {
            let size = fs::metadata(folder.join(format!("{name}.csv"))).map_or(0, |about| about.len());
            all.update(size.to_le_bytes());
        }
    }
    hex::lower(&all.finalize())
}

/// The figures of every earlier release. A ledger that cannot be read back ends the run: what was released would not be
/// known.
pub fn figures(store: &Path) -> Result<Vec<Published>, Error> {
    let damaged = || {
        let what = format!("{} or what it names cannot be read back", store.join(FILE).display());
        Error::new(&error::STORE_DAMAGED, what, "restore releases.jsonl and releases/ of the store from a backup")
    };
    let text = match fs::read_to_string(store.join(FILE)) {
        Ok(text) => text,
        Err(problem) if problem.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(_) => return Err(damaged()),
    };
    let mut tables = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty()) {
        let entry: Json = serde_json::from_str(line).map_err(|_| damaged())?;
        let folder = entry["folder"].as_str().filter(|name| !name.contains(['/', '.'])).ok_or_else(damaged)?;
        for name in TABLES {
            let bytes = fs::read(store.join(FOLDER).join(folder).join(format!("{name}.csv"))).map_err(|_| damaged())?;
            tables.push(table(name, &bytes).ok_or_else(damaged)?);
        }
    }
    Ok(tables)
}

/// A table from the bytes of its file; none where they are no table.
pub fn table(name: &str, bytes: &[u8]) -> Option<Published> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes);
    let mut rows = reader.records().map(|record| Some(record.ok()?.iter().map(str::to_owned).collect::<Vec<_>>()));
    let headings = rows.next()??;
    let rows: Option<Vec<Vec<String>>> = rows.collect();
    Some(Published { name: name.to_owned(), headings, rows: rows? })
}
