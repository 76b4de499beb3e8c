//! Sheets: an extract's rows in memory, as they would leave: typed values that passed their checks, tokens in place of
//! identifiers.
//!
//! In: what reading made of an extract. Out: [`Sheet`]. Rows stand in the order of their tokens: the order of an extract is
//! often that of names.

use std::cmp::Ordering;

use arrow::array::{Array, ArrayRef};

use crate::error::Error;
use crate::ingest::stage::Whole;
use crate::ingest::values::{NO_CODE, Values};
use crate::ingest::{Extract, Reject, Tally};
use crate::schema::{Column, Kind};
use crate::sources::TablePlan;

/// Values of a column.
pub(super) enum Cells {
    /// One value a row.
    One(Values),
    /// A list a row.
    List(ArrayRef),
}

/// One extract.
pub(super) struct Sheet<'a> {
    pub(super) name: String,
    pub(super) plan: &'a TablePlan,
    pub(super) columns: Vec<(&'static Column, Cells)>,
    pub(super) provider: Vec<u64>,
    /// Exclusion rule that each row met; [`NO_CODE`] for none.
    pub(super) excluded: Vec<u16>,
    /// Reason of each row's NHS number, where the table has one.
    pub(super) reason: Option<Vec<u16>>,
    pub(super) tally: Tally,
    pub(super) rejects: Vec<Reject>,
    /// The rows that leave, in order.
    pub(super) order: Vec<u32>,
}

impl<'a> Sheet<'a> {
    /// Puts the parts of an extract together.
    pub(super) fn of(extract: &Extract, plan: &'a TablePlan, whole: Whole) -> Result<Self, Error> {
        let Whole { mut parts, tally, rejects } = whole;
        let mut sheet = Self {
            name: extract.name.clone(),
            plan,
            columns: Vec::new(),
            provider: parts.iter().flat_map(|part| part.provider.iter().copied()).collect(),
            excluded: parts.iter().flat_map(|part| part.excluded.iter().copied()).collect(),
            reason: None,
            tally,
            rejects,
            order: Vec::new(),
        };
        let Some(first) = parts.first() else {
            // Without a row nothing tells which columns the file has.
            let all = plan.table.columns().iter().filter(|column| !column.kind.is_of_names());
            sheet.columns = all.map(|column| (column, Cells::One(Values::new(column.kind, 0)))).collect();
            return Ok(sheet);
        };
        if first.reason.is_some() {
            sheet.reason = Some(parts.iter().flat_map(|part| part.reason.iter().flatten().copied()).collect());
        }
        let lists: Vec<String> = first.lists.iter().map(|(field, _)| field.name().clone()).collect();
        for (at, column) in plan.table.columns().iter().enumerate() {
            let own = parts.iter_mut().map(|part| part.values[at].take());
            sheet.columns.extend(together(column.kind, own).map(|values| (column, values)));
        }
        for (at, detail) in plan.details.iter().enumerate() {
            let own = parts.iter_mut().map(|part| part.details[at].take());
            sheet.columns.extend(together(detail.column.kind, own).map(|values| (detail.column, values)));
        }
        for (at, name) in lists.iter().enumerate() {
            let Some(column) = plan.details.iter().map(|detail| detail.column).find(|column| column.name == name)
            else {
                continue;
            };
            let arrays: Vec<&dyn Array> = parts.iter().map(|part| part.lists[at].1.as_ref()).collect();
            let whole = arrow::compute::concat(&arrays).map_err(Error::silent("put lists together"))?;
            sheet.columns.push((column, Cells::List(whole)));
        }
        Ok(sheet)
    }

    /// How many rows were read and not rejected.
    pub(super) fn rows(&self) -> usize {
        self.provider.len()
    }

    /// The values of a column by its name.
    pub(super) fn column(&self, name: &str) -> Option<&Values> {
        self.columns.iter().find_map(|(column, cells)| match cells {
            Cells::One(values) if column.name == name => Some(values),
            _ => None,
        })
    }

    /// The canonical names of its columns.
    pub(super) fn column_names(&self) -> Vec<&'static str> {
        self.columns.iter().map(|(column, _)| column.name).collect()
    }

    /// The kinds of its columns.
    pub(super) fn kinds(&self) -> impl Iterator<Item = Kind> {
        self.columns.iter().map(|(column, _)| column.kind)
    }

    /// Chooses the rows that leave and puts them in order. Of a row that is left out its own token leaves, if other rows may
    /// hang on it, and nothing else.
    pub(super) fn sort(&mut self) {
        let own = self.column("record");
        let leaves = |row: usize| match own {
            _ if self.excluded[row] == NO_CODE => true,
            Some(Values::Token(own)) => self.plan.table.is_parent() && own[row].is_some(),
            _ => false,
        };
        let mut order: Vec<u32> = (0..self.rows()).filter(|row| leaves(*row)).map(|row| row as u32).collect();
        // Tokens first: what else a row says decides between rows that have none.
        let mut keys: Vec<&Values> = Vec::new();
        for is_token in [true, false] {
            keys.extend(self.columns.iter().filter_map(|(column, cells)| match cells {
                Cells::One(values) if column.kind.is_token() == is_token => Some(values),
                _ => None,
            }));
        }
        order.sort_by(|a, b| {
            let (a, b) = (*a as usize, *b as usize);
            let by_column = keys.iter().map(|values| compare(values, a, b)).find(|found| found.is_ne());
            by_column.unwrap_or(Ordering::Equal).then_with(|| self.provider[a].cmp(&self.provider[b]))
        });
        self.order = order;
    }
}

fn together(kind: Kind, parts: impl Iterator<Item = Option<Values>>) -> Option<Cells> {
    let mut whole: Option<Values> = None;
    for mut part in parts.flatten() {
        whole.get_or_insert_with(|| Values::new(kind, 0)).append(&mut part);
    }
    whole.map(Cells::One)
}

fn compare(values: &Values, a: usize, b: usize) -> Ordering {
    match values {
        Values::Token(values) => values[a].cmp(&values[b]),
        Values::Whole(values) => values[a].cmp(&values[b]),
        Values::Code(values) => values[a].cmp(&values[b]),
        Values::Org(values) => values[a].cmp(&values[b]),
        Values::Decimal(values) => values[a].total_cmp(&values[b]),
    }
}
