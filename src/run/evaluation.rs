//! From extracts to figures: in memory for tests and studies, and for a run with what the store keeps from last night.

use std::path::{Path, PathBuf};

use super::{Progress, Step};
use crate::domain::token::Token;
use crate::error::{self, Error};
use crate::identity::keys::ProjectKey;
use crate::ingest::{self, Extract, Staged, StagedFile, lookups::Deprivation, stage::Stager};
use crate::link::cache::Beside;
use crate::link::{self, LinkAudit, Linked};
use crate::metrics::{self, Counts, Estimates};
use crate::pathways::{self, Coverage, Journeys, Pathways};
use crate::schema::Source;
use crate::settings::Settings;
use crate::sources::Sources;

/// What extracts come to, before disclosure control, with the linked rows.
pub struct Evaluation {
    /// The extracts as staged, with what became of every row.
    pub staged: Staged,
    /// People and their records.
    pub linked: Linked,
    /// Who is on which pathway, in numbers.
    pub pathways: Pathways,
    /// Covered days.
    pub coverage: Coverage,
    /// The figures, exact.
    pub estimates: Estimates,
}

/// What a run publishes from: the figures, and where the store has the rows about people.
pub(super) struct Findings {
    pub(super) staged: Staged,
    pub(super) coverage: Coverage,
    pub(super) audit: LinkAudit,
    pub(super) conflicts: Vec<(Source, Token)>,
    pub(super) pathways: Pathways,
    pub(super) estimates: Estimates,
    pub(super) linked_folder: PathBuf,
    pub(super) evaluated_folder: PathBuf,
}

/// What everything is worked out with.
#[derive(Clone, Copy)]
pub(super) struct Given<'a> {
    pub(super) settings: &'a Settings,
    pub(super) sources: &'a Sources,
    pub(super) progress: Progress<'a>,
}

/// Reads, links, follows pathways and computes every figure, from extracts found by settings or given by a test.
pub fn evaluate(
    settings: &Settings,
    sources: &Sources,
    extracts: &[Extract],
    key: &ProjectKey,
    progress: Progress<'_>,
) -> Result<Evaluation, Error> {
    let given = Given { settings, sources, progress };
    let (mut staged, coverage, linked_folder) = given.read(extracts, key)?;
    let linked = given.link(&mut staged, &linked_folder)?;
    let (pathways, _, counts) = given.count(&linked, &coverage)?;
    let estimates = given.estimate(&staged, (&counts, &pathways), &coverage);
    Ok(Evaluation { staged, linked, pathways, coverage, estimates })
}

/// As [`evaluate`], but what was found last night from the same extracts, settings and coverage is not worked out again.
pub(super) fn find(given: Given<'_>, extracts: &[Extract], key: &ProjectKey) -> Result<Findings, Error> {
    let (mut staged, coverage, linked_folder) = given.read(extracts, key)?;
    let evaluated_folder = metrics::cache::folder(&linked_folder, given.settings, &coverage);
    let beside = Beside::read(&staged, &linked_folder);
    let kept = || metrics::cache::read(given.settings, &coverage, &evaluated_folder);
    if let Some((mut beside, (pathways, counts))) = beside.and_then(|beside| Some((beside, kept()?))) {
        beside.charge(&mut staged);
        given.linked(&staged, &beside.audit)?;
        given.followed(&pathways, &beside.audit);
        let estimates = given.estimate(&staged, (&counts, &pathways), &coverage);
        let Beside { audit, conflicts, .. } = beside;
        return Ok(Findings {
            staged,
            coverage,
            audit,
            conflicts,
            pathways,
            estimates,
            linked_folder,
            evaluated_folder,
        });
    }
    let mut linked = given.link(&mut staged, &linked_folder)?;
    let (pathways, journeys, counts) = given.count(&linked, &coverage)?;
    let (written, estimates) = rayon::join(
        || metrics::cache::write(&counts, &pathways, &journeys, &evaluated_folder),
        || given.estimate(&staged, (&counts, &pathways), &coverage),
    );
    written?;
    let (audit, conflicts) = (std::mem::take(&mut linked.audit), std::mem::take(&mut linked.conflicts));
    // Giving the memory of millions of rows back takes a while, and nothing waits for it.
    rayon::spawn(move || drop((linked, journeys)));
    Ok(Findings { staged, coverage, audit, conflicts, pathways, estimates, linked_folder, evaluated_folder })
}

