//! What a run writes before disclosure control: rows for the trust only, exact tables for its analysts.

use super::evaluation::Findings;
use crate::disclosure::exact;
use crate::disclosure::linkage::Quality;
use crate::error::Error;
use crate::output::{RunFolder, tiers};
use crate::settings::Settings;
use crate::sources::Sources;

/// Writes the restricted and the internal tier.
pub(super) fn exact(
    out: &mut RunFolder,
    found: &Findings,
    linkage: &Quality<'_>,
    (settings, sources): (&Settings, &Sources),
) -> Result<(), Error> {
    let Findings { staged, estimates, pathways, .. } = found;
    let linked = (found.linked_folder.as_path(), found.evaluated_folder.as_path());
    tiers::restricted(out, (&found.conflicts, &found.review), &found.people, linked)?;
    tiers::rejects(out, staged, sources.tables.as_slice())?;
    tiers::internal(out, &exact::estimates(estimates, pathways))?;
    tiers::internal(out, &exact::steadiness(estimates, pathways, &settings.spc))?;
    tiers::internal(out, &exact::ratios(estimates, pathways))?;
    tiers::internal(out, &exact::data_quality(staged, &sources.tables, settings.accepts()))?;
    tiers::linkage(out, linkage)
}
