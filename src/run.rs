//! The pipeline: extracts in, figures out. Everything it calls is a plain function; nothing sees this module.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use sha2::{Digest, Sha256};

use crate::disclosure::{self, control::Figures};
use crate::domain::{day, hex};
use crate::economics::{self, UnitCosts};
use crate::error::{self, Error};
use crate::identity::keys::ProjectKey;
use crate::ingest::{self, Extract, Staged, extracts, lookups::Deprivation, stage::Stager};
use crate::link::{self, Linked};
use crate::metrics::{self, Estimates};
use crate::output::log::Line;
use crate::output::metadata::Provenance;
use crate::output::{self, RunFolder, Tier, tiers};
use crate::pathways::{self, Coverage, Pathways};
use crate::settings::Settings;
use crate::sources::Sources;

/// What a run found, before disclosure control.
pub struct Evaluation {
    /// The extracts as staged, with what became of every row.
    pub staged: Staged,
    /// People and their records.
    pub linked: Linked,
    /// Where the linked tables are in the store.
    pub linked_folder: PathBuf,
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
        (None, false) => Err(Error::new(
            &error::KEY_MISSING,
            "no project key is named",
            "set file under [key], or --key-file, or PATHLINK_KEY_FILE; `pathlink key new` makes one",
        )),
    }
}