impl Given<'_> {
    /// Stages the extracts. Says too where the store has, or will have, what linkage makes of them.
    fn read(&self, extracts: &[Extract], key: &ProjectKey) -> Result<(Staged, Coverage, PathBuf), Error> {
        let settings = self.settings;
        let deprivation =
            Deprivation::load(settings.lookups.postcode_imd.as_ref().map(|path| settings.resolve(path)).as_deref())?;
        let stager = Stager::new(settings, self.sources, key, &deprivation);
        let staged = ingest::all(extracts, &stager, &|file| {
            (self.progress)(Step::Staged { rows: file.tally.read, bytes: file.bytes, is_new: file.is_new });
        })?;
        let read: u64 = staged.files.iter().map(|file| file.tally.read).sum();
        self.ended("read", read, kept(&staged));
        let coverage = Coverage::load(settings, &staged, self.sources)?;
        let folder = link::cache::folder(&settings.resolve(&settings.paths.store), &staged, self.sources);
        Ok((staged, coverage, folder))
    }

    /// Links people, or reads last night's linkage of the same files back.
    fn link(&self, staged: &mut Staged, folder: &Path) -> Result<Linked, Error> {
        let linked = if let Some(linked) = link::cache::read(staged, folder) {
            linked
        } else {
            let linked = link::link(staged, self.sources)?;
            link::cache::write(&linked, staged, self.sources, folder)?;
            linked
        };
        self.linked(staged, &linked.audit)?;
        Ok(linked)
    }

    fn linked(&self, staged: &Staged, audit: &LinkAudit) -> Result<(), Error> {
        check_gates(staged, self.settings)?;
        self.ended("link", kept(staged), audit.people);
        Ok(())
    }

    /// Follows people along pathways and counts every metric.
    fn count(&self, linked: &Linked, coverage: &Coverage) -> Result<(Pathways, Journeys, Counts), Error> {
        let (pathways, journeys) = pathways::build(linked, self.settings, self.sources, coverage)?;
        self.followed(&pathways, &linked.audit);
        let counts = metrics::count(linked, &journeys, coverage, self.settings.periods.quarters)?;
        Ok((pathways, journeys, counts))
    }

    fn followed(&self, pathways: &Pathways, audit: &LinkAudit) {
        self.ended("pathways", audit.people, pathways.episodes);
    }

    /// Works values and intervals out from counts.
    fn estimate(&self, staged: &Staged, (counts, pathways): (&Counts, &Pathways), coverage: &Coverage) -> Estimates {
        let estimates = Estimates::of(counts, pathways, coverage);
        let rows = estimates.rows.len() + estimates.before_after.len();
        self.ended("metrics", kept(staged), rows as u64);
        estimates
    }

    fn ended(&self, name: &'static str, rows_in: u64, rows_out: u64) {
        (self.progress)(Step::Stage { name, rows_in, rows_out });
    }
}

fn kept(staged: &Staged) -> u64 {
    staged.files.iter().map(|file| file.tally.kept).sum()
}

/// Every row is accounted for, and no file lost more than the gate allows.
fn check_gates(staged: &Staged, settings: &Settings) -> Result<(), Error> {
    staged.files.iter().try_for_each(|file| check_gate(file, settings))
}

/// The gate of one file.
pub(super) fn check_gate(file: &StagedFile, settings: &Settings) -> Result<(), Error> {
    if !file.tally.adds_up() {
        return Err(Error::bug(format!("the rows of {} do not add up", file.name)));
    }
    let share = 100.0 * file.tally.rejected_total() as f64 / (file.tally.read as f64).max(1.0);
    if share <= settings.gates.max_rejects_percent {
        return Ok(());
    }
    let worst = file.tally.rejected.iter().max_by_key(|(_, count)| **count);
    let worst = worst.map_or_else(String::new, |(check, _)| check.clone());
    Err(Error::new(
        &error::GATE_REJECTS,
        format!("{share:.1} % of the rows of {} were rejected, most by check {worst}", file.name),
        "mend the source config or ask the sender; with a higher max_rejects_percent under [gates] the run goes on and restricted/rejects names every line",
    ))
}
