//! Frames: plain columns to Polars columns and back, and the Parquet of linked tables.
//!
//! Days are `i32` in frames and `date32` on disk. A library's error text is never passed on: it may hold values.

use std::path::Path;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, RecordBatchReader};
use arrow::datatypes::{
    ArrowPrimitiveType, DataType as ArrowType, Date32Type, Float32Type, Int32Type, UInt16Type as ArrowU16,
    UInt32Type as ArrowU32, UInt64Type as ArrowU64,
};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use polars::prelude::{
    BooleanChunked, Column, DataFrame, DataType, Float32Chunked, Int32Chunked, IntoColumn, NewChunkedArray,
    UInt16Chunked, UInt32Chunked, UInt64Chunked,
};
use polars_arrow::array::PrimitiveArray as PolarsArray;
use polars_arrow::bitmap::{Bitmap, MutableBitmap};
use polars_arrow::types::NativeType;

use crate::error::Error;

mod views;
mod write;

pub use views::{Bits, Nullable, bits, distinct, nullable_f32, nullable_i32, nullable_u16, whole_u32, whole_u64};
pub use write::{token_texts, write_file, write_table};

/// A column without nulls.
pub fn u32s(name: &str, values: Vec<u32>) -> Column {
    UInt32Chunked::from_vec(name.into(), values).into_column()
}

/// A column without nulls.
pub fn u64s(name: &str, values: Vec<u64>) -> Column {
    UInt64Chunked::from_vec(name.into(), values).into_column()
}

/// A column without nulls.
pub fn i32s(name: &str, values: Vec<i32>) -> Column {
    Int32Chunked::from_vec(name.into(), values).into_column()
}

/// A column of whole numbers with nulls.
pub fn opt_i32s(name: &str, values: impl Iterator<Item = Option<i32>>) -> Column {
    Int32Chunked::with_chunk(name.into(), sparse(values)).into_column()
}

/// A column of codes with nulls.
pub fn opt_u16s(name: &str, values: impl Iterator<Item = Option<u16>>) -> Column {
    UInt16Chunked::with_chunk(name.into(), sparse(values)).into_column()
}

/// A column of whole numbers; those equal to `missing` are null.
pub fn i32s_but(name: &str, values: Vec<i32>, missing: i32) -> Column {
    Int32Chunked::with_chunk(name.into(), but(values, missing)).into_column()
}

/// A column of codes; those equal to `missing` are null.
pub fn u16s_but(name: &str, values: Vec<u16>, missing: u16) -> Column {
    UInt16Chunked::with_chunk(name.into(), but(values, missing)).into_column()
}

/// Values and which of them are there, without a growing builder.
fn sparse<T: NativeType>(options: impl Iterator<Item = Option<T>>) -> PolarsArray<T> {
    let rows = options.size_hint().0;
    let (mut values, mut is_some) = (Vec::with_capacity(rows), MutableBitmap::with_capacity(rows));
    for value in options {
        values.push(value.unwrap_or_default());
        is_some.push(value.is_some());
    }
    let has_nulls = is_some.unset_bits() > 0;
    PolarsArray::from_vec(values).with_validity(has_nulls.then(|| is_some.into()))
}

fn but<T: NativeType>(values: Vec<T>, missing: T) -> PolarsArray<T> {
    let is_some = Bitmap::from_trusted_len_iter(values.iter().map(|value| *value != missing));
    let has_nulls = is_some.unset_bits() > 0;
    PolarsArray::from_vec(values).with_validity(has_nulls.then_some(is_some))
}

/// A yes-or-no column.
pub fn bools(name: &str, values: &[bool]) -> Column {
    BooleanChunked::from_slice(name.into(), values).into_column()
}

/// A column of scores with nulls.
pub fn opt_f32s(name: &str, values: impl Iterator<Item = Option<f32>>) -> Column {
    Float32Chunked::with_chunk(name.into(), sparse(values)).into_column()
}

/// A frame of columns of one height.
pub fn frame(columns: Vec<Column>) -> Result<DataFrame, Error> {
    DataFrame::new_infer_height(columns).map_err(Error::silent("put a table together"))
}

/// The values of a column without nulls.
pub fn values_u32(frame: &DataFrame, name: &str) -> Result<Vec<u32>, Error> {
    Ok(whole_u32(frame, name)?.values().to_vec())
}

/// The values of a column of days, minutes or whole numbers.
pub fn values_i32(frame: &DataFrame, name: &str) -> Result<Vec<Option<i32>>, Error> {
    let column = nullable_i32(frame, name)?;
    Ok((0..column.len()).map(|row| column.get(row)).collect())
}

/// The values of a column of codes.
pub fn values_u16(frame: &DataFrame, name: &str) -> Result<Vec<Option<u16>>, Error> {
    let column = nullable_u16(frame, name)?;
    Ok((0..column.len()).map(|row| column.get(row)).collect())
}

/// The values of a column of organisations.
pub fn values_u64(frame: &DataFrame, name: &str) -> Result<Vec<u64>, Error> {
    Ok(whole_u64(frame, name)?.values().to_vec())
}

/// Some rows of a frame, in the order given.
pub fn rows(frame: &DataFrame, rows: Vec<u32>) -> Result<DataFrame, Error> {
    frame.take(&UInt32Chunked::from_vec("".into(), rows)).map_err(Error::silent("take rows of a table"))
}

