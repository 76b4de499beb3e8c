//! Links without a number, record by record, and pairs for review: restricted, with tokens and never a value.

use serde::{Deserialize, Serialize};

use super::pass::Pass;
use super::passes::{Doubt, Linkage};
use super::probabilistic::compare::compare;
use super::records::Records;
use crate::domain::token::Token;
use crate::schema::Source;

/// A record that joined its person by another pass than those on NHS numbers.
#[derive(Debug, Clone, Copy)]
pub struct Link {
    /// Position in the records.
    record: u32,
    /// Source.
    pub source: Source,
    /// The record's own token.
    pub token: Token,
    /// Person, by dense index; filled when people are numbered.
    pub person: u32,
    /// The pass.
    pub pass: Pass,
    /// How probable it is; none for a pass that is no matter of probability.
    pub probability: Option<f64>,
    /// Whether it holds only through a third record.
    pub is_indirect: bool,
}

/// Two records that may be one person's and were not linked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Review {
    /// Source and token of the record without a person.
    pub record: (Source, String),
    /// Source and token of the one that it may go with.
    pub with: (Source, String),
    /// How probable it is that they are one person's.
    pub probability: f64,
    /// Why they were not linked, in a word.
    pub why: Doubt,
    /// Which fields agree and how far, parted by blanks.
    pub agrees: String,
}

/// The links without a number, in the order of sources and tokens. People are not numbered yet.
pub(super) fn of(records: &Records, linkage: &Linkage) -> Vec<Link> {
    let mut probable = linkage.probability.iter().peekable();
    let mut links = Vec::new();
    for (record, pass) in (0u32..).zip(&linkage.joined_by).filter(|(_, pass)| **pass > Pass::NhsConflict) {
        let at = record as usize;
        let probability = probable.next_if(|(own, _)| *own == record).map(|(_, probability)| *probability);
        if *pass != Pass::Founder {
            links.push(Link {
                record,
                source: records.source[at],
                token: records.key[at],
                person: 0,
                pass: *pass,
                probability,
                is_indirect: linkage.indirect[at],
            });
        }
    }
    links.sort_unstable_by_key(|link| (link.source, link.token));
    links
}

/// Says who each link's person is.
pub(super) fn number(links: &mut [Link], of_record: &[u32]) {
    for link in links {
        link.person = of_record[link.record as usize];
    }
}

/// The pairs for review, the most probable first.
pub(super) fn review(records: &Records, linkage: &Linkage) -> Vec<Review> {
    let name = |record: u32| (records.source[record as usize], records.key[record as usize].to_hex());
    let pairs = linkage.review.iter();
    pairs
        .map(|pair| Review {
            record: name(pair.record),
            with: name(pair.with),
            probability: pair.probability,
            why: pair.why,
            agrees: compare(records, pair.record as usize, pair.with as usize).agreeing(),
        })
        .collect()
}

/// Of so many people, who holds together only through a third record.
pub(super) fn are_indirect(links: &[Link], people: usize) -> Vec<bool> {
    let mut found = vec![false; people];
    for link in links.iter().filter(|link| link.is_indirect) {
        found[link.person as usize] = true;
    }
    found
}
