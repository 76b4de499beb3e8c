//! The passes on NHS numbers: `nhs_dob`, `nhs_partial_dob`, `nhs_only`, and `nhs_conflict`, which links nothing.
//!
//! In: records. Out: who joined whom. A record whose date of birth is not even partly the number's is quarantined and
//! reported: the registered list, then records with status 01, then the majority say whose number it is.

use super::clusters::Clusters;
use super::dates::{Agreement, agreement};
use super::options::Options;
use super::pass::Pass;
use super::piles;
use super::records::Records;
use super::values::{NO_CODE, NO_DAY};

/// A record, the record that it joins and the pass that says so.
type Join = (u32, u32, Pass);

/// Joins records of one number; gives the quarantined ones.
pub(super) fn link(records: &Records, options: &Options, clusters: &mut Clusters) -> Vec<u32> {
    let number = &clusters.number;
    let piles = piles::by_token(number, &|at| number[at].is_some(), &|entries| {
        let mut joins = Vec::new();
        for same in entries.chunk_by(|a, b| a.0 == b.0).filter(|same| same.len() > 1) {
            add(same, records, &mut joins);
        }
        joins
    });
    let mut conflicts = Vec::new();
    for (record, anchor, pass) in piles.into_iter().flatten() {
        if pass == Pass::NhsConflict {
            conflicts.push(record);
            clusters.close(record);
        } else if options.runs(pass) {
            clusters.join(record, anchor, pass);
        } else {
            clusters.close(record);
        }
    }
    conflicts
}

/// Adds what becomes of the records of one number.
fn add(same: &[piles::Entry], records: &Records, joins: &mut Vec<Join>) {
    let mut group: Vec<usize> = same.iter().map(|(_, at)| *at as usize).collect();
    group.sort_unstable_by_key(|at| records.key[*at]);
    let holder = birth_of_holder(records, &group);
    let anchor = anchor(records, &group, holder);
    for record in group.into_iter().filter(|record| *record != anchor) {
        joins.push((record as u32, anchor as u32, pass_of(records, record, anchor, holder)));
    }
}

/// The date of birth of the person whose number it is: most trusted first, then the most frequent, then the earliest.
fn birth_of_holder(records: &Records, group: &[usize]) -> i32 {
    let first = records.birth[group[0]];
    if group.iter().all(|at| records.birth[*at] == first) {
        return first;
    }
    let mut births: Vec<i32> = group.iter().map(|at| records.birth[*at]).filter(|birth| *birth != NO_DAY).collect();
    births.sort_unstable();
    births.dedup();
    let weight = |birth: i32| {
        let supporters = || {
            group.iter().filter(move |at| {
                records.birth[**at] != NO_DAY && agreement(records.birth[**at], birth) != Agreement::Conflict
            })
        };
        let trust = supporters().map(|at| records.trust[*at]).max().unwrap_or(0);
        let exact = || group.iter().filter(|at| records.birth[**at] == birth);
        let own_trust = exact().map(|at| records.trust[*at]).max().unwrap_or(0);
        (trust, supporters().count(), exact().count(), own_trust, std::cmp::Reverse(birth))
    };
    births.into_iter().max_by_key(|birth| weight(*birth)).unwrap_or(NO_DAY)
}

/// The record that others join: the most trusted one with the holder's date of birth.
fn anchor(records: &Records, group: &[usize], holder: i32) -> usize {
    let rank = |at: usize| (records.birth[at] == holder, records.trust[at], std::cmp::Reverse(records.rank(at as u32)));
    group.iter().copied().max_by_key(|at| rank(*at)).unwrap_or(group[0])
}

fn pass_of(records: &Records, record: usize, anchor: usize, holder: i32) -> Pass {
    let birth = records.birth[record];
    if birth == NO_DAY || holder == NO_DAY {
        return Pass::NhsOnly;
    }
    match agreement(birth, holder) {
        Agreement::Equal => Pass::NhsDob,
        Agreement::Partial if is_corroborated(records, record, anchor) => Pass::NhsPartialDob,
        _ => Pass::NhsConflict,
    }
}

/// Sex with outcode, or initial with the first three letters of the surname. A field that a side lacks supports
/// nothing.
///
/// Source: NHS Master Person Service, partial date-of-birth step.
fn is_corroborated(records: &Records, a: usize, b: usize) -> bool {
    let (own, other) = (&records.fields[a], &records.fields[b]);
    let same = |x: u64, y: u64| x != 0 && x == y;
    let is_one_sex = records.sex[a] != NO_CODE && records.sex[a] == records.sex[b];
    let by_place = is_one_sex && same(own.outcode, other.outcode);
    by_place || (same(own.initial, other.initial) && same(own.surname_start, other.surname_start))
}
