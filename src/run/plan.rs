//! Plan: what a run would do now, and why; nothing is written.

use std::path::Path;

use serde::Serialize;
use serde_json::Value as Json;

use super::again::{Again, Basis, Made};
use super::evaluation::{self, Given};
use super::{find_extracts, key, planned};
use crate::economics::UnitCosts;
use crate::economics::case::{self, Case};
use crate::error::Error;
use crate::identity::keys::ProjectKey;
use crate::ingest::Extract;
use crate::ingest::lookups::Deprivation;
use crate::ingest::opt_outs::OptOuts;
use crate::output::{folder, manifest};
use crate::settings::Settings;
use crate::sources::Sources;

/// What a run would do.
#[derive(Debug, Serialize)]
pub struct Plan {
    /// The last good run, with which files are compared.
    pub last_good_run: Option<String>,
    /// Every extract, in the order of sources, tables and names.
    pub files: Vec<PlannedFile>,
    /// Files of the last good run that are not there.
    pub gone: Vec<String>,
    /// Files that would be read.
    pub files_to_read: usize,
    /// Whether people would be linked again.
    pub links: bool,
    /// Whether figures would be counted again.
    pub counts: bool,
    /// Whether values, intervals and tables would be worked out again; else those of the last good run stand.
    pub works_out: bool,
    /// Why they would, where people and counts stay.
    pub because: Vec<&'static str>,
    /// What changed since the last good run, beside files.
    pub changed: Vec<&'static str>,
    /// Rows to be read, as the last good run has them by byte of each table; none where it does not tell.
    pub rows_to_read: Option<u64>,
    /// Bytes of files to be read: the store grows by about as much.
    pub bytes_to_read: u64,
    /// Free bytes where the store is.
    pub disk_free: Option<u64>,
    /// The most memory in use when the figures of the last good run were worked out, in MiB.
    pub memory_mib: Option<u64>,
    /// The analysis plan in words, a line each; nothing without one.
    pub analysis: Vec<String>,
}

/// One extract.
#[derive(Debug, Serialize)]
pub struct PlannedFile {
    /// Its source.
    pub source: &'static str,
    /// Its table.
    pub table: String,
    /// Its name.
    pub file: String,
    /// Its bytes.
    pub bytes: u64,
    /// `new`, `changed` or `unchanged`, beside the last good run.
    pub state: &'static str,
    /// Whether a run would read it.
    pub is_read: bool,
}

/// Looks at every extract, the store and the last good run.
pub fn plan(settings: &Settings, key_file: Option<&std::path::PathBuf>) -> Result<Plan, Error> {
    let key = key(settings, key_file)?;
    let sources = Sources::of(settings)?;
    let opt_outs = OptOuts::of(settings, &key)?;
    let extracts = find_extracts(settings, &sources)?;
    let runs = settings.resolve(&settings.paths.runs);
    let last_good_run = folder::latest(&runs);
    let last = last_good_run.as_ref().and_then(|run| manifest::read(&runs.join(run))).unwrap_or_default();
    let given = Given { settings, sources: &sources, opt_outs: opt_outs.as_ref(), progress: &|_| () };
    let deprivation = Deprivation::of(settings)?;
    let stager = given.stager(&extracts, &key, &deprivation)?;
    let mut files = Vec::with_capacity(extracts.len());
    for extract in &extracts {
        let (sha256, is_staged) = stager.look_up(extract)?;
        let plan = &sources.tables[extract.plan];
        let state = state(known(&last, plan.source.id(), &plan.name, &extract.name), &sha256);
        files.push(PlannedFile {
            source: plan.source.id(),
            table: plan.name.clone(),
            file: extract.name.clone(),
            bytes: extract.size(),
            state,
            is_read: !is_staged,
        });
    }
    let files_to_read = files.iter().filter(|file| file.is_read).count();
    let costs = UnitCosts::load(settings, &sources.values)?;
    let cases = case::resolve::load(settings, &costs)?;
    let redone = match files_to_read {
        0 => Redone::of(given, &extracts, (&key, (&costs, &cases)), &last)?,
        _ => Redone { links: true, counts: true, works_out: true, because: Vec::new() },
    };
    let Redone { links, counts, works_out, because } = redone;
    Ok(Plan {
        gone: gone(&last, &files),
        files_to_read,
        links,
        counts,
        works_out,
        because,
        changed: changed(settings, &last, &key.check_value()),
        rows_to_read: rows(&last, &files),
        bytes_to_read: files.iter().filter(|file| file.is_read).map(|file| file.bytes).sum(),
        disk_free: free(&settings.resolve(&settings.paths.store)),
        memory_mib: memory(&last),
        last_good_run,
        analysis: planned::words(settings),
        files,
    })
}

