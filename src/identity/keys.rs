//! Keys: the project's master key, its file form, its check value, and the refusals.
//!
//! In: a key file, or the demonstration key. Out: a [`ProjectKey`]. The key is never on a command line, never in the
//! environment, never printed; a check value of four bytes says which key it is.

use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretBox};
use zeroize::{Zeroize, Zeroizing};

use super::tokens::{Purpose, Tokeniser};
use crate::error::{self, Error};

const FORM: &str = "PATHLINK-KEY-1";
const DEMO_PROJECT: &str = "demo-project";

/// A project's master key with its name and version. No `Debug`, no `Display`; wiped when dropped.
pub struct ProjectKey {
    master: SecretBox<[u8; 32]>,
    project: String,
    version: u32,
}

impl ProjectKey {
    /// A key from its parts. `project` is 1 to 64 of `a-z`, `0-9` and `-`.
    pub fn new(master: Box<[u8; 32]>, project: &str, version: u32) -> Result<Self, Error> {
        let is_name = (1..=64).contains(&project.len())
            && project.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        if !is_name {
            return Err(damaged("the project name is not 1 to 64 of a-z, 0-9 and -"));
        }
        Ok(Self { master: SecretBox::new(master), project: project.to_owned(), version })
    }

    /// The key that bundled examples use: bytes 00 to 1f, `demo-project`, version 1.
    pub fn demonstration() -> Self {
        let mut master = Box::new([0u8; 32]);
        for (value, byte) in (0..).zip(master.iter_mut()) {
            *byte = value;
        }
        Self { master: SecretBox::new(master), project: DEMO_PROJECT.to_owned(), version: 1 }
    }

    /// Whether these are the demonstration key's bytes, from wherever they came.
    pub fn is_demonstration(&self) -> bool {
        self.bytes() == Self::demonstration().bytes()
    }

    /// The project's name.
    pub fn project(&self) -> &str {
        &self.project
    }

    /// The key's version.
    pub fn version(&self) -> u32 {
        self.version
    }

    /// Eight hexadecimal characters that say which key this is and nothing about its bytes.
    pub fn check_value(&self) -> String {
        let digest = Tokeniser::new(self, Purpose::Check).digest(&[b"pathlink-kcv"]);
        crate::domain::hex::lower(&digest[..4])
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        self.master.expose_secret()
    }

    /// Makes a new key file, mode 0600, from the operating system's random bytes. An existing file is never touched.
    pub fn create(path: &Path, project: &str, version: u32) -> Result<Self, Error> {
        let mut master = Box::new([0u8; 32]);
        getrandom::fill(master.as_mut_slice()).map_err(|_| Error::bug("the operating system gave no random bytes"))?;
        let key = Self::new(master, project, version)?;
        let mut file =
            fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(|problem| {
                if problem.kind() == std::io::ErrorKind::AlreadyExists {
                    Error::new(&error::KEY_EXISTS, format!("{} is already there", path.display()), "name another file")
                } else {
                    Error::new(
                        &error::CANNOT_WRITE,
                        format!("the key file {} cannot be made", path.display()),
                        "check the folder and its permissions",
                    )
                }
            })?;
        let encoded = Zeroizing::new(STANDARD.encode(key.bytes()));
        let line = Zeroizing::new(format!("{FORM} {project} {version} {} {}\n", encoded.as_str(), key.check_value()));
        let written = file.write_all(line.as_bytes()).and_then(|()| file.sync_all());
        written.map_err(|_| {
            Error::new(
                &error::CANNOT_WRITE,
                format!("the key file {} could not be written", path.display()),
                "check the disk; delete the unfinished file",
            )
        })?;
        Ok(key)
    }

    /// A key that nothing can be joined with: made now and wiped when dropped, for looking at a file without the
    /// project's key.
    pub fn throwaway() -> Result<Self, Error> {
        let mut master = Box::new([0u8; 32]);
        getrandom::fill(master.as_mut_slice()).map_err(|_| Error::bug("the operating system gave no random bytes"))?;
        Self::new(master, "throwaway", 0)
    }

