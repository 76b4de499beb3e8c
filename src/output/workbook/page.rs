//! A page: one worksheet with one table at its left edge, lines above it and nothing below.

use std::collections::BTreeSet;

use rust_xlsxwriter::{Table, TableColumn, TableStyle, Url, Workbook, Worksheet, XlsxError};

use super::cells::{Cell, Columns, SHORTHAND};
use super::front::A4;
use super::notes::{self, Note};
use super::part::Part;
use super::style::Style;
use crate::disclosure::sheets::Column;
use crate::error::grouped;

/// Widths of columns, in letters.
const WIDTHS: [usize; 2] = [10, 48];

/// What stands in a cell of a page.
#[derive(Clone)]
pub(super) enum Line {
    /// A cell.
    Cell(Cell),
    /// A link to the worksheet of that name.
    Link(String),
}

/// A worksheet.
pub(super) struct Page<'a> {
    name: &'a str,
    title: String,
    notes: String,
    source: String,
    headings: Vec<String>,
    rows: Rows<'a>,
}

enum Rows<'a> {
    Plain(Vec<Vec<Line>>),
    Of(&'a Part<'a>),
}

impl<'a> Page<'a> {
    /// The page of a table of the release.
    pub(super) fn of(part: &'a Part<'a>, notes: &[Note]) -> Self {
        let name = part.sheet.name;
        Self {
            name,
            title: part.sheet.title.to_owned(),
            notes: notes::line(notes, name),
            source: format!(
                "Source: {name}.csv of the same release; the worksheet data-dictionary says what each column holds."
            ),
            headings: part.sheet.columns.iter().map(heading).collect(),
            rows: Rows::Of(part),
        }
    }

    /// A page of words.
    pub(super) fn plain(name: &'a str, title: &str, headings: &[&str], rows: Vec<Vec<Line>>) -> Self {
        Self {
            name,
            title: title.to_owned(),
            notes: String::new(),
            source: String::new(),
            headings: headings.iter().map(|&heading| heading.to_owned()).collect(),
            rows: Rows::Plain(rows),
        }
    }

    /// Adds the page to a workbook.
    pub(super) fn write(&self, book: &mut Workbook, style: &Style) -> Result<(), XlsxError> {
        let sheet = book.add_worksheet();
        sheet.set_name(self.name)?.set_landscape().set_paper_size(A4);
        let mut grid = Grid { sheet, style, widths: self.headings.iter().map(|own| longest_word(own)).collect() };
        let mut used = BTreeSet::new();
        let (top, count) = match &self.rows {
            Rows::Plain(rows) => (2, grid.write_plain(rows, 3)?),
            Rows::Of(part) => (5, grid.write_part(part, 6, &mut used)?),
        };
        let mut lines = vec![self.title.clone(), self.table_line(count)];
        if matches!(self.rows, Rows::Of(_)) {
            lines.extend([self.notes.clone(), shorthand(&used), self.source.clone()]);
        }
        grid.write_lines(&lines)?;
        grid.finish(&self.headings, &self.table_name(), [top, top + count])
    }

    fn table_name(&self) -> String {
        format!("table_{}", self.name.replace('-', "_").to_lowercase())
    }

    fn table_line(&self, rows: u32) -> String {
        let (rows, columns) = (grouped(u64::from(rows)), grouped(self.headings.len() as u64));
        let name = self.table_name();
        format!("This worksheet contains one table, {name}, with {rows} rows under its heading and {columns} columns.")
    }
}

/// A worksheet that is being written, with the widths that its columns need.
struct Grid<'a> {
    sheet: &'a mut Worksheet,
    style: &'a Style,
    widths: Vec<usize>,
}

