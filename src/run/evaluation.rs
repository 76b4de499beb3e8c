//! From extracts to figures: in memory for tests and studies, and for a run with what the store keeps from last night.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use super::sensitivity::{self, Changed};
use super::{Progress, Step, gates};
use crate::domain::token::Token;
use crate::effects::{self, Effects};
use crate::error::Error;
use crate::identity::keys::ProjectKey;
use crate::ingest::digests::Digests;
use crate::ingest::{self, Extract, Staged, lookups::Deprivation, opt_outs::OptOuts, stage::Stager};
use crate::link::cache::Beside;
use crate::link::links::Review;
use crate::link::quality::Pack;
use crate::link::{self, LinkAudit, Linked, Wanted};
use crate::metrics::headline::{Basis, Variant};
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

/// What a run publishes about people, and where the store has their rows.
pub(super) struct People {
    pub(super) staged: Staged,
    pub(super) audit: LinkAudit,
    pub(super) conflicts: Vec<(Source, Token)>,
    pub(super) review: Vec<Review>,
    pub(super) quality: Pack,
    pub(super) registered: Registered,
    pub(super) linked_folder: PathBuf,
    pub(super) evaluated_folder: PathBuf,
}

/// What a run publishes from.
pub(super) struct Findings {
    pub(super) people: People,
    pub(super) coverage: Coverage,
    pub(super) pathways: Pathways,
    pub(super) estimates: Estimates,
    /// What pathways changed, exact; none without an analysis plan.
    pub(super) effects: Option<Effects>,
    /// Headline figures from strict to loose linkage, the run's own in the middle; none where settings do not ask for them.
    pub(super) variants: Vec<Variant>,
}

/// What tonight's extracts are, and what linkage of the same is in the store.
pub(super) struct Tonight<'a> {
    pub(super) staged: Staged,
    pub(super) coverage: Coverage,
    linking: Linking<'a>,
    evaluated_folder: PathBuf,
    beside: Option<Beside>,
}

impl Tonight<'_> {
    /// The address of what is counted.
    pub(super) fn evaluated(&self) -> &str {
        self.evaluated_folder.file_name().and_then(|name| name.to_str()).unwrap_or_default()
    }

    /// Whether people are linked already, as far as a look at names can tell, and nobody asks whom other linkages change.
    pub(super) fn is_linked(&self, settings: &Settings) -> bool {
        link::cache::is_there(&self.linking.folder) && (self.is_counted() || !settings.linkage.sensitivity)
    }

    /// Whether everything is counted already.
    pub(super) fn is_counted(&self) -> bool {
        self.evaluated_folder.is_dir()
    }

    /// Whether nothing about people would have to be made: they are linked, and their pathways followed.
    pub(super) fn has_people(&self) -> bool {
        self.beside.is_some() && pathways::cache::has_restricted(&self.evaluated_folder)
    }
}

/// Who is on which pathway, in numbers and person by person, the counts of every metric, and effects.
type Counted = (Pathways, Journeys, Counts, Option<Effects>);

/// The same without rows about people, and the headline figures under other linkages.
type Known = (Pathways, Counts, Option<Effects>, Vec<Variant>);

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
    let Worked { linked, counted, .. } = given.link_and_count(&mut staged, &coverage, &linking, |_| Ok(()))?;
    let (pathways, _, counts, effects) = counted;
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

/// Stages the extracts, and looks for what linkage made of the same.
pub(super) fn read<'e>(given: Given<'_>, extracts: &'e [Extract], key: &'e ProjectKey) -> Result<Tonight<'e>, Error> {
    let (staged, coverage, linking) = given.read(extracts, key)?;
    let evaluated_folder = metrics::cache::folder(&linking.folder, given.settings, &coverage);
    let beside = Beside::read(&staged, &linking.folder);
    Ok(Tonight { staged, coverage, linking, evaluated_folder, beside })
}

/// The people of a night on which nothing changed, after the gates; nothing is counted. None where the store lacks them.
pub(super) fn people_again(
    given: Given<'_>,
    tonight: Tonight<'_>,
    register: Register<'_>,
) -> Result<(People, Coverage), Error> {
    let Tonight { mut staged, coverage, linking, evaluated_folder, beside } = tonight;
    let mut beside = beside.ok_or_else(|| Error::bug("a linkage went while it was read"))?;
    beside.charge(&mut staged);
    given.linked(&mut staged, &beside.audit, &coverage)?;
    let registered = register.kept(&linking.folder, &coverage)?;
    let Beside { audit, conflicts, review, quality, .. } = beside;
    let linked_folder = linking.folder;
    let people = People { staged, audit, conflicts, review, quality, registered, linked_folder, evaluated_folder };
    Ok((people, coverage))
}

