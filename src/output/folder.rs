//! The run folder: locked, staged, flushed, published by one rename. A failed or killed run leaves the last good run
//! and `LATEST` as they were, and the next run cleans up.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::lock::{Again, Lock};
use crate::domain::hex;
use crate::error::{self, Error};
use crate::fault;

/// Who may see a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// Rows, tokens, rejects: the trust only.
    Restricted,
    /// Exact figures: the trust's analysts.
    Internal,
    /// After disclosure control.
    Release,
    /// About the run itself; no small numbers.
    Run,
}

impl Tier {
    /// The folder.
    pub fn folder(self) -> &'static str {
        ["restricted", "internal", "release", "."][self as usize]
    }
}

/// A file that was written.
#[derive(Debug, Clone)]
pub struct Written {
    /// Path within the run folder.
    pub path: String,
    /// Its tier.
    pub tier: Tier,
    /// Its bytes.
    pub bytes: u64,
    /// SHA-256.
    pub sha256: String,
    /// Rows after the heading, for tables.
    pub rows: Option<u64>,
}

/// A run folder being written.
pub struct RunFolder {
    runs: PathBuf,
    id: String,
    staging: PathBuf,
    files: Vec<Written>,
    is_published: bool,
    // Held until the run ends; the kernel frees it if the process dies.
    lock: Option<Lock>,
}

impl RunFolder {
    /// Takes the lock, removes what killed runs left, and makes the staging folder: fails before the long work.
    pub fn create(runs: &Path, id: &str) -> Result<Self, Error> {
        Self::create_when_free(runs, id, &|| false)
    }

    /// The same, asking whether to try again while another run holds the lock.
    pub fn create_when_free(runs: &Path, id: &str, again: Again<'_>) -> Result<Self, Error> {
        let lock = Lock::take(runs, id, again)?;
        // Nobody else can be writing.
        remove_leftovers(runs);
        let staging = runs.join(format!(".staging-{id}"));
        for folder in [staging.clone(), staging.join("restricted"), staging.join("internal"), staging.join("release")] {
            fs::DirBuilder::new().mode(0o700).create(&folder).map_err(|_| Error::cannot_write(&folder))?;
        }
        Ok(Self {
            runs: runs.to_path_buf(),
            id: id.to_owned(),
            staging,
            files: Vec::new(),
            is_published: false,
            lock: Some(lock),
        })
    }

    /// Where a tier's files go while the run is not published.
    pub fn path(&self, tier: Tier) -> PathBuf {
        self.staging.join(tier.folder())
    }

    /// The files written so far.
    pub fn files(&self) -> &[Written] {
        &self.files
    }

