//! What every test needs: settings of a fixture with its store in a temporary folder, and a run without outputs.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use pathlink::identity::keys::ProjectKey;
use pathlink::run::{self, Evaluation};
use pathlink::settings::{self, Settings};
use pathlink::sources::Sources;

/// The repository.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The settings of a fixture, with its store and runs in `folder`.
pub(crate) fn settings(config: &Path, folder: &Path) -> Settings {
    let mut settings = settings::load(config).unwrap();
    settings.paths.store = folder.join("store");
    settings.paths.runs = folder.join("runs");
    settings
}

/// Evaluates a fixture.
pub(crate) fn evaluate(settings: &Settings) -> (Evaluation, Sources) {
    let sources = Sources::load(None, None).unwrap();
    let extracts = run::find_extracts(settings, &sources).unwrap();
    let key = ProjectKey::demonstration();
    let evaluation = run::evaluate(settings, &sources, &extracts, &key, &|_| ()).unwrap();
    (evaluation, sources)
}

/// The rows of a CSV by heading.
pub(crate) fn csv_table(path: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    reader.deserialize().map(Result::unwrap).collect()
}

/// Rows of a CSV as vectors of text, without the heading.
pub(crate) fn csv_rows(path: &Path) -> Vec<Vec<String>> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}
