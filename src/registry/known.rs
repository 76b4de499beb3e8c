//! What the registry knows after some of its entries: ids by number, and the person of every key.
//!
//! In: entries, oldest first. Out: [`Known`]. Numbers are the order of registration: earlier runs first, and within a run
//! the order of the keys under which people were first known.

use rayon::prelude::*;

use super::assign::{Change, Event, Kind, NOBODY};
use super::disk::Entry;
use crate::domain::token::Token;
use crate::error::Error;

/// Everybody who was ever registered. `keys`, `person` and `is_there` are of equal length, in the order of the keys.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// Person ids by number; [`Token::NONE`] for people who were removed.
    pub ids: Vec<Token>,
    /// Keys: stage-1 tokens, restricted.
    pub keys: Vec<Token>,
    /// The number of each key's person.
    pub person: Vec<u32>,
    /// Whether the key was in the extracts of the last of these entries.
    pub is_there: Vec<bool>,
}

impl Known {
    /// Whether nobody is known.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The person id of a key; none if it is not known.
    pub fn person_of(&self, key: Token) -> Option<Token> {
        let at = self.keys.binary_search(&key).ok()?;
        Some(self.ids[self.person[at] as usize])
    }

    /// The number of each key's person, of keys in order; [`NOBODY`] for those that are not known.
    pub(super) fn numbers_of(&self, keys: &[Token]) -> Vec<u32> {
        if self.is_empty() {
            return vec![NOBODY; keys.len()];
        }
        let chunks = keys.par_chunks(1 << 16).map(|keys| {
            let mut at = keys.first().map_or(0, |first| self.keys.partition_point(|known| known < first));
            let number = |key: &Token| {
                while self.keys.get(at).is_some_and(|known| known < key) {
                    at += 1;
                }
                if self.keys.get(at) == Some(key) { self.person[at] } else { NOBODY }
            };
            keys.iter().map(number).collect::<Vec<u32>>()
        });
        chunks.collect::<Vec<_>>().concat()
    }

    /// An event by its numbers; none if one of its people was removed.
    pub(super) fn event(&self, kind: Kind, from: u32, to: u32) -> Option<Event> {
        let id = |number: u32| self.ids.get(number as usize).copied().filter(|id| id.is_some());
        Some(Event { kind, from: id(from)?, to: id(to)? })
    }
}

/// Puts entries together: of a key, what the last of them says holds.
pub(super) fn fold(entries: &[Entry]) -> Result<Known, Error> {
    let mut known = Known::default();
    let mut all: Vec<Change> = Vec::new();
    for entry in entries {
        known.ids.extend(entry.read_people()?);
        let changes = entry.read_changes()?;
        if changes.iter().any(|change| change.person as usize >= known.ids.len()) {
            return Err(entry.damaged("a key's person is not registered"));
        }
        all.extend(changes);
    }
    // Each entry is in order, and the sort takes such runs as they are; it leaves the entries of a key in theirs.
    all.sort_by_key(|change| change.key);
    let last = |same: &[Change]| same[same.len() - 1];
    let mut push = |change: Change| {
        known.keys.push(change.key);
        known.person.push(change.person);
        known.is_there.push(change.is_there);
    };
    all.chunk_by(|a, b| a.key == b.key).map(last).for_each(&mut push);
    Ok(known)
}
