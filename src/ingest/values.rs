//! Values: one column of a canonical table in memory.
//!
//! Missing is a sentinel here ([`NO_DAY`], [`NO_CODE`], NaN, [`NO_TOKEN`], 0 for organisations), in staged files too, and
//! a null again as soon as rows become a frame; nothing outside `ingest` and `link` sees a sentinel.

use std::sync::Arc;

use arrow::array::{ArrayRef, Float32Array, Int32Array, UInt16Array, UInt64Array};

use crate::domain::token::Token;
use crate::schema::{Kind, Storage};

/// No day or whole number.
pub const NO_DAY: i32 = i32::MIN;
/// No code.
pub const NO_CODE: u16 = u16::MAX;
/// No token. The chance that a keyed hash is all zeros is one in 2^128.
pub const NO_TOKEN: Token = Token::NONE;

/// One column.
#[derive(Debug)]
pub enum Values {
    /// Tokens.
    Token(Vec<Token>),
    /// Days, minutes, whole numbers.
    Whole(Vec<i32>),
    /// Codes.
    Code(Vec<u16>),
    /// Organisations and identity fields; 0 is none.
    Org(Vec<u64>),
    /// Scores; NaN is none.
    Decimal(Vec<f32>),
}

/// Does the same to a column of any type.
macro_rules! each {
    ($values:expr, $column:ident => $done:expr) => {
        match $values {
            Self::Token($column) => $done,
            Self::Whole($column) => $done,
            Self::Code($column) => $done,
            Self::Org($column) => $done,
            Self::Decimal($column) => $done,
        }
    };
}

impl Values {
    /// An empty column with room for `rows`.
    pub fn new(kind: Kind, rows: usize) -> Self {
        match kind.storage() {
            Storage::Token => Self::Token(Vec::with_capacity(rows)),
            Storage::Code => Self::Code(Vec::with_capacity(rows)),
            Storage::Word => Self::Org(Vec::with_capacity(rows)),
            Storage::Decimal => Self::Decimal(Vec::with_capacity(rows)),
            Storage::Whole => Self::Whole(Vec::with_capacity(rows)),
        }
    }

    /// How many rows.
    pub fn len(&self) -> usize {
        each!(self, column => column.len())
    }

    /// Whether the column was not read.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes of its values.
    pub fn bytes(&self) -> usize {
        each!(self, column => std::mem::size_of_val(column.as_slice()))
    }

    /// Adds another column of the same kind below this one.
    pub fn append(&mut self, other: &mut Self) {
        match (self, other) {
            (Self::Token(to), Self::Token(from)) => to.append(from),
            (Self::Whole(to), Self::Whole(from)) => to.append(from),
            (Self::Code(to), Self::Code(from)) => to.append(from),
            (Self::Org(to), Self::Org(from)) => to.append(from),
            (Self::Decimal(to), Self::Decimal(from)) => to.append(from),
            _ => {}
        }
    }

    /// Adds missing values until there are so many rows.
    pub fn fill(&mut self, rows: usize) {
        match self {
            Self::Token(column) => column.resize(rows, NO_TOKEN),
            Self::Whole(column) => column.resize(rows, NO_DAY),
            Self::Code(column) => column.resize(rows, NO_CODE),
            Self::Org(column) => column.resize(rows, 0),
            Self::Decimal(column) => column.resize(rows, f32::NAN),
        }
    }

    /// Makes one value missing.
    pub fn clear(&mut self, row: usize) {
        match self {
            Self::Token(column) => column[row] = NO_TOKEN,
            Self::Whole(column) => column[row] = NO_DAY,
            Self::Code(column) => column[row] = NO_CODE,
            Self::Org(column) => column[row] = 0,
            Self::Decimal(column) => column[row] = f32::NAN,
        }
    }

    /// Drops the rows that are not kept.
    pub fn keep(&mut self, is_kept: &[bool]) {
        each!(self, column => keep(column, is_kept));
    }

    /// The column as staged: a token is two integers.
    pub(super) fn to_arrow(&self, arrays: &mut Vec<ArrayRef>) {
        match self {
            Self::Token(tokens) => {
                arrays.push(Arc::new(UInt64Array::from_iter_values(tokens.iter().map(|token| token.halves().0))));
                arrays.push(Arc::new(UInt64Array::from_iter_values(tokens.iter().map(|token| token.halves().1))));
            }
            Self::Whole(column) => arrays.push(Arc::new(Int32Array::from(column.clone()))),
            Self::Code(column) => arrays.push(Arc::new(UInt16Array::from(column.clone()))),
            Self::Org(column) => arrays.push(Arc::new(UInt64Array::from(column.clone()))),
            Self::Decimal(column) => arrays.push(Arc::new(Float32Array::from(column.clone()))),
        }
    }
}

/// Drops the rows of a column that are not kept.
pub(super) fn keep<T>(column: &mut Vec<T>, is_kept: &[bool]) {
    let mut kept = is_kept.iter();
    column.retain(|_| kept.next() == Some(&true));
}
