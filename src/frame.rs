//! Frames: plain columns to Polars columns and back, and the Parquet of linked tables.
//!
//! Days are `i32` in frames and `date32` on disk. A library's error text is never passed on: it may hold values.

use polars::prelude::*;

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
    Ok(values.iter().map(|value| value.unwrap_or(u32::MAX)).collect())
}

/// The values of a column of days, minutes or whole numbers.
pub fn values_i32(frame: &DataFrame, name: &str) -> Result<Vec<Option<i32>>, Error> {
    let column = frame.column(name).map_err(Error::silent("find a column"))?;
    let values = column.i32().map_err(Error::silent("read a column"))?;
    Ok(values.iter().collect())
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
    Ok(values.iter().map(|value| value.unwrap_or(0)).collect())
}

/// The values of a yes-or-no column; null is no.
pub fn values_bool(frame: &DataFrame, name: &str) -> Result<Vec<bool>, Error> {
    let column = frame.column(name).map_err(Error::silent("find a column"))?;
    let values = column.bool().map_err(Error::silent("read a column"))?;
    Ok(values.iter().map(|value| value == Some(true)).collect())
}
