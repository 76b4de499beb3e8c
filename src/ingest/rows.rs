//! Rows: a block of records parsed into typed columns. Identifiers become tokens here and nowhere else.

use std::sync::Arc;

use hashbrown::HashMap;

use arrow::array::{ArrayRef, UInt16Builder, UInt32Builder, UInt64Builder};

use super::blocks::Block;
use super::builder::Builder;
use super::cells::{self, Cell, Context};
use super::checks::{self, Check};
use super::details::Details;
use super::extracts::Extract;
use super::fields;
use super::headings::Layout;
use super::tally::{Reject, Tally, shape};
use super::withheld::Withheld;
use crate::domain::nhs_number::{self, NhsNumber, REASONS, Reason};
use crate::domain::org_code::OrgCode;
use crate::domain::token::Token;
use crate::error::{self, Error};
use crate::identity::tokens::Tokeniser;
use crate::schema::codes::CodeSet;
use crate::schema::columns::Field;
use crate::schema::{Kind, Table};
use crate::sources::{Empty, TablePlan, code_lists};

/// The keyed hashes of a project, shared by every file.
pub struct Tokenisers {
    /// `id:nhs`.
    pub nhs: Tokeniser,
    /// `id:local`.
    pub local: Tokeniser,
    /// `id:record`.
    pub record: Tokeniser,
    /// `f:outcode`.
    pub outcode: Tokeniser,
    /// `f:fn.f1`.
    pub initial: Tokeniser,
    /// `f:sn.f3`.
    pub surname_start: Tokeniser,
    /// Whether the key is the demonstration key, which meets test numbers only.
    pub is_demonstration: bool,
}

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
}

/// What one block became.
pub struct Parsed {
    /// The staged columns, as [`super::writer::schema`] has them.
    pub columns: Vec<ArrayRef>,
    /// Counts.
    pub tally: Tally,
    /// Rejected rows.
    pub rejects: Vec<Reject>,
}

/// Columns that every staged table has after its own: provider, line, excluded, and where there is a number its reason.
/// A file's details follow.
pub const EXTRA: [&str; 4] = ["provider", "line", "excluded", "nhs_reason"];

/// State of parsing one block.
struct Page<'a> {
    reader: &'a RowReader<'a>,
    builders: Vec<Builder>,
    provider: UInt64Builder,
    line: UInt32Builder,
    excluded: UInt16Builder,
    reason: UInt16Builder,
    tally: Tally,
    warnings: Vec<[u64; checks::ALL.len()]>,
    reasons: [u64; REASONS.len()],
    rejects: Vec<Reject>,
    names: Vec<String>,
    nhs_cache: Vec<Option<(u64, Token)>>,
    field_cache: HashMap<(u8, fields::Short), u64>,
    last_parent: Vec<(OrgCode, Vec<u8>, Option<Token>)>,
    event_date: Option<usize>,
    details: Details<'a>,
    withheld: Withheld,
}

/// No canonical table has more columns; a test holds it.
const MAX_COLUMNS: usize = 24;

/// How many recent NHS numbers a block remembers the tokens of.
const NHS_CACHE: usize = 1 << 14;

impl RowReader<'_> {
    /// Parses a block. Fails only where the whole file must be refused.
    pub fn parse(&self, block: &Block) -> Result<Parsed, Error> {
        let mut page = Page::new(self, block.bytes.len() / 40);
        if memchr::memchr3(b'"', b'\r', 0, &block.bytes).is_none() {
            self.parse_plain(block, &mut page)?;
        } else {
            parse_quoted(block, &mut page)?;
        }
        Ok(page.finish())
    }

    /// Without a quote or a carriage return a record is a line and a field lies between commas: nothing is copied.
    fn parse_plain(&self, block: &Block, page: &mut Page<'_>) -> Result<(), Error> {
        let mut fields: Vec<&[u8]> = Vec::with_capacity(self.layout.width + 1);
        let (mut start, mut line) = (0, block.first_line);
        for at in memchr::memchr2_iter(b',', b'\n', &block.bytes) {
            fields.push(&block.bytes[start..at]);
            start = at + 1;
            if block.bytes[at] == b'\n' {
                page.row(&fields, line)?;
                fields.clear();
                line += 1;
            }
        }
        if start < block.bytes.len() || !fields.is_empty() {
            fields.push(&block.bytes[start..]);
            page.row(&fields, line)?;
        }
        Ok(())
    }
}

