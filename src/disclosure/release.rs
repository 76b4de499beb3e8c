//! The release: tables after control. Only this module's parent can make one, and only one of these can be written
//! to a release folder.

use super::policy::Marker;
use super::sheets::Sheet;

/// Tables that are safe to hand over.
#[derive(Debug)]
pub struct Release {
    sheets: Vec<Sheet>,
    hidden: u64,
    shown: u64,
    taken_away: usize,
    record: serde_json::Value,
}

impl Release {
    pub(super) fn new(sheets: Vec<Sheet>, (taken_away, record): (usize, serde_json::Value)) -> Self {
        let marker = |sheet: &Sheet| sheet.columns.iter().position(|column| column.name == "marker");
        let mut release = Self { hidden: 0, shown: 0, taken_away, record, sheets };
        for sheet in &release.sheets {
            let Some(at) = marker(sheet) else { continue };
            for row in &sheet.rows {
                match row[at].print().as_str() {
                    "c" => release.hidden += 1,
                    sign if Marker::is_of_shown(sign) => release.shown += 1,
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

    /// Rows, or percentages, taken away so that hidden rows cannot be worked out.
    pub fn taken_away(&self) -> usize {
        self.taken_away
    }

    /// What was taken away and why, for the trust's analysts: it names hidden rows that rest on enough people.
    pub fn record(&self) -> &serde_json::Value {
        &self.record
    }

    /// Rows shown.
    pub fn shown(&self) -> u64 {
        self.shown
    }
}
