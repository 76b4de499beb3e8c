//! Secret files: of keys, of salts and of connection strings. One rule for all: a plain file of this user that nobody else can read.
//!
//! In: a path. Out: its text, wiped when dropped, or a refusal before a byte is read. Leaves alone: what the text means.

use std::fs::{self, File, Metadata};
use std::io::Read;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;

use rustix::fs::OFlags;
use zeroize::Zeroizing;

use crate::domain::key_text::holds_key;
use crate::error::{self, Error};

/// No secret file is longer.
const MOST_BYTES: usize = 4096;

/// What decides on a file before it is read.
struct About {
    is_plain: bool,
    mode: u32,
    owner: u32,
}

impl About {
    fn of(file: &Metadata) -> Self {
        Self { is_plain: file.is_file(), mode: file.mode(), owner: file.uid() }
    }

    /// Why the file is refused to a user, if it is.
    fn refusal(&self, user: u32) -> Option<&'static str> {
        if !self.is_plain {
            Some("it is a link, a folder or a device")
        } else if self.mode & 0o077 != 0 {
            Some("group or others can read or change it")
        } else if self.owner != user {
            Some("it belongs to another user")
        } else {
            None
        }
    }
}

/// Whether a secret file is there and safe, without reading it. `what` is what messages call it: `key`, `salt` or `connection`.
pub fn look_at(path: &Path, what: &str) -> Result<(), Error> {
    refuse_secret_as_path(path, what)?;
    let about = fs::symlink_metadata(path).map_err(|_| missing(path, what))?;
    safe(path, what, &about)
}

/// Reads a secret file as text, after refusing one that others can read, a link, or anything but a plain file of this
/// user. It is looked at again once it is open, so that it cannot be exchanged in between.
pub fn read(path: &Path, what: &str) -> Result<Zeroizing<String>, Error> {
    look_at(path, what)?;
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let opened = fs::OpenOptions::new().read(true).custom_flags(flags.bits() as i32).open(path);
    let file = opened.map_err(|_| refused(path, what, "it cannot be opened"))?;
    let about = file.metadata().map_err(|_| refused(path, what, "it cannot be looked at"))?;
    safe(path, what, &about)?;
    // All of the room at once: a buffer that grows leaves copies behind.
    let mut bytes = Zeroizing::new(vec![0; MOST_BYTES + 1]);
    let length = fill(&file, &mut bytes).ok_or_else(|| refused(path, what, "it cannot be read"))?;
    if length > MOST_BYTES {
        return Err(refused(path, what, "it is far longer than a secret"));
    }
    let text = std::str::from_utf8(&bytes[..length]).map_err(|_| refused(path, what, "it is not text"))?;
    let mut whole = Zeroizing::new(String::with_capacity(length));
    whole.push_str(text);
    Ok(whole)
}

/// How many bytes were read; none where reading failed.
fn fill(mut file: &File, bytes: &mut [u8]) -> Option<usize> {
    let mut length = 0;
    while length < bytes.len() {
        match file.read(&mut bytes[length..]) {
            Ok(0) => break,
            Ok(more) => length += more,
            Err(problem) if problem.kind() == std::io::ErrorKind::Interrupted => {}
            Err(_) => return None,
        }
    }
    Some(length)
}

fn safe(path: &Path, what: &str, about: &Metadata) -> Result<(), Error> {
    let user = rustix::process::getuid().as_raw();
    About::of(about).refusal(user).map_or(Ok(()), |why| Err(refused(path, what, why)))
}

/// The secret itself where its path belongs: refused, and not shown.
fn refuse_secret_as_path(path: &Path, what: &str) -> Result<(), Error> {
    if holds_key(&path.to_string_lossy()) { Err(exposed(&format!("the path of the {what} file"))) } else { Ok(()) }
}

/// A key stands where others can see it. `place` says where; the key is not shown.
pub fn exposed(place: &str) -> Error {
    Error::new(
        &error::KEY_UNSAFE,
        format!("{place} holds what looks like a key itself"),
        "name a file that holds it (--key-file PATH or PATHLINK_KEY_FILE=PATH), and treat this key as leaked: `pathlink describe security leaks`",
    )
    .because("command lines, the environment and settings are seen by others and kept in histories; it is not shown here")
}

fn missing(path: &Path, what: &str) -> Error {
    let fix = match what {
        "key" => {
            "make one with `pathlink key new --project NAME --to FILE`, or set [key] demo = true for the bundled examples"
        }
        "connection" => "check the path; write the connection string into it, on one line, and chmod 600 it",
        _ => "check the path; the other party sends the file",
    };
    Error::new(&error::KEY_MISSING, format!("the {what} file {} is not there", path.display()), fix)
}

fn refused(path: &Path, what: &str, why: &str) -> Error {
    Error::new(
        &error::KEY_UNSAFE,
        format!("the {what} file {} is refused", path.display()),
        "make it a plain file of your own with mode 0600: chmod 600 FILE",
    )
    .because(why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_refused_to_all_but_its_owner() {
        let about = |is_plain, mode, owner| About { is_plain, mode, owner };
        for mode in [0o100_600, 0o100_400, 0o100_700] {
            assert!(about(true, mode, 1000).refusal(1000).is_none(), "{mode:o}");
            assert!(about(true, mode, 1000).refusal(1001).unwrap().contains("another user"));
            assert!(about(true, mode, 1000).refusal(0).is_some(), "not even to root");
            assert!(about(false, mode, 1000).refusal(1000).unwrap().contains("link"));
        }
        for bit in [0o040, 0o020, 0o010, 0o004, 0o002, 0o001] {
            assert!(about(true, 0o100_600 | bit, 1000).refusal(1000).unwrap().contains("group or others"), "{bit:o}");
        }
    }
}
