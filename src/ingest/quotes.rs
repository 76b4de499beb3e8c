//! Quotes, strictly: one opens only at the start of a field, a doubled one inside is a literal, and after the closing
//! one only a delimiter, a line end or the end of the file may follow.
//!
//! In: bytes that start where a record starts. Out: where quoted fields and records end. A record that breaks the rule
//! ends with the line of the quote that broke it, so that one stray quote costs one line and not the file.

use super::line_ends::{LineEnds, after_last_line_end, after_line_end};
use crate::settings::Caps;
use crate::sources::Dialect;

/// How text parts into records and fields, and how long they may be.
#[derive(Debug, Clone, Copy)]
pub struct Format {
    /// The byte between fields.
    pub delimiter: u8,
    /// The byte around fields; none if nothing is quoted.
    pub quote: Option<u8>,
    /// How long fields and records may be.
    pub caps: Caps,
}

impl Format {
    /// The format of a dialect.
    pub fn new(dialect: &Dialect, caps: Caps) -> Self {
        Self { delimiter: dialect.delimiter, quote: dialect.quote, caps }
    }

    /// Bytes of the longest field with its quotes.
    pub fn longest_quoted(&self) -> usize {
        self.caps.max_field_bytes.saturating_add(2)
    }

    /// Whether a byte ends a field.
    pub fn ends_field(&self, byte: u8) -> bool {
        byte == self.delimiter || matches!(byte, b'\n' | b'\r')
    }

    /// Whether a field starts here: the bytes start where a record does.
    fn starts_field(&self, bytes: &[u8], at: usize) -> bool {
        at.checked_sub(1).is_none_or(|before| self.ends_field(bytes[before]))
    }
}

/// How a quoted field goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quoted {
    /// It is closed; `after` is the position after the closing quote.
    Closed {
        /// The position after the closing quote.
        after: usize,
        /// Whether it holds a doubled quote.
        has_doubled: bool,
    },
    /// Something other than a delimiter, a line end or the end of the file follows the closing quote.
    Broken {
        /// The position after the quote that should have closed it.
        after: usize,
    },
    /// The bytes end before it is known.
    Open,
}

/// Follows the quoted field whose opening quote is at `open`; `is_last` if the file ends with these bytes.
pub fn follow(bytes: &[u8], open: usize, format: &Format, is_last: bool) -> Quoted {
    let Some(quote) = bytes.get(open).copied() else { return Quoted::Open };
    let (mut at, mut has_doubled) = (open + 1, false);
    while let Some(found) = memchr::memchr(quote, &bytes[at..]) {
        let after = at + found + 1;
        match bytes.get(after) {
            None if !is_last => return Quoted::Open,
            Some(byte) if *byte == quote => {
                has_doubled = true;
                at = after + 1;
            }
            Some(byte) if !format.ends_field(*byte) => return Quoted::Broken { after },
            _ => return Quoted::Closed { after, has_doubled },
        }
    }
    Quoted::Open
}

/// What is longer than its cap, and where its quote opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Long {
    /// The field.
    Field(usize),
    /// The record.
    Record(usize),
}

/// What is known of some bytes that start where a record starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scan {
    /// The position after the last whole record; 0 if there is none.
    pub end: usize,
    /// Where a quote opened that is not closed within the bytes.
    pub open: Option<usize>,
    /// A quote that is closed only after more bytes than a field may have, or wrongly and after more than a record may.
    pub long: Option<Long>,
    /// Line ends inside the quoted fields of whole records.
    pub inner: LineEnds,
    /// Whether there is any quote.
    pub has_quotes: bool,
}

