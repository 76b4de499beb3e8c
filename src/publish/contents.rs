//! What a folder with a release holds.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::audit::Published;
use crate::error::{self, Error};

/// The files of a release, and those of them that are tables.
pub(super) struct Contents {
    /// Bytes by name; a file in a folder below is named with it.
    pub(super) files: BTreeMap<String, Vec<u8>>,
    /// Tables, in order of their names.
    pub(super) tables: Vec<Published>,
    /// Names of files that should be tables and cannot be read as such.
    pub(super) unreadable: Vec<String>,
}

impl Contents {
    /// Reads a folder and those below it.
    pub(super) fn read(folder: &Path) -> Result<Self, Error> {
        let mut files = BTreeMap::new();
        gather(folder, "", &mut files)?;
        let (mut tables, mut unreadable) = (Vec::new(), Vec::new());
        for (name, bytes) in &files {
            if let Some(stem) = name.strip_suffix(".csv").filter(|stem| !stem.contains('/')) {
                match table(stem, bytes) {
                    Some(table) => tables.push(table),
                    None => unreadable.push(name.clone()),
                }
            }
        }
        Ok(Self { files, tables, unreadable })
    }
}

fn gather(folder: &Path, before: &str, files: &mut BTreeMap<String, Vec<u8>>) -> Result<(), Error> {
    let missing = |path: &Path| {
        let what = format!("{} cannot be read", path.display());
        Error::new(&error::RELEASE_UNSAFE, what, "name a folder that holds a release, with its checksums.sha256")
    };
    for entry in fs::read_dir(folder).map_err(|_| missing(folder))? {
        let entry = entry.map_err(|_| missing(folder))?;
        let path = entry.path();
        let name = format!("{before}{}", entry.file_name().to_string_lossy());
        // A link could lead anywhere.
        let kind = entry.file_type().map_err(|_| missing(&path))?;
        if kind.is_dir() {
            gather(&path, &format!("{name}/"), files)?;
        } else {
            let bytes = if kind.is_file() { fs::read(&path).map_err(|_| missing(&path))? } else { Vec::new() };
            files.insert(name, bytes);
        }
    }
    Ok(())
}

/// A table from the bytes of its file; none where they are no table.
fn table(name: &str, bytes: &[u8]) -> Option<Published> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes);
    let mut rows = reader.records().map(|record| Some(record.ok()?.iter().map(str::to_owned).collect::<Vec<_>>()));
    let headings = rows.next()??;
    let rows: Option<Vec<Vec<String>>> = rows.collect();
    Some(Published { name: name.to_owned(), headings, rows: rows? })
}
