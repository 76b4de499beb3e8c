//! Checks of whole files and of whole columns of them.

use super::{Check, Level, Severity, Tables};
use crate::error;

/// Are ended in more than one way in this file.
pub const LINE_ENDS: Check = Check {
    id: "C13",
    level: Level::File,
    severity: Severity::Warning,
    tables: Tables::Every,
    sentence: "are ended in more than one way in this file",
    fix: "nothing, if rows and control totals agree: two exports may have been put together",
    stops_with: None,
};

/// Was damaged by a spreadsheet: numbers in scientific notation.
pub const LOST_IDS: Check = Check {
    id: "C21",
    level: Level::File,
    severity: Severity::Gate,
    tables: Tables::Every,
    sentence: "was damaged by a spreadsheet: numbers in scientific notation",
    fix: "export the file again without opening it in a spreadsheet",
    stops_with: Some(&error::EXCEL_DAMAGE),
};

/// Ends in 0000 in more than one id of a hundred, as ids do that a spreadsheet rounded.
pub const ROUNDED_IDS: Check = Check {
    id: "C22",
    level: Level::File,
    severity: Severity::Warning,
    tables: Tables::Every,
    sentence: "ends in 0000 in more than one id of a hundred, as ids do that a spreadsheet rounded",
    fix: "compare a few ids with the sender's system; export the file again without opening it in a spreadsheet",
    stops_with: None,
};
