//! Details read back: one column of one staged file, or none where the file does not have it.

use std::fs::File;

use arrow::array::{ArrayRef, AsArray};
use arrow::datatypes::{Int32Type, UInt64Type};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::values::{NO_DAY, damaged};
use crate::domain::token::Token;
use crate::error::Error;
use crate::ingest::StagedFile;

/// Days, minutes or whole numbers; [`NO_DAY`] is none.
pub(super) fn whole(file: &StagedFile, name: &str) -> Result<Option<Vec<i32>>, Error> {
    let Some(arrays) = read(file, name)? else { return Ok(None) };
    let values = arrays.iter().flat_map(|array| array.as_primitive::<Int32Type>().iter());
    Ok(Some(values.map(|value| value.unwrap_or(NO_DAY)).collect()))
}

/// Tokens.
pub(super) fn tokens(file: &StagedFile, name: &str) -> Result<Option<Vec<Token>>, Error> {
    let (high, low) = (read(file, &format!("{name}_high"))?, read(file, &format!("{name}_low"))?);
    let (Some(high), Some(low)) = (high, low) else { return Ok(None) };
    let halves = |arrays: Vec<ArrayRef>| -> Vec<u64> {
        arrays.iter().flat_map(|array| array.as_primitive::<UInt64Type>().values().to_vec()).collect()
    };
    Ok(Some(halves(high).into_iter().zip(halves(low)).map(|(high, low)| Token::from_halves(high, low)).collect()))
}

fn read(file: &StagedFile, name: &str) -> Result<Option<Vec<ArrayRef>>, Error> {
    let damaged = || damaged(file);
    let open = File::open(&file.path).map_err(|_| damaged())?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(open).map_err(|_| damaged())?;
    let Ok(at) = builder.schema().index_of(name) else { return Ok(None) };
    let mask = ProjectionMask::roots(builder.parquet_schema(), [at]);
    let reader = builder.with_projection(mask).build().map_err(|_| damaged())?;
    let columns = reader.map(|batch| batch.map(|batch| batch.column(0).clone()).map_err(|_| damaged()));
    columns.collect::<Result<Vec<_>, Error>>().map(Some)
}
