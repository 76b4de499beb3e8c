//! Parquet files of the store: uncompressed, whole numbers as differences.
//!
//! Rows are sorted by person and date and codes are small, so differences take a quarter of the room of plain numbers, and a
//! page of memory that is not written to costs more than the differences do.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;
use polars::prelude::DataFrame;

use super::to_arrow;
use crate::domain::token::{self, Token};
use crate::error::Error;

/// Rows that are turned into a part of a file in one go.
const ROWS_AT_ONCE: usize = 1 << 17;

/// Tokens as a column of text, 32 hexadecimal characters each. None of them may be missing.
pub fn token_texts(tokens: &[Token]) -> Result<ArrayRef, Error> {
    let ends = OffsetBuffer::from_lengths(std::iter::repeat_n(Token::HEX_LENGTH, tokens.len()));
    let text = StringArray::try_new(ends, token::hex_column(tokens).into(), None);
    Ok(Arc::new(text.map_err(Error::silent("write tokens"))?))
}

/// Writes columns as one Parquet file.
pub fn write_file(path: &Path, columns: Vec<(String, ArrayRef)>) -> Result<(), Error> {
    let fields =
        columns.iter().map(|(name, array)| Field::new(name, array.data_type().clone(), array.null_count() > 0));
    let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
    let mut writer = writer(path, &schema)?;
    write_rows(path, (&mut writer, &schema), columns)?;
    writer.close().map_err(|_| Error::cannot_write(path))?;
    Ok(())
}

/// Writes a table as one Parquet file, some rows at a time, so that it is not in memory three times.
pub fn write_table(path: &Path, table: &DataFrame) -> Result<(), Error> {
    let empty = to_arrow(&table.head(Some(0)))?;
    let fields = empty
        .iter()
        .zip(table.columns())
        .map(|((name, array), column)| Field::new(name, array.data_type().clone(), column.null_count() > 0));
    let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
    let mut writer = writer(path, &schema)?;
    for start in (0..table.height()).step_by(ROWS_AT_ONCE) {
        write_rows(path, (&mut writer, &schema), to_arrow(&table.slice(start as i64, ROWS_AT_ONCE))?)?;
    }
    writer.close().map_err(|_| Error::cannot_write(path))?;
    Ok(())
}

fn write_rows(
    path: &Path,
    (writer, schema): (&mut ArrowWriter<File>, &Arc<Schema>),
    columns: Vec<(String, ArrayRef)>,
) -> Result<(), Error> {
    let arrays = columns.into_iter().map(|(_, array)| array).collect();
    let batch = RecordBatch::try_new(schema.clone(), arrays).map_err(Error::silent("put a linked table together"))?;
    writer.write(&batch).map_err(|_| Error::cannot_write(path))
}

fn writer(path: &Path, schema: &Arc<Schema>) -> Result<ArrowWriter<File>, Error> {
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::UNCOMPRESSED)
        .set_dictionary_enabled(false)
        .set_max_row_group_row_count(Some(ROWS_AT_ONCE))
        .set_statistics_enabled(EnabledStatistics::None);
    for field in
        schema.fields().iter().filter(|field| field.data_type().is_integer() || field.data_type().is_temporal())
    {
        let column = ColumnPath::from(field.name().as_str());
        properties = match field.data_type() {
            // Tokens and organisations are far apart, but organisations are few.
            DataType::UInt64 => properties.set_column_dictionary_enabled(column, field.name() == "provider"),
            _ => properties.set_column_encoding(column, Encoding::DELTA_BINARY_PACKED),
        };
    }
    let file = File::create(path).map_err(|_| Error::cannot_write(path))?;
    ArrowWriter::try_new(file, schema.clone(), Some(properties.build())).map_err(|_| Error::cannot_write(path))
}
