//! Rows: a block of records parsed into typed columns.

use arrow::array::ArrayRef;
use arrow::datatypes::Field;

use super::blocks::Block;
use super::cells::Context;
use super::columns;
use super::extracts::Extract;
use super::headings::Layout;
use super::match_key::{self, MatchKey};
use super::page::Page;
use super::pseudonyms::{Recent, Tokenisers};
use super::records::{Record, Splitter};
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
    /// Per planned column and after them per detail, its place among `slots`; none if the file lacks it.
    pub(super) slot_of: Vec<Option<usize>>,
    /// The place among `slots` of the reasons of NHS numbers.
    pub(super) reason_slot: Option<usize>,
    /// The exclusion rules that the file has a column for, and the column's place.
    pub(super) exclusions: Vec<(usize, usize)>,
    /// What match keys are made of; none where the file lacks a part, or none are wanted.
    pub(super) match_key: Option<MatchKey>,
    /// Per planned column and detail, what its ids are called in their hash; empty for local patients and for no ids.
    pub(super) names: Vec<String>,
}

/// What one block became.
pub struct Parsed {
    /// By position in the table; none where the file has no such column.
    pub values: Vec<Option<Values>>,
    /// Columns that few extracts have, by position in the plan; none where the file has no such column.
    pub details: Vec<Option<Values>>,
    /// Lists of values, which only the store holds.
    pub lists: Vec<(Field, ArrayRef)>,
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
        let details = layout.details.iter();
        let mut fields = layout.fields.clone();
        fields.resize(plan.columns.len() + plan.details.len(), None);
        for (field, column) in fields.iter_mut().zip(&plan.columns) {
            if !context.fields && matches!(column.column.kind, Kind::Field(_)) {
                *field = None;
            }
        }
        for (at, own) in details.clone() {
            fields[plan.columns.len() + at] = own.first().copied();
        }
        let all = fields[..plan.columns.len()].iter().flatten().chain(details.flat_map(|(_, own)| own));
        let is_asked = context.match_keys && !layout.holds_tokens;
        let names = match_key::names(plan, layout).filter(|_| is_asked);
        let mut slots: Vec<usize> = all.copied().chain(layout.reason).chain(names.into_iter().flatten()).collect();
        slots.sort_unstable();
        slots.dedup();
        let slot_of = fields.iter().map(|field| field.and_then(|at| slots.binary_search(&at).ok())).collect();
        let match_key = names.and_then(|names| MatchKey::of(plan, names, &slots));
        let reason_slot = layout.reason.and_then(|field| slots.binary_search(&field).ok());
        let names = plan.columns.iter().chain(&plan.details).map(|column| id_name(plan, column.column.kind)).collect();
        let exclusions = layout.exclusions.iter().enumerate();
        let exclusions = exclusions.filter_map(|(rule, field)| Some((rule, (*field)?))).collect();
        Self { extract, plan, layout, tokenisers, context, slots, slot_of, reason_slot, exclusions, match_key, names }
    }

    /// Parses a block. Fails only where the whole file must be refused.
    pub(super) fn parse(&self, block: &Block, recent: &mut Recent) -> Result<Parsed, Error> {
        let mut page = Page::new(self, &block.bytes);
        let splitter =
            Splitter { file: &self.extract.name, width: self.layout.width, null_words: &self.plan.dialect.null_words };
        splitter.each(block, |record, line| {
            match record {
                Record::Fields(fields) => page.take(fields, line),
                Record::Broken => page.broken(line),
            }
            Ok(())
        })?;
        let filled = columns::read(&mut page, recent)?;
        Ok(Parsed {
            values: filled.values,
            details: filled.details,
            lists: filled.lists,
            reason: filled.reason,
            provider: page.provider,
            line: page.line,
            excluded: page.excluded,
            tally: page.tally,
            rejects: page.rejects,
        })
    }
}

/// Ids are unique within source, table and provider, so both names enter the hash.
fn id_name(plan: &TablePlan, kind: Kind) -> String {
    let source = plan.source.id();
    match kind {
        Kind::RecordId => format!("{source}.{}", plan.table.id()),
        Kind::ParentId(parent) if parent != Table::PersonRecords => format!("{source}.{}", parent.id()),
        Kind::OtherId(name) => format!("{source}.{name}"),
        Kind::NationalPseudonym => format!("{source}.national_pseudonym"),
        _ => String::new(),
    }
}
