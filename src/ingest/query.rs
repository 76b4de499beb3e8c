//! Queries: rows of a warehouse as the text that a CSV of the same table would hold, so that they go through the reader and
//! the checks that files go through.
//!
//! In: a query and the file with its connection string. Out: comma-separated UTF-8 text with a heading row; nulls are empty
//! fields. Nothing is kept on disk and no more than a few blocks in memory: the query runs once for the hash of its rows, and
//! again where they are read, and ends the run if the two differ. Leaves alone: how a driver is spoken to (`odbc.rs`).

use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::decode::written::{How, dated, decimal, float, quoted};
use super::decode::{Failure, Fault, Stop};
use crate::domain::{day, hex};
use crate::error::Error;
use crate::identity::secret_file;
use crate::sources::TablePlan;

/// Bytes of text that are handed over at a time.
const BLOCK: usize = 1 << 18;
/// Blocks that may wait to be read.
const WAITING: usize = 4;

/// A query whose rows are an extract.
#[derive(Debug)]
pub struct Query {
    sql: String,
    connection_file: PathBuf,
    plan: Arc<TablePlan>,
    /// No cell is longer, in bytes.
    longest: usize,
    seen: Mutex<Option<Seen>>,
}

/// What reading all rows came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Seen {
    sha256: [u8; 32],
    bytes: u64,
}

/// What a column's cells are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Text, and whole numbers.
    Text,
    /// Text of decimals, whose fraction goes if it is zero.
    Decimal,
    /// Text of a float.
    Float,
    /// A day, or a day and a time.
    Moment,
}

/// A column of a query's rows.
pub struct QueryColumn {
    /// Its heading.
    pub heading: String,
    /// What its cells are.
    pub form: Form,
}

impl Query {
    /// A query over the database that the connection string in a file names.
    pub(super) fn new(sql: &str, connection_file: PathBuf, plan: &TablePlan, longest: usize) -> Self {
        let (sql, plan) = (sql.to_owned(), Arc::new(plan.clone()));
        Self { sql, connection_file, plan, longest, seen: Mutex::default() }
    }

    /// The SHA-256 of the query's text.
    pub fn sha256(&self) -> String {
        hex::lower(&Sha256::digest(self.sql.as_bytes()))
    }

    /// Bytes of text that all rows came to; 0 until they were read once.
    pub fn bytes(&self) -> u64 {
        self.seen.lock().ok().and_then(|seen| seen.map(|seen| seen.bytes)).unwrap_or_default()
    }

    /// The rows as text, from the first. The connection file is looked at here, before anything is asked.
    pub fn open(self: &Arc<Self>) -> Result<Box<dyn Read + Send>, Error> {
        let connection = secret_file::read(&self.connection_file, "connection")?;
        let (sender, parts) = sync_channel(WAITING);
        let (query, own) = (Arc::clone(self), Arc::clone(self));
        let (hash, block) = (Sha256::new(), Vec::new());
        let reader = RowText { query: own, parts, block, at: 0, hash, bytes: 0, is_ended: false };
        std::thread::Builder::new()
            .name("query".to_owned())
            .spawn(move || query.send(&connection, &sender))
            .map_err(Error::silent("start a thread"))?;
        Ok(Box::new(reader))
    }

    /// Runs the query and sends its rows, until the last one or until nobody reads on.
    fn send(&self, connection: &Zeroizing<String>, sender: &SyncSender<Part>) {
        let mut rows =
            Rows { plan: &self.plan, sender, columns: Vec::new(), text: Vec::with_capacity(BLOCK), is_left: false };
        let ended = super::odbc::read((connection.trim(), &self.sql), self.longest, &mut rows);
        let part = match ended {
            Ok(()) => {
                rows.hand_over();
                Part::End
            }
            Err(failure) => Part::Failed(failure),
        };
        let _ = sender.send(part);
    }

    /// All rows were read: whether they are what they were before.
    fn ended(&self, now: Seen) -> Result<(), Failure> {
        let Ok(mut seen) = self.seen.lock() else { return Err(Stop::Cut.into()) };
        if *seen.get_or_insert(now) == now { Ok(()) } else { Err(Stop::Changed.into()) }
    }
}

/// A part of what a query gives. Without an end it is not whole.
enum Part {
    Text(Vec<u8>),
    End,
    Failed(Failure),
}

/// What a driver's rows are handed to.
pub struct Rows<'a> {
    plan: &'a TablePlan,
    sender: &'a SyncSender<Part>,
    /// Per column its form and how it is written; none where nothing reads it.
    columns: Vec<Option<(Form, How)>>,
    text: Vec<u8>,
    is_left: bool,
}

impl Rows<'_> {
    /// The headings, before the first row.
    pub fn start(&mut self, columns: &[QueryColumn]) {
        for (at, column) in columns.iter().enumerate() {
            if at > 0 {
                self.text.push(b',');
            }
            quoted(column.heading.as_bytes(), &mut self.text);
            self.columns.push(How::of(self.plan, &column.heading).map(|how| (column.form, how)));
        }
        self.text.push(b'\n');
    }

    /// Whether anything reads a column, by its number from 0.
    pub fn reads(&self, at: usize) -> bool {
        self.columns.get(at).is_some_and(Option::is_some)
    }

    /// One cell of a row, by its column's number from 0, in their order; none for a null, and for what nothing reads.
    pub fn cell(&mut self, at: usize, value: Option<&str>) {
        if at > 0 {
            self.text.push(b',');
        }
        if let (Some(Some((form, how))), Some(value)) = (self.columns.get(at), value) {
            write(value, (*form, how), &mut self.text);
        }
    }

    /// The end of a row; whether anybody reads on.
    pub fn end_row(&mut self) -> bool {
        self.text.push(b'\n');
        if self.text.len() >= BLOCK {
            self.hand_over();
        }
        !self.is_left
    }

    fn hand_over(&mut self) {
        let text = std::mem::replace(&mut self.text, Vec::with_capacity(BLOCK));
        self.is_left |= self.sender.send(Part::Text(text)).is_err();
    }
}

