//! Blocks: where they end, and what ends the reading.

use super::*;
use crate::ingest::decode::{Opened, open_bytes};
use crate::settings::Caps;
use crate::sources::Dialect;

const ORIGIN: Origin<'static> = Origin { file: "x.csv", source: "gp" };

fn all_under(text: &[u8], caps: Caps) -> Result<Vec<(u64, String)>, Error> {
    let opened = open_bytes(Box::new(text), ORIGIN, Encoding::Utf8, &caps)?;
    let Opened::Text(opened) = opened else { return Ok(Vec::new()) };
    let mut blocks = Blocks::new(opened, ORIGIN, Format::new(&Dialect::default(), caps));
    let heading = blocks.heading()?;
    let mut parts = vec![(1, String::from_utf8(heading).unwrap())];
    while let Some(block) = blocks.next_block()? {
        parts.push((block.first_line, String::from_utf8(block.bytes).unwrap()));
    }
    Ok(parts)
}

fn all(text: &str) -> Result<Vec<(u64, String)>, Error> {
    all_under(text.as_bytes(), Caps::default())
}

#[test]
fn headings_and_rows_part_outside_quotes() {
    let parts = all("\u{feff}a,\"b\nc\"\n1,2\n3,4").unwrap();
    assert_eq!(parts, [(1, "a,\"b\nc\"\n".to_owned()), (3, "1,2\n3,4".to_owned())]);
}

#[test]
fn lines_are_counted_by_any_line_end() {
    for (heading, line) in [("a,b\r\n", 2), ("a,b\r", 2), ("a,\"b\r\nc\"\r\n", 3), ("a,\"b\rc\"\r", 3)] {
        let parts = all(&format!("{heading}1,2\n")).unwrap();
        assert_eq!(parts[1], (line, "1,2\n".to_owned()));
    }
}

#[test]
fn a_quote_that_never_closes_is_an_error_at_its_line() {
    let error = all("a,b\n1,2\n3,\"x\n5,6\n").unwrap_err();
    assert_eq!(error.code().id, "INP04");
    assert!(error.to_string().contains("byte 10 (line 3)"), "{error}");
    assert_eq!(all("a,\"b\n1,2\n").unwrap_err().code().id, "INP04");
}

#[test]
fn what_is_longer_than_its_cap_is_an_error_at_its_line() {
    let caps = Caps { max_field_bytes: 20, max_record_bytes: 30, ..Caps::default() };
    let rows = "1,2\n".repeat(BLOCK / 4);
    let id = |end: &str| {
        let text = format!("a,b\n{rows}{end}{}", rows.repeat(2));
        all_under(text.as_bytes(), caps).map_err(|error| (error.code().id, error.to_string()))
    };
    let (code, said) = id("1,\"open\n").unwrap_err();
    assert_eq!(code, "INP07");
    assert!(said.contains(&format!("line {}", BLOCK / 4 + 2)), "{said}");
    assert!(id("").is_ok());
    for end in ["\n1,2\n", "\n", ""] {
        let error = all_under(format!("a,b{}{end}", " ".repeat(30)).as_bytes(), caps).unwrap_err();
        assert_eq!(error.code().id, "INP06");
    }
}

#[test]
fn a_quoted_field_as_long_as_its_cap_is_read_in_blocks_of_any_size() {
    let caps = Caps { max_field_bytes: 8, max_record_bytes: 24, ..Caps::default() };
    let read = |text: &'static str, size: usize| -> Result<(), Error> {
        let opened = open_bytes(Box::new(text.as_bytes()), ORIGIN, Encoding::Utf8, &caps)?;
        let Opened::Text(opened) = opened else { return Ok(()) };
        let mut blocks = Blocks::new(opened, ORIGIN, Format::new(&Dialect::default(), caps)).sized(size);
        blocks.heading()?;
        while blocks.next_block()?.is_some() {}
        Ok(())
    };
    for size in 1..40 {
        assert!(read("a,b\n1,\"12345678\"\n2,\"1\"\"34567\"\n", size).is_ok(), "{size}");
        let error = read("a,b\n1,\"12345678\n9\"x\n2,3\n", size).unwrap_err();
        assert_eq!(error.code().id, "INP07", "{size}");
        let error = read("a,b\n1,\"123456789 123456789 1234\n2,3\n", size).unwrap_err();
        assert!(["INP04", "INP06", "INP07"].contains(&error.code().id), "{size}");
    }
}

/// Counts what is taken of a reader: more than that is never held.
struct Counted<R>(R, std::sync::Arc<std::sync::atomic::AtomicUsize>);

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.0.read(buffer)?;
        self.1.fetch_add(length, std::sync::atomic::Ordering::Relaxed);
        Ok(length)
    }
}

/// The error of text that starts so and goes on for 10 GB with one byte, and the bytes taken of it.
fn endless(start: &str, byte: u8, declared: Encoding) -> (Error, usize) {
    let taken = std::sync::Arc::default();
    let text = start.as_bytes().to_vec();
    let reader = io::Cursor::new(text).chain(io::repeat(byte).take(10 << 30));
    let reader = Box::new(Counted(reader, std::sync::Arc::clone(&taken)));
    let read = || -> Result<(), Error> {
        let Opened::Text(text) = open_bytes(reader, ORIGIN, declared, &Caps::default())? else { return Ok(()) };
        let mut blocks = Blocks::new(text, ORIGIN, Format::new(&Dialect::default(), Caps::default()));
        blocks.heading()?;
        while blocks.next_block()?.is_some() {}
        Ok(())
    };
    let error = read().unwrap_err();
    (error, taken.load(std::sync::atomic::Ordering::Relaxed))
}

#[test]
fn a_line_without_end_is_refused_after_a_few_blocks() {
    let rows = format!("a,b\n{}", "1,2\n".repeat(4 * BLOCK / 4));
    for declared in [Encoding::Utf8, Encoding::Windows1252] {
        for (start, byte, id, line) in [
            ("", b'x', "INP06", 1),
            ("", b',', "INP06", 1),
            ("a,b\n", b'x', "INP06", 2),
            ("a,b\n1,\"", b'x', "INP07", 2),
            ("a,b\n1,\"x\n", b'\n', "INP07", 2),
            ("a,b\n1,x\"", b'x', "INP06", 2),
            ("a,\"b\n", b'x', "INP07", 1),
            (&format!("{rows}1,\""), b'x', "INP07", BLOCK + 2),
        ] {
            let (error, taken) = endless(start, byte, declared);
            assert_eq!(error.code().id, id, "{error}");
            assert!(error.to_string().contains(&format!("line {line} ")), "{error}");
            assert!(taken < start.len() + 4 * Caps::default().max_record_bytes, "{taken} bytes were taken");
        }
    }
}

#[test]
fn a_bad_byte_has_its_place_and_its_windows_1252_meaning() {
    let error = all_under(b"a,b\r\n1,2\r3,4\n5,\xA36\n", Caps::default()).unwrap_err();
    assert!(error.to_string().contains("first bad byte 0xA3 at byte 15 (line 4); 0xA3 is \"£\""), "{error}");
    assert!(error.fix().contains("encoding = \"windows-1252\" for [source.gp]"));
    let surrogate = all_under(b"a,b\n1,\xED\xA0\x80\n", Caps::default()).unwrap_err();
    assert_eq!(surrogate.code().id, "ENC01");
    assert_eq!(all_under(b"a,b\n1,\xC3", Caps::default()).unwrap_err().code().id, "INP04");
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
