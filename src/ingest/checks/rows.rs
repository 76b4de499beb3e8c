//! Checks of whole rows, and of the cells of a row against each other.

use super::{Check, Level, Severity, Tables};
use crate::schema::Table;

/// Has too few or too many fields.
pub const FIELDS: Check = Check {
    id: "C01",
    level: Level::Row,
    severity: Severity::Reject,
    tables: Tables::Every,
    sentence: "has too few or too many fields",
    fix: "look for an unquoted delimiter or a line break in a field",
    stops_with: None,
};

/// Has a quote in the wrong place.
pub const QUOTES: Check = Check {
    id: "C12",
    level: Level::Row,
    severity: Severity::Reject,
    tables: Tables::Every,
    sentence: "has a quote in the wrong place",
    fix: "ask the sender to double quotes inside quoted fields, or set quote = \"none\" for the source if it quotes nothing",
    stops_with: None,
};

/// Is in the hour that does not exist on the last Sunday of March.
pub const SKIPPED_HOUR: Check = Check {
    id: "C23",
    level: Level::Row,
    severity: Severity::Warning,
    tables: Tables::Only(&[Table::Attendances]),
    sentence: "is in the hour that does not exist on the last Sunday of March",
    fix: "ask the sender whether the system's clock was changed in time; waits from and to it are an hour out",
    stops_with: None,
};

/// Is in the hour that happens twice on the last Sunday of October.
pub const DOUBLED_HOUR: Check = Check {
    id: "C24",
    level: Level::Row,
    severity: Severity::Warning,
    tables: Tables::Only(&[Table::Attendances]),
    sentence: "is in the hour that happens twice on the last Sunday of October",
    fix: "nothing: which of the two is meant cannot be known, and waits from and to it may be an hour out",
    stops_with: None,
};

/// Is before the referral was received.
pub const DISCHARGE_FIRST: Check = Check {
    id: "C25",
    level: Level::Row,
    severity: Severity::Warning,
    tables: Tables::Only(&[Table::Referrals]),
    sentence: "is before the referral was received",
    fix: "ask the sender which of the two dates is right",
    stops_with: None,
};

/// Is before the arrival; the wait counts as not known.
pub const DEPARTURE_FIRST: Check = Check {
    id: "C26",
    level: Level::Row,
    severity: Severity::Warning,
    tables: Tables::Only(&[Table::Attendances]),
    sentence: "is before the arrival; the wait counts as not known",
    fix: "ask the sender which of the two times is right",
    stops_with: None,
};

/// Is before the start.
pub const END_FIRST: Check = Check {
    id: "C27",
    level: Level::Row,
    severity: Severity::Warning,
    tables: Tables::Only(&[Table::Registrations, Table::Spells, Table::WardStays, Table::TrustRegistrations]),
    sentence: "is before the start",
    fix: "ask the sender which of the two dates is right",
    stops_with: None,
};

/// Is a decision to admit before the arrival.
pub const DECISION_FIRST: Check = Check {
    id: "C28",
    level: Level::Row,
    severity: Severity::Warning,
    tables: Tables::Only(&[Table::Attendances]),
    sentence: "is a decision to admit before the arrival",
    fix: "ask the sender which of the two times is right",
    stops_with: None,
};
