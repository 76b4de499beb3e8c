//! A preview: the columns that would leave, what they hold and what their first rows look like, without a value.

use super::cells::Telling;
use super::sheet::Sheet;
use crate::ingest::Tally;
use crate::ingest::tally::shape;
use crate::schema::{Column, Kind};
use crate::sources::code_lists::CodeValues;
use crate::sources::{Precision, TablePlan};

/// Rows that are shown.
const ROWS: usize = 3;

/// What would leave of one extract.
pub struct Preview {
    /// The extract's name.
    pub from: String,
    /// The canonical table that it becomes.
    pub table: &'static str,
    /// Rows that would leave, with those of which only a token would.
    pub rows: u64,
    /// What became of its rows.
    pub tally: Tally,
    /// Its columns.
    pub columns: Vec<Leaving>,
}

/// A column that would leave.
pub struct Leaving {
    /// The column's name.
    pub name: &'static str,
    /// The headings that it is read from.
    pub headings: Vec<String>,
    /// What it would hold.
    pub holds: &'static str,
    /// The shapes of the first rows; empty for a missing value.
    pub shapes: Vec<String>,
}

/// Looks at a sheet.
pub(super) fn of(sheet: &Sheet<'_>, values: &CodeValues) -> Preview {
    let telling = Telling { values, precision: sheet.plan.date_precision };
    let first = &sheet.order[..sheet.order.len().min(ROWS)];
    let columns = sheet.columns.iter().map(|(column, cells)| Leaving {
        name: column.name,
        headings: headings(sheet.plan, column),
        holds: holds(column.kind, sheet.plan.date_precision),
        shapes: first
            .iter()
            .map(|row| {
                telling
                    .text(column.kind, cells, *row as usize)
                    .map_or_else(String::new, |text| look(column.kind, &text))
            })
            .collect(),
    });
    Preview {
        from: sheet.name.clone(),
        table: sheet.plan.table.id(),
        rows: sheet.order.len() as u64,
        tally: sheet.tally.clone(),
        columns: columns.collect(),
    }
}

/// A token's shape would say nothing but its chance letters.
fn look(kind: Kind, text: &str) -> String {
    if kind.is_token() || kind.is_of_names() { format!("token of {}", text.len()) } else { shape(text.as_bytes()) }
}

fn headings(plan: &TablePlan, column: &Column) -> Vec<String> {
    let own = plan.columns.iter().chain(&plan.details).filter(|one| one.column.name == column.name);
    let mut headings: Vec<String> = own.map(|one| one.heading.clone()).collect();
    headings.dedup();
    headings
}

fn holds(kind: Kind, precision: Precision) -> &'static str {
    match (kind, precision) {
        (kind, _) if kind.is_token() => "a token in place of the identifier",
        (Kind::Field(_), _) => "a token in place of a part of the name or postcode",
        (Kind::MatchKey, _) => "one token of date of birth, sex, postcode and forename together",
        (Kind::Postcode, _) => "the deprivation fifth of the postcode's area, 1 to 5",
        (Kind::BirthDate, Precision::Month) => "nothing: a date of birth is left out where dates are months",
        (Kind::Date | Kind::BirthDate, Precision::Day) => "a date, to the day",
        (Kind::Date, Precision::Month) => "a date, to the month: the first of it",
        (Kind::Minute, Precision::Month) => "nothing: times are left out where dates are months",
        (Kind::Minute, Precision::Day) => "a time of day",
        (Kind::Code(_), _) => "a word of a code list",
        (Kind::NhsStatus, _) => "how the NHS number was verified, 1 to 8",
        (Kind::Org, _) => "an organisation's code",
        (Kind::Snomed | Kind::Clinical | Kind::Short | Kind::Area | Kind::List(_), _) => "a code",
        (Kind::Version, _) => "when it was submitted",
        _ => "a number",
    }
}
