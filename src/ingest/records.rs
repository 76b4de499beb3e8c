//! Records: a block split into records and their fields. Nothing is copied unless a field has doubled quotes.
//!
//! In: a [`Block`]. Out: the fields of each record, without their quotes, and its line; or that it breaks the quoting
//! rule of `quotes.rs`. Leaves alone: what fields mean (`rows.rs`).

use super::blocks::Block;
use super::line_ends::{LineEnds, after_line_end};
use super::marks::Marks;
use super::quotes::{self, Format, Quoted};
use super::record_faults::{self, Place};
use crate::error::Error;

/// What the records of one file are split for.
pub struct Splitter<'a> {
    /// The file's name, as shown.
    pub file: &'a str,
    /// Fields in a whole record. No more than one beyond it are told.
    pub width: usize,
    /// Words that stand for an empty field.
    pub null_words: &'a [Vec<u8>],
}

/// A record.
#[derive(Debug, Clone, Copy)]
pub enum Record<'r> {
    /// Its fields, none of them a null word or a NUL byte.
    Fields(&'r [&'r [u8]]),
    /// It has a quote in the wrong place.
    Broken,
}

impl Splitter<'_> {
    /// Calls `take` with each record of a block and its line. An error of `take`, a part that is longer than its cap,
    /// a NUL byte inside a field or a file that ends inside a record ends it.
    pub fn each<F>(&self, block: &Block, take: F) -> Result<(), Error>
    where
        F: FnMut(Record<'_>, u64) -> Result<(), Error>,
    {
        let has_nul = memchr::memchr(0, &block.bytes).is_some();
        if block.has_quotes || has_nul || block.ends.cr > 0 || !self.null_words.is_empty() {
            Walk { splitter: self, block, has_nul, at: 0, line: block.first_line, doubled: Vec::new() }.each(take)
        } else {
            self.each_plain(block, take)
        }
    }

    /// Without a quote or a bare carriage return a record is a line and a field lies between delimiters.
    fn each_plain<F>(&self, block: &Block, mut take: F) -> Result<(), Error>
    where
        F: FnMut(Record<'_>, u64) -> Result<(), Error>,
    {
        let bytes = block.bytes.as_slice();
        let has_returns = block.ends.crlf > 0;
        let longest = block.format.caps.max_field_bytes.min(block.format.caps.max_record_bytes);
        let mut fields: Vec<&[u8]> = vec![b""; self.width + 1];
        let (mut start, mut record, mut line, mut count) = (0, 0, block.first_line, 0);
        for at in Marks::new(bytes, [block.format.delimiter, b'\n']) {
            if let Some(field) = fields.get_mut(count) {
                *field = &bytes[start..at];
                count += 1;
            }
            start = at + 1;
            if bytes[at] == b'\n' {
                let fields = &mut fields[..count];
                if start - record > longest {
                    self.check_lengths(block, (record, start), line, fields)?;
                }
                if has_returns && let Some(last) = fields.last_mut() {
                    *last = last.strip_suffix(b"\r").unwrap_or(last);
                }
                take(Record::Fields(fields), line)?;
                count = 0;
                line += 1;
                record = start;
            }
        }
        if start < bytes.len() || count > 0 {
            if let Some(field) = fields.get_mut(count) {
                *field = &bytes[start..];
                count += 1;
            }
            let fields = &fields[..count];
            self.check_lengths(block, (record, bytes.len()), line, fields)?;
            self.check_whole(block, line, fields)?;
            take(Record::Fields(fields), line)?;
        }
        Ok(())
    }

    /// The caps of records and fields. A field that is not told is at least bounded by its record.
    fn check_lengths(
        &self,
        block: &Block,
        (start, end): (usize, usize),
        line: u64,
        fields: &[&[u8]],
    ) -> Result<(), Error> {
        let caps = &block.format.caps;
        let place = Place { line, byte: block.first_byte.map(|byte| byte + start as u64) };
        if end - start > caps.max_record_bytes {
            return Err(record_faults::record_cap(self.file, place, caps.max_record_bytes));
        }
        if fields.iter().any(|field| field.len() > caps.max_field_bytes) {
            return Err(record_faults::field_cap(self.file, place, caps.max_field_bytes));
        }
        Ok(())
    }

    /// A last record without a line end may lack no field: the file would have been cut.
    fn check_whole(&self, block: &Block, line: u64, fields: &[&[u8]]) -> Result<(), Error> {
        if !block.is_unended || fields.len() >= self.width {
            return Ok(());
        }
        let byte = block.first_byte.map(|byte| byte + block.bytes.len() as u64);
        Err(record_faults::cut(self.file, Place { line, byte }, (fields.len(), self.width)))
    }
}

/// The fields of the first record of some bytes, at most one more than the cap on columns; none if it breaks the rule.
pub fn first(bytes: &[u8], format: &Format) -> Option<Vec<Vec<u8>>> {
    let block = Block {
        bytes: bytes.to_vec(),
        first_line: 1,
        first_byte: None,
        format: *format,
        ends: LineEnds::default(),
        has_quotes: true,
        is_flat: false,
        is_unended: false,
    };
    let splitter = Splitter { file: "", width: format.caps.max_columns, null_words: &[] };
    let mut walk = Walk { splitter: &splitter, block: &block, has_nul: false, at: 0, line: 1, doubled: Vec::new() };
    let mut fields = Vec::new();
    let stops = walk.stops();
    if !walk.record(&stops, &mut fields) {
        return None;
    }
    let mut whole: Vec<Vec<u8>> = fields.iter().map(|field| field.to_vec()).collect();
    for (at, text) in walk.unescaped(&fields) {
        whole[at] = text;
    }
    Some(whole)
}

/// A walk over a block that may hold anything.
struct Walk<'a> {
    splitter: &'a Splitter<'a>,
    block: &'a Block,
    has_nul: bool,
    at: usize,
    line: u64,
    /// Which fields of the record have doubled quotes.
    doubled: Vec<usize>,
}

