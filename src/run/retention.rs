//! Retention: earlier runs that are no longer wanted go, and of the store what none of the wanted ones was made from. The last
//! good run and what it needs never go.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::way::CACHES;
use crate::domain::day;
use crate::error::Error;
use crate::output::lock::Lock;
use crate::output::{folder, manifest};
use crate::settings::Settings;

/// Which runs may go: those that every limit that is given lets go.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The newest so many stay.
    pub keep: Option<usize>,
    /// Those of the last so many days stay, counted from today; days since 1970.
    pub older_than: Option<(i32, i32)>,
}

/// What went, or would go.
#[derive(Debug, Default)]
pub struct Purged {
    /// Runs, newest first.
    pub runs: Vec<String>,
    /// Files and folders of the store.
    pub kept_to_save_work: usize,
}

/// Published runs, newest first. A run's name begins with its time; of two in one second the last good run is the newer.
pub fn published(runs: &Path) -> Vec<String> {
    let names =
        fs::read_dir(runs).into_iter().flatten().flatten().filter_map(|entry| entry.file_name().into_string().ok());
    let is_run = |name: &String| day_of(name).is_some() && runs.join(name).join(manifest::FILE).is_file();
    let mut all: Vec<String> = names.filter(is_run).collect();
    let last = folder::latest(runs);
    let age = |name: &String| {
        (name.split('_').next().unwrap_or_default().to_owned(), last.as_ref() == Some(name), name.clone())
    };
    all.sort_unstable_by_key(|name| std::cmp::Reverse(age(name)));
    all
}

/// The day of a run, by its name; none for another folder.
fn day_of(name: &str) -> Option<i32> {
    let (date, rest) = name.split_at_checked(10)?;
    let is_plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    day::parse_iso(date.as_bytes()).filter(|_| rest.starts_with('T') && is_plain)
}

/// Lists the runs that may go and, if the caller is sure, removes them and what of the store only they needed.
pub fn purge(settings: &Settings, id: &str, limits: Limits, is_sure: bool) -> Result<Purged, Error> {
    let (runs, store) = (settings.resolve(&settings.paths.runs), settings.resolve(&settings.paths.store));
    let _lock = Lock::take(&runs, id, &|| false)?;
    let going = may_go(&runs, limits);
    let stays = |name: &String| !going.contains(name);
    let wanted: Vec<String> = published(&runs).into_iter().filter(stays).take(settings.retention.store_runs).collect();
    if !is_sure {
        let kept_to_save_work = unneeded(&runs, &store, &wanted).len();
        return Ok(Purged { runs: going, kept_to_save_work });
    }
    going.iter().try_for_each(|name| remove(&runs.join(name)))?;
    let unneeded = unneeded(&runs, &store, &wanted);
    unneeded.iter().try_for_each(|path| remove(path))?;
    Ok(Purged { runs: going, kept_to_save_work: unneeded.len() })
}

/// What settings say, after a run was published; whoever calls it holds the lock. What cannot be removed now is removed
/// after the next run.
pub(super) fn after(settings: &Settings, runs: &Path, store: &Path) {
    let kept = settings.retention.runs;
    if kept > 0 {
        let limits = Limits { keep: Some(kept), older_than: None };
        for name in may_go(runs, limits) {
            let _ = remove(&runs.join(name));
        }
    }
    let wanted: Vec<String> = published(runs).into_iter().take(settings.retention.store_runs).collect();
    for path in unneeded(runs, store, &wanted) {
        let _ = remove(&path);
    }
}

fn may_go(runs: &Path, limits: Limits) -> Vec<String> {
    let last = folder::latest(runs);
    let is_old = |name: &String| {
        limits.older_than.is_none_or(|(days, today)| day_of(name).is_some_and(|day| day < today.saturating_sub(days)))
    };
    let all = published(runs).into_iter().skip(limits.keep.unwrap_or_default());
    all.filter(|name| is_old(name) && last.as_ref() != Some(name)).collect()
}

/// What the store holds to save work, and what none of these runs, nor the last good one, was made from.
fn unneeded(runs: &Path, store: &Path, wanted: &[String]) -> Vec<std::path::PathBuf> {
    let mut needed = BTreeSet::new();
    for name in wanted.iter().cloned().chain(folder::latest(runs)) {
        let Some(manifest) = manifest::read(&runs.join(name)) else { continue };
        let own = &manifest["store"];
        let staged = own["staged"].as_array().into_iter().flatten();
        let names = staged.chain([&own["linked"], &own["evaluated"]]).filter_map(|name| name.as_str());
        needed.extend(names.map(str::to_owned));
    }
    let entries = |folder: &Path| fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut found = Vec::new();
    for cache in CACHES.iter().map(|name| store.join(name)) {
        // Staged files lie one folder deeper, by source.
        let own: Vec<_> = if cache.ends_with(CACHES[0]) {
            entries(&cache).flat_map(|source| entries(&source).collect::<Vec<_>>()).collect()
        } else {
            entries(&cache).collect()
        };
        found.extend(own.into_iter().filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let (address, end) = name.split_once('.').unwrap_or((&name, ""));
            // What a kill left half written has the address of what it was to be.
            !needed.contains(address) || end.ends_with("part")
        }));
    }
    found.sort_unstable();
    found
}

fn remove(path: &Path) -> Result<(), Error> {
    let is_folder = path.symlink_metadata().is_ok_and(|about| about.is_dir());
    let removed = if is_folder { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    removed.map_err(|_| Error::cannot_write(path))
}
