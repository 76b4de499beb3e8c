//! Details read back: one column of one staged file, or none where the file does not have it.

use arrow::array::{ArrayRef, AsArray};
use arrow::datatypes::{ArrowPrimitiveType, Int32Type, UInt64Type};

use super::part;
use crate::domain::token::Token;
use crate::error::Error;
use crate::ingest::StagedFile;

/// Days, minutes or whole numbers; [`crate::ingest::values::NO_DAY`] is none.
pub(super) fn whole(file: &StagedFile, name: &str) -> Result<Option<Vec<i32>>, Error> {
    Ok(part::column(file, name)?.map(|arrays| plain::<Int32Type>(&arrays)))
}

/// Tokens.
pub(super) fn tokens(file: &StagedFile, name: &str) -> Result<Option<Vec<Token>>, Error> {
    let (high, low) = (part::column(file, &format!("{name}_high"))?, part::column(file, &format!("{name}_low"))?);
    let (Some(high), Some(low)) = (high, low) else { return Ok(None) };
    let halves = plain::<UInt64Type>(&high).into_iter().zip(plain::<UInt64Type>(&low));
    Ok(Some(halves.map(|(high, low)| Token::from_halves(high, low)).collect()))
}

fn plain<T: ArrowPrimitiveType>(arrays: &[ArrayRef]) -> Vec<T::Native> {
    arrays.iter().flat_map(|array| array.as_primitive::<T>().values()).copied().collect()
}
