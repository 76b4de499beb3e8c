//! People who keep their ids over a rotation of the key.
//!
//! In: what was known under the old key, and the re-keying table. Out: [`Carried`], the same people and ids under keys of
//! the new key, and how many people could not be carried over: no identifier of theirs was in the extracts that were read
//! for the rotation.

use rayon::prelude::*;

use super::Known;
use crate::domain::token::Token;
use crate::link::members;

/// People under keys of the new key.
pub struct Carried {
    /// Who they are.
    pub known: Known,
    /// People who keep their ids.
    pub people: u64,
    /// People of whom no key has a new one: their ids end here.
    pub lost: u64,
}

/// Keys of the old key, of which the new ones are being found.
pub struct Rekeying {
    old: Known,
    /// The new key of each; [`Token::NONE`] for none yet.
    new: Vec<Token>,
    /// People who were lost in a rotation before.
    lost: u64,
}

impl Rekeying {
    /// For everybody who was known under the old key; `lost` people were lost before.
    pub fn of(old: Known, lost: u64) -> Self {
        let new = vec![Token::NONE; old.keys.len()];
        Self { old, new, lost }
    }

    /// Adds old tokens with their new ones.
    pub fn add(&mut self, pairs: &[(Token, Token)]) {
        let keys = &self.old.keys;
        let of = |(old, new): &(Token, Token)| {
            let both = members::keys_of(*old).zip(members::keys_of(*new));
            both.filter_map(|(old, new)| Some((keys.binary_search(&old).ok()?, new)))
        };
        let found: Vec<(usize, Token)> = pairs.par_iter().with_min_len(1 << 12).flat_map_iter(of).collect();
        for (at, new) in found {
            self.new[at] = new;
        }
    }

    /// Everybody of whom a key has a new one, under their ids and in the order of their registration.
    pub fn finish(self) -> Carried {
        let Self { old, new, mut lost } = self;
        let mut number = vec![None; old.ids.len()];
        for (person, _) in old.person.iter().zip(&new).filter(|(_, new)| new.is_some()) {
            number[*person as usize] = Some(0);
        }
        let mut known = Known::default();
        for (number, id) in number.iter_mut().zip(&old.ids).filter(|(_, id)| id.is_some()) {
            if let Some(number) = number {
                *number = known.ids.len() as u32;
                known.ids.push(*id);
            } else {
                lost += 1;
            }
        }
        let rows = new.into_iter().zip(&old.person).zip(&old.is_there).filter(|((new, _), _)| new.is_some());
        let person = |((new, person), is_there): ((Token, &u32), &bool)| {
            Some((new, number[*person as usize]?, *is_there)).filter(|_| old.ids[*person as usize].is_some())
        };
        let mut rows: Vec<(Token, u32, bool)> = rows.filter_map(person).collect();
        rows.par_sort_unstable();
        rows.dedup_by_key(|(key, ..)| *key);
        for (key, person, is_there) in rows {
            known.keys.push(key);
            known.person.push(person);
            known.is_there.push(is_there);
        }
        Carried { people: known.ids.len() as u64, known, lost }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_keep_their_ids_under_new_keys_and_the_others_are_counted() {
        let token = |number: u8| Token::from_bytes([number; 16]);
        let known = Known {
            ids: vec![token(101), Token::NONE, token(102), token(103)],
            keys: vec![token(1), token(2), token(3), token(4)],
            person: vec![2, 0, 0, 3],
            is_there: vec![true, true, false, true],
        };
        let mut rekeying = Rekeying::of(known, 1);
        rekeying.add(&[(token(2), token(52)), (token(9), token(59))]);
        rekeying.add(&[(token(1), token(51)), (token(3), token(50))]);
        let carried = rekeying.finish();
        assert_eq!((carried.people, carried.lost), (2, 2));
        let expected = Known {
            ids: vec![token(101), token(102)],
            keys: vec![token(50), token(51), token(52)],
            person: vec![0, 1, 0],
            is_there: vec![false, true, true],
        };
        assert_eq!(carried.known, expected);
    }
}
