//! The pipeline: extracts in, figures out. Everything it calls is a plain function; nothing sees this module.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use sha2::{Digest, Sha256};

use crate::disclosure::{self, Release, control::Figures};
use crate::domain::day;
use crate::economics::{self, UnitCosts};
use crate::error::{self, Error};
use crate::identity::keys::ProjectKey;
use crate::ingest::{self, Extract, Staged, extracts, lookups::Deprivation, stage::Stager, stage::hex};
use crate::link::{self, Linked};
use crate::metrics::{self, Estimates};
use crate::output::log::Line;
use crate::output::metadata::Provenance;
use crate::output::{self, RunFolder, Tier};
use crate::pathways::{self, Coverage, Pathways};
use crate::schema::Source;
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
    let kept: u64 = staged.files.iter().map(|file| file.tally.kept).sum();
    progress(Step::Stage { name: "read", rows_in: read, rows_out: kept });
    let coverage = Coverage::load(settings, &staged, sources)?;
    let linked_folder = link::cache::folder(&settings.resolve(&settings.paths.store), &staged, sources);
    let linked = match link::cache::read(&mut staged, &linked_folder) {
        Some(linked) => linked,
        None => {
            let linked = link::link(&mut staged, sources)?;
            link::cache::write(&linked, &staged, sources, &linked_folder)?;
            linked
        }
    };
    check_gates(&staged, settings)?;
    let kept: u64 = staged.files.iter().map(|file| file.tally.kept).sum();
    progress(Step::Stage { name: "link", rows_in: kept, rows_out: linked.persons.len() as u64 });
    let pathways = pathways::build(&linked, settings, sources, &coverage)?;
    progress(Step::Stage { name: "pathways", rows_in: linked.persons.len() as u64, rows_out: pathways.episodes.len() as u64 });
    let estimates = metrics::compute::compute(&linked, &pathways, &coverage, settings.periods.quarters)?;
    progress(Step::Stage { name: "metrics", rows_in: kept, rows_out: (estimates.rows.len() + estimates.before_after.len()) as u64 });
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
            let worst = file.tally.rejected.iter().max_by_key(|(_, count)| **count).map_or_else(String::new, |(check, _)| check.clone());
            return Err(Error::new(&error::GATE_REJECTS, format!("{share:.1} % of the rows of {} were rejected, most by check {worst}", file.name), "look at the rejects, mend the source config or ask the sender; or raise max_rejects_percent under [gates]"));
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
    let sources = Sources::load(
        settings.paths.sources.as_ref().map(|path| settings.resolve(path)).as_deref(),
        settings.paths.codes.as_ref().map(|path| settings.resolve(path)).as_deref(),
    )?;
    let extracts = find_extracts(settings, &sources)?;
    let costs = UnitCosts::load(settings, &sources.values)?;
    let mut out = RunFolder::create(&settings.resolve(&settings.paths.runs), &caller.run_id)?;
    make_private(&settings.resolve(&settings.paths.store))?;
    let log = Mutex::new(vec![Line { step: "start", version: Some(env!("CARGO_PKG_VERSION")), config_sha256: Some(config_hash(settings)), ..Line::default() }]);
    let told = |step: Step| {
        if let Step::Stage { name, rows_in, rows_out } = &step
            && let Ok(mut lines) = log.lock()
        {
            lines.push(Line { step: name, seconds: (caller.seconds)(), rows_in: Some(*rows_in), rows_out: Some(*rows_out), ..Line::default() });
        }
        (caller.progress)(step);
    };
    let evaluation = evaluate(settings, &sources, &extracts, &key, &told)?;
    let cost_rows = economics::rows(&evaluation.pathways, &costs);
    let figures = Figures { estimates: &evaluation.estimates, pathways: &evaluation.pathways, costs: &cost_rows, audit: &evaluation.linked.audit };
    let release = disclosure::control(&figures, settings);
    told(Step::Stage { name: "disclosure control", rows_in: evaluation.estimates.rows.len() as u64, rows_out: release.shown() });
    let provenance = Provenance {
        run: caller.run_id.clone(),
        config_sha256: config_hash(settings),
        key_check_value: key.check_value(),
        is_demonstration: key.is_demonstration(),
        disclosure: disclosure::AUDIT,
    };
    write_restricted(&mut out, &evaluation, &sources)?;
    write_internal(&mut out, &evaluation, &sources)?;
    write_release(&mut out, &release, &provenance)?;
    told(Step::Stage { name: "write", rows_in: release.shown(), rows_out: out.files().len() as u64 });
    let mut summary = output::summary::lines(&evaluation.staged, &sources, &release, settings.disclosure.threshold);
    if provenance.is_demonstration {
        summary.insert(0, "demonstration: invented people, built-in key".to_owned());
    }
    out.write(Tier::Run, "summary.txt", (summary.join("\n") + "\n").as_bytes(), None)?;
    let mut steps = log.into_inner().unwrap_or_default();
    steps.push(Line { step: "end", seconds: (caller.seconds)(), as_of: Some(day::to_iso(evaluation.coverage.as_of)), exit_code: Some(0), ..Line::default() });
    out.write(Tier::Run, "run.log.jsonl", &output::log::text(&steps), None)?;
    let contents = output::manifest::Contents {
        provenance: &provenance,
        key: (key.project(), key.version()),
        staged: &evaluation.staged,
        sources: &sources,
        coverage: &evaluation.coverage,
        release: &release,
        steps: &steps,
        deprivation_edition: settings.lookups.postcode_imd_edition.as_deref(),
    };
    let manifest = output::manifest::of(&contents, out.files());
    out.write(Tier::Run, "manifest.json", &json_bytes(&manifest)?, None)?;
    Ok(Done { folder: out.publish()?, summary })
}

