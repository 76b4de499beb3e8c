//! Columns: a page's rows read column by column into typed values.
//!
//! In: a [`Page`]. Out: the values of every column that the file has. A failed check rejects the row where the column must
//! be filled, else the cell is missing and counted. A row that an earlier column rejected is not looked at again.

mod classes;
pub(super) mod numbers;
mod row_order;

use arrow::array::ArrayRef;
use arrow::datatypes::Field;

use self::numbers::Numbers;
use super::cells::{self, Cell, IsoForm};
use super::checks::{self, Check, Severity};
use super::given;
use super::lists::Lists;
use super::page::Page;
use super::pseudonyms::{Ids, Recent};
use super::tally::{Class, STATUSES};
use super::values::{self, NO_CODE, NO_DAY, NO_TOKEN, Values};
use crate::domain::nhs_number::REASONS;
use crate::domain::token::Token;
use crate::error::{self, Error};
use crate::identity::tokens::Batch;
use crate::schema::columns::Whole;
use crate::schema::{Kind, Storage, Table, scales, words};
use crate::sources::{ColumnPlan, Empty};

/// Columns of a page being read.
pub(super) struct Columns<'p, 'a> {
    page: &'p mut Page<'a>,
    /// By position in the table; none where the file has no such column.
    values: Vec<Option<Values>>,
    /// Columns that few extracts have, by position in the plan; none where the file has no such column.
    details: Vec<Option<Values>>,
    numbers: Option<Numbers>,
    is_kept: Vec<bool>,
    /// Cells that became missing, by planned column and check, details after a table's own.
    warnings: Vec<[u64; checks::ALL.len()]>,
    /// Cells that are not valid, in the same places.
    classes: Vec<[u64; Class::ALL.len()]>,
    /// The first cell that shows that a spreadsheet damaged ids: its column and line.
    damaged: Option<(usize, u32)>,
}

/// What a page became: the values of each column that the file has, and the reason of each NHS number.
pub(super) struct Filled {
    pub(super) values: Vec<Option<Values>>,
    pub(super) details: Vec<Option<Values>>,
    pub(super) lists: Vec<(Field, ArrayRef)>,
    pub(super) reason: Option<Vec<u16>>,
}

/// Reads every column of a page. Fails only where the whole file must be refused.
pub(super) fn read(page: &mut Page<'_>, recent: &mut Recent) -> Result<Filled, Error> {
    let reader = page.reader;
    let plan = reader.plan;
    let mut columns = Columns {
        values: plan.table.columns().iter().map(|_| None).collect(),
        details: plan.details.iter().map(|_| None).collect(),
        numbers: None,
        is_kept: vec![true; page.rows()],
        warnings: vec![[0; checks::ALL.len()]; plan.columns.len() + plan.details.len()],
        classes: vec![[0; Class::ALL.len()]; plan.columns.len() + plan.details.len()],
        damaged: None,
        page,
    };
    for (at, column) in plan.columns.iter().enumerate() {
        let Some(slot) = reader.slot_of[at] else { continue };
        match column.column.kind {
            Kind::NhsNumber => columns.numbers = Some(columns.read_numbers(column, slot)?),
            Kind::Field(field) if !reader.layout.holds_tokens => columns.fields(at, slot, field.whole(), recent),
            _ => columns.values[column.position] = Some(columns.column(at, slot)),
        }
    }
    if let Some(match_key) = reader.match_key {
        match_key.fill(columns.page, &reader.tokenisers.match_key, &mut columns.values);
    }
    columns.apply_opt_outs();
    if plan.table == Table::Scores {
        columns.check_scores();
    }
    let mut lists = Vec::new();
    for (at, fields) in &reader.layout.details {
        let detail = &plan.details[*at];
        let place = plan.columns.len() + at;
        if let Some(value) = detail.value {
            columns.details[*at] = Some(Values::Code(vec![value; columns.page.rows()]));
        } else if let Some(list) = Lists::new(detail) {
            lists.push(columns.lists(place, list, fields));
        } else if let Some(slot) = reader.slot_of[place] {
            columns.details[*at] = Some(columns.column(place, slot));
        }
    }
    if let Some((at, line)) = columns.damaged {
        return Err(excel_damage(&reader.extract.name, &columns.plan(at).heading, line));
    }
    columns.check_order();
    columns.finish(lists, recent)
}

