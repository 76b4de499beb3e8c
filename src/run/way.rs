//! How a run goes about it.

use std::fs;
use std::path::Path;

use crate::error::Error;
use crate::fault;
use crate::output::RunFolder;
use crate::output::lock::Again;

/// What the store holds to save work, and which is made again if it is gone.
pub(super) const CACHES: [&str; 3] = ["staged", "linked", "evaluated"];

/// How a run goes about it.
pub struct Way<'a> {
    /// Everything is done but publishing.
    pub is_dry: bool,
    /// Nothing is taken from the store.
    pub is_anew: bool,
    /// Asked whether to try again while another run holds the lock.
    pub again: Again<'a>,
}

impl Way<'_> {
    /// A run that publishes, takes from the store what it has, and does not wait.
    pub fn whole() -> Self {
        Self { is_dry: false, is_anew: false, again: &|| false }
    }

    /// Takes the lock and makes the folders ready: the store closed to others and, for a run that begins anew, without what
    /// earlier ones kept to save work.
    pub(super) fn begin(&self, (runs, store): (&Path, &Path), id: &str) -> Result<RunFolder, Error> {
        let out = RunFolder::create_when_free(runs, id, self.again)?;
        fault::point("locked");
        super::make_private(store)?;
        for folder in CACHES.iter().map(|name| store.join(name)).filter(|folder| self.is_anew && folder.exists()) {
            fs::remove_dir_all(&folder).map_err(|_| Error::cannot_write(&folder))?;
        }
        Ok(out)
    }
}
