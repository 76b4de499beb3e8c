//! NHS numbers: judged with their status, which may stand in a later column, and hashed last. A pseudonymised file gives
//! their tokens instead. A row whose identity is withheld counts in demand and is never linked.

use super::{Columns, excel_damage};
use crate::domain::nhs_number::{self, NhsNumber, Reason};
use crate::domain::token::Token;
use crate::error::{self, Error};
use crate::ingest::given;
use crate::ingest::pseudonyms::Recent;
use crate::ingest::values::{NO_CODE, NO_TOKEN, Values};
use crate::schema::Kind;
use crate::sources::{ColumnPlan, Judge};

/// The numbers of a page, before their status is known.
pub(super) enum Numbers {
    /// As read.
    Read(Vec<(Option<NhsNumber>, Reason)>),
    /// Their tokens, as a pseudonymised file gives them.
    Given(Vec<(Token, Reason)>),
    /// The tokens of those whom another party's digests are of.
    Found(Vec<(Token, Reason)>),
}

impl Columns<'_, '_> {
    /// Reads the column of numbers. Fails where a spreadsheet damaged it.
    pub(super) fn read_numbers(&self, plan: &ColumnPlan, slot: usize) -> Result<Numbers, Error> {
        let reader = self.page.reader;
        let rows = 0..self.page.rows();
        if reader.layout.holds_tokens {
            let given = |row: usize| {
                let found = given::number(self.page.field(row, slot));
                reader.reason_slot.map_or(found, |slot| given::with_reason(found, self.page.field(row, slot)))
            };
            return Ok(Numbers::Given(rows.map(given).collect()));
        }
        if let Some(scheme) = plan.digest {
            let digests = &reader.tokenisers.digests;
            return Ok(Numbers::Found(rows.map(|row| digests.find(scheme, self.page.field(row, slot))).collect()));
        }
        let mut numbers = Vec::with_capacity(rows.len());
        // Rows of one person often follow each other.
        let (mut last, mut number): (&[u8], _) = (b"", (None, Reason::Missing));
        for row in rows {
            let text = self.page.field(row, slot);
            if text != last {
                last = text;
                number = if text.is_empty() {
                    (None, Reason::Missing)
                } else {
                    nhs_number::read(text, None, reader.context.accepts)
                };
            }
            if number.1 == Reason::ExcelDamage && self.is_kept[row] {
                return Err(excel_damage(&reader.extract.name, &plan.heading, self.page.line[row]));
            }
            numbers.push(number);
        }
        Ok(Numbers::Read(numbers))
    }

    /// Leaves out the rows that the list of NHS numbers takes away, whatever the status of their number.
    pub(super) fn apply_opt_outs(&mut self) {
        let reader = self.page.reader;
        let place = |judge: Judge| reader.plan.exclusions.iter().position(|rule| rule.by == judge);
        let (Some(opt_outs), Some(by_number), Some(by_none)) =
            (reader.context.opt_outs, place(Judge::Number), place(Judge::NoNumber))
        else {
            return;
        };
        for row in 0..self.page.rows() {
            if !self.is_kept[row] || self.page.excluded[row] != NO_CODE {
                continue;
            }
            let judge = match &self.numbers {
                None => opt_outs.of_number(None),
                Some(Numbers::Read(numbers)) => opt_outs.of_number(numbers[row].0),
                Some(Numbers::Found(tokens)) => opt_outs.of_found(tokens[row].0),
                Some(Numbers::Given(tokens)) => opt_outs.of_token(tokens[row].0),
            };
            let Some(judge) = judge else { continue };
            let rule = if judge == Judge::Number { by_number } else { by_none } as u16;
            if reader.plan.drops_row(rule) {
                self.is_kept[row] = false;
                self.page.leave_out(rule);
            } else {
                self.page.excluded[row] = rule;
            }
        }
    }

