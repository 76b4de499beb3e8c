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
    /// Everybody who has one of these NHS tokens.
    Listed(&'a [Token]),
    /// Everybody of whom no key was in the last extracts.
    Gone,
}

impl Registry {
    /// Removes people with all their keys. How many ids that were. Done twice, or again after it was cut short, it ends the
    /// same.
    pub fn purge(&mut self, leavers: Leavers<'_>) -> Result<u64, Error> {
        let known = known::fold(&self.entries)?;
        let mut listed = match leavers {
            Leavers::Listed(tokens) => tokens.to_vec(),
            Leavers::Gone => keys_of_gone(&known),
        };
        listed.sort_unstable();
        let leaving = Leaving::of(&known, &listed);
        let (mut is_alive, mut is_any) = (vec![false; known.ids.len()], false);
        for entry in &self.entries {
            for change in entry.read_changes()? {
                let stays = leaving.stays(&change);
                is_alive[change.person as usize] |= stays;
                is_any |= !stays;
            }
        }
        if !is_any {
            return Ok(0);
        }
        let mut first = 0;
        // The oldest entries first: who has a key is what the last of them says.
        for entry in &mut self.entries {
            let mut ids = entry.read_people()?;
            ids.iter_mut().zip(&is_alive[first..]).filter(|(_, lives)| !**lives).for_each(|(id, _)| *id = Token::NONE);
            first += ids.len();
            entry.events.retain(|(_, from, to)| is_alive[*from as usize] && is_alive[*to as usize]);
            // The table of people has them too; without it the next run registers its linkage anew.
            let _ = fs::remove_file(entry.folder.join(PERSONS));
            entry.linked.clear();
            entry.write_people(&ids)?;
            entry.write_about()?;
            entry.rewrite(|change| leaving.stays(change) || listed.binary_search(&change.key).is_ok())?;
        }
        // The listed keys themselves go last: by them a purge that was cut short finds its people again.
        for entry in &self.entries {
            entry.rewrite(|change| leaving.stays(change))?;
        }
        disk::sync(&self.folder)?;
        Ok(known.ids.iter().zip(&is_alive).filter(|(id, lives)| id.is_some() && !**lives).count() as u64)
    }
}

/// Which keys and people are to go.
struct Leaving<'a> {
    known: &'a Known,
    listed: &'a [Token],
    /// By person, whether they go.
    goes: Vec<bool>,
}

impl<'a> Leaving<'a> {
    /// The people who now have one of these keys, which are in order.
    fn of(known: &'a Known, listed: &'a [Token]) -> Self {
        let mut goes = vec![false; known.ids.len()];
        for at in listed.iter().filter_map(|key| known.keys.binary_search(key).ok()) {
            goes[known.person[at] as usize] = true;
        }
        Self { known, listed, goes }
    }

    /// Whether a row may stay: it is not about a person who leaves, nor about a key that is such a person's now.
    fn stays(&self, change: &Change) -> bool {
        let is_leavers = |at: usize| self.goes[self.known.person[at] as usize];
        !self.goes[change.person as usize]
            && self.listed.binary_search(&change.key).is_err()
            && !self.known.keys.binary_search(&change.key).is_ok_and(is_leavers)
    }
}

/// Every key of people of whom none was in the last extracts.
fn keys_of_gone(known: &Known) -> Vec<Token> {
    let mut is_there = vec![false; known.ids.len()];
    known
        .person
        .iter()
        .zip(&known.is_there)
        .filter(|(_, there)| **there)
        .for_each(|(one, _)| is_there[*one as usize] = true);
    let keys = known.keys.iter().zip(&known.person).filter(|(_, person)| !is_there[**person as usize]);
    keys.map(|(key, _)| *key).collect()
}
