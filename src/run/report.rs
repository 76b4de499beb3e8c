//! The report of each tier, from the tables of that tier.

use std::path::Path;

use crate::disclosure::{self, Release, control::Figures};
use crate::error::Error;
use crate::output::metadata::Provenance;
use crate::output::{RunFolder, Tier, folder, tiers};
use crate::pathways::Pathways;
use crate::report::{self, Context, Group};
use crate::settings::Settings;

/// Its name in a run folder.
pub(super) const FILE: &str = "report.html";
/// The sheet whose exact form the next run compares itself with.
const SUMMARY: &str = "funder_summary";

/// Writes `report.html` to the release and to the internal tier.
pub(super) fn write(
    out: &mut RunFolder,
    (figures, release): (&Figures<'_>, &Release),
    settings: &Settings,
    provenance: &Provenance,
) -> Result<(), Error> {
    let groups = groups(figures.pathways);
    let previous = previous(&settings.resolve(&settings.paths.runs));
    let deprivation = settings.lookups.deprivation();
    let context = |tier, previous| Context {
        tier,
        groups: &groups,
        as_of: crate::domain::day::to_iso(figures.coverage.as_of),
        run: &provenance.run,
        config_sha256: &provenance.config_sha256,
        key_check_value: &provenance.key_check_value,
        deprivation: &deprivation,
        disclosure: &provenance.disclosure,
        is_demonstration: provenance.is_demonstration,
        previous,
    };
    let (own, others) = rayon::join(
        || {
            let exact = disclosure::uncontrolled(figures, settings)?;
            let page = report::page(&exact, &context(report::Tier::Internal, previous.as_deref()))?;
            Ok::<_, Error>((page, exact.into_iter().find(|sheet| sheet.name == SUMMARY)))
        },
        || report::page(release.sheets(), &context(report::Tier::Release, None)),
    );
    let (own, summary) = own?;
    summary.map_or(Ok(()), |summary| tiers::internal(out, &summary))?;
    out.write(Tier::Internal, FILE, own.as_bytes(), None)?;
    out.write(Tier::Release, FILE, others?.as_bytes(), None)
}

fn groups(pathways: &Pathways) -> Vec<Group> {
    let group = |config: &crate::settings::PathwayConfig| Group {
        id: config.id.clone(),
        title: config.title.clone(),
        compared_with: config.of.clone(),
    };
    pathways.configs.iter().map(group).collect()
}

/// The exact summary of the last good run, headings first; none where there is none or it cannot be read.
fn previous(runs: &Path) -> Option<Vec<Vec<String>>> {
    let path = runs.join(folder::latest(runs)?).join(format!("internal/{SUMMARY}.csv"));
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(path).ok()?;
    let rows = reader.records().map(|record| Some(record.ok()?.iter().map(str::to_owned).collect()));
    rows.collect()
}
