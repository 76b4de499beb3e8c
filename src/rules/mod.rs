//! Rules: named Polars expressions over linked tables. No input, no output, no settings.

pub mod appointments;
pub mod attendances;
pub mod contacts;
pub mod courses;
pub mod national;
pub mod paired;
pub mod referred;
pub mod returns;
pub mod therapies;

use polars::prelude::*;

use crate::error::Error;
use crate::frame::{self, Bits};
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

/// Which rows of a table meet each of some rules, worked out together; null is no.
pub fn met(table: &DataFrame, rules: &[Expr]) -> Result<Vec<Bits>, Error> {
    let named: Vec<Expr> = rules.iter().enumerate().map(|(at, rule)| rule.clone().alias(at.to_string())).collect();
    let found = table.clone().lazy().select(named).collect().map_err(Error::silent("apply rules"))?;
    let height = table.height();
    let bits = (0..rules.len()).map(|at| {
        let bits = frame::bits(&found, &at.to_string())?;
        // A rule without a column, such as `every row`, may give one value for all.
        Ok(if bits.len() == height { bits } else { Bits::new_with_value(bits.iter().next() == Some(true), height) })
    });
    bits.collect()
}

/// Which rows of a table meet a rule; null is no.
pub fn met_by(table: &DataFrame, rule: Expr) -> Result<Bits, Error> {
    met(table, &[rule])?.pop().ok_or_else(|| Error::bug("a rule gave nothing"))
}
