//! Records to be looked at: restricted, one sheet for each kind of doubt.

use crate::disclosure::sheets::{Column, Kind, Sheet, Value, column};
use crate::link::quality::Pack;
use crate::link::quality::lists::Problem;

const COLUMNS: &[Column] = &[
    column("person_key", Kind::Text, "the person's key; restricted"),
    column("source", Kind::Text, "the record's source"),
    column("record_token", Kind::Text, "the record's own token; restricted"),
];

/// A sheet for every list, empty ones too: that there is nothing to look at is news.
pub fn sheets(pack: &Pack) -> Vec<Sheet> {
    let sheet = |problem: Problem| {
        let own = pack.lists.iter().filter(|entry| entry.problem == problem);
        let rows = own
            .map(|entry| vec![Value::text(&entry.person), Value::text(entry.source.id()), Value::text(&entry.record)]);
        Sheet { name: problem.id(), title: "Records to be looked at", columns: COLUMNS, rows: rows.collect() }
    };
    Problem::ALL.into_iter().map(sheet).collect()
}
