//! Staged files: uncompressed Parquet with plain types, the tally beside them.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding};
use parquet::file::properties::WriterProperties;
use parquet::schema::types::ColumnPath;

use super::rows::EXTRA;
use crate::error::Error;
use crate::schema::{Kind, Table};

/// Where the columns after a table's own begin in its staged files.
pub fn extra_starts(table: Table) -> usize {
    table.columns().iter().map(|column| if column.kind.is_token() { 2 } else { 1 }).sum()
}

/// The Arrow type of a staged column that is no token.
pub fn data_type(kind: Kind) -> DataType {
    match kind {
        Kind::Date | Kind::BirthDate | Kind::Minute | Kind::Whole => DataType::Int32,
        Kind::Code(_) | Kind::NhsStatus | Kind::Postcode => DataType::UInt16,
        kind if kind.is_word() => DataType::UInt64,
        _ => DataType::Float32,
    }
}

/// The Arrow schema of a staged table, with the details of one file.
pub fn schema(table: Table, details: Vec<Field>) -> SchemaRef {
    let own = table.columns().iter().flat_map(|column| {
        // A token is two integers; both 0 for none. Fixed-size binary would cost an allocation a value.
        let halves = |half: &str| Field::new(format!("{}_{half}", column.name), DataType::UInt64, false);
        if column.kind.is_token() {
            vec![halves("high"), halves("low")]
        } else {
            vec![Field::new(column.name, data_type(column.kind), true)]
        }
    });
    let extra = [DataType::UInt64, DataType::UInt32, DataType::UInt16, DataType::UInt16];
    let extra = EXTRA.iter().zip(extra).map(|(name, kind)| Field::new(*name, kind, true));
    Arc::new(Schema::new(own.chain(extra).chain(details).collect::<Vec<_>>()))
}

/// Two extracts with the same bytes have one address and may be staged at once, so temporary files are numbered.
static NEXT: AtomicU64 = AtomicU64::new(0);

/// A number that no other temporary file of this process has.
pub fn next_number() -> u64 {
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// Writes one staged file, block by block, and makes it visible only when it is whole.
pub struct StagedWriter {
    writer: ArrowWriter<File>,
    schema: SchemaRef,
    temporary: std::path::PathBuf,
    path: std::path::PathBuf,
}

impl StagedWriter {
    /// Opens a temporary file beside `path`.
    pub fn create(table: Table, details: Vec<Field>, path: &Path) -> Result<Self, Error> {
        let schema = schema(table, details);
        let number = next_number();
        let temporary = path.with_extension(format!("{number}.part"));
        let file = File::create(&temporary).map_err(|_| Error::cannot_write(path))?;
        let writer = ArrowWriter::try_new(file, schema.clone(), Some(properties(&schema)))
            .map_err(|_| Error::cannot_write(path))?;
        Ok(Self { writer, schema, temporary, path: path.to_path_buf() })
    }

    /// Adds the rows of a block.
    pub fn write(&mut self, columns: Vec<ArrayRef>) -> Result<(), Error> {
        let batch =
            RecordBatch::try_new(self.schema.clone(), columns).map_err(Error::silent("put a block together"))?;
        self.writer.write(&batch).map_err(|_| Error::cannot_write(&self.path))
    }

    /// Finishes the file, flushes it and gives it its name.
    pub fn finish(self) -> Result<(), Error> {
        let file = self.writer.into_inner().map_err(|_| Error::cannot_write(&self.path))?;
        drop(file);
        std::fs::rename(&self.temporary, &self.path).map_err(|_| Error::cannot_write(&self.path))
    }
}

fn properties(schema: &Schema) -> WriterProperties {
    let mut properties = WriterProperties::builder()
        .set_max_row_group_row_count(Some(1 << 18))
        .set_statistics_enabled(parquet::file::properties::EnabledStatistics::None)
        .set_compression(Compression::UNCOMPRESSED);
    // Plain everywhere: the store is read back within seconds, and looking values up costs more than it saves.
    properties = properties.set_dictionary_enabled(false);
    for constant in ["provider", "nhs_reason"] {
        // Nearly the same in every row of a file: a dictionary makes nothing of it.
        properties = properties.set_column_dictionary_enabled(ColumnPath::from(constant), true);
    }
    if schema.column_with_name("line").is_some() {
        properties = properties.set_column_encoding(ColumnPath::from("line"), Encoding::DELTA_BINARY_PACKED);
    }
    properties.build()
}
