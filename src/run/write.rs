//! What a run writes: rows for the trust only, exact tables for its analysts, and what is for others.

use super::evaluation::Findings;
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

/// Writes the restricted and the internal tier.
pub(super) fn exact(
    out: &mut RunFolder,
    (found, planned): (&Findings, Option<Planned<'_>>),
    linkage: &Quality<'_>,
    (settings, sources): (&Settings, &Sources),
) -> Result<(), Error> {
    let Findings { staged, estimates, pathways, .. } = found;
    let linked = (found.linked_folder.as_path(), found.evaluated_folder.as_path());
    tiers::restricted(out, (&found.conflicts, &found.review), &found.people, linked)?;
    tiers::rejects(out, staged, sources.tables.as_slice())?;
    tiers::internal(out, &exact::estimates(estimates, pathways))?;
    tiers::internal(out, &exact::steadiness((estimates, pathways), &settings.spc, Goals(&settings.target)))?;
    tiers::internal(out, &exact::ratios(estimates, pathways))?;
    effects::internal(planned, pathways).iter().try_for_each(|sheet| tiers::internal(out, sheet))?;
    tiers::internal(out, &exact::data_quality(staged, &sources.tables, settings.accepts()))?;
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
            report::write(out, (figures, release), settings, provenance)
        },
    );
    written?;
    out.write(Tier::Release, workbook::FILE, &book?, None)?;
    tiers::checksums(out)
}