/// What would be done again though every file was read before.
struct Redone {
    links: bool,
    counts: bool,
    works_out: bool,
    because: Vec<&'static str>,
}

impl Redone {
    fn of(
        given: Given<'_>,
        extracts: &[Extract],
        (key, prices): (&ProjectKey, (&UnitCosts, &[Case])),
        last: &Json,
    ) -> Result<Self, Error> {
        let settings = given.settings;
        let (runs, store) = (settings.resolve(&settings.paths.runs), settings.resolve(&settings.paths.store));
        let tonight = evaluation::read(given, extracts, key)?;
        let links = !tonight.is_linked(given.settings);
        let counts = links || !tonight.is_counted();
        let basis = Basis::of(&tonight, (settings, prices, key), &store);
        let works_out = counts || !tonight.has_people() || Again::find(&runs, &basis, "plan").is_none();
        let made = Made::read(last);
        let mut because = made.map_or_else(Vec::new, |made| basis.differences(&made.from));
        because.retain(|_| works_out);
        if works_out && because.is_empty() {
            because.push("the last good run is not there, not whole, or of an earlier version");
        }
        Ok(Self { links, counts, works_out, because })
    }
}

/// The most memory that a run had in use that works figures out.
fn memory(last: &Json) -> Option<u64> {
    let steps = last["steps"].as_array().into_iter().flatten().filter_map(|step| step["peak_mib"].as_u64());
    steps.chain(Made::read(last).and_then(|made| made.peak_mib)).max()
}

fn inputs(last: &Json) -> impl Iterator<Item = &Json> {
    last["inputs"].as_array().into_iter().flatten()
}

fn known<'a>(last: &'a Json, source: &str, table: &str, file: &str) -> Option<&'a Json> {
    inputs(last).find(|input| input["source"] == source && input["table"] == table && input["name"] == file)
}

fn state(known: Option<&Json>, sha256: &str) -> &'static str {
    match known {
        None => "new",
        Some(known) if known["sha256"] == sha256 => "unchanged",
        Some(_) => "changed",
    }
}

fn gone(last: &Json, files: &[PlannedFile]) -> Vec<String> {
    let is_gone = |input: &&Json| {
        !files
            .iter()
            .any(|file| input["source"] == file.source && input["table"] == *file.table && input["name"] == *file.file)
    };
    inputs(last).filter(is_gone).filter_map(|input| input["name"].as_str().map(str::to_owned)).collect()
}

/// What changed beside files; nothing where there is no good run yet.
fn changed(settings: &Settings, last: &Json, check_value: &str) -> Vec<&'static str> {
    if last.is_null() {
        return Vec::new();
    }
    let facts = [
        ("version", last["pathlink"] != env!("CARGO_PKG_VERSION")),
        ("key", last["key"]["check_value"] != check_value),
        ("settings", last["config_sha256"] != super::config_hash(settings)),
    ];
    facts.into_iter().filter_map(|(what, differs)| differs.then_some(what)).collect()
}

/// Rows to be read: each table's rows by byte, as the last good run read them.
fn rows(last: &Json, files: &[PlannedFile]) -> Option<u64> {
    let mut all = 0.0;
    for file in files.iter().filter(|file| file.is_read) {
        let own = || inputs(last).filter(|input| input["source"] == file.source && input["table"] == *file.table);
        let rows: u64 = own().filter_map(|input| input["rows"]["read"].as_u64()).sum();
        let bytes: u64 = own().filter_map(|input| input["bytes"].as_u64()).sum();
        if bytes == 0 {
            return None;
        }
        all += file.bytes as f64 * rows as f64 / bytes as f64;
    }
    Some(all.round() as u64)
}

fn free(store: &Path) -> Option<u64> {
    let there = store.ancestors().find(|folder| folder.is_dir()).unwrap_or(Path::new("."));
    let about = rustix::fs::statvfs(there).ok()?;
    Some(about.f_bavail.saturating_mul(about.f_frsize))
}
