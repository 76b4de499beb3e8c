//! What a run writes: rows for the trust only, exact tables for its analysts, and what is for others.

use super::evaluation::{Findings, People};
use super::report;
use crate::disclosure::control::Figures;
use crate::disclosure::effects::{self, Planned};
use crate::disclosure::linkage::Quality;
use crate::disclosure::{Goals, Release, exact};
use crate::error::Error;
use crate::output::metadata::Provenance;
use crate::output::{RunFolder, Tier, tiers, workbook};
use crate::settings::Settings;
use crate::sources::Sources;

/// Writes the restricted tier: rows about people.
pub(super) fn restricted(out: &mut RunFolder, people: &People, sources: &Sources) -> Result<(), Error> {
    let folders = (people.linked_folder.as_path(), people.evaluated_folder.as_path());
    tiers::restricted(out, (&people.conflicts, &people.review), &people.registered, folders)?;
    tiers::rejects(out, &people.staged, sources.tables.as_slice())?;
    tiers::linkage_lists(out, &people.quality)
}

/// Writes the exact tables of the internal tier.
pub(super) fn internal(
    out: &mut RunFolder,
    (found, planned): (&Findings, Option<Planned<'_>>),
    linkage: &Quality<'_>,
    (settings, sources): (&Settings, &Sources),
) -> Result<(), Error> {
    let Findings { people, estimates, pathways, .. } = found;
    tiers::internal(out, &exact::estimates(estimates, pathways))?;
    tiers::internal(out, &exact::steadiness((estimates, pathways), &settings.spc, Goals(&settings.target)))?;
    tiers::internal(out, &exact::ratios(estimates, pathways))?;
    effects::internal(planned, pathways).iter().try_for_each(|sheet| tiers::internal(out, sheet))?;
    tiers::internal(
        out,
        &exact::data_quality((&people.staged, &sources.tables), settings.accepts(), &estimates.national),
    )?;
    tiers::linkage(out, linkage)
}

/// Writes the release, the report of each tier, the workbook, and last what every file of the release has to come to.
pub(super) fn released(
    out: &mut RunFolder,
    (figures, release): (&Figures<'_>, &Release),
    settings: &Settings,
    provenance: &Provenance,
) -> Result<(), Error> {
    let pathways = figures.pathways.configs.iter().map(|own| [own.id.as_str(), own.title.as_str()]).collect();
    let about = workbook::About { provenance, pathways };
    let (book, written) = rayon::join(
        || workbook::bytes(release, &about),
        || {
            tiers::release(out, release, provenance)?;
            tiers::disclosure(out, release)?;
            tiers::cases(out, &figures.costs.cases, release)?;
            report::write(out, (figures, release), settings, provenance)
        },
    );
    written?;
    out.write(Tier::Release, workbook::FILE, &book?, None)?;
    tiers::checksums(out)
}
