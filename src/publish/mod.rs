//! Publishing: a run's release for a named recipient, and the check that whoever gets one can make.
//!
//! In: a run folder, or any folder that holds a release. Out: a copy for the recipient, with a line in the ledger; or what
//! is wrong. Leaves alone: what may be shown (`disclosure`).

mod checking;
mod contents;
pub mod verify;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};

use crate::disclosure::policy::Marker;
use crate::domain::day;
use crate::domain::hex;
use crate::domain::period::Period;
use crate::error::{self, Error};
use crate::output::parcel::Parcel;
use crate::output::{checksums, folder, ledger, manifest, releases};
use crate::settings::Settings;
use contents::Contents;
use verify::{Verdict, verify};

use sha2::{Digest, Sha256};

/// What somebody asks for.
pub struct Asked<'a> {
    /// The run, or `LATEST`.
    pub run: &'a str,
    /// The folder to put the release in.
    pub to: &'a Path,
    /// Who gets it.
    pub recipient: &'a str,
    /// Today.
    pub today: i32,
}

/// What was released.
pub struct Released {
    /// The run.
    pub run: String,
    /// The folder.
    pub folder: PathBuf,
    /// What the check of it came to.
    pub verdict: Verdict,
    /// Whether its people are invented.
    pub is_demonstration: bool,
}

/// Copies the release of a run for a recipient, after checking it, and writes it down.
pub fn release(settings: &Settings, asked: &Asked<'_>) -> Result<Released, Error> {
    let runs = settings.resolve(&settings.paths.runs);
    let store = settings.resolve(&settings.paths.store);
    check_name(asked.recipient)?;
    let run = folder::named(&runs, asked.run)?;
    let manifest = manifest::read(&runs.join(&run)).ok_or_else(|| {
        let what = format!("there is no published run {run}");
        Error::new(&error::RUN_UNKNOWN, what, "name a folder of the runs, or LATEST")
    })?;
    check_ledger(&manifest, &run, &store)?;
    let from = runs.join(&run).join("release");
    let verdict = verify(&from)?.passed()?;
    let contents = Contents::read(&from)?;
    let period = period(&manifest)?;
    let parcel = Parcel::create(&asked.to.join(format!("{}-{period}", asked.recipient)))?;
    let mut listed = Vec::new();
    let mut put = |name: &str, bytes: &[u8]| {
        listed.push((name.to_owned(), hex::lower(&Sha256::digest(bytes))));
        parcel.write(name, bytes)
    };
    for (name, bytes) in contents.files.iter().filter(|(name, _)| name.as_str() != checksums::FILE) {
        put(name, bytes)?;
    }
    fs::create_dir(parcel.path("checking")).map_err(|_| Error::cannot_write(&parcel.path("checking")))?;
    for (name, text) in checking::files(&contents, &verdict) {
        put(&format!("checking/{name}"), text.as_bytes())?;
    }
    parcel.write(checksums::FILE, checksums::lines(listed).as_bytes())?;
    // What the recipient will have is what is checked last.
    let verdict = verify(&parcel.path(""))?.passed()?;
    let entry = format!("{}-{period}-{run}", asked.recipient);
    keep_figures(&store, &entry, &contents)?;
    // A release without its line would be worse than a line without its release.
    ledger::append(&store, releases::FILE, &line(asked, (&run, &entry), &manifest, &contents))?;
    let is_demonstration = manifest["data"].as_str() != Some("project");
    Ok(Released { run, folder: parcel.finish()?, verdict, is_demonstration })
}

/// The recipient's name becomes the name of a folder.
fn check_name(name: &str) -> Result<(), Error> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if !name.is_empty() && name.len() <= 60 && name.bytes().all(is_plain) {
        return Ok(());
    }
    let what = "the recipient's name cannot be the name of a folder";
    Err(Error::new(&error::RELEASE_NAME, what, "use letters, digits, - and _, at most 60 of them"))
}

/// A run that was made before the last release does not know what its readers have.
fn check_ledger(manifest: &Json, run: &str, store: &Path) -> Result<(), Error> {
    if manifest["disclosure"]["ledger_sha256"].as_str() == Some(releases::hash(store).as_str()) {
        return Ok(());
    }
    let what = format!("run {run} was made before the last release, or beside another store");
    Err(Error::new(&error::RELEASE_STALE, what, "run again, then release the new run")
        .because("what the two tell together was not looked at"))
}

/// The quarter of the run's data, as a folder is named.
fn period(manifest: &Json) -> Result<String, Error> {
    let as_of = manifest["as_of"].as_str().and_then(|text| day::parse_iso(text.as_bytes()));
    let as_of = as_of.ok_or_else(|| Error::bug("a manifest has no as-of date"))?;
    Ok(Period::quarter_of(as_of).name.replace(['/', ' '], "-"))
}

/// Keeps the figures, so that the next release is made with them in mind.
fn keep_figures(store: &Path, entry: &str, contents: &Contents) -> Result<(), Error> {
    let folder = store.join(releases::FOLDER).join(entry);
    fs::create_dir_all(&folder).map_err(|_| Error::cannot_write(&folder))?;
    for name in releases::TABLES.map(|name| format!("{name}.csv")) {
        let bytes = contents.files.get(&name).map(Vec::as_slice).unwrap_or_default();
        let path = folder.join(name);
        let written = fs::write(&path, bytes).and_then(|()| fs::File::open(&path)?.sync_all());
        written.map_err(|_| Error::cannot_write(&path))?;
    }
    Ok(())
}

/// The ledger's line.
fn line(asked: &Asked<'_>, (run, entry): (&str, &str), manifest: &Json, contents: &Contents) -> Json {
    let tables = contents.tables.iter().map(|table| {
        let bytes = contents.files.get(&format!("{}.csv", table.name)).map(Vec::as_slice).unwrap_or_default();
        let is_dimension = |heading: &&String| {
            ["period", "pathway", "metric_id", "breakdown", "level", "window", "service", "source", "measure"]
                .contains(&heading.as_str())
        };
        let shown = (0..table.rows.len()).filter(|row| Marker::is_of_shown(table.cell(*row, "marker"))).count();
        json!({
            "table": table.name,
            "dimensions": table.headings.iter().filter(is_dimension).collect::<Vec<_>>(),
            "rows": table.rows.len(),
            "rows_shown": shown,
            "sha256": hex::lower(&Sha256::digest(bytes)),
        })
    });
    json!({
        "date": day::to_iso(asked.today),
        "run": run,
        "recipient": asked.recipient,
        "as_of": manifest["as_of"],
        "population_sha256": manifest["config_sha256"],
        "disclosure": manifest["disclosure"]["state"],
        "folder": entry,
        "tables": tables.collect::<Vec<_>>(),
    })
}
