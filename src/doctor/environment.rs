//! The environment: what a run on this machine would lack. Nothing is written and no key is read.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::error::{Error, Exit, grouped};
use crate::identity::keys::ProjectKey;
use crate::ingest::extracts;
use crate::settings::Settings;
use crate::sources::Sources;

/// How well a thing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Nothing to do.
    Ok,
    /// A run works, but not as it could.
    Warning,
    /// A run would fail.
    Fault,
}

/// One thing looked at.
#[derive(Debug, Serialize)]
pub struct Finding {
    /// What was looked at.
    pub what: &'static str,
    /// How it is.
    pub state: State,
    /// What was found.
    pub found: String,
    /// What to do; none where nothing is.
    pub fix: Option<String>,
    /// The exit code that a run would end with; 0 unless it is a fault.
    pub exit_code: u8,
}

impl Finding {
    fn ok(what: &'static str, found: impl Into<String>) -> Self {
        Self { what, state: State::Ok, found: found.into(), fix: None, exit_code: 0 }
    }

    fn warning(what: &'static str, found: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { what, state: State::Warning, found: found.into(), fix: Some(fix.into()), exit_code: 0 }
    }

    fn fault(what: &'static str, error: &Error) -> Self {
        let why: String = error.why().iter().flat_map(|line| ["; ", line.as_str()]).collect();
        Self {
            what,
            state: State::Fault,
            found: format!("{}: {}{why}", error.code().id, error.what()),
            fix: Some(error.fix().to_owned()),
            exit_code: error.exit_code(),
        }
    }

    /// One line, and below it the fix.
    pub fn lines(&self) -> Vec<String> {
        let word = ["ok", "warning", "fault"][self.state as usize];
        let first = format!("{word:<8} {:<14} {}", self.what, self.found);
        std::iter::once(first).chain(self.fix.iter().map(|fix| format!("{:23} fix: {fix}", ""))).collect()
    }
}

/// Looks at everything a run needs. `key_file` is the one that the caller names.
pub fn environment(settings: Result<Settings, Error>, key_file: Option<&Path>) -> Vec<Finding> {
    let settings = match settings {
        Ok(settings) => settings,
        Err(error) => {
            let mut found = vec![Finding::fault("config", &error)];
            found.extend(machine());
            return found;
        }
    };
    let mut found = vec![Finding::ok("config", "found and valid")];
    let sources = Sources::of(&settings);
    found.push(key(&settings, key_file));
    let mut bytes = 0;
    match &sources {
        Err(error) => found.push(Finding::fault("source configs", error)),
        Ok(sources) => {
            found.push(Finding::ok("source configs", format!("{} tables", sources.tables.len())));
            bytes = inputs(&settings, sources, &mut found);
        }
    }
    for (what, path) in [("runs folder", &settings.paths.runs), ("store folder", &settings.paths.store)] {
        found.push(folder(what, &settings.resolve(path)));
    }
    found.push(disk(&settings.resolve(&settings.paths.store), bytes));
    found.extend(machine());
    found
}

/// The exit code of the worst finding: of the first fault.
pub fn exit_code(found: &[Finding]) -> u8 {
    let faults = found.iter().filter(|one| one.state == State::Fault);
    faults.map(|one| one.exit_code).next().unwrap_or(Exit::Done as u8)
}

fn key(settings: &Settings, key_file: Option<&Path>) -> Finding {
    let named = key_file.map(Path::to_path_buf);
    let named = named.or_else(|| settings.key.file.as_ref().map(|path| settings.resolve(path)));
    match (named, settings.key.demo) {
        (Some(path), _) => match ProjectKey::look_at(&path) {
            Ok(()) if settings.key.project.is_none() || settings.key.check_value.is_none() => Finding::warning(
                "key",
                format!(
                    "{} is a plain file that only its owner can read; any other key would be taken too",
                    path.display()
                ),
                "put project and check_value, as `pathlink key check` prints them, under [key]: another key is then refused",
            ),
            Ok(()) => Finding::ok("key", format!("{} is a plain file that only its owner can read", path.display())),
            Err(error) => Finding::fault("key", &error),
        },
        (None, true) => Finding::warning(
            "key",
            "the demonstration key: works with test numbers only",
            "for real extracts make one with `pathlink key new` and name it under [key] file",
        ),
        (None, false) => Finding::fault("key", &no_key()),
    }
}

