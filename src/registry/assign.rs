//! Which person of a linkage is which person of the registry.
//!
//! In: what is known and the members of a linkage. Out: [`Assigned`]. A person keeps the id that most of their keys had; of
//! ids with as many, the earliest registered; of people with as many keys of an id, the one it was made for, then the
//! one with the smallest key. Numbers, ids and events are the same whatever the order of input.

use std::cmp::Reverse;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::known::Known;
use crate::domain::token::Token;
use crate::identity::tokens::{Tokeniser, UNIT_SEPARATOR};
use crate::link::Members;

/// No person of the registry.
pub(super) const NOBODY: u32 = u32::MAX;

/// What became of a registered person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The person is now known to be another: the id is used no more.
    Merge,
    /// Some of the person's records are now known to be somebody's who was not registered.
    Split,
    /// Some of the person's records are now known to be another registered person's.
    Move,
}

impl Kind {
    /// The word in outputs.
    pub fn id(self) -> &'static str {
        ["merge", "split", "move"][self as usize]
    }
}

/// A merge, split or move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    /// What happened.
    pub kind: Kind,
    /// Whose keys went.
    pub from: Token,
    /// Whose they are now.
    pub to: Token,
}

/// A key whose person changed, or that came or went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) key: Token,
    pub(super) person: u32,
    pub(super) is_there: bool,
}

/// Who everybody is.
pub(super) struct Assigned {
    /// Registered number of each person of the linkage.
    pub(super) number: Vec<u32>,
    /// Ids of people who were not registered; their numbers follow the known ones.
    pub(super) new_ids: Vec<Token>,
    /// Registered number that each member's person had; [`NOBODY`] for keys that were not known.
    before: Vec<u32>,
    /// Merges, splits and moves, by numbers.
    pub(super) events: Vec<(Kind, u32, u32)>,
}

/// The id of a person who is first known by a key. `again` is 0 but where earlier ids of the key are taken.
pub(super) fn id_of(tokens: &Tokeniser, key: Token, again: u32) -> Token {
    let text = key.hex_bytes();
    match again {
        0 => tokens.token(&[&text]),
        _ => tokens.token(&[&text, &[UNIT_SEPARATOR], again.to_string().as_bytes()]),
    }
}

/// Assigns the people of a linkage, whose own keys are `own`, by its members.
pub(super) fn assign(known: &Known, members: &Members, own: &[Token], tokens: &Tokeniser) -> Assigned {
    let before = known.numbers_of(&members.keys);
    let founded = |number: u32, person: u32| known.ids[number as usize] == id_of(tokens, own[person as usize], 0);
    let mut number = keep(&before, &members.person, (own.len(), known.ids.len()), &founded);
    let is_kept = {
        let mut is_kept = vec![false; known.ids.len()];
        number.iter().filter(|number| **number != NOBODY).for_each(|number| is_kept[*number as usize] = true);
        is_kept
    };
    let new: Vec<u32> = (0..own.len() as u32).filter(|person| number[*person as usize] == NOBODY).collect();
    let new_ids = new_ids(known, &new, own, tokens);
    for (next, person) in (known.ids.len() as u32..).zip(&new) {
        number[*person as usize] = next;
    }
    let mut moves: Vec<(u32, u32)> = before
        .iter()
        .zip(&members.person)
        .map(|(before, person)| (*before, number[*person as usize]))
        .filter(|(before, now)| *before != NOBODY && before != now)
        .collect();
    moves.sort_unstable();
    moves.dedup();
    let kind = |from: u32, to: u32| match (is_kept[from as usize], to as usize >= known.ids.len()) {
        (false, _) => Kind::Merge,
        (true, true) => Kind::Split,
        (true, false) => Kind::Move,
    };
    let events = moves.into_iter().map(|(from, to)| (kind(from, to), from, to)).collect();
    Assigned { number, new_ids, before, events }
}

