//! Checks of single cells.

use super::{Check, Level, Severity, Tables};
use crate::schema::Table;

/// Is empty and must not be.
pub const EMPTY: Check = Check {
    id: "C02",
    level: Level::Cell,
    severity: Severity::Reject,
    tables: Tables::Every,
    sentence: "is empty and must not be",
    fix: "ask the sender for the missing value",
    stops_with: None,
};

/// Is not in its code list.
pub const CODE: Check = Check {
    id: "C04",
    level: Level::Cell,
    severity: Severity::Warning,
    tables: Tables::Every,
    sentence: "is not in its code list",
    fix: "add the code to the list under the codes folder, with its meaning",
    stops_with: None,
};

/// Is not a number.
pub const NUMBER: Check = Check {
    id: "C05",
    level: Level::Cell,
    severity: Severity::Reject,
    tables: Tables::Every,
    sentence: "is not a number",
    fix: "ask the sender what the value means",
    stops_with: None,
};

/// Is not an organisation code of 1 to 8 letters and digits.
pub const ORGANISATION: Check = Check {
    id: "C06",
    level: Level::Cell,
    severity: Severity::Reject,
    tables: Tables::Every,
    sentence: "is not an organisation code of 1 to 8 letters and digits",
    fix: "check the column, or give the organisation a code",
    stops_with: None,
};

/// Is outside the instrument's range.
pub const SCORE_RANGE: Check = Check {
    id: "C09",
    level: Level::Row,
    severity: Severity::Reject,
    tables: Tables::Only(&[Table::Scores]),
    sentence: "is outside the instrument's range",
    fix: "ask the sender for the score",
    stops_with: None,
};

/// Is not an NHS number status of 1 to 8.
pub const STATUS: Check = Check {
    id: "C10",
    level: Level::Cell,
    severity: Severity::Warning,
    tables: Tables::Only(&[Table::PersonRecords, Table::Registrations, Table::Attendances]),
    sentence: "is not an NHS number status of 1 to 8",
    fix: "check the column",
    stops_with: None,
};

/// Is a number in scientific notation, so its code is lost.
pub const SCIENTIFIC: Check = Check {
    id: "C14",
    level: Level::Cell,
    severity: Severity::Warning,
    tables: Tables::Every,
    sentence: "is a number in scientific notation, so its code is lost",
    fix: "export the file again without opening it in a spreadsheet",
    stops_with: None,
};

/// Is empty where the standard asks for a value.
pub const MISSING: Check = Check {
    id: "C15",
    level: Level::Cell,
    severity: Severity::Warning,
    tables: Tables::Every,
    sentence: "is empty where the standard asks for a value",
    fix: "ask the sender for the missing values",
    stops_with: None,
};

/// Is not a SNOMED CT or ICD-10 code.
pub const CONCEPT: Check = Check {
    id: "C16",
    level: Level::Cell,
    severity: Severity::Warning,
    tables: Tables::Only(&[
        Table::Attendances,
        Table::Activities,
        Table::IndirectContacts,
        Table::Problems,
        Table::LongTermConditions,
        Table::Consultations,
    ]),
    sentence: "is not a SNOMED CT or ICD-10 code",
    fix: "check the column; a long id that a spreadsheet rounded fails its check digit",
    stops_with: None,
};

/// Is not a code of at most 8 letters and digits.
pub const SHORT_CODE: Check = Check {
    id: "C17",
    level: Level::Cell,
    severity: Severity::Warning,
    tables: Tables::Every,
    sentence: "is not a code of at most 8 letters and digits",
    fix: "check the column: free text is never staged",
    stops_with: None,
};

/// Is a status that is not in its code list and counts as unknown.
pub const UNMAPPED: Check = Check {
    id: "C20",
    level: Level::Cell,
    severity: Severity::Warning,
    tables: Tables::Only(&[Table::Contacts, Table::Appointments, Table::AppointmentCounts]),
    sentence: "is a status that is not in its code list and counts as unknown",
    fix: "add the status to the list under the codes folder, with its meaning",
    stops_with: None,
};

/// Is not a token of a pseudonymised file.
pub const TOKEN: Check = Check {
    id: "C41",
    level: Level::Cell,
    severity: Severity::Reject,
    tables: Tables::Every,
    sentence: "is not a token of a pseudonymised file",
    fix: "ask the sender to pseudonymise the file again with pathlink",
    stops_with: None,
};
