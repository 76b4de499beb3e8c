//! Faults of records: what ends the reading of a file, told with line and byte and without a value.

use super::decode::Origin;
use crate::error::{self, Error, ErrorCode, grouped};

/// A place in a file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// Line, from 1.
    pub(super) line: u64,
    /// Offset in the unpacked file, from 0, where the text is the file's own bytes.
    pub(super) byte: Option<u64>,
}

impl Place {
    fn shown(self) -> String {
        self.byte.map_or_else(
            || format!("line {}", self.line),
            |byte| format!("byte {} (line {})", grouped(byte), self.line),
        )
    }
}

const ASK: &str = "the file was cut short: ask the sender for it again";

/// The file ends in a record that has too few fields and no line end.
pub(super) fn cut(file: &str, place: Place, (fields, width): (usize, usize)) -> Error {
    Error::new(&error::INPUT_CUT, format!("{file} ends inside a record"), ASK)
        .because(format!("it stops at {} after {fields} of {width} fields, without a line end", place.shown()))
}

/// The file ends in its heading row.
pub(super) fn cut_heading(file: &str) -> Error {
    Error::new(&error::INPUT_CUT, format!("{file} ends inside its heading row"), ASK)
        .because("line 1 has no line end, and headings are missing")
}

/// The file ends inside quotes.
pub(super) fn unclosed(origin: Origin<'_>, place: Place) -> Error {
    Error::new(
        &error::INPUT_CUT,
        format!("{}: a quote that opens in line {} is never closed", origin.file, place.line),
        format!(
            "the file was cut short or its quotes are not doubled: ask the sender for it again; if the sender quotes nothing, {}",
            origin.set("quote", "none")
        ),
    )
    .because(format!("it opens at {}", place.shown()))
}

/// A record is longer than the cap.
pub(super) fn record_cap(file: &str, place: Place, cap: usize) -> Error {
    too_long(&error::RECORD_CAP, (file, "record"), place, (cap, "max_record_bytes"))
}

/// A field is longer than the cap.
pub(super) fn field_cap(file: &str, place: Place, cap: usize) -> Error {
    too_long(&error::FIELD_CAP, (file, "field"), place, (cap, "max_field_bytes"))
}

fn too_long(
    code: &'static ErrorCode,
    (file, part): (&str, &str),
    place: Place,
    (cap, setting): (usize, &str),
) -> Error {
    Error::new(
        code,
        format!("{file}: the {part} at line {} is longer than {} bytes", place.line, grouped(cap as u64)),
        format!(
            "look there for a quote that is never closed or for other line ends; {setting} under [caps] allows more"
        ),
    )
    .because(format!("it starts at {}", place.shown()))
}

/// A NUL byte stands among others in a field.
pub(super) fn stray_nul(file: &str, place: Place) -> Error {
    Error::new(
        &error::STRAY_NUL,
        format!("{file} holds a NUL byte inside a field"),
        "ask the sender for the file as text: a field that is one NUL byte means empty, no other may hold one",
    )
    .because(format!("first one at {}", place.shown()))
}

/// More headings than the cap.
pub(super) fn column_cap(file: &str, cap: usize) -> Error {
    Error::new(
        &error::COLUMN_CAP,
        format!("{file} has more than {} headings", grouped(cap as u64)),
        "check that its lines end in LF, CR LF or CR; max_columns under [caps] allows more",
    )
}