fn json_bytes(value: &serde_json::Value) -> Result<Vec<u8>, Error> {
    serde_json::to_vec_pretty(value).map_err(Error::silent("write JSON"))
}

/// SHA-256 of the settings file and the pathway files.
fn config_hash(settings: &Settings) -> String {
    hex(&<[u8; 32]>::from(Sha256::digest(settings.text.as_bytes())))
}

fn make_private(store: &Path) -> Result<(), Error> {
    use std::os::unix::fs::PermissionsExt;
    let made = std::fs::create_dir_all(store).and_then(|()| std::fs::set_permissions(store, std::fs::Permissions::from_mode(0o700)));
    made.map_err(|_| Error::new(&error::CANNOT_WRITE, format!("the store {} cannot be made", store.display()), "check the folder's permissions"))
}

/// Linked rows, rejects and conflicts: the trust only.
fn write_restricted(out: &mut RunFolder, evaluation: &Evaluation, sources: &Sources) -> Result<(), Error> {
    let folder = out.path(Tier::Restricted).join("linked");
    output::linked::link_tables(&evaluation.linked_folder, &folder)?;
    output::linked::write_pathways(&evaluation.pathways, &folder)?;
    for source in Source::ALL {
        let mut text = String::from("file,line,column,check,shape\r\n");
        let mut count = 0;
        for file in evaluation.staged.files.iter().filter(|file| sources.tables[file.plan].source == source) {
            for reject in &file.rejects {
                text.push_str(&format!("\"{}\",{},{},{},\"{}\"\r\n", file.name.replace('"', "\"\""), reject.line, reject.column, reject.check, reject.shape.replace('"', "\"\"")));
                count += 1;
            }
        }
        out.write(Tier::Restricted, &format!("rejects/{}.csv", source.id()), text.as_bytes(), Some(count))?;
    }
    let conflicts: String = evaluation.linked.conflicts.iter().map(|(source, token)| format!("{},{}\r\n", source.id(), token.to_hex())).collect();
    out.write(Tier::Restricted, "conflicts.csv", format!("source,record_token\r\n{conflicts}").as_bytes(), Some(evaluation.linked.conflicts.len() as u64))
}

/// Exact figures: the trust's analysts.
fn write_internal(out: &mut RunFolder, evaluation: &Evaluation, sources: &Sources) -> Result<(), Error> {
    let exact = disclosure::exact::estimates(&evaluation.estimates, &evaluation.pathways);
    let quality = disclosure::exact::data_quality(&evaluation.staged, sources);
    for sheet in [&exact, &quality] {
        out.write(Tier::Internal, &format!("{}.csv", sheet.name), &output::csv::bytes(sheet)?, Some(sheet.rows.len() as u64))?;
    }
    Ok(())
}

/// Released tables, each with its metadata.
fn write_release(out: &mut RunFolder, release: &Release, provenance: &Provenance) -> Result<(), Error> {
    for sheet in release.sheets() {
        out.write(Tier::Release, &format!("{}.csv", sheet.name), &output::csv::bytes(sheet)?, Some(sheet.rows.len() as u64))?;
        let metadata = json_bytes(&output::metadata::of(sheet, provenance))?;
        out.write(Tier::Release, &format!("{}.csv-metadata.json", sheet.name), &metadata, None)?;
    }
    Ok(())
}
