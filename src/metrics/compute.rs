//! The engine: every metric of one subject over one frame, by pathway, period, breakdown and level.

use rayon::prelude::*;

use super::accumulate::{Contribution, Filling};
use super::breakdowns::{Levels, kinds};
use super::cell::Cell;
use super::fill::fill;
use super::finder::PeriodFinder;
use super::metric::{Dating, Subject};
use super::passes::{Measure, Pass, plan};
use super::{ALL, subjects};
use crate::domain::day;
use crate::domain::period::Period;
use crate::error::Error;
use crate::frame::{self, Bits, Nullable};
use crate::link::Linked;
use crate::pathways::{Coverage, Journeys};
use crate::rules;

/// What estimates are made from: whole numbers only.
pub struct Counts {
    /// The periods.
    pub periods: Vec<Period>,
    /// One per metric, in the order of [`ALL`].
    pub metrics: Vec<Counted>,
}

/// The counts of one metric.
pub struct Counted {
    /// Position in [`ALL`].
    pub metric: usize,
    /// The providers of its rows, in order.
    pub providers: Vec<u64>,
    /// By everyone and pathway, then period, then level; none where the source sent nothing.
    pub cells: Option<Vec<Cell>>,
}

/// What every metric is computed with.
struct Scope<'a> {
    linked: &'a Linked,
    periods: &'a [Period],
    /// Sex and deprivation of every person.
    kinds: Vec<u8>,
    /// Per pathway, by person: first day on it and first day no longer on it.
    membership: Membership,
}

/// Who is on which pathway when: stretches of a person are next to each other, and most people have none.
struct Membership {
    pathways: usize,
    starts: Vec<u32>,
    stretches: Vec<(usize, i32, i32)>,
}

/// Counts every metric.
pub fn count(linked: &Linked, journeys: &Journeys, coverage: &Coverage, quarters: usize) -> Result<Counts, Error> {
    let periods = Period::quarters_to(coverage.as_of, quarters);
    let membership = membership(linked, journeys);
    let scope = Scope { linked, periods: &periods, kinds: kinds(&linked.persons), membership };
    let mut subjects_used: Vec<Subject> = ALL.iter().map(|metric| metric.subject).collect();
    // The largest comes first, so that it is not what everything waits for at the end.
    subjects_used.sort_unstable_by_key(|subject| (*subject != Subject::Appointments, *subject));
    subjects_used.dedup();
    let of_subject = |subject: &Subject| -> Result<Vec<Counted>, Error> {
        let metrics: Vec<usize> = (0..ALL.len()).filter(|at| ALL[*at].subject == *subject).collect();
        if coverage.has(subject.source()) || *subject == Subject::Episodes {
            scope.subject((*subject, &metrics), journeys, coverage)
        } else {
            Ok(metrics.into_iter().map(|metric| Counted { metric, providers: Vec::new(), cells: None }).collect())
        }
    };
    let parts: Vec<Vec<Counted>> = subjects_used.par_iter().map(of_subject).collect::<Result<_, _>>()?;
    let mut metrics: Vec<Counted> = parts.into_iter().flatten().collect();
    metrics.sort_by_key(|counted| counted.metric);
    Ok(Counts { periods, metrics })
}

fn membership(linked: &Linked, journeys: &Journeys) -> Membership {
    let mut stretches: Vec<(u32, usize, i32, i32)> =
        journeys.episodes.iter().map(|one| (one.person, one.pathway, one.index, one.end)).collect();
    stretches.par_sort_unstable();
    let person: Vec<u32> = stretches.iter().map(|(person, ..)| *person).collect();
    Membership {
        pathways: journeys.pathways,
        starts: crate::pathways::observation::starts(&person, linked.persons.len()),
        stretches: stretches.into_iter().map(|(_, pathway, from, end)| (pathway, from, end)).collect(),
    }
}

/// The columns of a subject that every row has.
struct Table {
    person: Nullable<u32>,
    provider: Nullable<u64>,
    start: Nullable<i32>,
    pathway: Option<Nullable<u32>>,
    levels: Levels,
}

/// The columns that a pass looks at.
struct Columns<'a> {
    dated: Dating,
    from: Nullable<i32>,
    until: Option<Nullable<i32>>,
    age: Nullable<u16>,
    /// Rows in the numerator and in the denominator of each measure.
    measures: Vec<(&'a Bits, &'a Bits)>,
}