/// Any other block goes through the `csv` crate.
fn parse_quoted(block: &Block, page: &mut Page<'_>) -> Result<(), Error> {
    let mut csv = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .buffer_capacity(1 << 16)
        .from_reader(block.bytes.as_slice());
    let mut record = csv::ByteRecord::new();
    loop {
        // The reader stands before line ends that it has yet to skip: blank lines, and the LF of a CR LF.
        let before = block.bytes.get(csv.position().byte() as usize..).unwrap_or_default();
        let ends =
            before.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).filter(|byte| **byte == b'\n').count();
        let line = block.first_line + csv.position().line() - 1 + ends as u64;
        match csv.read_byte_record(&mut record) {
            Ok(true) => page.row(&record.iter().collect::<Vec<_>>(), line)?,
            Ok(false) => return Ok(()),
            Err(_) => return Err(Error::silent("split records")(())),
        }
    }
}

impl<'a> Page<'a> {
    fn new(reader: &'a RowReader<'a>, rows: usize) -> Self {
        let columns = reader.plan.table.columns();
        let names = record_names(reader.plan);
        Self {
            reader,
            builders: columns.iter().map(|column| Builder::new(column.kind, rows)).collect(),
            provider: UInt64Builder::with_capacity(rows),
            line: UInt32Builder::with_capacity(rows),
            excluded: UInt16Builder::with_capacity(rows),
            reason: UInt16Builder::with_capacity(rows),
            tally: Tally::default(),
            warnings: vec![[0; checks::ALL.len()]; reader.plan.columns.len()],
            reasons: [0; REASONS.len()],
            rejects: Vec::new(),
            names,
            nhs_cache: vec![None; NHS_CACHE],
            field_cache: HashMap::new(),
            last_parent: vec![(OrgCode::default(), Vec::new(), None); columns.len()],
            event_date: columns.iter().position(|column| matches!(column.kind, Kind::Date)),
            details: Details::new(reader, rows),
            withheld: Withheld::of(reader.plan, reader.layout),
        }
    }

    fn row(&mut self, record: &[&[u8]], line: u64) -> Result<(), Error> {
        let layout = self.reader.layout;
        if record == [b""] {
            return Ok(());
        }
        self.tally.read += 1;
        if record.len() != layout.width {
            self.reject(line, "", &checks::FIELDS, b"");
            return Ok(());
        }
        let provider = match layout.provider.map(|at| record[at]) {
            None => self.reader.extract.provider,
            Some(text) => OrgCode::parse(text),
        };
        let Some(provider) = provider else {
            let column = self.reader.plan.provider.clone().unwrap_or_default();
            self.reject(line, &column, &checks::ORGANISATION, b"");
            return Ok(());
        };
        let exclusion = self.exclusion(record);
        if exclusion.is_some_and(|rule| self.reader.plan.drops_row(rule)) {
            self.exclude(exclusion);
            return Ok(());
        }
        // Most tables are narrow, and clearing cells that a row does not have would cost more than reading it.
        match self.builders.len() {
            ..=8 => self.keep(record, (provider, line, exclusion), &mut [Cell::Null; 8]),
            9..=12 => self.keep(record, (provider, line, exclusion), &mut [Cell::Null; 12]),
            _ => self.keep(record, (provider, line, exclusion), &mut [Cell::Null; MAX_COLUMNS]),
        }
    }

