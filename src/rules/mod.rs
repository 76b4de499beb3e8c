//! Rules: named Polars expressions over linked tables. No input, no output, no settings.

pub mod appointments;
pub mod attendances;
pub mod contacts;
pub mod therapies;

use polars::prelude::*;

use crate::schema::codes::CodeSet;

/// A coded column has one of these canonical values. Null, and so no, where the code is not known.
pub fn is_code(column: &str, set: CodeSet, values: &[&str]) -> Expr {
    let one = |value: &&str| col(column).eq(lit(u32::from(set.position(value))).cast(DataType::UInt16));
    values.iter().map(one).reduce(Expr::or).unwrap_or_else(|| lit(false))
}

/// Every row.
pub fn every() -> Expr {
    lit(true)
}
