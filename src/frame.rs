//! Frames: plain columns to Polars columns and back, and the Parquet of linked tables.
//!
//! Days are `i32` in frames and `date32` on disk. A library's error text is never passed on: it may hold values.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, Date32Array, Float32Array, Int32Array, RecordBatch, RecordBatchReader, UInt16Array,
    UInt32Array, UInt64Array,
};
use arrow::datatypes::{
    ArrowPrimitiveType, DataType as ArrowType, Date32Type, Float32Type, Int32Type, UInt16Type as ArrowU16,
    UInt32Type as ArrowU32, UInt64Type as ArrowU64,
};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use polars::prelude::{
    Column, DataFrame, DataType, Float32Chunked, Int32Chunked, IntoColumn, NewChunkedArray, UInt16Chunked,
    UInt32Chunked, UInt64Chunked,
};
use polars_arrow::array::PrimitiveArray as PolarsArray;
use polars_arrow::bitmap::MutableBitmap;
use polars_arrow::types::NativeType;

use crate::error::Error;

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
    Int32Chunked::from_iter_options(name.into(), values).into_column()
}

/// A column of codes with nulls.
pub fn opt_u16s(name: &str, values: impl Iterator<Item = Option<u16>>) -> Column {
    UInt16Chunked::from_iter_options(name.into(), values).into_column()
}

/// A column of scores with nulls.
pub fn opt_f32s(name: &str, values: impl Iterator<Item = Option<f32>>) -> Column {
    Float32Chunked::from_iter_options(name.into(), values).into_column()
}

/// A frame of columns of one height.
pub fn frame(columns: Vec<Column>) -> Result<DataFrame, Error> {
    DataFrame::new_infer_height(columns).map_err(Error::silent("put a table together"))
}

/// The values of a column without nulls.
pub fn values_u32(frame: &DataFrame, name: &str) -> Result<Vec<u32>, Error> {
    let column = frame.column(name).map_err(Error::silent("find a column"))?;
    let values = column.u32().map_err(Error::silent("read a column"))?;
    // One chunk without nulls, as most are, is copied whole.
    Ok(values
        .cont_slice()
        .map_or_else(|_| values.iter().map(|value| value.unwrap_or(u32::MAX)).collect(), <[u32]>::to_vec))
}

/// The values of a column of days, minutes or whole numbers.
pub fn values_i32(frame: &DataFrame, name: &str) -> Result<Vec<Option<i32>>, Error> {
    let column = frame.column(name).map_err(Error::silent("find a column"))?;
    let values = column.i32().map_err(Error::silent("read a column"))?;
    Ok(values.cont_slice().map_or_else(|_| values.iter().collect(), |days| days.iter().copied().map(Some).collect()))
}

/// The values of a column of codes.
pub fn values_u16(frame: &DataFrame, name: &str) -> Result<Vec<Option<u16>>, Error> {
    let column = frame.column(name).map_err(Error::silent("find a column"))?;
    let values = column.u16().map_err(Error::silent("read a column"))?;
    Ok(values.iter().collect())
}

/// The values of a column of organisations.
pub fn values_u64(frame: &DataFrame, name: &str) -> Result<Vec<u64>, Error> {
    let column = frame.column(name).map_err(Error::silent("find a column"))?;
    let values = column.u64().map_err(Error::silent("read a column"))?;
    Ok(values.cont_slice().map_or_else(|_| values.iter().map(|value| value.unwrap_or(0)).collect(), <[u64]>::to_vec))
}

/// The values of a yes-or-no column; null is no.
pub fn values_bool(frame: &DataFrame, name: &str) -> Result<Vec<bool>, Error> {
    let column = frame.column(name).map_err(Error::silent("find a column"))?;
    let values = column.bool().map_err(Error::silent("read a column"))?;
    Ok(values.iter().map(|value| value == Some(true)).collect())
}

/// The columns of a frame as Arrow arrays; columns that hold days become dates.
pub fn to_arrow(frame: &DataFrame) -> Result<Vec<(String, ArrayRef)>, Error> {
    let failed = Error::silent::<polars::prelude::PolarsError>;
    let mut columns = Vec::new();
    for column in frame.columns() {
        let name = column.name().as_str();
        let array: ArrayRef = match column.dtype() {
            DataType::UInt32 => Arc::new(UInt32Array::from(values_u32(frame, name)?)),
            DataType::UInt64 => Arc::new(UInt64Array::from(values_u64(frame, name)?)),
            DataType::UInt16 => Arc::new(UInt16Array::from(values_u16(frame, name)?)),
            DataType::Float32 => {
                Arc::new(column.f32().map_err(failed("read a column"))?.iter().collect::<Float32Array>())
            }
            _ if is_day(name) => Arc::new(Date32Array::from(values_i32(frame, name)?)),
            _ => Arc::new(Int32Array::from(values_i32(frame, name)?)),
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
