//! Primary control: what a figure rests on decides by itself whether it may be shown.

use super::policy::{Marker, Policy};
use crate::metrics::cell::Cell;
use crate::metrics::{ALL, Estimate, Form, Statistic};

/// Why a figure is not shown; [`Marker::None`] where it may be.
pub(super) fn marker(row: &Estimate, policy: &Policy, sensitive: &[String]) -> Marker {
    let Some(cell) = row.cell else { return Marker::NotAvailable };
    let statistic = &ALL[row.metric].statistic;
    let form = statistic.form();
    if form != Form::Count && cell.denominator == 0 {
        return Marker::NotApplicable;
    }
    let is_hidden = match form {
        Form::Count => policy.is_dominated(cell.numerator, cell.top_two),
        Form::Share => {
            let is_small = [cell.people_in, cell.people_out].into_iter().any(|own| policy.is_small(u64::from(own)));
            // That all of a group, or none, have something may itself be what nobody is to know.
            let tells_all = policy.threshold > 0 && (cell.people_in == 0 || cell.people_out == 0);
            let is_sensitive = tells_all && sensitive.iter().any(|id| id == ALL[row.metric].id);
            is_small || is_sensitive || is_of_few(statistic, &cell, policy)
        }
        Form::Value => is_telling(statistic, &cell, policy),
    };
    if is_hidden || policy.is_small(people(form, &cell)) {
        return Marker::Hidden;
    }
    // Where all first scores are alike there is no effect size.
    if row.value.is_none() { Marker::NotApplicable } else { Marker::None }
}

/// The people that a figure is printed with.
pub(super) fn people(form: Form, cell: &Cell) -> u64 {
    u64::from(if form == Form::Count { cell.people_in } else { cell.people })
}

/// Whether a mean or quantile would tell the values of a few: two people who make up most of a sum, or fewer people
/// beyond the quantile on either side than may be shown.
fn is_telling(statistic: &Statistic, cell: &Cell, policy: &Policy) -> bool {
    match *statistic {
        Statistic::Quantile { percent, .. } => {
            let beyond = u64::from(cell.people) * u64::from(percent.min(100 - percent)) / 100;
            beyond < policy.threshold
        }
        // Sums of changes count from their least value, where nobody's part is large.
        Statistic::Mean { least: 0, .. } => policy.is_dominated(cell.numerator, cell.top_two),
        _ => false,
    }
}

/// Whether rows of people with many of them are mostly those of two, as a count of them would be.
fn is_of_few(statistic: &Statistic, cell: &Cell, policy: &Policy) -> bool {
    let is_of_many = matches!(statistic, Statistic::RowsOfPeopleWithAtLeast { .. });
    is_of_many && policy.is_dominated(cell.numerator, cell.top_two)
}
