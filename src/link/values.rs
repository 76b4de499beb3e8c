//! Rows of one canonical table in memory, all files together, as plain columns.
//!
//! Missing is a sentinel here ([`NO_DAY`], [`NO_CODE`], NaN, [`NO_TOKEN`]) and a null again as soon as rows become a
//! frame; nothing outside `link` sees a sentinel.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{Float32Type, Int32Type, UInt16Type, UInt32Type, UInt64Type};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use rayon::prelude::*;

use crate::domain::token::Token;
use crate::error::{self, Error};
use crate::ingest::writer::extra_starts;
use crate::ingest::{Staged, StagedFile};
use crate::schema::{Kind, Table};
use crate::sources::Sources;

/// No day or whole number.
pub const NO_DAY: i32 = i32::MIN;
/// No code.
pub const NO_CODE: u16 = u16::MAX;
/// No token. The chance that a keyed hash is all zeros is one in 2^128.
pub const NO_TOKEN: Token = Token::NONE;

/// One column.
pub enum Values {
    /// Tokens.
    Token(Vec<Token>),
    /// Days, minutes, whole numbers.
    Whole(Vec<i32>),
    /// Codes.
    Code(Vec<u16>),
    /// Organisations and identity fields; 0 is none.
    Org(Vec<u64>),
    /// Scores; NaN is none.
    Decimal(Vec<f32>),
}

impl Values {
    /// Whether the column was not read.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Token(values) => values.is_empty(),
            Self::Whole(values) => values.is_empty(),
            Self::Code(values) => values.is_empty(),
            Self::Org(values) => values.is_empty(),
            Self::Decimal(values) => values.is_empty(),
        }
    }
}

/// The rows of one canonical table.
pub struct Rows {
    /// Which table.
    pub table: Table,
    /// Its own columns, in the schema's order.
    pub columns: Vec<Values>,
    /// Provider of each row.
    pub provider: Vec<u64>,
    /// Position of the staged file of each row.
    pub file: Vec<u32>,
    /// Number of the exclusion rule that the row met; [`NO_CODE`] for none.
    pub excluded: Vec<u16>,
    /// First row of each file, and one more entry at the end.
    pub starts: Vec<(u32, usize)>,
    /// When each row was submitted, as days; [`NO_DAY`] for not given, and empty where no file says.
    pub version: Vec<i32>,
}

impl Rows {
    /// How many rows.
    pub fn len(&self) -> usize {
        self.provider.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.provider.is_empty()
    }

    fn place(&self, name: &str) -> usize {
        self.table.columns().iter().position(|column| column.name == name).unwrap_or(usize::MAX)
    }

    /// A token column; empty if the table has none of that name.
    pub fn tokens(&self, name: &str) -> &[Token] {
        match self.columns.get(self.place(name)) {
            Some(Values::Token(values)) => values,
            _ => &[],
        }
    }

    /// A column of days, minutes or whole numbers.
    pub fn whole(&self, name: &str) -> &[i32] {
        match self.columns.get(self.place(name)) {
            Some(Values::Whole(values)) => values,
            _ => &[],
        }
    }

    /// A column of codes.
    pub fn codes(&self, name: &str) -> &[u16] {
        match self.columns.get(self.place(name)) {
            Some(Values::Code(values)) => values,
            _ => &[],
        }
    }

    /// A column of organisations or identity fields.
    pub fn orgs(&self, name: &str) -> &[u64] {
        match self.columns.get(self.place(name)) {
            Some(Values::Org(values)) => values,
            _ => &[],
        }
    }

    /// A column of scores.
    pub fn decimals(&self, name: &str) -> &[f32] {
        match self.columns.get(self.place(name)) {
            Some(Values::Decimal(values)) => values,
            _ => &[],
        }
    }

    /// Reads every staged file of a table, files in parallel, rows in file order.
    pub fn load(table: Table, staged: &Staged, sources: &Sources) -> Result<Self, Error> {
        let files: Vec<(u32, &StagedFile)> =
            (0..).zip(&staged.files).filter(|(_, file)| sources.tables[file.plan].table == table).collect();
        let parts: Vec<Self> =
            files.par_iter().map(|(at, file)| Self::read(table, *at, file)).collect::<Result<_, _>>()?;
        let rows = parts.iter().map(Self::len).sum();
        let mut all = Self::empty(table, rows);
        for part in parts {
            all.append(part);
        }
        Ok(all)
    }

    fn empty(table: Table, rows: usize) -> Self {
        let column = |kind: Kind| match kind {
            kind if kind.is_token() => Values::Token(Vec::with_capacity(rows)),
            Kind::Code(_) | Kind::NhsStatus | Kind::Postcode => Values::Code(Vec::with_capacity(rows)),
            kind if kind.is_word() => Values::Org(Vec::with_capacity(rows)),
            Kind::Decimal => Values::Decimal(Vec::with_capacity(rows)),
            _ => Values::Whole(Vec::with_capacity(rows)),
        };
        Self {
            table,
            columns: table.columns().iter().map(|one| column(one.kind)).collect(),
            provider: Vec::with_capacity(rows),
            file: Vec::with_capacity(rows),
            excluded: Vec::with_capacity(rows),
            starts: Vec::new(),
            version: Vec::new(),
        }
    }

