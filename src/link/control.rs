//! Control totals of staged columns, for comparison with what their sender counted.

use arrow::array::{ArrayRef, AsArray};
use arrow::datatypes::{Float32Type, Int32Type};

use super::part;
use crate::error::Error;
use crate::ingest::StagedFile;
use crate::ingest::values::NO_DAY;
use crate::schema::Kind;
use crate::sources::TablePlan;

/// The total of a column of whole or decimal numbers, by its heading, over the rows that were staged; none if the file
/// has no such column. An empty cell adds nothing.
pub fn total(file: &StagedFile, plan: &TablePlan, heading: &str) -> Result<Option<f64>, Error> {
    let is_number = |kind: Kind| matches!(kind, Kind::Whole | Kind::Decimal);
    let mut all = plan.columns.iter().chain(&plan.details);
    let Some(column) =
        all.find(|column| is_number(column.column.kind) && column.headings().iter().any(|own| own == heading))
    else {
        return Ok(None);
    };
    let Some(arrays) = part::column(file, column.column.name)? else { return Ok(None) };
    let is_whole = column.column.kind == Kind::Whole;
    let sum = arrays.iter().map(|array| if is_whole { wholes(array) } else { decimals(array) });
    Ok(Some(sum.sum()))
}

fn wholes(array: &ArrayRef) -> f64 {
    let known = array.as_primitive::<Int32Type>().values().iter().filter(|value| **value != NO_DAY);
    known.map(|value| f64::from(*value)).sum()
}

fn decimals(array: &ArrayRef) -> f64 {
    let known = array.as_primitive::<Float32Type>().values().iter().filter(|value| !value.is_nan());
    known.map(|value| f64::from(*value)).sum()
}
