//! The engine: every metric of one subject over one frame, by pathway, period, breakdown and level.

use polars::prelude::DataFrame;
use rayon::prelude::*;

use super::accumulate::{Contribution, Filling};
use super::cell::Cell;
use super::fill::fill;
use super::finder::PeriodFinder;
use super::levels::{Facet, Levels, kinds};
use super::membership::Membership;
use super::metric::{Form, Subject};
use super::national::{self, Agreement};
use super::passes::{Pass, plan};
use super::rows::{Columns, Scope, Table};
use super::{ALL, subjects, values};
use crate::domain::period::{Period, Span};
use crate::error::Error;
use crate::frame::Bits;
use crate::link::Linked;
use crate::pathways::{Coverage, Journeys};
use crate::rules;
use crate::schema::reliable::ReliableChange;
use crate::settings::{CutOffs, Periods};
use crate::sources::CodeValues;

/// What estimates are made from: whole numbers only.
pub struct Counts {
    /// The periods of each span.
    pub calendars: Vec<Vec<Period>>,
    /// One per metric, in the order of [`ALL`].
    pub metrics: Vec<Counted>,
    /// How often the flags of a national extract say what we say, one per flag; empty where Talking Therapies sent nothing.
    pub national: Vec<Agreement>,
}

/// The counts of one metric.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// Position in [`ALL`].
    pub metric: usize,
    /// How its rows are divided.
    pub levels: Levels,
    /// By span, then everyone and each pathway, then period, then level; none where the source sent nothing.
    pub cells: Option<Vec<Cell>>,
}

/// Whether figures of a span have breakdowns: those of months and of spans that overlap have none, since their parts
/// would be too small to show, or counted twelve times.
pub fn is_divided(span: Span) -> bool {
    matches!(span, Span::Quarter | Span::Year)
}

/// What to count.
#[derive(Clone, Copy)]
pub struct Wanted<'a> {
    /// The periods.
    pub periods: &'a Periods,
    /// The names of coded values.
    pub codes: &'a CodeValues,
    /// The cut-offs in force.
    pub cut_offs: &'a CutOffs,
    /// Reliable change of the scales of children and young people.
    pub reliable: &'a ReliableChange,
    /// The only subject that is counted, as if the sources of the others had sent nothing; none counts them all.
    pub only: Option<Subject>,
}

/// Counts every metric.
pub fn count(linked: &Linked, journeys: &Journeys, coverage: &Coverage, wanted: Wanted<'_>) -> Result<Counts, Error> {
    let calendars = wanted.periods.up_to(coverage.as_of);
    let membership = Membership::of(journeys, linked.persons.len());
    let scope = Scope { linked, calendars: &calendars, kinds: kinds(&linked.persons), membership };
    let mut subjects_used: Vec<Subject> = ALL.iter().map(|metric| metric.subject).collect();
    // The largest comes first, so that it is not what everything waits for at the end.
    subjects_used.sort_unstable_by_key(|subject| (*subject != Subject::Appointments, *subject));
    subjects_used.dedup();
    let of_subject = |subject: &Subject| -> Result<(Vec<Counted>, Vec<Agreement>), Error> {
        let metrics: Vec<usize> = (0..ALL.len()).filter(|at| ALL[*at].subject == *subject).collect();
        let is_sent = coverage.has(subject.source()) || *subject == Subject::Episodes;
        if !is_sent || wanted.only.is_some_and(|only| only != *subject) {
            let levels = Levels { providers: Vec::new(), splits: subjects::splits(*subject, None) };
            let nothing = |metric| Counted { metric, levels: levels.clone(), cells: None };
            return Ok((metrics.into_iter().map(nothing).collect(), Vec::new()));
        }
        let (frame, only) = subjects::frame_of(*subject, linked, journeys, coverage, wanted)?;
        let own = only.map(|only| rules::met_by(&frame, only)).transpose()?;
        let table = Table::of(*subject, &frame, own.as_ref(), subjects::splits(*subject, Some(wanted.codes)))?;
        let (counting, valued): (Vec<usize>, Vec<usize>) =
            metrics.into_iter().partition(|metric| ALL[*metric].statistic.form() != Form::Value);
        let (counted, values) = rayon::join(
            || scope.counted(&counting, (&frame, own.as_ref()), &table),
            || values::counted(&scope, &valued, (&frame, own.as_ref()), &table),
        );
        let mut counted = counted?;
        counted.extend(values?);
        let is_of_courses = *subject == Subject::Courses;
        Ok((counted, if is_of_courses { national::count(&frame)? } else { Vec::new() }))
    };
    let parts = subjects_used.par_iter().map(of_subject).collect::<Result<Vec<_>, _>>()?;
    let (metrics, national): (Vec<_>, Vec<_>) = parts.into_iter().unzip();
    let mut metrics = metrics.concat();
    metrics.sort_by_key(|counted| counted.metric);
    Ok(Counts { calendars, metrics, national: national.concat() })
}

