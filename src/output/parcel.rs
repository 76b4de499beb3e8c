//! A folder of results beside the runs: written under another name, flushed, and given its own by one rename. Only its
//! owner can read it. One that fails or is killed leaves nothing under its name.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::domain::hex;
use crate::error::Error;

/// A folder being written.
pub struct Parcel {
    place: PathBuf,
    part: PathBuf,
}

impl Parcel {
    /// Starts a folder that is not there yet.
    pub fn create(place: &Path) -> Result<Self, Error> {
        let name = place.file_name().ok_or_else(|| Error::cannot_write(place))?;
        if place.symlink_metadata().is_ok() {
            return Err(Error::new(
                &crate::error::CANNOT_WRITE,
                format!("{} is already there", place.display()),
                "name a folder that is not there yet, or remove it",
            ));
        }
        let mut own = std::ffi::OsString::from(".");
        own.push(name);
        own.push(".part");
        let part = place.with_file_name(own);
        let _ = fs::remove_dir_all(&part);
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&part).map_err(|_| Error::cannot_write(&part))?;
        Ok(Self { place: place.to_owned(), part })
    }

    /// Where a file goes while the folder is not whole.
    pub fn path(&self, name: &str) -> PathBuf {
        self.part.join(name)
    }

    /// Writes a file and flushes it.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        let path = self.path(name);
        let written = File::create(&path).and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()));
        written.map_err(|_| Error::cannot_write(&path))
    }

    /// Bytes and SHA-256 of a file that was written, flushed.
    pub fn sealed(&self, name: &str) -> Result<(u64, String), Error> {
        let path = self.path(name);
        let mut hash = Sha256::new();
        let mut bytes = 0;
        let mut buffer = vec![0; 1 << 20];
        let failed = |_| Error::cannot_write(&path);
        let mut file = File::open(&path).map_err(failed)?;
        file.sync_all().map_err(failed)?;
        loop {
            match file.read(&mut buffer).map_err(failed)? {
                0 => return Ok((bytes, hex::lower(&hash.finalize()))),
                read => {
                    hash.update(&buffer[..read]);
                    bytes += read as u64;
                }
            }
        }
    }

    /// Gives the folder its name.
    pub fn finish(self) -> Result<PathBuf, Error> {
        let failed = |_| Error::cannot_write(&self.place);
        File::open(&self.part).and_then(|folder| folder.sync_all()).map_err(failed)?;
        fs::rename(&self.part, &self.place).map_err(failed)?;
        Ok(self.place.clone())
    }
}

impl Drop for Parcel {
    fn drop(&mut self) {
        // Once it has its name, there is nothing here.
        let _ = fs::remove_dir_all(&self.part);
    }
}
