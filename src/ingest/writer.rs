//! Staged files: uncompressed Parquet with plain types, the tally beside them.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arrow::array::{ArrayRef, RecordBatch, UInt16Array, UInt32Array, UInt64Array};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;

use super::rows::Parsed;
use crate::error::Error;
use crate::schema::{Column, Kind, Storage};
use crate::sources::TablePlan;

/// The Arrow type of a staged column, or of half a token. Missing values are sentinels, so nothing is nullable.
fn data_type(kind: Kind) -> DataType {
    match kind.storage() {
        Storage::Token | Storage::Word => DataType::UInt64,
        Storage::Code => DataType::UInt16,
        Storage::Decimal => DataType::Float32,
        Storage::Whole => DataType::Int32,
    }
}

/// The names of the staged columns of a table's column: a token is two integers, both 0 for none. Fixed-size binary would
/// cost an allocation a value.
pub fn staged_names(column: &Column) -> Vec<String> {
    if column.kind.is_token() {
        vec![format!("{}_high", column.name), format!("{}_low", column.name)]
    } else {
        vec![column.name.to_owned()]
    }
}

/// Whether the store holds a column. Tokens of names and places can be guessed from few possible values, so they are
/// handed to linkage in memory and are gone with it.
fn is_stored(column: &Column) -> bool {
    !column.kind.is_of_names()
}

/// The columns that a file has, and after them provider, line, exclusion, the reason of its NHS number, details and lists.
fn schema(plan: &TablePlan, parsed: &Parsed) -> SchemaRef {
    let fields = |column: &Column| {
        let kind = data_type(column.kind);
        staged_names(column).into_iter().map(move |name| Field::new(name, kind.clone(), false)).collect::<Vec<_>>()
    };
    let own = plan.table.columns().iter().zip(&parsed.values);
    let own = own.filter(|(column, values)| values.is_some() && is_stored(column));
    let own = own.flat_map(|(column, _)| fields(column));
    let extra = [("provider", DataType::UInt64), ("line", DataType::UInt32), ("excluded", DataType::UInt16)];
    let extra = extra.into_iter().chain(parsed.reason.is_some().then_some(("nhs_reason", DataType::UInt16)));
    let extra = extra.map(|(name, kind)| Field::new(name, kind, false));
    let details = plan.details.iter().zip(&parsed.details).filter(|(_, values)| values.is_some());
    let details = details.flat_map(|(detail, _)| fields(detail.column));
    let lists = parsed.lists.iter().map(|(field, _)| field.clone());
    Arc::new(Schema::new(own.chain(extra).chain(details).chain(lists).collect::<Vec<_>>()))
}

/// Two extracts with the same bytes have one address and may be staged at once, so temporary files are numbered.
static NEXT: AtomicU64 = AtomicU64::new(0);

/// A number that no other temporary file of this process has.
pub fn next_number() -> u64 {
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// Writes one staged file, block by block, and makes it visible only when it is whole.
pub struct StagedWriter<'a> {
    plan: &'a TablePlan,
    open: Option<(ArrowWriter<File>, SchemaRef)>,
    temporary: PathBuf,
    path: PathBuf,
}

impl<'a> StagedWriter<'a> {
    /// For a temporary file beside `path`.
    pub fn new(plan: &'a TablePlan, path: &Path) -> Self {
        let temporary = path.with_extension(format!("{}.part", next_number()));
        Self { plan, open: None, temporary, path: path.to_path_buf() }
    }

    /// Adds the rows of a block. The first one tells which columns the file has.
    pub fn write(&mut self, parsed: &Parsed) -> Result<(), Error> {
        let (writer, schema) = match &mut self.open {
            Some(open) => open,
            none => {
                let schema = schema(self.plan, parsed);
                let file = File::create(&self.temporary).map_err(|_| Error::cannot_write(&self.path))?;
                let opened = ArrowWriter::try_new(file, schema.clone(), Some(properties()));
                none.insert((opened.map_err(|_| Error::cannot_write(&self.path))?, schema))
            }
        };
        let mut columns: Vec<ArrayRef> = Vec::new();
        for (column, values) in self.plan.table.columns().iter().zip(&parsed.values) {
            values.iter().filter(|_| is_stored(column)).for_each(|values| values.to_arrow(&mut columns));
        }
        columns.push(Arc::new(UInt64Array::from(parsed.provider.clone())));
        columns.push(Arc::new(UInt32Array::from(parsed.line.clone())));
        columns.push(Arc::new(UInt16Array::from(parsed.excluded.clone())));
        if let Some(reason) = &parsed.reason {
            columns.push(Arc::new(UInt16Array::from(reason.clone())));
        }
        for values in parsed.details.iter().flatten() {
            values.to_arrow(&mut columns);
        }
        columns.extend(parsed.lists.iter().map(|(_, list)| list.clone()));
        let batch = RecordBatch::try_new(schema.clone(), columns).map_err(Error::silent("put a block together"))?;
        writer.write(&batch).map_err(|_| Error::cannot_write(&self.path))
    }

    /// Finishes the file and gives it its name. A file without rows has none.
    pub fn finish(self) -> Result<(), Error> {
        let Some((writer, _)) = self.open else { return Ok(()) };
        let file = writer.into_inner().map_err(|_| Error::cannot_write(&self.path))?;
        drop(file);
        std::fs::rename(&self.temporary, &self.path).map_err(|_| Error::cannot_write(&self.path))
    }
}

fn properties() -> WriterProperties {
    // Plain everywhere: the store is read back within seconds, and looking values up costs more than it saves.
    let mut properties = WriterProperties::builder()
        .set_max_row_group_row_count(Some(1 << 18))
        .set_statistics_enabled(EnabledStatistics::None)
        .set_compression(Compression::UNCOMPRESSED)
        .set_dictionary_enabled(false)
        .set_column_encoding(ColumnPath::from("line"), Encoding::DELTA_BINARY_PACKED);
    for constant in ["provider", "nhs_reason", "excluded"] {
        // Nearly the same in every row of a file: a dictionary makes nothing of it.
        properties = properties.set_column_dictionary_enabled(ColumnPath::from(constant), true);
    }
    properties.build()
}
