//! Notes on the dialect that a file was found in, for its manifest entry.

use serde::{Deserialize, Serialize};

use super::line_ends::LineEnds;

/// What a file's bytes turned out to be, beside what its source declares.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DialectNotes {
    /// The encoding read, as a source config writes it.
    pub encoding: String,
    /// The encoding declared; a byte-order mark may have corrected it.
    pub declared_encoding: String,
    /// Whether it starts with a byte-order mark.
    pub has_mark: bool,
    /// `gzip`, if it was packed.
    pub compression: Option<String>,
    /// How its records end: `lf`, `crlf`, `cr`, `mixed`, or `none` for a single line.
    pub line_ends: String,
    /// Whether its last record has a line end. Without one, a cut inside the very last field cannot be seen.
    pub has_final_line_end: bool,
}

impl DialectNotes {
    /// What stands for the encoding of a Parquet file.
    pub const PARQUET: &str = "parquet";

    /// What stands for the encoding of a query's rows.
    pub const QUERY: &str = "odbc";

    /// Whether it came as rows and not as the text of a file.
    fn is_rows(&self) -> bool {
        [Self::PARQUET, Self::QUERY].contains(&self.encoding.as_str())
    }

    /// Whether it is text whose last record has no line end.
    pub fn is_unended(&self) -> bool {
        !self.has_final_line_end && !self.is_rows()
    }

    /// Adds what was learned by reading to the end.
    pub fn close(&mut self, ends: LineEnds, has_final_line_end: bool) {
        if self.is_rows() {
            return;
        }
        ends.kind().clone_into(&mut self.line_ends);
        self.has_final_line_end = has_final_line_end;
    }
}