impl Scope<'_> {
    fn subject(
        &self,
        (subject, metrics): (Subject, &[usize]),
        journeys: &Journeys,
        coverage: &Coverage,
    ) -> Result<Vec<Counted>, Error> {
        let (frame, only) = subjects::frame_of(subject, self.linked, journeys, coverage)?;
        let (rules, passes) = plan(metrics);
        let mut met = rules::met(&frame, &rules)?;
        let provider = frame::whole_u64(&frame, "provider")?;
        let providers = match only {
            None => frame::distinct(provider.values()),
            Some(only) => {
                let own = rules::met_by(&frame, only)?;
                for bits in &mut met {
                    *bits = &*bits & &own;
                }
                frame::distinct(&own.true_idx_iter().map(|row| provider.values()[row]).collect::<Vec<u64>>())
            }
        };
        let table = Table {
            person: frame::whole_u32(&frame, "person")?,
            provider,
            start: frame::nullable_i32(&frame, subject.starts())?,
            pathway: frame.column("pathway").is_ok().then(|| frame::whole_u32(&frame, "pathway")).transpose()?,
            levels: Levels::new(providers),
        };
        let mut counted = Vec::new();
        for pass in &passes {
            let (from, until) = match pass.dated {
                Dating::On(from) | Dating::YearToEnd(from) => (from, None),
                Dating::OpenAtEnd(from, until) | Dating::DaysWithin(from, until) => (from, Some(until)),
            };
            let bits = |measure: &Measure| (&met[measure.numerator], &met[measure.denominator]);
            let columns = Columns {
                dated: pass.dated,
                from: frame::nullable_i32(&frame, from)?,
                until: until.map(|until| frame::nullable_i32(&frame, until)).transpose()?,
                age: frame::nullable_u16(&frame, pass.dated.age_column())?,
                measures: pass.measures.iter().map(bits).collect(),
            };
            counted.extend(self.pass(pass, &columns, &table));
        }
        Ok(counted)
    }

    /// Counts the metrics of one pass.
    fn pass(&self, pass: &Pass, columns: &Columns<'_>, table: &Table) -> Vec<Counted> {
        let finder = PeriodFinder::new(self.periods);
        let groups = (self.membership.pathways + 1) * self.periods.len();
        let places = table.levels.places();
        let size = (groups * places, pass.measures.len());
        let cells = fill(table.person.values(), size, &pass.folds, &|row, filling: &mut Filling<'_>| {
            self.row(row, (table, columns), &finder, filling);
        });
        let of_metric = |(at, metric): (usize, &usize)| {
            let by_place: Vec<Cell> = cells.iter().skip(at).step_by(pass.folds.len()).copied().collect();
            let levels = by_place.chunks(places).flat_map(|group| table.levels.spread(group)).collect();
            Counted { metric: *metric, providers: table.levels.providers().to_vec(), cells: Some(levels) }
        };
        pass.metrics.iter().enumerate().map(of_metric).collect()
    }

    /// Adds a row to the cells of its periods: everyone's, and those of the pathways it belongs to.
    fn row(
        &self,
        row: usize,
        (table, columns): (&Table, &Columns<'_>),
        finder: &PeriodFinder<'_>,
        filling: &mut Filling<'_>,
    ) {
        let Some(from) = columns.from.get(row) else { return };
        let until = columns.until.as_ref().and_then(|until| until.get(row));
        let periods = finder.of(columns.dated, from, until);
        if periods.is_empty() {
            return;
        }
        let (mut is_in, mut is_counted) = (0, 0);
        for (at, (numerator, denominator)) in columns.measures.iter().enumerate() {
            is_in |= u32::from(denominator.get_bit(row)) << at;
            is_counted |= u32::from(numerator.get_bit(row)) << at;
        }
        if is_in == 0 {
            return;
        }
        let person = table.person.values()[row];
        let (provider, kind) = (table.provider.values()[row], self.kinds[person as usize]);
        let places = table.levels.of(provider, columns.age.get(row), kind);
        self.each_slot(table, row, &mut |slot| {
            for period in periods.clone() {
                let quantity = finder.quantity(columns.dated, period, from, until);
                if quantity == 0 {
                    continue;
                }
                let places = match columns.dated {
                    Dating::OpenAtEnd(..) => table.levels.of(provider, self.age_at_end(person, period), kind),
                    _ => places,
                };
                let base = (slot * self.periods.len() + period) * table.levels.places();
                let contribution = Contribution { quantity, is_in, is_counted: is_counted & is_in };
                filling.add(places.map(|place| base + place), person, contribution);
            }
        });
    }

    /// Everyone's slot, 0, and those of the pathways that a row belongs to; an episode has only its own.
    fn each_slot(&self, table: &Table, row: usize, found: &mut impl FnMut(usize)) {
        if let Some(pathway) = &table.pathway {
            found(pathway.values()[row] as usize + 1);
            return;
        }
        found(0);
        let person = table.person.values()[row] as usize;
        let own = self.membership.starts[person] as usize..self.membership.starts[person + 1] as usize;
        if own.is_empty() {
            return;
        }
        let Some(start) = table.start.get(row) else { return };
        for (pathway, from, end) in &self.membership.stretches[own] {
            if start >= *from && start < *end {
                found(pathway + 1);
            }
        }
    }

    /// Periods end with a month, so the birth month is enough to tell the age on their last day.
    fn age_at_end(&self, person: u32, period: usize) -> Option<u16> {
        let born = self.linked.persons.birth_month[person as usize]?;
        u16::try_from((day::month_number(self.periods[period].end) - born).div_euclid(12)).ok()
    }
}
