//! The pipeline: extracts in, figures out. Everything it calls is a plain function; nothing sees this module.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::disclosure::{self, control::Figures};
use crate::domain::hex;
use crate::economics::{self, UnitCosts};
use crate::error::{self, Error};
use crate::identity::keys::ProjectKey;
use crate::ingest::{Extract, extracts};
use crate::output::metadata::Provenance;
use crate::output::{self, RunFolder, Tier, tiers};
use crate::settings::Settings;
use crate::sources::Sources;

mod check;
mod evaluation;
mod gates;
mod log;
mod quality;
mod sensitivity;

pub use check::{Checked, check};
pub use evaluation::{Evaluation, evaluate};
pub use gates::sources_without_counts;

use evaluation::Given;
use log::Log;

/// Told as each step ends: what it was, rows in, rows out.
pub type Progress<'a> = &'a (dyn Fn(Step) + Sync);

/// A step that ended.
#[derive(Debug, Clone)]
pub enum Step {
    /// An extract was staged: its name, rows, and whether it was read in this run.
    Staged {
        /// Rows read.
        rows: u64,
        /// Bytes of the file.
        bytes: u64,
        /// Whether it was read in this run.
        is_new: bool,
    },
    /// A stage ended.
    Stage {
        /// Its name.
        name: &'static str,
        /// Rows in.
        rows_in: u64,
        /// Rows out.
        rows_out: u64,
    },
}

/// The project's key: the demonstration key, or the one in the file that settings or the caller name.
pub fn key(settings: &Settings, key_file: Option<&PathBuf>) -> Result<ProjectKey, Error> {
    let named = key_file.cloned().or_else(|| settings.key.file.as_ref().map(|path| settings.resolve(path)));
    match (named, settings.key.demo) {
        (Some(path), _) => ProjectKey::read(&path),
        (None, true) => Ok(ProjectKey::demonstration()),
        (None, false) => Err(Error::new(
            &error::KEY_MISSING,
            "no project key is named",
            "set file under [key], or --key-file, or PATHLINK_KEY_FILE; `pathlink key new` makes one",
        )),
    }
}

/// Finds the extracts that settings name.
pub fn find_extracts(settings: &Settings, sources: &Sources) -> Result<Vec<Extract>, Error> {
    extracts::find(settings, sources)
}

/// What a caller of [`run`] decides: the key file, the run's id, and the clock.
pub struct Caller<'a> {
    /// The key file named on the command line or in the environment.
    pub key_file: Option<PathBuf>,
    /// The run's id: nothing below here reads the clock.
    pub run_id: String,
    /// Seconds since the run began.
    pub seconds: &'a (dyn Fn() -> f64 + Sync),
    /// Told as each step ends.
    pub progress: Progress<'a>,
}

/// What a run did.
pub struct Done {
    /// The run folder.
    pub folder: PathBuf,
    /// What to print, in under 15 lines.
    pub summary: Vec<String>,
}

/// The whole of it: extracts in, a published run folder out.
pub fn run(settings: &Settings, caller: &Caller<'_>) -> Result<Done, Error> {
    let key = key(settings, caller.key_file.as_ref())?;
    let sources = Sources::of(settings)?;
    let extracts = find_extracts(settings, &sources)?;
    let costs = UnitCosts::load(settings, &sources.values)?;
    let mut out = RunFolder::create(&settings.resolve(&settings.paths.runs), &caller.run_id)?;
    make_private(&settings.resolve(&settings.paths.store))?;
    let log = Log::new(settings, caller);
    let given = Given { settings, sources: &sources, progress: &|step| log.step(step) };
    let found = evaluation::find(given, &extracts, &key)?;
    let (staged, estimates, pathways) = (&found.staged, &found.estimates, &found.pathways);
    let cost_rows = economics::rows(pathways, &costs);
    let before = quality::before(settings);
    let variants = quality::variants(&found);
    let linkage = quality::of(&found, &sources, (&variants, &before));
    let figures = Figures { estimates, pathways, coverage: &found.coverage, costs: &cost_rows, quality: linkage };
    let release = disclosure::control(&figures, settings);
    log.step(Step::Stage {
        name: "disclosure control",
        rows_in: estimates.rows.len() as u64,
        rows_out: release.shown(),
    });
    let provenance = provenance(settings, caller, &key);
    tiers::restricted(&mut out, (&found.conflicts, &found.review), (&found.linked_folder, &found.evaluated_folder))?;
    tiers::rejects(&mut out, staged, sources.tables.as_slice())?;
    tiers::internal(&mut out, &disclosure::exact::estimates(estimates, pathways))?;
    tiers::internal(&mut out, &disclosure::exact::data_quality(staged, &sources.tables))?;
    tiers::linkage(&mut out, &linkage)?;
    tiers::release(&mut out, &release, &provenance)?;
    log.step(Step::Stage { name: "write", rows_in: release.shown(), rows_out: out.files().len() as u64 });
    let mut summary = output::summary::lines(staged, &sources, &release, settings.disclosure.threshold);
    if provenance.is_demonstration {
        summary.insert(0, "demonstration: invented people, built-in key".to_owned());
    }
    out.write(Tier::Run, "summary.txt", (summary.join("\n") + "\n").as_bytes(), None)?;
    let steps = log.finish(found.coverage.as_of);
    out.write(Tier::Run, "run.log.jsonl", &output::log::text(&steps), None)?;
    let contents = output::manifest::Contents {
        provenance: &provenance,
        key: (key.project(), key.version()),
        staged,
        sources: &sources,
        coverage: &found.coverage,
        release: &release,
        steps: &steps,
        deprivation_edition: settings.lookups.postcode_imd_edition.as_deref(),
    };
    let manifest = output::manifest::of(&contents, out.files());
    out.write(Tier::Run, "manifest.json", &tiers::json_bytes(&manifest)?, None)?;
    Ok(Done { folder: out.publish()?, summary })
}

fn provenance(settings: &Settings, caller: &Caller<'_>, key: &ProjectKey) -> Provenance {
    Provenance {
        run: caller.run_id.clone(),
        config_sha256: config_hash(settings),
        key_check_value: key.check_value(),
        is_demonstration: key.is_demonstration(),
        disclosure: disclosure::AUDIT,
    }
}

/// SHA-256 of the settings file and the pathway files.
fn config_hash(settings: &Settings) -> String {
    hex::lower(&Sha256::digest(settings.text.as_bytes()))
}

fn make_private(store: &Path) -> Result<(), Error> {
    use std::os::unix::fs::PermissionsExt;
    let made = std::fs::create_dir_all(store)
        .and_then(|()| std::fs::set_permissions(store, std::fs::Permissions::from_mode(0o700)));
    made.map_err(|_| Error::cannot_write(store))
}
