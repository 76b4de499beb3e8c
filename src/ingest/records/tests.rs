//! Records against the rule, case by case, and against the `csv` crate on well-formed text.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::*;
use crate::ingest::blocks::Blocks;
use crate::ingest::decode::{Opened, Origin, open_bytes};
use crate::ingest::quotes::Format;
use crate::settings::Caps;
use crate::sources::{Dialect, Encoding};

type Found = Vec<(u64, Option<Vec<String>>)>;

/// The records after a heading row of `width` fields.
fn split_by(dialect: &Dialect, width: usize, text: &[u8]) -> Result<Found, Error> {
    let origin = Origin { file: "x.csv", source: "gp" };
    let caps = Caps::default();
    let Opened::Text(opened) = open_bytes(Box::new(text), origin, Encoding::Utf8, &caps)? else { return Ok(vec![]) };
    let mut blocks = Blocks::new(opened, origin, Format::new(dialect, caps));
    blocks.heading()?;
    let splitter = Splitter { file: "x.csv", width, null_words: &dialect.null_words };
    let mut found = Vec::new();
    while let Some(block) = blocks.next_block()? {
        splitter.each(&block, |record, line| {
            let text = |field: &&[u8]| String::from_utf8(field.to_vec()).unwrap();
            found.push(match record {
                Record::Fields(fields) => (line, Some(fields.iter().map(text).collect())),
                Record::Broken => (line, None),
            });
            Ok(())
        })?;
    }
    Ok(found)
}

fn split(text: &str) -> Result<Found, Error> {
    split_by(&Dialect::default(), 2, format!("a,b\n{text}").as_bytes())
}

fn record(line: u64, fields: &[&str]) -> (u64, Option<Vec<String>>) {
    (line, Some(fields.iter().map(|field| (*field).to_owned()).collect()))
}

#[test]
fn quotes_are_taken_off_and_doubled_ones_made_single() {
    let found = split("1,\"a, \"\"b\"\"\nc\"\n\"\",\"\"\"\"\n2,\n").unwrap();
    assert_eq!(found, [record(2, &["1", "a, \"b\"\nc"]), record(4, &["", "\""]), record(5, &["2", ""])]);
}

#[test]
fn a_record_that_breaks_the_rule_is_told_and_the_next_line_is_read() {
    let found = split("1,\"y\"z\n2,ab\"c\n3,d\n4, \"e\"\n5,f\n").unwrap();
    let broken = |line| (line, None);
    assert_eq!(found, [broken(2), broken(3), record(4, &["3", "d"]), broken(5), record(6, &["5", "f"])]);
    let found = split("1,\"open\n2,b\n3,\"c\"\n4,d\n").unwrap();
    assert_eq!(found, [broken(2), record(3, &["2", "b"]), record(4, &["3", "c"]), record(5, &["4", "d"])]);
}

#[test]
fn line_ends_of_every_kind_count_as_one_line() {
    for end in ["\n", "\r\n", "\r"] {
        let text = format!("1,2{end}3,\"x{end}y\"{end}{end}5,6");
        let found = split(&text).unwrap();
        let inner = format!("x{end}y");
        assert_eq!(
            found,
            [record(2, &["1", "2"]), record(3, &["3", &inner]), record(5, &[""]), record(6, &["5", "6"])]
        );
    }
    assert_eq!(split("1,2\r\n3,4\r\n").unwrap(), [record(2, &["1", "2"]), record(3, &["3", "4"])]);
}

#[test]
fn a_last_record_without_a_line_end_is_whole_or_the_file_was_cut() {
    for text in ["1,2\n3,4", "1,2\n3,\"4\"", "1,2\n3,", "1,2\n3,4,5"] {
        assert_eq!(split(text).unwrap().len(), 2, "{text}");
    }
    for text in ["1,2\n3", "1,2\n\"3\"", "1,\"2\"\n3"] {
        let error = split(text).unwrap_err();
        assert_eq!(error.code().id, "INP04");
        assert!(error.to_string().contains("(line 3) after 1 of 2 fields"), "{error}");
    }
    assert_eq!(split("1,2\n3\n").unwrap()[1], record(3, &["3"]));
}

#[test]
fn one_nul_byte_and_declared_words_are_empty() {
    let found = split("\0,\"\0\"\n1,2\n").unwrap();
    assert_eq!(found[0], record(2, &["", ""]));
    for text in ["1,2\n3,a\0b\n", "1,2\n3,\"\0,\"\n", "1,2\n3,\0\0\n"] {
        let error = split(text).unwrap_err();
        assert_eq!(error.code().id, "INP10");
        assert!(error.to_string().contains("line 3"), "{error}");
    }
    let dialect = Dialect { null_words: vec![b"NULL".to_vec(), b"N/A".to_vec()], ..Dialect::default() };
    let found = split_by(&dialect, 2, b"a,b\nNULL,Null\n\"N/A\", NULL \n").unwrap();
    assert_eq!(found, [record(2, &["", "Null"]), record(3, &["", ""])]);
}

