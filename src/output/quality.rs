//! Data quality: what was received, what became of it, and what to do about it, for the analyst who receives extracts.
//!
//! In: staged files after linkage, and the errors of those that could not be read. Out: [`Quality`], which is
//! `quality.json`; its page (`page.rs`) and its lines for a terminal (`lines.rs`). Counts are exact: internal only.

mod counts;
mod fields;
mod lines;
mod page;
mod problems;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::domain::day;
use crate::error::{Error, Exit};
use crate::ingest::{DialectNotes, StagedFile, Tally};
use crate::settings::Settings;
use crate::sources::TablePlan;

pub use fields::Field;
pub use lines::lines;
pub use page::page;
pub use problems::{Kind, Problem, problems};

/// The form of `quality.json`. Fields are only ever added under the same number (`docs/quality-json.md`).
pub const FORM: &str = "pathlink-quality/1";

/// Everything that `check` found.
#[derive(Debug, Serialize)]
pub struct Quality {
    /// [`FORM`].
    pub form: &'static str,
    /// The program's version.
    pub version: &'static str,
    /// The exit code: that of the worst fault, else 0.
    pub exit_code: u8,
    /// Rows of all files that could be read.
    pub rows: Rows,
    /// The sources that were looked at.
    pub sources: Vec<SourceQuality>,
    /// What to do, most important first.
    pub problems: Vec<Problem>,
    /// Every file, in the order of sources, tables and names.
    pub files: Vec<FileQuality>,
}

/// A source that was looked at.
#[derive(Debug, Serialize)]
pub struct SourceQuality {
    /// Its id.
    pub id: &'static str,
    /// What a reader calls it.
    pub title: &'static str,
    /// How many files it sent.
    pub files: usize,
    /// Whether it declares how many rows to expect. Where not, a file that was cut at the end of a record looks whole.
    pub declares_expected_rows: bool,
}

/// What became of rows: read = kept + rejected + duplicated + excluded.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Rows {
    /// Rows after the heading.
    pub read: u64,
    /// Rows used.
    pub kept: u64,
    /// Rows that failed a check.
    pub rejected: u64,
    /// Rows that repeat another row's key.
    pub duplicated: u64,
    /// Rows left out on purpose.
    pub excluded: u64,
}

/// One file.
#[derive(Debug, Serialize)]
pub struct FileQuality {
    /// The source's id.
    pub source: &'static str,
    /// The table's name in its standard.
    pub table: String,
    /// The file's name.
    pub file: String,
    /// Providers that its name or its kept rows give.
    pub providers: Vec<String>,
    /// The error that ended the reading; none if it was read to its end.
    pub fault: Option<Fault>,
    /// The gate that it fails, if any.
    pub gate: Option<Fault>,
    /// What became of its rows; none if it could not be read.
    pub rows: Option<Rows>,
    /// Rows left out, by reason.
    pub excluded: BTreeMap<String, u64>,
    /// Checks that rows or cells failed, the worst first.
    pub checks: Vec<CheckCount>,
    /// NHS numbers; none where the table has no such column.
    pub nhs_numbers: Option<NhsNumbers>,
    /// First and last event day among kept rows; none where the table has no date.
    pub covers: Option<Covers>,
    /// Fields with counts, worst first.
    pub fields: Vec<Field>,
    /// Headings that nothing reads.
    pub unread_headings: Vec<String>,
    /// How its bytes were found to be written.
    pub dialect: Option<DialectNotes>,
}

/// A check and how many rows (rejected) or cells (made empty) failed it.
#[derive(Debug, Clone, Serialize)]
pub struct CheckCount {
    /// Its code.
    pub check: String,
    /// `reject` or `warning`.
    pub outcome: &'static str,
    /// The heading; none where the whole row is meant.
    pub column: Option<String>,
    /// How many.
    pub rows: u64,
    /// What it says of a cell, after the column's name.
    pub sentence: &'static str,
    /// What to do.
    pub fix: &'static str,
}

/// NHS numbers of kept rows.
#[derive(Debug, Serialize)]
pub struct NhsNumbers {
    /// Rows with a number that is used.
    pub usable: u64,
    /// Kept rows.
    pub of: u64,
    /// Rows by reason code.
    pub reasons: BTreeMap<String, u64>,
}

/// A range of days.
#[derive(Debug, Serialize)]
pub struct Covers {
    /// ISO date.
    pub from: String,
    /// ISO date.
    pub to: String,
}

/// An error: what, where, why and what to do.
#[derive(Debug, Clone, Serialize)]
pub struct Fault {
    /// The code.
    pub code: &'static str,
    /// What happened and where.
    pub what: String,
    /// Why, line by line.
    pub why: Vec<String>,
    /// What to do.
    pub fix: String,
    /// The exit code it stands for.
    pub exit_code: u8,
}

