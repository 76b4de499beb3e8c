//! Blocks: an extract cut into pieces that end between records, so that pieces can be parsed in parallel and every
//! record still has its line.
//!
//! In: text as `decode` opened it. Out: [`Block`]s of whole records, each valid UTF-8. Memory holds one block and one
//! record beside it. Leaves alone: what a record holds (`records.rs`, `rows.rs`).

use std::io::{self, Read};

use super::decode::{Fault, Origin, Text};
use super::line_ends::LineEnds;
use super::notes::DialectNotes;
use super::quotes::{self, Format, Long};
use super::record_faults::{self, Place};
use crate::error::{self, Error};
use crate::sources::Encoding;

/// Bytes read at a time unless told otherwise: few enough that a block and its columns stay in a core's own cache.
const BLOCK: usize = 256 << 10;
/// Bytes read at a time until the heading row has ended.
const HEADING: usize = 64 << 10;

/// Whole records, and the line of the first.
pub struct Block {
    /// The records' bytes.
    pub bytes: Vec<u8>,
    /// Line of the first record in the file, from 1.
    pub first_line: u64,
    /// Offset of the first record in the unpacked file, where the text is the file's own bytes.
    pub first_byte: Option<u64>,
    /// How records and fields end.
    pub format: Format,
    /// Line ends of any kind, those inside quotes included.
    pub ends: LineEnds,
    /// Whether any quote stands in it.
    pub has_quotes: bool,
    /// Whether every record is one line.
    pub is_flat: bool,
    /// Whether the file ends with it and without a line end.
    pub is_unended: bool,
}

/// Cuts text into blocks.
pub struct Blocks<'a> {
    reader: Box<dyn Read + Send + 'a>,
    origin: Origin<'a>,
    format: Format,
    size: usize,
    rest: Vec<u8>,
    line: u64,
    byte: Option<u64>,
    is_done: bool,
    ends: LineEnds,
    is_unended: bool,
    notes: DialectNotes,
}

impl<'a> Blocks<'a> {
    /// Starts at the beginning of a text.
    pub fn new(text: Text<'a>, origin: Origin<'a>, format: Format) -> Self {
        Self {
            reader: text.reader,
            origin,
            format,
            size: BLOCK,
            rest: Vec::new(),
            line: text.first_line,
            byte: text.start,
            is_done: false,
            ends: LineEnds::default(),
            is_unended: false,
            notes: text.notes,
        }
    }

    /// The same with other blocks than those of 256 KiB: the records are the same whatever the size.
    #[must_use]
    pub fn sized(self, bytes: usize) -> Self {
        Self { size: bytes.max(1), ..self }
    }

    /// What was found of the dialect; whole once the last block was taken.
    pub fn notes(&self) -> DialectNotes {
        let mut notes = self.notes.clone();
        notes.close(self.ends, !self.is_unended);
        notes
    }

    /// Line ends of records that are not of the kind that most are.
    pub fn odd_line_ends(&self) -> u64 {
        self.ends.odd_ones()
    }

    /// The heading row: the first record, with its line ending.
    pub fn heading(&mut self) -> Result<Vec<u8>, Error> {
        let end = loop {
            let end = quotes::after_first_record(&self.rest, &self.format, self.is_done);
            if end.is_some() {
                break end;
            }
            self.check_closed()?;
            if self.is_done {
                break None;
            }
            self.fill(self.rest.len().max(HEADING).min(self.size))?;
        };
        let end = end.unwrap_or(self.rest.len());
        if end > self.format.caps.max_record_bytes {
            return Err(self.record_cap(0));
        }
        let scan = quotes::scan(&self.rest[..end], &self.format, true);
        if let Some(Long::Field(open)) = scan.long {
            return Err(self.field_cap(open));
        }
        self.check_utf8(end)?;
        let heading: Vec<u8> = self.rest.drain(..end).collect();
        let ends = LineEnds::of(&heading);
        self.pass(&heading, ends);
        self.ends += ends;
        self.ends -= scan.inner;
        if heading.trim_ascii().is_empty() {
            return Err(Error::new(
                &error::INPUT_EMPTY,
                format!("{} has no heading row", self.origin.file),
                "ask the sender for the file again",
            ));
        }
        Ok(heading)
    }

