//! Where files go. In: bytes for a file. Out: files in memory or in a folder. Leaves alone: what is in them.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Takes the bytes of files.
pub trait Sink: Send {
    /// Appends bytes to a file; its path is relative to the output folder, with `/` between parts.
    ///
    /// # Errors
    /// If the file cannot be written.
    fn append(&mut self, file: &str, bytes: &[u8]) -> io::Result<()>;

    /// Writes out what is still held back.
    ///
    /// # Errors
    /// If a file cannot be written.
    fn finish(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Files kept in memory, by path.
#[derive(Debug, Default)]
pub struct Memory {
    /// Bytes by path.
    pub files: BTreeMap<String, Vec<u8>>,
}

impl Sink for Memory {
    fn append(&mut self, file: &str, bytes: &[u8]) -> io::Result<()> {
        if let Some(held) = self.files.get_mut(file) {
            held.extend_from_slice(bytes);
        } else {
            self.files.insert(file.to_owned(), bytes.to_vec());
        }
        Ok(())
    }
}

/// Files in a folder that was empty.
#[derive(Debug)]
pub struct Folder {
    root: PathBuf,
    open: BTreeMap<String, BufWriter<File>>,
}

impl Folder {
    /// Makes the folder, or takes an empty one.
    ///
    /// # Errors
    /// If the folder is not empty or cannot be made.
    pub fn create(path: &Path) -> io::Result<Self> {
        fs::create_dir_all(path)?;
        if fs::read_dir(path)?.next().is_some() {
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, "the output folder is not empty"));
        }
        Ok(Self { root: path.to_owned(), open: BTreeMap::new() })
    }
}

impl Sink for Folder {
    fn append(&mut self, file: &str, bytes: &[u8]) -> io::Result<()> {
        if let Some(writer) = self.open.get_mut(file) {
            return writer.write_all(bytes);
        }
        let path = file.split('/').fold(self.root.clone(), |path, part| path.join(part));
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        let mut writer = BufWriter::new(File::create_new(path)?);
        writer.write_all(bytes)?;
        self.open.insert(file.to_owned(), writer);
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.open.values_mut().try_for_each(Write::flush)
    }
}
