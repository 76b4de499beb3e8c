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
use crate::sources::ColumnPlan;

/// The numbers of a page, before their status is known.
pub(super) enum Numbers {
    /// As read.
    Read(Vec<(Option<NhsNumber>, Reason)>),
    /// Their tokens, as a pseudonymised file gives them.
    Given(Vec<(Token, Reason)>),
}

impl Columns<'_, '_> {
    /// Reads the column of numbers. Fails where a spreadsheet damaged it.
    pub(super) fn read_numbers(&self, plan: &ColumnPlan, slot: usize) -> Result<Numbers, Error> {
        let reader = self.page.reader;
        let rows = 0..self.page.rows();
        if reader.layout.holds_tokens {
            return Ok(Numbers::Given(rows.map(|row| given::number(self.page.field(row, slot))).collect()));
        }
        let mut numbers = Vec::with_capacity(rows.len());
        for row in rows {
            let text = self.page.field(row, slot);
            let number = if text.is_empty() {
                (None, Reason::Missing)
            } else {
                nhs_number::read(text, None, reader.context.accepts)
            };
            if number.1 == Reason::ExcelDamage && self.is_kept[row] {
                return Err(excel_damage(&reader.extract.name, &plan.heading, self.page.line[row]));
            }
            numbers.push(number);
        }
        Ok(Numbers::Read(numbers))
    }

    /// Rows whose identity is withheld: they count in demand and are never linked. All of their identity is emptied.
    fn withhold(&mut self) -> Vec<bool> {
        let reader = self.page.reader;
        let is_reason = |at: usize| reader.plan.details[at].column.name == "withheld_reason";
        let field = reader.layout.details.iter().find(|(at, _)| is_reason(*at)).and_then(|(_, fields)| fields.first());
        let Some(slot) = field.and_then(|field| reader.slots.binary_search(field).ok()) else { return Vec::new() };
        let is_withheld: Vec<bool> = (0..self.page.rows()).map(|row| !self.page.field(row, slot).is_empty()).collect();
        for (column, values) in reader.plan.table.columns().iter().zip(&mut self.values) {
            let is_identity = matches!(column.kind, Kind::LocalId | Kind::BirthDate | Kind::Field(_) | Kind::Postcode);
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
        let rows = self.page.rows();
        let (mut tokens, mut reasons) = (Vec::with_capacity(rows), Vec::with_capacity(rows));
        for row in 0..rows {
            let is_used = self.is_kept[row] && self.page.excluded[row] == NO_CODE;
            let status = status.get(row).filter(|status| **status != NO_CODE).map(|status| *status as u8);
            let (token, reason) = match &numbers {
                _ if is_withheld.get(row) == Some(&true) => (NO_TOKEN, Reason::Withheld),
                Numbers::Given(given) => given::judge(given[row], status),
                Numbers::Read(numbers) => {
                    let (number, reason) = nhs_number::judge(numbers[row].0, numbers[row].1, status);
                    let number = number.filter(|_| is_used);
                    (number.map_or(Ok(NO_TOKEN), |number| self.hash(number, recent))?, reason)
                }
            };
            tokens.push(if is_used { token } else { NO_TOKEN });
            reasons.push(reason as u16);
        }
        if let Some(at) = place(Kind::NhsNumber) {
            self.values[at] = Some(Values::Token(tokens));
        }
        Ok(Some(reasons))
    }

    /// The token of a number. The demonstration key meets test numbers only.
    fn hash(&self, number: NhsNumber, recent: &mut Recent) -> Result<Token, Error> {
        let reader = self.page.reader;
        if reader.tokenisers.is_demonstration && !number.is_test() {
            return Err(demonstration(&reader.extract.name));
        }
        Ok(recent.nhs(reader.tokenisers, number))
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
