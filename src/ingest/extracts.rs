//! Extracts: which files there are, what each one is, and what was read of it.

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::PathBuf;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::decode::{Fault, Origin};
use super::query::Query;
use super::{queries, stamp};
use crate::domain::org_code::OrgCode;
use crate::error::{self, Error};
use crate::schema::Source;
use crate::settings::Settings;
use crate::sources::{Sources, TablePlan};

/// Where an extract's bytes are.
#[derive(Debug, Clone)]
pub enum Content {
    /// A file.
    File(PathBuf),
    /// In memory, for tests and for the coverage study.
    Memory(Arc<Vec<u8>>),
    /// The rows of a query.
    Query(Arc<Query>),
}

/// One file from one provider.
#[derive(Debug, Clone)]
pub struct Extract {
    /// Position of its table in [`Sources::tables`].
    pub plan: usize,
    /// The file's name, as shown.
    pub name: String,
    /// The provider that the file's name gives, for tables without a provider column.
    pub provider: Option<OrgCode>,
    /// Its bytes.
    pub content: Content,
}

impl Extract {
    /// Opens it from the start.
    pub fn open(&self) -> Result<Box<dyn Read + Send + '_>, Error> {
        match &self.content {
            Content::Memory(bytes) => Ok(Box::new(Cursor::new(bytes.as_slice()))),
            Content::Query(query) => Ok(query.open()?),
            Content::File(path) => {
                let file = File::open(path).map_err(|_| self.unreadable())?;
                Ok(Box::new(file))
            }
        }
    }

    /// Size and time of last change: a cheap sign that it changed while it was read.
    pub fn stamp(&self) -> Result<(u64, Option<std::time::SystemTime>), Error> {
        match &self.content {
            Content::Memory(bytes) => Ok((bytes.len() as u64, None)),
            // It compares the hashes of its rows itself.
            Content::Query(_) => Ok((0, None)),
            Content::File(path) => {
                let about = std::fs::metadata(path).map_err(|_| self.unreadable())?;
                Ok((about.len(), about.modified().ok()))
            }
        }
    }

    /// SHA-256 of its bytes.
    pub fn digest(&self) -> Result<[u8; 32], Error> {
        let mut reader = self.open()?;
        let mut hash = Sha256::new();
        let mut buffer = vec![0u8; 1 << 20];
        loop {
            match reader.read(&mut buffer) {
                Ok(0) => return Ok(hash.finalize().into()),
                Ok(length) => hash.update(&buffer[..length]),
                Err(problem) if problem.kind() == io::ErrorKind::Interrupted => {}
                Err(problem) => return Err(self.broken(problem)),
            }
        }
    }

    /// Its bytes; of a query as many as its rows came to as text, once they were read.
    pub fn size(&self) -> u64 {
        match &self.content {
            Content::Query(query) => query.bytes(),
            Content::File(_) | Content::Memory(_) => self.stamp().map_or(0, |(bytes, _)| bytes),
        }
    }

    /// The SHA-256 of the query that it is the rows of; none for a file.
    pub fn query_sha256(&self) -> Option<String> {
        match &self.content {
            Content::Query(query) => Some(query.sha256()),
            Content::File(_) | Content::Memory(_) => None,
        }
    }

    fn broken(&self, problem: io::Error) -> Error {
        match &self.content {
            Content::Query(_) => Fault::of_read(problem, Origin { file: &self.name, source: "" }, 0),
            Content::File(_) | Content::Memory(_) => self.unreadable(),
        }
    }

    /// The error for a file that cannot be read.
    pub fn unreadable(&self) -> Error {
        Error::new(
            &error::INPUT_UNREADABLE,
            format!("{} cannot be read", self.name),
            "check that it is a file, and its permissions",
        )
    }
}

/// Finds the extracts that settings name. A required source without its required tables is an error; one that is not
/// required is left out, and figures that need it are marked as not available.
pub fn find(settings: &Settings, sources: &Sources) -> Result<Vec<Extract>, Error> {
    let (extracts, missing) = look(settings, sources);
    match missing.into_iter().next() {
        Some((_, missing)) => Err(missing),
        None => Ok(extracts),
    }
}

