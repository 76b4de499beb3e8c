//! Cells: a typed value as the one text that canonical files have for it. Reading the text gives the value again.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{Int32Type, UInt64Type};

use super::sheet::Cells;
use crate::domain::day;
use crate::domain::org_code::OrgCode;
use crate::domain::token::Token;
use crate::ingest::values::{NO_CODE, NO_DAY, Values};
use crate::schema::{Kind, words};
use crate::sources::Precision;
use crate::sources::code_lists::CodeValues;

/// What stands in a list for a part that is not known.
const GAP: &str = "-";

/// What values are told with.
#[derive(Clone, Copy)]
pub(super) struct Telling<'a> {
    pub(super) values: &'a CodeValues,
    pub(super) precision: Precision,
}

impl Telling<'_> {
    /// The text of a row's cell; none for a missing value.
    pub(super) fn text(&self, kind: Kind, cells: &Cells, row: usize) -> Option<String> {
        match cells {
            Cells::List(array) => self.list(kind, array, row),
            Cells::One(Values::Token(tokens)) => Some(tokens[row]).filter(|one| one.is_some()).map(Token::to_hex),
            Cells::One(Values::Whole(values)) => {
                Some(values[row]).filter(|one| *one != NO_DAY).and_then(|one| self.whole(kind, one))
            }
            Cells::One(Values::Code(codes)) => {
                Some(codes[row]).filter(|one| *one != NO_CODE).and_then(|one| self.code(kind, one))
            }
            Cells::One(Values::Org(values)) => Some(values[row]).filter(|one| *one != 0).map(|one| word(kind, one)),
            Cells::One(Values::Decimal(values)) => {
                Some(values[row]).filter(|one| !one.is_nan()).map(|one| one.to_string())
            }
        }
    }

    /// A day as exact as may be told; none for a date of birth that may not be told to the day: the first of its month would
    /// contradict the same person's date of birth elsewhere.
    pub(super) fn day(&self, kind: Kind, found: i32) -> Option<i32> {
        match kind {
            // When a row was submitted says nothing of a person.
            Kind::Version => Some(found),
            Kind::BirthDate if self.precision == Precision::Month => None,
            _ => Some(self.precision.of(found)),
        }
    }

    fn whole(&self, kind: Kind, found: i32) -> Option<String> {
        match kind {
            Kind::Date | Kind::BirthDate | Kind::Version => self.day(kind, found).map(day::to_iso),
            Kind::Minute if self.precision == Precision::Month => None,
            Kind::Minute => Some(format!("{:02}:{:02}", found / 60, found % 60)),
            _ => Some(found.to_string()),
        }
    }

    fn code(&self, kind: Kind, code: u16) -> Option<String> {
        match kind {
            Kind::Code(set) => self.values.of(set).get(usize::from(code)).cloned(),
            _ => Some(code.to_string()),
        }
    }

    fn list(&self, kind: Kind, array: &ArrayRef, row: usize) -> Option<String> {
        let Kind::List(part) = kind else { return None };
        let lists = array.as_list_opt::<i32>().filter(|lists| lists.is_valid(row))?;
        let parts = lists.value(row);
        let of = |at: usize| {
            if parts.is_null(at) {
                return None;
            }
            match parts.as_primitive_opt::<UInt64Type>() {
                Some(words) => Some(word(*part, words.value(at))),
                None => self.whole(*part, parts.as_primitive_opt::<Int32Type>()?.value(at)),
            }
        };
        let texts: Vec<String> = (0..parts.len()).map(|at| of(at).unwrap_or_else(|| GAP.to_owned())).collect();
        Some(texts.join(",")).filter(|text| !text.is_empty())
    }
}

fn word(kind: Kind, word: u64) -> String {
    match kind {
        Kind::Field(_) | Kind::MatchKey => format!("{word:016x}"),
        Kind::Snomed => words::snomed_text(word),
        Kind::Clinical => words::clinical_text(word),
        Kind::Short => words::short_text(word),
        Kind::Area => words::area_text(word),
        _ => OrgCode::from_packed(word).to_string(),
    }
}
