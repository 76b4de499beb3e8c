//! Tallies: what became of every row of an extract. Read = kept + rejected + duplicated + excluded, always.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::checks;
use crate::domain::nhs_number::Accepts;

/// One row that could not be used. It never holds the value, only its shape, such as `D{10}`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Reject {
    /// Line in the file, from 1.
    pub line: u64,
    /// The heading; empty where the whole row is meant.
    pub column: String,
    /// The check's code.
    pub check: String,
    /// The value's shape: D digits, A letters, other signs as they are.
    pub shape: String,
}

/// What a cell is, in the official words of data quality; valid is the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Class {
    /// A code that says "not known" or "other".
    Other = 0,
    /// A value that stands for none, such as 1900-01-01, practice V81999 or postcode ZZ99.
    Default,
    /// It failed a check.
    Invalid,
    /// It is empty.
    Missing,
}

impl Class {
    /// Every class but valid, with its word.
    pub const ALL: [(Self, &'static str); 4] =
        [(Self::Other, "other"), (Self::Default, "default"), (Self::Invalid, "invalid"), (Self::Missing, "missing")];
}

/// The words of NHS number status indicator codes, by code; the first is for none given.
pub const STATUSES: [&str; 9] = ["not_given", "01", "02", "03", "04", "05", "06", "07", "08"];

/// Cells of each heading by class.
pub type Classes = BTreeMap<String, [u64; Class::ALL.len()]>;

/// Of the ids of a column more than one in so many end in 0000 after a spreadsheet rounded them.
const ROUNDED_ONE_IN: u64 = 100;
/// Fewer such ids are chance.
const ROUNDED_AT_LEAST: u64 = 20;

/// The class of an NHS number by its reason code; none for one that is used.
fn class_of_number(reason: &str, accepts: Accepts) -> Option<Class> {
    match reason {
        "valid" => None,
        "test_range" => (!accepts.test_range).then_some(Class::Invalid),
        "other_uk" => (!accepts.other_uk).then_some(Class::Other),
        "missing" => Some(Class::Missing),
        "placeholder" => Some(Class::Default),
        "withheld" => Some(Class::Other),
        _ => Some(Class::Invalid),
    }
}

/// Counts of one extract.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Rows after the heading.
    pub read: u64,
    /// Rows kept.
    pub kept: u64,
    /// Rows rejected, by check.
    pub rejected: BTreeMap<String, u64>,
    /// Rows that repeat another row's key and lost to it.
    pub duplicated: u64,
    /// Rows left out on purpose, by reason.
    pub excluded: BTreeMap<String, u64>,
    /// Cells that became null, by heading and check.
    pub warnings: BTreeMap<String, u64>,
    /// NHS numbers by reason code, over kept rows.
    pub nhs: BTreeMap<String, u64>,
    /// NHS number status indicator codes of kept rows, where the file has them.
    #[serde(default)]
    pub statuses: BTreeMap<String, u64>,
    /// Headings of the file that nothing reads.
    pub unread_headings: Vec<String>,
    /// Rows whose cells were looked at: of the right width, of a known provider, and not left out at once.
    pub looked_at: u64,
    /// Of these rows, cells that are not valid, by heading and class.
    pub classes: Classes,
    /// Ids of each heading, and how many of them end in 0000.
    #[serde(skip)]
    pub ids: BTreeMap<String, [u64; 2]>,
    /// First and last event day among kept rows, where the table has one.
    pub first_day: Option<i32>,
    /// Last event day.
    pub last_day: Option<i32>,
    /// Last event day up to which data are used; known when that day is.
    #[serde(skip)]
    pub last_used_day: Option<i32>,
}

impl Tally {
    /// Rows rejected.
    pub fn rejected_total(&self) -> u64 {
        self.rejected.values().sum()
    }

    /// Rows excluded.
    pub fn excluded_total(&self) -> u64 {
        self.excluded.values().sum()
    }

    /// Cells that held a default date of birth, such as 1900-01-01, and count as empty.
    pub fn default_births(&self) -> u64 {
        let is_one = |key: &str| key.rsplit_once(' ').is_some_and(|(_, check)| check == checks::DEFAULT_BIRTH.id);
        self.warnings.iter().filter(|(key, _)| is_one(key)).map(|(_, count)| count).sum()
    }

    /// NHS numbers of kept rows: how many cells, and of these the ones that are not used, by class. None where the table
    /// has no such column.
    pub fn number_classes(&self, accepts: Accepts) -> Option<(u64, [u64; Class::ALL.len()])> {
        let mut counts = [0; Class::ALL.len()];
        for (reason, count) in &self.nhs {
            if let Some(class) = class_of_number(reason, accepts) {
                counts[class as usize] += count;
            }
        }
        (!self.nhs.is_empty()).then(|| (self.nhs.values().sum(), counts))
    }

