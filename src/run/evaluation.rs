//! From extracts to figures: in memory for tests and studies, and for a run with what the store keeps from last night.

use std::path::{Path, PathBuf};

use super::{Progress, Step, gates, sensitivity};
use crate::domain::token::Token;
use crate::effects::{self, Effects};
use crate::error::Error;
use crate::identity::keys::ProjectKey;
use crate::ingest::digests::Digests;
use crate::ingest::{self, Extract, Staged, lookups::Deprivation, opt_outs::OptOuts, stage::Stager};
use crate::link::cache::Beside;
use crate::link::links::Review;
use crate::link::quality::{Pack, Wanted};
use crate::link::{self, LinkAudit, Linked};
use crate::metrics::headline::Variant;
use crate::metrics::{self, Counts, Estimates, skeleton};
use crate::pathways::{self, Coverage, Journeys, Pathways};
use crate::registry::{Registered, Registry};
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
    /// What pathways changed, exact; none without an analysis plan.
    pub effects: Option<Effects>,
}

/// What a run publishes from: the figures, and where the store has the rows about people.
pub(super) struct Findings {
    pub(super) staged: Staged,
    pub(super) coverage: Coverage,
    pub(super) audit: LinkAudit,
    pub(super) conflicts: Vec<(Source, Token)>,
    pub(super) review: Vec<Review>,
    pub(super) quality: Pack,
    pub(super) pathways: Pathways,
    pub(super) estimates: Estimates,
    pub(super) effects: Option<Effects>,
    pub(super) people: Registered,
    /// Headline figures under other linkages; none where settings do not ask for them.
    pub(super) variants: Vec<Variant>,
    pub(super) linked_folder: PathBuf,
    pub(super) evaluated_folder: PathBuf,
}

/// Who is on which pathway, in numbers and person by person, the counts of every metric, and effects.
type Counted = (Pathways, Journeys, Counts, Option<Effects>);

/// What everything is worked out with.
#[derive(Clone, Copy)]
pub(super) struct Given<'a> {
    pub(super) settings: &'a Settings,
    pub(super) sources: &'a Sources,
    pub(super) opt_outs: Option<&'a OptOuts>,
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
    let opt_outs = OptOuts::of(settings, key)?;
    let given = Given { settings, sources, opt_outs: opt_outs.as_ref(), progress };
    let (mut staged, coverage, linking) = given.read(extracts, key)?;
    let (linked, (pathways, _, counts, effects), ()) =
        given.link_and_count(&mut staged, &coverage, &linking, |_| Ok(()))?;
    let estimates = given.estimate(&staged, (&counts, &pathways), &coverage)?;
    Ok(Evaluation { staged, linked, pathways, coverage, estimates, effects })
}

/// Where the people of a run are registered, and under which id the run goes.
#[derive(Clone, Copy)]
pub(super) struct Register<'a> {
    pub(super) registry: &'a Registry,
    pub(super) run: &'a str,
}

impl Register<'_> {
    /// The people of a linkage that was made in an earlier run.
    fn kept(&self, folder: &Path, coverage: &Coverage) -> Result<Registered, Error> {
        let known = self.registry.current(folder).map(Ok);
        known.unwrap_or_else(|| self.registry.register_kept(folder, (self.run, coverage.as_of)))
    }

    /// The people of a linkage.
    fn linked(&self, linked: &Linked, folder: &Path, coverage: &Coverage) -> Result<Registered, Error> {
        let known = self.registry.current(folder).map(Ok);
        known.unwrap_or_else(|| self.registry.register_linked(linked, folder, (self.run, coverage.as_of)))
    }
}

