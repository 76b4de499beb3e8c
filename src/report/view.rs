//! Views: rows of a sheet by column name, and their cells in words.

use crate::disclosure::policy::Marker;
use crate::disclosure::{Sheet, Value};
use crate::error::grouped;

/// The rows of a tier that a page is made of: figures without their breakdowns, and other tables whole.
pub(super) struct Tables<'a>(Vec<(&'a Sheet, Vec<Row<'a>>)>);

/// A look at them.
pub(super) type Sheets<'a> = &'a Tables<'a>;

/// A row of a sheet.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    sheet: &'a Sheet,
    cells: &'a [Value],
}

impl<'a> Tables<'a> {
    /// Of the sheets of a tier. There are many breakdowns, and a page has none of them: they are passed over once.
    pub(super) fn of(sheets: &'a [Sheet]) -> Self {
        let own = |sheet: &'a Sheet| {
            let is_figures = ["outcomes", "demand"].contains(&sheet.name);
            let at = sheet.columns.iter().position(|column| column.name == "breakdown").filter(|_| is_figures);
            let is_whole = |cells: &&Vec<Value>| at.is_none_or(|at| cells[at] == Value::text("all"));
            (sheet, sheet.rows.iter().filter(is_whole).map(|cells| Row { sheet, cells }).collect())
        };
        Self(sheets.iter().map(own).collect())
    }

    /// The rows of a sheet; none where there is no such sheet.
    pub(super) fn rows(&self, name: &str) -> impl Iterator<Item = Row<'a>> + use<'a, '_> {
        self.0.iter().find(|(sheet, _)| sheet.name == name).into_iter().flat_map(|(_, rows)| rows.iter().copied())
    }

    /// The rows of a sheet whose cells are these.
    pub(super) fn find(&self, name: &str, wanted: &[(&str, &str)]) -> Vec<Row<'a>> {
        self.rows(name).filter(|row| wanted.iter().all(|(column, value)| row.text(column) == *value)).collect()
    }
}

impl<'a> Row<'a> {
    /// A cell; empty for a column that there is not.
    fn cell(self, column: &str) -> &'a Value {
        let at = self.sheet.columns.iter().position(|known| known.name == column);
        at.and_then(|at| self.cells.get(at)).unwrap_or(&Value::Empty)
    }

    /// Whether its marker is that of a figure that is shown.
    pub(super) fn is_shown(self) -> bool {
        Marker::is_of_shown(self.text("marker"))
    }

    /// Whether an earlier release showed another number in it.
    pub(super) fn is_revised(self) -> bool {
        self.text("marker") == Marker::Revised.sign()
    }

    /// The words of a cell; empty for a number.
    pub(super) fn text(self, column: &str) -> &'a str {
        match self.cell(column) {
            Value::Text(words) => words,
            _ => "",
        }
    }

    /// The number of a cell; none where there is none.
    pub(super) fn number(self, column: &str) -> Option<f64> {
        match self.cell(column) {
            Value::Whole(number) => Some(*number as f64),
            Value::Decimal(number, _) => Some(*number),
            _ => None,
        }
    }

    /// A number as it stands in the table, in groups of three digits; why it is missing, where it is.
    pub(super) fn shown(self, column: &str) -> String {
        match self.cell(column) {
            Value::Whole(number) if *number < 0 => format!("\u{2212}{}", grouped(number.unsigned_abs())),
            Value::Whole(number) => grouped(number.unsigned_abs()),
            Value::Decimal(..) => in_groups(&self.cell(column).print()),
            _ => self.missing(),
        }
    }

    /// The same with a unit before or after it, which a missing number has not.
    pub(super) fn with_unit(self, column: &str, before: &str, after: &str) -> String {
        let shown = self.shown(column);
        if self.number(column).is_none() {
            return shown;
        }
        match shown.strip_prefix('\u{2212}') {
            // A word joiner, lest a line ends between the sign and the number.
            Some(rest) => format!("\u{2212}\u{2060}{before}{rest}{after}"),
            None => format!("{before}{shown}{after}"),
        }
    }

    /// `61 to 100`; why it is missing, where it is.
    pub(super) fn interval(self, [lower, upper]: [&str; 2]) -> String {
        let both = self.number(lower).zip(self.number(upper));
        both.map_or_else(|| self.missing(), |_| format!("{} to {}", self.shown(lower), self.shown(upper)))
    }

    /// The words for a marker.
    fn missing(self) -> String {
        let words = match self.text("marker") {
            "c" => "hidden",
            "x" => "not available",
            "z" => "does not apply",
            "u" => "too few for a percentage",
            _ => "none",
        };
        words.to_owned()
    }
}