    /// Reads a row's cells and keeps it, unless a check rejects it.
    fn keep<'r>(
        &mut self,
        record: &[&'r [u8]],
        (provider, line, exclusion): (OrgCode, u64, Option<u16>),
        cells: &mut [Cell<'r>],
    ) -> Result<(), Error> {
        if self.read_cells(record, line, cells)? {
            let width = self.builders.len();
            self.withheld.hide(record, &mut cells[..width]);
            self.details.append(record, provider, exclusion.is_some());
            self.append(provider, line, exclusion, &cells[..width])?;
            self.exclude(exclusion);
        }
        Ok(())
    }

    /// Counts a row that is left out on purpose.
    fn exclude(&mut self, rule: Option<u16>) {
        if let Some(rule) = rule.and_then(|at| self.reader.plan.exclusions.get(usize::from(at))) {
            *self.tally.excluded.entry(rule.reason.clone()).or_default() += 1;
        }
    }

    /// The number of the first exclusion rule that the row meets.
    fn exclusion(&self, record: &[&[u8]]) -> Option<u16> {
        let rules = &self.reader.plan.exclusions;
        let met = rules.iter().zip(&self.reader.layout.exclusions).position(|(rule, field)| {
            let Some(cell) = field.map(|at| record[at]) else { return false };
            let is_among = |codes: &[Vec<u8>]| codes.iter().any(|code| code_lists::is_same(cell, code));
            is_among(&rule.is_one_of) || (!rule.unless.is_empty() && !is_among(&rule.unless))
        })?;
        Some(met as u16)
    }

    /// Fills the row's cells; false if the row was rejected.
    fn read_cells<'r>(&mut self, record: &[&'r [u8]], line: u64, cells: &mut [Cell<'r>]) -> Result<bool, Error> {
        let mut status = None;
        for (at, (plan, field)) in self.reader.plan.columns.iter().zip(&self.reader.layout.fields).enumerate() {
            let Some(text) = field.map(|field| record[field]) else { continue };
            match cells::read(plan, text, self.reader.context) {
                Ok(Cell::Null) if plan.empty == Empty::Reject => {
                    self.reject(line, &plan.heading, &checks::EMPTY, b"");
                    return Ok(false);
                }
                Ok(Cell::Nhs(_, Reason::ExcelDamage)) => {
                    return Err(excel_damage(&self.reader.extract.name, &plan.heading, line));
                }
                Ok(Cell::Null) if plan.empty == Empty::Warn && text.trim_ascii().is_empty() => {
                    self.warn(at, &checks::MISSING);
                }
                Ok(cell) => {
                    if let (Kind::NhsStatus, Cell::Code(code)) = (plan.column.kind, cell) {
                        status = Some(code as u8);
                    }
                    cells[plan.position] = cell;
                }
                Err(check) if plan.empty == Empty::Reject => {
                    self.reject(line, &plan.heading, check, text);
                    return Ok(false);
                }
                Err(check) => self.warn(at, check),
            }
        }
        if self.reader.plan.table == Table::Scores && !self.score_is_possible(cells) {
            self.reject(line, "score", &checks::SCORE_RANGE, b"");
            return Ok(false);
        }
        for cell in cells.iter_mut() {
            if let Cell::Nhs(number, reason) = cell {
                (*number, *reason) = nhs_number::judge(*number, *reason, status);
            }
        }
        Ok(true)
    }