impl<'a> Walk<'a> {
    fn each<F>(mut self, mut take: F) -> Result<(), Error>
    where
        F: FnMut(Record<'_>, u64) -> Result<(), Error>,
    {
        let bytes = self.block.bytes.as_slice();
        let stops = self.stops();
        let mut fields: Vec<&[u8]> = Vec::with_capacity(self.splitter.width + 1);
        while self.at < bytes.len() {
            let start = self.at;
            fields.clear();
            self.doubled.clear();
            if self.record(&stops, &mut fields) {
                self.splitter.check_lengths(self.block, (start, self.at), self.line, &fields)?;
                if self.at == bytes.len() {
                    self.splitter.check_whole(self.block, self.line, &fields)?;
                }
                self.clear_empty(start, &mut fields)?;
                if self.doubled.is_empty() {
                    take(Record::Fields(&fields), self.line)?;
                } else {
                    let single = self.unescaped(&fields);
                    let mut fields: Vec<&[u8]> = fields.clone();
                    for (at, text) in &single {
                        fields[*at] = text;
                    }
                    take(Record::Fields(&fields), self.line)?;
                }
            } else {
                self.splitter.check_lengths(self.block, (start, self.at), self.line, &[])?;
                take(Record::Broken, self.line)?;
            }
            self.line += if self.block.is_flat { 1 } else { LineEnds::of(&bytes[start..self.at]).total() };
        }
        Ok(())
    }

    /// The bytes at which a field without quotes stops.
    fn stops(&self) -> [bool; 256] {
        let format = &self.block.format;
        std::array::from_fn(|byte| {
            let byte = byte as u8;
            format.ends_field(byte) || format.quote == Some(byte)
        })
    }

    /// Reads a record and moves past it; false if it breaks the quoting rule.
    fn record(&mut self, stops: &[bool; 256], fields: &mut Vec<&'a [u8]>) -> bool {
        let format = &self.block.format;
        let bytes = self.block.bytes.as_slice();
        loop {
            let start = self.at;
            let field = if format.quote.is_some() && bytes.get(start).copied() == format.quote {
                // Blocks end between records, so a quote that opens is followed to its end.
                let Quoted::Closed { after, has_doubled } = quotes::follow(bytes, start, format, true) else {
                    return self.skip_line();
                };
                if has_doubled {
                    self.doubled.push(fields.len());
                }
                self.at = after;
                &bytes[start + 1..after - 1]
            } else {
                let rest = &bytes[start..];
                self.at += rest.iter().position(|byte| stops[usize::from(*byte)]).unwrap_or(rest.len());
                if self.at < bytes.len() && Some(bytes[self.at]) == format.quote {
                    return self.skip_line();
                }
                &bytes[start..self.at]
            };
            if fields.len() <= self.splitter.width {
                fields.push(field);
            }
            match bytes.get(self.at) {
                Some(byte) if *byte == format.delimiter => self.at += 1,
                Some(_) => {
                    self.at = after_line_end(bytes, self.at, true).unwrap_or(bytes.len());
                    return true;
                }
                None => return true,
            }
        }
    }

    /// Moves to the line after the quote that broke the rule; false, for the caller to hand on.
    fn skip_line(&mut self) -> bool {
        self.at = after_line_end(&self.block.bytes, self.at, true).unwrap_or(self.block.bytes.len());
        false
    }

    /// Makes null words and fields of one NUL byte empty; any other NUL is an error.
    fn clear_empty(&self, start: usize, fields: &mut [&[u8]]) -> Result<(), Error> {
        let words = self.splitter.null_words;
        if !self.has_nul && words.is_empty() {
            return Ok(());
        }
        for field in fields {
            if *field == b"\0" || words.iter().any(|word| word == field.trim_ascii()) {
                *field = b"";
            } else if self.has_nul && memchr::memchr(0, field).is_some() {
                let byte = self.block.first_byte.map(|byte| byte + start as u64);
                return Err(record_faults::stray_nul(self.splitter.file, Place { line: self.line, byte }));
            }
        }
        Ok(())
    }

    /// The fields with doubled quotes, with single ones.
    fn unescaped(&self, fields: &[&[u8]]) -> Vec<(usize, Vec<u8>)> {
        let quote = self.block.format.quote.unwrap_or_default();
        let single = |field: &[u8]| {
            let mut text = Vec::with_capacity(field.len());
            let mut was_quote = false;
            for byte in field {
                was_quote = *byte == quote && !was_quote;
                if !was_quote {
                    text.push(*byte);
                }
            }
            text
        };
        self.doubled.iter().filter_map(|at| Some((*at, single(fields.get(*at)?)))).collect()
    }
}

#[cfg(test)]
mod tests;