/// As [`evaluate`], but what was found last night from the same extracts, settings and coverage is not worked out again,
/// and people are registered.
pub(super) fn find(given: Given<'_>, tonight: Tonight<'_>, register: Register<'_>) -> Result<Findings, Error> {
    let Tonight { mut staged, coverage, linking, evaluated_folder, beside } = tonight;
    let linked_folder = linking.folder.clone();
    let kept = || given.kept(&coverage, &evaluated_folder);
    let known = beside.and_then(|beside| Some((beside, kept()?)));
    let (beside, registered, (pathways, counts, effects, others)) = if let Some((mut beside, kept)) = known {
        beside.charge(&mut staged);
        given.linked(&mut staged, &beside.audit, &coverage)?;
        given.followed(&kept.0, &beside.audit);
        (beside, register.kept(&linked_folder, &coverage)?, kept)
    } else {
        let registered = |linked: &Linked| register.linked(linked, &linked_folder, &coverage);
        let Worked { mut linked, changed, counted, also: registered } =
            given.link_and_count(&mut staged, &coverage, &linking, registered)?;
        let (pathways, journeys, counts, effects) = counted;
        let basis = Basis { counts: &counts, pathways: &pathways, people: linked.audit.people };
        let others = sensitivity::of(basis, &changed);
        metrics::cache::write(&counts, &pathways, &journeys, &evaluated_folder)?;
        effects::cache::write(effects.as_ref(), &evaluated_folder)?;
        sensitivity::write(&others, &evaluated_folder)?;
        let beside = Beside::of(&mut linked);
        // Giving the memory of millions of rows back takes a while, and nothing waits for it.
        rayon::spawn(move || drop((linked, journeys)));
        (beside, registered, (pathways, counts, effects, others))
    };
    let estimates = given.estimate(&staged, (&counts, &pathways), &coverage)?;
    let basis = Basis { counts: &counts, pathways: &pathways, people: beside.audit.people };
    let variants = sensitivity::with_base(others, basis);
    if !variants.is_empty() {
        let headlines = variants.iter().map(|variant| variant.headlines.len() as u64).sum();
        given.ended("sensitivity", headlines, headlines);
    }
    let Beside { audit, conflicts, review, quality, .. } = beside;
    let people = People { staged, audit, conflicts, review, quality, registered, linked_folder, evaluated_folder };
    Ok(Findings { people, coverage, pathways, estimates, effects, variants })
}

/// What was linked and counted anew.
struct Worked<T> {
    linked: Linked,
    changed: Vec<Changed>,
    counted: Counted,
    also: T,
}

/// How records are linked, where the store has or will have what came of it, and what the records were read from.
pub(super) struct Linking<'a> {
    pub(super) options: link::Options,
    pub(super) folder: PathBuf,
    extracts: &'a [Extract],
    key: &'a ProjectKey,
}

impl Given<'_> {
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
    ) -> Result<Worked<T>, Error> {
        let Linking { options, folder, .. } = linking;
        let is_varied = self.settings.linkage.sensitivity;
        // The store does not have whom other linkages change: that takes the rows that carry identity.
        let known = if is_varied { None } else { link::cache::read(staged, folder) };
        let is_new = known.is_none();
        let changed = Mutex::new(Vec::new());
        let linked = if let Some(linked) = known {
            linked
        } else {
            self.complete(staged, linking)?;
            let others = sensitivity::options(options);
            let told = |moved: link::Moved| {
                let counted = sensitivity::count(*self, &moved, coverage)?;
                changed.lock().map_err(|_| Error::bug("another linkage was not counted"))?.push(counted);
                Ok(())
            };
            let wanted = Wanted { quality: true, others: is_varied.then_some((others.as_slice(), &told)) };
            link::link(staged, self.sources, options, wanted)?
        };
        let changed = changed.into_inner().unwrap_or_default();
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
        Ok(Worked { linked, changed, counted: counted?, also: written? })
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
    fn kept(&self, coverage: &Coverage, folder: &Path) -> Option<Known> {
        let (pathways, counts) = metrics::cache::read(self.settings, coverage, folder)?;
        let effects = match self.settings.plan {
            Some(_) => Some(effects::cache::read(folder)?),
            None => None,
        };
        let others = if self.settings.linkage.sensitivity { sensitivity::read(folder)? } else { Vec::new() };
        Some((pathways, counts, effects, others))
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
