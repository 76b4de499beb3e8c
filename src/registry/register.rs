//! Registering the people of a run: an id for each, and what changed as the registry's next entry.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, UInt32Array};

use super::assign::{self, Event};
use super::disk::{self, Entry, FORMAT, PERSONS};
use super::{Known, Registry, Start};
use crate::domain::token::Token;
use crate::error::Error;
use crate::frame;
use crate::link::{self, Linked, Members, Persons};

/// The people of a linkage.
pub struct Linkage<'a> {
    /// The folder of its tables in the store, whose name is its address.
    pub folder: &'a Path,
    /// The keys of its people.
    pub members: &'a Members,
    /// The key under which it has each of them.
    pub keys: &'a [Token],
    /// What is known of them.
    pub persons: &'a Persons,
}

/// The people of a run, registered.
pub struct Registered {
    /// The table of people with their ids.
    pub persons: PathBuf,
    /// Merges, splits and moves of this run.
    pub events: Vec<Event>,
    /// How many entries the registry has when the run is published.
    pub entries: usize,
    /// How the registry came to be.
    pub start: Start,
    /// People who kept their ids over a rotation of the key, and people who could not; none in any other run.
    pub carried: Option<(u64, u64)>,
    pending: Option<(PathBuf, String)>,
}

impl Registered {
    /// Gives the run's entry its place; called when the run is published. Where it cannot be done now, the next run does it.
    pub fn settle(&self) {
        if let Some((registry, run)) = &self.pending {
            let _ = disk::publish(registry, run);
        }
    }
}

impl Registry {
    /// The people as the last entry has them, if it is of this linkage: then nothing is read and nothing written.
    pub fn current(&self, folder: &Path) -> Option<Registered> {
        let last = self.entries.last()?;
        let persons = last.folder.join(PERSONS);
        let is_current = address(folder) == last.linked && persons.is_file();
        is_current.then(|| Registered {
            persons,
            events: Vec::new(),
            entries: self.entries.len(),
            start: self.start,
            carried: None,
            pending: None,
        })
    }

    /// Registers the people of a linkage that was just made.
    pub fn register_linked(
        &self,
        linked: &Linked,
        folder: &Path,
        (run, as_of): (&str, i32),
    ) -> Result<Registered, Error> {
        let read = linked.members.is_none().then(|| link::members::read(folder)).flatten();
        let members = linked.members.as_ref().or(read.as_ref()).ok_or_else(|| gone(folder))?;
        self.register(&Linkage { folder, members, keys: &linked.keys, persons: &linked.persons }, (run, as_of))
    }

    /// Registers the people of a linkage that was made before.
    pub fn register_kept(&self, folder: &Path, (run, as_of): (&str, i32)) -> Result<Registered, Error> {
        let members = link::members::read(folder).ok_or_else(|| gone(folder))?;
        let (persons, keys) = link::cache::read_persons(folder).ok_or_else(|| gone(folder))?;
        self.register(&Linkage { folder, members: &members, keys: &keys, persons: &persons }, (run, as_of))
    }

    /// Registers the people of a linkage, as an entry that counts when the run is published.
    pub fn register(&self, linkage: &Linkage<'_>, (run, as_of): (&str, i32)) -> Result<Registered, Error> {
        let known = match &self.carried {
            Some(carried) => carried.known.clone(),
            None => self.as_of(self.entries.len())?,
        };
        let assigned = assign::assign(&known, linkage.members, linkage.keys, &self.tokens);
        // The first entry is the members of its linkage: its people are numbered as they are in it. After a rotation it
        // is everything that was carried over, too.
        let changes = (!known.is_empty()).then(|| assigned.changes(&known, linkage.members, self.carried.is_some()));
        let carried_ids = if self.carried.is_some() { known.ids.as_slice() } else { &[] };
        let about = Entry {
            format: FORMAT,
            run: run.to_owned(),
            as_of,
            linked: address(linkage.folder),
            events: assigned.events,
            folder: PathBuf::new(),
        };
        let entry = about.pending(&self.folder)?;
        entry.write_people(&[carried_ids, &assigned.new_ids].concat())?;
        let known = Known { ids: [known.ids, assigned.new_ids].concat(), ..Known::default() };
        let ids: Vec<Token> = assigned.number.iter().map(|number| known.ids[*number as usize]).collect();
        let persons = entry.folder.join(PERSONS);
        let (table, members) = rayon::join(
            || write_persons(&persons, &ids, linkage.persons),
            || match &changes {
                Some(changes) => entry.write_changes(changes),
                None => entry.take_members(linkage.folder),
            },
        );
        table?;
        members?;
        entry.write_about()?;
        entry.flush()?;
        let events = entry.events.iter().filter_map(|(kind, from, to)| known.event(*kind, *from, *to)).collect();
        Ok(Registered {
            persons,
            events,
            entries: self.entries.len() + 1,
            start: self.start,
            carried: self.carried.as_ref().map(|carried| (carried.people, carried.lost)),
            pending: Some((self.folder.clone(), run.to_owned())),
        })
    }
}

fn address(folder: &Path) -> String {
    folder.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn gone(folder: &Path) -> Error {
    Error::new(
        &crate::error::STORE_DAMAGED,
        format!("the linked tables in {} cannot be read", folder.display()),
        "delete that folder; the next run links again",
    )
}

/// The table of people: what they are called in every run, and by what number the tables of this one name them; then what is
/// known of them.
fn write_persons(path: &Path, ids: &[Token], persons: &Persons) -> Result<(), Error> {
    let mut columns: Vec<(String, ArrayRef)> = vec![
        ("person_id".to_owned(), frame::token_texts(ids)?),
        ("person".to_owned(), Arc::new(UInt32Array::from_iter_values(0..ids.len() as u32))),
    ];
    columns.extend(link::cache::person_columns(persons));
    frame::write_file(path, columns)
}
