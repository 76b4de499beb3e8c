//! A night on which nothing changed: the last good run's figures stand, and its files are taken over. No interval is drawn,
//! no table controlled and no page filled in again.
//!
//! In: what tonight's figures would be made from, and the last good run. Out: the bytes that a run which works everything
//! out would write, or nothing where they cannot be told. Leaves alone: rows about people, which come from the store.

use std::path::{Component, Path};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use super::evaluation::Tonight;
use crate::domain::{day, hex};
use crate::economics::UnitCosts;
use crate::economics::case::Case;
use crate::error::Error;
use crate::identity::keys::ProjectKey;
use crate::output::{RunFolder, Tier, checksums, folder, manifest, metadata, releases};
use crate::report;
use crate::settings::Settings;

/// Which sources the program is built from.
pub(super) const PROGRAM: &str = env!("PATHLINK_SOURCES");

/// What the figures of a run, and all that is made of them, depend on. Two runs with the same write the same, but for
/// their names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Basis {
    /// Which sources the program is built from.
    program: String,
    /// What was counted: extracts, linkage, pathways, coverage.
    evaluated: String,
    /// Every setting, and the day up to which data are used.
    settings: String,
    /// Unit costs in the prices of the year, and business cases.
    unit_costs: String,
    /// The key's check value.
    key: String,
    /// What was released.
    releases: String,
}

impl Basis {
    pub(super) fn of(
        tonight: &Tonight<'_>,
        (settings, (costs, cases), key): (&Settings, (&UnitCosts, &[Case]), &ProjectKey),
        store: &Path,
    ) -> Self {
        let hash = |text: String| hex::lower(&Sha256::digest(text.as_bytes()));
        let mut own = settings.clone();
        // Where the project lies and how many work on it change no figure.
        (own.folder, own.texts, own.threads) = (std::path::PathBuf::new(), Vec::new(), 0);
        Self {
            program: PROGRAM.to_owned(),
            evaluated: tonight.evaluated().to_owned(),
            settings: hash(format!("{} {own:?}", day::to_iso(tonight.coverage.as_of))),
            unit_costs: hash(format!("{costs:?} {cases:?}")),
            key: key.check_value(),
            releases: releases::state(store),
        }
    }

    /// What differs, as people call it.
    pub(super) fn differences(&self, last: &Self) -> Vec<&'static str> {
        let Self { program, evaluated, settings, unit_costs, key, releases } = self;
        let facts = [
            ("another build of the program", program != &last.program),
            ("what is counted", evaluated != &last.evaluated),
            ("settings", settings != &last.settings),
            ("unit costs", unit_costs != &last.unit_costs),
            ("the key", key != &last.key),
            ("what was released", releases != &last.releases),
        ];
        facts.into_iter().filter_map(|(what, differs)| differs.then_some(what)).collect()
    }
}

/// What a manifest says of how its figures were made.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Made {
    pub(super) from: Basis,
    /// The run in which they were worked out.
    pub(super) run: String,
    /// What the summary says of them.
    pub(super) says: Vec<String>,
    /// The most memory that working them out had in use, in MiB.
    pub(super) peak_mib: Option<u64>,
}

impl Made {
    /// As a manifest has it; none where it is of a run that did not say.
    pub(super) fn read(manifest: &Json) -> Option<Self> {
        Self::deserialize(&manifest["made"]).ok()
    }
}

/// A file of the last good run, as tonight's has it.
struct Taken {
    tier: Tier,
    name: String,
    bytes: Vec<u8>,
    rows: Option<u64>,
}

/// The last good run, where its figures stand.
pub(super) struct Again {
    pub(super) made: Made,
    /// What its manifest says of disclosure control.
    pub(super) disclosure: Json,
    files: Vec<Taken>,
}

impl Again {
    /// The last good run, if it was made from the same and every file of it is whole. `id` is tonight's run.
    pub(super) fn find(runs: &Path, basis: &Basis, id: &str) -> Option<Self> {
        let last = folder::latest(runs)?;
        let manifest = manifest::read(&runs.join(&last))?;
        let made = Made::read(&manifest).filter(|made| made.from == *basis)?;
        let outputs = manifest["outputs"].as_array()?.par_iter().filter(|output| is_taken(output));
        let files = outputs.map(|output| taken(&runs.join(&last), output, [&last, id])).collect::<Option<Vec<_>>>()?;
        (!files.is_empty()).then(|| Self { made, disclosure: manifest["disclosure"].clone(), files })
    }

    /// Writes them, and last what every file of the release has to come to.
    pub(super) fn write(&self, out: &mut RunFolder) -> Result<(), Error> {
        for file in &self.files {
            out.write(file.tier, &file.name, &file.bytes, file.rows)?;
        }
        crate::output::tiers::checksums(out)
    }

    /// Rows of the release that are shown.
    pub(super) fn shown(&self) -> u64 {
        self.disclosure["rows_shown"].as_u64().unwrap_or_default()
    }
}

/// Whether a file is about figures alone. Checksums are made anew.
fn is_taken(output: &Json) -> bool {
    let is_own = |tier: &str| output["tier"] == tier;
    let is_checksums = || output["path"] == format!("{}/{}", Tier::Release.folder(), checksums::FILE);
    is_own("internal") || (is_own("release") && !is_checksums())
}

/// A file as the manifest has it; none where it is not there or was changed.
fn taken(run: &Path, output: &Json, ids: [&str; 2]) -> Option<Taken> {
    let path = output["path"].as_str()?;
    let tier = if output["tier"] == "release" { Tier::Release } else { Tier::Internal };
    let name = path.strip_prefix(tier.folder())?.strip_prefix('/')?;
    if !Path::new(name).components().all(|part| matches!(part, Component::Normal(_))) {
        return None;
    }
    let bytes = std::fs::read(run.join(path)).ok()?;
    if output["sha256"] != hex::lower(&Sha256::digest(&bytes)) {
        return None;
    }
    let bytes = renamed(name, tier, bytes, ids)?;
    Some(Taken { tier, name: name.to_owned(), bytes, rows: output["rows"].as_u64() })
}

/// The file of a run under the name of another; none where it cannot be told what in it is the run's name.
fn renamed(name: &str, tier: Tier, bytes: Vec<u8>, ids: [&str; 2]) -> Option<Vec<u8>> {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).ok();
    if name == super::report::FILE {
        let tier = if tier == Tier::Internal { report::Tier::Internal } else { report::Tier::Release };
        return report::again(&text(bytes)?, tier, ids).map(String::into_bytes);
    }
    if tier == Tier::Release && name.ends_with(metadata::ENDING) {
        return metadata::again(&text(bytes)?, ids).map(String::into_bytes);
    }
    Some(bytes)
}
