//! The passes on NHS numbers: `nhs_dob`, `nhs_partial_dob`, `nhs_only`, and `nhs_conflict`, which links nothing.
//!
//! In: records. Out: for each record the key of its person. A record whose date of birth is not even partly the
//! number's is quarantined and reported: the registered list, then records with status 01, then the majority say whose
//! number it is.

use rayon::prelude::*;

use super::audit::{LinkAudit, Pass};
use super::dates::{Agreement, agreement};
use super::records::Records;
use super::values::{NO_CODE, NO_DAY};
use crate::domain::token::Token;

/// The key of each record's person, and the pass by which it joined others; none for the first of its number.
pub struct Linkage {
    /// Key of the person of each record.
    pub key: Vec<Token>,
    /// How each record joined; none where it stands alone or came first.
    pub pass: Vec<Option<Pass>>,
}

/// Links records by NHS number.
pub fn by_nhs_number(records: &Records, audit: &mut LinkAudit) -> Linkage {
    let mut linkage = Linkage { key: records.key.clone(), pass: vec![None; records.len()] };
    let mut order: Vec<(Token, u32)> =
        (0u32..).zip(&records.nhs).filter(|(_, nhs)| nhs.is_some()).map(|(at, nhs)| (*nhs, at)).collect();
    order.par_sort_unstable();
    let mut group: Vec<usize> = Vec::new();
    for same in order.chunk_by(|a, b| a.0 == b.0) {
        group.clear();
        group.extend(same.iter().map(|(_, at)| *at as usize));
        group.sort_unstable_by_key(|at| records.key[*at]);
        let group = group.as_slice();
        let holder = birth_of_holder(records, group);
        let anchor = anchor(records, group, holder);
        for record in group {
            let pass = pass_of(records, *record, anchor, holder);
            if pass != Pass::NhsConflict {
                linkage.key[*record] = records.nhs[*record];
            }
            if *record != anchor {
                linkage.pass[*record] = Some(pass);
                audit.count(records.source[*record], pass);
            }
        }
    }
    linkage
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
    let rank = |at: usize| (records.birth[at] == holder, records.trust[at], std::cmp::Reverse(records.key[at]));
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
    let [outcode_a, initial_a, surname_a] = records.fields[a];
    let [outcode_b, initial_b, surname_b] = records.fields[b];
    let same = |x: u64, y: u64| x != 0 && x == y;
    let by_place = records.sex[a] != NO_CODE && records.sex[a] == records.sex[b] && same(outcode_a, outcode_b);
    by_place || (same(initial_a, initial_b) && same(surname_a, surname_b))
}
