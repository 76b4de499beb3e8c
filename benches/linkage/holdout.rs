//! The hold-out estimate against planted truth. In: extracts whose errors fall on everybody alike. Out: for each group what
//! the quality pack estimates and what is true. Leaves alone: how the estimate is made.
//!
//! What is estimated: were the number of one record in eight not known, how many of the records that have another of the
//! same number would find their person again (sensitivity), and how many of those that find anybody, and whose number is
//! confirmed by another record, the registered list or status 01, find the right person (predictive value). The pack hides one sample and takes linkage with all numbers for the truth. Here every record with a
//! usable number is hidden once, in eight parts, and the generator tells who is right.

use std::collections::{BTreeMap, BTreeSet};

use pathlink::domain::token::Token;
use pathlink::link::options::Options as LinkOptions;
use pathlink::link::passes::link_all;
use pathlink::link::quality::{Count, Division, Groups, Section};
use pathlink::link::records::Records;
use pathlink::link::{self, LinkAudit, Wanted};
use pathlink::schema::Source;
use pathlink::stats::proportion::wilson;
use pathlink::synth::Slip;

use crate::extracts::{self, Files, Outcome};
use crate::score::{groups, have_two_numbers, share};
use crate::whose::{Whose, bit};

/// Parts in which records are hidden: as many as the pack's sample is one of.
const PARTS: u64 = 8;

/// Limits are worked out no nearer than this: the upper one of 10 of 10 is 1 but for its last digits.
const NEAR: f64 = 1e-9;

/// The two shares.
const MEASURES: [&str; 2] = ["sensitivity", "predictive_value"];

/// One group: estimate and truth, each as how many of how many.
#[derive(Debug, Clone)]
pub(crate) struct Judged {
    /// Which share.
    pub(crate) measure: &'static str,
    /// `all`, a division and its level, or a source.
    pub(crate) group: String,
    /// What the pack says.
    pub(crate) estimate: [u64; 2],
    /// What is true.
    pub(crate) truth: [u64; 2],
}

impl Judged {
    /// Whether the truth lies within the estimate's own interval.
    pub(crate) fn is_within(&self) -> bool {
        let [found, of] = self.estimate.map(|count| count as f64);
        let truth = share(self.truth[0], self.truth[1]);
        wilson(found, of).is_some_and(|own| own.lower - NEAR <= truth && truth <= own.upper + NEAR)
    }
}

/// A group's division and level; a source is a division of its own.
type Group = (Option<Division>, String);

/// Judges the estimates of one set of extracts.
pub(crate) fn judged(files: &Files) -> Outcome<Vec<Judged>> {
    let own = extracts::staged(files, &Source::ALL)?;
    let (records, known_as) = link::records_in_groups(&own.staged, &own.sources)?;
    let whose = Whose::of(&records, files)?;
    let truth = truth(&records, &whose, &known_as);
    // Names and places are there for one reading.
    let mut own = extracts::staged(files, &Source::ALL)?;
    let wanted = Wanted { quality: true, ..Wanted::default() };
    let linked = link::link(&mut own.staged, &own.sources, &LinkOptions::default(), wanted)?;
    let estimates = linked.quality.counts.iter().filter(|count| count.section == Section::HoldOut);
    Ok(estimates.filter_map(|count| judge(count, &truth)).collect())
}

fn judge(count: &Count, truth: &BTreeMap<(usize, Group), [u64; 2]>) -> Option<Judged> {
    let at = MEASURES.iter().position(|name| *name == count.measure)?;
    let group = match count.source {
        Some(source) => (None, source.id().to_owned()),
        None => (Some(count.division), count.level.clone()),
    };
    let name = match group.0 {
        Some(Division::All) => "all".to_owned(),
        Some(division) => format!("{} {}", division.id(), group.1),
        None => group.1.clone(),
    };
    let truth = truth.get(&(at, group)).copied().unwrap_or_default();
    Some(Judged { measure: MEASURES[at], group: name, estimate: [count.numerator, count.denominator?], truth })
}

/// What is true of every group, by measure: of how many records, and how many are right.
fn truth(records: &Records, whose: &Whose, known_as: &Groups) -> BTreeMap<(usize, Group), [u64; 2]> {
    let options = LinkOptions::default();
    let all = link_all(records, &options, &mut LinkAudit::default());
    let refused: BTreeSet<usize> = all.conflicts.iter().map(|at| *at as usize).collect();
    let is_usable = |at: usize| records.nhs[at].is_some() && !refused.contains(&at);
    let others_of = |at: usize, group: &[usize]| group.iter().copied().filter(|other| *other != at).collect::<Vec<_>>();
    let mut has_match = vec![false; records.len()];
    for group in groups(&whose.person) {
        for at in group.iter().copied() {
            let same = |other: &usize| is_usable(*other) && records.nhs[*other] == records.nhs[at];
            has_match[at] = others_of(at, &group).iter().any(same);
        }
    }
    let mut found: BTreeMap<(usize, Group), [u64; 2]> = BTreeMap::new();
    for part in 0..PARTS {
        let is_hidden: Vec<bool> = (0..records.len()).map(|at| is_usable(at) && part_of(at) == part).collect();
        let hidden = without_numbers(records, &is_hidden);
        let linkage = link_all(&hidden, &options, &mut LinkAudit::default());
        let mut mates: BTreeMap<Token, Vec<usize>> = BTreeMap::new();
        for (at, key) in linkage.key.iter().enumerate() {
            mates.entry(*key).or_default().push(at);
        }
        for at in (0..records.len()).filter(|at| is_hidden[*at]) {
            let others = others_of(at, &mates[&linkage.key[at]]);
            let is_right = !others.is_empty() && others.iter().all(|other| are_one(records, whose, at, *other));
            let own = known_as.of_record[at].map(|place| {
                let (division, level) = &known_as.names[place];
                (Some(*division), level.clone())
            });
            for group in own.into_iter().chain([(None, records.source[at].id().to_owned())]) {
                let is_confirmed = has_match[at] || records.trust[at] > 0;
                let of = [has_match[at], is_confirmed && !others.is_empty()];
                for (measure, counts) in of.into_iter().enumerate() {
                    if counts {
                        let cell = found.entry((measure, group.clone())).or_default();
                        cell[0] += u64::from(is_right);
                        cell[1] += 1;
                    }
                }
            }
        }
    }
    found
}

/// Whether two records may be joined: they are one person's, and not under two numbers that were both issued.
fn are_one(records: &Records, whose: &Whose, a: usize, b: usize) -> bool {
    let is_former = |at: usize| whose.slips[at] & bit(Slip::NumberFormer) != 0;
    let have_two = have_two_numbers(records, a, b) && is_former(a) != is_former(b);
    whose.person[a] == whose.person[b] && !have_two
}

/// The part that a record is hidden in: chance, as far as anything about it is concerned.
fn part_of(at: usize) -> u64 {
    let mixed = (at as u64 ^ 0x5bd1_e995).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 33 & (PARTS - 1)
}

fn without_numbers(records: &Records, is_hidden: &[bool]) -> Records {
    let shown = |at: usize| !is_hidden[at];
    Records {
        source: records.source.clone(),
        nhs: records.nhs.iter().enumerate().map(|(at, own)| if shown(at) { *own } else { Token::NONE }).collect(),
        birth: records.birth.clone(),
        sex: records.sex.clone(),
        fields: records.fields.clone(),
        match_keys: records.match_keys.clone(),
        local: records.local.clone(),
        trust: records.trust.iter().enumerate().map(|(at, own)| if shown(at) { *own } else { 0 }).collect(),
        key: records.key.clone(),
    }
}
