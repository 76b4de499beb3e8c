//! Sensitivity: the headline figures once more, with people linked more strictly and more loosely.

use std::path::Path;

use super::evaluation::Given;
use crate::error::Error;
use crate::ingest::Staged;
use crate::link::quality::Wanted;
use crate::link::{self, Options};
use crate::metrics::headline::{self, Headline, Kept, Variant};
use crate::metrics::{self, Estimates};
use crate::pathways::{self, Coverage};

/// The file in the folder of an evaluation.
const FILE: &str = "sensitivity.json";

/// What other linkage was made last night of the same extracts and settings.
pub(super) fn read(folder: &Path) -> Option<Vec<Variant>> {
    let kept: Vec<Vec<Kept>> = serde_json::from_slice(&std::fs::read(folder.join(FILE)).ok()?).ok()?;
    let all: Vec<Vec<Headline>> =
        kept.into_iter().map(|own| own.into_iter().map(Headline::read).collect()).collect::<Option<_>>()?;
    let [strict, loose] = <[Vec<Headline>; 2]>::try_from(all).ok()?;
    Some(vec![Variant { name: "strict", headlines: strict }, Variant { name: "loose", headlines: loose }])
}

/// Links and counts anew, twice, from files as they were before linkage, and keeps what comes of it.
pub(super) fn find(
    given: Given<'_>,
    as_read: &Staged,
    coverage: &Coverage,
    (options, folder): (&Options, &Path),
) -> Result<Vec<Variant>, Error> {
    let mut variants = Vec::new();
    for (name, options) in [("strict", options.strict()), ("loose", options.loose())] {
        let mut staged = as_read.again();
        let linked = link::link(&mut staged, given.sources, &options, Wanted::Links)?;
        let (pathways, journeys) = pathways::build(&linked, given.settings, given.sources, coverage)?;
        let wanted = metrics::Wanted { only: Some(headline::SUBJECT), ..given.figures() };
        let counts = metrics::count(&linked, &journeys, coverage, wanted)?;
        let estimates = Estimates::of(&counts, &pathways, coverage);
        variants.push(Variant { name, headlines: headline::of(&estimates, &pathways, linked.audit.people) });
    }
    let kept: Vec<Vec<Kept>> =
        variants.iter().map(|variant| variant.headlines.iter().map(Headline::keep).collect()).collect();
    let text = serde_json::to_vec(&kept).map_err(Error::silent("write headline figures"))?;
    std::fs::write(folder.join(FILE), text).map_err(|_| Error::cannot_write(folder))?;
    Ok(variants)
}
