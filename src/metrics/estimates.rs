//! Estimates: values, intervals and methods, worked out from counts.

use rayon::prelude::*;

use super::ALL;
use super::before_after;
use super::breakdowns::Breakdown;
use super::cell::{Cell, More};
use super::compute::{Counted, Counts, is_divided};
use super::metric::{Form, Statistic, Subject};
use super::national::Agreement;
use super::values::MOST_POINTS;
use crate::domain::period::Period;
use crate::pathways::{Coverage, Pathways};
use crate::stats::proportion::{design_effect, wilson};
use crate::stats::quantile::quantile;
use crate::stats::{Interval, mean};

/// One metric for one pathway, period, breakdown and level: exact, with what it rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    /// Position in [`ALL`].
    pub metric: usize,
    /// Position of the pathway; none for everyone.
    pub pathway: Option<usize>,
    /// Position of the period.
    pub period: usize,
    /// How the figure is divided.
    pub breakdown: Breakdown,
    /// The level.
    pub level: String,
    /// Counts; none where the source sent nothing.
    pub cell: Option<Cell>,
    /// The value in the metric's unit; none without a denominator, which is never 0.
    pub value: Option<f64>,
    /// 95 % interval, where one exists.
    pub interval: Option<Interval>,
    /// How the interval was made.
    pub method: &'static str,
}

/// All estimates, exact.
pub struct Estimates {
    /// The periods.
    pub periods: Vec<Period>,
    /// Outcomes and demand.
    pub rows: Vec<Estimate>,
    /// Rates before and after the index.
    pub before_after: Vec<before_after::BeforeAfter>,
    /// How often the flags of a national extract say what we say, one per flag.
    pub national: Vec<Agreement>,
}

impl Estimates {
    /// From counts: every pathway, period, breakdown and level has its row.
    pub fn of(counts: &Counts, pathways: &Pathways, coverage: &Coverage) -> Self {
        let (rows, before_after) = rayon::join(
            || {
                let pathways = pathways.configs.len();
                let parts = counts.metrics.par_iter().map(|counted| rows_of(counted, &counts.calendars, pathways));
                let mut rows = parts.collect::<Vec<_>>().concat();
                rows.sort_by_key(place);
                rows
            },
            || before_after::rows(pathways, coverage),
        );
        Self { periods: counts.calendars.concat(), rows, before_after, national: counts.national.clone() }
    }

    /// The undivided figure that an estimate is a part of, or is.
    pub fn whole(&self, row: &Estimate) -> Option<&Estimate> {
        let whole = (row.metric, pathway_place(row), row.period, Breakdown::All);
        let first = self.rows.partition_point(|other| place(other) < whole);
        self.rows.get(first).filter(|found| place(found) == whole)
    }

    /// Where an estimate stands among the rows.
    pub fn position(&self, row: &Estimate) -> Option<usize> {
        let first = self.rows.partition_point(|other| place(other) < place(row));
        let own = self.rows[first..].iter().take_while(|other| place(other) == place(row));
        own.zip(first..).find(|(other, _)| other.level == row.level).map(|(_, at)| at)
    }
}

/// The order of rows, but for levels.
fn place(row: &Estimate) -> (usize, usize, usize, Breakdown) {
    (row.metric, pathway_place(row), row.period, row.breakdown)
}

/// Everyone comes before the pathways.
fn pathway_place(row: &Estimate) -> usize {
    row.pathway.map_or(0, |at| at + 1)
}

/// The rows of a metric. Those of one whose source sent nothing are not available, never zero.
fn rows_of(counted: &Counted, calendars: &[Vec<Period>], pathways: usize) -> Vec<Estimate> {
    let metric = ALL[counted.metric];
    let is_per_pathway = metric.subject == Subject::Episodes && counted.cells.is_some();
    let mut cells = counted.cells.iter().flatten();
    let mut rows = Vec::new();
    let mut first = 0;
    for periods in calendars {
        let names = counted.levels.names(is_divided(periods[0].span));
        for slot in 0..=pathways {
            for period in first..first + periods.len() {
                for (breakdown, level) in &names {
                    let cell = cells.next().copied();
                    if is_per_pathway && slot == 0 {
                        continue;
                    }
                    let (value, interval, method) =
                        cell.map_or((None, None, ""), |cell| summarise(&metric.statistic, &cell));
                    rows.push(Estimate {
                        metric: counted.metric,
                        pathway: slot.checked_sub(1),
                        period,
                        breakdown: *breakdown,
                        level: level.clone(),
                        cell,
                        value,
                        interval,
                        method,
                    });
                }
            }
        }
        first += periods.len();
    }
    rows
}

/// The value of a cell, its interval, and how that was made; no value without anything that it could be made of.
fn summarise(statistic: &Statistic, cell: &Cell) -> (Option<f64>, Option<Interval>, &'static str) {
    if statistic.form() == Form::Count {
        return (Some(cell.numerator as f64), None, "");
    }
    if cell.denominator == 0 {
        return (None, None, "");
    }
    match *statistic {
        Statistic::Mean { least, parts, .. } => mean_of(cell, least, f64::from(parts)),
        Statistic::Quantile { percent, .. } => {
            let More::Ranks(ranks) = cell.more else { return (None, None, "") };
            let limits = ranks.limits.map(|[low, high]| Interval { lower: low as f64, upper: high as f64 });
            (Some(quantile(&ranks, cell.denominator, percent)), limits, "order statistics")
        }
        Statistic::EffectSize { .. } => {
            let deviation = if let More::Firsts(sum, squares) = cell.more { spread(sum, squares, cell) } else { None };
            deviation.map_or((None, None, ""), |deviation| mean_of(cell, -MOST_POINTS, deviation))
        }
        _ => share(cell),
    }
}

/// The standard deviation of the first scores; none with fewer than two, or where all are alike.
fn spread(sum: i64, squares: i64, cell: &Cell) -> Option<f64> {
    let n = cell.denominator as f64;
    let variance = (squares as f64 - (sum as f64).powi(2) / n) / (n - 1.0);
    (cell.denominator > 1 && variance > 0.0).then(|| variance.sqrt())
}

/// A mean of values counted from `least`, in units of `scale`.
fn mean_of(cell: &Cell, least: i32, scale: f64) -> (Option<f64>, Option<Interval>, &'static str) {
    let moved = |value: f64| (value + f64::from(least)) / scale;
    let mean = moved(cell.numerator as f64 / cell.denominator as f64);
    let interval = mean::clustered(cell.numerator, cell.denominator, &cell.sums)
        .map(|interval| Interval { lower: moved(interval.lower), upper: moved(interval.upper) });
    let has_repeats = cell.denominator > u64::from(cell.people);
    let method = if has_repeats { "Student t, people as clusters" } else { "Student t" };
    (Some(mean), interval, if interval.is_some() { method } else { "" })
}

fn share(cell: &Cell) -> (Option<f64>, Option<Interval>, &'static str) {
    let effect = design_effect(cell.numerator, cell.denominator, &cell.sums);
    let has_repeats = cell.denominator > u64::from(cell.people);
    let (scale, method) = match effect.filter(|_| has_repeats) {
        Some(effect) => (effect, "Wilson, effective number"),
        None => (1.0, "Wilson"),
    };
    let interval = wilson(cell.numerator as f64 / scale, cell.denominator as f64 / scale);
    let percent = |interval: Interval| Interval { lower: 100.0 * interval.lower, upper: 100.0 * interval.upper };
    (Some(100.0 * cell.numerator as f64 / cell.denominator as f64), interval.map(percent), method)
}
