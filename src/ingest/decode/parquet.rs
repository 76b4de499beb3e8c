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
use crate::domain::day;
use crate::error::{self, Error};
use crate::ingest::extracts::{Content, Extract};
use crate::ingest::notes::DialectNotes;
use crate::schema::Kind;
use crate::sources::TablePlan;

/// Rows turned into text at a time.
const BATCH: usize = 8192;
/// Whole numbers from here on are not exact as floats.
const INEXACT: f64 = 9_007_199_254_740_992.0;

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

/// What a column's text depends on beside its type.
struct How {
    /// The date format that the source config declares; ISO without one.
    format: String,
    /// Whether it holds NHS numbers: one kept as a float has been through a spreadsheet, and its text says so.
    is_number: bool,
}

impl How {
    /// None for a column that nothing reads.
    fn of(plan: &TablePlan, heading: &str) -> Option<Self> {
        let all = || plan.columns.iter().chain(&plan.details);
        let is_canonical = all().any(|column| column.column.name.eq_ignore_ascii_case(heading));
        if !plan.knows(heading) && !is_canonical {
            return None;
        }
        let own = || all().filter(|column| column.headings().iter().any(|known| known.eq_ignore_ascii_case(heading)));
        let dated = own().find(|column| matches!(column.column.kind, Kind::Date | Kind::BirthDate));
        let format = dated.map_or("%Y-%m-%dT%H:%M:%S", |column| column.format.as_str()).to_owned();
        Some(Self { format, is_number: own().any(|column| column.column.kind == Kind::NhsNumber) })
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
        Form::Decimal => {
            let value = array.as_string::<i32>().value(row);
            let whole = value.split_once('.').filter(|(_, tail)| tail.bytes().all(|digit| digit == b'0'));
            text.extend_from_slice(whole.map_or(value, |(head, _)| head).as_bytes());
        }
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

/// Quoted where it must be. Line ends become blanks: a row is a line.
fn quoted(value: &[u8], text: &mut Vec<u8>) {
    if !value.iter().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r')) {
        text.extend_from_slice(value);
        return;
    }
    text.push(b'"');
    for byte in value {
        match byte {
            b'"' => text.extend_from_slice(b"\"\""),
            b'\n' | b'\r' => text.push(b' '),
            byte => text.push(*byte),
        }
    }
    text.push(b'"');
}

/// A whole number without its point; one too large to be exact in scientific notation, as a spreadsheet shows it.
fn float(value: f64, is_number: bool, text: &mut Vec<u8>) {
    let written = if value.is_nan() {
        return;
    } else if value.abs() >= INEXACT {
        format!("{value:E}").replace('E', "E+")
    } else if value.fract() != 0.0 {
        value.to_string()
    } else if is_number {
        format!("{value:.1}")
    } else {
        format!("{value:.0}")
    };
    text.extend_from_slice(written.as_bytes());
}

fn clock(seconds: i64) -> String {
    format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// A day, with its time where there is one, in a declared format. A time that the format has no room for is shown in full,
/// so that the check on dates sees it; midnight is no time there.
fn dated(day: i32, seconds: i64, format: &str) -> String {
    let has_room = format.contains("%H");
    if seconds != 0 && !has_room {
        return format!("{}T{}", day::to_iso(day), clock(seconds));
    }
    let (year, month, dom) = day::parts(day);
    let name = day::MONTH_NAMES[(month as usize).saturating_sub(1) % 12];
    format
        .replace("%Y", &format!("{year:04}"))
        .replace("%m", &format!("{month:02}"))
        .replace("%d", &format!("{dom:02}"))
        .replace("%b", &name[..3].to_ascii_uppercase())
        .replace("%H", &format!("{:02}", seconds / 3600))
        .replace("%M", &format!("{:02}", seconds / 60 % 60))
        .replace("%S", &format!("{:02}", seconds % 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_are_whole_numbers_where_they_can_be() {
        let text = |value: f64, is_number| {
            let mut text = Vec::new();
            float(value, is_number, &mut text);
            String::from_utf8(text).unwrap()
        };
        assert_eq!(text(12.0, false), "12");
        assert_eq!(text(12.5, false), "12.5");
        assert_eq!(text(f64::NAN, false), "");
        assert_eq!(text(9_434_765_919.0, true), "9434765919.0");
        assert_eq!(text(1.25e18, false), "1.25E+18");
    }

    #[test]
    fn days_are_written_as_declared() {
        let day = day::parse_iso(b"2025-12-31").unwrap();
        assert_eq!(dated(day, 0, "%d/%m/%Y"), "31/12/2025");
        assert_eq!(dated(day, 0, "%d%b%Y"), "31DEC2025");
        assert_eq!(dated(day, 34_200, "%Y-%m-%dT%H:%M:%S"), "2025-12-31T09:30:00");
        assert_eq!(dated(day, 34_200, "%Y-%m-%d"), "2025-12-31T09:30:00");
    }

    #[test]
    fn a_cell_never_spans_lines() {
        let mut text = Vec::new();
        quoted(b"a\n\"b\",c", &mut text);
        assert_eq!(text, b"\"a \"\"b\"\",c\"");
    }
}
