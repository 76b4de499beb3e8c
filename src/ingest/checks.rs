//! Checks: what can be wrong with a cell, a row, a row beside another, or a file. Each is a struct literal, by family, and
//! stands once in [`ALL`]. A fixture under `fixtures/dirty` trips each of them, which a test holds.

mod across;
mod cells;
mod dates;
mod files;
mod gates;
mod rows;

pub use across::*;
pub use cells::*;
pub use dates::*;
pub use files::*;
pub use gates::*;
pub use rows::*;

use crate::error::ErrorCode;
use crate::schema::Table;

/// What a failed check does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// The row is left out and counted. A cell that need not be filled becomes a null and is counted.
    Reject,
    /// It is counted and the row kept. A cell becomes a null, dates out of order stay as they are.
    Warning,
    /// The run ends and publishes nothing.
    Gate,
}

/// What has to be looked at to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// One cell.
    Cell,
    /// One row.
    Row,
    /// A row and its parent, its person, or the day up to which data are used. Counted after linkage.
    Across,
    /// A whole file.
    File,
}

/// The tables that a check can fail in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tables {
    /// Every table that has such a column.
    Every,
    /// These alone.
    Only(&'static [Table]),
}

/// One check.
#[derive(Debug, PartialEq, Eq)]
pub struct Check {
    /// Short code, as in `rejects/*.csv`.
    pub id: &'static str,
    /// What has to be looked at.
    pub level: Level,
    /// What it does to a row whose column must be filled; elsewhere the cell becomes a null.
    pub severity: Severity,
    /// Where it can fail.
    pub tables: Tables,
    /// What it says of a cell, a row or a file, after the name of the column or file.
    pub sentence: &'static str,
    /// What to do.
    pub fix: &'static str,
    /// The error that ends the run, for a gate.
    pub stops_with: Option<&'static ErrorCode>,
}

/// Every check, in the order of their codes.
pub const ALL: &[&Check] = &[
    &FIELDS,
    &EMPTY,
    &DATE,
    &CODE,
    &NUMBER,
    &ORGANISATION,
    &TIME,
    &DEFAULT_BIRTH,
    &SCORE_RANGE,
    &STATUS,
    &ORPHAN,
    &QUOTES,
    &LINE_ENDS,
    &SCIENTIFIC,
    &MISSING,
    &CONCEPT,
    &SHORT_CODE,
    &SENTINEL,
    &SHORT_YEAR,
    &UNMAPPED,
    &LOST_IDS,
    &ROUNDED_IDS,
    &SKIPPED_HOUR,
    &DOUBLED_HOUR,
    &DISCHARGE_FIRST,
    &DEPARTURE_FIRST,
    &END_FIRST,
    &DECISION_FIRST,
    &CLOSURE_FIRST,
    &CONTACT_FIRST,
    &CONTACT_LATE,
    &OUTSIDE_SPELL,
    &BEFORE_BIRTH,
    &AFTER_DEATH,
    &FUTURE,
    &TOO_MANY_REJECTS,
    &TOO_MANY_UNKNOWN,
    &STALE,
    &CONTROL_TOTAL,
    &CHANGE,
    &TOKEN,
];

/// The check with this code.
pub fn by_id(id: &str) -> Option<&'static Check> {
    ALL.iter().copied().find(|check| check.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_in_order_and_well_formed() {
        for (number, check) in (1..).zip(ALL) {
            assert_eq!(check.id, format!("C{number:02}"));
            assert_eq!(by_id(check.id), Some(*check));
        }
    }

    #[test]
    fn checks_say_what_is_wrong_and_what_to_do() {
        for check in ALL {
            let texts = [check.sentence, check.fix];
            assert!(
                texts.iter().all(|text| text.len() > 3 && !text.ends_with('.') && !text.contains('\n')),
                "{}",
                check.id
            );
            assert!(check.sentence.starts_with(char::is_lowercase), "{}", check.id);
            assert_eq!(check.stops_with.is_some(), check.severity == Severity::Gate, "{}", check.id);
            assert!(check.severity != Severity::Gate || check.level == Level::File, "{}", check.id);
            assert!(!matches!(check.tables, Tables::Only([])), "{}", check.id);
        }
    }
}
