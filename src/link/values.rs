//! Rows of one canonical table in memory, all files together, as plain columns.
//!
//! Missing is a sentinel here and a null again as soon as rows become a frame.

use rayon::prelude::*;

use super::part::{self, Part};
use crate::domain::token::Token;
use crate::error::Error;
use crate::ingest::fresh::FreshRows;
pub use crate::ingest::values::{NO_CODE, NO_DAY, NO_TOKEN, Values};
use crate::ingest::{Staged, StagedFile};
use crate::schema::{Kind, Table};
use crate::sources::Sources;

/// The rows of one canonical table.
pub struct Rows {
    /// Which table.
    pub table: Table,
    /// Its own columns, in the schema's order.
    pub columns: Vec<Values>,
    /// Provider of each row.
    pub provider: Vec<u64>,
    /// Position of the staged file of each row.
    pub file: Vec<u32>,
    /// Number of the exclusion rule that the row met; [`NO_CODE`] for none.
    pub excluded: Vec<u16>,
    /// First row of each file, and one more entry at the end.
    pub starts: Vec<(u32, usize)>,
    /// When each row was submitted, as days; [`NO_DAY`] for not given, and empty where no file says.
    pub version: Vec<i32>,
}

impl Rows {
    /// How many rows.
    pub fn len(&self) -> usize {
        self.provider.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.provider.is_empty()
    }

    fn place(&self, name: &str) -> usize {
        self.table.columns().iter().position(|column| column.name == name).unwrap_or(usize::MAX)
    }

    /// A token column; empty if the table has none of that name.
    pub fn tokens(&self, name: &str) -> &[Token] {
        match self.columns.get(self.place(name)) {
            Some(Values::Token(values)) => values,
            _ => &[],
        }
    }

    /// A column of days, minutes or whole numbers.
    pub fn whole(&self, name: &str) -> &[i32] {
        match self.columns.get(self.place(name)) {
            Some(Values::Whole(values)) => values,
            _ => &[],
        }
    }

    /// A column of codes.
    pub fn codes(&self, name: &str) -> &[u16] {
        match self.columns.get(self.place(name)) {
            Some(Values::Code(values)) => values,
            _ => &[],
        }
    }

    /// A column of organisations or identity fields.
    pub fn orgs(&self, name: &str) -> &[u64] {
        match self.columns.get(self.place(name)) {
            Some(Values::Org(values)) => values,
            _ => &[],
        }
    }

    /// Gives the memory of some columns back: they are empty from here on.
    pub(super) fn forget(&mut self, names: &[&str]) {
        for (column, declared) in self.columns.iter_mut().zip(self.table.columns()) {
            if names.contains(&declared.name) {
                *column = Values::new(declared.kind, 0);
            }
        }
    }

    /// The rows of every staged file of a table, in file order: from memory where all of them were read in this run, else
    /// from the store, files in parallel.
    pub fn load(table: Table, staged: &Staged, sources: &Sources) -> Result<Self, Error> {
        if let Some(fresh) = staged.fresh.take(table) {
            return Ok(Self::of_fresh(table, fresh));
        }
        let files: Vec<(u32, &StagedFile)> = (0..)
            .zip(&staged.files)
            .filter(|(_, file)| sources.tables[file.plan].table == table && file.rows > 0)
            .collect();
        let parts: Vec<Part> = files.par_iter().map(|(_, file)| part::of(table, file)).collect::<Result<_, _>>()?;
        let rows = files.iter().map(|(_, file)| file.rows as usize).sum();
        let mut all = Self {
            table,
            columns: table.columns().iter().map(|column| Values::new(column.kind, rows)).collect(),
            provider: Vec::with_capacity(rows),
            file: Vec::new(),
            excluded: Vec::with_capacity(rows),
            starts: Vec::new(),
            version: Vec::new(),
        };
        for ((at, _), part) in files.iter().zip(parts) {
            let start = all.provider.len();
            all.starts.push((*at, start));
            all.append(part);
            if let Some(fields) = staged.fresh.take_fields(*at as usize) {
                fields.put_below(&mut all.columns, start);
            }
        }
        all.complete();
        Ok(all)
    }

    fn of_fresh(table: Table, fresh: FreshRows) -> Self {
        let mut all = Self {
            table,
            columns: fresh.columns,
            provider: fresh.provider,
            file: Vec::new(),
            excluded: fresh.excluded,
            starts: fresh.starts,
            version: Vec::new(),
        };
        // A file without rows has no start, as if it came from the store.
        let ends: Vec<usize> = all.starts.iter().skip(1).map(|(_, start)| *start).chain([all.len()]).collect();
        let mut ends = ends.into_iter();
        all.starts.retain(|(_, start)| ends.next().is_some_and(|end| end > *start));
        all.complete();
        all
    }

    /// Fills what files lack, and says which file each row is of.
    fn complete(&mut self) {
        let rows = self.len();
        for (column, declared) in self.columns.iter_mut().zip(self.table.columns()) {
            // Match keys are rare: where no file has one there is no column.
            let is_there = declared.kind != Kind::MatchKey || !column.is_empty();
            if self.table.is_linked(declared.name) && is_there {
                column.fill(rows);
            }
        }
        self.file.reserve_exact(rows);
        for (at, (file, _)) in self.starts.iter().enumerate() {
            let end = self.starts.get(at + 1).map_or(rows, |(_, next)| *next);
            self.file.resize(end, *file);
        }
    }

    fn append(&mut self, mut block: Part) {
        let before = self.provider.len();
        for (to, from) in self.columns.iter_mut().zip(&mut block.values) {
            if let Some(from) = from {
                to.fill(before);
                to.append(from);
            }
        }
        self.provider.append(&mut block.provider);
        self.excluded.append(&mut block.excluded);
    }
}