#[test]
fn a_source_may_quote_nothing_and_part_fields_by_another_byte() {
    let dialect = Dialect { delimiter: b'^', quote: None, ..Dialect::default() };
    let found = split_by(&dialect, 2, b"a^b\n\"1^5\" tall\n,^\"\"\r\n").unwrap();
    assert_eq!(found, [record(2, &["\"1", "5\" tall"]), record(3, &[",", "\"\""])]);
}

#[test]
fn a_record_that_is_too_wide_is_told_one_field_beyond() {
    let wide = "x,".repeat(100_000);
    assert_eq!(split(&format!("{wide}\n1,2\n")).unwrap()[0].1.as_ref().unwrap().len(), 3);
    assert_eq!(split(&format!("\"\",{wide}\n1,2\n")).unwrap()[0].1.as_ref().unwrap().len(), 3);
}

/// A field of few letters, quoted if it must be and sometimes if it need not.
fn written(field: &str, rng: &mut ChaCha8Rng) -> String {
    if field.contains([',', '"', '\n', '\r']) || rng.random_bool(0.2) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}

#[test]
fn well_formed_text_is_split_as_the_csv_crate_does() {
    let letters = ["a", "é", ",", "\"", "\n", "\r\n", "\r", " ", "1"];
    for seed in 0..3000 {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let plain = if seed % 3 == 0 { vec!["a", "é", " ", "1"] } else { letters.to_vec() };
        let end = ["\n", "\r\n", "\r"][rng.random_range(0..3)];
        let mut text = format!("a,b,c{end}");
        let (mut rows, mut line) = (Vec::new(), 2);
        for _ in 0..rng.random_range(1..8) {
            let fields: Vec<String> = (0..3)
                .map(|_| (0..rng.random_range(0..5)).map(|_| plain[rng.random_range(0..plain.len())]).collect())
                .collect();
            let whole: Vec<String> = fields.iter().map(|field| written(field, &mut rng)).collect();
            let whole = whole.join(",") + end;
            let lines = LineEnds::of(whole.as_bytes()).total();
            text += &whole;
            rows.push((line, Some(fields)));
            line += lines;
        }
        assert_eq!(split_by(&Dialect::default(), 3, text.as_bytes()).unwrap(), rows, "seed {seed}: {text:?}");
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        let other = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<_>>());
        assert!(other.eq(rows.into_iter().filter_map(|(_, fields)| fields)), "seed {seed}");
    }
}

/// Any bytes at all: lines rise, and nothing panics.
#[test]
fn no_text_makes_the_splitter_panic() {
    let letters = [b'a', b',', b'"', b'\n', b'\r', 0, 0xC3, 0xA9];
    for seed in 0..20_000 {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let length = rng.random_range(0..24);
        let text: Vec<u8> = (0..length).map(|_| letters[rng.random_range(0..letters.len())]).collect();
        let whole = [b"a,b\n".as_slice(), &text].concat();
        if let Ok(found) = split_by(&Dialect::default(), 2, &whole) {
            assert!(found.windows(2).all(|pair| pair[0].0 < pair[1].0), "seed {seed}");
            let lines = 1 + LineEnds::of(&whole).total();
            assert!(found.iter().all(|(line, _)| *line <= lines), "seed {seed}");
        }
    }
}

/// The records of a block that starts at a line, and the line after it.
fn of_block(bytes: &[u8], line: u64, inner: u64) -> (Found, u64) {
    let block = Block {
        bytes: bytes.to_vec(),
        first_line: line,
        first_byte: None,
        format: Format::new(&Dialect::default(), Caps::default()),
        ends: LineEnds::of(bytes),
        has_quotes: bytes.contains(&b'"'),
        is_flat: inner == 0,
        is_unended: false,
    };
    let mut found = Vec::new();
    let text = |field: &&[u8]| String::from_utf8(field.to_vec()).unwrap();
    Splitter { file: "x.csv", width: 2, null_words: &[] }
        .each(&block, |record, line| {
            found.push(match record {
                Record::Fields(fields) => (line, Some(fields.iter().map(text).collect())),
                Record::Broken => (line, None),
            });
            Ok(())
        })
        .unwrap();
    (found, line + block.ends.total())
}

#[test]
fn a_text_gives_the_same_records_wherever_blocks_end() {
    let letters = ["a", ",", "\"", "\n", "\r\n", "\r", "\",\""];
    let format = Format::new(&Dialect::default(), Caps::default());
    for seed in 0..20_000 {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let text: String = (0..rng.random_range(0..20)).map(|_| letters[rng.random_range(0..letters.len())]).collect();
        let text = text.as_bytes();
        let whole = quotes::scan(text, &format, true);
        if whole.open.is_some() {
            continue;
        }
        let (expected, _) = of_block(text, 1, whole.inner.total());
        for read in 0..text.len() {
            let first = quotes::scan(&text[..read], &format, false);
            let (mut found, line) = of_block(&text[..first.end], 1, first.inner.total());
            let rest = quotes::scan(&text[first.end..], &format, true);
            assert!(rest.open.is_none(), "seed {seed}");
            found.extend(of_block(&text[first.end..], line, rest.inner.total()).0);
            assert_eq!(found, expected, "seed {seed}, {read} bytes of {:?}", String::from_utf8_lossy(text));
            assert_eq!(first.inner.total() + rest.inner.total(), whole.inner.total(), "seed {seed}");
        }
    }
}