/// As [`evaluate`], but what was found last night from the same extracts, settings and coverage is not worked out again,
/// and people are registered.
pub(super) fn find(
    given: Given<'_>,
    extracts: &[Extract],
    key: &ProjectKey,
    register: Register<'_>,
) -> Result<Findings, Error> {
    let (mut staged, coverage, linking) = given.read(extracts, key)?;
    let linked_folder = linking.folder.clone();
    let evaluated_folder = metrics::cache::folder(&linked_folder, given.settings, &coverage);
    let beside = Beside::read(&staged, &linked_folder);
    let kept = || given.kept(&coverage, &evaluated_folder);
    let known = beside.and_then(|beside| Some((beside, kept()?)));
    let as_read = given.again(&staged, known.as_ref().map(|_| evaluated_folder.as_path()));
    let (left, pathways, estimates, effects, people) = if let Some((mut beside, (pathways, counts, effects))) = known {
        beside.charge(&mut staged);
        given.linked(&mut staged, &beside.audit, &coverage)?;
        given.followed(&pathways, &beside.audit);
        let people = register.kept(&linked_folder, &coverage)?;
        let estimates = given.estimate(&staged, (&counts, &pathways), &coverage)?;
        let Beside { audit, conflicts, review, quality, .. } = beside;
        ((audit, conflicts, review, quality), pathways, estimates, effects, people)
    } else {
        let registered = |linked: &Linked| register.linked(linked, &linked_folder, &coverage);
        let (mut linked, (pathways, journeys, counts, effects), people) =
            given.link_and_count(&mut staged, &coverage, &linking, registered)?;
        let (written, estimates) = rayon::join(
            || {
                metrics::cache::write(&counts, &pathways, &journeys, &evaluated_folder)?;
                effects::cache::write(effects.as_ref(), &evaluated_folder)
            },
            || given.estimate(&staged, (&counts, &pathways), &coverage),
        );
        written?;
        let estimates = estimates?;
        let (audit, conflicts) = (std::mem::take(&mut linked.audit), std::mem::take(&mut linked.conflicts));
        let (review, quality) = (std::mem::take(&mut linked.review), std::mem::take(&mut linked.quality));
        // Giving the memory of millions of rows back takes a while, and nothing waits for it.
        rayon::spawn(move || drop((linked, journeys)));
        ((audit, conflicts, review, quality), pathways, estimates, effects, people)
    };
    let variants = given.sensitivity(as_read, &coverage, (&linking, &evaluated_folder))?;
    let (audit, conflicts, review, quality) = left;
    Ok(Findings {
        staged,
        coverage,
        audit,
        conflicts,
        review,
        quality,
        pathways,
        estimates,
        effects,
        people,
        variants,
        linked_folder,
        evaluated_folder,
    })
}

/// How records are linked, where the store has or will have what came of it, and what the records were read from.
pub(super) struct Linking<'a> {
    pub(super) options: link::Options,
    pub(super) folder: PathBuf,
    extracts: &'a [Extract],
    key: &'a ProjectKey,
}

