//! The start of a file and its bytes: which kind it is, and which encoding its bytes are in whatever is declared.

use std::io::Read;

use serde::Serialize;

use crate::error::{Error, grouped};
use crate::ingest::Extract;
use crate::ingest::decode::{self, Opened, Origin};
use crate::settings::Caps;
use crate::sources::Encoding;

/// Bytes of text that the heading row is looked for in.
const LOOKED_AT: usize = 256 << 10;

/// What the bytes are.
#[derive(Debug, Default, Serialize)]
pub struct Bytes {
    /// `text`, `gzip`, `parquet`, `workbook` or another kind that is not read.
    pub kind: &'static str,
    /// The encoding found, as a source config writes it; none where the file is no text.
    pub encoding: Option<&'static str>,
    /// How it is known.
    pub why: String,
    /// Whether it starts with a byte-order mark.
    pub has_mark: bool,
}

/// What the bytes are, and the text of the first lines.
pub(super) fn look(extract: &Extract, source: &str, caps: &Caps) -> Result<(Bytes, Vec<u8>), Error> {
    let mut first = vec![0; 4096];
    let mut filled = 0;
    let mut reader = extract.open()?;
    while filled < first.len() {
        match reader.read(&mut first[filled..]) {
            Ok(0) => break,
            Ok(length) => filled += length,
            Err(_) => return Err(extract.unreadable()),
        }
    }
    let mut bytes = Bytes { kind: decode::in_words(&first[..filled]), ..Bytes::default() };
    if !matches!(bytes.kind, "text" | "gzip") {
        return Ok((bytes, Vec::new()));
    }
    let origin = Origin { file: &extract.name, source };
    let open = |encoding: Encoding| decode::open(extract, origin, encoding, caps);
    let (opened, by_nuls) = match open(Encoding::Utf8) {
        Err(error) if error.code().id == "ENC01" => (open(Encoding::Utf16)?, true),
        opened => (opened?, false),
    };
    let Opened::Text(mut text) = opened else { return Ok((bytes, Vec::new())) };
    bytes.has_mark = text.notes.has_mark;
    bytes.encoding = [Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be]
        .into_iter()
        .map(Encoding::id)
        .find(|id| *id == text.notes.encoding);
    let start = if text.start.is_some() {
        let (start, bad) = utf8(&mut text.reader);
        bytes.judge(bad);
        start
    } else {
        bytes.why = if by_nuls {
            "every second byte of its heading row is NUL, and there is no byte-order mark".to_owned()
        } else {
            "it starts with a byte-order mark".to_owned()
        };
        let mut start = Vec::new();
        let _ = text.reader.by_ref().take(LOOKED_AT as u64).read_to_end(&mut start);
        start
    };
    Ok((bytes, start))
}

impl Bytes {
    fn judge(&mut self, bad: Option<(u64, u64, u8)>) {
        self.why = match bad {
            None if self.has_mark => "it starts with a byte-order mark, and every byte is valid UTF-8".to_owned(),
            None => "every byte is valid UTF-8".to_owned(),
            Some((at, line, byte)) => {
                let place = format!("first byte that is not UTF-8: 0x{byte:02X} at byte {} (line {line})", grouped(at));
                if let Some(sign) = decode::in_windows_1252(byte) {
                    self.encoding = Some(Encoding::Windows1252.id());
                    format!("{place}; it is {sign} in Windows-1252")
                } else {
                    self.encoding = None;
                    format!("{place}; it stands for nothing in Windows-1252 either")
                }
            }
        };
    }
}

/// The start of some text, and the first byte that is not UTF-8: offset, line from 1, byte.
fn utf8(reader: &mut dyn Read) -> (Vec<u8>, Option<(u64, u64, u8)>) {
    let (mut start, mut bad) = (Vec::new(), None);
    let (mut carry, mut buffer): (Vec<u8>, _) = (Vec::new(), vec![0u8; 1 << 20]);
    let (mut before, mut line) = (0u64, 1u64);
    loop {
        let length = match reader.read(&mut buffer) {
            Ok(0) | Err(_) => break,
            Ok(length) => length,
        };
        let room = LOOKED_AT.saturating_sub(start.len()).min(length);
        start.extend_from_slice(&buffer[..room]);
        carry.extend_from_slice(&buffer[..length]);
        let valid = match std::str::from_utf8(&carry) {
            Ok(_) => carry.len(),
            Err(fault) if fault.error_len().is_none() => fault.valid_up_to(),
            Err(fault) => {
                let at = fault.valid_up_to();
                line += memchr::memchr_iter(b'\n', &carry[..at]).count() as u64;
                bad = Some((before + at as u64, line, carry[at]));
                break;
            }
        };
        line += memchr::memchr_iter(b'\n', &carry[..valid]).count() as u64;
        before += valid as u64;
        carry.drain(..valid);
    }
    if bad.is_none()
        && let Some(byte) = carry.first()
    {
        bad = Some((before, line, *byte));
    }
    (start, bad)
}
