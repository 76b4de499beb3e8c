//! Blocking: which records are compared at all. Every key is one that records of one person share unless two fields fail.

use rayon::prelude::*;

use super::super::blocks::{self, Keyed, key};
use super::super::clusters::Clusters;
use super::super::demographic::birth_part;
use super::super::records::Records;

/// A key of a record; 0 where it lacks a part.
type KeyOf = fn(&Records, usize) -> u64;

/// The keys. A pair that shares none of them is never compared.
const KEYS: [KeyOf; 5] = [
    // The surname changed or the address, or both.
    |records, at| key([birth_part(records.birth[at]), records.fields[at].initial]),
    // No forename, or another.
    |records, at| key([birth_part(records.birth[at]), records.fields[at].surname_sound]),
    // No name: for the review list.
    |records, at| key([birth_part(records.birth[at]), records.fields[at].postcode]),
    // The date of birth fails.
    |records, at| key([records.fields[at].surname, records.fields[at].forename]),
    // The date of birth and the surname fail.
    |records, at| key([records.fields[at].postcode, records.fields[at].initial]),
];

/// Calls `compare` with every record whose person is sought and every record that shares a key with it: one of somebody
/// else, or another sought one (each pair of these once for each key). Gives what it kept, and how many blocks were too
/// large on either side to be compared.
pub(super) fn pairs<T: Send>(
    records: &Records,
    clusters: &Clusters,
    max_block: usize,
    compare: &(dyn Fn(u32, u32) -> Option<T> + Sync),
) -> (Vec<T>, u64) {
    let open = clusters.open_records();
    let mut is_open = vec![false; records.len()];
    for record in &open {
        is_open[*record as usize] = true;
    }
    let is_candidate = |record: usize| clusters.is_candidate(record as u32);
    let (mut kept, mut skipped) = (Vec::new(), 0);
    for key_of in KEYS {
        let keyed = blocks::sharing(&open, records.len(), &is_candidate, &|at| key_of(records, at));
        let found: Vec<&[Keyed]> = keyed
            .chunk_by(|a, b| a.0 == b.0)
            .filter(|block| block.len() > 1 && block.iter().any(|(_, record)| is_open[*record as usize]))
            .collect();
        let (own, large): (Vec<Vec<T>>, Vec<u64>) =
            found.into_par_iter().with_min_len(64).map(|block| in_block(block, &is_open, max_block, compare)).unzip();
        kept.extend(own.into_iter().flatten());
        skipped += large.iter().sum::<u64>();
    }
    (kept, skipped)
}

fn in_block<T>(
    block: &[Keyed],
    is_open: &[bool],
    max_block: usize,
    compare: &(dyn Fn(u32, u32) -> Option<T> + Sync),
) -> (Vec<T>, u64) {
    let (open, others): (Vec<u32>, Vec<u32>) =
        block.iter().map(|(_, record)| *record).partition(|record| is_open[*record as usize]);
    let is_large = |side: &[u32]| side.len() > max_block;
    let mut kept = Vec::new();
    if !is_large(&others) && !is_large(&open) {
        for record in &open {
            kept.extend(others.iter().filter_map(|other| compare(*record, *other)));
        }
    }
    if !is_large(&open) {
        for (at, record) in open.iter().enumerate() {
            kept.extend(open[at + 1..].iter().filter_map(|other| compare(*record, *other)));
        }
    }
    (kept, u64::from(is_large(&others) || is_large(&open)))
}
