//! Rows about people for an evaluator, under a named agreement.
//!
//! In: a published run's linked tables, the agreement of config, the project key. Out: a folder of Parquet tables with the
//! recipient's own tokens, what every column means, a manifest with hashes and the terms. A person's token is made of
//! the person id under the purpose `release:<recipient>:<period>`, so two recipients cannot join their files, nor one
//! recipient two periods; where follow-up is agreed a study has the same tokens in every quarter. Rows stand in the order
//! of those tokens, for the order of people in a run is the same for everybody. Only columns that [`tables`] declares can
//! leave: no key of a person, no birth date, no postcode, no local id. Leaves alone: figures (`disclosure`).

mod agreement;
mod ledger;
mod rows;
pub mod tables;
mod terms;
mod tokens;
mod words;

use std::path::PathBuf;

use serde_json::{Value as Json, json};

use crate::domain::day;
use crate::error::{self, Error};
use crate::identity::keys::ProjectKey;
use crate::output::parcel::Parcel;
use crate::output::{folder, manifest};
use crate::registry::Registry;
use crate::settings::Settings;

pub use agreement::Agreement;

/// What somebody asks for.
pub struct Asked<'a> {
    /// The run, or `LATEST`.
    pub run: &'a str,
    /// The folder to make.
    pub to: PathBuf,
    /// The recipient's name in config.
    pub recipient: &'a str,
    /// What the agreement is called.
    pub agreement: &'a str,
    /// The period that tokens are for; the run's own quarter if not said.
    pub period: Option<&'a str>,
    /// The study that tokens are for.
    pub study: Option<&'a str>,
    /// Today.
    pub today: i32,
}

/// One shared table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Its rows.
    pub rows: u64,
    /// Its file's bytes.
    pub bytes: u64,
    /// Its file's SHA-256.
    pub sha256: String,
}

/// What was shared.
pub struct Shared {
    /// The run.
    pub run: String,
    /// The folder.
    pub folder: PathBuf,
    /// What its tokens are for.
    pub purpose: String,
    /// Its tables.
    pub tables: Vec<Table>,
    /// People of the run who were left out, for they were removed from the registry since.
    pub withdrawn: u64,
    /// Whether its people are invented.
    pub is_demonstration: bool,
}

/// Where shared rows come from.
struct Origin {
    run: String,
    folder: PathBuf,
    as_of: i32,
    is_demonstration: bool,
}

/// Shares the rows of a run.
pub fn share(settings: &Settings, key: &ProjectKey, asked: &Asked<'_>) -> Result<Shared, Error> {
    let runs = settings.resolve(&settings.paths.runs);
    let store = settings.resolve(&settings.paths.store);
    let run = folder::named(&runs, asked.run)?;
    let origin = origin(&runs.join(&run), run, key)?;
    let agreement = Agreement::of(settings, asked, origin.as_of)?;
    let known = Registry::look_up(&store, key)?.ids()?;
    let parcel = Parcel::create(&asked.to)?;
    let (tables, withdrawn) = rows::write(&origin.folder, &agreement, (key, &known), &parcel)?;
    let about = json(&about(&origin, &agreement, key, &tables))?;
    parcel.write("metadata.json", &json(&tables::metadata(&agreement, &tables))?)?;
    parcel.write("README.txt", terms::text(&agreement, &tables, origin.is_demonstration).as_bytes())?;
    parcel.write("manifest.json", &about)?;
    // A share without its line would be worse than a line without its share.
    crate::output::ledger::append(&store, ledger::FILE, &ledger::line(asked.today, &origin.run, &agreement, &tables))?;
    let purpose = agreement.purpose.clone();
    let is_demonstration = origin.is_demonstration;
    Ok(Shared { run: origin.run, folder: parcel.finish()?, purpose, tables, withdrawn, is_demonstration })
}

/// Looks at a run's manifest: it must be there, and of this key.
fn origin(folder: &std::path::Path, run: String, key: &ProjectKey) -> Result<Origin, Error> {
    let manifest = manifest::read(folder).ok_or_else(|| {
        let what = format!("there is no published run {run}");
        Error::new(&error::RUN_UNKNOWN, what, "name a folder of the runs, or LATEST")
    })?;
    let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
    let own = text(&manifest["key"]["check_value"]);
    if own != key.check_value() {
        return Err(Error::new(
            &error::RUN_KEY,
            format!("run {run} was made with another key"),
            "give the key of that run, or run again under this one",
        )
        .because(format!("the run's key has check value {own}, this one {}", key.check_value())));
    }
    let as_of = day::parse_iso(text(&manifest["as_of"]).as_bytes());
    Ok(Origin {
        as_of: as_of.ok_or_else(|| Error::bug("a manifest has no as-of date"))?,
        is_demonstration: text(&manifest["data"]) != "project" || key.is_demonstration(),
        folder: folder.join("restricted/linked"),
        run,
    })
}

/// The manifest.
fn about(origin: &Origin, agreement: &Agreement, key: &ProjectKey, tables: &[Table]) -> Json {
    let tables = tables.iter().map(|table| {
        let file = tables::file(table.name);
        json!({ "table": table.name, "file": file, "rows": table.rows, "bytes": table.bytes, "sha256": table.sha256 })
    });
    json!({
        "pathlink": env!("CARGO_PKG_VERSION"),
        "data": if origin.is_demonstration { "demonstration" } else { "project" },
        "run": origin.run,
        "as_of": day::to_iso(origin.as_of),
        "recipient": { "name": agreement.name, "title": agreement.config.recipient },
        "agreement": { "name": agreement.config.agreement, "expires": day::to_iso(agreement.expires) },
        "tokens": agreement.purpose,
        "people": agreement.config.people.id(),
        "date_precision": agreement.precision(),
        "key": { "project": key.project(), "version": key.version(), "check_value": key.check_value() },
        "tables": tables.collect::<Vec<_>>(),
    })
}

fn json(value: &Json) -> Result<Vec<u8>, Error> {
    crate::output::tiers::json_bytes(value)
}