    fn append(&mut self, mut part: Self) {
        if let Some((file, _)) = part.starts.first() {
            self.starts.push((*file, self.provider.len()));
        }
        for (to, from) in self.columns.iter_mut().zip(&mut part.columns) {
            match (to, from) {
                (Values::Token(to), Values::Token(from)) => to.append(from),
                (Values::Whole(to), Values::Whole(from)) => to.append(from),
                (Values::Code(to), Values::Code(from)) => to.append(from),
                (Values::Org(to), Values::Org(from)) => to.append(from),
                (Values::Decimal(to), Values::Decimal(from)) => to.append(from),
                _ => {}
            }
        }
        self.provider.append(&mut part.provider);
        self.file.append(&mut part.file);
        self.excluded.append(&mut part.excluded);
    }

    fn read(table: Table, at: u32, file: &StagedFile) -> Result<Self, Error> {
        let damaged = || damaged(file);
        let open = std::fs::File::open(&file.path).map_err(|_| damaged())?;
        let builder = ParquetRecordBatchReaderBuilder::try_new(open).map_err(|_| damaged())?;
        let own = extra_starts(table);
        let mut wanted = vec![own, own + 2];
        let mut place = 0;
        for column in table.columns() {
            let width = if column.kind.is_token() { 2 } else { 1 };
            if is_used(table, column.name) {
                wanted.extend(place..place + width);
            }
            place += width;
        }
        let mask = ProjectionMask::roots(builder.parquet_schema(), wanted);
        let rows = builder.metadata().file_metadata().num_rows() as usize;
        let reader = builder.with_projection(mask).with_batch_size(1 << 16).build().map_err(|_| damaged())?;
        let mut all = Self::empty(table, rows);
        for batch in reader {
            let batch = batch.map_err(|_| damaged())?;
            let extras = batch.num_columns() - 2;
            let mut arrays = batch.columns().iter();
            for (column, declared) in all.columns.iter_mut().zip(table.columns()) {
                if !is_used(table, declared.name) {
                    continue;
                }
                if let Values::Token(values) = column {
                    extend_tokens(values, arrays.next(), arrays.next());
                } else if let Some(array) = arrays.next() {
                    extend(column, array);
                }
            }
            all.provider.extend(batch.column(extras).as_primitive::<UInt64Type>().values());
            all.excluded.extend(
                batch.column(extras + 1).as_primitive::<UInt16Type>().iter().map(|value| value.unwrap_or(NO_CODE)),
            );
        }
        all.file.resize(all.provider.len(), at);
        all.starts.push((at, 0));
        Ok(all)
    }
}

/// Whether linkage or anything after it looks at a column; the others are staged for what comes later and not read back.
fn is_used(table: Table, column: &str) -> bool {
    match table {
        Table::Appointments => !matches!(column, "booked_date" | "mode" | "clinician"),
        Table::Contacts => !matches!(column, "minute" | "mechanism" | "minutes"),
        _ => true,
    }
}

fn extend_tokens(values: &mut Vec<Token>, high: Option<&ArrayRef>, low: Option<&ArrayRef>) {
    if let (Some(high), Some(low)) = (high, low) {
        let halves = high.as_primitive::<UInt64Type>().values().iter().zip(low.as_primitive::<UInt64Type>().values());
        values.extend(halves.map(|(high, low)| Token::from_halves(*high, *low)));
    }
}

fn extend(column: &mut Values, array: &dyn Array) {
    match column {
        Values::Token(_) => {}
        Values::Whole(values) => {
            values.extend(array.as_primitive::<Int32Type>().iter().map(|value| value.unwrap_or(NO_DAY)));
        }
        Values::Code(values) => {
            values.extend(array.as_primitive::<UInt16Type>().iter().map(|value| value.unwrap_or(NO_CODE)));
        }
        Values::Org(values) => values.extend(array.as_primitive::<UInt64Type>().iter().map(|value| value.unwrap_or(0))),
        Values::Decimal(values) => {
            values.extend(array.as_primitive::<Float32Type>().iter().map(|value| value.unwrap_or(f32::NAN)));
        }
    }
}

/// The line in its extract of a staged row, read only where a reject must name it.
pub fn lines(file: &StagedFile, table: Table) -> Result<Vec<u32>, Error> {
    let damaged = || damaged(file);
    let open = std::fs::File::open(&file.path).map_err(|_| damaged())?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(open).map_err(|_| damaged())?;
    let mask = ProjectionMask::roots(builder.parquet_schema(), [extra_starts(table) + 1]);
    let reader = builder.with_projection(mask).build().map_err(|_| damaged())?;
    let mut lines = Vec::new();
    for batch in reader {
        let batch = batch.map_err(|_| damaged())?;
        lines.extend(batch.column(0).as_primitive::<UInt32Type>().values());
    }
    Ok(lines)
}

pub(super) fn damaged(file: &StagedFile) -> Error {
    Error::new(
        &error::STORE_DAMAGED,
        format!("the staged copy of {} cannot be read", file.name),
        "delete the store folder; the next run reads every extract again",
    )
}
