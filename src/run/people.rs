//! The people of an earlier run, rebuilt from the registry: the person of every key, and how people changed until then.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray};

use crate::domain::day;
use crate::domain::token::Token;
use crate::error::{self, Error};
use crate::frame;
use crate::output::parcel::Parcel;
use crate::output::{folder, manifest};
use crate::registry::Registry;
use crate::settings::Settings;

/// The people of a run, as a folder.
pub struct Rebuilt {
    /// The run.
    pub run: String,
    /// The folder.
    pub folder: PathBuf,
    /// Keys that were known by then.
    pub keys: usize,
    /// Merges, splits and moves until then.
    pub events: usize,
}

/// Writes who everybody was in a run: `people.parquet`, the person id of every key known by then and whether the key was
/// in the run's own extracts, and `person_events.csv`, the merges, splits and moves until then. Both are restricted.
pub fn people(settings: &Settings, key_file: Option<&PathBuf>, run: &str, to: &Path) -> Result<Rebuilt, Error> {
    let key = super::key(settings, key_file)?;
    let runs = settings.resolve(&settings.paths.runs);
    let registry = Registry::look_up(&settings.resolve(&settings.paths.store), &key)?;
    let run = folder::named(&runs, run)?;
    // A run that changed nothing made no entry; its manifest says on how many it rests.
    let own = manifest::read(&runs.join(&run)).and_then(|manifest| {
        let is_own = manifest["key"]["check_value"] == key.check_value();
        manifest["registry"]["entries"].as_u64().filter(|_| is_own)
    });
    let entries = own.map_or_else(|| registry.entries_of(&run), |entries| entries as usize);
    if entries == 0 || entries > registry.len() {
        return Err(Error::new(
            &error::RUN_UNKNOWN,
            format!("the registry of people of this key knows nobody of run {run}"),
            "name a run of this project and key; runs before the registry was started anew cannot be rebuilt",
        ));
    }
    let known = registry.as_of(entries)?;
    let events = registry.events(entries)?;
    let parcel = Parcel::create(to)?;
    let ids: Vec<Token> = known.person.iter().map(|number| known.ids[*number as usize]).collect();
    let columns: Vec<(String, ArrayRef)> = vec![
        ("key".to_owned(), frame::token_texts(&known.keys)?),
        ("person_id".to_owned(), frame::token_texts(&ids)?),
        ("was_there".to_owned(), Arc::new(BooleanArray::from(known.is_there))),
    ];
    frame::write_file(&parcel.path("people.parquet"), columns)?;
    parcel.sealed("people.parquet")?;
    let mut text = String::from("run,as_of,kind,from,to\r\n");
    for (run, as_of, event) in &events {
        let (from, to) = (event.from.to_hex(), event.to.to_hex());
        let _ = write!(text, "{run},{},{},{from},{to}\r\n", day::to_iso(*as_of), event.kind.id());
    }
    parcel.write("person_events.csv", text.as_bytes())?;
    Ok(Rebuilt { run, folder: parcel.finish()?, keys: known.keys.len(), events: events.len() })
}
