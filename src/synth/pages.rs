//! Rows as bytes. In: values. Out: CSV lines per file, with counts of rows and of planted things.
//! Leaves alone: which file is which (`files.rs`).

use std::collections::BTreeMap;

use serde::Serialize;

use super::calendar::{Day, write_day, write_minute};

/// How many of each thing were planted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Planted {
    /// Local patient records without an NHS number.
    pub numbers_missing: u64,
    /// Local patient records with a mistyped NHS number.
    pub numbers_mistyped: u64,
    /// Records that carry another person's number.
    pub numbers_shared: u64,
    /// Records that carry a number their person had before another was issued.
    pub numbers_former: u64,
    /// People in A&E under a local id that was somebody else's.
    pub local_ids_reused: u64,
    /// People whose identifiers are nearly another's, although they are no kin.
    pub doubles: u64,
    /// Records by what is wrong with them.
    pub errors: BTreeMap<&'static str, u64>,
    /// Records with a wrong day of birth.
    pub births_wrong: u64,
    /// Records with another given name.
    pub given_names_wrong: u64,
    /// Records with another family name.
    pub family_names_wrong: u64,
    /// Records with the wrong sex.
    pub sexes_wrong: u64,
    /// Records with an earlier postcode.
    pub postcodes_old: u64,
    /// People who are one of twins.
    pub twins: u64,
    /// Contact rows sent twice.
    pub rows_sent_again: u64,
    /// Clients who refuse to be linked.
    pub consents_refused: u64,
    /// A&E rows without a departure.
    pub departures_missing: u64,
    /// Pairs of ward stays that overlap.
    pub stays_overlapping: u64,
    /// Comparators who cross over.
    pub crossovers: u64,
    /// People with a second qualifying event within the washout.
    pub second_events: u64,
    /// People in both redesigned arms.
    pub in_both: u64,
    /// People in each arm, in the order of `Arm::ALL`.
    pub arms: [u64; 4],
    /// People in each arm by quarter of index, 2023/24 Q1 first.
    pub arms_by_quarter: [[u64; 12]; 4],
    /// Untreated events that the effect prevented: A&E, GP, trust contacts.
    pub prevented: [u64; 3],
}

impl Planted {
    /// Adds another count.
    pub(super) fn add(&mut self, other: &Self) {
        let pairs = [
            (&mut self.numbers_missing, other.numbers_missing),
            (&mut self.numbers_mistyped, other.numbers_mistyped),
            (&mut self.numbers_shared, other.numbers_shared),
            (&mut self.numbers_former, other.numbers_former),
            (&mut self.local_ids_reused, other.local_ids_reused),
            (&mut self.doubles, other.doubles),
            (&mut self.births_wrong, other.births_wrong),
            (&mut self.given_names_wrong, other.given_names_wrong),
            (&mut self.family_names_wrong, other.family_names_wrong),
            (&mut self.sexes_wrong, other.sexes_wrong),
            (&mut self.postcodes_old, other.postcodes_old),
            (&mut self.twins, other.twins),
            (&mut self.rows_sent_again, other.rows_sent_again),
            (&mut self.consents_refused, other.consents_refused),
            (&mut self.departures_missing, other.departures_missing),
            (&mut self.stays_overlapping, other.stays_overlapping),
            (&mut self.crossovers, other.crossovers),
            (&mut self.second_events, other.second_events),
            (&mut self.in_both, other.in_both),
        ];
        for (mine, more) in pairs {
            *mine += more;
        }
        for (mine, more) in self.arms.iter_mut().zip(other.arms) {
            *mine += more;
        }
        for (mine, more) in self.arms_by_quarter.iter_mut().flatten().zip(other.arms_by_quarter.iter().flatten()) {
            *mine += more;
        }
        for (error, more) in &other.errors {
            *self.errors.entry(error).or_default() += more;
        }
        for (mine, more) in self.prevented.iter_mut().zip(other.prevented) {
            *mine += more;
        }
    }
}

/// Lines of all files for a run of people.
pub(super) struct Pages {
    pub(super) bytes: Vec<Vec<u8>>,
    pub(super) rows: Vec<u64>,
    pub(super) planted: Planted,
}

impl Pages {
    pub(super) fn new(files: usize) -> Self {
        Self { bytes: vec![Vec::new(); files], rows: vec![0; files], planted: Planted::default() }
    }

    /// Starts a row of a file; `Row::end` ends it.
    pub(super) fn row(&mut self, file: usize) -> Row<'_> {
        self.rows[file] += 1;
        let out = &mut self.bytes[file];
        let start = out.len();
        Row { out, start }
    }

    /// Writes the last row of a file once more.
    pub(super) fn send_again(&mut self, file: usize, start: usize) {
        self.rows[file] += 1;
        self.planted.rows_sent_again += 1;
        self.bytes[file].extend_from_within(start..);
    }
}

/// A line being written; each value is followed by a comma, and the last comma becomes the line end.
pub(super) struct Row<'page> {
    out: &'page mut Vec<u8>,
    start: usize,
}

impl Row<'_> {
    pub(super) fn text(&mut self, value: &str) -> &mut Self {
        let is_plain = !value.bytes().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r'));
        if is_plain {
            self.out.extend_from_slice(value.as_bytes());
        } else {
            self.out.push(b'"');
            self.out.extend_from_slice(value.replace('"', "\"\"").as_bytes());
            self.out.push(b'"');
        }
        self.comma()
    }

    pub(super) fn number(&mut self, value: u64) -> &mut Self {
        let mut digits = [0_u8; 20];
        let mut at = digits.len();
        let mut rest = value;
        loop {
            at -= 1;
            digits[at] = b'0' + u8::try_from(rest % 10).unwrap_or(0);
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        self.out.extend_from_slice(&digits[at..]);
        self.comma()
    }

    /// A number that is never below zero.
    pub(super) fn small(&mut self, value: i32) -> &mut Self {
        self.number(u64::try_from(value).unwrap_or(0))
    }

    pub(super) fn optional_number(&mut self, value: Option<u64>) -> &mut Self {
        match value {
            Some(value) => self.number(value),
            None => self.comma(),
        }
    }

    pub(super) fn day(&mut self, day: Day) -> &mut Self {
        write_day(self.out, day);
        self.comma()
    }

    pub(super) fn optional_day(&mut self, day: Option<Day>) -> &mut Self {
        match day {
            Some(day) => self.day(day),
            None => self.comma(),
        }
    }

    pub(super) fn minute(&mut self, minute: i32) -> &mut Self {
        write_minute(self.out, minute);
        self.comma()
    }

    /// A day and minute as `2026-03-31T23:59:00`.
    pub(super) fn day_and_minute(&mut self, day: Day, minute: i32) -> &mut Self {
        write_day(self.out, day);
        self.out.push(b'T');
        write_minute(self.out, minute);
        self.comma()
    }

    pub(super) fn empty(&mut self) -> &mut Self {
        self.comma()
    }

    /// Ends the line; where in the file it starts.
    pub(super) fn end(&mut self) -> usize {
        self.out.pop();
        self.out.push(b'\n');
        self.start
    }

    fn comma(&mut self) -> &mut Self {
        self.out.push(b',');
        self
    }
}
