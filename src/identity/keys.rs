//! Keys: the project's master key, its file form, its check value, and the refusals.
//!
//! In: a key file, or the demonstration key. Out: a [`ProjectKey`]. The key is never on a command line, never in the
//! environment, never printed; a check value of four bytes says which key it is.

use std::fmt::Write as _;
use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretBox};
use zeroize::Zeroizing;

use super::secret_file;
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
        let is_name = is_project_name(project);
        let master = SecretBox::new(master);
        if !is_name {
            return Err(damaged("the project's name is not 1 to 64 of a-z, 0-9 and -"));
        }
        Ok(Self { master, project: project.to_owned(), version })
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

    /// What says which key it is, for messages: project, version and check value.
    pub fn shown(&self) -> String {
        format!("project {} version {} check value {}", self.project, self.version, self.check_value())
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        self.master.expose_secret()
    }

    /// Makes a new key file, mode 0600, from the operating system's random bytes. An existing file is never touched.
    pub fn create(path: &Path, project: &str, version: u32) -> Result<Self, Error> {
        if !is_project_name(project) {
            return Err(Error::new(
                &error::CONFIG_VALUE,
                "the project's name cannot be used",
                "give 1 to 64 of a-z, 0-9 and -, such as stockport-pathways",
            ));
        }
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
        let written = file.write_all(key.line().as_bytes()).and_then(|()| file.sync_all());
        written.map_err(|_| {
            Error::new(
                &error::CANNOT_WRITE,
                format!("the key file {} could not be written", path.display()),
                "check the disk; delete the unfinished file",
            )
        })?;
        Ok(key)
    }

    /// The one line of a key file.
    fn line(&self) -> Zeroizing<String> {
        let mut encoded = Zeroizing::new([0u8; 44]);
        let length = STANDARD.encode_slice(self.bytes(), encoded.as_mut_slice()).unwrap_or(0);
        // All of the room at once: a text that grows leaves copies behind.
        let mut line = Zeroizing::new(String::with_capacity(256));
        let _ = write!(line, "{FORM} {} {} ", self.project, self.version);
        line.push_str(std::str::from_utf8(&encoded[..length]).unwrap_or_default());
        let _ = writeln!(line, " {}", self.check_value());
        line
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
        Self::parse(&secret_file::read(path, "key")?)
    }

    /// Whether a key file is there and safe, without reading it.
    pub fn look_at(path: &Path) -> Result<(), Error> {
        secret_file::look_at(path, "key")
    }

    fn parse(text: &str) -> Result<Self, Error> {
        let line = text.strip_suffix('\n').ok_or_else(|| damaged("the line has no end"))?;
        let mut parts = line.split(' ');
        let mut part = || parts.next().ok_or_else(|| damaged("it does not have five parts"));
        let (form, project, version, encoded, check) = (part()?, part()?, part()?, part()?, part()?);
        if parts.next().is_some() {
            return Err(damaged("it does not have five parts"));
        }
        if form != FORM {
            return Err(damaged("it does not start with PATHLINK-KEY-1"));
        }
        // One spelling only: `+1` and `01` are altered lines.
        let number = version.parse::<u32>().ok().filter(|number| number.to_string() == version);
        let number = number.ok_or_else(|| damaged("the version is not a number"))?;
        let mut decoded = Zeroizing::new([0u8; 48]);
        let length = STANDARD.decode_slice(encoded, decoded.as_mut_slice());
        let length = length.map_err(|_| damaged("the key part is not the base64 of a key"))?;
        if length != 32 {
            return Err(damaged("the key is not 32 bytes"));
        }
        let mut master = Box::new([0u8; 32]);
        master.copy_from_slice(&decoded[..32]);
        let key = Self::new(master, project, number)?;
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

/// A project's name is 1 to 64 of `a-z`, `0-9` and `-`, so that no separator of the key derivation can stand in it.
fn is_project_name(name: &str) -> bool {
    (1..=64).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

fn damaged(why: &str) -> Error {
    Error::new(
        &error::KEY_DAMAGED,
        "the key file is not a whole key line",
        "fetch the file again from the key holder; never edit it",
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
        let respelt =
            [text.replace(" 1 ", " +1 "), text.replace(" 1 ", " 01 "), text.clone() + &text, text.clone() + "\n"];
        let altered = [text.replace(" 1 ", " 2 "), text.replace("demo-", "other-"), text.to_uppercase()];
        for changed in respelt.iter().chain(&altered) {
            assert!(ProjectKey::parse(changed).is_err());
        }
        for length in 0..text.len() {
            assert!(ProjectKey::parse(&text[..length]).is_err(), "the first {length} bytes");
        }
    }

    #[test]
    fn one_flipped_bit_is_refused_wherever_it_is() {
        let line = ProjectKey::demonstration().line();
        assert!(ProjectKey::parse(&line).is_ok());
        for bit in 0..line.len() * 8 {
            let mut bytes = line.as_bytes().to_vec();
            bytes[bit / 8] ^= 1 << (bit % 8);
            let is_refused = std::str::from_utf8(&bytes).map_or(true, |text| ProjectKey::parse(text).is_err());
            assert!(is_refused, "bit {bit}");
        }
    }
}