    /// Writes a file and flushes it.
    pub fn write(&mut self, tier: Tier, name: &str, bytes: &[u8], rows: Option<u64>) -> Result<(), Error> {
        let path = self.path(tier).join(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|_| Error::cannot_write(&path))?;
        }
        let written = File::create(&path).and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()));
        written.map_err(|_| Error::cannot_write(&path))?;
        let shown = if tier == Tier::Run { name.to_owned() } else { format!("{}/{name}", tier.folder()) };
        self.files.push(Written {
            path: shown,
            tier,
            bytes: bytes.len() as u64,
            sha256: hex::lower(&Sha256::digest(bytes)),
            rows,
        });
        Ok(())
    }

    /// Puts the folder in the place of `name`, which is replaced whole and never half; `LATEST` stays as it is.
    pub fn replace(mut self, name: &str) -> Result<PathBuf, Error> {
        let folder = self.runs.join(name);
        let _ = fs::remove_dir(self.path(Tier::Release));
        for open in [self.path(Tier::Internal), self.staging.clone()] {
            fs::set_permissions(&open, fs::Permissions::from_mode(0o750)).map_err(|_| Error::cannot_write(&open))?;
        }
        sync_all(&self.staging)?;
        if folder.exists() {
            // The two change names at once, where the file system can; then the old one is what is left in staging.
            let (here, exchange) = (rustix::fs::CWD, rustix::fs::RenameFlags::EXCHANGE);
            if rustix::fs::renameat_with(here, &self.staging, here, &folder, exchange).is_err() {
                let old = self.runs.join(format!(".staging-old-{}", self.id));
                let moved = fs::rename(&folder, &old).and_then(|()| fs::rename(&self.staging, &folder));
                moved.map_err(|_| Error::cannot_write(&folder))?;
                let _ = fs::remove_dir_all(old);
            }
            let _ = fs::remove_dir_all(&self.staging);
        } else {
            fs::rename(&self.staging, &folder).map_err(|_| Error::cannot_write(&folder))?;
        }
        self.is_published = true;
        sync(&self.runs)?;
        Ok(folder)
    }

    /// Gives the run its name, then points `LATEST` at it. Everything in it is on the disk before it has its name, and its
    /// name before `LATEST` says it. The lock stays with the caller.
    pub fn publish(mut self) -> Result<(PathBuf, Option<Lock>), Error> {
        let folder = self.runs.join(&self.id);
        // Outside `restricted` the reader decides on permissions; `restricted` stays closed.
        for open in [self.path(Tier::Internal), self.path(Tier::Release), self.staging.clone()] {
            fs::set_permissions(&open, fs::Permissions::from_mode(0o750)).map_err(|_| Error::cannot_write(&open))?;
        }
        sync_all(&self.staging)?;
        fault::point("flushed");
        fs::rename(&self.staging, &folder).map_err(|_| Error::cannot_write(&folder))?;
        self.is_published = true;
        fault::point("named");
        sync(&self.runs)?;
        replace_file(&self.runs, "LATEST", format!("{}\n", self.id).as_bytes())?;
        fault::point("latest");
        sync(&self.runs)?;
        Ok((folder, self.lock.take()))
    }
}

impl Drop for RunFolder {
    fn drop(&mut self) {
        if !self.is_published {
            let _ = fs::remove_dir_all(&self.staging);
        }
    }
}

/// Puts a file in the place of another, whole or not at all. Whatever lies under the temporary name, a link among others, is
/// taken away and not written through.
pub fn replace_file(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), Error> {
    let (path, temporary) = (folder.join(name), folder.join(format!(".{name}.part")));
    let _ = fs::remove_file(&temporary);
    let written =
        File::create_new(&temporary).and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()));
    written.and_then(|()| fs::rename(&temporary, &path)).map_err(|_| Error::cannot_write(&path))
}

/// The run that `LATEST` names.
pub fn latest(runs: &Path) -> Option<String> {
    let text = fs::read_to_string(runs.join("LATEST")).ok()?;
    Some(text.trim().to_owned())
}

/// The id of the run that somebody named; `LATEST` is the last good one.
pub fn named(runs: &Path, name: &str) -> Result<String, Error> {
    let unknown = |what: String| Error::new(&error::RUN_UNKNOWN, what, "name a folder of the runs, or LATEST");
    if name == "LATEST" {
        return latest(runs).ok_or_else(|| unknown(format!("there is no published run in {}", runs.display())));
    }
    let is_id = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if is_id && !name.is_empty() {
        Ok(name.to_owned())
    } else {
        Err(unknown("that is not the name of a run".to_owned()))
    }
}

/// Staging folders of runs that were killed: nobody else can be writing, for the lock is ours.
fn remove_leftovers(runs: &Path) {
    for entry in fs::read_dir(runs).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(".staging-") {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// Flushes a folder from the inside out, with files that were linked in from the store.
fn sync_all(folder: &Path) -> Result<(), Error> {
    for entry in fs::read_dir(folder).map_err(|_| Error::cannot_write(folder))?.flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            sync_all(&entry.path())?;
        } else {
            sync(&entry.path())?;
        }
    }
    sync(folder)
}

fn sync(folder: &Path) -> Result<(), Error> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|_| Error::cannot_write(folder))
}
