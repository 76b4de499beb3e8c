//! Details of a block: columns that few extracts have, read beside a table's own columns and only where the file has
//! them. In: kept records. Out: Arrow columns that follow the extras in the staged file. A file without details costs
//! nothing here.

use std::sync::Arc;

use arrow::array::{ArrayRef, Float32Builder, Int32Builder, ListBuilder, UInt16Builder, UInt64Array, UInt64Builder};
use arrow::datatypes::{DataType, Field};
use hashbrown::HashMap;

use super::cells::{self, Cell};
use super::checks::{self, Check};
use super::headings::Layout;
use super::rows::{RowReader, Tokenisers};
use crate::domain::org_code::OrgCode;
use crate::domain::token::Token;
use crate::schema::{Kind, Table};
use crate::sources::{ColumnPlan, TablePlan};

/// A detail being filled.
enum Builder {
    Token { high: Vec<u64>, low: Vec<u64> },
    Whole(Int32Builder),
    Code(UInt16Builder),
    Word(UInt64Builder),
    Decimal(Float32Builder),
    Wholes(ListBuilder<Int32Builder>),
    Words(ListBuilder<UInt64Builder>),
}

struct Detail<'a> {
    plan: &'a ColumnPlan,
    fields: &'a [usize],
    /// What its ids are called in their hash.
    name: String,
    builder: Builder,
    warnings: Vec<u64>,
    /// Tokens of ids met so far: looked up, never listed. Teams are few, and each stands in many rows.
    tokens: HashMap<Vec<u8>, Token>,
}

/// A block remembers the tokens of so many ids of a detail.
const REMEMBERED: usize = 4096;

/// The details of one block.
pub(super) struct Details<'a> {
    reader: &'a RowReader<'a>,
    details: Vec<Detail<'a>>,
}

impl<'a> Details<'a> {
    /// For the details that the reader's file has, and about so many rows.
    pub(super) fn new(reader: &'a RowReader<'a>, rows: usize) -> Self {
        let detail = |(at, fields): &'a (usize, Vec<usize>)| {
            let plan = &reader.plan.details[*at];
            Detail {
                plan,
                fields,
                name: id_name(reader.plan, plan.column.kind),
                builder: Builder::new(plan.column.kind, rows),
                warnings: vec![0; checks::ALL.len()],
                tokens: HashMap::new(),
            }
        };
        Self { reader, details: reader.layout.details.iter().map(detail).collect() }
    }

    /// Adds a kept record; a row that is left out on purpose keeps none of its details.
    pub(super) fn append(&mut self, record: &[&[u8]], provider: OrgCode, is_excluded: bool) {
        for detail in &mut self.details {
            if is_excluded {
                detail.builder.push(Cell::Null);
            } else {
                detail.append(record, provider, self.reader);
            }
        }
    }

    /// Warnings by heading and check.
    pub(super) fn warnings(&self) -> impl Iterator<Item = (String, u64)> + '_ {
        self.details.iter().flat_map(|detail| {
            let counted = checks::ALL.iter().zip(&detail.warnings).filter(|(_, count)| **count > 0);
            counted.map(|(check, count)| (format!("{} {}", detail.plan.heading, check.id), *count))
        })
    }

    /// The columns, in the order of [`fields`].
    pub(super) fn finish(self, columns: &mut Vec<ArrayRef>) {
        for detail in self.details {
            detail.builder.finish(columns);
        }
    }
}

impl Detail<'_> {
    fn append(&mut self, record: &[&[u8]], provider: OrgCode, reader: &RowReader<'_>) {
        if let Some(value) = self.plan.value {
            return self.builder.push(Cell::Code(value));
        }
        if let Kind::List(_) = self.plan.column.kind {
            return self.append_list(record, reader);
        }
        let Some(text) = self.fields.first().map(|field| record[*field]) else { return self.builder.push(Cell::Null) };
        match cells::read(self.plan, text, reader.context) {
            Ok(Cell::Id(id)) => {
                let token = self.token(provider, id, reader.tokenisers);
                self.builder.token(token);
            }
            Ok(cell) => self.builder.push(cell),
            Err(check) => {
                self.warn(check);
                self.builder.push(Cell::Null);
            }
        }
    }

    /// One cell parted by commas, or one cell a numbered heading: there a gap is kept, so that lists stay in step, and
    /// only gaps at the end go.
    fn append_list(&mut self, record: &[&[u8]], reader: &RowReader<'_>) {
        let Kind::List(kind) = self.plan.column.kind else { return };
        let is_numbered = self.plan.numbered > 0;
        let parts: Vec<&[u8]> = if is_numbered {
            self.fields.iter().map(|field| record[*field].trim_ascii()).collect()
        } else {
            let cell = self.fields.first().map(|field| record[*field]).unwrap_or_default();
            cell.split(|byte| *byte == b',').map(<[u8]>::trim_ascii).filter(|part| !part.is_empty()).collect()
        };
        let used = parts.iter().rposition(|part| !part.is_empty()).map_or(0, |at| at + 1);
        let values: Vec<Result<Cell<'_>, &'static Check>> =
            parts[..used].iter().map(|part| cells::read_as(*kind, self.plan, part, reader.context)).collect();
        for value in values {
            if let Err(check) = value {
                self.warn(check);
            }
            self.builder.part(value.unwrap_or(Cell::Null));
        }
        self.builder.end_list();
    }

    fn token(&mut self, provider: OrgCode, id: &[u8], tokenisers: &Tokenisers) -> Token {
        let kind = self.plan.column.kind;
        if kind != Kind::ParentId(Table::Teams) {
            return token(kind, &self.name, (provider, id), tokenisers);
        }
        let key = [&provider.packed().to_be_bytes(), id].concat();
        if let Some(known) = self.tokens.get(&key) {
            return *known;
        }
        let made = token(kind, &self.name, (provider, id), tokenisers);
        if self.tokens.len() < REMEMBERED {
            self.tokens.insert(key, made);
        }
        made
    }

    fn warn(&mut self, check: &'static Check) {
        if let Some(at) = checks::ALL.iter().position(|known| *known == check) {
            self.warnings[at] += 1;
        }
    }
}

