//! Removing people for good: from the keys, the ids and the events of every entry, as an opt-out asks.

use std::fs;

use super::assign::Change;
use super::disk::{self, PERSONS};
use super::{Known, Registry, known};
use crate::domain::token::Token;
use crate::error::Error;

/// Who is to be removed.
#[derive(Debug, Clone, Copy)]
pub enum Leavers<'a> {
    /// Everybody who ever had one of these NHS tokens.
    Listed(&'a [Token]),
    /// Everybody of whom no key was in the last extracts.
    Gone,
}

impl Registry {
    /// Removes people with all their keys. How many people that were. Done twice, or again after it was cut short, it ends
    /// the same.
    pub fn purge(&mut self, leavers: Leavers<'_>) -> Result<u64, Error> {
        let known = known::fold(&self.entries)?;
        let mut tokens = match leavers {
            Leavers::Listed(tokens) => tokens.to_vec(),
            Leavers::Gone => keys_of_gone(&known),
        };
        tokens.sort_unstable();
        let is_listed = |change: &Change| tokens.binary_search(&change.key).is_ok();
        let mut is_removed = vec![false; known.ids.len()];
        for entry in &self.entries {
            for change in entry.read_changes()?.iter().filter(|change| is_listed(change)) {
                is_removed[change.person as usize] = true;
            }
        }
        if !is_removed.contains(&true) {
            return Ok(0);
        }
        let is_gone = |number: u32| is_removed[number as usize];
        let mut first = 0;
        for entry in &mut self.entries {
            let mut ids = entry.read_people()?;
            ids.iter_mut().zip(first..).filter(|(_, number)| is_gone(*number)).for_each(|(id, _)| *id = Token::NONE);
            first += ids.len() as u32;
            entry.events.retain(|(_, from, to)| !is_gone(*from) && !is_gone(*to));
            // The table of people has them too; without it the next run registers its linkage anew.
            let _ = fs::remove_file(entry.folder.join(PERSONS));
            entry.linked.clear();
            entry.write_people(&ids)?;
            entry.write_about()?;
            let mut changes = entry.read_changes()?;
            changes.retain(|change| !is_gone(change.person) || is_listed(change));
            entry.write_changes(&changes)?;
            entry.flush()?;
        }
        // The listed keys themselves go last: by them a purge that was cut short finds its people again.
        for entry in &self.entries {
            let mut changes = entry.read_changes()?;
            changes.retain(|change| !is_listed(change));
            entry.write_changes(&changes)?;
            entry.flush()?;
        }
        disk::sync(&self.folder)?;
        Ok(known.ids.iter().zip(&is_removed).filter(|(id, is_removed)| **is_removed && id.is_some()).count() as u64)
    }
}

/// Every key of people of whom none was in the last extracts.
fn keys_of_gone(known: &Known) -> Vec<Token> {
    let mut is_there = vec![false; known.ids.len()];
    known.person.iter().zip(&known.is_there).filter(|(_, there)| **there).for_each(|(one, _)| is_there[*one as usize] = true);
    let keys = known.keys.iter().zip(&known.person).filter(|(_, person)| !is_there[**person as usize]);
    keys.map(|(key, _)| *key).collect()
}
