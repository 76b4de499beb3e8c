//! Analysis plans: `store/analysis_plans.jsonl`, one line a plan, so that every output says since when it has been the plan.

use std::fs;
use std::path::Path;

use serde_json::{Value as Json, json};

use super::ledger;
use crate::disclosure::effects::Stamp;
use crate::domain::day;
use crate::error::{self, Error};
use crate::settings::Settings;

/// The ledger's name in the store.
pub const FILE: &str = "analysis_plans.jsonl";

/// The plan of the settings, if they have one.
pub fn of(settings: &Settings, (store, run): (&Path, &str)) -> Result<Option<Stamp>, Error> {
    settings.plan.as_ref().map(|plan| stamp(store, &plan.sha256, run)).transpose()
}

/// When a plan was first used, or would be by this run.
fn stamp(store: &Path, sha256: &str, run: &str) -> Result<Stamp, Error> {
    let known = first_seen(store, sha256)?;
    Ok(Stamp { sha256: sha256.to_owned(), first_seen: known.unwrap_or_else(|| day_of(run)) })
}

/// Writes a plan down that is not yet.
pub fn keep(store: &Path, stamp: Option<&Stamp>, run: &str) -> Result<(), Error> {
    let Some(stamp) = stamp else { return Ok(()) };
    if first_seen(store, &stamp.sha256)?.is_some() {
        return Ok(());
    }
    let line = json!({ "sha256": stamp.sha256, "first_seen": stamp.first_seen, "run": run });
    ledger::append(store, FILE, &line)
}

/// The day in a run's id; all of it where there is none.
fn day_of(run: &str) -> String {
    let day = run.get(..10).filter(|text| day::parse_iso(text.as_bytes()).is_some());
    day.unwrap_or(run).to_owned()
}

/// The first line of a plan. A line that cannot be read may have been this plan's, so it ends the run.
fn first_seen(store: &Path, sha256: &str) -> Result<Option<String>, Error> {
    let damaged = || {
        let what = format!("{} cannot be read back", store.join(FILE).display());
        Error::new(&error::STORE_DAMAGED, what, "restore analysis_plans.jsonl of the store from a backup")
    };
    let text = match fs::read_to_string(store.join(FILE)) {
        Ok(text) => text,
        Err(problem) if problem.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(_) => return Err(damaged()),
    };
    let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
    for (at, line) in lines.iter().enumerate() {
        let entry = match serde_json::from_str::<Json>(line) {
            Ok(entry) => entry,
            // A crash can cut the last line short; the plan is then written down anew.
            Err(_) if at + 1 == lines.len() && !text.ends_with('\n') => continue,
            Err(_) => return Err(damaged()),
        };
        if entry["sha256"].as_str() == Some(sha256) {
            return entry["first_seen"].as_str().map(|day| Some(day.to_owned())).ok_or_else(damaged);
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_keeps_the_day_on_which_it_was_first_used() {
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path();
        let first = stamp(store, "aa", "2026-01-02T030405Z_0000").unwrap();
        assert_eq!(first.first_seen, "2026-01-02");
        keep(store, Some(&first), "2026-01-02T030405Z_0000").unwrap();
        assert_eq!(stamp(store, "aa", "2026-02-03T030405Z_0000").unwrap(), first);
        let changed = stamp(store, "bb", "2026-02-03T030405Z_0000").unwrap();
        assert_eq!(changed.first_seen, "2026-02-03");
        keep(store, Some(&changed), "2026-02-03T030405Z_0000").unwrap();
        keep(store, Some(&changed), "2026-02-04T030405Z_0000").unwrap();
        assert_eq!(fs::read_to_string(store.join(FILE)).unwrap().lines().count(), 2);
        fs::write(store.join(FILE), "{\"sha").unwrap();
        assert!(stamp(store, "aa", "2026-03-01").is_ok());
        fs::write(store.join(FILE), "{\"sha\n").unwrap();
        assert!(stamp(store, "aa", "2026-03-01").is_err());
    }
}
