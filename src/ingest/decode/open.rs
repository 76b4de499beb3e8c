//! Opening: from an extract to its text, by its first bytes and what is declared.

use super::encoding::{self, Found};
use super::fault::Origin;
use super::gzip::Gunzip;
use super::kind::{self, Kind, Refused};
use super::prefix::{self, Bytes};
use super::transcode::Transcoder;
use crate::error::Error;
use crate::ingest::extracts::Extract;
use crate::ingest::notes::DialectNotes;
use crate::settings::Caps;
use crate::sources::Encoding;

/// An extract whose kind is known.
pub enum Opened<'a> {
    /// Text.
    Text(Text<'a>),
    /// A Parquet file, which `parquet.rs` reads from its end.
    Parquet,
}

/// Plain UTF-8 text without a byte-order mark.
pub struct Text<'a> {
    /// The text. A fault of the bytes is a [`super::Fault`] inside the error of a read.
    pub reader: Bytes<'a>,
    /// Offset of the first byte of text in the unpacked file, where the text is the file's own bytes: declared UTF-8,
    /// of which the reader has checked nothing. None where it was decoded and is valid.
    pub start: Option<u64>,
    /// The number of its first line: 0 where the heading is no line of the file, so that rows count from 1.
    pub first_line: u64,
    /// What was found.
    pub notes: DialectNotes,
}

/// Opens an extract of a source.
pub fn open<'a>(
    extract: &'a Extract,
    origin: Origin<'_>,
    declared: Encoding,
    caps: &Caps,
) -> Result<Opened<'a>, Error> {
    open_bytes(extract.open()?, origin, declared, caps)
}

/// Opens any bytes.
pub fn open_bytes<'a>(
    bytes: Bytes<'a>,
    origin: Origin<'_>,
    declared: Encoding,
    caps: &Caps,
) -> Result<Opened<'a>, Error> {
    let (start, rest) = prefix::split(bytes, origin)?;
    let mut notes = DialectNotes { declared_encoding: declared.id().to_owned(), ..DialectNotes::default() };
    match kind::of(&start) {
        Kind::Parquet => Ok(Opened::Parquet),
        Kind::Refused(refused) => Err(kind::refuse(refused, origin)),
        Kind::Text => text(start, rest, (origin, declared), notes),
        Kind::Gzip => {
            let packed = prefix::join(start, 0, rest);
            let (start, rest) = prefix::split(Box::new(Gunzip::new(packed, caps.max_gzip_ratio)), origin)?;
            notes.compression = Some("gzip".to_owned());
            match kind::of(&start) {
                Kind::Text => text(start, rest, (origin, declared), notes),
                Kind::Refused(refused) => Err(kind::refuse(refused, origin)),
                // Parquet is read from its end, and packs its own columns.
                Kind::Parquet | Kind::Gzip => Err(kind::refuse(Refused::Packed, origin)),
            }
        }
    }
}

fn text<'a>(
    start: Vec<u8>,
    rest: Bytes<'a>,
    (origin, declared): (Origin<'_>, Encoding),
    mut notes: DialectNotes,
) -> Result<Opened<'a>, Error> {
    let Found { encoding, mark } = encoding::decide(declared, &start, origin)?;
    encoding.id().clone_into(&mut notes.encoding);
    notes.has_mark = mark > 0;
    let bytes = prefix::join(start, mark, rest);
    Ok(Opened::Text(match encoding {
        Encoding::Utf8 => Text { reader: bytes, start: Some(mark as u64), first_line: 1, notes },
        _ => {
            Text { reader: Box::new(Transcoder::new(bytes, encoding, mark as u64)), start: None, first_line: 1, notes }
        }
    }))
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    const ORIGIN: Origin<'static> = Origin { file: "x.csv", source: "gp" };

    fn opened(bytes: &'static [u8], declared: Encoding) -> Result<(String, DialectNotes), Error> {
        match open_bytes(Box::new(bytes), ORIGIN, declared, &Caps::default())? {
            Opened::Parquet => Ok((String::new(), DialectNotes::default())),
            Opened::Text(mut text) => {
                let mut read = String::new();
                text.reader.read_to_string(&mut read).unwrap();
                Ok((read, text.notes))
            }
        }
    }

    #[test]
    fn the_mark_is_left_out_and_a_change_of_encoding_is_noted() {
        let (text, notes) = opened(b"\xFF\xFEa\0,\0b\0", Encoding::Utf8).unwrap();
        assert_eq!((text.as_str(), notes.encoding.as_str()), ("a,b", "utf-16le"));
        assert_eq!((notes.declared_encoding.as_str(), notes.has_mark), ("utf-8", true));
        let (text, notes) = opened(b"\xEF\xBB\xBFa,\xC3\xA9", Encoding::Windows1252).unwrap();
        assert_eq!((text.as_str(), notes.encoding.as_str()), ("a,é", "utf-8"));
    }

    #[test]
    fn workbooks_and_documents_are_refused_with_the_way_out() {
        for start in [&b"PK\x03\x04xl/workbook.xml"[..], b"\xD0\xCF\x11\xE0", b"%PDF-1.4"] {
            let error = opened(start, Encoding::Utf8).unwrap_err();
            assert_eq!(error.code().id, "FMT01");
            assert!(error.fix().contains("as CSV from the source system"), "{error}");
        }
        assert!(opened(b"PAR1", Encoding::Utf8).is_ok());
    }
}