    fn score_is_possible(&self, cells: &[Cell<'_>]) -> bool {
        let place = |name: &str| self.reader.plan.table.columns().iter().position(|column| column.name == name);
        let (Some(scale), Some(score)) = (place("scale"), place("score")) else { return true };
        match (cells[scale], cells[score]) {
            (Cell::Code(scale), Cell::Decimal(score)) => {
                CodeSet::score_range(scale).is_none_or(|(low, high)| (low..=high).contains(&score))
            }
            _ => true,
        }
    }

    fn append(
        &mut self,
        provider: OrgCode,
        line: u64,
        exclusion: Option<u16>,
        cells: &[Cell<'_>],
    ) -> Result<(), Error> {
        let mut reason = None;
        for (at, cell) in cells.iter().enumerate() {
            let kind = self.reader.plan.table.columns()[at].kind;
            if exclusion.is_some() && !matches!(kind, Kind::RecordId | Kind::LocalId) {
                self.builders[at].null();
                continue;
            }
            match (cell, &mut self.builders[at]) {
                (Cell::Whole(value), Builder::Whole(builder)) => builder.append_value(*value),
                (Cell::Code(value), Builder::Code(builder)) => builder.append_value(*value),
                (Cell::Org(value), Builder::Org(builder)) => builder.append_value(value.packed()),
                (Cell::Word(value), Builder::Org(builder)) => builder.append_value(*value),
                (Cell::Decimal(value), Builder::Decimal(builder)) => builder.append_value(*value),
                (Cell::Id(text), Builder::Org(_)) => {
                    let token = self.field_token(kind, text);
                    if let Builder::Org(builder) = &mut self.builders[at] {
                        builder.append_option(token);
                    }
                }
                (Cell::Id(text), Builder::Token { .. }) => {
                    let token = self.id_token(at, kind, provider, text);
                    self.builders[at].token(token);
                }
                (Cell::Nhs(number, why), Builder::Token { .. }) => {
                    reason = Some(*why);
                    match number {
                        Some(number) => {
                            let token = self.nhs_token(*number)?;
                            self.builders[at].token(token);
                        }
                        None => self.builders[at].null(),
                    }
                }
                (_, builder) => builder.null(),
            }
        }
        self.provider.append_value(provider.packed());
        self.line.append_value(line as u32);
        self.excluded.append_option(exclusion);
        self.reason.append_option(reason.map(|reason| reason as u16));
        if exclusion.is_none() {
            self.count_kept(reason, cells);
        }
        Ok(())
    }

    fn count_kept(&mut self, reason: Option<Reason>, cells: &[Cell<'_>]) {
        self.tally.kept += 1;
        if let Some(reason) = reason {
            self.reasons[reason as usize] += 1;
        }
        if let Some(Cell::Whole(day)) = self.event_date.map(|at| cells[at]) {
            self.tally.first_day = Some(self.tally.first_day.map_or(day, |first| first.min(day)));
            self.tally.last_day = Some(self.tally.last_day.map_or(day, |last| last.max(day)));
        }
    }

    fn nhs_token(&mut self, number: NhsNumber) -> Result<Token, Error> {
        if self.reader.tokenisers.is_demonstration && !number.is_test() {
            return Err(Error::new(
                &error::KEY_DEMO,
                format!(
                    "{} holds NHS numbers outside the 9xx test range, and the key is the demonstration key",
                    self.reader.extract.name
                ),
                "make a key of your own with `pathlink key new` and name it under [key] file",
            ));
        }
        let slot = number.value() as usize % NHS_CACHE;
        if let Some((value, token)) = self.nhs_cache[slot]
            && value == number.value()
        {
            return Ok(token);
        }
        let token = self.reader.tokenisers.nhs.token(&[&number.digits()]);
        self.nhs_cache[slot] = Some((number.value(), token));
        Ok(token)
    }

    /// The first 8 bytes of a field's token. Fields take few values, so each is hashed once a block.
    fn field_token(&mut self, kind: Kind, text: &[u8]) -> Option<u64> {
        let Kind::Field(field) = kind else { return None };
        let value = fields::canonical(field, text)?;
        let tokenisers = self.reader.tokenisers;
        Some(*self.field_cache.entry((field as u8, value)).or_insert_with_key(|(_, value)| {
            let tokeniser = match field {
                Field::Outcode => &tokenisers.outcode,
                Field::Initial => &tokenisers.initial,
                Field::SurnameStart => &tokenisers.surname_start,
            };
            tokeniser.token(&[value.bytes()]).first_half()
        }))
    }

    /// Rows of one parent often follow each other, so the last parent's token is remembered.
    fn id_token(&mut self, at: usize, kind: Kind, provider: OrgCode, text: &[u8]) -> Token {
        let raised;
        let is_local = matches!(kind, Kind::LocalId | Kind::ParentId(Table::PersonRecords));
        let id = if is_local && text.iter().any(u8::is_ascii_lowercase) {
            raised = text.to_ascii_uppercase();
            raised.as_slice()
        } else {
            text
        };
        let (last_provider, last_id, last_token) = &mut self.last_parent[at];
        if let Some(token) = last_token
            && *last_provider == provider
            && last_id == id
        {
            return *token;
        }
        let tokenisers = self.reader.tokenisers;
        let token = match kind {
            Kind::LocalId | Kind::ParentId(Table::PersonRecords) => tokenisers.local.of_id("", provider, id),
            _ => tokenisers.record.of_id(&self.names[at], provider, id),
        };
        if kind != Kind::RecordId {
            *last_provider = provider;
            last_id.clear();
            last_id.extend_from_slice(id);
            *last_token = Some(token);
        }
        token
    }

    fn reject(&mut self, line: u64, column: &str, check: &'static Check, text: &[u8]) {
        *self.tally.rejected.entry(check.id.to_owned()).or_default() += 1;
        self.rejects.push(Reject { line, column: column.to_owned(), check: check.id.to_owned(), shape: shape(text) });
    }

    fn warn(&mut self, column: usize, check: &'static Check) {
        if let Some(at) = checks::ALL.iter().position(|known| *known == check) {
            self.warnings[column][at] += 1;
        }
    }

    fn finish(mut self) -> Parsed {
        for (plan, counts) in self.reader.plan.columns.iter().zip(&self.warnings) {
            for (check, count) in checks::ALL.iter().zip(counts).filter(|(_, count)| **count > 0) {
                self.tally.warnings.insert(format!("{} {}", plan.heading, check.id), *count);
            }
        }
        for ((_, name), count) in REASONS.iter().zip(self.reasons).filter(|(_, count)| *count > 0) {
            self.tally.nhs.insert((*name).to_owned(), count);
        }
        self.tally.warnings.extend(self.details.warnings());
        let mut columns: Vec<ArrayRef> = Vec::new();
        for builder in self.builders {
            builder.finish(&mut columns);
        }
        columns.push(Arc::new(self.provider.finish()));
        columns.push(Arc::new(self.line.finish()));
        columns.push(Arc::new(self.excluded.finish()));
        columns.push(Arc::new(self.reason.finish()));
        self.details.finish(&mut columns);
        Parsed { columns, tally: self.tally, rejects: self.rejects }
    }
}

/// Record ids are unique within source, table and provider, so both names enter the hash.
fn record_names(plan: &TablePlan) -> Vec<String> {
    let name = |table: Table| format!("{}.{}", plan.source.id(), table.id());
    let of = |kind: Kind| match kind {
        Kind::RecordId => name(plan.table),
        Kind::ParentId(parent) => name(parent),
        _ => String::new(),
    };
    plan.table.columns().iter().map(|column| of(column.kind)).collect()
}

fn excel_damage(file: &str, heading: &str, line: u64) -> Error {
    Error::new(&error::EXCEL_DAMAGE, format!("{file}: the column `{heading}` was damaged by a spreadsheet"), "export the file again without opening it in a spreadsheet: many people now share one rounded number, so none of them can be used")
        .because(format!("first damaged cell in line {line}: scientific notation, a trailing .0 or ####"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_fits_the_row() {
        assert!(Table::ALL.iter().all(|table| table.columns().len() <= MAX_COLUMNS));
    }
}