/// The columns of a frame as Arrow arrays; columns that hold days become dates.
pub fn to_arrow(frame: &DataFrame) -> Result<Vec<(String, ArrayRef)>, Error> {
    let mut columns = Vec::new();
    for column in frame.columns() {
        let name = column.name().as_str();
        let array: ArrayRef = match column.dtype() {
            DataType::UInt32 => whole_u32(frame, name)?.to_arrow::<ArrowU32>(),
            DataType::UInt64 => whole_u64(frame, name)?.to_arrow::<ArrowU64>(),
            DataType::UInt16 => nullable_u16(frame, name)?.to_arrow::<ArrowU16>(),
            DataType::Float32 => nullable_f32(frame, name)?.to_arrow::<Float32Type>(),
            _ if is_day(name) => nullable_i32(frame, name)?.to_arrow::<Date32Type>(),
            _ => nullable_i32(frame, name)?.to_arrow::<Int32Type>(),
        };
        columns.push((name.to_owned(), array));
    }
    Ok(columns)
}

/// Whether a column of whole numbers holds days.
fn is_day(column: &str) -> bool {
    column == "date" || column.ends_with("_date") || column == "start" || column == "end"
}

/// The record batches of a Parquet file; one without rows for an empty table, so that its columns are known.
pub fn batches(path: &Path) -> Result<Vec<RecordBatch>, Error> {
    let file = std::fs::File::open(path).map_err(Error::silent("open a stored table"))?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(Error::silent("open a stored table"))?;
    let reader = builder.with_batch_size(1 << 17).build().map_err(Error::silent("open a stored table"))?;
    let schema = reader.schema();
    let read = reader.map(|batch| batch.map_err(Error::silent("read a stored table")));
    let batches: Vec<RecordBatch> = read.collect::<Result<_, _>>()?;
    Ok(if batches.is_empty() { vec![RecordBatch::new_empty(schema)] } else { batches })
}

/// A Parquet file as a frame; dates become days.
pub fn from_parquet(path: &Path) -> Result<DataFrame, Error> {
    let batches = batches(path)?;
    let Some(first) = batches.first() else { return Err(Error::bug("a stored table is empty")) };
    let mut columns = Vec::new();
    for (at, field) in first.schema().fields().iter().enumerate() {
        let parts: Vec<&ArrayRef> = batches.iter().map(|batch| batch.column(at)).collect();
        let name = field.name();
        columns.push(match field.data_type() {
            ArrowType::UInt32 => u32s(name, plain::<ArrowU32>(&parts)),
            ArrowType::UInt64 => u64s(name, plain::<ArrowU64>(&parts)),
            ArrowType::UInt16 => {
                UInt16Chunked::with_chunk(name.into(), nullable(plain::<ArrowU16>(&parts), &parts)).into_column()
            }
            ArrowType::Float32 => {
                Float32Chunked::with_chunk(name.into(), nullable(plain::<Float32Type>(&parts), &parts)).into_column()
            }
            ArrowType::Date32 if !field.is_nullable() => i32s(name, plain::<Date32Type>(&parts)),
            ArrowType::Date32 => {
                Int32Chunked::with_chunk(name.into(), nullable(plain::<Date32Type>(&parts), &parts)).into_column()
            }
            _ => Int32Chunked::with_chunk(name.into(), nullable(plain::<Int32Type>(&parts), &parts)).into_column(),
        });
    }
    frame(columns)
}

fn plain<T: ArrowPrimitiveType>(parts: &[&ArrayRef]) -> Vec<T::Native> {
    let mut values = Vec::with_capacity(parts.iter().map(arrow::array::Array::len).sum());
    for part in parts {
        values.extend_from_slice(part.as_primitive::<T>().values());
    }
    values
}

/// Values and the parts' nulls as one Polars array: both sides keep nulls as bits.
fn nullable<T: NativeType>(values: Vec<T>, parts: &[&ArrayRef]) -> PolarsArray<T> {
    let mut is_some = MutableBitmap::with_capacity(values.len());
    for part in parts {
        match part.nulls() {
            None => is_some.extend_constant(part.len(), true),
            Some(nulls) => is_some.extend_from_slice(nulls.validity(), nulls.offset(), nulls.len()),
        }
    }
    PolarsArray::from_vec(values).with_validity(Some(is_some.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nulls_stay_nulls_on_disk_and_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.parquet");
        let codes = u16s_but("age", vec![7, u16::MAX, 9], u16::MAX);
        let made = frame(vec![codes, i32s_but("date", vec![1, 2, 3], -1)]).unwrap();
        let columns = to_arrow(&made).unwrap();
        assert_eq!((columns[0].1.null_count(), columns[1].1.null_count()), (1, 0));
        write_table(&path, &made).unwrap();
        let back = from_parquet(&path).unwrap();
        let ages = nullable_u16(&back, "age").unwrap();
        assert_eq!([ages.get(0), ages.get(1), ages.get(2)], [Some(7), None, Some(9)]);
        assert_eq!(values_i32(&back, "date").unwrap(), [Some(1), Some(2), Some(3)]);
    }
}