/// The extracts that are there, in the order of sources, tables and names, and an error for each required table that
/// is not.
pub fn look(settings: &Settings, sources: &Sources) -> (Vec<Extract>, Vec<(Source, Error)>) {
    let (asked, mut missing) = queries::all(settings, sources);
    let is_asked = |source: Source| asked.iter().any(|extract| sources.tables[extract.plan].source == source);
    let mut extracts = Vec::new();
    for entry in &settings.extracts {
        let Some(source) = Source::from_id(&entry.source) else { continue };
        let folder = settings.resolve(&entry.folder);
        let found = in_folder(sources, source, &folder);
        let there: Vec<usize> = found.iter().chain(&asked).map(|extract| extract.plan).collect();
        if entry.required || !found.is_empty() || is_asked(source) {
            missing.extend(absent(sources, source, &there).map(|plan| (source, not_there(sources, plan, &folder))));
        }
        extracts.extend(found);
    }
    let has_folder = |source: &Source| settings.extracts.iter().any(|entry| entry.source == source.id());
    let there: Vec<usize> = asked.iter().map(|extract| extract.plan).collect();
    for source in Source::ALL.into_iter().filter(|source| is_asked(*source) && !has_folder(source)) {
        missing.extend(absent(sources, source, &there).map(|plan| (source, queries::not_asked(plan))));
    }
    extracts.extend(asked);
    extracts.sort_by(|a, b| (a.plan, &a.name).cmp(&(b.plan, &b.name)));
    (extracts, missing)
}

/// The tables that a source must have and that are not there.
fn absent<'a>(sources: &'a Sources, source: Source, there: &[usize]) -> impl Iterator<Item = &'a TablePlan> {
    let own = sources.tables.iter().enumerate().filter(move |(_, plan)| plan.source == source && plan.is_required);
    own.filter(|(at, _)| !there.contains(at)).map(|(_, plan)| plan)
}

fn not_there(sources: &Sources, plan: &TablePlan, folder: &std::path::Path) -> Error {
    let error = Error::new(
        &error::INPUT_MISSING,
        format!("no {} file was found for {}", plan.name, plan.source.title()),
        format!(
            "put the file there; if it has another name, add a pattern that fits it to `files` of {} in {}.toml; or set required = false for this source to run without it",
            plan.name,
            plan.source.id()
        ),
    )
    .because(format!("looked in {} for {}", folder.display(), plan.files.join(" or ")));
    match strangers_in(sources, folder) {
        0 => error,
        count => error.because(lie_there(count)),
    }
}

/// A warning for each folder that holds files which nothing reads, because their names fit no pattern. The names are not
/// told: whoever chose them may have put anything there.
pub fn strangers(settings: &Settings, sources: &Sources) -> Vec<(Source, Error)> {
    let mut seen: Vec<PathBuf> = Vec::new();
    let mut found = Vec::new();
    for entry in &settings.extracts {
        let Some(source) = Source::from_id(&entry.source) else { continue };
        let folder = settings.resolve(&entry.folder);
        let count = if seen.contains(&folder) { 0 } else { strangers_in(sources, &folder) };
        if count > 0 {
            let fix = "take them away if they are no extracts; else add a pattern that fits to `files` of their table";
            found.push((
                source,
                Error::new(&error::INPUT_STRANGER, format!("in {}, {}", folder.display(), lie_there(count)), fix),
            ));
        }
        seen.push(folder);
    }
    found
}

fn lie_there(count: usize) -> String {
    match count {
        1 => "1 file lies there whose name fits no pattern of any source".to_owned(),
        count => format!("{count} files lie there whose names fit no pattern of any source"),
    }
}

/// How many files of a folder have a name that fits no pattern. Hidden files and the side files of extracts are not meant.
fn strangers_in(sources: &Sources, folder: &std::path::Path) -> usize {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    let files = entries.flatten().filter(|entry| entry.path().is_file());
    let names = files.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let is_known = |name: &str| Source::ALL.iter().any(|source| sources.recognise(*source, name).is_some());
    names.filter(|name| !name.starts_with('.') && !stamp::is_beside(name) && !is_known(name)).count()
}

fn in_folder(sources: &Sources, source: Source, folder: &std::path::Path) -> Vec<Extract> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut extracts = Vec::new();
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if let Some((plan, found)) = sources.recognise(source, &name).filter(|_| !stamp::is_beside(&name)) {
            extracts.push(Extract { plan, name, provider: found.provider, content: Content::File(entry.path()) });
        }
    }
    extracts
}
