//! Clusters: which records are one person, while the passes run.
//!
//! A record joins another once and by one pass; the record that joined nobody founded its person. Leaves alone: who should
//! join whom (the passes).

use rayon::prelude::*;

use super::pass::Pass;
use super::records::Records;
use crate::domain::token::Token;

/// Records and whom they joined. Columns of equal length.
pub(super) struct Clusters {
    /// The number that each record's stands for today; none where it has none.
    pub(super) number: Vec<Token>,
    /// By which pass each record joined; [`Pass::Founder`] where it did not.
    pub(super) joined_by: Vec<Pass>,
    /// Whether each record holds to its person only through a third one.
    pub(super) is_indirect: Vec<bool>,
    /// Records whose number is another person's, or is not relied on: no pass may touch them any more.
    is_closed: Vec<bool>,
    /// The record that each record joined; itself where it joined none.
    joined: Vec<u32>,
}

impl Clusters {
    /// Every record on its own.
    pub(super) fn new(number: Vec<Token>) -> Self {
        let records = number.len();
        Self {
            number,
            joined_by: vec![Pass::Founder; records],
            is_indirect: vec![false; records],
            is_closed: vec![false; records],
            joined: (0..records as u32).collect(),
        }
    }

    /// The record that a record's person began with.
    pub(super) fn founder(&self, record: u32) -> u32 {
        let mut at = record;
        while self.joined[at as usize] != at {
            at = self.joined[at as usize];
        }
        at
    }

    /// Lets a founder, and all who joined it, join another's person.
    pub(super) fn join(&mut self, founder: u32, with: u32, pass: Pass) {
        self.joined[founder as usize] = with;
        self.joined_by[founder as usize] = pass;
    }

    /// Keeps a record to itself for good.
    pub(super) fn close(&mut self, record: u32) {
        self.is_closed[record as usize] = true;
    }

    /// Whether later passes may still find a record's person: it founded one, without a number.
    pub(super) fn is_open(&self, record: u32) -> bool {
        let at = record as usize;
        self.joined[at] == record && !self.number[at].is_some() && !self.is_closed[at]
    }

    /// Whether others may join a record.
    pub(super) fn is_candidate(&self, record: u32) -> bool {
        !self.is_closed[record as usize]
    }

    /// The records whose person may still be found.
    pub(super) fn open_records(&self) -> Vec<u32> {
        let records = (0..self.joined.len() as u32).into_par_iter().with_min_len(1 << 14);
        records.filter(|record| self.is_open(self.founder(*record))).collect()
    }

    /// The key of each record's person, and every key once and in order: the number's token, or the smallest of its
    /// records' own.
    pub(super) fn keys(&self, records: &Records) -> (Vec<Token>, Vec<Token>) {
        let founders: Vec<u32> = (0..records.len() as u32).into_par_iter().map(|record| self.founder(record)).collect();
        let is_numbered = |founder: usize| self.number[founder].is_some() && !self.is_closed[founder];
        let mut of_founder = records.key.clone();
        for (record, founder) in founders.iter().enumerate() {
            let founder = *founder as usize;
            of_founder[founder] = of_founder[founder].min(records.key[record]);
        }
        for (founder, key) in of_founder.iter_mut().enumerate().filter(|(founder, _)| is_numbered(*founder)) {
            *key = self.number[founder];
        }
        let key = founders.par_iter().map(|founder| of_founder[*founder as usize]).collect();
        let own = (0u32..).zip(&founders).filter(|(record, founder)| record == *founder);
        let mut keys: Vec<Token> = own.map(|(record, _)| of_founder[record as usize]).collect();
        keys.par_sort_unstable();
        (key, keys)
    }
}
