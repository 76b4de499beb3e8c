//! Published tables, as text.

/// A table as it was published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// Its name, without `.csv`.
    pub name: String,
    /// Headings.
    pub headings: Vec<String>,
    /// Rows.
    pub rows: Vec<Vec<String>>,
}

impl Published {
    /// A cell; empty where there is no such heading.
    pub fn cell(&self, row: usize, name: &str) -> &str {
        let column = self.headings.iter().position(|heading| heading == name);
        column.and_then(|at| self.rows[row].get(at)).map_or("", String::as_str)
    }
}