/// Writes one cell that is not null.
fn write(value: &str, (form, how): (Form, &How), text: &mut Vec<u8>) {
    match form {
        Form::Text => quoted(value.as_bytes(), text),
        Form::Decimal => decimal(value.trim(), text),
        Form::Float => match value.trim().parse() {
            Ok(number) => float(number, how.is_number, text),
            Err(_) => quoted(value.as_bytes(), text),
        },
        Form::Moment => match moment(value) {
            Some((day, seconds)) => text.extend(dated(day, seconds, &how.format).bytes()),
            None => quoted(value.as_bytes(), text),
        },
    }
}

/// The day and the second of what the standard of ODBC writes as `2025-12-31` or `2025-12-31 09:30:00.25`; fractions go.
fn moment(value: &str) -> Option<(i32, i64)> {
    let (date, time) = value.trim().split_at_checked(10)?;
    let day = day::parse_iso(date.as_bytes())?;
    let time = time.trim_start_matches(['T', ' ']);
    if time.is_empty() {
        return Some((day, 0));
    }
    let (clock, fraction) = time.split_once('.').unwrap_or((time, ""));
    let parts: Vec<i64> = clock.split(':').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let [hour, minute, second] = parts.as_slice() else { return None };
    let is_clock = (0..24).contains(hour) && (0..60).contains(minute) && (0..60).contains(second);
    let is_plain = fraction.bytes().all(|byte| byte.is_ascii_digit());
    (is_clock && is_plain).then_some((day, hour * 3600 + minute * 60 + second))
}

/// The text of a query's rows.
struct RowText {
    query: Arc<Query>,
    parts: Receiver<Part>,
    block: Vec<u8>,
    at: usize,
    hash: Sha256,
    bytes: u64,
    is_ended: bool,
}

impl RowText {
    /// The next block; none after the last, which is only the last if its sender said so.
    fn next(&mut self) -> Result<Option<Vec<u8>>, Failure> {
        if self.is_ended {
            return Ok(None);
        }
        match self.parts.recv() {
            Ok(Part::Text(block)) => {
                self.hash.update(&block);
                self.bytes += block.len() as u64;
                Ok(Some(block))
            }
            Ok(Part::End) => {
                self.is_ended = true;
                let sha256 = std::mem::take(&mut self.hash).finalize().into();
                self.query.ended(Seen { sha256, bytes: self.bytes })?;
                Ok(None)
            }
            Ok(Part::Failed(failure)) => Err(failure),
            Err(_) => Err(Stop::Cut.into()),
        }
    }
}

impl Read for RowText {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.block.len() {
            let Some(block) = self.next().map_err(Fault::Query)? else { return Ok(0) };
            (self.block, self.at) = (block, 0);
        }
        let length = buffer.len().min(self.block.len() - self.at);
        buffer[..length].copy_from_slice(&self.block[self.at..self.at + length]);
        self.at += length;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_a_day_with_or_without_a_time() {
        let day = day::parse_iso(b"2025-12-31").unwrap();
        assert_eq!(moment("2025-12-31"), Some((day, 0)));
        assert_eq!(moment("2025-12-31 09:30:00"), Some((day, 34_200)));
        assert_eq!(moment("2025-12-31T09:30:00.250"), Some((day, 34_200)));
        for text in ["", "31/12/2025", "2025-12-31 25:00:00", "2025-12-31 09:30", "2025-12-31 09:30:00+01", "infinity"]
        {
            assert_eq!(moment(text), None, "{text}");
        }
    }

    fn text_of(parts: Vec<Part>, seen: Option<Seen>) -> io::Result<String> {
        let sources = crate::sources::Sources::load(None, None).unwrap();
        let query = Arc::new(Query::new("SELECT 1", PathBuf::new(), &sources.tables[0], 100));
        *query.seen.lock().unwrap() = seen;
        let (sender, parts_of) = sync_channel(parts.len());
        for part in parts {
            sender.send(part).unwrap();
        }
        drop(sender);
        let mut reader = RowText {
            query,
            parts: parts_of,
            block: Vec::new(),
            at: 0,
            hash: Sha256::new(),
            bytes: 0,
            is_ended: false,
        };
        let mut text = String::new();
        reader.read_to_string(&mut text)?;
        Ok(text)
    }

    fn fault(problem: io::Error) -> Stop {
        match problem.downcast::<Fault>().unwrap() {
            Fault::Query(failure) => failure.stop,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn rows_without_their_end_are_not_taken_for_all_of_them() {
        let block = || Part::Text(b"a\n1\n".to_vec());
        assert_eq!(text_of(vec![block(), block(), Part::End], None).unwrap(), "a\n1\na\n1\n");
        assert_eq!(fault(text_of(vec![block()], None).unwrap_err()), Stop::Cut);
        let failed = Part::Failed(Stop::Connection.into());
        assert_eq!(fault(text_of(vec![block(), failed], None).unwrap_err()), Stop::Connection);
        let others = Seen { sha256: [0; 32], bytes: 4 };
        assert_eq!(fault(text_of(vec![block(), Part::End], Some(others)).unwrap_err()), Stop::Changed);
    }
}
