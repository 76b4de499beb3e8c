//! Extracts in a folder. In: a folder that `pathlink synth` wrote. Out: its files. Leaves alone: what is in them.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::extracts::{Files, Outcome};

/// The files that `pathlink synth` wrote into a folder.
pub(crate) fn read(folder: &Path) -> Outcome<Files> {
    let mut files = Files::new();
    let mut add = |path: &Path, name: String| -> Outcome<()> {
        files.insert(name, Arc::new(fs::read(path)?));
        Ok(())
    };
    for entry in fs::read_dir(folder)? {
        let (path, name) = named(entry?);
        if path.is_dir() {
            for inner in fs::read_dir(&path)? {
                let (path, inner) = named(inner?);
                if path.is_file() {
                    add(&path, format!("{name}/{inner}"))?;
                }
            }
        } else {
            add(&path, name)?;
        }
    }
    Ok(files)
}

fn named(entry: fs::DirEntry) -> (PathBuf, String) {
    (entry.path(), entry.file_name().to_string_lossy().into_owned())
}
