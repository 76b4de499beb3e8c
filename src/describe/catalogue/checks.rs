//! Checks, from their declarations.

use super::Entry;
use crate::ingest::checks::{ALL, Check, Level, Severity, Tables};

/// Every check, by what has to be looked at.
pub(super) fn entries() -> Vec<Entry> {
    let of = |level| ALL.iter().filter(move |check| check.level == level).map(|check| entry(check));
    [Level::Cell, Level::Row, Level::Across, Level::File].into_iter().flat_map(of).collect()
}

fn group(level: Level) -> &'static str {
    match level {
        Level::Cell => "of a cell",
        Level::Row => "of a row",
        Level::Across => "of a row beside another",
        Level::File => "of a file",
    }
}

fn entry(check: &Check) -> Entry {
    let does = match check.severity {
        Severity::Reject => "the row is left out and counted; a cell that need not be filled becomes empty",
        Severity::Warning => "it is counted and the row is kept",
        Severity::Gate => "the run ends and publishes nothing",
    };
    let tables = match check.tables {
        Tables::Every => "every table with such a column".to_owned(),
        Tables::Only(tables) => tables.iter().map(|table| table.id()).collect::<Vec<_>>().join(", "),
    };
    Entry::new(check.id, group(check.level), check.sentence)
        .with("what it does", does)
        .with("where", tables)
        .with("what to do", check.fix)
        .with("error", check.stops_with.map_or("", |code| code.id))
}
