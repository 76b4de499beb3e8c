//! Blocks: an extract cut into pieces that end between records, so that pieces can be parsed in parallel and every
//! record still has its line.
//!
//! In: bytes. Out: [`Block`]s of whole records. Leaves alone: what a record holds (`rows.rs`).

use std::io::{self, Read};

use crate::error::{self, Error};

/// Bytes read at a time.
const BLOCK: usize = 4 << 20;
/// A record may not be longer: an unclosed quote would otherwise swallow the file.
const RECORD_CAP: usize = 4 << 20;

/// Whole records, and the line of the first.
pub struct Block {
    /// The records' bytes.
    pub bytes: Vec<u8>,
    /// Line of the first record in the file, from 1.
    pub first_line: u64,
}

/// Cuts a reader into blocks.
pub struct Blocks<'a> {
    reader: Box<dyn Read + Send + 'a>,
    name: String,
    rest: Vec<u8>,
    line: u64,
    is_done: bool,
}

impl<'a> Blocks<'a> {
    /// Starts at the beginning of a file; a UTF-8 byte-order mark is dropped.
    pub fn new(reader: Box<dyn Read + Send + 'a>, name: &str) -> Self {
        Self { reader, name: name.to_owned(), rest: Vec::new(), line: 1, is_done: false }
    }

    /// The heading row: the first record, with its line ending.
    pub fn heading(&mut self) -> Result<Vec<u8>, Error> {
        loop {
            let end = after_first_record(&self.rest);
            if end.is_none() && !self.is_done {
                self.fill(1 << 16)?;
                if self.rest.len() > RECORD_CAP {
                    return Err(self.too_long());
                }
                continue;
            }
            let mut heading: Vec<u8> = self.rest.drain(..end.unwrap_or(self.rest.len())).collect();
            self.line += count_lines(&heading);
            if heading.starts_with(b"\xEF\xBB\xBF") {
                heading.drain(..3);
            }
            if heading.trim_ascii().is_empty() {
                return Err(Error::new(
                    &error::INPUT_EMPTY,
                    format!("{} has no heading row", self.name),
                    "ask the sender for the file again",
                ));
            }
            self.check_heading(&heading)?;
            return Ok(heading);
        }
    }

    /// A heading in another encoding, or one that holds the whole file because its lines end in a bare CR.
    fn check_heading(&self, heading: &[u8]) -> Result<(), Error> {
        if let Err(fault) = std::str::from_utf8(heading) {
            return Err(self.not_utf8(heading, fault.valid_up_to(), 1));
        }
        if let Some(at) = memchr::memchr(0, heading) {
            return Err(self.not_utf8(heading, at, 1));
        }
        if memchr::memchr(b'\r', heading.trim_ascii_end()).is_some() {
            let what = format!("{}: lines end in a carriage return alone", self.name);
            return Err(Error::new(&error::INPUT_UNREADABLE, what, "export the file with line feeds"));
        }
        Ok(())
    }

    /// A field that is one NUL byte means empty; any other NUL is a fault.
    fn check_nuls(&self, bytes: &[u8]) -> Result<(), Error> {
        let ends_field = |byte: Option<&u8>| byte.is_none_or(|byte| matches!(byte, b',' | b'\n' | b'\r' | b'"'));
        let before = |at: usize| at.checked_sub(1).and_then(|at| bytes.get(at));
        let stray = memchr::memchr_iter(0, bytes).find(|at| !ends_field(before(*at)) || !ends_field(bytes.get(at + 1)));
        stray.map_or(Ok(()), |at| Err(self.not_utf8(bytes, at, self.line)))
    }

    /// The next block, or `None` at the end of the file.
    pub fn next_block(&mut self) -> Result<Option<Block>, Error> {
        while !self.is_done && self.rest.len() < BLOCK {
            self.fill(BLOCK)?;
        }
        if self.rest.is_empty() {
            return Ok(None);
        }
        let end = if self.is_done {
            self.check_end()?
        } else {
            last_record_end(&self.rest).ok_or_else(|| self.too_long())?
        };
        let tail = self.rest.split_off(end);
        let bytes = std::mem::replace(&mut self.rest, tail);
        if let Err(fault) = std::str::from_utf8(&bytes) {
            return Err(self.not_utf8(&bytes, fault.valid_up_to(), self.line));
        }
        self.check_nuls(&bytes)?;
        let first_line = self.line;
        self.line += count_lines(&bytes);
        Ok(Some(Block { bytes, first_line }))
    }

