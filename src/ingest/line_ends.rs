//! Line ends: LF, CR LF and bare CR, each one line. They are counted by kind.

use std::ops::{AddAssign, SubAssign};

/// Line ends by kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LineEnds {
    /// Line feeds alone.
    pub lf: u64,
    /// Carriage returns with a line feed.
    pub crlf: u64,
    /// Carriage returns alone.
    pub cr: u64,
}

impl LineEnds {
    /// Those in some bytes. A carriage return at their end counts as bare.
    pub fn of(bytes: &[u8]) -> Self {
        let feeds = memchr::memchr_iter(b'\n', bytes).count() as u64;
        let (mut crlf, mut cr) = (0, 0);
        for at in memchr::memchr_iter(b'\r', bytes) {
            if bytes.get(at + 1) == Some(&b'\n') {
                crlf += 1;
            } else {
                cr += 1;
            }
        }
        Self { lf: feeds - crlf, crlf, cr }
    }

    /// All of them.
    pub fn total(self) -> u64 {
        self.lf + self.crlf + self.cr
    }

    /// `lf`, `crlf`, `cr`, `mixed`, or `none` where there is none.
    pub fn kind(self) -> &'static str {
        match (self.lf, self.crlf, self.cr) {
            (0, 0, 0) => "none",
            (_, 0, 0) => "lf",
            (0, _, 0) => "crlf",
            (0, 0, _) => "cr",
            _ => "mixed",
        }
    }

    /// How many are not of the kind that most are.
    pub fn odd_ones(self) -> u64 {
        self.total() - self.lf.max(self.crlf).max(self.cr)
    }
}

impl AddAssign for LineEnds {
    fn add_assign(&mut self, other: Self) {
        self.lf += other.lf;
        self.crlf += other.crlf;
        self.cr += other.cr;
    }
}

impl SubAssign for LineEnds {
    fn sub_assign(&mut self, other: Self) {
        self.lf -= other.lf;
        self.crlf -= other.crlf;
        self.cr -= other.cr;
    }
}

/// The position after the line end at or after `from`. None if there is none, or if it may yet turn out to be a CR LF
/// whose second half was not read.
pub fn after_line_end(bytes: &[u8], from: usize, is_last: bool) -> Option<usize> {
    let at = from + memchr::memchr2(b'\n', b'\r', bytes.get(from..)?)?;
    if bytes[at] == b'\n' {
        return Some(at + 1);
    }
    match bytes.get(at + 1) {
        Some(b'\n') => Some(at + 2),
        Some(_) => Some(at + 1),
        None => is_last.then_some(at + 1),
    }
}

/// The position after the last line end in `bytes[from..to]`, as [`after_line_end`] has it; `to` is a position before
/// which no line end is split, unless it is the end of the bytes.
pub fn after_last_line_end(bytes: &[u8], from: usize, to: usize, is_last: bool) -> Option<usize> {
    let is_open = !is_last && to == bytes.len() && bytes[from..to].ends_with(b"\r");
    let end = if is_open { to - 1 } else { to };
    memchr::memrchr2(b'\n', b'\r', &bytes[from..end]).map(|at| from + at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_carriage_return_and_its_line_feed_are_one_line() {
        let ends = LineEnds::of(b"a\nb\r\nc\rd\r\n\r\re");
        assert_eq!(ends, LineEnds { lf: 1, crlf: 2, cr: 3 });
        assert_eq!((ends.total(), ends.kind(), ends.odd_ones()), (6, "mixed", 3));
        for (text, kind) in [("", "none"), ("a\nb\n", "lf"), ("a\r\nb\r\n", "crlf"), ("a\rb\r", "cr")] {
            assert_eq!(LineEnds::of(text.as_bytes()).kind(), kind);
        }
    }

    #[test]
    fn a_carriage_return_at_the_end_of_what_was_read_waits_for_its_line_feed() {
        assert_eq!(after_line_end(b"ab\r", 0, false), None);
        assert_eq!(after_line_end(b"ab\r", 0, true), Some(3));
        assert_eq!(after_line_end(b"ab\r\nc", 0, false), Some(4));
        assert_eq!(after_last_line_end(b"a\nb\r", 0, 4, false), Some(2));
        assert_eq!(after_last_line_end(b"a\nb\r", 0, 4, true), Some(4));
        assert_eq!(after_last_line_end(b"a\r\nb", 0, 4, false), Some(3));
    }
}
