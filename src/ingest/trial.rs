//! Trials: one extract read as a run would read it, with a throwaway key, and nothing kept but counts and shapes.
//!
//! In: an extract, its table and a dialect. Out: [`Trial`]. Leaves alone: the store, which a trial never touches.

use std::collections::BTreeMap;

use super::blocks::{Block, Blocks};
use super::cells::Context;
use super::decode::Origin;
use super::extracts::Extract;
use super::headings;
use super::lookups::Deprivation;
use super::notes::DialectNotes;
use super::opened::{self, Opened};
use super::pseudonyms::{Recent, Tokenisers};
use super::quotes::Format;
use super::records::{self, Record, Splitter};
use super::rows::RowReader;
use super::tally::{Reject, Tally, shape};
use crate::domain::nhs_number::Accepts;
use crate::error::Error;
use crate::identity::keys::ProjectKey;
use crate::settings::Caps;
use crate::sources::code_lists::CodeValues;
use crate::sources::{Dialect, TablePlan};

/// Shapes that are counted for a column; more of them say nothing.
const SHAPES: usize = 256;

/// What one file came to.
#[derive(Default)]
pub struct Trial {
    /// The headings as written, if there is a heading row.
    pub headings: Vec<String>,
    /// What the values of each heading look like.
    pub columns: Vec<Seen>,
    /// What became of the rows.
    pub tally: Tally,
    /// Rejected rows, by line.
    pub rejects: Vec<Reject>,
    /// What was found of the dialect.
    pub notes: DialectNotes,
    /// How it was read, if it is in canonical form.
    pub canonical: Option<TablePlan>,
    /// What ended it, if it did not come to the end of the file.
    pub fault: Option<Error>,
}

/// What the values of one column look like; never a value.
#[derive(Debug, Default, Clone)]
pub struct Seen {
    /// Cells.
    pub cells: u64,
    /// Empty cells.
    pub empty: u64,
    /// Values of digits alone.
    pub whole: u64,
    /// Values with a decimal point.
    pub decimal: u64,
    /// Values that start as a date does.
    pub dates: u64,
    /// Values of two numbers and a year whose first number is above 12.
    pub first_above_12: u64,
    /// Values of two numbers and a year whose second number is above 12.
    pub second_above_12: u64,
    /// Values of two numbers and a year.
    pub numbered: u64,
    /// Values by shape.
    pub shapes: BTreeMap<String, u64>,
}

impl Seen {
    fn add(&mut self, cell: &[u8]) {
        let cell = cell.trim_ascii();
        self.cells += 1;
        if cell.is_empty() {
            self.empty += 1;
            return;
        }
        let is_digits = |text: &[u8]| text.iter().all(u8::is_ascii_digit);
        self.whole += u64::from(is_digits(cell));
        let parts = memchr::memchr_iter(b'.', cell).count();
        let is_decimal = parts == 1 && cell.iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
        self.decimal += u64::from(is_decimal);
        match cell {
            [a, b, sign, c, d, other, year @ ..]
                if sign == other
                    && matches!(sign, b'/' | b'-' | b'.')
                    && is_digits(&[*a, *b, *c, *d])
                    && year.len() >= 4
                    && is_digits(&year[..4]) =>
            {
                let number = |tens: u8, ones: u8| (tens - b'0') * 10 + (ones - b'0');
                self.dates += 1;
                self.numbered += 1;
                self.first_above_12 += u64::from(number(*a, *b) > 12);
                self.second_above_12 += u64::from(number(*c, *d) > 12);
            }
            [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, ..]
                if is_digits(&[*y1, *y2, *y3, *y4, *m1, *m2, *d1, *d2]) =>
            {
                self.dates += 1;
            }
            _ => {}
        }
        let shape = shape(cell);
        if self.shapes.len() < SHAPES || self.shapes.contains_key(&shape) {
            *self.shapes.entry(shape).or_default() += 1;
        }
    }