    fn fill(&mut self, wanted: usize) -> Result<(), Error> {
        let start = self.rest.len();
        self.rest.resize(start + wanted, 0);
        let mut filled = start;
        while filled < self.rest.len() {
            match self.reader.read(&mut self.rest[filled..]) {
                Ok(0) => {
                    self.is_done = true;
                    break;
                }
                Ok(length) => filled += length,
                Err(problem) if problem.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => {
                    return Err(Error::new(
                        &error::INPUT_UNREADABLE,
                        format!("{} could not be read to its end", self.name),
                        "check the disk or network share, then run again",
                    ));
                }
            }
        }
        self.rest.truncate(filled);
        Ok(())
    }

    /// At the end of the file every quote must be closed.
    fn check_end(&self) -> Result<usize, Error> {
        if memchr::memchr_iter(b'"', &self.rest).count().is_multiple_of(2) {
            return Ok(self.rest.len());
        }
        let line = self.line + open_quote_line(&self.rest);
        Err(Error::new(
            &error::INPUT_CUT,
            format!("{}: a quote that opens in line {line} is never closed", self.name),
            "the file was cut short or its quotes are not doubled: ask the sender for it again",
        ))
    }

    fn too_long(&self) -> Error {
        let line = self.line + open_quote_line(&self.rest);
        Error::new(
            &error::RECORD_CAP,
            format!("{}: the record at line {line} is longer than 4 MiB", self.name),
            "look for a quote that is never closed",
        )
    }

    fn not_utf8(&self, bytes: &[u8], at: usize, first_line: u64) -> Error {
        let line = first_line + count_lines(&bytes[..at]);
        Error::new(
            &error::NOT_UTF8,
            format!("{} is not valid UTF-8", self.name),
            "export the file as UTF-8, without NUL bytes",
        )
        .because(format!("first bad byte 0x{:02X} in line {line}", bytes[at]))
    }
}

/// Line feeds in some bytes.
pub fn count_lines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

fn after_first_record(bytes: &[u8]) -> Option<usize> {
    let mut is_quoted = false;
    for at in memchr::memchr2_iter(b'"', b'\n', bytes) {
        match bytes[at] {
            b'"' => is_quoted = !is_quoted,
            _ if !is_quoted => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// The end of the last whole record: after the last line feed outside quotes. A doubled quote toggles twice.
fn last_record_end(bytes: &[u8]) -> Option<usize> {
    if memchr::memchr(b'"', bytes).is_none() {
        return memchr::memrchr(b'\n', bytes).map(|at| at + 1);
    }
    let mut is_quoted = false;
    let mut end = None;
    for at in memchr::memchr2_iter(b'"', b'\n', bytes) {
        match bytes[at] {
            b'"' => is_quoted = !is_quoted,
            _ if !is_quoted => end = Some(at + 1),
            _ => {}
        }
    }
    end
}

/// Lines before the last quote that opens and does not close.
fn open_quote_line(bytes: &[u8]) -> u64 {
    let mut opened = 0;
    let mut is_quoted = false;
    for at in memchr::memchr_iter(b'"', bytes) {
        is_quoted = !is_quoted;
        if is_quoted {
            opened = at;
        }
    }
    count_lines(&bytes[..opened])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Result<Vec<(u64, String)>, Error> {
        let mut blocks = Blocks::new(Box::new(text.as_bytes()), "x.csv");
        let heading = blocks.heading()?;
        let mut parts = vec![(1, String::from_utf8(heading).unwrap())];
        while let Some(block) = blocks.next_block()? {
            parts.push((block.first_line, String::from_utf8(block.bytes).unwrap()));
        }
        Ok(parts)
    }

    #[test]
    fn headings_and_rows_part_outside_quotes() {
        let parts = all("\u{feff}a,\"b\nc\"\n1,2\n3,4").unwrap();
        assert_eq!(parts, [(1, "a,\"b\nc\"\n".to_owned()), (3, "1,2\n3,4".to_owned())]);
    }

    #[test]
    fn a_quote_that_never_closes_is_an_error_at_its_line() {
        let error = all("a,b\n1,2\n3,\"x\n5,6\n").unwrap_err();
        assert_eq!(error.code().id, "INP04");
        assert!(error.to_string().contains("line 3"));
    }

    #[test]
    fn blocks_end_between_records_whatever_the_size() {
        let row = "1234567,\"a quoted, \"\"field\"\"\nwith a line\"\n";
        let text = format!("a,b\n{}", row.repeat(300_000));
        let parts = all(&text).unwrap();
        assert!(parts.len() > 2);
        assert_eq!(parts.iter().map(|(_, part)| part.as_str()).collect::<String>(), text);
        for (line, part) in &parts[1..] {
            assert!(part.starts_with("1234567"));
            assert_eq!(line % 2, 0);
        }
    }
}
