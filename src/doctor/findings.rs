//! What is found of one file. No value of any cell is in it.

use serde::Serialize;

use super::headings::Headings;
use super::start::Bytes;
use crate::error::Error;

/// Everything found. No value of any cell is in it.
#[derive(Debug, Serialize)]
pub struct FileFindings {
    /// The file's name.
    pub file: String,
    /// What its bytes are.
    pub bytes: Bytes,
    /// Source and table.
    pub table: Option<Matched>,
    /// Found against declared: what, found, declared.
    pub dialect: Vec<Compared>,
    /// Headings.
    pub headings: Headings,
    /// Columns in the order of the file.
    pub columns: Vec<Column>,
    /// Rows checked: none where a run could not check them.
    pub rows: u64,
    /// Rows that could be split into fields.
    pub rows_seen: u64,
    /// Rows that would be rejected, by check.
    pub rejected: Vec<Counted>,
    /// Cells that would become empty, by heading and check.
    pub warned: Vec<Counted>,
    /// First lines with faults.
    pub lines: Vec<(u64, String)>,
    /// What would end a run, as it is now.
    pub fault: Option<Fault>,
    /// Settings to paste into the source config.
    pub settings: Vec<String>,
}

/// The table that a file belongs to.
#[derive(Debug, Serialize)]
pub struct Matched {
    /// The source's id.
    pub source: &'static str,
    /// The table's name.
    pub name: String,
    /// `name`, `headings`, or `asked`.
    pub by: &'static str,
    /// The file pattern most like its name, where its name fits none.
    pub nearest_pattern: Option<String>,
}

/// A part of the dialect.
#[derive(Debug, Serialize)]
pub struct Compared {
    /// `encoding`, `delimiter`, `quote` or `line ends`.
    pub what: &'static str,
    /// As found.
    pub found: String,
    /// As declared; none where nothing is declared.
    pub declared: Option<String>,
    /// Whether they fit.
    pub fits: bool,
}

/// A column.
#[derive(Debug, Serialize)]
pub struct Column {
    /// Its heading, or its place where the first row is not surely a heading row.
    pub heading: String,
    /// What it becomes; none for a column that nothing reads.
    pub becomes: Vec<&'static str>,
    /// `empty`, `whole number`, `decimal`, `date` or `text`: what most values are.
    pub kind: &'static str,
    /// Share of empty cells, in percent.
    pub empty_percent: String,
    /// The most frequent shapes, with their share of the values.
    pub shapes: Vec<(String, String)>,
    /// What proves the order of day and month.
    pub date_proof: Option<String>,
}

/// A count of a check.
#[derive(Debug, Serialize)]
pub struct Counted {
    /// The check's code.
    pub check: String,
    /// The heading; empty for the whole row.
    pub column: String,
    /// How many.
    pub count: u64,
    /// What it says.
    pub sentence: &'static str,
}

/// An error.
#[derive(Debug, Serialize)]
pub struct Fault {
    /// Its code.
    pub code: &'static str,
    /// What, why and fix, as printed.
    pub text: String,
    /// The exit code that a run would end with.
    pub exit_code: u8,
}

impl Fault {
    pub(super) fn of(error: &Error) -> Self {
        Self { code: error.code().id, text: error.to_string(), exit_code: error.exit_code() }
    }
}

impl FileFindings {
    /// Of a file that cannot be explained further.
    pub(super) fn ended(file: String, bytes: Bytes, table: Option<Matched>, error: &Error) -> Self {
        Self {
            file,
            bytes,
            table,
            dialect: Vec::new(),
            headings: Headings::default(),
            columns: Vec::new(),
            rows: 0,
            rows_seen: 0,
            rejected: Vec::new(),
            warned: Vec::new(),
            lines: Vec::new(),
            fault: Some(Fault::of(error)),
            settings: Vec::new(),
        }
    }

    /// What to print.
    pub fn lines(&self) -> Vec<String> {
        super::lines::of_file(self)
    }

    /// The exit code that a run would end with for this file alone.
    pub fn exit_code(&self) -> u8 {
        self.fault.as_ref().map_or(0, |fault| fault.exit_code)
    }
}
