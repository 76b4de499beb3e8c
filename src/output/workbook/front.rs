//! What comes before the tables: cover, contents and notes.

use rust_xlsxwriter::{Workbook, XlsxError};

use super::cells::{Cell, plain};
use super::notes::{self, Note};
use super::page::{Line, Page};
use super::part::Part;
use super::style::Style;
use super::{About, FILE};
use crate::domain::day;
use crate::error::grouped;

const COVER_WIDTH: f64 = 100.0;

/// The title of the workbook.
pub(super) fn title(about: &About<'_>) -> String {
    format!("Figures about pathways through health services, data up to {}", day::in_words(about.provenance.as_of))
}

/// The cover: one column of lines, the first of them the title.
pub(super) fn cover(book: &mut Workbook, style: &Style, about: &About<'_>) -> Result<(), XlsxError> {
    let sheet = book.add_worksheet();
    sheet.set_name("Cover")?.set_column_width(0, COVER_WIDTH)?.set_active(true).set_paper_size(A4);
    sheet.write_string_with_format(0, 0, title(about), &style.title.clone().set_text_wrap())?;
    for (at, line) in cover_lines(about).iter().enumerate() {
        sheet.write_string_with_format(at as u32 + 1, 0, plain(line), &style.words)?;
    }
    Ok(())
}

/// A4.
pub(super) const A4: u8 = 9;

fn cover_lines(about: &About<'_>) -> Vec<String> {
    let own = about.provenance;
    let mut lines = vec![
        "The worksheet Contents lists the tables, with a link to each; the worksheet Notes says how they are to be read.".to_owned(),
        format!("Every value here is also in the CSV files beside {FILE}, which are for programs; data-dictionary says what each column holds."),
        "Where there is no number, shorthand in square brackets says why; each worksheet explains what it uses.".to_owned(),
        format!("Disclosure control: {}. Figures about fewer than {} people are hidden, and counts are rounded to the nearest {}.", own.disclosure, own.rules.threshold, own.rules.round_to),
        format!("Licence: {}.", own.licence),
        format!("Made by pathlink {} with the configuration whose SHA-256 is {} and the key whose check value is {}.", env!("CARGO_PKG_VERSION"), own.config_sha256, own.key_check_value),
        "The run that it was made in is named in the .csv-metadata.json file beside each CSV file.".to_owned(),
    ];
    if own.is_demonstration {
        lines.insert(0, "Demonstration: the people are invented.".to_owned());
    }
    lines
}

/// The list of worksheets.
pub(super) fn contents<'a>(parts: &[Part<'a>], notes: &[Note]) -> Page<'a> {
    let row = |name: &str, holds: &str, rows: usize, file: String| {
        vec![
            Line::Link(name.to_owned()),
            Line::Cell(Cell::Words(holds.to_owned())),
            Line::Cell(Cell::Number(rows as f64, 0)),
            Line::Cell(Cell::Words(file)),
        ]
    };
    let mut rows = vec![row("Notes", "How the tables are to be read", notes.len(), "in no CSV file".to_owned())];
    rows.extend(parts.iter().map(|part| {
        let name = part.sheet.name;
        row(name, part.sheet.title, part.rows.len(), format!("{name}.csv"))
    }));
    Page::plain("Contents", "Contents", &["Worksheet", "What it holds", "Rows", "CSV file"], rows)
}

/// The notes, each with its number.
pub(super) fn notes<'a>(notes: &[Note]) -> Page<'a> {
    let row = |(at, note): (usize, &Note)| {
        let tables = if note.tables.is_empty() { "the workbook".to_owned() } else { note.tables.join(", ") };
        [notes::mark(at), plain(&note.words), tables].map(|words| Line::Cell(Cell::Words(words))).to_vec()
    };
    let title = format!("Notes: {} of them, each with the tables that it is about", grouped(notes.len() as u64));
    Page::plain("Notes", &title, &["Note", "What it says", "Tables"], notes.iter().enumerate().map(row).collect())
}
