//! Cells: what stands in the workbook for a value of a table. No cell is empty: where there is nothing, shorthand says why.

use std::collections::BTreeSet;

use super::csv;
use crate::disclosure::sheets::{Column, Kind};
use crate::disclosure::{Sheet, Value};

/// The most letters of a cell; a spreadsheet holds 32,767 units.
const MOST_LETTERS: usize = 16_000;
/// Markers that say why a number is missing.
const REASONS: [&str; 4] = ["c", "u", "x", "z"];
/// Stands where a row has nothing to say.
const NOTHING: &str = "z";

/// Shorthand, and what it means.
pub(super) const SHORTHAND: [(&str, &str); 7] = [
    ("a", "changed by more than the limit since the last run"),
    ("c", "hidden, because it rests on too few people"),
    ("p", "provisional, a later submission may change it"),
    ("r", "revised, an earlier release showed another number in this row"),
    ("u", "too few for a percentage"),
    ("x", "not available"),
    ("z", "nothing applies here"),
];

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    /// A number and the decimal places it is shown with.
    Number(f64, usize),
    /// Words or a code.
    Words(String),
    /// Shorthand in a column of numbers.
    Sign(String),
}

/// The columns of a table, and what each says of another.
pub(super) struct Columns<'a> {
    columns: &'a [Column],
    /// For each column the one whose marker explains its missing numbers.
    markers: Vec<Option<usize>>,
}

impl<'a> Columns<'a> {
    /// Of a table. A column `ratio_marker` explains columns with `ratio` in their name; `marker` explains the others.
    pub(super) fn of(sheet: &'a Sheet) -> Self {
        let at = |name: &str| sheet.columns.iter().position(|column| column.name == name);
        let own = |column: &Column| {
            let special = sheet.columns.iter().enumerate().find(|(_, other)| {
                other.name.strip_suffix("_marker").is_some_and(|subject| column.name.contains(subject))
            });
            special.map(|(at, _)| at).or_else(|| at("marker"))
        };
        Self { columns: sheet.columns, markers: sheet.columns.iter().map(own).collect() }
    }

    /// The cells of a row; the shorthand that they use is added to `used`.
    pub(super) fn cells(&self, row: &[Value], used: &mut BTreeSet<String>) -> Vec<Cell> {
        let mut cells = Vec::with_capacity(row.len());
        for (column, (value, marker)) in self.columns.iter().zip(row.iter().zip(&self.markers)) {
            let marker = marker.and_then(|at| row.get(at)).map(Value::print).unwrap_or_default();
            cells.push(cell(column, value, &marker, used));
        }
        cells
    }
}

fn cell(column: &Column, value: &Value, marker: &str, used: &mut BTreeSet<String>) -> Cell {
    let mut sign = |letter: &str| {
        if !used.contains(letter) {
            used.insert(letter.to_owned());
        }
        format!("[{letter}]")
    };
    let is_marker = column.name == "marker" || column.name.ends_with("_marker");
    let is_number = matches!(column.kind, Kind::Whole | Kind::Decimal);
    match value {
        Value::Whole(number) => Cell::Number(*number as f64, 0),
        Value::Decimal(number, places) => Cell::Number(value.print().parse().unwrap_or(*number), *places),
        Value::Text(words) if !words.trim().is_empty() => {
            let is_sign = is_marker || (column.name == "provisional" && words == "p");
            Cell::Words(if is_sign { sign(words) } else { plain(&csv::print(value)) })
        }
        _ if is_marker => Cell::Words("none".to_owned()),
        _ if is_number => Cell::Sign(sign(if REASONS.contains(&marker) { marker } else { NOTHING })),
        _ => Cell::Words(sign(NOTHING)),
    }
}

/// Words without letters that a spreadsheet's file cannot hold, and no longer than a cell.
pub(super) fn plain(words: &str) -> String {
    let is_held = |letter: char| match letter {
        '\t' | '\n' => true,
        '\u{fffe}' | '\u{ffff}' => false,
        _ => !letter.is_control(),
    };
    words.chars().take(MOST_LETTERS).map(|letter| if is_held(letter) { letter } else { '\u{fffd}' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disclosure::sheets::column;

    const COLUMNS: &[Column] = &[
        column("name", Kind::Text, ""),
        column("people", Kind::Whole, ""),
        column("ratio_low", Kind::Decimal, ""),
        column("provisional", Kind::Text, ""),
        column("marker", Kind::Text, ""),
        column("ratio_marker", Kind::Text, ""),
    ];

    fn cells(row: Vec<Value>) -> (Vec<Cell>, String) {
        let sheet = Sheet { name: "x", title: "", columns: COLUMNS, rows: Vec::new() };
        let mut used = BTreeSet::new();
        let cells = Columns::of(&sheet).cells(&row, &mut used);
        (cells, used.into_iter().collect())
    }

    fn words(text: &str) -> Cell {
        Cell::Words(text.to_owned())
    }

    #[test]
    fn numbers_are_those_of_the_csv_and_nothing_is_empty() {
        let row = [
            Value::text("=1+1"),
            Value::Whole(15),
            Value::Decimal(1.25, 1),
            Value::text("p"),
            Value::text(""),
            Value::Empty,
        ];
        let wanted = vec![
            words("'=1+1"),
            Cell::Number(15.0, 0),
            Cell::Number(1.2, 1),
            words("[p]"),
            words("none"),
            words("none"),
        ];
        assert_eq!(cells(row.to_vec()), (wanted, "p".to_owned()));
    }

    #[test]
    fn a_missing_number_says_why_by_its_own_marker() {
        let row = |marker: &str, ratio: &str| {
            vec![
                Value::text(""),
                Value::Empty,
                Value::Empty,
                Value::text("final"),
                Value::text(marker),
                Value::text(ratio),
            ]
        };
        let sign = |text: &str| Cell::Sign(text.to_owned());
        let (found, used) = cells(row("c", "x"));
        assert_eq!(found, [words("[z]"), sign("[c]"), sign("[x]"), words("final"), words("[c]"), words("[x]")]);
        assert_eq!(used, "cxz");
        // A change that is marked is no reason for a missing number, and neither is a revision.
        for marker in ["a", "r"] {
            assert_eq!(cells(row(marker, "")).0[1..3], [sign("[z]"), sign("[z]")]);
        }
    }

    #[test]
    fn letters_that_no_file_holds_are_replaced_and_long_words_cut() {
        assert_eq!(plain("a\u{0}b\u{ffff}\tc"), "a\u{fffd}b\u{fffd}\tc");
        assert_eq!(plain(&"x".repeat(40_000)).len(), MOST_LETTERS);
    }
}
