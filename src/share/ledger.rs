//! The ledger of shares: `store/shares.jsonl`, one line a share, only ever appended. It says what left, to whom and under
//! which agreement; restricted, for its counts are exact.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
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

/// Appends a line in one write, and flushes it with the folder that names the file. A line that a crash cut short is ended
/// first, so that it spoils no other.
pub(super) fn append(store: &Path, line: &Json) -> Result<(), Error> {
    let path = store.join(FILE);
    let append = || {
        let mut file = OpenOptions::new().create(true).append(true).read(true).mode(0o600).open(&path)?;
        let mut last = [b'\n'];
        if file.metadata()?.len() > 0 {
            file.seek(SeekFrom::End(-1))?;
            file.read_exact(&mut last)?;
        }
        let start = if last == [b'\n'] { "" } else { "\n" };
        file.write_all(format!("{start}{line}\n").as_bytes())?;
        file.sync_all()?;
        File::open(store)?.sync_all()
    };
    append().map_err(|_| Error::cannot_write(&path))
}