impl<'a> Columns<'_, 'a> {
    fn plan(&self, at: usize) -> &'a ColumnPlan {
        let plan = self.page.reader.plan;
        plan.columns.get(at).unwrap_or_else(|| &plan.details[at - plan.columns.len()])
    }

    /// What an empty cell does. Details ask for nothing.
    fn empty(&self, at: usize) -> Empty {
        self.page.reader.plan.columns.get(at).map_or(Empty::Keep, |plan| plan.empty)
    }

    fn column(&mut self, at: usize, slot: usize) -> Values {
        let plan = self.plan(at);
        let reader = self.page.reader;
        let kind = plan.column.kind;
        let cell = |text: &[u8]| cells::read(plan, text, reader.context);
        let holds_tokens = reader.layout.holds_tokens;
        match kind {
            kind if holds_tokens && kind.is_token() => {
                Values::Token(self.each(at, slot, NO_TOKEN, |text, _| given::token(text)))
            }
            Kind::Field(_) | Kind::MatchKey => Values::Org(self.each(at, slot, 0, |text, _| given::field(text))),
            Kind::Postcode if holds_tokens => {
                Values::Code(self.each(at, slot, NO_CODE, |text, _| given::quintile(text)))
            }
            kind if kind.is_token() => Values::Token(self.ids(at, slot)),
            Kind::Date | Kind::BirthDate => {
                let form = IsoForm::of(plan);
                Values::Whole(self.each(at, slot, NO_DAY, |text, _| cells::day_cell(plan, form, text)))
            }
            Kind::Minute => Values::Whole(self.each(at, slot, NO_DAY, |text, _| cells::minute_cell(text))),
            Kind::Code(_) => Values::Code(self.codes(at, slot)),
            Kind::Postcode => Values::Code(self.postcodes(at, slot)),
            kind => match kind.storage() {
                Storage::Code => Values::Code(self.each(at, slot, NO_CODE, |text, _| match cell(text)? {
                    Cell::Code(code) => Ok(Some(code)),
                    _ => Ok(None),
                })),
                Storage::Word => {
                    let words = self.each(at, slot, 0, |text, _| match cell(text)? {
                        Cell::Word(word) => Ok(Some(word)),
                        _ => Ok(None),
                    });
                    self.default_practices(at, &words);
                    Values::Org(words)
                }
                Storage::Decimal => Values::Decimal(self.each(at, slot, f32::NAN, |text, _| match cell(text)? {
                    Cell::Decimal(number) => Ok(Some(number)),
                    _ => Ok(None),
                })),
                Storage::Token | Storage::Whole => {
                    Values::Whole(self.each(at, slot, NO_DAY, |text, _| match cell(text)? {
                        Cell::Whole(number) => Ok(Some(number)),
                        _ => Ok(None),
                    }))
                }
            },
        }
    }

    /// Reads one column. `read` gets a field that is not blank and its row's provider, and says `None` for a way of
    /// saying "not known".
    fn each<T: Copy>(
        &mut self,
        at: usize,
        slot: usize,
        missing: T,
        mut read: impl FnMut(&[u8], u64) -> Result<Option<T>, &'static Check>,
    ) -> Vec<T> {
        let empty = self.empty(at);
        let mut values = Vec::with_capacity(self.page.rows());
        let (mut blanks, mut nulls) = (0, 0);
        for row in 0..self.page.rows() {
            let text = self.page.field(row, slot);
            let found = match (text, empty) {
                (b"", Empty::Warn) => Err(&checks::MISSING),
                (b"", _) => {
                    blanks += 1;
                    Ok(None)
                }
                (text, _) => {
                    let found = read(text, self.page.provider[row]);
                    nulls += u64::from(matches!(found, Ok(None)));
                    found
                }
            };
            values.push(match found {
                Ok(Some(value)) => value,
                Ok(None) if empty != Empty::Reject => missing,
                fault => {
                    self.fail(at, row, slot, fault.err());
                    missing
                }
            });
        }
        self.nulls(at, blanks, nulls);
        values
    }

    /// A column of ids. One in scientific notation means that the file must be refused; those that end in 0000 are
    /// counted.
    fn ids(&mut self, at: usize, slot: usize) -> Vec<Token> {
        let reader = self.page.reader;
        // It is the same at every provider.
        let is_national = self.plan(at).column.kind == Kind::NationalPseudonym;
        let (mut count, mut rounded) = (0, 0);
        let mut ids = Ids::new(reader.tokenisers, &reader.names[at]);
        let places = self.each(at, slot, Batch::NONE, |text, provider| {
            if is_damaged(text) {
                return Err(&checks::LOST_IDS);
            }
            count += 1;
            rounded += u64::from(text.ends_with(b"0000"));
            Ok(Some(ids.add(if is_national { 0 } else { provider }, text)))
        });
        self.page.tally.ids.insert(self.plan(at).heading.clone(), [count, rounded]);
        let tokens = ids.finish();
        places.into_iter().map(|place| tokens[place as usize]).collect()
    }

    fn lists(&mut self, at: usize, mut list: Lists<'a>, fields: &[usize]) -> (Field, ArrayRef) {
        let reader = self.page.reader;
        let slots: Vec<usize> = fields.iter().filter_map(|field| reader.slots.binary_search(field).ok()).collect();
        for row in (0..self.page.rows()).filter(|row| self.is_kept[*row]) {
            if self.page.excluded[row] != NO_CODE {
                list.none();
                continue;
            }
            let cells: Vec<&[u8]> = slots.iter().map(|slot| self.page.field(row, *slot)).collect();
            let warnings = &mut self.warnings[at];
            list.row(&cells, reader.context, &mut |check| count(warnings, check, 1));
        }
        list.finish()
    }

    /// A cell that must be filled and is not, or one that failed a check.
    #[cold]
    fn fail(&mut self, at: usize, row: usize, slot: usize, check: Option<&'static Check>) {
        if let Some(check) = check {
            self.class(at, classes::of(check), 1);
        }
        let is_detail = at >= self.page.reader.plan.columns.len();
        let is_unasked = is_detail || self.page.reader.layout.is_canonical;
        if !self.is_kept[row] || (is_unasked && self.page.excluded[row] != NO_CODE) {
            return;
        }
        match check {
            Some(check) if check.severity == Severity::Gate => {
                self.damaged = self.damaged.or(Some((at, self.page.line[row])));
            }
            Some(check) if self.empty(at) != Empty::Reject => self.warn(at, check, 1),
            _ => {
                self.is_kept[row] = false;
                let text = self.page.field(row, slot).to_vec();
                let line = u64::from(self.page.line[row]);
                let heading = &self.plan(at).heading;
                self.page.reject(line, heading, check.unwrap_or(&checks::EMPTY), &text);
            }
        }
    }

    /// Counts cells of a column that failed a check and are kept.
    fn warn(&mut self, at: usize, check: &'static Check, cells: u64) {
        count(&mut self.warnings[at], check, cells);
    }

    /// Reads a column of names or postcodes once, for every field that is taken from it.
    fn fields(&mut self, at: usize, slot: usize, whole: Whole, recent: &mut Recent) {
        if self.values[self.plan(at).position].is_some() {
            return;
        }
        let reader = self.page.reader;
        let tokens = self.each(at, slot, [0; 3], |text, _| Ok(recent.fields(reader.tokenisers, whole, text)));
        for (column, own) in reader.plan.columns.iter().zip(&reader.slot_of) {
            if let Kind::Field(field) = column.column.kind
                && *own == Some(slot)
                && field.whole() == whole
            {
                let words = tokens.iter().map(|three| three[field.place()]).collect();
                self.values[column.position] = Some(Values::Org(words));
            }
        }
    }

    /// A score outside its instrument's range rejects the row.
    fn check_scores(&mut self) {
        let place = |name: &str| Table::Scores.columns().iter().position(|column| column.name == name);
        let column = |name: &str| place(name).and_then(|at| self.values[at].as_ref());
        let (Some(Values::Code(scale)), Some(Values::Decimal(score))) = (column("scale"), column("score")) else {
            return;
        };
        for row in 0..scale.len() {
            let is_possible = scales::range(scale[row])
                .is_none_or(|(low, high)| score[row].is_nan() || (low..=high).contains(&score[row]));
            if self.is_kept[row] && !is_possible {
                self.is_kept[row] = false;
                self.page.reject(u64::from(self.page.line[row]), "score", &checks::SCORE_RANGE, b"");
            }
        }
    }

    /// Hashes numbers, drops rejected rows, empties rows that are left out, and counts.
    fn finish(mut self, lists: Vec<(Field, ArrayRef)>, recent: &mut Recent) -> Result<Filled, Error> {
        self.page.tally.looked_at = self.page.rows() as u64;
        let mut reason = self.hash_numbers(recent)?;
        if self.is_kept.contains(&false) {
            for column in self.values.iter_mut().chain(&mut self.details).flatten() {
                column.keep(&self.is_kept);
            }
            values::keep(&mut self.page.line, &self.is_kept);
            values::keep(&mut self.page.provider, &self.is_kept);
            values::keep(&mut self.page.excluded, &self.is_kept);
            if let Some(reason) = &mut reason {
                values::keep(reason, &self.is_kept);
            }
        }
        let rows = self.page.rows();
        let mut left_out = 0;
        for row in 0..rows {
            let rule = self.page.excluded[row];
            if rule != NO_CODE {
                self.page.leave_out(rule);
                left_out += 1;
                self.clear(row);
            }
        }
        self.page.tally.kept += (rows - left_out) as u64;
        self.count(reason.as_deref());
        Ok(Filled { values: self.values, details: self.details, lists, reason })
    }

    /// Of a row that is left out only its own id is kept, so that its children can be left out with it.
    fn clear(&mut self, row: usize) {
        self.details.iter_mut().flatten().for_each(|values| values.clear(row));
        let columns = self.page.reader.plan.table.columns();
        for (column, values) in columns.iter().zip(&mut self.values) {
            if let Some(values) = values
                && !matches!(column.kind, Kind::RecordId | Kind::LocalId)
            {
                values.clear(row);
            }
        }
    }

    /// NHS number status indicator codes of rows that are not left out.
    fn count_statuses(&mut self) {
        let columns = self.page.reader.plan.table.columns();
        let status = columns.iter().position(|column| column.kind == Kind::NhsStatus);
        let Some(Values::Code(status)) = status.and_then(|at| self.values[at].as_ref()) else { return };
        let mut counts = [0u64; STATUSES.len()];
        for (code, excluded) in status.iter().zip(&self.page.excluded) {
            let place = counts.get_mut(if *code == NO_CODE { 0 } else { usize::from(*code) });
            if let Some(count) = place {
                *count += u64::from(*excluded == NO_CODE);
            }
        }
        for (word, count) in STATUSES.iter().zip(counts).filter(|(_, count)| *count > 0) {
            self.page.tally.statuses.insert((*word).to_owned(), count);
        }
    }

    fn count(&mut self, reason: Option<&[u16]>) {
        self.count_classes();
        let plan = self.page.reader.plan;
        for (column, counts) in plan.columns.iter().chain(&plan.details).zip(&self.warnings) {
            for (check, count) in checks::ALL.iter().zip(counts).filter(|(_, count)| **count > 0) {
                self.page.tally.warnings.insert(format!("{} {}", column.heading, check.id), *count);
            }
        }
        if let Some(reason) = reason {
            let mut counts = [0u64; REASONS.len()];
            for (reason, excluded) in reason.iter().zip(&self.page.excluded) {
                counts[usize::from(*reason)] += u64::from(*excluded == NO_CODE);
            }
            for ((_, name), count) in REASONS.iter().zip(counts).filter(|(_, count)| *count > 0) {
                self.page.tally.nhs.insert((*name).to_owned(), count);
            }
        }
        self.count_statuses();
        let dated = plan.table.columns().iter().position(|column| matches!(column.kind, Kind::Date));
        if let Some(Values::Whole(days)) = dated.and_then(|at| self.values[at].as_ref()) {
            let known = || days.iter().copied().filter(|day| *day != NO_DAY);
            self.page.tally.first_day = known().min();
            self.page.tally.last_day = known().max();
        }
        self.page.count_left_out();
        self.page.rejects.sort();
    }
}

fn count(warnings: &mut [u64; checks::ALL.len()], check: &'static Check, cells: u64) {
    if let Some(at) = checks::ALL.iter().position(|known| *known == check) {
        warnings[at] += cells;
    }
}

/// Whether an id is a number in scientific notation, or one that a narrow column hid.
fn is_damaged(text: &[u8]) -> bool {
    match text {
        [b'0'..=b'9', b'.' | b'E' | b'e', _, _, ..] => words::is_scientific(text),
        [b'#', b'#', b'#', ..] => true,
        _ => false,
    }
}

fn excel_damage(file: &str, heading: &str, line: u32) -> Error {
    Error::new(&error::EXCEL_DAMAGE, format!("{file}: the column `{heading}` was damaged by a spreadsheet"), "export the file again without opening it in a spreadsheet: many rows now share one rounded number, so none of them can be used")
        .because(format!("first damaged cell in line {line}: scientific notation, a trailing .0 or ####"))
}
