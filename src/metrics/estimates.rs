//! Estimates: values, intervals and methods, worked out from counts.

use rayon::prelude::*;

use super::ALL;
use super::before_after;
use super::breakdowns::{Breakdown, Levels};
use super::cell::Cell;
use super::compute::{Counted, Counts};
use super::metric::{Metric, Subject};
use crate::domain::period::Period;
use crate::pathways::{Coverage, Pathways};
use crate::stats::Interval;
use crate::stats::proportion::{design_effect, wilson};

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
}

impl Estimates {
    /// From counts: every pathway, period, breakdown and level has its row.
    pub fn of(counts: &Counts, pathways: &Pathways, coverage: &Coverage) -> Self {
        let (rows, before_after) = rayon::join(
            || {
                let periods = counts.periods.len();
                let parts = counts.metrics.par_iter().map(|counted| rows_of(counted, periods, pathways.configs.len()));
                let mut rows = parts.collect::<Vec<_>>().concat();
                rows.sort_by_key(|row| (row.metric, row.pathway.map_or(0, |at| at + 1), row.period, row.breakdown));
                rows
            },
            || before_after::rows(pathways, coverage),
        );
        Self { periods: counts.periods.clone(), rows, before_after }
    }
}

/// The rows of a metric. Those of one whose source sent nothing are not available, never zero.
fn rows_of(counted: &Counted, periods: usize, pathways: usize) -> Vec<Estimate> {
    let metric = ALL[counted.metric];
    let names = Levels::new(counted.providers.clone()).names();
    let is_per_pathway = metric.subject == Subject::Episodes && counted.cells.is_some();
    let mut rows = Vec::new();
    for slot in (0..=pathways).filter(|slot| !is_per_pathway || *slot > 0) {
        for period in 0..periods {
            for (level, (breakdown, name)) in names.iter().enumerate() {
                let at = (slot * periods + period) * names.len() + level;
                let cell = counted.cells.as_ref().map(|cells| cells[at]);
                let (value, interval, method) = cell.map_or((None, None, ""), |cell| summarise(metric, &cell));
                rows.push(Estimate {
                    metric: counted.metric,
                    pathway: slot.checked_sub(1),
                    period,
                    breakdown: *breakdown,
                    level: name.clone(),
                    cell,
                    value,
                    interval,
                    method,
                });
            }
        }
    }
    rows
}

fn summarise(metric: &Metric, cell: &Cell) -> (Option<f64>, Option<Interval>, &'static str) {
    if !metric.statistic.is_share() {
        return (Some(cell.numerator as f64), None, "");
    }
    if cell.denominator == 0 {
        return (None, None, "");
    }
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