/// A national pseudonym is the same at every provider; any other id is unique within one.
fn token(kind: Kind, name: &str, (provider, id): (OrgCode, &[u8]), tokenisers: &Tokenisers) -> Token {
    match kind {
        Kind::NationalPseudonym => tokenisers.record.of_id(name, OrgCode::default(), id),
        Kind::LocalId | Kind::ParentId(Table::PersonRecords) => {
            tokenisers.local.of_id("", provider, &id.to_ascii_uppercase())
        }
        _ => tokenisers.record.of_id(name, provider, id),
    }
}

fn id_name(plan: &TablePlan, kind: Kind) -> String {
    let source = plan.source.id();
    match kind {
        Kind::ParentId(table) => format!("{source}.{}", table.id()),
        Kind::OtherId(name) => format!("{source}.{name}"),
        Kind::NationalPseudonym => format!("{source}.national_pseudonym"),
        _ => String::new(),
    }
}

impl Builder {
    fn new(kind: Kind, rows: usize) -> Self {
        match kind {
            kind if kind.is_token() => Self::Token { high: Vec::with_capacity(rows), low: Vec::with_capacity(rows) },
            kind if kind.is_word() => Self::Word(UInt64Builder::with_capacity(rows)),
            Kind::List(kind) if kind.is_word() => Self::Words(ListBuilder::new(UInt64Builder::new())),
            Kind::List(_) => Self::Wholes(ListBuilder::new(Int32Builder::new())),
            Kind::Code(_) | Kind::NhsStatus | Kind::Postcode => Self::Code(UInt16Builder::with_capacity(rows)),
            Kind::Decimal => Self::Decimal(Float32Builder::with_capacity(rows)),
            _ => Self::Whole(Int32Builder::with_capacity(rows)),
        }
    }

    fn token(&mut self, token: Token) {
        if let Self::Token { high, low } = self {
            let (first, second) = token.halves();
            high.push(first);
            low.push(second);
        }
    }

    fn push(&mut self, cell: Cell<'_>) {
        match (self, cell) {
            (Self::Whole(builder), Cell::Whole(value)) => builder.append_value(value),
            (Self::Code(builder), Cell::Code(value)) => builder.append_value(value),
            (Self::Word(builder), Cell::Word(value)) => builder.append_value(value),
            (Self::Word(builder), Cell::Org(value)) => builder.append_value(value.packed()),
            (Self::Decimal(builder), Cell::Decimal(value)) => builder.append_value(value),
            (Self::Whole(builder), _) => builder.append_null(),
            (Self::Code(builder), _) => builder.append_null(),
            (Self::Word(builder), _) => builder.append_null(),
            (Self::Decimal(builder), _) => builder.append_null(),
            (Self::Wholes(builder), _) => builder.append_null(),
            (Self::Words(builder), _) => builder.append_null(),
            (builder @ Self::Token { .. }, _) => builder.token(Token::NONE),
        }
    }

    fn part(&mut self, cell: Cell<'_>) {
        match (self, cell) {
            (Self::Wholes(builder), Cell::Whole(value)) => builder.values().append_value(value),
            (Self::Words(builder), Cell::Word(value)) => builder.values().append_value(value),
            (Self::Wholes(builder), _) => builder.values().append_null(),
            (Self::Words(builder), _) => builder.values().append_null(),
            _ => {}
        }
    }

    fn end_list(&mut self) {
        match self {
            Self::Wholes(builder) => builder.append(true),
            Self::Words(builder) => builder.append(true),
            _ => {}
        }
    }

    fn finish(self, columns: &mut Vec<ArrayRef>) {
        match self {
            Self::Token { high, low } => {
                columns.push(Arc::new(UInt64Array::from(high)));
                columns.push(Arc::new(UInt64Array::from(low)));
            }
            Self::Whole(mut builder) => columns.push(Arc::new(builder.finish())),
            Self::Code(mut builder) => columns.push(Arc::new(builder.finish())),
            Self::Word(mut builder) => columns.push(Arc::new(builder.finish())),
            Self::Decimal(mut builder) => columns.push(Arc::new(builder.finish())),
            Self::Wholes(mut builder) => columns.push(Arc::new(builder.finish())),
            Self::Words(mut builder) => columns.push(Arc::new(builder.finish())),
        }
    }
}

/// The Arrow fields of the details that a file has.
pub fn fields(plan: &TablePlan, layout: &Layout) -> Vec<Field> {
    let mut fields = Vec::new();
    for (at, _) in &layout.details {
        let column = plan.details[*at].column;
        if column.kind.is_token() {
            for half in ["high", "low"] {
                fields.push(Field::new(format!("{}_{half}", column.name), DataType::UInt64, false));
            }
        } else {
            fields.push(Field::new(column.name, data_type(column.kind), true));
        }
    }
    fields
}

fn data_type(kind: Kind) -> DataType {
    match kind {
        Kind::List(kind) => DataType::List(Arc::new(Field::new_list_field(data_type(*kind), true))),
        kind if kind.is_word() => DataType::UInt64,
        Kind::Version => DataType::Int32,
        kind => super::writer::data_type(kind),
    }
}