    /// Reads a key file, after refusing one that others can read, a link, or anything but a plain file of this user.
    pub fn read(path: &Path) -> Result<Self, Error> {
        Self::look_at(path)?;
        let mut text = Zeroizing::new(String::new());
        let file = fs::File::open(path).and_then(|file| file.take(1024).read_to_string(&mut text));
        file.map_err(|_| damaged("it cannot be read as one line of text"))?;
        Self::parse(&text)
    }

    /// Whether a key file is there and safe, without reading it.
    pub fn look_at(path: &Path) -> Result<(), Error> {
        let shown = path.display();
        let about = fs::symlink_metadata(path).map_err(|_| {
            Error::new(&error::KEY_MISSING, format!("the key file {shown} is not there"), "make one with `pathlink key new --project NAME --to FILE`, or set [key] demo = true for the bundled examples")
        })?;
        if !about.is_file() {
            return Err(unsafe_file(path, "it is a link, a folder or a device"));
        }
        if about.mode() & 0o077 != 0 {
            return Err(unsafe_file(path, "group or others can read it"));
        }
        if about.uid() != rustix::process::getuid().as_raw() {
            return Err(unsafe_file(path, "it belongs to another user"));
        }
        Ok(())
    }

    fn parse(text: &str) -> Result<Self, Error> {
        let line = text.strip_suffix('\n').ok_or_else(|| damaged("the line has no end"))?;
        let [form, project, version, encoded, check]: [&str; 5] =
            line.split(' ').collect::<Vec<_>>().try_into().map_err(|_| damaged("it does not have five parts"))?;
        if form != FORM {
            return Err(damaged("it does not start with PATHLINK-KEY-1"));
        }
        let version = version.parse().map_err(|_| damaged("the version is not a number"))?;
        let mut decoded = STANDARD.decode(encoded).map_err(|_| damaged("the key part is not base64"))?;
        let master = <[u8; 32]>::try_from(decoded.as_slice()).map_err(|_| damaged("the key is not 32 bytes"));
        decoded.zeroize();
        let key = Self::new(Box::new(master?), project, version)?;
        if key.check_value() != check {
            return Err(damaged("the check value does not fit the key, project and version"));
        }
        Ok(key)
    }
}

/// Core dumps off, so that a crash cannot write the key or an identifier to disk. Called before a key is read.
pub fn forbid_core_dumps() {
    let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
    let none = rustix::process::Rlimit { current: Some(0), maximum: Some(0) };
    let _ = rustix::process::setrlimit(rustix::process::Resource::Core, none);
}

fn damaged(why: &str) -> Error {
    Error::new(
        &error::KEY_DAMAGED,
        "the key file is not a whole key line",
        "fetch the file again from the key holder; never edit it",
    )
    .because(why)
}

fn unsafe_file(path: &Path, why: &str) -> Error {
    Error::new(
        &error::KEY_UNSAFE,
        format!("the key file {} is refused", path.display()),
        "make it a plain file of your own with mode 0600: chmod 600 FILE",
    )
    .because(why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demonstration_key_has_the_published_check_value() {
        assert_eq!(ProjectKey::demonstration().check_value(), "ae284495");
    }

    #[test]
    fn a_key_file_comes_back_and_a_changed_one_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("project.key");
        let made = ProjectKey::create(&path, "demo-project", 1).unwrap();
        assert_eq!(ProjectKey::read(&path).unwrap().check_value(), made.check_value());
        assert_eq!(ProjectKey::create(&path, "demo-project", 1).err().unwrap().code().id, "KEY04");
        let text = fs::read_to_string(&path).unwrap();
        for changed in [text.replace(" 1 ", " 2 "), text.trim_end().to_owned(), text[..40].to_owned(), String::new()] {
            assert!(ProjectKey::parse(&changed).is_err());
        }
    }
}
