//! Match keys: date of birth, sex, postcode and whole forename as one token, so that a partner's people can be found without
//! a token of any of the four, of which few values exist.
//!
//! In: a page's rows and the values read so far. Out: the first 8 bytes of each row's `mk:dob.sex.pc.fn` token, 0 where one
//! of the four is missing. Leaves alone: whether match keys are wanted (`Context::match_keys`).

use super::fields;
use super::headings::Layout;
use super::page::Page;
use super::values::{NO_DAY, Values};
use crate::domain::day;
use crate::identity::tokens::{Tokeniser, UNIT_SEPARATOR};
use crate::schema::columns::{Field, Whole};
use crate::schema::{Kind, Table};
use crate::sources::TablePlan;

/// Where the parts of a file's match keys stand.
#[derive(Debug, Clone, Copy)]
pub(super) struct MatchKey {
    /// Positions in the table: the key's own, that of the date of birth and that of the sex.
    own: usize,
    birth: usize,
    sex: usize,
    /// Places among the slots.
    forename: usize,
    postcode: usize,
}

/// The fields of a file that hold forename and postcode; none where it lacks one.
pub(super) fn names(plan: &TablePlan, layout: &Layout) -> Option<[usize; 2]> {
    let field = |wanted: Field| {
        let at = plan.columns.iter().position(|column| column.column.kind == Kind::Field(wanted))?;
        layout.fields[at]
    };
    Some([field(Field::Forename)?, field(Field::Postcode)?])
}

/// The position of a table's match keys; none for a table that is not about a person.
pub(super) fn position(table: Table) -> Option<usize> {
    table.columns().iter().position(|column| column.kind == Kind::MatchKey)
}

impl MatchKey {
    /// Of a table, the fields of forename and postcode, and the fields that are read.
    pub(super) fn of(plan: &TablePlan, names: [usize; 2], slots: &[usize]) -> Option<Self> {
        let place = |name: &str| plan.table.columns().iter().position(|column| column.name == name);
        let [forename, postcode] = names.map(|field| slots.binary_search(&field).ok());
        Some(Self {
            own: position(plan.table)?,
            birth: place("birth_date")?,
            sex: place("sex")?,
            forename: forename?,
            postcode: postcode?,
        })
    }

    /// Puts the match keys of a page among its values.
    pub(super) fn fill(self, page: &Page<'_>, tokeniser: &Tokeniser, values: &mut [Option<Values>]) {
        let (Some(Values::Whole(births)), Some(Values::Code(sexes))) = (&values[self.birth], &values[self.sex]) else {
            return;
        };
        let key = |row: usize| {
            let birth = Some(births[row]).filter(|birth| *birth != NO_DAY).map(day::to_iso)?;
            // PERSON PHENOTYPIC SEX 1 and 2; any other is no evidence.
            let sex = *b"12".get(usize::from(sexes[row]))?;
            let whole = |whole, slot| fields::canonical(whole, page.field(row, slot)).map(|[.., value]| value);
            let (postcode, forename) = (whole(Whole::Postcode, self.postcode)?, whole(Whole::Forename, self.forename)?);
            let us = &[UNIT_SEPARATOR][..];
            let pieces: [&[u8]; 7] = [birth.as_bytes(), us, &[sex], us, &postcode, us, &forename];
            Some(tokeniser.token(&pieces).first_half())
        };
        let keys = (0..page.rows()).map(|row| key(row).unwrap_or(0)).collect();
        values[self.own] = Some(Values::Org(keys));
    }
}