/// Reads, links, follows pathways and computes every figure, from extracts found by settings or given by a test.
pub fn evaluate(
    settings: &Settings,
    sources: &Sources,
    extracts: &[Extract],
    key: &ProjectKey,
    progress: Progress<'_>,
) -> Result<Evaluation, Error> {
    let deprivation =
        Deprivation::load(settings.lookups.postcode_imd.as_ref().map(|path| settings.resolve(path)).as_deref())?;
    let stager = Stager::new(settings, sources, key, &deprivation);
    let mut staged = ingest::all(extracts, &stager, &|file| {
        progress(Step::Staged { rows: file.tally.read, bytes: file.bytes, is_new: file.is_new });
    })?;
    let read: u64 = staged.files.iter().map(|file| file.tally.read).sum();
    let kept: u64 = staged.files.iter().map(|file| file.tally.kept).sum();
    progress(Step::Stage { name: "read", rows_in: read, rows_out: kept });
    let coverage = Coverage::load(settings, &staged, sources)?;
    let linked_folder = link::cache::folder(&settings.resolve(&settings.paths.store), &staged, sources);
    let linked = if let Some(linked) = link::cache::read(&mut staged, &linked_folder) {
        linked
    } else {
        let linked = link::link(&mut staged, sources)?;
        link::cache::write(&linked, &staged, sources, &linked_folder)?;
        linked
    };
    check_gates(&staged, settings)?;
    let kept: u64 = staged.files.iter().map(|file| file.tally.kept).sum();
    progress(Step::Stage { name: "link", rows_in: kept, rows_out: linked.persons.len() as u64 });
    let pathways = pathways::build(&linked, settings, sources, &coverage)?;
    progress(Step::Stage {
        name: "pathways",
        rows_in: linked.persons.len() as u64,
        rows_out: pathways.episodes.len() as u64,
    });
    let estimates = metrics::compute::compute(&linked, &pathways, &coverage, settings.periods.quarters)?;
    progress(Step::Stage {
        name: "metrics",
        rows_in: kept,
        rows_out: (estimates.rows.len() + estimates.before_after.len()) as u64,
    });
    Ok(Evaluation { staged, linked, linked_folder, pathways, coverage, estimates })
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
            let worst = file
                .tally
                .rejected
                .iter()
                .max_by_key(|(_, count)| **count)
                .map_or_else(String::new, |(check, _)| check.clone());
            return Err(Error::new(
                &error::GATE_REJECTS,
                format!("{share:.1} % of the rows of {} were rejected, most by check {worst}", file.name),
                "mend the source config or ask the sender; with a higher max_rejects_percent under [gates] the run goes on and restricted/rejects names every line",
            ));
        }
    }
    Ok(())
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
    let own = |path: &Option<PathBuf>| path.as_ref().map(|path| settings.resolve(path));
    let sources = Sources::load(own(&settings.paths.sources).as_deref(), own(&settings.paths.codes).as_deref())?;
    let extracts = find_extracts(settings, &sources)?;
    let costs = UnitCosts::load(settings, &sources.values)?;
    let mut out = RunFolder::create(&settings.resolve(&settings.paths.runs), &caller.run_id)?;
    make_private(&settings.resolve(&settings.paths.store))?;
    let log = Log::new(settings, caller);
    let evaluation = evaluate(settings, &sources, &extracts, &key, &|step| log.step(step))?;
    let Evaluation { staged, linked, linked_folder, pathways, coverage, estimates } = &evaluation;
    let cost_rows = economics::rows(pathways, &costs);
    let figures = Figures { estimates, pathways, coverage, costs: &cost_rows, audit: &linked.audit };
    let release = disclosure::control(&figures, settings);
    log.step(Step::Stage {
        name: "disclosure control",
        rows_in: estimates.rows.len() as u64,
        rows_out: release.shown(),
    });
    let provenance = provenance(settings, caller, &key);
    tiers::restricted(&mut out, linked, pathways, linked_folder)?;
    tiers::rejects(&mut out, staged, sources.tables.as_slice())?;
    tiers::internal(&mut out, &disclosure::exact::estimates(estimates, pathways))?;
    tiers::internal(&mut out, &disclosure::exact::data_quality(staged, &sources.tables))?;
    tiers::release(&mut out, &release, &provenance)?;
    log.step(Step::Stage { name: "write", rows_in: release.shown(), rows_out: out.files().len() as u64 });
    let mut summary = output::summary::lines(staged, &sources, &release, settings.disclosure.threshold);
    if provenance.is_demonstration {
        summary.insert(0, "demonstration: invented people, built-in key".to_owned());
    }
    out.write(Tier::Run, "summary.txt", (summary.join("\n") + "\n").as_bytes(), None)?;
    let steps = log.finish(coverage.as_of);
    out.write(Tier::Run, "run.log.jsonl", &output::log::text(&steps), None)?;
    let contents = output::manifest::Contents {
        provenance: &provenance,
        key: (key.project(), key.version()),
        staged,
        sources: &sources,
        coverage,
        release: &release,
        steps: &steps,
        deprivation_edition: settings.lookups.postcode_imd_edition.as_deref(),
    };
    let manifest = output::manifest::of(&contents, out.files());
    out.write(Tier::Run, "manifest.json", &tiers::json_bytes(&manifest)?, None)?;
    Ok(Done { folder: out.publish()?, summary })
}

/// The log of a run, while it goes on.
struct Log<'a> {
    lines: Mutex<Vec<Line>>,
    caller: &'a Caller<'a>,
}

impl<'a> Log<'a> {
    fn new(settings: &Settings, caller: &'a Caller<'a>) -> Self {
        let config_sha256 = Some(config_hash(settings));
        let first = Line { step: "start", version: Some(env!("CARGO_PKG_VERSION")), config_sha256, ..Line::default() };
        Self { lines: Mutex::new(vec![first]), caller }
    }

    fn step(&self, step: Step) {
        if let (Step::Stage { name, rows_in, rows_out }, Ok(mut lines)) = (&step, self.lines.lock()) {
            let seconds = (self.caller.seconds)();
            lines.push(Line {
                step: name,
                seconds,
                rows_in: Some(*rows_in),
                rows_out: Some(*rows_out),
                ..Line::default()
            });
        }
        (self.caller.progress)(step);
    }

    fn finish(self, as_of: i32) -> Vec<Line> {
        let mut lines = self.lines.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        let seconds = (self.caller.seconds)();
        lines.push(Line {
            step: "end",
            seconds,
            as_of: Some(day::to_iso(as_of)),
            exit_code: Some(0),
            ..Line::default()
        });
        lines
    }
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
