//! Pages: the records of one block that are worth reading, with the place of every field that is read.
//!
//! In: the fields of each record. Out: [`Page`]. Rows of the wrong width, without a provider or left out on purpose are
//! counted here and never read. Leaves alone: what a field holds (`columns.rs`).

use super::checks::{self, Check};
use super::rows::RowReader;
use super::tally::{Reject, Tally, shape};
use super::values::NO_CODE;
use crate::domain::org_code::OrgCode;

/// Where a field lies: in its block, or among the page's own bytes where doubled quotes were undone.
#[derive(Debug, Clone, Copy)]
struct Span {
    start: u32,
    end: u32,
}

/// Marks a span of the page's own bytes. Blocks are far smaller.
const OWN: u32 = 1 << 31;

/// Records of a block.
pub(super) struct Page<'a> {
    pub(super) reader: &'a RowReader<'a>,
    block: &'a [u8],
    /// Fields whose doubled quotes were undone.
    own: Vec<u8>,
    spans: Vec<Span>,
    /// Line of each row.
    pub(super) line: Vec<u32>,
    /// Provider of each row.
    pub(super) provider: Vec<u64>,
    /// Exclusion rule that each row met, for rows whose children must learn of it; [`NO_CODE`] for none.
    pub(super) excluded: Vec<u16>,
    pub(super) tally: Tally,
    pub(super) rejects: Vec<Reject>,
    /// Rows left out, by rule.
    left_out: Vec<u64>,
    /// The last provider's field and what it is.
    last_provider: (Vec<u8>, Option<OrgCode>),
}

impl<'a> Page<'a> {
    pub(super) fn new(reader: &'a RowReader<'a>, block: &'a [u8]) -> Self {
        let rows = block.len() / 48;
        Self {
            reader,
            block,
            own: Vec::new(),
            spans: Vec::with_capacity(rows * reader.slots.len()),
            line: Vec::with_capacity(rows),
            provider: Vec::with_capacity(rows),
            excluded: Vec::with_capacity(rows),
            tally: Tally::default(),
            rejects: Vec::new(),
            left_out: vec![0; reader.plan.exclusions.len()],
            last_provider: (Vec::new(), None),
        }
    }

    /// How many rows are read.
    pub(super) fn rows(&self) -> usize {
        self.line.len()
    }

    /// The field of a row that stands in a slot, without outer blanks.
    #[inline]
    pub(super) fn field(&self, row: usize, slot: usize) -> &[u8] {
        let text = self.text(self.spans[row * self.reader.slots.len() + slot]);
        match text {
            [first, .., last] if *first > b' ' && *last > b' ' => text,
            other => other.trim_ascii(),
        }
    }

    fn text(&self, span: Span) -> &[u8] {
        let (bytes, start) =
            if span.start & OWN == 0 { (self.block, span.start) } else { (&*self.own, span.start & !OWN) };
        &bytes[start as usize..span.end as usize]
    }

    /// A row that cannot be split into fields.
    pub(super) fn broken(&mut self, line: u64) {
        self.tally.read += 1;
        self.reject(line, "", &checks::QUOTES, b"");
    }

    /// Takes a record, unless it is blank, has the wrong width or is left out on purpose.
    pub(super) fn take(&mut self, record: &[&[u8]], line: u64) {
        let reader = self.reader;
        if *record == [b""] {
            return;
        }
        self.tally.read += 1;
        if record.len() != reader.layout.width {
            self.reject(line, "", &checks::FIELDS, b"");
            return;
        }
        let provider = match reader.layout.provider {
            None => reader.extract.provider,
            Some(field) => self.provider_of(record[field]),
        };
        let Some(provider) = provider else {
            let column = reader.plan.provider.clone().unwrap_or_default();
            self.reject(line, &column, &checks::ORGANISATION, b"");
            return;
        };
        let exclusion = self.exclusion(record);
        if let Some(rule) = exclusion
            && reader.plan.drops_row(rule as u16)
        {
            self.left_out[rule] += 1;
            return;
        }
        let (block, own) = (self.block, &mut self.own);
        self.spans.extend(reader.slots.iter().map(|field| span(record[*field], block, own)));
        self.line.push(line as u32);
        self.provider.push(provider.packed());
        self.excluded.push(exclusion.map_or(NO_CODE, |rule| rule as u16));
    }

    fn provider_of(&mut self, text: &[u8]) -> Option<OrgCode> {
        if self.last_provider.0 != text {
            self.last_provider.1 = OrgCode::parse(text);
            self.last_provider.0.clear();
            self.last_provider.0.extend_from_slice(text);
        }
        self.last_provider.1
    }

    /// The number of the first exclusion rule that a record meets.
    fn exclusion(&self, record: &[&[u8]]) -> Option<usize> {
        let rules = &self.reader.plan.exclusions;
        let met = self.reader.exclusions.iter().find(|(rule, field)| rules[*rule].is_met(record[*field]));
        met.map(|(rule, _)| *rule)
    }

    /// Counts a rejected row; of its value only the shape is kept.
    pub(super) fn reject(&mut self, line: u64, column: &str, check: &'static Check, text: &[u8]) {
        *self.tally.rejected.entry(check.id.to_owned()).or_default() += 1;
        self.rejects.push(Reject { line, column: column.to_owned(), check: check.id.to_owned(), shape: shape(text) });
    }

    /// Counts a kept row that a rule leaves out.
    pub(super) fn leave_out(&mut self, rule: u16) {
        if let Some(count) = self.left_out.get_mut(usize::from(rule)) {
            *count += 1;
        }
    }

    /// Rows left out, by the reasons of their rules.
    pub(super) fn count_left_out(&mut self) {
        for (rule, count) in self.reader.plan.exclusions.iter().zip(&self.left_out).filter(|(_, count)| **count > 0) {
            *self.tally.excluded.entry(rule.reason.clone()).or_default() += count;
        }
    }
}

/// Where a field lies. One that is not in its block is kept among the page's own bytes.
#[inline]
fn span(field: &[u8], block: &[u8], own: &mut Vec<u8>) -> Span {
    let start = (field.as_ptr() as usize).wrapping_sub(block.as_ptr() as usize);
    if start <= block.len() && field.len() <= block.len() - start {
        return Span { start: start as u32, end: (start + field.len()) as u32 };
    }
    let start = own.len() as u32 | OWN;
    own.extend_from_slice(field);
    Span { start, end: own.len() as u32 }
}
