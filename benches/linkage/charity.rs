//! A charity's list without any NHS number against the people of the trust and of the list of general practice. In:
//! extracts made with `CharityNumbers::None`. Out: for each kind of error, clients to be found, found and wrongly found.
//! Leaves alone: how Splink does it (`benches/splink_baseline.py`, which prints the same table).

use std::collections::{BTreeMap, BTreeSet};

use pathlink::domain::token::Token;
use pathlink::link::LinkAudit;
use pathlink::link::options::Options;
use pathlink::link::passes::link_all;
use pathlink::link::records::Records;
use pathlink::schema::Source;
use pathlink::synth::Slip;

use crate::extracts::{self, Files, Outcome};
use crate::score::share;
use crate::whose::{Whose, bit};

/// Kinds of errors that a client's record can have, beside a missing number.
const KINDS: [Slip; 12] = [
    Slip::BirthPart,
    Slip::BirthSwapped,
    Slip::BirthOther,
    Slip::ForenameTypo,
    Slip::ForenameShort,
    Slip::ForenameOther,
    Slip::SurnameTypo,
    Slip::SurnameForm,
    Slip::SurnameChanged,
    Slip::Sex,
    Slip::PostcodeMoved,
    Slip::PostcodeNone,
];

/// Clients.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Clients {
    /// Clients of whom another source has a record.
    pub(crate) to_find: u64,
    /// Linked with their own records.
    pub(crate) right: u64,
    /// Linked with somebody's records, not all of them their own.
    pub(crate) wrong: u64,
}

impl Clients {
    /// Share of those to be found that were.
    pub(crate) fn recall(self) -> f64 {
        share(self.right, self.to_find)
    }

    /// Share of the links that are right.
    pub(crate) fn precision(self) -> f64 {
        share(self.right, self.right + self.wrong)
    }
}

/// Links the list, with everything that pathlink does, and counts clients by error; under `all` everybody.
pub(crate) fn counts(files: &Files, options: &Options) -> Outcome<Vec<(&'static str, Clients)>> {
    let records = extracts::records(files, &[Source::MentalHealth, Source::Gp, Source::Community])?;
    let whose = Whose::of(&records, files)?;
    let linkage = link_all(&records, options, &mut LinkAudit::default());
    Ok(by_error(&records, &whose, &linkage.key))
}

fn by_error(records: &Records, whose: &Whose, key: &[Token]) -> Vec<(&'static str, Clients)> {
    let others = |at: &usize| records.source[*at] != Source::Community;
    let identifying: u32 = KINDS.iter().map(|slip| bit(*slip)).sum();
    // What is wrong with the records of a person, and whose records are under a key, the charity's left out.
    let mut wrong_elsewhere: BTreeMap<u64, u32> = BTreeMap::new();
    let mut people_of: BTreeMap<Token, BTreeSet<u64>> = BTreeMap::new();
    for at in (0..records.len()).filter(others) {
        *wrong_elsewhere.entry(whose.person[at]).or_default() |= whose.slips[at] & identifying;
        people_of.entry(key[at]).or_default().insert(whose.person[at]);
    }
    let mut counts: BTreeMap<usize, Clients> = BTreeMap::new();
    for at in (0..records.len()).filter(|at| !others(at)) {
        let person = whose.person[at];
        let elsewhere = wrong_elsewhere.get(&person);
        let own = whose.slips[at] & identifying;
        let mut rows = vec![KINDS.len() + 2];
        rows.extend(KINDS.iter().enumerate().filter(|(_, slip)| own & bit(**slip) != 0).map(|(place, _)| place + 2));
        if own == 0 {
            rows.push(usize::from(elsewhere.is_some_and(|slips| *slips != 0)));
        }
        let found = people_of.get(&key[at]);
        let is_right = found.is_some_and(|people| people.len() == 1 && people.contains(&person));
        for row in rows {
            let cell = counts.entry(row).or_default();
            cell.to_find += u64::from(elsewhere.is_some());
            cell.right += u64::from(is_right);
            cell.wrong += u64::from(found.is_some() && !is_right);
        }
    }
    let names = ["none", "only in other records"].into_iter().chain(KINDS.map(Slip::name)).chain(["all"]);
    names.enumerate().map(|(row, name)| (name, counts.get(&row).copied().unwrap_or_default())).collect()
}