impl Grid<'_> {
    fn write_plain(&mut self, rows: &[Vec<Line>], first: u32) -> Result<u32, XlsxError> {
        for (down, row) in rows.iter().enumerate() {
            for (across, line) in row.iter().enumerate() {
                let place = (first + down as u32, across as u16);
                match line {
                    Line::Cell(cell) => self.write(place, cell)?,
                    Line::Link(name) => self.link(place, name)?,
                }
            }
        }
        Ok(rows.len() as u32)
    }

    fn write_part(&mut self, part: &Part<'_>, first: u32, used: &mut BTreeSet<String>) -> Result<u32, XlsxError> {
        let columns = Columns::of(part.sheet);
        for (down, row) in part.rows.iter().enumerate() {
            for (across, cell) in columns.cells(row, used).iter().enumerate() {
                self.write((first + down as u32, across as u16), cell)?;
            }
        }
        Ok(part.rows.len() as u32)
    }

    fn write(&mut self, (down, across): (u32, u16), cell: &Cell) -> Result<(), XlsxError> {
        let (sheet, style) = (&mut *self.sheet, self.style);
        let width = match cell {
            Cell::Number(number, places) => {
                sheet.write_number_with_format(down, across, *number, style.number(*places))?;
                places + 8
            }
            Cell::Words(words) => {
                sheet.write_string_with_format(down, across, words, &style.words)?;
                words.chars().count()
            }
            Cell::Sign(words) => {
                sheet.write_string_with_format(down, across, words, &style.sign)?;
                words.chars().count()
            }
        };
        self.widen(across, width);
        Ok(())
    }

    fn link(&mut self, (down, across): (u32, u16), name: &str) -> Result<(), XlsxError> {
        let url = Url::new(format!("internal:'{name}'!A1")).set_text(name);
        self.sheet.write_url_with_format(down, across, url, &self.style.link)?;
        self.widen(across, name.chars().count());
        Ok(())
    }

    fn widen(&mut self, across: u16, width: usize) {
        if let Some(own) = self.widths.get_mut(usize::from(across)) {
            *own = width.max(*own);
        }
    }

    /// Lines in the first column, the first of them the title; they run on to the right.
    fn write_lines(&mut self, lines: &[String]) -> Result<(), XlsxError> {
        for (down, line) in lines.iter().enumerate() {
            let format = if down == 0 { &self.style.title } else { &self.style.line };
            self.sheet.write_string_with_format(down as u32, 0, line, format)?;
        }
        Ok(())
    }

    /// Marks the table up, under its name, without filter or fill.
    fn finish(self, headings: &[String], name: &str, [top, bottom]: [u32; 2]) -> Result<(), XlsxError> {
        let own = |words: &String| TableColumn::new().set_header(words).set_header_format(self.style.heading.clone());
        let columns: Vec<TableColumn> = headings.iter().map(own).collect();
        let table = Table::new()
            .set_name(name)
            .set_columns(&columns)
            .set_style(TableStyle::None)
            .set_autofilter(false)
            .set_banded_rows(false);
        self.sheet.add_table(top, 0, bottom, headings.len().saturating_sub(1) as u16, &table)?;
        self.sheet.set_repeat_rows(top, top)?;
        let [least, most] = WIDTHS;
        for (across, width) in self.widths.iter().enumerate() {
            self.sheet.set_column_width(across as u16, (width + 2).clamp(least, most) as f64 * 1.1)?;
        }
        Ok(())
    }
}

/// A heading in words: the column's name without its underscores.
fn heading(column: &Column) -> String {
    let words = column.name.replace("_id", " ID").replace("english", "English").replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn longest_word(heading: &str) -> usize {
    heading.split(' ').map(str::len).max().unwrap_or(0)
}

/// What the shorthand of a table means.
fn shorthand(used: &BTreeSet<String>) -> String {
    if used.is_empty() {
        return "This table uses no shorthand.".to_owned();
    }
    let meaning =
        |letter: &str| SHORTHAND.iter().find(|(own, _)| *own == letter).map_or("as its column says", |own| own.1);
    let words: Vec<String> = used.iter().map(|letter| format!("[{letter}] {}", meaning(letter))).collect();
    format!("Shorthand in this table: {}.", words.join("; "))
}
