//! Checks across tables: a row against its parent, its person or the day up to which data are used.

use super::{Check, Level, Severity, Tables};
use crate::schema::Table;

/// Names a record that is not in the extracts.
pub const ORPHAN: Check = Check {
    id: "C11",
    level: Level::Across,
    severity: Severity::Reject,
    tables: Tables::Every,
    sentence: "names a record that is not in the extracts",
    fix: "ask the sender for the missing parent record",
    stops_with: None,
};

/// Is before the referral was received.
pub const CLOSURE_FIRST: Check = Check {
    id: "C29",
    level: Level::Across,
    severity: Severity::Warning,
    tables: Tables::Only(&[Table::ReferralTeams]),
    sentence: "is before the referral was received",
    fix: "ask the sender which of the two dates is right",
    stops_with: None,
};

/// Is before its referral was received.
pub const CONTACT_FIRST: Check = Check {
    id: "C30",
    level: Level::Across,
    severity: Severity::Warning,
    tables: Tables::Only(&[Table::Contacts]),
    sentence: "is before its referral was received",
    fix: "ask the sender whether the contact hangs on the right referral",
    stops_with: None,
};

/// Is after its referral was discharged.
pub const CONTACT_LATE: Check = Check {
    id: "C31",
    level: Level::Across,
    severity: Severity::Warning,
    tables: Tables::Only(&[Table::Contacts]),
    sentence: "is after its referral was discharged",
    fix: "ask the sender whether the referral was closed too early",
    stops_with: None,
};

/// Is outside its hospital spell.
pub const OUTSIDE_SPELL: Check = Check {
    id: "C32",
    level: Level::Across,
    severity: Severity::Warning,
    tables: Tables::Only(&[Table::WardStays]),
    sentence: "is outside its hospital spell",
    fix: "ask the sender which of the dates is right",
    stops_with: None,
};

/// Is before the person's birth.
pub const BEFORE_BIRTH: Check = Check {
    id: "C33",
    level: Level::Across,
    severity: Severity::Warning,
    tables: Tables::Only(&[
        Table::Referrals,
        Table::Contacts,
        Table::WardStays,
        Table::Attendances,
        Table::Appointments,
        Table::Registrations,
    ]),
    sentence: "is before the person's birth",
    fix: "ask the sender whether the date, the birth date or the NHS number is wrong",
    stops_with: None,
};

/// Is after the person's death.
pub const AFTER_DEATH: Check = Check {
    id: "C34",
    level: Level::Across,
    severity: Severity::Warning,
    tables: Tables::Only(&[
        Table::Referrals,
        Table::Contacts,
        Table::WardStays,
        Table::Attendances,
        Table::Appointments,
    ]),
    sentence: "is after the person's death",
    fix: "ask the sender whether the date, the death date or the NHS number is wrong",
    stops_with: None,
};

/// Is after the day up to which data are used.
pub const FUTURE: Check = Check {
    id: "C35",
    level: Level::Across,
    severity: Severity::Warning,
    tables: Tables::Every,
    sentence: "is after the day up to which data are used",
    fix: "nothing, if events are booked ahead: they count in no figure; else ask the sender for the date",
    stops_with: None,
};
