//! The pipeline: extracts in, figures out. Everything it calls is a plain function; nothing sees this module.

use std::path::PathBuf;

use crate::error::{self, Error};
use crate::identity::keys::ProjectKey;
use crate::ingest::{self, Extract, Staged, extracts, lookups::Deprivation, stage::Stager};
use crate::link::{self, Linked};
use crate::metrics::{self, Estimates};
use crate::pathways::{self, Coverage, Pathways};
use crate::settings::Settings;
use crate::sources::Sources;

/// What a run found, before disclosure control.
pub struct Evaluation {
    /// The extracts as staged, with what became of every row.
    pub staged: Staged,
    /// People and their records.
    pub linked: Linked,
    /// Who is on which pathway.
    pub pathways: Pathways,
    /// Covered days.
    pub coverage: Coverage,
    /// The figures, exact.
    pub estimates: Estimates,
}

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
        (None, false) => Err(Error::new(&error::KEY_MISSING, "no project key is named", "set file under [key], or --key-file, or PATHLINK_KEY_FILE; `pathlink key new` makes one")),
    }
}

/// Reads, links, follows pathways and computes every figure, from extracts found by settings or given by a test.
pub fn evaluate(settings: &Settings, sources: &Sources, extracts: &[Extract], key: &ProjectKey, progress: Progress<'_>) -> Result<Evaluation, Error> {
    let deprivation = Deprivation::load(settings.lookups.postcode_imd.as_ref().map(|path| settings.resolve(path)).as_deref())?;
    let stager = Stager::new(settings, sources, key, &deprivation);
    let mut staged = ingest::all(extracts, &stager, &|file| {
        progress(Step::Staged { rows: file.tally.read, bytes: file.bytes, is_new: file.is_new });
    })?;
    let read: u64 = staged.files.iter().map(|file| file.tally.read).sum();
    let coverage = Coverage::load(settings, &staged, sources)?;
    let linked = link::link(&mut staged, sources)?;
    check_gates(&staged, settings)?;
    let kept: u64 = staged.files.iter().map(|file| file.tally.kept).sum();
    progress(Step::Stage { name: "read", rows_in: read, rows_out: kept });
    progress(Step::Stage { name: "link", rows_in: kept, rows_out: linked.persons.len() as u64 });
    let pathways = pathways::build(&linked, settings, sources, &coverage)?;
    progress(Step::Stage { name: "pathways", rows_in: linked.persons.len() as u64, rows_out: pathways.episodes.len() as u64 });
    let estimates = metrics::compute::compute(&linked, &pathways, &coverage, settings.periods.quarters)?;
    progress(Step::Stage { name: "metrics", rows_in: kept, rows_out: (estimates.rows.len() + estimates.before_after.len()) as u64 });
    Ok(Evaluation { staged, linked, pathways, coverage, estimates })
}

/// Finds the extracts that settings name.
pub fn find_extracts(settings: &Settings, sources: &Sources) -> Result<Vec<Extract>, Error> {
    extracts::find(settings, sources)
}

/// Every row is accounted for, and no file lost more than the gate allows.
fn check_gates(staged: &Staged, settings: &Settings) -> Result<(), Error> {
    for file in &staged.files {
        if !file.tally.adds_up() {
            return Err(Error::bug(format!("the rows of {} do not add up", file.name)));
        }
        let share = 100.0 * file.tally.rejected_total() as f64 / (file.tally.read as f64).max(1.0);
        if share > settings.gates.max_rejects_percent {
            let worst = file.tally.rejected.iter().max_by_key(|(_, count)| **count).map_or_else(String::new, |(check, _)| check.clone());
            return Err(Error::new(&error::GATE_REJECTS, format!("{share:.1} % of the rows of {} were rejected, most by check {worst}", file.name), "look at the rejects, mend the source config or ask the sender; or raise max_rejects_percent under [gates]"));
        }
    }
    Ok(())
}
