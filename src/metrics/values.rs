//! Values: metrics made of a number that each row has, their means and quantiles.
//!
//! Numbers of a cell are gathered person by person, as rows are sorted. A person is in the places of one kind only, so
//! the cells of kinds add up to those of levels.

use polars::prelude::{DataFrame, DataType, Expr, IntoLazy};
use rayon::prelude::*;

use super::ALL;
use super::cell::{Cell, More};
use super::compute::{Counted, is_divided};
use super::finder::PeriodFinder;
use super::levels::Facet;
use super::metric::Statistic;
use super::rows::{Columns, Scope, Table};
use crate::domain::period::Period;
use crate::error::Error;
use crate::frame::{self, Bits, Nullable};
use crate::rules;
use crate::stats::quantile::ranks;

/// The numbers of the rows of one person or more in a cell: whose, and both numbers, or the one number twice.
type Numbers = Vec<(u32, [i32; 2])>;

/// Counts metrics made of values over a subject's frame.
pub fn counted(
    scope: &Scope<'_>,
    metrics: &[usize],
    (frame, own): (&DataFrame, Option<&Bits>),
    table: &Table,
) -> Result<Vec<Counted>, Error> {
    let of_metric = |metric: &usize| {
        let (of, numbers) = match ALL[*metric].statistic {
            Statistic::Mean { of, value, .. } | Statistic::Quantile { of, value, .. } => (of(), vec![value()]),
            Statistic::EffectSize { of, first, last } => (of(), vec![first(), last()]),
            _ => return Err(Error::bug("a metric without values was to be made of them")),
        };
        let mut is_counted = rules::met_by(frame, of)?;
        if let Some(own) = own {
            is_counted = &is_counted & own;
        }
        let columns = Columns::of(frame, ALL[*metric].dated)?;
        let numbers = numbers.into_iter().map(|number| column(frame, number)).collect::<Result<_, _>>()?;
        let rows = Rows { table, columns, is_counted, numbers };
        let cells = scope.calendars.iter().flat_map(|periods| rows.cells(scope, *metric, periods));
        Ok(Counted { metric: *metric, levels: table.levels.clone(), cells: Some(cells.collect()) })
    };
    metrics.par_iter().map(of_metric).collect()
}

/// A number of every row.
fn column(frame: &DataFrame, number: Expr) -> Result<Nullable<i32>, Error> {
    let number = number.cast(DataType::Int32).alias("value");
    // The column of the people beside it gives every row its own, where the number is the same for all.
    let found = frame.clone().lazy().with_columns([number]).collect();
    frame::nullable_i32(&found.map_err(Error::silent("work out values"))?, "value")
}

/// The rows of one metric.
struct Rows<'a> {
    table: &'a Table,
    columns: Columns,
    is_counted: Bits,
    /// One number of each row, or two.
    numbers: Vec<Nullable<i32>>,
}

impl Rows<'_> {
    /// The cells of the periods of one span.
    fn cells(&self, scope: &Scope<'_>, metric: usize, periods: &[Period]) -> Vec<Cell> {
        let levels = &self.table.levels;
        let finder = PeriodFinder::new(periods);
        let groups = (scope.membership.pathways + 1) * periods.len();
        let facets = levels.facets(is_divided(periods[0].span));
        let filled: Vec<(Facet, Vec<Numbers>)> =
            facets.iter().map(|facet| (*facet, self.numbers(scope, &finder, *facet))).collect();
        let of_group = |group: usize| {
            let merged = levels.spread(&levels.group(&filled, group), |all: &mut Numbers, own| all.extend(own));
            merged.into_iter().map(|numbers| cell(&ALL[metric].statistic, numbers)).collect::<Vec<Cell>>()
        };
        (0..groups).into_par_iter().flat_map_iter(of_group).collect()
    }

    /// The numbers in every place.
    fn numbers(&self, scope: &Scope<'_>, finder: &PeriodFinder<'_>, facet: Facet) -> Vec<Numbers> {
        let groups = (scope.membership.pathways + 1) * finder.count();
        let mut found = vec![Numbers::new(); groups * self.table.levels.places(facet)];
        for row in self.is_counted.true_idx_iter() {
            let [first, second] = [self.numbers.first(), self.numbers.last()].map(|number| number?.get(row));
            let (Some(first), Some(second)) = (first, second) else { continue };
            let Some(dated) = self.columns.periods(row, finder) else { continue };
            let person = self.table.person.values()[row];
            scope.each_cell((row, dated), (self.table, &self.columns), (finder, facet), &mut |places, _| {
                for place in places {
                    found[place].push((person, [first, second]));
                }
            });
        }
        found
    }
}

/// What the numbers of a cell come to.
fn cell(statistic: &Statistic, mut numbers: Numbers) -> Cell {
    let least = if let Statistic::Mean { least, .. } = statistic { *least } else { 0 };
    let value = |[first, second]: [i32; 2]| match statistic {
        // A fall may be below 0, and sums are whole: both scores are moved by the largest score there is.
        Statistic::EffectSize { .. } => first - second + MOST_POINTS,
        _ => first - least,
    };
    let mut cell = Cell::default();
    numbers.sort_unstable();
    for own in numbers.chunk_by(|one, next| one.0 == next.0) {
        let sum: i64 = own.iter().map(|(_, pair)| i64::from(value(*pair))).sum();
        cell.add_people(1, u64::try_from(sum).unwrap_or(0), own.len() as u64);
    }
    cell.more = match statistic {
        Statistic::Quantile { percent, .. } if !numbers.is_empty() => {
            let mut all: Vec<i64> = numbers.iter().map(|(_, pair)| i64::from(pair[0])).collect();
            all.sort_unstable();
            More::Ranks(ranks(&all, *percent))
        }
        Statistic::EffectSize { .. } => {
            let firsts = numbers.iter().map(|(_, pair)| i64::from(pair[0]));
            More::Firsts(firsts.clone().sum(), firsts.map(|first| first * first).sum())
        }
        _ => More::Nothing,
    };
    cell
}

/// No scale has more points than this.
pub const MOST_POINTS: i32 = 1000;