fn no_key() -> Error {
    Error::new(
        &crate::error::KEY_MISSING,
        "no project key is named",
        "set file under [key], or --key-file, or PATHLINK_KEY_FILE; `pathlink key new` makes one",
    )
}

/// Looks for the extracts; how many bytes they are.
fn inputs(settings: &Settings, sources: &Sources, found: &mut Vec<Finding>) -> u64 {
    let (extracts, missing) = extracts::look(settings, sources);
    found.extend(missing.iter().map(|(_, error)| Finding::fault("extracts", error)));
    let bytes: u64 = extracts.iter().map(crate::ingest::Extract::size).sum();
    if settings.sources_named().next().is_none() {
        found.push(Finding::warning("extracts", "none is named", "name folders under `extracts` in pathlink.toml"));
    } else {
        found.push(Finding::ok("extracts", format!("{} files, {}", extracts.len(), mebibytes(bytes))));
    }
    bytes
}

/// The nearest folder above a path that is there.
fn standing(path: &Path) -> PathBuf {
    let mut at = path;
    while !at.exists() {
        match at.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => at = parent,
            _ => return PathBuf::from("."),
        }
    }
    at.to_path_buf()
}

fn folder(what: &'static str, path: &Path) -> Finding {
    let there = standing(path);
    let may = rustix::fs::Access::WRITE_OK | rustix::fs::Access::EXEC_OK;
    if !there.is_dir() || rustix::fs::access(&there, may).is_err() {
        return Finding::fault(what, &Error::cannot_write(path));
    }
    let made = if there == path { "can be written" } else { "can be made" };
    Finding::ok(what, format!("{} {made}", path.display()))
}

fn disk(store: &Path, inputs: u64) -> Finding {
    let Ok(about) = rustix::fs::statvfs(standing(store)) else {
        return Finding::warning("disk", "its free space cannot be told", "check that there is room for the store");
    };
    let free = about.f_bavail.saturating_mul(about.f_frsize);
    // Staged and linked tables together are about as large as plain text extracts; twice that is safe.
    let text = format!("{} free, extracts are {}", mebibytes(free), mebibytes(inputs));
    if free < inputs {
        return Finding::fault("disk", &full(&text));
    }
    if free < inputs.saturating_mul(2) {
        return Finding::warning("disk", text, "free space until it is twice the size of the extracts");
    }
    Finding::ok("disk", text)
}

fn full(text: &str) -> Error {
    Error::new(&crate::error::CANNOT_WRITE, text, "free space, or name another folder as store under [paths]")
}

fn machine() -> Vec<Finding> {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let threads = Finding::ok("threads", format!("{threads}; --threads takes fewer"));
    let memory = match available_memory() {
        None => Finding::warning("memory", "it cannot be told how much is free", "a run needs 2 GiB or more"),
        Some(free) if free < 2 << 30 => Finding::warning(
            "memory",
            format!("{} free", mebibytes(free)),
            "a million people need 2 GiB or more: close other programs, or use a larger machine",
        ),
        Some(free) => Finding::ok("memory", format!("{} free", mebibytes(free))),
    };
    vec![threads, memory]
}

fn available_memory() -> Option<u64> {
    let text = fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok().map(|kib| kib << 10)
}

fn mebibytes(bytes: u64) -> String {
    if bytes < 1 << 20 {
        format!("{} KiB", grouped(bytes.div_ceil(1 << 10)))
    } else {
        format!("{} MiB", grouped(bytes >> 20))
    }
}
