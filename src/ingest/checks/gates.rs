//! Gates: what stops a run, with the settings that say when.

use super::{Check, Level, Severity, Tables};
use crate::error;
use crate::schema::Table;

/// Lost more rows than `max_rejects_percent` allows.
pub const TOO_MANY_REJECTS: Check = Check {
    id: "C36",
    level: Level::File,
    severity: Severity::Gate,
    tables: Tables::Every,
    sentence: "lost more rows than max_rejects_percent allows",
    fix: "mend the source config or ask the sender; restricted/rejects names every line",
    stops_with: Some(&error::GATE_REJECTS),
};

/// Has more unknown statuses than `max_unknown_percent` allows.
pub const TOO_MANY_UNKNOWN: Check = Check {
    id: "C37",
    level: Level::File,
    severity: Severity::Gate,
    tables: Tables::Only(&[Table::Contacts, Table::Appointments]),
    sentence: "has more unknown statuses than max_unknown_percent allows",
    fix: "add the statuses to their list under the codes folder, with their meaning",
    stops_with: Some(&error::GATE_UNKNOWN),
};

/// Ends more than `max_age_days` before the day up to which data are used.
pub const STALE: Check = Check {
    id: "C38",
    level: Level::File,
    severity: Severity::Gate,
    tables: Tables::Every,
    sentence: "ends more than max_age_days before the day up to which data are used",
    fix: "ask the sender for the latest extract",
    stops_with: Some(&error::INPUT_STALE),
};

/// Does not hold what its sender counted.
pub const CONTROL_TOTAL: Check = Check {
    id: "C39",
    level: Level::File,
    severity: Severity::Gate,
    tables: Tables::Every,
    sentence: "does not hold what its sender counted",
    fix: "ask the sender for the file again: it was cut short, or the count is of another file",
    stops_with: Some(&error::CONTROL_TOTAL),
};

/// Changed by more than `max_change_percent` since the last good run.
pub const CHANGE: Check = Check {
    id: "C40",
    level: Level::File,
    severity: Severity::Gate,
    tables: Tables::Every,
    sentence: "changed by more than max_change_percent since the last good run",
    fix: "compare the extracts with last time's; if the change is real, raise the gate for this run",
    stops_with: Some(&error::GATE_CHANGE),
};
