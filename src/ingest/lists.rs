//! Lists: several values of one row, from one cell parted by commas or from numbered headings, as one Arrow list.

use std::sync::Arc;

use arrow::array::{ArrayRef, Int32Builder, ListBuilder, UInt64Builder};
use arrow::datatypes::{DataType, Field};

use super::cells::{self, Cell, Context};
use super::checks::Check;
use crate::schema::Kind;
use crate::sources::ColumnPlan;

/// A column of lists being filled.
enum Builder {
    Wholes(ListBuilder<Int32Builder>),
    Words(ListBuilder<UInt64Builder>),
}

/// The lists of one column.
pub(super) struct Lists<'a> {
    plan: &'a ColumnPlan,
    kind: Kind,
    builder: Builder,
}

impl<'a> Lists<'a> {
    /// For a column of lists; none for any other.
    pub(super) fn new(plan: &'a ColumnPlan) -> Option<Self> {
        let Kind::List(kind) = plan.column.kind else { return None };
        let builder = if kind.is_word() {
            Builder::Words(ListBuilder::new(UInt64Builder::new()))
        } else {
            Builder::Wholes(ListBuilder::new(Int32Builder::new()))
        };
        Some(Self { plan, kind: *kind, builder })
    }

    /// Adds a row's list. Of numbered headings a gap is kept, so that lists stay in step, and only gaps at the end go.
    /// `warn` is told of parts that fail a check.
    pub(super) fn row(&mut self, cells: &[&[u8]], context: &Context<'_>, warn: &mut dyn FnMut(&'static Check)) {
        let parts: Vec<&[u8]> = if self.plan.numbered > 0 {
            cells.iter().map(|cell| cell.trim_ascii()).collect()
        } else {
            let cell = cells.first().copied().unwrap_or_default();
            cell.split(|byte| *byte == b',').map(<[u8]>::trim_ascii).filter(|part| !part.is_empty()).collect()
        };
        let used = parts.iter().rposition(|part| !part.is_empty()).map_or(0, |at| at + 1);
        for part in &parts[..used] {
            let cell = cells::read_as(self.kind, self.plan, part, context).unwrap_or_else(|check| {
                warn(check);
                Cell::Null
            });
            match (&mut self.builder, cell) {
                (Builder::Wholes(builder), Cell::Whole(value)) => builder.values().append_value(value),
                (Builder::Words(builder), Cell::Word(value)) => builder.values().append_value(value),
                (Builder::Wholes(builder), _) => builder.values().append_null(),
                (Builder::Words(builder), _) => builder.values().append_null(),
            }
        }
        self.end(true);
    }

    /// Adds a row that has no list.
    pub(super) fn none(&mut self) {
        self.end(false);
    }

    fn end(&mut self, is_there: bool) {
        match &mut self.builder {
            Builder::Wholes(builder) => builder.append(is_there),
            Builder::Words(builder) => builder.append(is_there),
        }
    }

    /// The column and how it is called.
    pub(super) fn finish(self) -> (Field, ArrayRef) {
        let part = if self.kind.is_word() { DataType::UInt64 } else { DataType::Int32 };
        let kind = DataType::List(Arc::new(Field::new_list_field(part, true)));
        let array: ArrayRef = match self.builder {
            Builder::Wholes(mut builder) => Arc::new(builder.finish()),
            Builder::Words(mut builder) => Arc::new(builder.finish()),
        };
        (Field::new(self.plan.column.name, kind, true), array)
    }
}
