//! The manifest: what a run was made from and what it made, so that it can be checked and repeated.

use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

use super::folder::Written;
use super::log::Line;
use super::metadata::Provenance;
use crate::disclosure::Release;
use crate::disclosure::effects::Stamp;
use crate::domain::{day, hex};
use crate::ingest::Staged;
use crate::pathways::Coverage;
use crate::registry::{LastRun, Registered};
use crate::settings::{LinkageSettings, Settings};
use crate::sources::Sources;

/// Its name in a run folder.
pub const FILE: &str = "manifest.json";

/// The form of the manifest; rises with what readers of it must know anew.
const FORM: &str = "pathlink-manifest/2";

/// What the manifest is made from.
pub struct Contents<'a> {
    /// Where the figures come from.
    pub provenance: &'a Provenance,
    /// The key's project and version.
    pub key: (&'a str, u32),
    /// The extracts.
    pub staged: &'a Staged,
    /// Their configs.
    pub sources: &'a Sources,
    /// Covered days.
    pub coverage: &'a Coverage,
    /// The analysis plan, where there is one.
    pub plan: Option<&'a Stamp>,
    /// What disclosure control did.
    pub disclosure: Json,
    /// What the figures were made from, and in which run.
    pub made: Json,
    /// The people, registered.
    pub people: &'a Registered,
    /// Folders of the store that hold what was linked and what was counted.
    pub store: [&'a Path; 2],
    /// Settings, for the hashes of their parts.
    pub settings: &'a Settings,
    /// Steps.
    pub steps: &'a [Line],
    /// Edition of the deprivation look-up.
    pub deprivation_edition: Option<&'a str>,
}

/// A manifest as it was written; none if it is not there or not whole.
pub fn read(run: &Path) -> Option<Json> {
    serde_json::from_slice(&std::fs::read(run.join(FILE)).ok()?).ok()
}

/// What the last published run says of its registry of people.
pub fn last_registry(runs: &Path) -> Option<LastRun> {
    let manifest = read(&runs.join(super::folder::latest(runs)?))?;
    let check_value = manifest["key"]["check_value"].as_str()?.to_owned();
    Some(LastRun { check_value, entries: manifest["registry"]["entries"].as_u64()? as usize })
}

/// The manifest as JSON.
pub fn of(contents: &Contents<'_>, outputs: &[Written]) -> Json {
    let provenance = contents.provenance;
    let inputs = contents.staged.files.iter().map(|file| {
        let plan = &contents.sources.tables[file.plan];
        let tally = &file.tally;
        json!({
            "source": plan.source.id(), "table": plan.name, "name": file.name, "bytes": file.bytes, "sha256": file.sha256,
            "query_sha256": file.query_sha256,
            "encoding": file.notes.encoding, "declared_encoding": file.notes.declared_encoding, "byte_order_mark": file.notes.has_mark,
            "compression": file.notes.compression, "line_ends": file.notes.line_ends, "final_line_end": file.notes.has_final_line_end,
            "rows": { "read": tally.read, "kept": tally.kept, "rejected": tally.rejected_total(), "duplicated": tally.duplicated, "excluded": tally.excluded_total() },
            "first_date": tally.first_day.map(day::to_iso), "last_date": tally.last_day.map(day::to_iso),
            "unread_headings": tally.unread_headings,
            "date_precision": if file.is_monthly { "month" } else { "day" },
        })
    });
    let outputs = outputs.iter().map(|file| json!({ "path": file.path, "tier": format!("{:?}", file.tier).to_lowercase(), "bytes": file.bytes, "sha256": file.sha256, "rows": file.rows }));
    let carried = contents.people.carried.map(|(people, lost)| json!({ "people": people, "not_rekeyable": lost }));
    let plan = contents.plan.map(|plan| json!({ "sha256": plan.sha256, "first_seen": plan.first_seen }));
    let inferred: Vec<&str> = contents.coverage.inferred.iter().map(|source| source.id()).collect();
    json!({
        "form": FORM,
        "pathlink": env!("CARGO_PKG_VERSION"),
        "run": provenance.run,
        "data": if provenance.is_demonstration { "demonstration" } else { "project" },
        "as_of": day::to_iso(contents.coverage.as_of),
        "config_sha256": provenance.config_sha256,
        "key": { "project": contents.key.0, "version": contents.key.1, "check_value": provenance.key_check_value },
        "settings": parts(contents.settings),
        "analysis_plan": plan,
        "store": store(contents),
        "lookups": { "postcode_imd_edition": contents.deprivation_edition },
        "registry": { "entries": contents.people.entries, "start": contents.people.start.id(), "carried": carried },
        "coverage_inferred": inferred,
        "disclosure": contents.disclosure,
        "made": contents.made,
        "inputs": inputs.collect::<Vec<_>>(),
        "steps": contents.steps,
        "outputs": outputs.collect::<Vec<_>>(),
    })
}

/// What disclosure control did, beside the ledger of releases with this hash.
pub fn disclosure(release: &Release, provenance: &Provenance, ledger: &str) -> Json {
    json!({
        "state": provenance.disclosure, "rows_shown": release.shown(), "rows_hidden": release.hidden(),
        "taken_away": release.taken_away(), "ledger_sha256": ledger,
    })
}

/// Hashes of the settings of linkage and of all others, so that two runs can be told apart by which of them changed.
fn parts(settings: &Settings) -> Json {
    let hash = |text: String| hex::lower(&Sha256::digest(text.as_bytes()));
    let linkage = hash(format!("{:?}", settings.linkage));
    let mut others = settings.clone();
    (others.linkage, others.as_of) = (LinkageSettings::default(), None);
    (others.text, others.folder, others.texts) = (String::new(), PathBuf::new(), Vec::new());
    json!({ "linkage_sha256": linkage, "others_sha256": hash(format!("{others:?}")) })
}

/// What of the store the run was made from, so that nothing of it is removed while the run may be gone on from.
fn store(contents: &Contents<'_>) -> Json {
    let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
    let [linked, evaluated] = contents.store.map(name);
    let staged = contents.staged.files.iter().map(|file| file.address.as_str());
    json!({ "linked": linked, "evaluated": evaluated, "staged": staged.collect::<Vec<_>>() })
}
