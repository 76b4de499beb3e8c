//! What an evaluation came to, on disk: `store/evaluated/<address>/`, addressed by all that it was made from.
//!
//! When no extract, setting or coverage changed, tonight's pathways and counts are last night's, and not even the linked
//! tables are read. Whole numbers only: values and intervals are worked out anew, so that no figure goes through text.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::ALL;
use super::cell::{Cell, More};
use super::compute::{Counted, Counts, is_divided};
use super::levels::Levels;
use super::national::Agreement;
use crate::domain::hex;
use crate::domain::period::Period;
use crate::error::Error;
use crate::pathways::{self, Coverage, Journeys, Pathways};
use crate::settings::Settings;
use crate::stats::proportion::Clusters;
use crate::stats::quantile::Ranks;

/// Changes whenever a rule, a metric or the form of these files does.
const EVALUATION_FORMAT: u32 = 15;
const COUNTS: &str = "counts.json";

/// All counts as they are kept.
#[derive(Serialize, Deserialize)]
struct All {
    metrics: Vec<Kept>,
    national: Vec<Agreement>,
}

/// The counts of one metric as they are kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    metric: String,
    levels: Levels,
    cells: Option<Vec<[u64; 11]>>,
    /// What some cells hold beside: their position, then the numbers.
    more: Vec<(usize, KeptMore)>,
}

/// What some statistics rest on beside counts, as it is kept.
#[derive(Serialize, Deserialize)]
enum KeptMore {
    Ranks(i64, i64, Option<[i64; 2]>),
    Firsts(i64, i64),
}

/// Where what these linked tables, settings and coverage come to is, or would be.
pub fn folder(linked: &Path, settings: &Settings, coverage: &Coverage) -> PathBuf {
    let mut address = Sha256::new();
    let mut add = |part: &[u8]| {
        address.update((part.len() as u64).to_le_bytes());
        address.update(part);
    };
    add(&EVALUATION_FORMAT.to_le_bytes());
    add(env!("CARGO_PKG_VERSION").as_bytes());
    add(linked.file_name().unwrap_or_default().as_encoded_bytes());
    add(settings.text.as_bytes());
    // What is read beside the text, for settings that were changed after they were loaded.
    let Settings { pathway, ascertainment, periods, secondary_care, cut_offs, reliable, .. } = settings;
    add(format!("{:?}", (pathway, ascertainment, periods, secondary_care, cut_offs, reliable)).as_bytes());
    add(&coverage.fingerprint());
    settings.resolve(&settings.paths.store).join("evaluated").join(hex::lower(&address.finalize()))
}

/// Writes what was found; the folder gets its name only when it is whole.
pub fn write(counts: &Counts, pathways: &Pathways, journeys: &Journeys, folder: &Path) -> Result<(), Error> {
    let part = folder.with_extension("part");
    let _ = std::fs::remove_dir_all(&part);
    std::fs::create_dir_all(&part).map_err(|_| Error::cannot_write(&part))?;
    let keep = |counted: &Counted| Kept {
        metric: ALL[counted.metric].id.to_owned(),
        levels: counted.levels.clone(),
        cells: counted.cells.as_ref().map(|cells| cells.iter().map(numbers).collect()),
        more: counted.cells.iter().flatten().enumerate().filter_map(|(at, cell)| Some((at, more(cell)?))).collect(),
    };
    let (tables, text) = rayon::join(
        || pathways::cache::write(pathways, journeys, &part),
        || {
            let metrics = counts.metrics.iter().map(keep).collect();
            serde_json::to_vec(&All { metrics, national: counts.national.clone() })
        },
    );
    tables?;
    let text = text.map_err(Error::silent("write counts"))?;
    std::fs::write(part.join(COUNTS), text).map_err(|_| Error::cannot_write(&part))?;
    // What is there could not be read back, or it would not be written again.
    let _ = std::fs::remove_dir_all(folder);
    std::fs::rename(&part, folder).map_err(|_| Error::cannot_write(folder))
}

/// Reads what was found back; none if it is not there or not whole.
pub fn read(settings: &Settings, coverage: &Coverage, folder: &Path) -> Option<(Pathways, Counts)> {
    let (pathways, counts) =
        rayon::join(|| pathways::cache::read(&settings.pathway, folder), || read_counts(settings, coverage, folder));
    Some((pathways?, counts?))
}

fn read_counts(settings: &Settings, coverage: &Coverage, folder: &Path) -> Option<Counts> {
    let All { metrics: kept, national } = serde_json::from_slice(&std::fs::read(folder.join(COUNTS)).ok()?).ok()?;
    let calendars = settings.periods.up_to(coverage.as_of);
    let groups = |periods: &Vec<Period>| (settings.pathway.len() + 1) * periods.len();
    let is_whole = |(one, metric): (&Kept, &&super::Metric)| {
        let wanted = calendars.iter().map(|periods| groups(periods) * one.levels.len(is_divided(periods[0].span)));
        one.metric == metric.id && one.cells.as_ref().is_none_or(|cells| cells.len() == wanted.sum::<usize>())
    };
    if kept.len() != ALL.len() || !kept.iter().zip(ALL.iter()).all(is_whole) {
        return None;
    }
    let counted = |(metric, one): (usize, Kept)| {
        let mut cells: Option<Vec<Cell>> = one.cells.map(|cells| cells.into_iter().map(cell).collect());
        for (at, more) in one.more {
            cells.as_mut()?.get_mut(at)?.more = match more {
                KeptMore::Ranks(below, above, limits) => More::Ranks(Ranks { below, above, limits }),
                KeptMore::Firsts(sum, squares) => More::Firsts(sum, squares),
            };
        }
        Some(Counted { metric, levels: one.levels, cells })
    };
    let metrics = kept.into_iter().enumerate().map(counted).collect::<Option<Vec<Counted>>>()?;
    Some(Counts { calendars, metrics, national })
}

fn more(cell: &Cell) -> Option<KeptMore> {
    match cell.more {
        More::Nothing => None,
        More::Ranks(ranks) => Some(KeptMore::Ranks(ranks.below, ranks.above, ranks.limits)),
        More::Firsts(sum, squares) => Some(KeptMore::Firsts(sum, squares)),
    }
}

fn numbers(cell: &Cell) -> [u64; 11] {
    let Cell { numerator, denominator, people, people_in, people_out, top_two, sums, more: _ } = *cell;
    let [people, people_in, people_out] = [people, people_in, people_out].map(u64::from);
    let [first, second] = top_two;
    let Clusters { clusters, xx, xn, nn } = sums;
    [numerator, denominator, people, people_in, people_out, first, second, clusters, xx, xn, nn]
}

fn cell(
    [numerator, denominator, people, people_in, people_out, first, second, clusters, xx, xn, nn]: [u64; 11],
) -> Cell {
    let sums = Clusters { clusters, xx, xn, nn };
    let [people, people_in, people_out] = [people, people_in, people_out].map(|count| count as u32);
    Cell { numerator, denominator, people, people_in, people_out, top_two: [first, second], sums, more: More::Nothing }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_the_same_after_it_was_kept() {
        let kept: [u64; 11] = std::array::from_fn(|at| at as u64 + 1);
        assert_eq!(numbers(&cell(kept)), kept);
    }
}