    /// Notes line ends that are not of the kind that most of the file's are; no column is meant.
    pub fn warn_of_line_ends(&mut self, odd_ones: u64) {
        if odd_ones > 0 {
            self.warnings.insert(format!(" {}", checks::LINE_ENDS.id), odd_ones);
        }
    }

    /// Notes columns of ids that look as if a spreadsheet had rounded them.
    pub fn warn_of_rounded_ids(&mut self) {
        for (heading, [ids, rounded]) in &self.ids {
            if *rounded >= ROUNDED_AT_LEAST && rounded * ROUNDED_ONE_IN > *ids {
                self.warnings.insert(format!("{heading} {}", checks::ROUNDED_IDS.id), *rounded);
            }
        }
    }

    /// Whether every row is accounted for.
    pub fn adds_up(&self) -> bool {
        self.read == self.kept + self.rejected_total() + self.duplicated + self.excluded_total()
    }

    /// Adds another tally's counts.
    pub fn add(&mut self, other: &Self) {
        self.read += other.read;
        self.kept += other.kept;
        self.duplicated += other.duplicated;
        for (to, from) in [
            (&mut self.rejected, &other.rejected),
            (&mut self.excluded, &other.excluded),
            (&mut self.warnings, &other.warnings),
            (&mut self.nhs, &other.nhs),
            (&mut self.statuses, &other.statuses),
        ] {
            for (key, count) in from {
                *to.entry(key.clone()).or_default() += count;
            }
        }
        self.looked_at += other.looked_at;
        for (heading, counts) in &other.classes {
            let to = self.classes.entry(heading.clone()).or_default();
            to.iter_mut().zip(counts).for_each(|(to, count)| *to += count);
        }
        for (heading, counts) in &other.ids {
            let to = self.ids.entry(heading.clone()).or_default();
            to.iter_mut().zip(counts).for_each(|(to, count)| *to += count);
        }
        self.first_day = [self.first_day, other.first_day].into_iter().flatten().min();
        self.last_day = [self.last_day, other.last_day].into_iter().flatten().max();
    }
}

/// The shape of a value: digits become `D`, letters `A`, runs are counted, and at most 24 characters are shown.
pub fn shape(cell: &[u8]) -> String {
    let class = |byte: u8| match byte {
        b'0'..=b'9' => 'D',
        b'a'..=b'z' | b'A'..=b'Z' | 0x80.. => 'A',
        b' ' => '_',
        0x21..=0x7e => byte as char,
        _ => '?',
    };
    let mut runs: Vec<(char, usize)> = Vec::new();
    for byte in cell {
        match runs.last_mut() {
            Some((kind, count)) if *kind == class(*byte) => *count += 1,
            _ => runs.push((class(*byte), 1)),
        }
    }
    let text: Vec<String> = runs
        .iter()
        .take(8)
        .map(|(kind, count)| if *count == 1 { kind.to_string() } else { format!("{kind}{{{count}}}") })
        .collect();
    if runs.len() > 8 { format!("{}...", text.concat()) } else { text.concat() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::nhs_number::REASONS;

    #[test]
    fn every_reason_of_an_nhs_number_has_a_class() {
        let of = |accepts: Accepts| -> String {
            let classes = REASONS.iter().map(|(_, name)| class_of_number(name, accepts));
            classes.map(|class| class.map_or('v', |class| ['o', 'd', 'i', 'm'][class as usize])).collect()
        };
        assert_eq!(of(Accepts { test_range: true, other_uk: true }), "vvvmiidiiioii");
        assert_eq!(of(Accepts { test_range: false, other_uk: false }), "viomiidiiioii");
    }

    #[test]
    fn one_id_in_a_hundred_and_twenty_in_all_are_too_many_noughts() {
        let warned = |ids: u64, rounded: u64| {
            let mut tally = Tally { ids: BTreeMap::from([("id".to_owned(), [ids, rounded])]), ..Tally::default() };
            tally.warn_of_rounded_ids();
            tally.warnings.get("id C22").copied()
        };
        assert_eq!(
            [warned(100, 20), warned(1999, 20), warned(2000, 20), warned(40, 19)],
            [Some(20), Some(20), None, None]
        );
    }

    #[test]
    fn a_shape_shows_no_value() {
        assert_eq!(shape(b"9434765919"), "D{10}");
        assert_eq!(shape(b"31/12/2025"), "D{2}/D{2}/D{4}");
        assert_eq!(shape(b"Anna B"), "A{4}_A");
        assert_eq!(shape(b""), "");
    }
}