impl Scope<'_> {
    /// Counts the metrics of a subject that need nothing but rows.
    fn counted(
        &self,
        metrics: &[usize],
        (frame, own): (&DataFrame, Option<&Bits>),
        table: &Table,
    ) -> Result<Vec<Counted>, Error> {
        let (rules, passes) = plan(metrics);
        let mut met = rules::met(frame, &rules)?;
        if let Some(own) = own {
            for bits in &mut met {
                *bits = &*bits & own;
            }
        }
        let mut counted = Vec::new();
        for pass in &passes {
            let columns = Columns::of(frame, pass.dated)?;
            let bits = pass.measures.iter().map(|one| (&met[one.numerator], &met[one.denominator])).collect();
            counted.extend(self.pass(pass, &columns, bits, table));
        }
        Ok(counted)
    }

    /// Counts the metrics of one pass; `measures` are rows in the numerator and in the denominator of each.
    fn pass(&self, pass: &Pass, columns: &Columns, measures: Vec<(&Bits, &Bits)>, table: &Table) -> Vec<Counted> {
        let mut by_metric = vec![Vec::new(); pass.folds.len()];
        for periods in self.calendars {
            let finder = PeriodFinder::new(periods);
            let groups = (self.membership.pathways + 1) * periods.len();
            let facets = table.levels.facets(is_divided(periods[0].span));
            let filled = |facet: &Facet| {
                let places = table.levels.places(*facet);
                let size = (groups * places, measures.len());
                let row = |row: usize, filling: &mut Filling<'_>| {
                    self.row(row, (table, columns, &measures), (&finder, *facet), filling);
                };
                (*facet, fill(table.person.values(), size, &pass.folds, &row))
            };
            let facets: Vec<(Facet, Vec<Cell>)> = facets.iter().map(filled).collect();
            for (at, cells) in by_metric.iter_mut().enumerate() {
                cells.extend(spread(&table.levels, &facets, groups, (at, pass.folds.len())));
            }
        }
        let of_metric = |(metric, cells): (&usize, Vec<Cell>)| Counted {
            metric: *metric,
            levels: table.levels.clone(),
            cells: Some(cells),
        };
        pass.metrics.iter().zip(by_metric).map(of_metric).collect()
    }

    /// Adds a row to the cells that it belongs to.
    fn row(
        &self,
        row: usize,
        (table, columns, measures): (&Table, &Columns, &[(&Bits, &Bits)]),
        (finder, facet): (&PeriodFinder<'_>, Facet),
        filling: &mut Filling<'_>,
    ) {
        let Some(dated) = columns.periods(row, finder) else { return };
        let (mut is_in, mut is_counted) = (0, 0);
        for (at, (numerator, denominator)) in measures.iter().enumerate() {
            is_in |= u32::from(denominator.get_bit(row)) << at;
            is_counted |= u32::from(numerator.get_bit(row)) << at;
        }
        if is_in == 0 {
            return;
        }
        let person = table.person.values()[row];
        self.each_cell((row, dated), (table, columns), (finder, facet), &mut |places, quantity| {
            filling.add(places, person, Contribution { quantity, is_in, is_counted: is_counted & is_in });
        });
    }
}

/// The cells of one metric, group by group, of what stands in the places of each facet.
fn spread(levels: &Levels, facets: &[(Facet, Vec<Cell>)], groups: usize, (at, folds): (usize, usize)) -> Vec<Cell> {
    let own = |(facet, cells): &(Facet, Vec<Cell>)| {
        (*facet, cells.iter().skip(at).step_by(folds).copied().collect::<Vec<Cell>>())
    };
    let own: Vec<(Facet, Vec<Cell>)> = facets.iter().map(own).collect();
    (0..groups).flat_map(|group| levels.spread(&levels.group(&own, group), Cell::merge)).collect()
}
