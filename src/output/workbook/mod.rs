//! The workbook of a release: the tables that the CSV files hold, for people who read in a spreadsheet or with a screen reader.
//!
//! In: a [`Release`], nothing else, so that no number is worked out twice. Out: one `.xlsx` file: cover, contents, notes, then
//! one table a worksheet. Leaves alone: what may be shown (`disclosure`). The same release gives the same bytes, so nothing
//! here says when or in which run it was made.

mod cells;
mod front;
mod notes;
mod page;
mod part;
mod style;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use self::page::Page;
use self::part::Part;
use self::style::Style;
use super::metadata::Provenance;
use super::{csv, dictionary};
use crate::disclosure::Release;
use crate::domain::day;
use crate::error::Error;

/// Its name in a release.
pub const FILE: &str = "tables.xlsx";

/// What a workbook says beside its tables.
pub struct About<'a> {
    /// Where the figures come from.
    pub provenance: &'a Provenance,
    /// The id and the title of each pathway, in the order of outputs.
    pub pathways: Vec<[&'a str; 2]>,
}

/// The bytes of a release's workbook.
pub fn bytes(release: &Release, about: &About<'_>) -> Result<Vec<u8>, Error> {
    let dictionary = dictionary::of(release.sheets());
    let (parts, empty) = part::of(release.sheets().iter().chain([&dictionary]));
    write(&parts, &empty, about).map_err(Error::silent("write the workbook"))
}

fn write(parts: &[Part<'_>], empty: &[&str], about: &About<'_>) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    book.set_properties(&properties(about)?);
    let style = Style::new();
    let notes = notes::of(parts, empty, about);
    front::cover(&mut book, &style, about)?;
    front::contents(parts, &notes).write(&mut book, &style)?;
    front::notes(&notes).write(&mut book, &style)?;
    for part in parts {
        Page::of(part, &notes).write(&mut book, &style)?;
    }
    book.save_to_buffer()
}

/// Document properties; the day is that of the data, so that the same release gives the same bytes.
fn properties(about: &About<'_>) -> Result<DocProperties, XlsxError> {
    let (year, month, dom) = day::parts(about.provenance.as_of);
    let made = ExcelDateTime::from_ymd(year as u16, month as u8, dom as u8)?;
    let mark = if about.provenance.is_demonstration { "demonstration, invented people" } else { "figures" };
    let properties = DocProperties::new()
        .set_title(front::title(about))
        .set_subject("Pathways through health services: outcomes, demand, use before and after, cost")
        .set_author(format!("pathlink {}", env!("CARGO_PKG_VERSION")))
        .set_keywords("pathways, outcomes, demand, cost, NHS")
        .set_category(mark)
        .set_comment("Cover, contents, notes, then one table on each worksheet.")
        .set_creation_datetime(&made);
    Ok(properties)
}
