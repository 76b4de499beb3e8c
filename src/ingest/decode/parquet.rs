//! Parquet: a file's rows as the text that a CSV of the same table would hold, batch by batch.
//!
//! In: a Parquet file and its table. Out: comma-separated UTF-8 text with a heading row, of which only the columns that the
//! table knows are filled. A cell's text never spans lines, so the line of a row is its number in the file, from 1.

use std::collections::BTreeMap;
use std::io::{self, Read};

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Date32Type, Float64Type, Time32SecondType, TimeUnit, TimestampSecondType};
use bytes::Bytes;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::file::reader::ChunkReader;

use super::fault::{Fault, Origin};
use super::open::Text;
use super::written::{How, clock, dated, decimal, float, quoted};
use crate::error::{self, Error};
use crate::ingest::extracts::{Content, Extract};
use crate::ingest::notes::DialectNotes;
use crate::sources::TablePlan;

/// Rows turned into text at a time.
const BATCH: usize = 8192;

/// Key-value metadata of a file.
pub type Metadata = BTreeMap<String, String>;

/// Opens a Parquet file as text, with its metadata.
pub fn read_parquet<'a>(
    extract: &Extract,
    plan: &TablePlan,
    origin: Origin<'_>,
) -> Result<(Text<'a>, Metadata), Error> {
    match &extract.content {
        Content::File(path) => open(std::fs::File::open(path).map_err(|_| extract.unreadable())?, plan, origin),
        Content::Memory(bytes) => open(Bytes::from(bytes.as_ref().clone()), plan, origin),
        // A query's rows are text already.
        Content::Query(_) => Err(extract.unreadable()),
    }
}

fn open<'a, T: ChunkReader + 'static>(
    bytes: T,
    plan: &TablePlan,
    origin: Origin<'_>,
) -> Result<(Text<'a>, Metadata), Error> {
    let damaged = || Fault::ParquetDamaged.error(origin, 0);
    let builder = ParquetRecordBatchReaderBuilder::try_new(bytes).map_err(|_| damaged())?;
    let own = builder.metadata().file_metadata().key_value_metadata().into_iter().flatten();
    let metadata = own.filter_map(|pair| Some((pair.key.clone(), pair.value.clone()?))).collect();
    let fields = builder.schema().fields().clone();
    let mut columns = Vec::with_capacity(fields.len());
    let mut wanted = Vec::new();
    for (at, field) in fields.iter().enumerate() {
        let Some(how) = How::of(plan, field.name()) else {
            columns.push(None);
            continue;
        };
        let form = Form::of(field.data_type()).ok_or_else(|| unknown_type(origin, field.name()))?;
        columns.push(Some((wanted.len(), how, form)));
        wanted.push(at);
    }
    let mask = ProjectionMask::roots(builder.parquet_schema(), wanted);
    let batches = builder.with_projection(mask).with_batch_size(BATCH).build().map_err(|_| damaged())?;
    let mut text = Vec::new();
    for (at, field) in fields.iter().enumerate() {
        if at > 0 {
            text.push(b',');
        }
        quoted(field.name().as_bytes(), &mut text);
    }
    text.push(b'\n');
    let notes = DialectNotes {
        encoding: DialectNotes::PARQUET.to_owned(),
        declared_encoding: plan.dialect.encoding.id().to_owned(),
        ..DialectNotes::default()
    };
    let reader = Rows { batches, columns, text, at: 0 };
    Ok((Text { reader: Box::new(reader), start: None, first_line: 0, notes }, metadata))
}

fn unknown_type(origin: Origin<'_>, heading: &str) -> Error {
    Error::new(
        &error::PARQUET_TYPE,
        format!("{}: the column `{heading}` has a type that is not read", origin.file),
        "write it as text, whole number, decimal, date, time or timestamp without a time zone, in the clock's local time",
    )
}

/// What a column's cells are written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Text,
    /// Text of decimals, whose fraction goes if it is zero.
    Decimal,
    Float,
    Date,
    Time,
    Timestamp,
}

impl Form {
    /// None for a type that is not read: lists, bytes, instants in a time zone.
    fn of(kind: &DataType) -> Option<Self> {
        Some(match kind {
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Boolean | DataType::Null => {
                Self::Text
            }
            kind if kind.is_integer() => Self::Text,
            DataType::Dictionary(_, values) => match Self::of(values)? {
                Self::Text => Self::Text,
                _ => return None,
            },
            kind if kind.is_floating() => Self::Float,
            DataType::Decimal32(..) | DataType::Decimal64(..) | DataType::Decimal128(..) | DataType::Decimal256(..) => {
                Self::Decimal
            }
            DataType::Date32 | DataType::Date64 => Self::Date,
            DataType::Time32(_) | DataType::Time64(_) => Self::Time,
            DataType::Timestamp(_, None) => Self::Timestamp,
            _ => return None,
        })
    }

    fn data_type(self) -> DataType {
        match self {
            Self::Text | Self::Decimal => DataType::Utf8,
            Self::Float => DataType::Float64,
            Self::Date => DataType::Date32,
            Self::Time => DataType::Time32(TimeUnit::Second),
            Self::Timestamp => DataType::Timestamp(TimeUnit::Second, None),
        }
    }
}

/// The rows of a file as text.
struct Rows {
    batches: ParquetRecordBatchReader,
    /// Per field of the file its place among the columns that are decoded.
    columns: Vec<Option<(usize, How, Form)>>,
    text: Vec<u8>,
    at: usize,
}

impl Read for Rows {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.text.len() {
            let Some(batch) = self.batches.next() else { return Ok(0) };
            let batch = batch.map_err(|_| Fault::ParquetDamaged)?;
            self.text.clear();
            self.at = 0;
            let of = |column: &Option<(usize, How, Form)>| {
                column.as_ref().map(|(at, _, form)| cast(batch.column(*at), &form.data_type())).transpose()
            };
            let arrays: Result<Vec<Option<ArrayRef>>, _> = self.columns.iter().map(of).collect();
            let arrays = arrays.map_err(|_| Fault::ParquetDamaged)?;
            for row in 0..batch.num_rows() {
                for (at, (array, column)) in arrays.iter().zip(&self.columns).enumerate() {
                    if at > 0 {
                        self.text.push(b',');
                    }
                    if let (Some(array), Some((_, how, form))) = (array, column)
                        && !array.is_null(row)
                    {
                        cell(array, row, (how, *form), &mut self.text);
                    }
                }
                self.text.push(b'\n');
            }
        }
        let length = buffer.len().min(self.text.len() - self.at);
        buffer[..length].copy_from_slice(&self.text[self.at..self.at + length]);
        self.at += length;
        Ok(length)
    }
}

/// Writes one cell that is not null.
fn cell(array: &ArrayRef, row: usize, (how, form): (&How, Form), text: &mut Vec<u8>) {
    match form {
        Form::Text => quoted(array.as_string::<i32>().value(row).as_bytes(), text),
        Form::Decimal => decimal(array.as_string::<i32>().value(row), text),
        Form::Float => float(array.as_primitive::<Float64Type>().value(row), how.is_number, text),
        Form::Date => text.extend(dated(array.as_primitive::<Date32Type>().value(row), 0, &how.format).bytes()),
        Form::Time => text.extend(clock(i64::from(array.as_primitive::<Time32SecondType>().value(row))).bytes()),
        Form::Timestamp => {
            let seconds = array.as_primitive::<TimestampSecondType>().value(row);
            let (day, time) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
            text.extend(dated(day as i32, time, &how.format).bytes());
        }
    }
}
