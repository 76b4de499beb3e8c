//! Column builders: typed cells in, Arrow arrays out. A token becomes two integers.

use std::sync::Arc;

use arrow::array::{ArrayRef, Float32Builder, Int32Builder, UInt16Builder, UInt64Array, UInt64Builder};

use crate::domain::token::Token;
use crate::schema::Kind;

/// A column of a staged table being filled.
pub(super) enum Builder {
    Token { high: Vec<u64>, low: Vec<u64> },
    Whole(Int32Builder),
    Code(UInt16Builder),
    Org(UInt64Builder),
    Decimal(Float32Builder),
}

impl Builder {
    pub(super) fn new(kind: Kind, rows: usize) -> Self {
        match kind {
            kind if kind.is_token() => Self::Token { high: Vec::with_capacity(rows), low: Vec::with_capacity(rows) },
            Kind::Code(_) | Kind::NhsStatus | Kind::Postcode => Self::Code(UInt16Builder::with_capacity(rows)),
            kind if kind.is_word() => Self::Org(UInt64Builder::with_capacity(rows)),
            Kind::Decimal => Self::Decimal(Float32Builder::with_capacity(rows)),
            _ => Self::Whole(Int32Builder::with_capacity(rows)),
        }
    }

    pub(super) fn null(&mut self) {
        match self {
            Self::Token { .. } => self.token(Token::NONE),
            Self::Whole(builder) => builder.append_null(),
            Self::Code(builder) => builder.append_null(),
            Self::Org(builder) => builder.append_null(),
            Self::Decimal(builder) => builder.append_null(),
        }
    }

    pub(super) fn token(&mut self, token: Token) {
        if let Self::Token { high, low } = self {
            let (first, second) = token.halves();
            high.push(first);
            low.push(second);
        }
    }

    pub(super) fn finish(self, columns: &mut Vec<ArrayRef>) {
        match self {
            Self::Token { high, low } => {
                columns.push(Arc::new(UInt64Array::from(high)));
                columns.push(Arc::new(UInt64Array::from(low)));
            }
            Self::Whole(mut builder) => columns.push(Arc::new(builder.finish())),
            Self::Code(mut builder) => columns.push(Arc::new(builder.finish())),
            Self::Org(mut builder) => columns.push(Arc::new(builder.finish())),
            Self::Decimal(mut builder) => columns.push(Arc::new(builder.finish())),
        }
    }
}
