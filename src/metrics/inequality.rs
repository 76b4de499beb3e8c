//! Inequality of shares over deprivation quintiles, from the estimates by quintile.
//!
//! In: [`Estimates`]. Out: one row for each metric, pathway and period that is divided so. Leaves alone: disclosure control.

use super::{ALL, Breakdown, Estimate, Estimates, Form};
use crate::stats::Z_95;
use crate::stats::inequality::{Group, Indices, indices};

/// Deprivation quintiles, 1 most deprived.
const QUINTILES: usize = 5;

/// The inequality of one share, with the estimates that it rests on.
#[derive(Debug, Clone)]
pub struct Row<'a> {
    /// Quintiles 1 to 5.
    pub quintiles: &'a [Estimate],
    /// Where the quintile is not known.
    pub not_known: &'a Estimate,
    /// Slope and relative index; none where a quintile has nobody.
    pub indices: Option<Indices>,
}

/// Every share by quintile, in the order of the estimates.
pub fn rows(estimates: &Estimates) -> Vec<Row<'_>> {
    let key = |row: &Estimate| (row.metric, row.pathway, row.period, row.breakdown);
    let groups = estimates.rows.chunk_by(|a, b| key(a) == key(b));
    let is_share = |group: &&[Estimate]| {
        group[0].breakdown == Breakdown::ImdQuintile && ALL[group[0].metric].statistic.form() == Form::Share
    };
    let row = |group| {
        let (quintiles, rest) = <[Estimate]>::split_at_checked(group, QUINTILES)?;
        let not_known = rest.first()?;
        let values: Option<Vec<Group>> = quintiles.iter().map(group_of).collect();
        Some(Row { quintiles, not_known, indices: values.and_then(|values| indices(&values)) })
    };
    groups.filter(is_share).filter_map(row).collect()
}

/// A quintile's share, with the error that its interval stands for.
fn group_of(row: &Estimate) -> Option<Group> {
    let (cell, value, interval) = (row.cell?, row.value?, row.interval?);
    let error = (interval.upper - interval.lower) / (2.0 * Z_95);
    Some(Group { size: cell.denominator as f64, value, error })
}
