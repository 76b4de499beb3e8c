//! Tells the program which sources it is built from, so that figures that another program worked out are not taken for its own.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// All that figures and tables depend on, by names within the project: no folder of this machine goes in.
const PARTS: [&str; 5] = ["Cargo.lock", "Cargo.toml", "build.rs", "config", "src"];

fn main() -> std::io::Result<()> {
    let mut files = Vec::new();
    for part in PARTS {
        println!("cargo::rerun-if-changed={part}");
        gather(Path::new(part), &mut files)?;
    }
    files.sort();
    let mut all = Sha256::new();
    for file in files {
        let (name, bytes) = (file.to_string_lossy().replace('\\', "/"), fs::read(&file)?);
        all.update(name.as_bytes());
        all.update([0]);
        all.update((bytes.len() as u64).to_le_bytes());
        all.update(bytes);
    }
    let mut hash = String::new();
    for byte in all.finalize() {
        let _ = write!(hash, "{byte:02x}");
    }
    println!("cargo::rustc-env=PATHLINK_SOURCES={hash}");
    Ok(())
}

fn gather(path: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            gather(&entry?.path(), files)?;
        }
    } else {
        files.push(path.to_path_buf());
    }
    Ok(())
}