    /// The next block, or `None` at the end of the file.
    pub fn next_block(&mut self) -> Result<Option<Block>, Error> {
        while !self.is_done && self.rest.len() < self.size {
            self.fill(self.size)?;
        }
        let scan = loop {
            if self.rest.is_empty() {
                return Ok(None);
            }
            let scan = quotes::scan(&self.rest, &self.format, self.is_done);
            self.check_caps(&scan)?;
            if scan.end > 0 || self.is_done {
                break scan;
            }
            // A record longer than a block is looked through again with each fill, so they grow.
            self.fill(self.rest.len().max(self.size))?;
        };
        let end = if self.is_done { self.rest.len() } else { scan.end };
        self.check_utf8(end)?;
        let tail = self.rest.split_off(end);
        let bytes = std::mem::replace(&mut self.rest, tail);
        let ends = LineEnds::of(&bytes);
        let block = Block {
            first_line: self.line,
            first_byte: self.byte,
            format: self.format,
            ends,
            has_quotes: scan.has_quotes,
            is_flat: scan.inner.total() == 0,
            is_unended: !bytes.ends_with(b"\n") && !bytes.ends_with(b"\r"),
            bytes,
        };
        self.pass(&block.bytes, ends);
        self.ends += ends;
        self.ends -= scan.inner;
        Ok(Some(block))
    }

    /// Goes on past some bytes.
    fn pass(&mut self, bytes: &[u8], ends: LineEnds) {
        self.line += ends.total();
        self.byte = self.byte.map(|byte| byte + bytes.len() as u64);
        self.is_unended = !bytes.ends_with(b"\n") && !bytes.ends_with(b"\r");
    }

    fn fill(&mut self, wanted: usize) -> Result<(), Error> {
        let start = self.rest.len();
        self.rest.resize(start + wanted, 0);
        let mut filled = start;
        let mut problem = None;
        while filled < self.rest.len() && problem.is_none() {
            match self.reader.read(&mut self.rest[filled..]) {
                Ok(0) => {
                    self.is_done = true;
                    break;
                }
                Ok(length) => filled += length,
                Err(interrupted) if interrupted.kind() == io::ErrorKind::Interrupted => {}
                Err(other) => problem = Some(other),
            }
        }
        self.rest.truncate(filled);
        let line = || self.line + LineEnds::of(&self.rest).total();
        problem.map_or(Ok(()), |problem| Err(Fault::of_read(problem, self.origin, line())))
    }

    fn place(&self, at: usize) -> Place {
        let line = self.line + LineEnds::of(&self.rest[..at]).total();
        Place { line, byte: self.byte.map(|byte| byte + at as u64) }
    }

    fn record_cap(&self, at: usize) -> Error {
        record_faults::record_cap(self.origin.file, self.place(at), self.format.caps.max_record_bytes)
    }

    fn field_cap(&self, at: usize) -> Error {
        record_faults::field_cap(self.origin.file, self.place(at), self.format.caps.max_field_bytes)
    }

    /// A quote that opens and does not close is told by its own line: at the end of the file, or as soon as its field
    /// is longer than the cap. So is one that closes wrongly and too late, or it would matter where a block ends.
    fn check_caps(&self, scan: &quotes::Scan) -> Result<(), Error> {
        let caps = &self.format.caps;
        let is_long = |open: usize| self.rest.len() - open > self.format.longest_quoted();
        match (scan.long, scan.open) {
            (Some(Long::Record(open)), _) => Err(self.record_cap(open)),
            (Some(Long::Field(open)), _) => Err(self.field_cap(open)),
            (None, Some(open)) if self.is_done => Err(record_faults::unclosed(self.origin, self.place(open))),
            (None, Some(open)) if is_long(open) => Err(self.field_cap(open)),
            (None, open) if !self.is_done && self.rest.len() - scan.end > caps.max_record_bytes => {
                Err(self.record_cap(open.unwrap_or(scan.end)))
            }
            _ => Ok(()),
        }
    }

    /// The same where no record has ended yet.
    fn check_closed(&self) -> Result<(), Error> {
        self.check_caps(&quotes::scan(&self.rest, &self.format, self.is_done))
    }

    /// Declared UTF-8 is checked here; text that was decoded is valid.
    fn check_utf8(&self, end: usize) -> Result<(), Error> {
        let Some(first) = self.byte else { return Ok(()) };
        let Err(bad) = std::str::from_utf8(&self.rest[..end]) else { return Ok(()) };
        let at = bad.valid_up_to();
        let place = first + at as u64;
        let fault = match bad.error_len() {
            None if self.is_done && end == self.rest.len() => Fault::CharacterCut { at: place },
            _ => Fault::Malformed { encoding: Encoding::Utf8, at: place, byte: self.rest[at] },
        };
        Err(fault.error(self.origin, self.place(at).line))
    }
}

#[cfg(test)]
mod tests;
