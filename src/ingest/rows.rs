//! Rows: a block of records parsed into typed columns.

use super::blocks::Block;
use super::cells::Context;
use super::columns;
use super::extracts::Extract;
use super::headings::Layout;
use super::page::{Page, Span};
use super::pseudonyms::{Recent, Tokenisers};
use super::tally::{Reject, Tally};
use super::values::Values;
use crate::error::Error;
use crate::schema::{Kind, Table};
use crate::sources::TablePlan;

/// Everything needed to parse the blocks of one file.
pub struct RowReader<'a> {
    /// The extract.
    pub extract: &'a Extract,
    /// Its table.
    pub plan: &'a TablePlan,
    /// Where its columns stand.
    pub layout: &'a Layout,
    /// Keyed hashes.
    pub tokenisers: &'a Tokenisers,
    /// What cells are read with.
    pub context: &'a Context<'a>,
    /// The fields that are read, each once.
    pub(super) slots: Vec<usize>,
    /// Per planned column, its place among `slots`; none if the file lacks it.
    pub(super) slot_of: Vec<Option<usize>>,
    /// Per column of the table, the table that its ids are unique in; empty for local patients and for other columns.
    pub(super) names: Vec<String>,
}

/// What one block became.
pub struct Parsed {
    /// By position in the table; none where the file has no such column.
    pub values: Vec<Option<Values>>,
    /// Provider of each row.
    pub provider: Vec<u64>,
    /// Line of each row.
    pub line: Vec<u32>,
    /// Exclusion rule that each row met; [`super::values::NO_CODE`] for none.
    pub excluded: Vec<u16>,
    /// Reason of each row's NHS number, where the table has one.
    pub reason: Option<Vec<u16>>,
    /// Counts.
    pub tally: Tally,
    /// Rejected rows, by line.
    pub rejects: Vec<Reject>,
}

impl<'a> RowReader<'a> {
    /// For one file.
    pub fn new(
        (extract, plan): (&'a Extract, &'a TablePlan),
        layout: &'a Layout,
        tokenisers: &'a Tokenisers,
        context: &'a Context<'a>,
    ) -> Self {
        let mut slots: Vec<usize> = layout.fields.iter().flatten().copied().collect();
        slots.sort_unstable();
        slots.dedup();
        let slot_of = layout.fields.iter().map(|field| field.and_then(|at| slots.binary_search(&at).ok())).collect();
        Self { extract, plan, layout, tokenisers, context, slots, slot_of, names: record_names(plan) }
    }

    /// Parses a block. Fails only where the whole file must be refused.
    pub(super) fn parse(&self, block: Block, recent: &mut Recent) -> Result<Parsed, Error> {
        let has_quotes = memchr::memchr3(b'"', b'\r', 0, &block.bytes).is_some();
        let mut page = Page::new(self, block.bytes);
        if has_quotes {
            split_quoted(&mut page, block.first_line)?;
        } else {
            self.split_plain(&mut page, block.first_line);
        }
        let filled = columns::read(&mut page, recent)?;
        Ok(Parsed {
            values: filled.values,
            reason: filled.reason,
            provider: page.provider,
            line: page.line,
            excluded: page.excluded,
            tally: page.tally,
            rejects: page.rejects,
        })
    }

    /// Without a quote or a carriage return a record is a line and a field lies between commas: nothing is copied.
    fn split_plain(&self, page: &mut Page<'_>, first_line: u64) {
        let bytes = std::mem::take(&mut page.bytes);
        let mut ends = Ends { record: Vec::with_capacity(self.layout.width + 1), start: 0, line: first_line };
        let mut found: Vec<u32> = Vec::with_capacity(bytes.len() / 6);
        found.extend(memchr::memchr2_iter(b',', b'\n', &bytes).map(|at| at as u32));
        page.bytes = bytes;
        for at in found {
            ends.field(at);
            if page.bytes[at as usize] == b'\n' {
                ends.record(page);
            }
        }
        let end = page.bytes.len() as u32;
        if ends.start < end || !ends.record.is_empty() {
            ends.field(end);
            ends.record(page);
        }
    }
}

/// Fields of the record being split.
struct Ends {
    record: Vec<Span>,
    start: u32,
    line: u64,
}

impl Ends {
    fn field(&mut self, end: u32) {
        self.record.push(Span { start: self.start, end });
        self.start = end + 1;
    }

    fn record(&mut self, page: &mut Page<'_>) {
        page.take(&self.record, self.line);
        self.record.clear();
        self.line += 1;
    }
}

/// Any other block goes through the `csv` crate.
fn split_quoted(page: &mut Page<'_>, first_line: u64) -> Result<(), Error> {
    let block = std::mem::take(&mut page.bytes);
    let mut csv = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(block.as_slice());
    let mut record = csv::ByteRecord::new();
    let mut spans = Vec::new();
    loop {
        // The reader stands before line ends that it has yet to skip: blank lines, and the LF of a CR LF.
        let before = block.get(csv.position().byte() as usize..).unwrap_or_default();
        let ends =
            before.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).filter(|byte| **byte == b'\n').count();
        let line = first_line + csv.position().line() - 1 + ends as u64;
        match csv.read_byte_record(&mut record) {
            Ok(true) => {
                spans.clear();
                for field in &record {
                    let start = page.bytes.len() as u32;
                    page.bytes.extend_from_slice(field);
                    spans.push(Span { start, end: page.bytes.len() as u32 });
                }
                page.take(&spans, line);
            }
            Ok(false) => return Ok(()),
            Err(_) => return Err(Error::silent("split records")(())),
        }
    }
}

/// Record ids are unique within source, table and provider, so both names enter the hash.
fn record_names(plan: &TablePlan) -> Vec<String> {
    let name = |table: Table| format!("{}.{}", plan.source.id(), table.id());
    let of = |kind: Kind| match kind {
        Kind::RecordId => name(plan.table),
        Kind::ParentId(parent) if parent != Table::PersonRecords => name(parent),
        _ => String::new(),
    };
    plan.table.columns().iter().map(|column| of(column.kind)).collect()
}
