//! The audit of linkage: how records became people, per source and pass. Counts of records, not of people.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use super::pass::Pass;
use crate::schema::Source;

/// Counts of one source.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceFlow {
    /// Rows that carry identity: person records, attendances, rows of the list.
    pub rows: u64,
    /// Records: local patients, or rows of the list.
    pub records: u64,
    /// Records with a usable NHS number.
    pub with_number: u64,
    /// Records joined, by pass.
    pub by_pass: BTreeMap<Pass, u64>,
    /// Distinct people with a record here.
    pub people: u64,
    /// Of these, people with a record in another source.
    pub people_in_another: u64,
}

/// The whole audit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkAudit {
    /// Per source.
    pub sources: BTreeMap<Source, SourceFlow>,
    /// People in all.
    pub people: u64,
    /// GP appointments whose number no record has.
    pub appointments_without_record: u64,
    /// Blocks of the probabilistic pass that were too large to be compared.
    pub skipped_blocks: u64,
}

impl LinkAudit {
    /// Counts records that joined by a pass.
    pub fn count_many(&mut self, source: Source, pass: Pass, records: u64) {
        if records > 0 {
            *self.sources.entry(source).or_default().by_pass.entry(pass).or_default() += records;
        }
    }
}

/// Fills in records, usable numbers and people per source.
pub fn finish(audit: &mut LinkAudit, records: &super::records::Records, people: &super::people::People) {
    let mut seen: Vec<u8> = vec![0; people.keys.len()];
    for (at, person) in people.of_record.iter().enumerate() {
        seen[*person as usize] |= 1 << records.source[at] as u8;
        let flow = audit.sources.entry(records.source[at]).or_default();
        flow.records += 1;
        flow.with_number += u64::from(records.nhs[at].is_some());
    }
    for source in Source::ALL {
        let here = 1u8 << source as u8;
        let with = seen.iter().filter(|sources| **sources & here != 0);
        let flow = audit.sources.entry(source).or_default();
        flow.people = with.clone().count() as u64;
        flow.people_in_another = with.filter(|sources| **sources & !here != 0).count() as u64;
        flow.rows = flow.records + flow.by_pass.get(&Pass::Local).copied().unwrap_or_default();
    }
    audit.people = people.keys.len() as u64;
    audit.appointments_without_record = people.appointments_without_record;
}
