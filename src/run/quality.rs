//! What the linkage quality pack is held against: the last good run, and other linkages.

use std::path::Path;

use super::evaluation::Findings;
use crate::disclosure::linkage::{Before, Quality};
use crate::domain::day;
use crate::output::folder;
use crate::settings::Settings;
use crate::sources::Sources;

/// The rows of the last good run's two tables; none where there is no such run.
pub(super) fn before(settings: &Settings) -> Before {
    let runs = settings.resolve(&settings.paths.runs);
    let read = |tier: &str| {
        let run = folder::latest(&runs)?;
        rows(&runs.join(run).join(tier).join("linkage_quality.csv"))
    };
    Before {
        internal: read("internal").unwrap_or_default(),
        released: read("release").unwrap_or_default(),
        alert_points: settings.linkage.alert_points,
    }
}

fn rows(path: &Path) -> Option<Vec<Vec<String>>> {
    let mut reader = csv::Reader::from_path(path).ok()?;
    reader.records().map(|row| Some(row.ok()?.iter().map(str::to_owned).collect())).collect()
}

/// What the linkage quality pack is made from.
pub(super) fn of<'a>(found: &'a Findings, sources: &'a Sources, before: &'a Before) -> Quality<'a> {
    let first = found.estimates.periods.first().map_or(0, |period| day::month_number(period.start));
    Quality {
        pack: &found.people.quality,
        audit: &found.people.audit,
        staged: (&found.people.staged, &sources.tables),
        months: (first, day::month_number(found.coverage.as_of)),
        variants: &found.variants,
        before,
    }
}