/// What is noted under a table of which rows are revised, each as it is called there; empty where none is.
pub(super) fn revised<'a>(rows: impl Iterator<Item = (Row<'a>, String)>) -> String {
    let names: Vec<String> = rows.filter(|(row, _)| row.is_revised()).map(|(_, name)| name).collect();
    if names.is_empty() {
        return String::new();
    }
    format!("Revised (r): an earlier release showed another number for {}.", names.join(", "))
}

/// A printed number with its whole part in groups of three digits, and a minus sign in place of a hyphen.
fn in_groups(text: &str) -> String {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |rest| ("\u{2212}", rest));
    let (whole, decimals) = digits.split_at(digits.find('.').unwrap_or(digits.len()));
    whole.parse().map_or_else(|_| text.to_owned(), |whole| format!("{sign}{}{decimals}", grouped(whole)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disclosure::sheets::{Column, Kind, column};

    const COLUMNS: &[Column] = &[
        column("group", Kind::Text, ""),
        column("people", Kind::Whole, ""),
        column("value", Kind::Decimal, ""),
        column("marker", Kind::Text, ""),
    ];

    #[test]
    fn a_cell_is_shown_as_it_stands_and_a_missing_one_says_why() {
        let rows = vec![
            vec![Value::text("a"), Value::Whole(1915), Value::Decimal(-2.5, 1), Value::text("")],
            vec![Value::text("b"), Value::Empty, Value::Empty, Value::text("c")],
            vec![Value::text("b"), Value::Whole(-1000), Value::Decimal(-12345.6, 1), Value::text("z")],
        ];
        let sheets = [Sheet { name: "x", title: "", columns: COLUMNS, rows }];
        let sheets = Tables::of(&sheets);
        let first = sheets.find("x", &[("group", "a")])[0];
        assert_eq!([first.shown("people"), first.shown("value")], ["1,915", "\u{2212}2.5"]);
        assert_eq!(first.with_unit("value", "£", ""), "\u{2212}\u{2060}£2.5");
        assert_eq!(first.interval(["value", "people"]), "\u{2212}2.5 to 1,915");
        let others = sheets.find("x", &[("group", "b")]);
        assert_eq!([others[0].shown("people"), others[0].with_unit("value", "", " %")], ["hidden", "hidden"]);
        assert_eq!([others[1].shown("people"), others[1].shown("value")], ["\u{2212}1,000", "\u{2212}12,345.6"]);
        assert_eq!(sheets.find("y", &[]).len(), 0);
    }

    #[test]
    fn a_revised_figure_is_shown_and_named_under_its_table() {
        let of = |marker: &str| vec![Value::text("a"), Value::Whole(10), Value::Empty, Value::text(marker)];
        let sheets = [Sheet { name: "x", title: "", columns: COLUMNS, rows: ["", "r", "c"].map(of).to_vec() }];
        let sheets = Tables::of(&sheets);
        let rows: Vec<Row<'_>> = sheets.rows("x").collect();
        assert_eq!(
            [rows[0], rows[1], rows[2]].map(|row| (row.is_shown(), row.is_revised())),
            [(true, false), (true, true), (false, false)]
        );
        let named = |rows: &[Row<'_>]| revised(rows.iter().enumerate().map(|(at, row)| (*row, format!("row {at}"))));
        assert_eq!(named(&rows), "Revised (r): an earlier release showed another number for row 1.");
        assert_eq!(named(&rows[..1]), "");
    }
}
