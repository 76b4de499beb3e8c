//! The first bytes of a file, read once to see what it is, and put back.

use std::io::{self, Cursor, Read};

use super::fault::{Fault, Origin};
use crate::error::Error;

/// Bytes looked at: a ZIP archive names its first members within them.
const LENGTH: usize = 4096;

/// A reader of bytes.
pub(super) type Bytes<'a> = Box<dyn Read + Send + 'a>;

/// The first bytes, and the reader of those after them.
pub(super) fn split<'a>(mut bytes: Bytes<'a>, origin: Origin<'_>) -> Result<(Vec<u8>, Bytes<'a>), Error> {
    let mut start = vec![0; LENGTH];
    let mut filled = 0;
    while filled < LENGTH {
        match bytes.read(&mut start[filled..]) {
            Ok(0) => break,
            Ok(length) => filled += length,
            Err(problem) if problem.kind() == io::ErrorKind::Interrupted => {}
            Err(problem) => return Err(Fault::of_read(problem, origin, 1)),
        }
    }
    start.truncate(filled);
    Ok((start, bytes))
}

/// The whole again, but for `left_out` bytes at its start. Later reads go straight through.
pub(super) fn join(start: Vec<u8>, left_out: usize, rest: Bytes<'_>) -> Bytes<'_> {
    let mut start = Cursor::new(start);
    start.set_position(left_out as u64);
    Box::new(start.chain(rest))
}
