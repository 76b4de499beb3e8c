//! The registry of people: what keeps a person's id from one run to the next.
//!
//! ```text
//! store/registry/<key check value>/000001_<run>/entry.json       the run, the linkage it is of, merges and splits
//!                                              people.parquet     ids registered in that run
//!                                              members.parquet    keys whose person changed, or that came or went
//!                                              persons.parquet    the table of people (of the last entry only)
//! ```
//!
//! In: the [`crate::link::Members`] of a linkage. Out: a person id for every person. Entries are only ever appended, so
//! the person of every key at an earlier run can be rebuilt ([`Registry::as_of`]). An entry is written beside the others
//! as `.pending-<run>` and counts when that run's folder is there: the rename that publishes a run decides for both, and a
//! run that fails or is killed leaves the registry as it was. Another key has a registry of its own; after a rotation its
//! first entry holds everybody whom the re-keying table finds again ([`Carried`]). Leaves alone: who is
//! whom (`link`). Restricted: it holds stage-1 tokens.

mod assign;
mod carried;
mod disk;
mod known;
mod purge;
mod register;

use std::fs;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};

pub use assign::{Event, Kind};
pub use carried::{Carried, Rekeying};
pub use known::Known;
pub use purge::Leavers;
pub use register::{Linkage, Registered};

use rayon::prelude::*;

use crate::domain::token::Token;
use crate::error::{self, Error};
use crate::identity::keys::ProjectKey;
use crate::identity::tokens::{Purpose, Tokeniser};
use disk::Entry;

/// How a registry came to be, where it has no entry yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// It is kept from earlier runs.
    Kept,
    /// The project's first run.
    First,
    /// The last run had one, and it is gone.
    Gone,
    /// The last run was made with another key.
    OtherKey,
    /// It is that of the key before, carried over by the re-keying table.
    Rekeyed,
}

impl Start {
    /// The word in the manifest.
    pub fn id(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::First => "first",
            Self::Gone => "gone",
            Self::OtherKey => "other_key",
            Self::Rekeyed => "rekeyed",
        }
    }

    /// What a reader of the run must know; nothing where ids are kept or nobody had one.
    pub fn warning(self) -> Option<&'static str> {
        match self {
            Self::Kept | Self::First | Self::Rekeyed => None,
            Self::Gone => Some(
                "warning: the registry of people of the last run is gone: person ids start anew, and some may not be the earlier ones",
            ),
            Self::OtherKey => Some(
                "warning: the project key is not that of the last run, and no re-keying table of `pathlink key rotate` leads to it: person ids start anew, in a registry of their own",
            ),
        }
    }
}

/// What the last published run says of its registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastRun {
    /// The check value of its key.
    pub check_value: String,
    /// How many entries its registry had.
    pub entries: usize,
}

/// The registry of one key.
pub struct Registry {
    folder: PathBuf,
    entries: Vec<Entry>,
    start: Start,
    /// People of the key before, for a registry without an entry.
    carried: Option<Carried>,
    tokens: Tokeniser,
}

impl Registry {
    /// Opens the registry of a key, after what a killed run left is settled: its entry counts if its run was published.
    /// Only whoever holds the lock of the runs may call this.
    pub fn open(store: &Path, runs: &Path, key: &ProjectKey, last: Option<&LastRun>) -> Result<Self, Error> {
        let all = store.join("registry");
        let folder = all.join(key.check_value());
        for part in [&all, &folder] {
            if !part.is_dir() {
                fs::DirBuilder::new().mode(0o700).create(part).map_err(|_| Error::cannot_write(part))?;
            }
            let closed = fs::Permissions::from_mode(0o700);
            fs::set_permissions(part, closed).map_err(|_| Error::cannot_write(part))?;
        }
        settle(&folder, runs)?;
        let entries = disk::entries(&folder)?;
        let start = match last {
            Some(last) if last.check_value != key.check_value() && entries.is_empty() => Start::OtherKey,
            Some(last) if last.check_value == key.check_value() && last.entries > 0 && entries.is_empty() => {
                Start::Gone
            }
            Some(last) if last.check_value == key.check_value() && last.entries > entries.len() => {
                return Err(damaged(&folder, "entries that the last run had are gone"));
            }
            _ if entries.is_empty() => Start::First,
            _ => Start::Kept,
        };
        Ok(Self { folder, entries, start, carried: None, tokens: Tokeniser::new(key, Purpose::Person) })
    }

