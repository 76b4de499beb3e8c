//! What a page is made of: sections of sentences, pictures and tables.

use serde::Serialize;

use super::svg::Picture;

/// One section of the page.
#[derive(Debug, Serialize)]
pub(super) struct Section {
    /// The id that the contents link to.
    pub(super) id: &'static str,
    /// Its heading.
    pub(super) title: &'static str,
    /// Sentences before anything else.
    pub(super) lead: Vec<String>,
    /// Pictures and tables.
    pub(super) figures: Vec<Figure>,
}

/// A picture with its table, or a table alone.
#[derive(Debug, Serialize)]
pub(super) struct Figure {
    /// What it is about: the heading over it.
    pub(super) title: String,
    /// What it says, in a sentence.
    pub(super) sentence: String,
    /// The picture.
    pub(super) picture: Option<Picture>,
    /// The table.
    pub(super) table: Table,
    /// How to read it.
    pub(super) note: String,
}

/// A table with one row of headings; the first cell of a row is its heading.
#[derive(Debug, Serialize)]
pub(super) struct Table {
    /// What it holds.
    pub(super) caption: String,
    /// One per column.
    pub(super) headings: Vec<Heading>,
    /// As many cells as there are headings.
    pub(super) rows: Vec<Vec<String>>,
}

/// The heading of a column.
#[derive(Debug, Serialize)]
pub(super) struct Heading {
    /// Its words.
    pub(super) text: &'static str,
    /// Whether numbers stand below.
    pub(super) is_number: bool,
}

/// Headings over words, then over numbers.
pub(super) fn headings(words: &[&'static str], numbers: &[&'static str]) -> Vec<Heading> {
    let words = words.iter().map(|text| Heading { text, is_number: false });
    words.chain(numbers.iter().map(|text| Heading { text, is_number: true })).collect()
}
