//! Entries on disk: written beside the others, flushed, and put in their place by one rename. Plain Parquet, so that other
//! tools can read them; a token is two columns, its first and last 8 bytes.

use std::fs::{self, File};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{AsArray, BooleanArray, UInt32Array};
use arrow::datatypes::UInt32Type;
use serde::{Deserialize, Serialize};

use super::assign::{Change, Kind};
use super::damaged;
use crate::domain::token::Token;
use crate::error::Error;
use crate::frame;
use crate::link::members;

/// What the folder of an entry is called until its run is published, before the run's id.
pub(super) const PENDING: &str = ".pending-";
/// The table of people as the last linkage has them, with their ids.
pub(super) const PERSONS: &str = "persons.parquet";
const ENTRY: &str = "entry.json";
const PEOPLE: &str = "people.parquet";
const MEMBERS: &str = "members.parquet";

/// One entry: what a run changed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Entry {
    /// The form of these files.
    pub(super) format: u32,
    /// The run.
    pub(super) run: String,
    /// The day up to which its data were used, as days since 1970.
    pub(super) as_of: i32,
    /// The address of the linkage; empty where people were removed since.
    pub(super) linked: String,
    /// Merges, splits and moves, by numbers.
    pub(super) events: Vec<(Kind, u32, u32)>,
    /// Where it is.
    #[serde(skip)]
    pub(super) folder: PathBuf,
}

/// Changes whenever the form of entries does; earlier forms must go on being read.
pub(super) const FORMAT: u32 = 1;

/// The entries of a registry, oldest first. None may be missing.
pub(super) fn entries(folder: &Path) -> Result<Vec<Entry>, Error> {
    let mut names: Vec<(u32, PathBuf)> = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if let Some(number) = name.split('_').next().and_then(|number| number.parse().ok()) {
            names.push((number, entry.path()));
        }
    }
    names.sort();
    let mut entries = Vec::with_capacity(names.len());
    for (expected, (number, path)) in (1..).zip(names) {
        if number != expected {
            return Err(damaged(folder, "an entry is missing"));
        }
        let text = fs::read(path.join(ENTRY)).map_err(|_| damaged(folder, "an entry cannot be read"))?;
        let mut entry: Entry = serde_json::from_slice(&text).map_err(|_| damaged(folder, "an entry cannot be read"))?;
        if entry.format != FORMAT {
            return Err(damaged(folder, "an entry was written by a later version"));
        }
        entry.folder = path;
        entries.push(entry);
    }
    Ok(entries)
}

impl Entry {
    /// An empty folder for an entry whose run is not published yet.
    pub(super) fn pending(mut self, registry: &Path) -> Result<Self, Error> {
        self.folder = registry.join(format!("{PENDING}{}", self.run));
        fs::DirBuilder::new().mode(0o700).create(&self.folder).map_err(|_| Error::cannot_write(&self.folder))?;
        Ok(self)
    }

    pub(super) fn read_people(&self) -> Result<Vec<Token>, Error> {
        let mut ids = Vec::new();
        for batch in frame::batches(&self.folder.join(PEOPLE)).map_err(|_| self.unreadable())? {
            ids.extend(members::tokens_of("id", &batch).ok_or_else(|| self.unreadable())?);
        }
        Ok(ids)
    }

    pub(super) fn read_changes(&self) -> Result<Vec<Change>, Error> {
        let mut changes = Vec::new();
        for batch in frame::batches(&self.folder.join(MEMBERS)).map_err(|_| self.unreadable())? {
            let keys = members::tokens_of("key", &batch).ok_or_else(|| self.unreadable())?;
            let person = batch.column_by_name("person").and_then(|column| column.as_primitive_opt::<UInt32Type>());
            let person = person.ok_or_else(|| self.unreadable())?.values();
            // The first entry is the members of its linkage, and all of them are there.
            let is_there = batch.column_by_name("is_there").and_then(|column| column.as_boolean_opt());
            changes.extend(keys.into_iter().zip(person).enumerate().map(|(row, (key, person))| Change {
                key,
                person: *person,
                is_there: is_there.is_none_or(|column| column.value(row)),
            }));
        }
        Ok(changes)
    }

