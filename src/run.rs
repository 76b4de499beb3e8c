//! The pipeline: extracts in, figures out. Everything it calls is a plain function; nothing sees this module.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::disclosure::{self, Release, control::Figures};
use crate::domain::hex;
use crate::economics::{UnitCosts, case};
use crate::error::{self, Error, Exit};
use crate::fault;
use crate::identity::keys::ProjectKey;
use crate::ingest::opt_outs::OptOuts;
use crate::ingest::{Extract, extracts};
use crate::metrics;
use crate::output::metadata::{Provenance, Rules};
use crate::output::{self, Tier, tiers};
use crate::registry::Registry;
use crate::settings::{Settings, did_you_mean};
use crate::sources::Sources;

mod again;
mod audit;
mod carried;
mod check;
pub mod compare;
mod evaluation;
mod gates;
mod key;
mod log;
mod memory;
mod night;
mod people;
pub mod plan;
mod planned;
pub mod pseudonymise;
mod purge;
mod quality;
mod rekey;
mod report;
pub mod retention;
mod sensitivity;
mod way;
mod write;

pub use check::{Checked, check};
pub use evaluation::{Evaluation, evaluate};
pub use gates::sources_without_counts;
pub use key::key;
pub use people::{Rebuilt, people};
pub use rekey::{Rotated, rotate};
pub use way::Way;

use again::Again;
use evaluation::{Given, Register};
use log::Log;
use night::{Night, Ready};

/// Told as each step ends: what it was, rows in, rows out.
pub type Progress<'a> = &'a (dyn Fn(Step) + Sync);

/// A step that ended.
#[derive(Debug, Clone)]
pub enum Step {
    /// Reading begins.
    Reading {
        /// Bytes of all extracts.
        bytes: u64,
    },
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
    /// The run folder; where it would be, of a run that publishes nothing.
    pub folder: PathBuf,
    /// What to print, in under 15 lines.
    pub summary: Vec<String>,
    /// The day up to which data were used.
    pub as_of: i32,
    /// Whether it was published.
    pub is_published: bool,
}

impl Done {
    /// The lines of the summary that warn of something.
    pub fn warnings(&self) -> Vec<&str> {
        self.summary.iter().map(String::as_str).filter(|line| line.starts_with("warning")).collect()
    }
}

/// Refuses limits made anew for, targets of, and published figures of a metric that there is not.
fn check_metrics(settings: &Settings) -> Result<(), Error> {
    let rebased = metrics::unknown(settings.spc.rebase.iter().map(|one| one.metric.as_str()));
    let aimed = metrics::unknown(settings.target.iter().map(|one| one.metric.as_str()));
    let printed = metrics::unknown(settings.published.iter().map(|one| one.metric.as_str()));
    let found =
        [("[spc] rebase", "spc", rebased), ("[[target]]", "target", aimed), ("[[published]]", "published", printed)];
    let unknown = found.into_iter().find_map(|(place, key, unknown)| Some((place, key, unknown?)));
    if let Some((place, key, (id, fix))) = unknown {
        let error = Error::new(&error::CONFIG_VALUE, format!("`{place}`: `{id}` is no metric"), fix);
        return Err(settings.point(error, &[key], id));
    }
    check_plan(settings)?;
    check_pathways(settings)
}

/// Refuses outcomes of the analysis plan that are no rates.
fn check_plan(settings: &Settings) -> Result<(), Error> {
    let planned = settings.plan.iter().flat_map(|plan| &plan.comparisons);
    let mut named = planned.flat_map(|own| own.outcomes.iter().chain(&own.negative_control));
    let is_rate = |id: &&String| metrics::rates::ALL.iter().any(|rate| rate.id == id.as_str());
    named.find(|id| !is_rate(id)).map_or(Ok(()), |id| {
        let known = metrics::rates::ALL.iter().map(|rate| rate.id);
        let fix = did_you_mean(id, known, "name a px_rate metric of before_after.csv");
        let error = Error::new(&error::CONFIG_VALUE, format!("the analysis plan: `{id}` is no rate"), fix);
        Err(settings.point(error, &["comparison"], id))
    })
}

