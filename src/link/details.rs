//! Details read back: one column of one staged file, or none where the file does not have it.

use arrow::array::{ArrayRef, AsArray};
use arrow::datatypes::{ArrowPrimitiveType, Int32Type, UInt16Type, UInt64Type};

use super::assembly::Assembly;
use super::part;
use super::values::{NO_CODE, NO_DAY, Rows};
use crate::domain::token::Token;
use crate::error::Error;
use crate::ingest::StagedFile;

/// Days, minutes or whole numbers; [`crate::ingest::values::NO_DAY`] is none.
pub(super) fn whole(file: &StagedFile, name: &str) -> Result<Option<Vec<i32>>, Error> {
    Ok(part::column(file, name)?.map(|arrays| plain::<Int32Type>(&arrays)))
}

/// Codes; [`NO_CODE`] is none.
fn codes(file: &StagedFile, name: &str) -> Result<Option<Vec<u16>>, Error> {
    Ok(part::column(file, name)?.map(|arrays| plain::<UInt16Type>(&arrays)))
}

/// Days, minutes or whole numbers of every row of a table; [`NO_DAY`] where a file has no such column.
pub(super) fn whole_of(rows: &Rows, assembly: &Assembly<'_>, name: &str) -> Result<Vec<i32>, Error> {
    of_rows(rows, assembly, name, (whole, NO_DAY))
}

/// Codes of every row of a table; [`NO_CODE`] where a file has no such column.
pub(super) fn codes_of(rows: &Rows, assembly: &Assembly<'_>, name: &str) -> Result<Vec<u16>, Error> {
    of_rows(rows, assembly, name, (codes, NO_CODE))
}

/// How a column of one file is read back.
type Read<T> = fn(&StagedFile, &str) -> Result<Option<Vec<T>>, Error>;

fn of_rows<T: Copy>(
    rows: &Rows,
    assembly: &Assembly<'_>,
    name: &str,
    (read, missing): (Read<T>, T),
) -> Result<Vec<T>, Error> {
    let mut all = Vec::with_capacity(rows.len());
    for (file, start) in &rows.starts {
        let file = &assembly.staged.files[*file as usize];
        let is_declared = assembly.sources.tables[file.plan].details.iter().any(|one| one.column.name == name);
        all.resize(*start, missing);
        if is_declared && let Some(found) = read(file, name)? {
            all.extend(found);
        }
    }
    all.resize(rows.len(), missing);
    Ok(all)
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
