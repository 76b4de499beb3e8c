//! The passes on NHS numbers: `nhs_dob`, `nhs_partial_dob`, `nhs_only`, and `nhs_conflict`, which links nothing.
//!
//! In: records. Out: for each record the key of its person. A record whose date of birth is not even partly the
//! number's is quarantined and reported: the registered list, then records with status 01, then the majority say whose
//! number it is.

use rayon::prelude::*;

use super::audit::{LinkAudit, Pass};
use super::dates::{Agreement, agreement};
use super::piles;
use super::records::Records;
use super::values::{NO_CODE, NO_DAY};
use crate::domain::token::Token;
use crate::schema::Source;

/// Who each record is about.
pub struct Linkage {
    /// Key of the person of each record: an NHS token, or the record's own key where it stands alone.
    pub key: Vec<Token>,
    /// Every key once, in order.
    pub keys: Vec<Token>,
    /// Quarantined records: theirs is not the person whose number they have.
    pub conflicts: Vec<u32>,
}

/// What became of the records of some numbers.
#[derive(Default)]
struct Pile {
    numbers: Vec<Token>,
    conflicts: Vec<u32>,
    joined: [[u64; Pass::ALL.len()]; Source::ALL.len()],
}

/// Links records by NHS number.
pub fn by_nhs_number(records: &Records, audit: &mut LinkAudit) -> Linkage {
    let piles = piles::by_token(&records.nhs, &|at| records.nhs[at].is_some(), &|entries| {
        let mut pile = Pile::default();
        for same in entries.chunk_by(|a, b| a.0 == b.0) {
            pile.add(same, records);
        }
        pile
    });
    let own = |at: usize| if records.nhs[at].is_some() { records.nhs[at] } else { records.key[at] };
    let mut key: Vec<Token> = (0..records.len()).into_par_iter().map(own).collect();
    let mut keys = Vec::with_capacity(records.len());
    let mut conflicts = Vec::new();
    for pile in piles {
        keys.extend(pile.numbers);
        conflicts.extend(pile.conflicts);
        for (source, counts) in Source::ALL.into_iter().zip(pile.joined) {
            for (pass, count) in Pass::ALL.into_iter().zip(counts) {
                audit.count_many(source, pass, count);
            }
        }
    }
    for record in &conflicts {
        key[*record as usize] = records.key[*record as usize];
    }
    keys.extend(conflicts.iter().map(|record| records.key[*record as usize]));
    keys.extend(records.nhs.iter().zip(&records.key).filter(|(nhs, _)| !nhs.is_some()).map(|(_, key)| *key));
    // Two sorted runs, nearly: the stable sort takes runs as they are.
    keys.par_sort();
    keys.dedup();
    Linkage { key, keys, conflicts }
}

impl Pile {
    /// Adds the records of one number.
    fn add(&mut self, same: &[piles::Entry], records: &Records) {
        self.numbers.push(same[0].0);
        if same.len() == 1 {
            return;
        }
        let mut group: Vec<usize> = same.iter().map(|(_, at)| *at as usize).collect();
        group.sort_unstable_by_key(|at| records.key[*at]);
        let holder = birth_of_holder(records, &group);
        let anchor = anchor(records, &group, holder);
        for record in group.into_iter().filter(|record| *record != anchor) {
            let pass = pass_of(records, record, anchor, holder);
            self.joined[records.source[record] as usize][pass as usize] += 1;
            if pass == Pass::NhsConflict {
                self.conflicts.push(record as u32);
            }
        }
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