    /// As [`Registry::open`], to read only: nothing is made or settled.
    pub fn look_up(store: &Path, key: &ProjectKey) -> Result<Self, Error> {
        let folder = store.join("registry").join(key.check_value());
        let entries = disk::entries(&folder)?;
        Ok(Self { folder, entries, start: Start::Kept, carried: None, tokens: Tokeniser::new(key, Purpose::Person) })
    }

    /// Starts with the people of the key before, where it has no entry yet.
    #[must_use]
    pub fn starting_with(mut self, carried: Option<Carried>) -> Self {
        if carried.is_some() && self.is_empty() {
            (self.start, self.carried) = (Start::Rekeyed, carried);
        }
        self
    }

    /// How it came to be.
    pub fn start(&self) -> Start {
        self.start
    }

    /// How many entries it has.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it has none yet.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The runs that changed it, oldest first.
    pub fn runs(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|entry| entry.run.as_str())
    }

    /// How many of its entries a run rests on: those up to its own, or to its time where it made none.
    pub fn entries_of(&self, run: &str) -> usize {
        self.entries.iter().take_while(|entry| entry.run.as_str() <= run).count()
    }

    /// Every id that anybody has or had, in order, without those of people who were removed.
    pub fn ids(&self) -> Result<Vec<Token>, Error> {
        let mut ids = Vec::new();
        for entry in &self.entries {
            ids.extend(entry.read_people()?.into_iter().filter(|id| id.is_some()));
        }
        ids.par_sort_unstable();
        Ok(ids)
    }

    /// What was known after so many entries: every key, its person, and whether it was there.
    pub fn as_of(&self, entries: usize) -> Result<Known, Error> {
        known::fold(&self.entries[..entries.min(self.entries.len())])
    }

    /// Merges and splits after so many entries, oldest first, each with the run and day it is from.
    pub fn events(&self, entries: usize) -> Result<Vec<(&str, i32, Event)>, Error> {
        let known = self.as_of(entries)?;
        let mut events = Vec::new();
        for entry in self.entries.iter().take(entries) {
            let own = entry.events.iter().filter_map(|(kind, from, to)| known.event(*kind, *from, *to));
            events.extend(own.map(|event| (entry.run.as_str(), entry.as_of, event)));
        }
        Ok(events)
    }
}

/// Everybody who is in the registry of the key of a check value; nobody where there is none.
pub fn known_under(store: &Path, check_value: &str) -> Result<Known, Error> {
    known::fold(&disk::entries(&store.join("registry").join(check_value))?)
}

/// Removes the registry of the key of a check value, if there is one.
pub fn remove(store: &Path, check_value: &str) -> Result<(), Error> {
    let folder = store.join("registry").join(check_value);
    if !folder.exists() {
        return Ok(());
    }
    fs::remove_dir_all(&folder).map_err(|_| Error::cannot_write(&folder))
}

/// Merges, splits and moves as CSV; restricted.
pub fn events_csv(events: &[Event]) -> String {
    let line = |event: &Event| format!("{},{},{}\r\n", event.kind.id(), event.from.to_hex(), event.to.to_hex());
    std::iter::once("kind,from,to\r\n".to_owned()).chain(events.iter().map(line)).collect()
}

/// Gives the entries of published runs their place, and removes those of runs that were not.
fn settle(folder: &Path, runs: &Path) -> Result<(), Error> {
    for entry in fs::read_dir(folder).map_err(|_| Error::cannot_write(folder))?.flatten() {
        let name = entry.file_name();
        let Some(run) = name.to_str().and_then(|name| name.strip_prefix(disk::PENDING)) else { continue };
        if runs.join(run).join("manifest.json").is_file() {
            disk::publish(folder, run)?;
        } else {
            fs::remove_dir_all(entry.path()).map_err(|_| Error::cannot_write(folder))?;
        }
    }
    Ok(())
}

fn damaged(folder: &Path, why: &str) -> Error {
    Error::new(
        &error::REGISTRY_DAMAGED,
        format!("the registry of people in {} cannot be used", folder.display()),
        "bring the folder back from a backup; or delete it, and person ids start anew",
    )
    .because(why)
}
