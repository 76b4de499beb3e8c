//! Checks of single dates and times.

use super::{Check, Level, Severity, Tables};
use crate::schema::Table;

/// Is not a date in the declared form.
pub const DATE: Check = Check {
    id: "C03",
    level: Level::Cell,
    severity: Severity::Reject,
    tables: Tables::Every,
    sentence: "is not a date in the declared form",
    fix: "set `format` for the column in the source config",
    stops_with: None,
};

/// Is not a time of day.
pub const TIME: Check = Check {
    id: "C07",
    level: Level::Cell,
    severity: Severity::Warning,
    tables: Tables::Every,
    sentence: "is not a time of day",
    fix: "ask the sender for hh:mm or hh:mm:ss",
    stops_with: None,
};

/// Is a default date of birth and counts as missing.
pub const DEFAULT_BIRTH: Check = Check {
    id: "C08",
    level: Level::Cell,
    severity: Severity::Warning,
    tables: Tables::Only(&[Table::PersonRecords, Table::Registrations, Table::Attendances]),
    sentence: "is a default date of birth and counts as missing",
    fix: "nothing: it is never used to link people",
    stops_with: None,
};

/// Is a date that stands for no date, such as the first day of 1900 or the last of 9999, and counts as missing.
pub const SENTINEL: Check = Check {
    id: "C18",
    level: Level::Cell,
    severity: Severity::Warning,
    tables: Tables::Every,
    sentence: "is a date that stands for no date, such as the first day of 1900 or the last of 9999, and counts as missing",
    fix: "nothing, if the sender's system fills empty dates in; `sentinels` of the column in the source config names others",
    stops_with: None,
};

/// Is a date whose year has two digits.
pub const SHORT_YEAR: Check = Check {
    id: "C19",
    level: Level::Cell,
    severity: Severity::Reject,
    tables: Tables::Every,
    sentence: "is a date whose year has two digits",
    fix: "ask the sender for years of four digits: which century is meant is never guessed",
    stops_with: None,
};
