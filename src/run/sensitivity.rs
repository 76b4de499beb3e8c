//! Sensitivity: the headline figures once more, with people linked more strictly and more loosely.

use std::path::Path;

use super::evaluation::Given;
use crate::error::Error;
use crate::link::{Linked, Moved, Options};
use crate::metrics;
use crate::metrics::Counts;
use crate::metrics::headline::{self, Basis, Exchange, Headline, Kept, Variant};
use crate::pathways::{self, Coverage, Pathways};

/// The file in the folder of an evaluation.
const FILE: &str = "sensitivity.json";
/// Names of the other linkages.
const NAMES: [&str; 2] = ["strict", "loose"];

/// The other linkages, in the order of their names.
pub(super) fn options(base: &Options) -> [Options; 2] {
    [base.strict(), base.loose()]
}

/// What other linkage was made last night of the same extracts and settings.
pub(super) fn read(folder: &Path) -> Option<Vec<Variant>> {
    let kept: Vec<Vec<Kept>> = serde_json::from_slice(&std::fs::read(folder.join(FILE)).ok()?).ok()?;
    let all: Vec<Vec<Headline>> =
        kept.into_iter().map(|own| own.into_iter().map(Headline::read).collect()).collect::<Option<_>>()?;
    (all.len() == NAMES.len()).then(|| named(all))
}

fn named(all: Vec<Vec<Headline>>) -> Vec<Variant> {
    NAMES.into_iter().zip(all).map(|(name, headlines)| Variant { name, headlines }).collect()
}

/// The people whom another linkage changes, counted as the run has them and as they would be.
pub(super) struct Changed {
    people: u64,
    before: (Pathways, Counts),
    after: (Pathways, Counts),
}

/// Counts them.
pub(super) fn count(given: Given<'_>, moved: &Moved, coverage: &Coverage) -> Result<Changed, Error> {
    let of = |linked: &Linked| -> Result<(Pathways, Counts), Error> {
        let (pathways, journeys) = pathways::build(linked, given.settings, given.sources, coverage)?;
        let wanted = metrics::Wanted { only: Some(headline::SUBJECT), ..given.figures() };
        let counts = metrics::count(linked, &journeys, coverage, wanted)?;
        Ok((pathways, counts))
    };
    Ok(Changed { people: moved.people, before: of(&moved.before)?, after: of(&moved.after)? })
}

/// The headline figures under each other linkage: those of the run, with the people whom it changes in their place.
pub(super) fn of(run: Basis<'_>, changed: &[Changed]) -> Vec<Variant> {
    let own = |changed: &Changed| {
        let [before, after] = [&changed.before, &changed.after].map(|(pathways, counts)| Basis {
            counts,
            pathways,
            people: changed.people,
        });
        headline::of(run, Some(Exchange { before, after }))
    };
    named(changed.iter().map(own).collect())
}

/// Headline figures from strict to loose linkage, the run's own in the middle; none where there are no others.
pub(super) fn with_base(others: Vec<Variant>, run: Basis<'_>) -> Vec<Variant> {
    let Ok([strict, loose]) = <[Variant; 2]>::try_from(others) else { return Vec::new() };
    vec![strict, Variant { name: "base", headlines: headline::of(run, None) }, loose]
}

/// Keeps what was found beside the evaluation that it belongs to.
pub(super) fn write(variants: &[Variant], folder: &Path) -> Result<(), Error> {
    if variants.is_empty() {
        return Ok(());
    }
    let kept: Vec<Vec<Kept>> =
        variants.iter().map(|variant| variant.headlines.iter().map(Headline::keep).collect()).collect();
    let text = serde_json::to_vec(&kept).map_err(Error::silent("write headline figures"))?;
    std::fs::write(folder.join(FILE), text).map_err(|_| Error::cannot_write(folder))
}
