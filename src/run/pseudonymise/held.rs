//! Files that have no name before they are whole. A process that is killed, even by a signal that it cannot answer, leaves
//! nothing: the system takes a file without a name away. Where the file system cannot do that, the file has a name that
//! starts with a full stop meanwhile, and mode 0600 either way.

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::fd::AsRawFd;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, CWD, Mode, OFlags};

use super::name_refused;
use crate::error::Error;

/// A file that is being written.
pub(super) struct Held {
    file: File,
    /// Its name meanwhile, where the file system has no files without one.
    name: Option<PathBuf>,
}

impl Held {
    /// For a result of that path, in its folder.
    pub(super) fn beside(target: &Path) -> Result<Self, Error> {
        let folder = match target.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let flags = OFlags::TMPFILE | OFlags::WRONLY | OFlags::CLOEXEC;
        if Path::new("/proc/self/fd").exists()
            && let Ok(file) = rustix::fs::openat(CWD, folder, flags, Mode::RUSR | Mode::WUSR)
        {
            return Ok(Self { file: File::from(file), name: None });
        }
        let mut chance = [0u8; 8];
        let _ = getrandom::fill(&mut chance);
        let name = folder.join(format!(".pathlink-{:016x}.part", u64::from_le_bytes(chance)));
        let file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&name);
        let file = file.map_err(|_| Error::cannot_write(target))?;
        Ok(Self { file, name: Some(name) })
    }

    /// For a result of that path with these bytes.
    pub(super) fn of(target: &Path, bytes: &[u8]) -> Result<Self, Error> {
        let mut held = Self::beside(target)?;
        held.write_all(bytes).map_err(|_| Error::cannot_write(target))?;
        Ok(held)
    }

    /// Gives the file its name; an existing file is never replaced.
    fn publish(mut self, target: &Path) -> Result<(), Error> {
        self.file.sync_all().map_err(|_| Error::cannot_write(target))?;
        let done = match &self.name {
            None => {
                let own = format!("/proc/self/fd/{}", self.file.as_raw_fd());
                rustix::fs::linkat(CWD, own.as_str(), CWD, target, AtFlags::SYMLINK_FOLLOW).map_err(io::Error::from)
            }
            Some(_) if target.symlink_metadata().is_ok() => Err(io::ErrorKind::AlreadyExists.into()),
            Some(name) => fs::rename(name, target),
        };
        if done.is_ok() {
            self.name = None;
        }
        done.map_err(|problem| match problem.kind() {
            io::ErrorKind::AlreadyExists => {
                name_refused(target, "it is already there", "delete it, or name another with --to")
            }
            _ => Error::cannot_write(target),
        })
    }
}

impl Write for Held {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(name) = &self.name {
            let _ = fs::remove_file(name);
        }
    }
}

/// Gives all files their names, or none of them.
pub(super) fn publish(files: Vec<(Held, PathBuf)>) -> Result<(), Error> {
    let mut done: Vec<PathBuf> = Vec::with_capacity(files.len());
    for (file, target) in files {
        if let Err(error) = file.publish(&target) {
            for path in done {
                let _ = fs::remove_file(path);
            }
            return Err(error);
        }
        done.push(target);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_file_is_there_when_it_is_whole_and_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let entries = || fs::read_dir(folder.path()).unwrap().count();
        let target = folder.path().join("x.csv");
        let held = Held::of(&target, b"whole").unwrap();
        assert!(!target.exists());
        publish(vec![(held, target.clone())]).unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"whole");
        assert_eq!(fs::metadata(&target).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(entries(), 1);
    }

    #[test]
    fn if_one_cannot_have_its_name_none_has() {
        let folder = tempfile::tempdir().unwrap();
        let (first, second) = (folder.path().join("a.csv"), folder.path().join("b.csv"));
        fs::write(&second, "earlier").unwrap();
        let files = [&first, &second].map(|path| (Held::of(path, b"new").unwrap(), path.clone()));
        assert_eq!(publish(files.into()).err().unwrap().code().id, "PSD03");
        assert!(!first.exists());
        assert_eq!(fs::read(&second).unwrap(), b"earlier");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