/// Refuses limits made anew for, and targets of, a pathway that there is not.
fn check_pathways(settings: &Settings) -> Result<(), Error> {
    let known = || settings.pathway.iter().map(|pathway| pathway.id.as_str()).chain(["everyone"]);
    let rebased = settings.spc.rebase.iter().filter_map(|one| Some(("[spc] rebase", "spc", one.pathway.as_ref()?)));
    let aimed = settings.target.iter().filter_map(|one| Some(("[[target]]", "target", one.pathway.as_ref()?)));
    let unknown = rebased.chain(aimed).find(|(.., id)| known().all(|known| known != *id));
    unknown.map_or(Ok(()), |(place, key, id)| {
        let fix = did_you_mean(id, known(), "name a pathway of the files under `pathways`, or `everyone`");
        let error = Error::new(&error::CONFIG_VALUE, format!("`{place}`: `{id}` is no pathway"), fix);
        Err(settings.point(error, &[key], id))
    })
}

/// The whole of it: extracts in, a published run folder out.
pub fn run(settings: &Settings, caller: &Caller<'_>) -> Result<Done, Error> {
    run_in(settings, caller, &Way::whole())
}

/// The same in another way: without publishing, from nothing, or when the lock is free. What became of it is told beside the
/// runs, also where it fails.
pub fn run_in(settings: &Settings, caller: &Caller<'_>, way: &Way<'_>) -> Result<Done, Error> {
    let log = Log::new(settings, caller);
    let done = make(settings, caller, way, &log);
    log.tell(settings, &done);
    done
}

fn make(settings: &Settings, caller: &Caller<'_>, way: &Way<'_>, log: &Log<'_>) -> Result<Done, Error> {
    let key = key(settings, caller.key_file.as_ref())?;
    gates::list_age::check(settings, &caller.run_id)?;
    check_metrics(settings)?;
    let sources = Sources::of(settings)?;
    let (runs, store) = (settings.resolve(&settings.paths.runs), settings.resolve(&settings.paths.store));
    let mut out = way.begin((&runs, &store), &caller.run_id)?;
    let opt_outs = OptOuts::of(settings, &key)?;
    let extracts = find_extracts(settings, &sources)?;
    let costs = UnitCosts::load(settings, &sources.values)?;
    let cases = case::resolve::load(settings, &costs)?;
    let given = Given { settings, sources: &sources, opt_outs: opt_outs.as_ref(), progress: &|step| log.step(step) };
    let registry = people_so_far(&runs, &store, &key)?;
    let register = Register { registry: &registry, run: &caller.run_id };
    let night = Night { given, caller, key: &key, prices: (&costs, &cases), store: &store, log };
    let tonight = evaluation::read(given, &extracts, &key)?;
    let basis = night.basis(&tonight);
    let may_stand = !way.is_anew && tonight.has_people();
    let ready = match may_stand.then(|| Again::find(&runs, &basis, &caller.run_id)).flatten() {
        Some(again) => night.take_over(&mut out, (tonight, again), register)?,
        None => night.work_out(&mut out, (tonight, basis), register)?,
    };
    let mut summary = summary(settings, &sources, &ready);
    let as_of = ready.coverage.as_of;
    if way.is_dry {
        return Ok(Done { folder: runs.join(&caller.run_id), summary, as_of, is_published: false });
    }
    fault::point("written");
    out.write(Tier::Run, "summary.txt", (summary.join("\n") + "\n").as_bytes(), None)?;
    let steps = log.lines(Some(as_of), Exit::Done);
    out.write(Tier::Run, "run.log.jsonl", &output::log::text(&steps), None)?;
    let manifest = manifest(&ready, (&key, &sources, settings), &steps, out.files())?;
    out.write(Tier::Run, "manifest.json", &tiers::json_bytes(&manifest)?, None)?;
    output::plans::keep(&store, ready.stamp.as_ref(), &caller.run_id)?;
    // Until the end nobody else may write to the store.
    let (folder, _lock) = out.publish()?;
    ready.people.registered.settle();
    summary.extend(purge::after(opt_outs.as_ref(), &store, &key, (&ready.people, &folder))?);
    retention::after(settings, &runs, &store);
    Ok(Done { folder, summary, as_of, is_published: true })
}