/// The number that each person keeps; [`NOBODY`] for those that have none to keep.
fn keep(
    before: &[u32],
    person: &[u32],
    (people, known): (usize, usize),
    founded: &dyn Fn(u32, u32) -> bool,
) -> Vec<u32> {
    let (mut number, mut is_disputed) = (vec![NOBODY; people], vec![false; people]);
    let (mut holder, mut is_contested) = (vec![NOBODY; known], vec![false; known]);
    let pairs = || before.iter().zip(person).filter(|(before, _)| **before != NOBODY).map(|(a, b)| (*a, *b));
    for (before, person) in pairs() {
        let (at, of) = (person as usize, before as usize);
        is_disputed[at] |= number[at] != NOBODY && number[at] != before;
        is_contested[of] |= holder[of] != NOBODY && holder[of] != person;
        number[at] = before;
        holder[of] = person;
    }
    // Nearly everybody is who they were, all of them: the others are put to the vote.
    let is_plain: Vec<bool> = number
        .iter()
        .zip(is_disputed)
        .map(|(number, is_disputed)| *number != NOBODY && !is_disputed && !is_contested[*number as usize])
        .collect();
    let mut votes: Vec<(u32, u32)> = pairs().filter(|(_, person)| !is_plain[*person as usize]).collect();
    votes.sort_unstable();
    let counted = votes.chunk_by(|a, b| a == b).map(|same| (same.len(), same[0].0, same[0].1));
    let mut ranked: Vec<_> =
        counted.map(|(count, number, person)| (Reverse(count), number, !founded(number, person), person)).collect();
    ranked.sort_unstable();
    for (number, _) in number.iter_mut().zip(&is_plain).filter(|(_, is_plain)| !**is_plain) {
        *number = NOBODY;
    }
    let mut is_taken = vec![false; if ranked.is_empty() { 0 } else { known }];
    for (_, candidate, _, person) in ranked {
        if number[person as usize] == NOBODY && !is_taken[candidate as usize] {
            number[person as usize] = candidate;
            is_taken[candidate as usize] = true;
        }
    }
    number
}

/// Ids for people who have none. No id is ever given twice: where a known key starts another person, the next of its ids
/// that nobody had is taken.
fn new_ids(known: &Known, new: &[u32], own: &[Token], tokens: &Tokeniser) -> Vec<Token> {
    let mut ids: Vec<Token> =
        new.par_iter().with_min_len(1 << 12).map(|person| id_of(tokens, own[*person as usize], 0)).collect();
    let is_again = |person: &u32| !known.is_empty() && known.keys.binary_search(&own[*person as usize]).is_ok();
    let again: Vec<usize> = (0..new.len()).filter(|at| is_again(&new[*at])).collect();
    if again.is_empty() {
        return ids;
    }
    let mut taken = known.ids.clone();
    taken.par_sort_unstable();
    for at in again {
        let mut next = 1;
        while taken.binary_search(&ids[at]).is_ok() {
            ids[at] = id_of(tokens, own[new[at] as usize], next);
            next += 1;
        }
    }
    ids
}

impl Assigned {
    /// Keys whose person changed, or that came or went, in their order: a walk along the known keys and the members' side
    /// by side. With `all`, also those of which nothing changed.
    pub(super) fn changes(&self, known: &Known, members: &Members, all: bool) -> Vec<Change> {
        let mut changes = Vec::new();
        let mut at = 0;
        let gone = |at: usize| Change { key: known.keys[at], person: known.person[at], is_there: false };
        for (member, key) in members.keys.iter().enumerate() {
            while at < known.keys.len() && known.keys[at] < *key {
                if all || known.is_there[at] {
                    changes.push(gone(at));
                }
                at += 1;
            }
            let is_known = at < known.keys.len() && known.keys[at] == *key;
            let person = self.number[members.person[member] as usize];
            if all || !is_known || self.before[member] != person || !known.is_there[at] {
                changes.push(Change { key: *key, person, is_there: true });
            }
            at += usize::from(is_known);
        }
        changes.extend((at..known.keys.len()).filter(|at| all || known.is_there[*at]).map(gone));
        changes
    }
}

#[cfg(test)]
mod tests;
