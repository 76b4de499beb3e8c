//! Linked tables of the restricted tier: the store's own files, linked in.

use std::path::Path;

use crate::error::Error;

/// Puts a folder of the store into a run folder, but for some files: as hard links, or as copies where the disk has none.
pub fn link_in(store: &Path, folder: &Path, but: &[&str]) -> Result<(), Error> {
    std::fs::create_dir_all(folder).map_err(|_| Error::cannot_write(folder))?;
    for entry in std::fs::read_dir(store).map_err(|_| Error::cannot_write(folder))?.flatten() {
        let (path, target) = (entry.path(), folder.join(entry.file_name()));
        if path.is_dir() {
            link_in(&path, &target, but)?;
        } else if !but.iter().any(|name| entry.file_name() == *name) {
            link_file(&path, &target)?;
        }
    }
    Ok(())
}

/// Puts a file of the store into a run folder.
pub fn link_file(path: &Path, target: &Path) -> Result<(), Error> {
    let put = std::fs::hard_link(path, target).or_else(|_| std::fs::copy(path, target).map(drop));
    put.map_err(|_| Error::cannot_write(target))
}
