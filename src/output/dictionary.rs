//! The data dictionary: what every column of every released table holds, as a table of its own.

use crate::disclosure::sheets::{Column, Kind, column};
use crate::disclosure::{Sheet, Value};

const COLUMNS: &[Column] = &[
    column("table", Kind::Text, "the table: its file without .csv"),
    column("holds", Kind::Text, "what the table holds"),
    column("position", Kind::Whole, "which column it is, from 1"),
    column("column", Kind::Text, "its heading"),
    column("type", Kind::Text, "text, whole, decimal or date"),
    column("meaning", Kind::Text, "what it means, its unit, and what an empty cell means"),
];

/// The dictionary of some tables, and of itself.
pub fn of(sheets: &[Sheet]) -> Sheet {
    let mut dictionary = Sheet {
        name: "data-dictionary",
        title: "What every column of every table holds",
        columns: COLUMNS,
        rows: Vec::new(),
    };
    let own = sheets.iter().flat_map(rows).chain(rows(&dictionary)).collect();
    dictionary.rows = own;
    dictionary
}

fn rows(sheet: &Sheet) -> Vec<Vec<Value>> {
    let kind = |kind: Kind| match kind {
        Kind::Text => "text",
        Kind::Whole => "whole",
        Kind::Decimal => "decimal",
        Kind::Date => "date",
    };
    let row = |(at, column): (usize, &Column)| {
        vec![
            Value::text(sheet.name),
            Value::text(sheet.title),
            Value::whole(Some(at as u64 + 1)),
            Value::text(column.name),
            Value::text(kind(column.kind)),
            Value::text(column.meaning),
        ]
    };
    sheet.columns.iter().enumerate().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_of_every_table_is_there_and_so_are_its_own() {
        const OWN: &[Column] = &[column("people", Kind::Whole, "people"), column("marker", Kind::Text, "why not")];
        let sheet = Sheet { name: "x", title: "X", columns: OWN, rows: Vec::new() };
        let found = of(&[sheet]);
        assert_eq!(found.rows.len(), 2 + COLUMNS.len());
        let shown: Vec<String> = found.rows[1].iter().map(Value::print).collect();
        assert_eq!(shown, ["x", "X", "2", "marker", "text", "why not"]);
        assert!(found.rows.iter().all(|row| row.len() == COLUMNS.len() && !row[5].print().is_empty()));
    }
}
