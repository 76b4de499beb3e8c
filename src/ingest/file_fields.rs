//! The fields of identity of one file: names and places as tokens. They are in no staged file, so that whoever has the store and
//! the key cannot try few values; they live in memory while people are linked.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::rows::Parsed;
use super::values::Values;
use crate::schema::{Column, Kind, Table};

/// What rows say of names and places.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Names {
    /// Nothing.
    #[default]
    No,
    /// Match keys and nothing else.
    Together,
    /// Names or places by themselves.
    Each,
}

impl Names {
    /// Of some rows.
    pub(super) fn of(table: Table, block: &Parsed) -> Self {
        let own = places(table).filter(|at| block.values[*at].is_some());
        let own = own.map(|at| if table.columns()[at].kind == Kind::MatchKey { Self::Together } else { Self::Each });
        own.max().unwrap_or_default()
    }
}

/// The fields of identity of one file's rows: names and places as tokens, which only memory holds.
#[derive(Debug, Clone, Default)]
pub struct FileFields {
    /// By position in the table.
    columns: BTreeMap<usize, Vec<u64>>,
    rows: usize,
}

impl FileFields {
    /// Whether some rows have a column of fields.
    pub(super) fn are_in(table: Table, block: &Parsed) -> bool {
        Names::of(table, block) != Names::No
    }

    /// Adds the fields of more rows.
    pub(super) fn append(&mut self, table: Table, mut block: Parsed) {
        for at in places(table) {
            if let Some(Values::Org(mut values)) = block.values[at].take() {
                let column = self.columns.entry(at).or_default();
                column.resize(self.rows, 0);
                column.append(&mut values);
            }
        }
        self.rows += block.provider.len();
    }

    /// The fields of a range of rows of columns that hold more.
    pub(super) fn of(columns: &[Values], table: Table, rows: std::ops::Range<usize>) -> Self {
        let own = |at: usize| match &columns[at] {
            Values::Org(column) if !column.is_empty() => {
                let mut column = column[rows.start.min(column.len())..rows.end.min(column.len())].to_vec();
                column.resize(rows.len(), 0);
                Some((at, column))
            }
            _ => None,
        };
        Self { columns: places(table).filter_map(own).collect(), rows: rows.len() }
    }

    /// Whether the file has no column of fields.
    pub(super) fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// Puts the fields below those of the files before: `start` rows.
    pub fn put_below(&self, columns: &mut [Values], start: usize) {
        for (at, values) in &self.columns {
            if let Values::Org(column) = &mut columns[*at] {
                column.resize(start, 0);
                column.extend_from_slice(values);
            }
        }
    }
}

/// The positions of a table's fields of identity.
fn places(table: Table) -> impl Iterator<Item = usize> {
    let is_field = |(_, column): &(usize, &Column)| column.kind.is_of_names();
    table.columns().iter().enumerate().filter(is_field).map(|(at, _)| at)
}
