//! The ledger of shares: `store/shares.jsonl`, one line a share, only ever appended. It says what left, to whom and under
//! which agreement; restricted, for its counts are exact.

use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use serde_json::{Value as Json, json};

use super::{Agreement, Table};
use crate::domain::day;
use crate::error::Error;

const FILE: &str = "shares.jsonl";

/// One line.
pub(super) fn line(today: i32, run: &str, agreement: &Agreement, tables: &[Table]) -> Json {
    let tables = tables.iter().map(|table| json!({ "table": table.name, "rows": table.rows, "sha256": table.sha256 }));
    json!({
        "date": day::to_iso(today),
        "run": run,
        "recipient": agreement.name,
        "agreement": agreement.config.agreement,
        "expires": day::to_iso(agreement.expires),
        "tokens": agreement.purpose,
        "people": agreement.config.people.id(),
        "tables": tables.collect::<Vec<_>>(),
    })
}

/// Appends a line in one write, and flushes it.
pub(super) fn append(store: &Path, line: &Json) -> Result<(), Error> {
    let path = store.join(FILE);
    let open = OpenOptions::new().create(true).append(true).mode(0o600).open(&path);
    let written =
        open.and_then(|mut file| file.write_all(format!("{line}\n").as_bytes()).and_then(|()| file.sync_all()));
    written.map_err(|_| Error::cannot_write(&path))
}