    /// The most frequent shapes.
    pub fn top(&self, most: usize) -> Vec<(&str, u64)> {
        let mut shapes: Vec<(&str, u64)> = self.shapes.iter().map(|(shape, count)| (shape.as_str(), *count)).collect();
        shapes.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        shapes.truncate(most);
        shapes
    }
}

/// What a trial reads with: accepted numbers, caps, and the values of coded columns.
pub type Reading<'a> = (Accepts, Caps, &'a CodeValues);

/// Reads a whole extract in a dialect.
pub fn read(extract: &Extract, plan: &TablePlan, dialect: &Dialect, reading: Reading<'_>) -> Trial {
    let mut trial = Trial::default();
    trial.fault = trial.go(extract, plan, dialect, reading).err();
    trial
}

/// The fields of a heading row, without outer blanks.
pub fn names(heading: &[u8], format: &Format) -> Option<Vec<String>> {
    let names = records::first(heading, format)?;
    Some(names.iter().map(|name| String::from_utf8_lossy(name.trim_ascii()).trim().to_owned()).collect())
}

impl Trial {
    fn go(
        &mut self,
        extract: &Extract,
        plan: &TablePlan,
        dialect: &Dialect,
        (accepts, caps, values): Reading<'_>,
    ) -> Result<(), Error> {
        let origin = Origin { file: &extract.name, source: plan.source.id() };
        let Opened { text, format, stamp, canonical } = opened::open(extract, plan, dialect, (caps, values))?;
        let plan = canonical.as_ref().unwrap_or(plan);
        let mut blocks = Blocks::new(text, origin, format);
        self.notes = blocks.notes();
        let heading = blocks.heading()?;
        self.notes = blocks.notes();
        self.headings = names(&heading, &format).unwrap_or_default();
        self.columns = vec![Seen::default(); self.headings.len()];
        let layout = headings::layout(plan, &heading, &format, origin, stamp.as_ref());
        let (key, deprivation) = (ProjectKey::throwaway()?, Deprivation::default());
        let (tokenisers, context) = (
            Tokenisers::new(&key),
            Context { accepts, deprivation: &deprivation, opt_outs: None, fields: true, match_keys: false },
        );
        let reader = layout.as_ref().ok();
        let reader = reader.map(|layout| RowReader::new((extract, plan), layout, &tokenisers, &context));
        let mut recent = Recent::default();
        let mut ended = Ok(());
        while let Some(block) = blocks.next_block()? {
            self.notes = blocks.notes();
            self.look(&block, &extract.name, dialect)?;
            if let Some(reader) = reader.as_ref().filter(|_| ended.is_ok()) {
                ended = reader.parse(&block, &mut recent).map(|mut parsed| {
                    self.tally.add(&parsed.tally);
                    self.rejects.append(&mut parsed.rejects);
                });
            }
        }
        self.notes = blocks.notes();
        self.tally.warn_of_line_ends(blocks.odd_line_ends());
        drop(reader);
        let done = layout.and(ended);
        self.canonical = canonical;
        done
    }

    /// Counts the shapes of a block's cells.
    fn look(&mut self, block: &Block, file: &str, dialect: &Dialect) -> Result<(), Error> {
        let splitter = Splitter { file, width: self.columns.len(), null_words: &dialect.null_words };
        splitter.each(block, |record, _| {
            if let Record::Fields(fields) = record
                && fields.len() == self.columns.len()
            {
                self.columns.iter_mut().zip(fields).for_each(|(column, cell)| column.add(cell));
            }
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_above_12_proves_the_order() {
        let mut seen = Seen::default();
        for cell in ["31/12/2025", "01/02/2025", "", "2025-01-31", "12.5", "7"] {
            seen.add(cell.as_bytes());
        }
        assert_eq!((seen.numbered, seen.first_above_12, seen.second_above_12), (2, 1, 0));
        assert_eq!((seen.cells, seen.empty, seen.dates, seen.decimal, seen.whole), (6, 1, 3, 1, 1));
        assert_eq!(seen.top(1), [("D{2}/D{2}/D{4}", 2)]);
    }
}
