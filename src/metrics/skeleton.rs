//! Skeleton: every row that outputs must have. A figure that is hidden or not available has its row and a marker; a row that
//! is not there would be none of the four.
//!
//! In: what is declared, and the levels that tables have. Out: an error where a row is missing or stands twice.

use super::breakdowns::Breakdown;
use super::compute::{Counts, is_divided};
use super::estimates::{Estimate, Estimates};
use super::levels::Levels;
use super::metric::Subject;
use super::{ALL, Metric};
use crate::domain::period::Period;
use crate::error::Error;

/// Fails unless the estimates are, row for row, those that every metric, pathway, period, breakdown and level asks for.
pub fn check(estimates: &Estimates, counts: &Counts, pathways: usize) -> Result<(), Error> {
    let mut rows = estimates.rows.iter();
    for (metric, counted) in ALL.iter().zip(&counts.metrics) {
        let is_per_pathway = metric.subject == Subject::Episodes && counted.cells.is_some();
        for slot in usize::from(is_per_pathway)..=pathways {
            for (at, period) in counts.calendars.iter().flatten().enumerate() {
                let levels = wanted(metric, &counted.levels, period);
                let group: Vec<&Estimate> = rows.by_ref().take(levels.len()).collect();
                let is_it = |(row, (breakdown, level)): (&&Estimate, &(Breakdown, String))| {
                    ALL[row.metric].id == metric.id
                        && (row.pathway, row.period) == (slot.checked_sub(1), at)
                        && (row.breakdown, row.level.as_str()) == (*breakdown, level.as_str())
                };
                if group.len() != levels.len() || !group.iter().zip(&levels).all(is_it) {
                    return Err(Error::bug(format!("a row of {} for {} is missing", metric.id, period.name)));
                }
            }
        }
    }
    if rows.next().is_some() { Err(Error::bug("there are rows of figures that nothing asks for")) } else { Ok(()) }
}

/// The levels that a metric has in a period, from its declared breakdowns.
fn wanted(metric: &Metric, levels: &Levels, period: &Period) -> Vec<(Breakdown, String)> {
    let names = levels.names(is_divided(period.span));
    let declared = metric.subject.breakdowns();
    let is_asked = |breakdown: &Breakdown| is_divided(period.span) || *breakdown == Breakdown::All;
    let mut wanted = Vec::with_capacity(names.len());
    for breakdown in declared.into_iter().filter(is_asked) {
        let own = names.iter().filter(|(known, _)| *known == breakdown);
        wanted.extend(own.cloned());
    }
    wanted
}
