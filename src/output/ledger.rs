//! Ledgers of the store: one JSON object a line, only ever appended.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use serde_json::Value as Json;

use crate::error::Error;

/// Appends a line in one write, and flushes it with the folder that names the file. A line that a crash cut short is ended
/// first, so that it spoils no other.
pub fn append(store: &Path, name: &str, line: &Json) -> Result<(), Error> {
    let path = store.join(name);
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