fn manifest(
    ready: &Ready,
    (key, sources, settings): (&ProjectKey, &Sources, &Settings),
    steps: &[output::log::Line],
    outputs: &[output::Written],
) -> Result<serde_json::Value, Error> {
    let people = &ready.people;
    let contents = output::manifest::Contents {
        provenance: &ready.provenance,
        key: (key.project(), key.version()),
        staged: &people.staged,
        sources,
        coverage: &ready.coverage,
        plan: ready.stamp.as_ref(),
        disclosure: ready.disclosure.clone(),
        made: serde_json::to_value(&ready.made).map_err(Error::silent("write what figures were made from"))?,
        people: &people.registered,
        store: [&people.linked_folder, &people.evaluated_folder],
        settings,
        steps,
        deprivation_edition: settings.lookups.postcode_imd_edition.as_deref(),
    };
    Ok(output::manifest::of(&contents, outputs))
}

/// What is for others, audited.
fn released(figures: &Figures<'_>, settings: &Settings, store: &Path, log: &Log<'_>) -> Result<Release, Error> {
    let release = audit::released(figures, settings, store)?;
    night::have_release();
    let rows_in = figures.estimates.rows.len() as u64;
    log.step(Step::Stage { name: "disclosure control", rows_in, rows_out: release.shown() });
    Ok(release)
}

/// The registry of people that a run goes on from: the key's own or, where that has nobody yet, the one of the key before.
fn people_so_far(runs: &Path, store: &Path, key: &ProjectKey) -> Result<Registry, Error> {
    let registry = Registry::open(store, runs, key, output::manifest::last_registry(runs).as_ref())?;
    if !registry.is_empty() {
        return Ok(registry);
    }
    Ok(registry.starting_with(carried::find(runs, store, &key.check_value())?))
}

/// What to print of a run, without where it lies.
fn summary(settings: &Settings, sources: &Sources, ready: &Ready) -> Vec<String> {
    let registered = &ready.people.registered;
    let mut lines: Vec<String> = registered.start.warning().map(str::to_owned).into_iter().collect();
    if let Some((people, lost)) = registered.carried {
        let [people, lost] = [people, lost].map(|count| settings.disclosure.shown(count));
        lines.push(format!(
            "the key was rotated: {people} people keep their ids; {lost} could not be re-keyed, and their ids end here"
        ));
    }
    if ready.is_again {
        lines.push(format!("nothing changed since run {}: its figures stand", ready.made.run));
    }
    lines.extend(ready.made.says.iter().cloned());
    let strangers = extracts::strangers(settings, sources);
    lines.extend(strangers.iter().map(|(_, warning)| format!("warning {}: {}", warning.code().id, warning.what())));
    if ready.provenance.is_demonstration {
        lines.insert(0, "demonstration: invented people, built-in key".to_owned());
    }
    lines
}

fn provenance(settings: &Settings, caller: &Caller<'_>, key: &ProjectKey, as_of: i32) -> Provenance {
    Provenance {
        run: caller.run_id.clone(),
        config_sha256: config_hash(settings),
        key_check_value: key.check_value(),
        is_demonstration: key.is_demonstration(),
        disclosure: disclosure::Policy::words(&settings.disclosure),
        rules: Rules {
            threshold: settings.disclosure.threshold(),
            round_to: settings.disclosure.round_to(),
            hides_nobody: settings.disclosure.policy.hides_nobody(),
        },
        licence: match settings.governance.licence.trim() {
            "" => output::metadata::NO_LICENCE.to_owned(),
            licence => licence.to_owned(),
        },
        as_of,
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
