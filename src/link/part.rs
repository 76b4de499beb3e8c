//! Parts: the rows of one staged file, as blocks in memory or from the store.

use std::path::Path;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{Float32Type, Int32Type, UInt16Type, UInt32Type, UInt64Type};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};

use crate::domain::token::Token;
use crate::error::{self, Error};
use crate::ingest::StagedFile;
use crate::ingest::values::Values;
use crate::ingest::writer::staged_names;
use crate::schema::Table;

/// Some rows of a staged file.
pub(super) struct Part {
    /// By position in the table; none where the file has no such column.
    pub(super) values: Vec<Option<Values>>,
    pub(super) provider: Vec<u64>,
    pub(super) excluded: Vec<u16>,
}

/// The rows of a staged file from the store, without the columns that linkage does not look at.
pub(super) fn of(table: Table, file: &StagedFile) -> Result<Part, Error> {
    let is_wanted = |name: &str| {
        let own = table.columns().iter().find(|column| staged_names(column).iter().any(|known| known == name));
        own.map_or(matches!(name, "provider" | "excluded"), |column| table.is_linked(column.name))
    };
    let rows = file.rows as usize;
    let mut part = Part {
        values: table.columns().iter().map(|_| None).collect(),
        provider: Vec::with_capacity(rows),
        excluded: Vec::with_capacity(rows),
    };
    for batch in open(&file.path, is_wanted).ok_or_else(|| damaged(file))? {
        let batch = batch.map_err(|_| damaged(file))?;
        for (values, column) in part.values.iter_mut().zip(table.columns()) {
            let names = staged_names(column);
            let Some(first) = batch.column_by_name(&names[0]) else { continue };
            let values = values.get_or_insert_with(|| Values::new(column.kind, rows));
            extend(values, first, names.get(1).and_then(|name| batch.column_by_name(name)));
        }
        let extra = |name: &str| batch.column_by_name(name).ok_or_else(|| damaged(file));
        part.provider.extend_from_slice(extra("provider")?.as_primitive::<UInt64Type>().values());
        part.excluded.extend_from_slice(extra("excluded")?.as_primitive::<UInt16Type>().values());
    }
    if part.provider.len() == rows { Ok(part) } else { Err(damaged(file)) }
}

fn extend(values: &mut Values, array: &dyn Array, low: Option<&ArrayRef>) {
    match (values, low) {
        (Values::Token(values), Some(low)) => {
            let high = array.as_primitive::<UInt64Type>().values().iter();
            let halves = high.zip(low.as_primitive::<UInt64Type>().values());
            values.extend(halves.map(|(high, low)| Token::from_halves(*high, *low)));
        }
        (Values::Token(_), None) => {}
        (Values::Whole(values), _) => values.extend_from_slice(array.as_primitive::<Int32Type>().values()),
        (Values::Code(values), _) => values.extend_from_slice(array.as_primitive::<UInt16Type>().values()),
        (Values::Org(values), _) => values.extend_from_slice(array.as_primitive::<UInt64Type>().values()),
        (Values::Decimal(values), _) => values.extend_from_slice(array.as_primitive::<Float32Type>().values()),
    }
}

/// The lines in its extract of a staged file's rows, read only where a reject must name one.
pub(super) fn lines(file: &StagedFile) -> Result<Vec<u32>, Error> {
    let arrays = column(file, "line")?.unwrap_or_default();
    Ok(arrays.iter().flat_map(|array| array.as_primitive::<UInt32Type>().values()).copied().collect())
}

/// One column of a staged file from the store; none where it does not have it.
pub(super) fn column(file: &StagedFile, name: &str) -> Result<Option<Vec<ArrayRef>>, Error> {
    if file.rows == 0 {
        return Ok(None);
    }
    let batches = open(&file.path, |known| known == name).ok_or_else(|| damaged(file))?;
    let mut arrays = Vec::new();
    for batch in batches {
        let batch = batch.map_err(|_| damaged(file))?;
        match batch.column_by_name(name) {
            Some(array) => arrays.push(array.clone()),
            None => return Ok(None),
        }
    }
    Ok(Some(arrays))
}

/// The wanted columns of a Parquet file, batch by batch.
fn open(path: &Path, is_wanted: impl Fn(&str) -> bool) -> Option<ParquetRecordBatchReader> {
    let builder = ParquetRecordBatchReaderBuilder::try_new(std::fs::File::open(path).ok()?).ok()?;
    let fields = builder.schema().fields().iter().enumerate();
    let wanted: Vec<usize> = fields.filter(|(_, field)| is_wanted(field.name())).map(|(at, _)| at).collect();
    let mask = ProjectionMask::roots(builder.parquet_schema(), wanted);
    builder.with_projection(mask).with_batch_size(1 << 16).build().ok()
}

fn damaged(file: &StagedFile) -> Error {
    Error::new(
        &error::STORE_DAMAGED,
        format!("the staged copy of {} cannot be read", file.name),
        "delete the store folder; the next run reads every extract again",
    )
}