impl Given<'_> {
    /// The files once more, if other linkage is asked for and what came of it is not beside last night's evaluation.
    fn again(&self, staged: &Staged, evaluated: Option<&Path>) -> Option<Staged> {
        let is_known = evaluated.is_some_and(|folder| sensitivity::read(folder).is_some());
        (self.settings.linkage.sensitivity && !is_known).then(|| staged.again())
    }

    /// Headline figures under stricter and looser linkage, where settings ask for them.
    fn sensitivity(
        &self,
        as_read: Option<Staged>,
        coverage: &Coverage,
        (linking, evaluated): (&Linking<'_>, &Path),
    ) -> Result<Vec<Variant>, Error> {
        if !self.settings.linkage.sensitivity {
            return Ok(Vec::new());
        }
        let found = match as_read {
            Some(mut as_read) => {
                self.complete(&mut as_read, linking)?;
                sensitivity::find(*self, &as_read, coverage, (&linking.options, evaluated))?
            }
            None => sensitivity::read(evaluated).ok_or_else(|| Error::bug("other linkage went while it was read"))?,
        };
        let headlines: u64 = found.iter().map(|variant| variant.headlines.len() as u64).sum();
        self.ended("sensitivity", headlines, headlines);
        Ok(found)
    }

    /// Names and places of files that are in the store, which does not hold them: read again from the extracts.
    fn complete(&self, staged: &mut Staged, linking: &Linking<'_>) -> Result<(), Error> {
        if staged.has_all_fields() {
            return Ok(());
        }
        let deprivation = Deprivation::of(self.settings)?;
        let stager = self.stager(linking.extracts, linking.key, &deprivation)?;
        staged.complete_fields(linking.extracts, &stager)
    }

    pub(super) fn stager<'s>(
        &'s self,
        extracts: &[Extract],
        key: &ProjectKey,
        deprivation: &'s Deprivation,
    ) -> Result<Stager<'s>, Error> {
        let digests = Digests::gather(self.settings, self.sources, extracts, key, self.opt_outs)?;
        let stager = Stager::new(self.settings, self.sources, key, deprivation);
        let stager = stager.leaving_out(self.opt_outs).with_digests(digests);
        let is_asked = self.settings.linkage.compares_fields();
        let match_keys = is_asked && extracts.iter().any(|extract| stager.holds_match_keys(extract));
        Ok(stager.with_match_keys(match_keys))
    }

    /// Stages the extracts. Says too where the store has, or will have, what linkage makes of them.
    pub(super) fn read<'e>(
        &self,
        extracts: &'e [Extract],
        key: &'e ProjectKey,
    ) -> Result<(Staged, Coverage, Linking<'e>), Error> {
        let settings = self.settings;
        let deprivation = Deprivation::of(settings)?;
        let stager = self.stager(extracts, key, &deprivation)?;
        let bytes = extracts.iter().filter_map(|extract| Some(extract.stamp().ok()?.0)).sum();
        (self.progress)(Step::Reading { bytes });
        let staged = ingest::all(extracts, &stager, &|file| {
            (self.progress)(Step::Staged { rows: file.tally.read, bytes: file.bytes, is_new: file.is_new });
        })?;
        let read: u64 = staged.files.iter().map(|file| file.tally.read).sum();
        self.ended("read", read, kept(&staged));
        let coverage = Coverage::load(settings, &staged, self.sources)?;
        let options = link::Options::of(settings, key)?;
        let folder = link::cache::folder(&settings.resolve(&settings.paths.store), &staged, self.sources, &options);
        Ok((staged, coverage, Linking { options, folder, extracts, key }))
    }

    /// Links people, or reads last night's linkage of the same files back, and counts. A new linkage goes to the store
    /// meanwhile, and then `also` gets it.
    fn link_and_count<T: Send>(
        &self,
        staged: &mut Staged,
        coverage: &Coverage,
        linking: &Linking<'_>,
        also: impl FnOnce(&Linked) -> Result<T, Error> + Send,
    ) -> Result<(Linked, Counted, T), Error> {
        let Linking { options, folder, .. } = linking;
        let known = link::cache::read(staged, folder);
        let is_new = known.is_none();
        let linked = if let Some(linked) = known {
            linked
        } else {
            self.complete(staged, linking)?;
            link::link(staged, self.sources, options, Wanted::Quality)?
        };
        let beside = link::cache::beside(&linked, staged)?;
        self.linked(staged, &linked.audit, coverage)?;
        let (written, counted) = rayon::join(
            || {
                if is_new {
                    link::cache::write(&linked, &beside, self.sources, folder)?;
                }
                also(&linked)
            },
            || self.count(&linked, coverage),
        );
        Ok((linked, counted?, written?))
    }

    /// What can be judged only when every row is counted.
    fn linked(&self, staged: &mut Staged, audit: &LinkAudit, coverage: &Coverage) -> Result<(), Error> {
        link::future::count(staged, self.sources, coverage.as_of)?;
        gates::check(*self, staged, coverage)?;
        self.ended("link", kept(staged), audit.people);
        Ok(())
    }

    /// What to count.
    pub(super) fn figures(&self) -> metrics::Wanted<'_> {
        metrics::Wanted {
            periods: &self.settings.periods,
            codes: &self.sources.values,
            cut_offs: &self.settings.cut_offs,
            reliable: &self.settings.reliable,
            only: None,
        }
    }

    /// Follows people along pathways and counts every metric.
    fn count(&self, linked: &Linked, coverage: &Coverage) -> Result<Counted, Error> {
        let (pathways, journeys) = pathways::build(linked, self.settings, self.sources, coverage)?;
        self.followed(&pathways, &linked.audit);
        let (counts, effects) = rayon::join(
            || metrics::count(linked, &journeys, coverage, self.figures()),
            || effects::find(linked, (&pathways, &journeys), coverage, (self.settings, self.sources)),
        );
        let (counts, effects) = (counts?, effects?);
        Ok((pathways, journeys, counts, effects))
    }

    /// What was worked out last night, all of it or nothing.
    fn kept(&self, coverage: &Coverage, folder: &Path) -> Option<(Pathways, Counts, Option<Effects>)> {
        let (pathways, counts) = metrics::cache::read(self.settings, coverage, folder)?;
        let effects = match self.settings.plan {
            Some(_) => Some(effects::cache::read(folder)?),
            None => None,
        };
        Some((pathways, counts, effects))
    }

    fn followed(&self, pathways: &Pathways, audit: &LinkAudit) {
        self.ended("pathways", audit.people, pathways.episodes);
    }

    /// Works values and intervals out from counts.
    fn estimate(
        &self,
        staged: &Staged,
        (counts, pathways): (&Counts, &Pathways),
        coverage: &Coverage,
    ) -> Result<Estimates, Error> {
        let estimates = Estimates::of(counts, pathways, coverage);
        skeleton::check(&estimates, counts, pathways.configs.len())?;
        let rows = estimates.rows.len() + estimates.before_after.len();
        self.ended("metrics", kept(staged), rows as u64);
        Ok(estimates)
    }

    fn ended(&self, name: &'static str, rows_in: u64, rows_out: u64) {
        (self.progress)(Step::Stage { name, rows_in, rows_out });
    }
}

fn kept(staged: &Staged) -> u64 {
    staged.files.iter().map(|file| file.tally.kept).sum()
}
