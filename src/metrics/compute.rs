//! The engine: every metric of one subject over one frame, by pathway, period, breakdown and level.

use polars::prelude::*;
use rayon::prelude::*;

use super::accumulate::{Adder, Cell, Contribution, Fold, fill};
use super::breakdowns::{Breakdown, Levels, PersonLevels};
use super::metric::{Dating, Metric, Statistic, Subject};
use super::{ALL, before_after, subjects};
use crate::domain::day;
use crate::domain::period::Period;
use crate::error::Error;
use crate::frame;
use crate::link::Linked;
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

/// What every metric is computed with.
struct Scope<'a> {
    linked: &'a Linked,
    pathways: &'a Pathways,
    periods: &'a [Period],
    /// Per pathway, by person: first day on it and first day no longer on it.
    membership: Membership,
}

/// Who is on which pathway when: stretches of a person are next to each other, and most people have none.
struct Membership {
    pathways: usize,
    starts: Vec<u32>,
    stretches: Vec<(usize, i32, i32)>,
}

/// Computes every metric.
pub fn compute(linked: &Linked, pathways: &Pathways, coverage: &Coverage, quarters: usize) -> Result<Estimates, Error> {
    let periods = Period::quarters_to(coverage.as_of, quarters);
    let scope = Scope { linked, pathways, periods: &periods, membership: membership(linked, pathways) };
    let mut subjects_used: Vec<Subject> = ALL.iter().map(|metric| metric.subject).collect();
    subjects_used.sort_unstable();
    subjects_used.dedup();
    let mut rows = Vec::new();
    let of_subject = |subject: &Subject| -> Result<Vec<Estimate>, Error> {
        let metrics: Vec<usize> = (0..ALL.len()).filter(|at| ALL[*at].subject == *subject).collect();
        if coverage.has(subject.source()) || *subject == Subject::Episodes {
            scope.subject(*subject, &metrics, coverage)
        } else {
            Ok(metrics.iter().flat_map(|metric| scope.unavailable(*metric)).collect())
        }
    };
    for part in subjects_used.par_iter().map(of_subject).collect::<Vec<_>>() {
        rows.extend(part?);
    }
    rows.sort_by_key(|row| (row.metric, row.pathway.map_or(0, |at| at + 1), row.period, row.breakdown));
    let before_after = before_after::rows(pathways, coverage);
    Ok(Estimates { periods: periods.clone(), rows, before_after })
}

fn membership(linked: &Linked, pathways: &Pathways) -> Membership {
    let mut stretches: Vec<(u32, usize, i32, i32)> =
        pathways.episodes.iter().map(|one| (one.person, one.pathway, one.index, one.end)).collect();
    stretches.sort_unstable();
    let person: Vec<u32> = stretches.iter().map(|(person, ..)| *person).collect();
    Membership {
        pathways: pathways.configs.len(),
        starts: crate::pathways::observation::starts(&person, linked.persons.len()),
        stretches: stretches.into_iter().map(|(_, pathway, from, end)| (pathway, from, end)).collect(),
    }
}

/// The columns of a subject that every row has, as plain values.
struct Table {
    person: Vec<u32>,
    /// Place of the row's provider among the levels.
    provider: Vec<u16>,
    start: Vec<Option<i32>>,
    pathway: Option<Vec<u32>>,
    levels: Levels,
}

