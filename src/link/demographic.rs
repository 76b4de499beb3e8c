//! The deterministic passes without NHS numbers: `local_demographic`, `demographic_name`, `demographic`.
//!
//! In: people so far. Out: records without a person joined to the only person whose key they share, or to each other.
//! Anything that is not unique is left to later passes: ties give no match.

use rayon::prelude::*;

use super::blocks::{self, Keyed};
use super::clusters::Clusters;
use super::components;
use super::options::Options;
use super::pass::Pass;
use super::records::Records;
use super::values::NO_DAY;

/// Male and female, as parts of a key; any other sex is no evidence.
pub(super) fn sex_part(sex: u16) -> u64 {
    if sex < 2 { u64::from(sex) + 1 } else { 0 }
}

/// A date of birth as part of a key.
pub(super) fn birth_part(birth: i32) -> u64 {
    if birth == NO_DAY { 0 } else { u64::from(birth as u32) | 1 << 32 }
}

/// What records must share in a pass.
fn key(pass: Pass, records: &Records, at: usize) -> u64 {
    let (birth, sex) = (birth_part(records.birth[at]), sex_part(records.sex[at]));
    let fields = &records.fields[at];
    match pass {
        Pass::LocalDemographic => {
            let (high, low) = records.local[at].halves();
            blocks::key([high, low, birth, sex])
        }
        Pass::DemographicName => blocks::key([birth, sex, fields.postcode, fields.forename]),
        _ => blocks::key([birth, sex, fields.postcode]),
    }
}

/// Runs the passes that are on.
pub(super) fn link(records: &Records, options: &Options, clusters: &mut Clusters) {
    for pass in [Pass::LocalDemographic, Pass::DemographicName, Pass::Demographic] {
        if options.runs(pass) {
            run(pass, &|at| key(pass, records, at), records, clusters);
        }
        // A partner's people whose names stayed at the partner's site.
        if pass == Pass::DemographicName && options.runs(pass) && !records.match_keys.is_empty() {
            run(pass, &|at| records.match_keys.get(at).copied().unwrap_or(0), records, clusters);
        }
    }
}

fn run(pass: Pass, key_of: &(dyn Fn(usize) -> u64 + Sync), records: &Records, clusters: &mut Clusters) {
    let open = clusters.open_records();
    if open.is_empty() {
        return;
    }
    let keyed = blocks::sharing(&open, records.len(), &|_| true, key_of);
    let blocks: Vec<&[Keyed]> = keyed.chunk_by(|a, b| a.0 == b.0).filter(|block| block.len() > 1).collect();
    let in_block = |block| in_block(block, pass, records, clusters);
    let pairs: Vec<(u32, u32)> = blocks.into_par_iter().with_min_len(256).flat_map_iter(in_block).collect();
    for group in components::of(&pairs, records) {
        let Some(head) = components::head(&group, clusters) else { continue };
        for founder in group.into_iter().filter(|founder| *founder != head) {
            clusters.join(founder, head, pass);
        }
    }
}

/// Pairs of founders that a block says are one person.
fn in_block(block: &[Keyed], pass: Pass, records: &Records, clusters: &Clusters) -> Vec<(u32, u32)> {
    let mut own: Vec<(u32, u8)> =
        block.iter().map(|(_, record)| (clusters.founder(*record), records.source[*record as usize] as u8)).collect();
    own.sort_unstable();
    own.dedup();
    let mut founders: Vec<u32> = own.iter().map(|(founder, _)| *founder).collect();
    founders.dedup();
    let others = founders.iter().filter(|founder| !clusters.is_open(**founder)).count();
    let mut sources: Vec<u8> =
        own.iter().filter(|(founder, _)| clusters.is_open(*founder)).map(|(_, source)| *source).collect();
    sources.sort_unstable();
    // One provider's patient number is one patient's; of what is shared elsewhere each source must have one record.
    let is_unique = pass == Pass::LocalDemographic || sources.windows(2).all(|two| two[0] != two[1]);
    if founders.len() < 2 || others == founders.len() || others > 1 || !is_unique {
        return Vec::new();
    }
    founders.windows(2).map(|two| (two[0], two[1])).collect()
}