    /// Rows whose identity is withheld: they count in demand and are never linked. All of their identity is emptied.
    fn withhold(&mut self) -> Vec<bool> {
        let reader = self.page.reader;
        let is_reason = |at: usize| reader.plan.details[at].column.name == "withheld_reason";
        let field = reader.layout.details.iter().find(|(at, _)| is_reason(*at)).and_then(|(_, fields)| fields.first());
        let Some(slot) = field.and_then(|field| reader.slots.binary_search(field).ok()) else { return Vec::new() };
        let is_withheld: Vec<bool> = (0..self.page.rows()).map(|row| !self.page.field(row, slot).is_empty()).collect();
        for (column, values) in reader.plan.table.columns().iter().zip(&mut self.values) {
            let is_own = matches!(column.kind, Kind::LocalId | Kind::BirthDate | Kind::Postcode);
            let is_identity = is_own || column.kind.is_of_names();
            if let Some(values) = values.as_mut().filter(|_| is_identity) {
                (0..is_withheld.len()).filter(|row| is_withheld[*row]).for_each(|row| values.clear(row));
            }
        }
        is_withheld
    }

    /// Puts the tokens of the numbers among the columns; the reason of each row's number, where the file has any.
    pub(super) fn hash_numbers(&mut self, recent: &mut Recent) -> Result<Option<Vec<u16>>, Error> {
        let is_withheld = self.withhold();
        let Some(numbers) = self.numbers.take() else { return Ok(None) };
        let columns = self.page.reader.plan.table.columns();
        let place = |kind: Kind| columns.iter().position(|column| column.kind == kind);
        let status = match place(Kind::NhsStatus).and_then(|at| self.values[at].as_ref()) {
            Some(Values::Code(status)) => status.as_slice(),
            _ => &[],
        };
        let rows = 0..self.page.rows();
        let is_used = |row: usize| self.is_kept[row] && self.page.excluded[row] == NO_CODE;
        let is_withheld = |row: usize| is_withheld.get(row) == Some(&true);
        let status = |row: usize| status.get(row).filter(|status| **status != NO_CODE).map(|status| *status as u8);
        let (tokens, reasons) = match numbers {
            Numbers::Given(given) | Numbers::Found(given) => {
                // In canonical form they were judged where they were read.
                let is_judged = self.page.reader.layout.is_canonical;
                let own = |row: usize| if is_judged { given[row] } else { given::judge(given[row], status(row)) };
                let judge = |row: usize| match own(row) {
                    _ if is_withheld(row) => (NO_TOKEN, Reason::Withheld as u16),
                    (token, reason) => (if is_used(row) { token } else { NO_TOKEN }, reason as u16),
                };
                rows.map(judge).unzip()
            }
            Numbers::Read(read) => {
                let judge = |row: usize| match nhs_number::judge(read[row].0, read[row].1, status(row)) {
                    _ if is_withheld(row) => (None, Reason::Withheld as u16),
                    (number, reason) => (number.filter(|_| is_used(row)), reason as u16),
                };
                let (numbers, reasons): (Vec<_>, Vec<_>) = rows.map(judge).unzip();
                (self.hash(&numbers, recent)?, reasons)
            }
        };
        if let Some(at) = place(Kind::NhsNumber) {
            self.values[at] = Some(Values::Token(tokens));
        }
        Ok(Some(reasons))
    }

    /// The tokens of numbers. The demonstration key meets test numbers only.
    fn hash(&self, numbers: &[Option<NhsNumber>], recent: &mut Recent) -> Result<Vec<Token>, Error> {
        let reader = self.page.reader;
        if reader.tokenisers.is_demonstration && numbers.iter().flatten().any(|number| !number.is_test()) {
            return Err(demonstration(&reader.extract.name));
        }
        Ok(recent.nhs(reader.tokenisers, numbers))
    }
}

/// The demonstration key met a real number.
pub(in crate::ingest) fn demonstration(file: &str) -> Error {
    Error::new(
        &error::KEY_DEMO,
        format!("{file} holds NHS numbers outside the 9xx test range, and the key is the demonstration key"),
        "make a key of your own with `pathlink key new` and name it under [key] file",
    )
}