/// Finds the end of the last whole record; `is_last` if the file ends with these bytes.
pub fn scan(bytes: &[u8], format: &Format, is_last: bool) -> Scan {
    let mut scan = Scan { end: 0, open: None, long: None, inner: LineEnds::default(), has_quotes: false };
    let (mut at, mut unended) = (0, LineEnds::default());
    // Where the next line ends, so that fields within one line cost no look for line ends.
    let line_end = |from: usize| memchr::memchr2(b'\n', b'\r', &bytes[from..]).map_or(bytes.len(), |at| from + at);
    let mut next_line_end = 0;
    while let Some(open) = format.quote.and_then(|quote| memchr::memchr(quote, &bytes[at..])).map(|found| at + found) {
        scan.has_quotes = true;
        if next_line_end < open {
            scan.close(after_last_line_end(bytes, at, open, is_last), &mut unended);
            next_line_end = line_end(open);
        }
        let quoted = if format.starts_field(bytes, open) {
            follow(bytes, open, format, is_last)
        } else {
            Quoted::Broken { after: open }
        };
        match quoted {
            Quoted::Closed { after, .. } | Quoted::Broken { after }
                if after.saturating_sub(open) > format.longest_quoted() =>
            {
                return Scan { long: Some(Long::Field(open)), ..scan };
            }
            Quoted::Closed { after, .. } => {
                if next_line_end < after {
                    unended += LineEnds::of(&bytes[open..after]);
                    next_line_end = line_end(after);
                }
                at = after;
            }
            Quoted::Broken { after } if after > open && after - scan.end > format.caps.max_record_bytes => {
                return Scan { long: Some(Long::Record(open)), ..scan };
            }
            Quoted::Broken { .. } => {
                let Some(next) = after_line_end(bytes, open, is_last) else { break };
                scan.close(Some(next), &mut unended);
                next_line_end = line_end(next);
                at = next;
            }
            Quoted::Open => return Scan { open: Some(open), ..scan },
        }
    }
    scan.close(after_last_line_end(bytes, at, bytes.len(), is_last), &mut unended);
    if is_last {
        scan.inner += unended;
    }
    scan
}

impl Scan {
    /// Records end at `end`, if anywhere: the line ends inside quotes before it are theirs.
    fn close(&mut self, end: Option<usize>, unended: &mut LineEnds) {
        if let Some(end) = end {
            self.end = end;
            self.inner += std::mem::take(unended);
        }
    }
}

/// The position after the first record, if it is there whole.
pub fn after_first_record(bytes: &[u8], format: &Format, is_last: bool) -> Option<usize> {
    let Some(quote) = format.quote else { return after_line_end(bytes, 0, is_last) };
    let mut at = 0;
    loop {
        let found = at + memchr::memchr3(quote, b'\n', b'\r', &bytes[at..])?;
        let is_quoted = bytes[found] == quote && format.starts_field(bytes, found);
        match is_quoted.then(|| follow(bytes, found, format, is_last)) {
            Some(Quoted::Closed { after, .. }) => at = after,
            Some(Quoted::Open) => return None,
            Some(Quoted::Broken { .. }) | None => return after_line_end(bytes, found, is_last),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format() -> Format {
        Format::new(&Dialect::default(), Caps::default())
    }

    fn end(text: &str, is_last: bool) -> (usize, Option<usize>) {
        let scan = scan(text.as_bytes(), &format(), is_last);
        (scan.end, scan.open)
    }

    #[test]
    fn records_end_outside_quotes() {
        assert_eq!(end("1,2\n3,4", false), (4, None));
        assert_eq!(end("1,\"a\nb\"\n3,\"c\nd\"", false), (8, Some(10)));
        assert_eq!(end("1,\"a\nb\"\n3,\"c\nd\"", true), (8, None));
        assert_eq!(end("1,\"a\nb\",x", true), (0, None));
        assert_eq!(end("1,2\r", false), (0, None));
        assert_eq!(end("1,2\r\n\"\"\"\r\n", false), (5, Some(5)));
    }

    #[test]
    fn line_ends_inside_quotes_belong_to_their_record() {
        let inner = |text: &str, is_last| scan(text.as_bytes(), &format(), is_last).inner.total();
        assert_eq!(inner("1,\"a\nb\"\n3,\"c\nd\",", false), 1);
        assert_eq!(inner("1,\"a\nb\"\n3,\"c\nd\",", true), 2);
        assert_eq!(inner("1,2\n3,4\n", true), 0);
    }

    #[test]
    fn a_stray_quote_costs_its_line_only() {
        assert_eq!(end("1,a\"b\n3,4\n", true), (10, None));
        assert_eq!(end("1,\"a\"b\n3,4\n", true), (11, None));
        // The quote of line 1 is closed in line 3, wrongly: line 2 is a record of its own.
        assert_eq!(end("1,\"a\n2,b\n3,\"c\"\n", true), (15, None));
    }

    #[test]
    fn the_first_record_may_span_lines() {
        let first = |text: &str, is_last| after_first_record(text.as_bytes(), &format(), is_last);
        assert_eq!(first("a,\"b\nc\"\n1", false), Some(8));
        assert_eq!(first("a,\"b\nc", true), None);
        assert_eq!(first("a,b", true), None);
        assert_eq!(first("a\"b\nc", false), Some(4));
        assert_eq!(first("a,b\r", false), None);
    }
}
