//! The reader: any bytes in any dialect give the same records whatever the size of blocks, those of a plain second
//! reader, on lines that only grow, from blocks that the caps bound.

use pathlink::error::Error;
use pathlink::ingest::blocks::Blocks;
use pathlink::ingest::decode::{Opened, Origin, open_bytes};
use pathlink::ingest::quotes::Format;
use pathlink::ingest::records::{self, Record, Splitter};
use pathlink::settings::Caps;
use pathlink::sources::{Dialect, Encoding};

use super::config::is_told;
use super::plain::{self, Row};

const ORIGIN: Origin<'static> = Origin { file: "x.csv", source: "gp" };
const ENCODINGS: [Encoding; 5] =
    [Encoding::Utf8, Encoding::Utf16, Encoding::Utf16Le, Encoding::Utf16Be, Encoding::Windows1252];
const DELIMITERS: [u8; 5] = [b',', b'\t', b'|', b'^', b';'];
/// Larger than any input that is tried.
const ONE_BLOCK: usize = 1 << 20;

/// What was read of a text.
struct Read {
    heading: Vec<u8>,
    /// The text after the heading, as far as blocks gave it.
    text: Vec<u8>,
    rows: Vec<Row>,
    end: Result<(), Error>,
}

/// Bytes: encoding, delimiter and quote, size of blocks, caps; then a file.
pub(crate) fn holds(bytes: &[u8]) {
    let Some(([encoding, parts, size, limits], file)) = bytes.split_first_chunk() else { return };
    if file.len() > ONE_BLOCK / 8 {
        return;
    }
    let dialect = Dialect {
        encoding: ENCODINGS[usize::from(encoding % 5)],
        delimiter: DELIMITERS[usize::from(parts % 5)],
        quote: Some(b'"').filter(|_| parts & 0x80 == 0),
        null_words: if parts & 0x40 == 0 { Vec::new() } else { vec![b"NULL".to_vec(), b"N/A".to_vec()] },
    };
    let caps = if limits % 2 == 0 {
        Caps::default()
    } else {
        let max_field_bytes = usize::from(limits / 2) + 1;
        Caps { max_field_bytes, max_record_bytes: max_field_bytes * 3, ..Caps::default() }
    };
    let whole = read(file, &dialect, caps, ONE_BLOCK);
    let small = read(file, &dialect, caps, usize::from(*size) + 1);
    assert_eq!(whole.end.is_ok(), small.end.is_ok(), "the size of blocks decides: {:?}, {:?}", whole.end, small.end);
    if whole.end.is_ok() {
        assert!(whole.heading == small.heading && whole.text == small.text, "blocks are not the text");
        assert!(whole.rows == small.rows, "records differ with the size of blocks");
        is_as_plainly_read(&whole, &dialect, caps);
    }
    for read in [&whole, &small] {
        assert!(read.rows.windows(2).all(|pair| pair[0].1 < pair[1].1), "lines do not grow");
        if let Err(error) = &read.end {
            is_told(error);
        }
    }
}

fn is_as_plainly_read(read: &Read, dialect: &Dialect, caps: Caps) {
    let format = Format::new(dialect, caps);
    let width = records::first(&read.heading, &format).map_or(0, |names| names.len());
    let rows = plain::records(&read.text, &format, 1 + plain::lines(&read.heading));
    let mut rows = rows.expect("read to its end, and a quote is never closed");
    for field in rows.iter_mut().filter_map(|(fields, _)| fields.as_mut()).flat_map(|fields| {
        fields.truncate(width + 1);
        fields
    }) {
        if field == b"\0" || dialect.null_words.iter().any(|word| word == field.trim_ascii()) {
            field.clear();
        }
    }
    assert!(rows == read.rows, "records are not those of a plain reading");
}

fn read(file: &[u8], dialect: &Dialect, caps: Caps, size: usize) -> Read {
    let mut read = Read { heading: Vec::new(), text: Vec::new(), rows: Vec::new(), end: Ok(()) };
    read.end = read.go(file, dialect, caps, size);
    read
}

impl Read {
    fn go(&mut self, file: &[u8], dialect: &Dialect, caps: Caps, size: usize) -> Result<(), Error> {
        let Opened::Text(text) = open_bytes(Box::new(file), ORIGIN, dialect.encoding, &caps)? else { return Ok(()) };
        let format = Format::new(dialect, caps);
        let mut blocks = Blocks::new(text, ORIGIN, format).sized(size);
        self.heading = blocks.heading()?;
        assert!(self.heading.len() <= caps.max_record_bytes);
        let width = records::first(&self.heading, &format).map_or(0, |names| names.len());
        let splitter = Splitter { file: ORIGIN.file, width, null_words: &dialect.null_words };
        while let Some(block) = blocks.next_block()? {
            assert!(!block.bytes.is_empty() && std::str::from_utf8(&block.bytes).is_ok());
            assert!(block.bytes.len() <= caps.max_record_bytes.saturating_add(3 * size), "a block beyond the caps");
            self.text.extend_from_slice(&block.bytes);
            splitter.each(&block, |record, line| {
                let fields = match record {
                    Record::Fields(fields) => Some(fields.iter().map(|field| field.to_vec()).collect()),
                    Record::Broken => None,
                };
                self.rows.push((fields, line));
                Ok(())
            })?;
        }
        let _ = blocks.notes();
        let _ = blocks.odd_line_ends();
        Ok(())
    }
}
