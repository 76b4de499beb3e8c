//! Kinds of file, by their first bytes: text, gzip, Parquet, or one that is refused with the way out.

use super::fault::Origin;
use crate::error::{self, Error};

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text, or nothing that is known.
    Text,
    /// A gzip stream.
    Gzip,
    /// A Parquet file.
    Parquet,
    /// Anything that cannot be read.
    Refused(Refused),
}

/// A kind of file that is never read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    /// XLSX, ODS or XLS.
    Workbook,
    /// ZIP.
    Zip,
    /// Packed by something other than gzip.
    Packed,
    /// PDF.
    Document,
}

const MAGIC: [(&[u8], Kind); 10] = [
    (b"\x1F\x8B", Kind::Gzip),
    (b"PAR1", Kind::Parquet),
    (b"\xD0\xCF\x11\xE0", Kind::Refused(Refused::Workbook)),
    (b"PK\x03\x04", Kind::Refused(Refused::Zip)),
    (b"PK\x05\x06", Kind::Refused(Refused::Zip)),
    (b"%PDF", Kind::Refused(Refused::Document)),
    (b"\x28\xB5\x2F\xFD", Kind::Refused(Refused::Packed)), // Zstandard
    (b"\xFD7zXZ\0", Kind::Refused(Refused::Packed)),
    (b"7z\xBC\xAF\x27\x1C", Kind::Refused(Refused::Packed)),
    (b"BZh91AY&SY", Kind::Refused(Refused::Packed)), // bzip2
];

/// What a file with these first bytes is, in a word.
pub fn in_words(start: &[u8]) -> &'static str {
    match of(start) {
        Kind::Text => "text",
        Kind::Gzip => "gzip",
        Kind::Parquet => "parquet",
        Kind::Refused(Refused::Workbook) => "workbook",
        Kind::Refused(Refused::Zip) => "zip archive",
        Kind::Refused(Refused::Document) => "pdf document",
        Kind::Refused(Refused::Packed) => "packed",
    }
}

/// Members that only a workbook has, as a ZIP archive names them near its start.
const WORKBOOK_MEMBERS: [&[u8]; 3] = [b"[Content_Types].xml", b"xl/", b"mimetypeapplication/vnd.oasis.opendocument"];

/// The kind of a file with these first bytes.
pub(super) fn of(start: &[u8]) -> Kind {
    let kind = MAGIC.iter().find(|(magic, _)| start.starts_with(magic)).map_or(Kind::Text, |(_, kind)| *kind);
    let is_workbook = || WORKBOOK_MEMBERS.iter().any(|member| memchr::memmem::find(start, member).is_some());
    match kind {
        Kind::Refused(Refused::Zip) if is_workbook() => Kind::Refused(Refused::Workbook),
        // A gzip file that was cut after its first byte; no text starts so.
        Kind::Text if start == b"\x1F" => Kind::Gzip,
        kind => kind,
    }
}

/// The error for a file that is not read, with the way out.
pub(super) fn refuse(refused: Refused, origin: Origin<'_>) -> Error {
    let (what, why, fix) = match refused {
        Refused::Workbook => (
            "a spreadsheet workbook",
            "spreadsheets change what they show: they drop leading zeros, keep 15 digits of a number and rewrite dates",
            "export the extract as CSV from the source system, without opening it in a spreadsheet",
        ),
        Refused::Zip => (
            "a ZIP archive",
            "an archive may hold several files, and none of them is declared",
            "unpack it into the folder of extracts; a single file may be packed with gzip",
        ),
        Refused::Packed => (
            "packed in a way that is not read",
            "only gzip is unpacked",
            "unpack it into the folder of extracts, or pack it once, with gzip",
        ),
        Refused::Document => {
            ("a PDF document", "a document has pages, not rows", "export the extract as CSV from the source system")
        }
    };
    Error::new(&error::NOT_TEXT, format!("{} is {what}, not text", origin.file), fix).because(why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_known_by_their_first_bytes() {
        for (start, kind) in [
            (&b""[..], Kind::Text),
            (b"NHSNumber,", Kind::Text),
            (b"PK", Kind::Text),
            (b"\x1F\x8B\x08", Kind::Gzip),
            (b"\x1F", Kind::Gzip),
            (b"PAR1\x15", Kind::Parquet),
            (b"PK\x03\x04\x14\0[Content_Types].xml", Kind::Refused(Refused::Workbook)),
            (b"PK\x03\x04mimetypeapplication/vnd.oasis.opendocument.spreadsheet", Kind::Refused(Refused::Workbook)),
            (b"PK\x03\x04\x14\0extract.csv", Kind::Refused(Refused::Zip)),
            (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", Kind::Refused(Refused::Workbook)),
            (b"%PDF-1.7", Kind::Refused(Refused::Document)),
            (b"\x28\xB5\x2F\xFD", Kind::Refused(Refused::Packed)),
        ] {
            assert_eq!(of(start), kind);
        }
    }
}