impl Fault {
    /// From an error.
    pub fn of(error: &Error) -> Self {
        Self {
            code: error.code().id,
            what: error.what().to_owned(),
            why: error.why().to_vec(),
            fix: error.fix().to_owned(),
            exit_code: error.exit_code(),
        }
    }
}

impl Rows {
    /// Of a tally.
    pub fn of(tally: &Tally) -> Self {
        Self {
            read: tally.read,
            kept: tally.kept,
            rejected: tally.rejected_total(),
            duplicated: tally.duplicated,
            excluded: tally.excluded_total(),
        }
    }

    /// Of all files.
    pub fn total<'a>(files: impl Iterator<Item = &'a FileQuality>) -> Self {
        files.filter_map(|file| file.rows).fold(Self::default(), |sum, rows| Self {
            read: sum.read + rows.read,
            kept: sum.kept + rows.kept,
            rejected: sum.rejected + rows.rejected,
            duplicated: sum.duplicated + rows.duplicated,
            excluded: sum.excluded + rows.excluded,
        })
    }
}

impl FileQuality {
    /// A file that could not be read to its end.
    pub fn unread(plan: &TablePlan, name: &str, providers: Vec<String>, error: &Error) -> Self {
        Self {
            source: plan.source.id(),
            table: plan.name.clone(),
            file: name.to_owned(),
            providers,
            fault: Some(Fault::of(error)),
            gate: None,
            rows: None,
            excluded: BTreeMap::new(),
            checks: Vec::new(),
            nhs_numbers: None,
            covers: None,
            fields: Vec::new(),
            unread_headings: Vec::new(),
            dialect: None,
        }
    }

    /// A file that was read.
    pub fn read(plan: &TablePlan, file: &StagedFile, providers: Vec<String>, settings: &Settings) -> Self {
        let tally = &file.tally;
        let days = tally.first_day.zip(tally.last_day);
        Self {
            source: plan.source.id(),
            table: plan.name.clone(),
            file: file.name.clone(),
            providers,
            fault: None,
            gate: None,
            rows: Some(Rows::of(tally)),
            excluded: tally.excluded.clone(),
            checks: counts::of(file),
            nhs_numbers: NhsNumbers::of(tally, settings),
            covers: days.map(|(from, to)| Covers { from: day::to_iso(from), to: day::to_iso(to) }),
            fields: fields::of(file, settings),
            unread_headings: tally.unread_headings.clone(),
            dialect: Some(file.notes.clone()),
        }
    }
}

impl NhsNumbers {
    fn of(tally: &Tally, settings: &Settings) -> Option<Self> {
        let (of, unused) = tally.number_classes(settings.accepts())?;
        Some(Self { usable: of - unused.iter().sum::<u64>(), of, reasons: tally.nhs.clone() })
    }

    /// `96.4 %`; a share that is not whole never shows as 100.
    pub fn percent(&self) -> String {
        percent(self.usable, self.of)
    }
}

/// A share in percent, cut and not rounded up; `none` of nothing.
pub fn percent(part: u64, of: u64) -> String {
    if of == 0 {
        return "none".to_owned();
    }
    let tenths = part * 1000 / of;
    if tenths == 1000 { "100 %".to_owned() } else { format!("{}.{} %", tenths / 10, tenths % 10) }
}

/// The exit code of the worst fault, 0 without one. A fault of ours is worse than one of the disk, the key, settings,
/// inputs, and that is worse than a gate.
pub fn worst_exit(codes: impl Iterator<Item = u8>) -> u8 {
    const ORDER: [Exit; 8] =
        [Exit::Bug, Exit::Output, Exit::Locked, Exit::Key, Exit::Config, Exit::Input, Exit::Quality, Exit::Disclosure];
    let rank = |code: &u8| ORDER.iter().position(|exit| *exit as u8 == *code).unwrap_or(ORDER.len());
    codes.min_by_key(rank).unwrap_or(Exit::Done as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_that_is_not_whole_never_shows_as_100() {
        assert_eq!(percent(9999, 10_000), "99.9 %");
        assert_eq!(percent(10, 10), "100 %");
        assert_eq!(percent(0, 10), "0.0 %");
        assert_eq!(percent(0, 0), "none");
    }

    #[test]
    fn the_worst_fault_gives_the_exit_code() {
        assert_eq!(worst_exit([5, 4, 7].into_iter()), 7);
        assert_eq!(worst_exit([5, 4].into_iter()), 4);
        assert_eq!(worst_exit(std::iter::empty()), 0);
    }
}
