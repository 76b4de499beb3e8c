//! How cells look: one sans-serif font, no fill and no colour, so that nothing is said by looks alone.

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder};

const FONT: &str = "Arial";
/// The most decimal places that a number is shown with.
const MOST_PLACES: usize = 6;

/// The formats of a workbook.
pub(super) struct Style {
    /// Headings of worksheets.
    pub(super) title: Format,
    /// Lines above a table, which run on to the right.
    pub(super) line: Format,
    /// Headings of columns.
    pub(super) heading: Format,
    /// Words in a table.
    pub(super) words: Format,
    /// Shorthand in a column of numbers.
    pub(super) sign: Format,
    /// Links to worksheets.
    pub(super) link: Format,
    numbers: Vec<Format>,
}

impl Style {
    /// The formats.
    pub(super) fn new() -> Self {
        let plain = || Format::new().set_font_name(FONT).set_font_size(12);
        let cell = || plain().set_text_wrap().set_align(FormatAlign::Top);
        let number = |places: usize| {
            let form = if places == 0 { "#,##0".to_owned() } else { format!("#,##0.{}", "0".repeat(places)) };
            plain().set_align(FormatAlign::Top).set_num_format(form)
        };
        Self {
            title: plain().set_font_size(16).set_bold(),
            line: plain(),
            heading: cell().set_bold().set_border_bottom(FormatBorder::Thin),
            words: cell(),
            sign: cell().set_align(FormatAlign::Right),
            link: cell().set_hyperlink().set_font_name(FONT).set_font_size(12),
            numbers: (0..=MOST_PLACES).map(number).collect(),
        }
    }

    /// The format of a number.
    pub(super) fn number(&self, places: usize) -> &Format {
        self.numbers.get(places.min(MOST_PLACES)).unwrap_or(&self.line)
    }
}
