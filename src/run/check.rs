//! Check: every extract read, staged and linked as a run would, every fault collected, nothing published.

use std::path::PathBuf;

use super::evaluation::Given;
use super::{Caller, Step, gates, key, make_private};
use crate::disclosure::exact;
use crate::error::Error;
use crate::identity::keys::ProjectKey;
use crate::ingest::digests::Digests;
use crate::ingest::fresh::Handover;
use crate::ingest::lookups::Deprivation;
use crate::ingest::opt_outs::OptOuts;
use crate::ingest::stage::Stager;
use crate::ingest::{self, Extract, Staged, StagedFile, checks, extracts, providers};
use crate::link::{self, cache::Beside};
use crate::output::quality::{self, Fault, FileQuality, Kind, Problem, Quality, Rows, SourceQuality};
use crate::output::{RunFolder, Tier, csv};
use crate::pathways::Coverage;
use crate::schema::Source;
use crate::settings::Settings;
use crate::sources::{Sources, TablePlan};

/// The folder under `runs` that each check replaces.
const FOLDER: &str = "check";

/// A fault of a whole source.
type OfSource = (Source, Error);

/// What a check did.
pub struct Checked {
    /// The folder.
    pub folder: PathBuf,
    /// What was found.
    pub quality: Quality,
}

/// Reads and checks the extracts of every source, or of one. Faults of files are findings; an error is only what stops
/// all of it: the settings, the key, the lock, the disk.
pub fn check(settings: &Settings, caller: &Caller<'_>, only: Option<Source>) -> Result<Checked, Error> {
    let key = key(settings, caller.key_file.as_ref())?;
    gates::list_age::check(settings, &caller.run_id)?;
    let sources = Sources::of(settings)?;
    let opt_outs = OptOuts::of(settings, &key)?;
    let deprivation = Deprivation::of(settings)?;
    let mut out = RunFolder::create(&settings.resolve(&settings.paths.runs), &format!("check-{}", caller.run_id))?;
    make_private(&settings.resolve(&settings.paths.store))?;
    let is_wanted = |source: Source| only.is_none_or(|only| only == source);
    let (extracts, missing) = extracts::look(settings, &sources);
    let digests = Digests::gather(settings, &sources, &extracts, &key, opt_outs.as_ref())?;
    let extracts: Vec<Extract> =
        extracts.into_iter().filter(|extract| is_wanted(sources.tables[extract.plan].source)).collect();
    let missing = missing.into_iter().filter(|(source, _)| is_wanted(*source));
    let mut wrong: Vec<(Source, Error)> = missing.collect();
    let stager =
        Stager::new(settings, &sources, &key, &deprivation).leaving_out(opt_outs.as_ref()).with_digests(digests);
    let (read, fresh) = ingest::each(&extracts, &stager, &|file| {
        (caller.progress)(Step::Staged { rows: file.tally.read, bytes: file.bytes, is_new: file.is_new });
    })?;
    let (mut staged, errors) = apart(read, fresh);
    let good: Vec<Extract> =
        extracts.iter().zip(&errors).filter(|(_, error)| error.is_none()).map(|(extract, _)| extract.clone()).collect();
    link_for_tallies(&mut staged, (&good, &stager), (&sources, settings), &key)?;
    let given = Given { settings, sources: &sources, opt_outs: opt_outs.as_ref(), progress: caller.progress };
    let coverage = Coverage::load(settings, &staged, &sources).ok();
    if let Some(coverage) = &coverage {
        link::future::count(&mut staged, &sources, coverage.as_of)?;
    }
    // What a file that cannot be read lacks would be a fault of its source as well: one is enough.
    let is_whole = |source: Source| {
        let own = extracts.iter().zip(&errors).filter(|(extract, _)| sources.tables[extract.plan].source == source);
        own.clone().next().is_some() && own.clone().all(|(_, error)| error.is_none())
    };
    let gates = gates::of_sources(given, &staged, coverage.as_ref()).into_iter();
    wrong.extend(gates.filter(|(source, _)| is_wanted(*source) && is_whole(*source)));
    let files = files(&extracts, (&staged, &errors), &sources, settings);
    let asked = settings.sources_named().filter(|one| is_wanted(*one));
    let mut strangers = extracts::strangers(settings, &sources);
    strangers.retain(|(source, _)| is_wanted(*source));
    let quality = put_together(files, (&wrong, &strangers), asked.collect(), settings);
    write(&mut out, &quality, (&staged, &sources))?;
    Ok(Checked { folder: out.replace(FOLDER)?, quality })
}

/// Files that were read, and the errors of the others by their place among the extracts.
fn apart(read: Vec<Result<StagedFile, Error>>, fresh: Handover) -> (Staged, Vec<Option<Error>>) {
    let (mut files, mut errors, mut places) = (Vec::new(), Vec::new(), Vec::new());
    for (place, one) in read.into_iter().enumerate() {
        match one {
            Ok(file) => {
                files.push(file);
                places.push(place);
                errors.push(None);
            }
            Err(error) => errors.push(Some(error)),
        }
    }
    (Staged { files, fresh: fresh.into_fields(&places) }, errors)
}

