//! Faults of decoding: what a reader met in the bytes, told with file, place and the setting that would mend it.

use std::fmt;
use std::io;

use super::encoding::in_windows_1252;
use super::failure::Failure;
use crate::error::{self, Error, grouped};
use crate::sources::Encoding;

/// Where bytes come from, for messages.
#[derive(Debug, Clone, Copy)]
pub struct Origin<'a> {
    /// The file's name, as shown.
    pub file: &'a str,
    /// The source's id, which names its config.
    pub source: &'a str,
}

impl Origin<'_> {
    /// The fix that sets a key of the source's config.
    pub fn set(&self, key: &str, value: &str) -> String {
        format!("set {key} = \"{value}\" for [source.{}] in {}.toml", self.source, self.source)
    }
}

/// A fault met while reading. It travels through [`io::Error`]; the reader of blocks adds the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// A byte that is none in the encoding that is read; offset from 0 in the unpacked file.
    Malformed {
        /// The encoding.
        encoding: Encoding,
        /// Offset of the first bad byte.
        at: u64,
        /// The byte.
        byte: u8,
    },
    /// The text ends inside a character; offset of that character.
    CharacterCut {
        /// Offset of the character's first byte.
        at: u64,
    },
    /// The gzip stream ends before its end; bytes of the packed file that there are.
    GzipCut {
        /// Bytes there are.
        at: u64,
    },
    /// The gzip stream is damaged; offset in the packed file.
    GzipDamaged {
        /// Offset near the damage.
        at: u64,
    },
    /// A Parquet file is damaged, or packed in a way that is not read.
    ParquetDamaged,
    /// The gzip stream unpacks to more than the cap; bytes read of the packed file.
    GzipCap {
        /// Bytes read.
        at: u64,
        /// The cap.
        ratio: u64,
    },
    /// The rows of a query are not there.
    Query(Failure),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the bytes do not fit their format")
    }
}

impl std::error::Error for Fault {}

impl From<Fault> for io::Error {
    fn from(fault: Fault) -> Self {
        Self::other(fault)
    }
}

impl Fault {
    /// The fault inside an error of reading, or the error that the file cannot be read to its end.
    pub fn of_read(problem: io::Error, origin: Origin<'_>, line: u64) -> Error {
        match problem.downcast::<Self>() {
            Ok(fault) => fault.error(origin, line),
            Err(_) => Error::new(
                &error::INPUT_UNREADABLE,
                format!("{} could not be read to its end", origin.file),
                "check the disk or network share, then run again",
            ),
        }
    }

    /// The error that ends the run: `line` is the line, from 1, that reading had come to.
    pub fn error(self, origin: Origin<'_>, line: u64) -> Error {
        let file = origin.file;
        match self {
            Self::Query(failure) => failure.error(origin),
            Self::Malformed { encoding: Encoding::Utf8, at, byte } => not_utf8(origin, (byte, at, line)),
            Self::Malformed { encoding: Encoding::Windows1252, at, byte } => Error::new(
                &error::NOT_UTF8,
                format!("{file} is not valid Windows-1252"),
                "ask the sender which encoding the file has, and set it for the source",
            )
            .because(format!("0x{byte:02X} at byte {} (line {line}) stands for no character there", grouped(at))),
            Self::Malformed { encoding, at, .. } => Error::new(
                &error::NOT_UTF8,
                format!("{file} is not valid {}", encoding.title()),
                "ask the sender to export the file again, as UTF-8 if possible",
            )
            .because(format!("half of a surrogate pair without the other at byte {} (line {line})", grouped(at))),
            Self::CharacterCut { at } => cut(
                origin,
                "a character",
                &format!("it breaks off in the character at byte {} (line {line})", grouped(at)),
            ),
            Self::GzipCut { at } => {
                cut(origin, "a gzip stream", &format!("the packed file stops at byte {}", grouped(at)))
            }
            Self::GzipDamaged { at } => Error::new(
                &error::INPUT_CUT,
                format!("{file} is packed with gzip and cannot be unpacked to its end"),
                "the file was damaged on its way: ask the sender for it again",
            )
            .because(format!("the packed file is damaged at or before byte {}", grouped(at))),
            Self::ParquetDamaged => Error::new(
                &error::INPUT_CUT,
                format!("{file} is a Parquet file that cannot be read to its end"),
                "ask the sender for it again, packed with zstd, snappy or gzip, or not packed",
            )
            .because("it was cut or damaged on its way, or it is packed in another way"),
            Self::GzipCap { at, ratio } => Error::new(
                &error::GZIP_CAP,
                format!("{file} unpacks to more than {ratio} times its size"),
                "check that it is an extract; if it is, raise max_gzip_ratio under [caps]",
            )
            .because(format!("noticed at byte {} of the packed file", grouped(at))),
        }
    }
}

fn cut(origin: Origin<'_>, inside: &str, place: &str) -> Error {
    Error::new(
        &error::INPUT_CUT,
        format!("{} ends inside {inside}", origin.file),
        "the file was cut short: ask the sender for it again",
    )
    .because(place)
}

/// Bytes that are not UTF-8: what the first bad one would be in the encoding that exports most often have instead.
fn not_utf8(origin: Origin<'_>, (byte, at, line): (u8, u64, u64)) -> Error {
    let place = format!("first bad byte 0x{byte:02X} at byte {} (line {line})", grouped(at));
    let what = format!("{} is not valid UTF-8", origin.file);
    match in_windows_1252(byte) {
        Some(sign) => Error::new(&error::NOT_UTF8, what, origin.set("encoding", Encoding::Windows1252.id()))
            .because(format!("{place}; 0x{byte:02X} is {sign} in Windows-1252")),
        None => {
            Error::new(&error::NOT_UTF8, what, "ask the sender which encoding the file has, and set it for the source")
                .because(place)
        }
    }
}