impl Scope<'_> {
    fn subject(&self, subject: Subject, metrics: &[usize], coverage: &Coverage) -> Result<Vec<Estimate>, Error> {
        let frame = subjects::frame_of(subject, self.linked, self.pathways, coverage)?;
        let provider = frame::values_u64(&frame, "provider")?;
        let levels = Levels::new(provider.clone());
        let table = Table {
            person: frame::values_u32(&frame, "person")?,
            start: frame::values_i32(&frame, subject.starts())?,
            pathway: frame.column("pathway").is_ok().then(|| frame::values_u32(&frame, "pathway")).transpose()?,
            provider: provider.par_iter().map(|code| levels.place(*code)).collect(),
            levels,
        };
        let mut rows = Vec::new();
        for metric in metrics {
            let cells = self.metric(ALL[*metric], &frame, &table)?;
            rows.extend(self.estimates(*metric, &cells, &table));
        }
        Ok(rows)
    }

    /// Fills the cells of one metric.
    fn metric(&self, metric: &Metric, frame: &DataFrame, table: &Table) -> Result<Vec<Cell>, Error> {
        let (is_in, is_counted, fold) = match metric.statistic {
            Statistic::Count { of } => (flags(frame, of())?, None, Fold::Sum),
            Statistic::People { of } => (flags(frame, of())?, None, Fold::Once),
            Statistic::PeopleWithAtLeast { rows, of } => (flags(frame, of())?, None, Fold::AtLeast(rows)),
            Statistic::Proportion { numerator, denominator } => {
                (flags(frame, denominator())?, Some(flags(frame, numerator())?), Fold::Sum)
            }
        };
        let (from, to) = match metric.dated {
            Dating::On(from) | Dating::YearToEnd(from) => (frame::values_i32(frame, from)?, None),
            Dating::OpenAtEnd(from, to) | Dating::DaysWithin(from, to) => {
                (frame::values_i32(frame, from)?, Some(frame::values_i32(frame, to)?))
            }
        };
        let age = frame::values_u16(frame, metric.dated.age_column())?;
        let finder = PeriodFinder::new(self.periods);
        let cells = (self.membership.pathways + 1) * self.periods.len() * table.levels.len();
        Ok(fill(&table.person, cells, fold, &|row: usize, adder: &mut Adder<'_>| {
            let Some(first) = from[row].filter(|_| is_in[row]) else { return };
            let until = to.as_ref().and_then(|to| to[row]);
            let counted = is_counted.as_ref().is_none_or(|counted| counted[row]);
            finder.each(metric.dated, first, until, &mut |period, quantity| {
                let numerator = if counted { quantity } else { 0 };
                let age = match metric.dated {
                    Dating::OpenAtEnd(..) => self.age_at_end(table.person[row], period),
                    _ => age[row],
                };
                self.spread(table, row, (period, age), &mut |cell| {
                    adder.add(Contribution { cell, numerator, denominator: quantity });
                });
            });
        }))
    }

    /// The cells of a row in a period: everyone's and those of the pathways it belongs to, each over all breakdowns.
    fn spread(&self, table: &Table, row: usize, (period, age): (usize, Option<u16>), add: &mut impl FnMut(u32)) {
        let person = table.person[row];
        let own = PersonLevels::of(&self.linked.persons, person);
        let levels = table.levels.of(table.provider[row], age, &own);
        let mut slot = |slot: usize| {
            let base = ((slot * self.periods.len() + period) * table.levels.len()) as u32;
            for level in levels {
                add(base + level);
            }
        };
        if let Some(pathway) = &table.pathway {
            slot(pathway[row] as usize + 1);
            return;
        }
        slot(0);
        let Some(start) = table.start[row] else { return };
        let own =
            self.membership.starts[person as usize] as usize..self.membership.starts[person as usize + 1] as usize;
        for (pathway, from, end) in &self.membership.stretches[own] {
            if start >= *from && start < *end {
                slot(pathway + 1);
            }
        }
    }

    /// Periods end with a month, so the birth month is enough to tell the age on their last day.
    fn age_at_end(&self, person: u32, period: usize) -> Option<u16> {
        let born = self.linked.persons.birth_month[person as usize]?;
        u16::try_from((day::month_number(self.periods[period].end) - born).div_euclid(12)).ok()
    }

    /// The skeleton: every pathway, period, breakdown and level has its row.
    fn estimates(&self, at: usize, cells: &[Cell], table: &Table) -> Vec<Estimate> {
        let metric = ALL[at];
        let names = table.levels.names();
        let slots = 0..=self.membership.pathways;
        let is_per_pathway = metric.subject == Subject::Episodes;
        let mut rows = Vec::with_capacity(cells.len());
        for slot in slots.filter(|slot| !is_per_pathway || *slot > 0) {
            for period in 0..self.periods.len() {
                for (level, (breakdown, name)) in names.iter().enumerate() {
                    let cell = cells[(slot * self.periods.len() + period) * names.len() + level];
                    let (value, interval, method) = summarise(metric, &cell);
                    rows.push(Estimate {
                        metric: at,
                        pathway: slot.checked_sub(1),
                        period,
                        breakdown: *breakdown,
                        level: name.clone(),
                        cell: Some(cell),
                        value,
                        interval,
                        method,
                    });
                }
            }
        }
        rows
    }

    /// Rows of a metric whose source sent nothing: not available, never zero.
    fn unavailable(&self, at: usize) -> Vec<Estimate> {
        let names = Levels::new(Vec::new()).names();
        let slots = 0..=self.membership.pathways;
        let rows = slots.flat_map(|slot| (0..self.periods.len()).map(move |period| (slot, period)));
        rows.flat_map(|(slot, period)| {
            names.iter().map(move |(breakdown, name)| Estimate {
                metric: at,
                pathway: slot.checked_sub(1),
                period,
                breakdown: *breakdown,
                level: name.clone(),
                cell: None,
                value: None,
                interval: None,
                method: "",
            })
        })
        .collect()
    }
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