/// Adds duplicates and orphans to the tallies, from last night's linkage where the same files were linked then.
fn link_for_tallies(
    staged: &mut Staged,
    (extracts, stager): (&[Extract], &Stager<'_>),
    (sources, settings): (&Sources, &Settings),
    key: &ProjectKey,
) -> Result<(), Error> {
    let options = link::Options::of(settings, key)?;
    let folder = link::cache::folder(&settings.resolve(&settings.paths.store), staged, sources, &options);
    if let Some(mut beside) = Beside::read(staged, &folder) {
        beside.charge(staged);
        return Ok(());
    }
    staged.complete_fields(extracts, stager)?;
    link::link(staged, sources, &options, link::Wanted::default()).map(drop)
}

fn files(
    extracts: &[Extract],
    (staged, errors): (&Staged, &[Option<Error>]),
    sources: &Sources,
    settings: &Settings,
) -> Vec<FileQuality> {
    let mut read = staged.files.iter();
    let mut files = Vec::with_capacity(extracts.len());
    for (extract, error) in extracts.iter().zip(errors) {
        let plan = &sources.tables[extract.plan];
        let named: Vec<String> = extract.provider.iter().map(ToString::to_string).collect();
        match (error, read.as_slice().first()) {
            (Some(error), _) => files.push(FileQuality::unread(plan, &extract.name, named, error)),
            (None, Some(file)) => {
                read.next();
                let named = if named.is_empty() { providers::of(file) } else { named };
                let mut quality = FileQuality::read(plan, file, named, settings);
                let is_broken = |(extract, error): (&Extract, &Option<Error>)| {
                    error.is_some() && sources.tables[extract.plan].source == plan.source
                };
                let has_unread = extracts.iter().zip(errors).any(is_broken);
                quality.gate = gate(file, plan, settings, has_unread);
                files.push(quality);
            }
            (None, None) => {}
        }
    }
    files
}

/// The gate of a file. Rows that lost their parent with a file that cannot be read are no fault of their own file.
fn gate(file: &StagedFile, plan: &TablePlan, settings: &Settings, has_unread: bool) -> Option<Fault> {
    let error = gates::of_file(settings, file, plan).err()?;
    let orphans = file.tally.rejected.get(checks::ORPHAN.id).copied().unwrap_or(0);
    let others = file.tally.rejected_total() - orphans;
    let is_within =
        100.0 * others as f64 <= settings.gates.limits(plan.source).max_rejects_percent * file.tally.read as f64;
    if has_unread && is_within && file.tally.adds_up() { None } else { Some(Fault::of(&error)) }
}

fn put_together(
    files: Vec<FileQuality>,
    (wrong, strangers): (&[OfSource], &[OfSource]),
    asked: Vec<Source>,
    settings: &Settings,
) -> Quality {
    let mut asked = asked;
    asked.sort_unstable();
    asked.dedup();
    let source = |source: Source| SourceQuality {
        id: source.id(),
        title: source.title(),
        files: files.iter().filter(|file| file.source == source.id()).count(),
        declares_expected_rows: settings.gates.declares_counts(source),
    };
    let faults = files.iter().flat_map(|file| file.fault.iter().chain(&file.gate)).map(|fault| fault.exit_code);
    let absent = wrong.iter().map(|(_, error)| error.exit_code());
    let problems = |kind: Kind, errors: &[OfSource]| {
        let of = |(source, error): &OfSource| Problem::of_fault(kind, source.id(), None, &Fault::of(error));
        errors.iter().map(of).collect()
    };
    Quality {
        form: quality::FORM,
        version: env!("CARGO_PKG_VERSION"),
        exit_code: quality::worst_exit(faults.chain(absent)),
        rows: Rows::total(files.iter()),
        sources: asked.into_iter().map(source).collect(),
        problems: quality::problems(&files, problems(Kind::Error, wrong), problems(Kind::Warning, strangers)),
        files,
    }
}

fn write(out: &mut RunFolder, quality: &Quality, (staged, sources): (&Staged, &Sources)) -> Result<(), Error> {
    let json = serde_json::to_vec_pretty(quality).map_err(Error::silent("write JSON"))?;
    out.write(Tier::Internal, "quality.json", &json, None)?;
    out.write(Tier::Internal, "quality.html", quality::page(quality)?.as_bytes(), None)?;
    for source in quality.sources.iter().filter_map(|source| Source::from_id(source.id)) {
        let sheet = exact::rejects(staged, &sources.tables, source);
        let rows = Some(sheet.rows.len() as u64);
        out.write(Tier::Restricted, &format!("rejects/{}.csv", source.id()), &csv::bytes(&sheet)?, rows)?;
    }
    Ok(())
}
