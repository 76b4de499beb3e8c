//! The release: tables after control. Only this module's parent can make one, and only one of these can be written
//! to a release folder.

use super::sheets::Sheet;

/// What every file of a release says until the audit is built.
pub const AUDIT: &str = "not audited";

/// Tables that are safe to hand over, as far as the primary rules go.
#[derive(Debug)]
pub struct Release {
    sheets: Vec<Sheet>,
    hidden: u64,
    shown: u64,
}

impl Release {
    pub(super) fn new(sheets: Vec<Sheet>) -> Self {
        let marker = |sheet: &Sheet| sheet.columns.iter().position(|column| column.name == "marker");
        let mut release = Self { hidden: 0, shown: 0, sheets };
        for sheet in &release.sheets {
            let Some(at) = marker(sheet) else { continue };
            for row in &sheet.rows {
                match row[at].print().as_str() {
                    "c" => release.hidden += 1,
                    "" => release.shown += 1,
                    _ => {}
                }
            }
        }
        release
    }

    /// The tables, in the order of the documentation.
    pub fn sheets(&self) -> &[Sheet] {
        &self.sheets
    }

    /// A table by name.
    pub fn sheet(&self, name: &str) -> Option<&Sheet> {
        self.sheets.iter().find(|sheet| sheet.name == name)
    }

    /// Rows hidden.
    pub fn hidden(&self) -> u64 {
        self.hidden
    }

    /// Rows shown.
    pub fn shown(&self) -> u64 {
        self.shown
    }
}
