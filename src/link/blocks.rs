//! Blocks: records that share a key, so that only they need comparing.
//!
//! In: a key for each record, 0 for none. Out: the records whose key a record without a person has too, in the order of the
//! keys. Leaves alone: what the key is made of and what comes of it.

use rayon::prelude::*;

/// A key and a record that has it.
pub(super) type Keyed = (u64, u32);

/// One key of several parts; 0 if a part is missing.
pub(super) fn key<const N: usize>(parts: [u64; N]) -> u64 {
    if parts.contains(&0) {
        return 0;
    }
    parts.into_iter().fold(0x9e37_79b9_7f4a_7c15, |key: u64, part| {
        let mixed = (key.rotate_left(23) ^ part).wrapping_mul(0xd6e8_feb8_6659_fd93);
        mixed ^ (mixed >> 32)
    })
}

/// Bits a wanted key has in the sieve that clears most records at once.
const BITS_A_KEY: usize = 64;

/// Every record that shares its key with one of `open`, and a few more, sorted by key and record.
pub(super) fn sharing(
    open: &[u32],
    records: usize,
    is_candidate: &(dyn Fn(usize) -> bool + Sync),
    key_of: &(dyn Fn(usize) -> u64 + Sync),
) -> Vec<Keyed> {
    let bits = (open.len() * BITS_A_KEY).next_power_of_two().max(64);
    let mut sieve = vec![0u64; bits / 64];
    for record in open {
        let bit = key_of(*record as usize) as usize % bits;
        sieve[bit / 64] |= 1 << (bit % 64);
    }
    let found = |record: usize| {
        let key = if is_candidate(record) { key_of(record) } else { 0 };
        let bit = key as usize % bits;
        (key != 0 && sieve[bit / 64] >> (bit % 64) & 1 == 1).then_some((key, record as u32))
    };
    let mut keyed: Vec<Keyed> = (0..records).into_par_iter().with_min_len(1 << 14).filter_map(found).collect();
    keyed.par_sort_unstable();
    keyed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_that_share_a_key_with_an_open_one_are_found() {
        let keys: Vec<u64> = (0..10_000u64).map(|at| key([at % 1_000 + 1])).collect();
        let open: Vec<u32> = (0..10).collect();
        let found = sharing(&open, keys.len(), &|record| record != 2_005, &|record| keys[record]);
        let whole = found.iter().filter(|(key, _)| open.iter().any(|at| keys[*at as usize] == *key)).count();
        assert_eq!(whole, 99);
        assert!(found.len() < 400 && found.is_sorted());
    }

    #[test]
    fn a_key_depends_on_every_part_and_its_place() {
        assert_eq!(key([1, 0]), 0);
        assert!(key([1, 2]) != key([2, 1]) && key([1, 2]) != key([1, 3]) && key([7]) != 0);
    }
}
