//! Tallies: what became of every row of an extract. Read = kept + rejected + duplicated + excluded, always.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::checks;

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
    /// Headings of the file that nothing reads.
    pub unread_headings: Vec<String>,
    /// First and last event day among kept rows, where the table has one.
    pub first_day: Option<i32>,
    /// Last event day.
    pub last_day: Option<i32>,
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

    /// Notes line ends that are not of the kind that most of the file's are; no column is meant.
    pub fn warn_of_line_ends(&mut self, odd_ones: u64) {
        if odd_ones > 0 {
            self.warnings.insert(format!(" {}", checks::LINE_ENDS.id), odd_ones);
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
        ] {
            for (key, count) in from {
                *to.entry(key.clone()).or_default() += count;
            }
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

    #[test]
    fn a_shape_shows_no_value() {
        assert_eq!(shape(b"9434765919"), "D{10}");
        assert_eq!(shape(b"31/12/2025"), "D{2}/D{2}/D{4}");
        assert_eq!(shape(b"Anna B"), "A{4}_A");
        assert_eq!(shape(b""), "");
    }
}
