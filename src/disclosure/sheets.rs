//! Sheets: tables ready to be written, with what each column means. The same form serves exact and released tables;
//! only a [`super::Release`] may go to the release folder.

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Words or codes.
    Text,
    /// Whole numbers, or nothing.
    Whole,
    /// Decimal numbers, or nothing.
    Decimal,
    /// Days, as ISO dates.
    Date,
}

/// One column of an output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Heading.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// What it means; unit, and what an empty cell means.
    pub meaning: &'static str,
}

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing.
    Empty,
    /// Words or a code.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// A decimal number and the places it is printed with.
    Decimal(f64, usize),
}

impl Value {
    /// Words.
    pub fn text(words: impl Into<String>) -> Self {
        Self::Text(words.into())
    }

    /// A count, if there is one.
    pub fn whole(count: Option<u64>) -> Self {
        count.map_or(Self::Empty, |count| Self::Whole(count as i64))
    }

    /// A number, if there is one.
    pub fn decimal(number: Option<f64>, places: usize) -> Self {
        number.filter(|number| number.is_finite()).map_or(Self::Empty, |number| Self::Decimal(number, places))
    }

    /// The number, if it is one.
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Whole(number) => Some(*number as f64),
            Self::Decimal(number, _) => Some(*number),
            Self::Empty | Self::Text(_) => None,
        }
    }

    /// As printed: `.` for the decimal point, nothing for nothing. Minus zero is zero.
    pub fn print(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(words) => words.clone(),
            Self::Whole(number) => number.to_string(),
            Self::Decimal(number, places) => {
                let text = format!("{number:.places$}");
                if text.trim_start_matches('-').bytes().all(|byte| matches!(byte, b'0' | b'.')) {
                    text.trim_start_matches('-').to_owned()
                } else {
                    text
                }
            }
        }
    }
}

/// One table.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// File name without its ending.
    pub name: &'static str,
    /// What it holds, in a sentence.
    pub title: &'static str,
    /// Its columns.
    pub columns: &'static [Column],
    /// Its rows, in order.
    pub rows: Vec<Vec<Value>>,
}

/// A column declaration.
pub const fn column(name: &'static str, kind: Kind, meaning: &'static str) -> Column {
    Column { name, kind, meaning }
}

/// A cell of a row, by column name; empty for a column that there is not.
pub(in crate::disclosure) fn cell<'a>(sheet: &'a Sheet, row: &'a [Value], name: &str) -> &'a Value {
    sheet.columns.iter().position(|column| column.name == name).map_or(&Value::Empty, |at| &row[at])
}