/// Whether each row meets a rule; null is no.
fn flags(frame: &DataFrame, rule: Expr) -> Result<Vec<bool>, Error> {
    let height = frame.height();
    let met = frame
        .clone()
        .lazy()
        .select([rule.alias("is_met")])
        .collect()
        .map_err(Error::silent("apply a metric's rule"))?;
    let values = frame::values_bool(&met, "is_met")?;
    // A rule without a column, such as `every row`, gives one value for all.
    Ok(if values.len() == height { values } else { vec![values.first() == Some(&true); height] })
}

/// From a date to its period, by looking up the day.
struct PeriodFinder<'a> {
    periods: &'a [Period],
    first: i32,
    by_day: Vec<u16>,
    /// First and last day of the twelve months that end with each period.
    years: Vec<(i32, i32)>,
}

impl<'a> PeriodFinder<'a> {
    fn new(periods: &'a [Period]) -> Self {
        let first = periods.first().map_or(0, |period| period.start);
        let by_day =
            (0u16..).zip(periods).flat_map(|(at, period)| std::iter::repeat_n(at, period.days() as usize)).collect();
        let years = periods.iter().map(|period| (period.twelve_months_start(), period.end)).collect();
        Self { periods, first, by_day, years }
    }

    /// Calls `found` with each period that a row belongs to and how much it adds there.
    fn each(&self, dated: Dating, from: i32, until: Option<i32>, found: &mut impl FnMut(usize, u32)) {
        match dated {
            Dating::On(_) => {
                let at = usize::try_from(from - self.first).ok().and_then(|day| self.by_day.get(day));
                if let Some(period) = at {
                    found(usize::from(*period), 1);
                }
            }
            Dating::OpenAtEnd(..) => {
                for (at, period) in self.periods.iter().enumerate() {
                    if from <= period.end && until.is_none_or(|until| until > period.end) {
                        found(at, 1);
                    }
                }
            }
            Dating::DaysWithin(..) => {
                for (at, period) in self.periods.iter().enumerate() {
                    let end = until.unwrap_or(period.end + 1).min(period.end + 1);
                    if let Ok(days @ 1..) = u32::try_from(end - from.max(period.start)) {
                        found(at, days);
                    }
                }
            }
            Dating::YearToEnd(_) => {
                for (at, (first, last)) in self.years.iter().enumerate() {
                    if (*first..=*last).contains(&from) {
                        found(at, 1);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stay_across_two_quarters_gives_each_its_own_days() {
        let as_of = day::parse_iso(b"2026-03-31").unwrap();
        let periods = Period::quarters_to(as_of, 2);
        let finder = PeriodFinder::new(&periods);
        let d = |text: &str| day::parse_iso(text.as_bytes()).unwrap();
        let days = |from: &str, until: Option<&str>| {
            let mut found = vec![0; 2];
            finder.each(Dating::DaysWithin("", ""), d(from), until.map(d), &mut |at, days| found[at] += days);
            found
        };
        assert_eq!(days("2025-12-30", Some("2026-01-03")), [2, 2]);
        assert_eq!(days("2026-03-30", None), [0, 2]);
        assert_eq!(days("2025-12-30", Some("2025-12-30")), [0, 0]);
    }
}
