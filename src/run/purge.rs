//! Purging: after the list of NHS numbers changed, no row that an older list let through is kept.
//!
//! The store then holds this run alone, of earlier runs the linked rows are deleted, their figures stay, and the registry forgets
//! who is on the list; those of the keys before a rotation go as a whole. It happens
//! after the run is published, so a run that fails takes nothing away, and the next one does it again.

use std::fs;
use std::path::{Path, PathBuf};

use super::carried;
use super::evaluation::People;
use crate::domain::hex;
use crate::error::Error;
use crate::identity::keys::ProjectKey;
use crate::ingest::opt_outs::OptOuts;
use crate::ingest::sidecar;
use crate::registry::{Leavers, Registry};

/// Names the list that everything in the store was made under.
const MARKER: &str = "opt_outs.sha256";
/// What a run's restricted tier holds that is about no person.
const REJECTS: &str = "rejects";

/// Deletes what was made under another list, of everything but this run; a line that says so if earlier runs lost their
/// rows. Without a list, then and now, nothing.
pub(super) fn after(
    opt_outs: Option<&OptOuts>,
    store: &Path,
    key: &ProjectKey,
    (people, run): (&People, &Path),
) -> Result<Option<String>, Error> {
    let marker = store.join(MARKER);
    let list = opt_outs.map_or(String::new(), |opt_outs| hex::lower(&opt_outs.fingerprint));
    let before = fs::read_to_string(&marker).unwrap_or_default();
    if before == list {
        return Ok(None);
    }
    for source in entries(&store.join("staged")) {
        for path in entries(&source) {
            let is_kept = people.staged.files.iter().any(|file| sidecar::belongs_to(&path, &file.path));
            if !is_kept {
                remove(&path)?;
            }
        }
    }
    for folder in ["linked", "evaluated"].into_iter().flat_map(|name| entries(&store.join(name))) {
        if folder != people.linked_folder && folder != people.evaluated_folder {
            remove(&folder)?;
        }
    }
    if let Some(opt_outs) = opt_outs {
        let mut registry = Registry::look_up(store, key)?;
        match opt_outs.people() {
            (tokens, true) => registry.purge(Leavers::Listed(tokens))?,
            (_, false) => registry.purge(Leavers::Gone)?,
        };
        if let Some(runs) = run.parent() {
            carried::forget(runs, store, &key.check_value())?;
        }
    }
    let mut emptied = 0;
    for earlier in run.parent().map(entries).into_iter().flatten().filter(|earlier| earlier != run) {
        let mut rows = entries(&earlier.join("restricted"));
        rows.retain(|path| path.file_name().is_some_and(|name| name != REJECTS));
        if !rows.is_empty() {
            rows.iter().try_for_each(|path| remove(path))?;
            emptied += 1;
        }
    }
    fs::write(&marker, list).map_err(|_| Error::cannot_write(&marker))?;
    let text =
        format!("the list of NHS numbers changed: the linked rows of earlier runs were deleted ({emptied} runs)");
    Ok((emptied > 0).then_some(text))
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let found = fs::read_dir(folder).into_iter().flatten().flatten();
    found.map(|entry| entry.path()).collect()
}

fn remove(path: &Path) -> Result<(), Error> {
    let is_folder = path.symlink_metadata().is_ok_and(|about| about.is_dir());
    let removed = if is_folder { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    removed.map_err(|_| Error::cannot_write(path))
}