    pub(super) fn write_people(&self, ids: &[Token]) -> Result<(), Error> {
        self.write(PEOPLE, |path| frame::write_file(path, members::token_columns("id", ids).to_vec()))
    }

    pub(super) fn write_changes(&self, changes: &[Change]) -> Result<(), Error> {
        let keys: Vec<Token> = changes.iter().map(|change| change.key).collect();
        let mut columns = members::token_columns("key", &keys).to_vec();
        let person = UInt32Array::from_iter_values(changes.iter().map(|change| change.person));
        columns.push(("person".to_owned(), Arc::new(person)));
        let is_there: Vec<bool> = changes.iter().map(|change| change.is_there).collect();
        columns.push(("is_there".to_owned(), Arc::new(BooleanArray::from(is_there))));
        self.write(MEMBERS, |path| frame::write_file(path, columns))
    }

    /// Leaves only some of the entry's changes, flushed.
    pub(super) fn rewrite(&self, stays: impl Fn(&Change) -> bool) -> Result<(), Error> {
        let mut changes = self.read_changes()?;
        changes.retain(stays);
        self.write_changes(&changes)?;
        self.flush()
    }

    /// Takes the members of a linkage as they are: its people are numbered as the registry numbers them.
    pub(super) fn take_members(&self, linked: &Path) -> Result<(), Error> {
        let from = linked.join(members::FILE);
        self.write(MEMBERS, |path| {
            let taken = fs::hard_link(&from, path).or_else(|_| fs::copy(&from, path).map(drop));
            taken.map_err(|_| Error::cannot_write(path))
        })
    }

    pub(super) fn write_about(&self) -> Result<(), Error> {
        let text = serde_json::to_vec_pretty(self).map_err(Error::silent("write an entry of the registry"))?;
        self.write(ENTRY, |path| fs::write(path, text).map_err(|_| Error::cannot_write(path)))
    }

    /// Writes a file beside its place, and puts it there by a rename.
    fn write(&self, name: &str, write: impl FnOnce(&Path) -> Result<(), Error>) -> Result<(), Error> {
        let (path, part) = (self.folder.join(name), self.folder.join(format!("{name}.part")));
        let _ = fs::remove_file(&part);
        write(&part)?;
        fs::rename(&part, &path).map_err(|_| Error::cannot_write(&path))
    }

    /// Flushes the entry's files.
    pub(super) fn flush(&self) -> Result<(), Error> {
        for name in [ENTRY, PEOPLE, MEMBERS, PERSONS] {
            let path = self.folder.join(name);
            if path.exists() {
                sync(&path)?;
            }
        }
        sync(&self.folder)
    }

    fn unreadable(&self) -> Error {
        self.damaged("an entry cannot be read")
    }

    pub(super) fn damaged(&self, why: &str) -> Error {
        damaged(self.folder.parent().unwrap_or(&self.folder), why)
    }
}

/// Gives the entry of a published run its place after the others, whose tables of people nothing needs any more.
pub(super) fn publish(registry: &Path, run: &str) -> Result<(), Error> {
    let before = entries(registry)?;
    let (pending, place) =
        (registry.join(format!("{PENDING}{run}")), registry.join(format!("{:06}_{run}", before.len() + 1)));
    fs::rename(&pending, &place).map_err(|_| Error::cannot_write(&place))?;
    sync(registry)?;
    for entry in before {
        let _ = fs::remove_file(entry.folder.join(PERSONS));
    }
    Ok(())
}

pub(super) fn sync(path: &Path) -> Result<(), Error> {
    File::open(path).and_then(|file| file.sync_all()).map_err(|_| Error::cannot_write(path))
}
