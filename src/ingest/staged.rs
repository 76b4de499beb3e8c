//! Staged extracts: what a run knows of every file once it is read, whether now or on an earlier night.
//!
//! The store holds a file's rows but for names and places: those are handed to linkage in memory, and read again from the
//! extract where linkage needs them and the file was found in the store.

use std::path::PathBuf;

use rayon::prelude::*;

use super::extracts::Extract;
use super::file_fields::{FileFields, Names};
use super::fresh::Handover;
use super::notes::DialectNotes;
use super::stage::Stager;
use super::tally::{Reject, Tally};
use crate::error::Error;

/// One extract, staged.
#[derive(Clone)]
pub struct StagedFile {
    /// Position of its table in `Sources::tables`.
    pub plan: usize,
    /// The file's name.
    pub name: String,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 of the extract.
    pub sha256: String,
    /// SHA-256 of the query that it is the rows of; none for a file.
    pub query_sha256: Option<String>,
    /// Its address in the store.
    pub address: String,
    /// Where the staged rows are.
    pub path: PathBuf,
    /// Counts; duplicates and orphans are added when tables are put together.
    pub tally: Tally,
    /// Rejected rows.
    pub rejects: Vec<Reject>,
    /// How its bytes were found to be written.
    pub notes: DialectNotes,
    /// Whether it was read in this run rather than found in the store.
    pub is_new: bool,
    /// Rows in the store.
    pub rows: u64,
    /// Whether its dates are known to the month only, as a partner's site may have it.
    pub is_monthly: bool,
    /// What its rows say of names and places to compare people by, which the store does not hold.
    pub names: Names,
    /// Whether a partner made it at their site.
    pub is_pseudonymised: bool,
}

/// All extracts, staged, in the order of sources, tables and file names.
pub struct Staged {
    /// The files.
    pub files: Vec<StagedFile>,
    /// Tables that were read whole in this run.
    pub fresh: Handover,
}

impl Staged {
    /// Fails unless the fields of identity of every file that has some are here.
    pub fn require_fields(&self) -> Result<(), Error> {
        let fault = || Error::bug("names and places of a staged file were not read again");
        self.has_all_fields().then_some(()).ok_or_else(fault)
    }

    /// Whether the fields of identity of every file that has some are here.
    pub fn has_all_fields(&self) -> bool {
        !(0..self.files.len()).any(|at| self.lacks_fields(at))
    }

    fn lacks_fields(&self, at: usize) -> bool {
        self.files[at].names != Names::No && !self.fresh.has_fields_of(at)
    }

    /// Reads the fields of identity again of files that were found in the store, so that linkage can compare people by
    /// them. Extracts are those that were staged.
    pub fn complete_fields(&mut self, extracts: &[Extract], stager: &Stager<'_>) -> Result<(), Error> {
        let files: Vec<usize> = (0..self.files.len()).filter(|at| self.lacks_fields(*at)).collect();
        let read = |at: usize| Ok((at, stager.fields_of(&extracts[at], &self.files[at])?));
        let read: Vec<(usize, FileFields)> = files.into_par_iter().map(read).collect::<Result<_, Error>>()?;
        for (at, fields) in read {
            self.fresh.put_fields(at, fields);
        }
        Ok(())
    }
}
