//! Parts: which tables of a release the workbook has, and which of their rows.

use crate::disclosure::policy::Marker;
use crate::disclosure::{Sheet, Value};

/// Tables of figures, of which the workbook has the rows that are not divided further: the others are many, and for programs.
pub(super) const FIGURES: [&str; 2] = ["outcomes", "demand"];
/// The most rows of a table; of more, the last are taken, for periods come first in the order of rows.
pub(super) const MOST_ROWS: usize = 20_000;

/// A table as the workbook has it.
pub(super) struct Part<'a> {
    /// The table.
    pub(super) sheet: &'a Sheet,
    /// Those of its rows that are here.
    pub(super) rows: Vec<&'a [Value]>,
    /// Whether there are more than fit.
    pub(super) is_cut: bool,
}

impl Part<'_> {
    /// Whether any row that is here is marked as revised.
    pub(super) fn is_revised(&self) -> bool {
        let at = self.sheet.columns.iter().position(|column| column.name == "marker");
        at.is_some_and(|at| {
            self.rows.iter().any(|row| matches!(row.get(at), Some(Value::Text(sign)) if sign == Marker::Revised.sign()))
        })
    }

    /// Whether the table has a column.
    pub(super) fn has(&self, column: &str) -> bool {
        self.sheet.columns.iter().any(|own| own.name == column)
    }
}

/// The tables that have rows, and the names of those that have none.
pub(super) fn of<'a>(sheets: impl Iterator<Item = &'a Sheet>) -> (Vec<Part<'a>>, Vec<&'a str>) {
    let (mut parts, mut empty) = (Vec::new(), Vec::new());
    for sheet in sheets {
        let part = part(sheet);
        if part.rows.is_empty() {
            empty.push(sheet.name);
        } else {
            parts.push(part);
        }
    }
    (parts, empty)
}

fn part(sheet: &Sheet) -> Part<'_> {
    let is_figures = FIGURES.contains(&sheet.name);
    let at = sheet.columns.iter().position(|column| column.name == "breakdown").filter(|_| is_figures);
    let is_whole =
        |row: &&[Value]| at.is_none_or(|at| matches!(row.get(at), Some(Value::Text(words)) if words == "all"));
    let mut rows: Vec<&[Value]> = sheet.rows.iter().map(Vec::as_slice).filter(is_whole).collect();
    let over = rows.len().saturating_sub(MOST_ROWS);
    rows.drain(..over);
    Part { sheet, rows, is_cut: over > 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disclosure::sheets::{Column, Kind, column};

    const COLUMNS: &[Column] = &[column("breakdown", Kind::Text, ""), column("people", Kind::Whole, "")];

    fn sheet(name: &'static str, rows: Vec<Vec<Value>>) -> Sheet {
        Sheet { name, title: "", columns: COLUMNS, rows }
    }

    #[test]
    fn figures_are_taken_undivided_other_tables_whole_and_empty_ones_are_named() {
        let rows = || vec![vec![Value::text("all"), Value::Whole(10)], vec![Value::text("sex"), Value::Whole(5)]];
        let sheets = [sheet("outcomes", rows()), sheet("linkage_quality", rows()), sheet("spc", Vec::new())];
        let (parts, empty) = of(sheets.iter());
        let counts: Vec<(&str, usize)> = parts.iter().map(|part| (part.sheet.name, part.rows.len())).collect();
        assert_eq!(counts, [("outcomes", 1), ("linkage_quality", 2)]);
        assert_eq!(empty, ["spc"]);
    }

    #[test]
    fn of_too_many_rows_the_last_are_taken() {
        let rows = (0..=MOST_ROWS as i64).map(|count| vec![Value::text("x"), Value::Whole(count)]).collect();
        let long = [sheet("flow", rows)];
        let (parts, _) = of(long.iter());
        assert!(parts[0].is_cut && parts[0].rows.len() == MOST_ROWS);
        assert_eq!(parts[0].rows[0][1], Value::Whole(1));
    }
}
