//! The Parquet file of a shared table: small, for it travels.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties};

use super::super::tables::{Kind, SharedColumn};
use crate::error::Error;

/// A file being written.
pub(super) struct Writer {
    path: PathBuf,
    schema: Arc<Schema>,
    rows: ArrowWriter<File>,
}

impl Writer {
    /// Starts the file.
    pub(super) fn create(path: &Path, columns: &[&SharedColumn]) -> Result<Self, Error> {
        let fields: Vec<Field> = columns.iter().map(|column| field(column)).collect();
        let schema = Arc::new(Schema::new(fields));
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_statistics_enabled(EnabledStatistics::None)
            .build();
        let failed = || Error::cannot_write(path);
        let file = File::create(path).map_err(|_| failed())?;
        let rows = ArrowWriter::try_new(file, schema.clone(), Some(properties)).map_err(|_| failed())?;
        Ok(Self { path: path.to_owned(), schema, rows })
    }

    /// Adds rows.
    pub(super) fn write(&mut self, columns: Vec<ArrayRef>) -> Result<(), Error> {
        let batch =
            RecordBatch::try_new(self.schema.clone(), columns).map_err(Error::silent("put shared rows together"))?;
        self.rows.write(&batch).map_err(|_| Error::cannot_write(&self.path))
    }

    /// Ends the file.
    pub(super) fn close(self) -> Result<(), Error> {
        self.rows.close().map_err(|_| Error::cannot_write(&self.path))?;
        Ok(())
    }
}

fn field(column: &SharedColumn) -> Field {
    let kind = match column.kind {
        Kind::Day => DataType::Date32,
        Kind::Whole | Kind::Year => DataType::Int32,
        Kind::Decimal => DataType::Float32,
        Kind::YesNo => DataType::Boolean,
        Kind::Person | Kind::Referral | Kind::Word | Kind::Organisation | Kind::Text | Kind::Month => DataType::Utf8,
    };
    Field::new(column.name, kind, column.kind != Kind::Person)
}
