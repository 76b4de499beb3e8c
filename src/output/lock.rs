//! One run at a time: a lock among the runs that the kernel frees when its holder ends, however it ends.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use rustix::fs::OFlags;

use crate::error::{self, Error};

/// The lock's file. It stays when the lock is free.
const FILE: &str = ".lock";

/// Held as long as it lives.
#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "it is held, not read")] File);

/// Asked when the lock is held by another run: waits a while and says whether to try again.
pub type Again<'a> = &'a dyn Fn() -> bool;

impl Lock {
    /// Takes the lock for a run, making the folder of runs if it is not there.
    pub fn take(runs: &Path, id: &str, again: Again<'_>) -> Result<Self, Error> {
        fs::create_dir_all(runs).map_err(|_| Error::cannot_write(runs))?;
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).read(true).write(true).mode(0o600);
        // A link that somebody planted is not followed.
        let opened = options.custom_flags(OFlags::NOFOLLOW.bits() as i32).open(runs.join(FILE));
        let mut file = opened.map_err(|_| Error::cannot_write(&runs.join(FILE)))?;
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if again() => {}
                Err(TryLockError::WouldBlock) => return Err(held(runs, &mut file)),
                Err(TryLockError::Error(_)) => return Err(Error::cannot_write(runs)),
            }
        }
        // For whoever comes meanwhile. A lock is no worse for not saying whose it is.
        let holder = format!("process {}, run {id}\n", std::process::id());
        let _ = file.set_len(0).and_then(|()| file.write_all(holder.as_bytes()));
        Ok(Self(file))
    }
}

fn held(runs: &Path, file: &mut File) -> Error {
    let mut text = String::new();
    let _ = file.take(200).read_to_string(&mut text);
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, ' ' | ',' | '-' | '_');
    let holder = text.lines().next().filter(|line| !line.is_empty() && line.chars().all(is_plain));
    let error = Error::new(
        &error::LOCKED,
        format!("another run is writing to {}", runs.display()),
        "wait until it has ended, or let this one wait: --wait 30m; if its process is gone, the lock is already free",
    );
    match holder {
        Some(holder) => error.because(format!("it is {holder}; a run's name begins with its time, in UTC")),
        None => error,
    }
}
