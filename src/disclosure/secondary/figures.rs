//! The figures of outcomes.csv and demand.csv as a puzzle: which numbers they print, and what they add up to.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::earlier::Earlier;
use super::protect::{Step, protect};
use super::puzzle::{Entry, Puzzle, State};
use crate::audit::{Relation, sums::Sum};
use crate::disclosure::policy::{Marker, Policy};
use crate::disclosure::primary;
use crate::domain::period::{Period, Span};
use crate::error::Error;
use crate::metrics::relations::{Measure, Measures, measures};
use crate::metrics::{ALL, Breakdown, Estimate, Estimates, Form, Subject};

/// How every estimate is shown, and the steps that led there.
#[derive(Debug, Default)]
pub struct Shown {
    /// By position of the estimate; none where it is not released or there is nothing to hide.
    pub states: Vec<Option<State>>,
    /// Steps, by position of the estimate that was changed.
    pub steps: Vec<(usize, Step)>,
}

/// What figures are shown by.
#[derive(Clone, Copy)]
pub struct Rules<'a> {
    /// The policy.
    pub policy: &'a Policy,
    /// Metrics whose 0 % and 100 % are hidden.
    pub sensitive: &'a [String],
    /// What was released before.
    pub earlier: &'a Earlier,
    /// The pathways' ids.
    pub pathways: &'a [&'a str],
}

impl<'a> Rules<'a> {
    fn pathway(&self, row: &Estimate) -> &'a str {
        row.pathway.map_or("everyone", |at| self.pathways[at])
    }
}

/// What may be shown of estimates, all tables together; `is_released` says which are in the release at all.
pub fn shown(
    estimates: &Estimates,
    rules: Rules<'_>,
    is_released: &(impl Fn(&Estimate) -> bool + Sync),
) -> Result<Shown, Error> {
    let mut subjects: BTreeMap<Subject, Vec<usize>> = BTreeMap::new();
    for (at, row) in estimates.rows.iter().enumerate() {
        subjects.entry(ALL[row.metric].subject).or_default().push(at);
    }
    let subjects: Vec<Vec<usize>> = subjects.into_values().collect();
    let found = subjects.par_iter().map(|rows| {
        let mut table = Table::of(estimates, rows, rules, is_released);
        let steps = protect(&mut table.puzzle, rules.policy)?;
        Ok((table, steps))
    });
    let mut shown = Shown { states: vec![None; estimates.rows.len()], steps: Vec::new() };
    for part in found.collect::<Vec<Result<_, Error>>>() {
        let (table, steps): (Table<'_>, Vec<Step>) = part?;
        for (entry, row) in table.puzzle.entries.iter().zip(&table.rows) {
            shown.states[*row] = Some(entry.state);
        }
        // Steps name estimates from here on.
        let named = |step: Step| Step { protects: table.rows[step.protects], ..step };
        shown.steps.extend(steps.into_iter().map(|step| (table.rows[step.entry], named(step))));
    }
    Ok(shown)
}

/// Where a number stands: measure, pathway (0 for everyone), period, breakdown, level.
type Key = (usize, usize, usize, Breakdown, usize);

/// The figures of one subject.
struct Table<'a> {
    estimates: &'a Estimates,
    puzzle: Puzzle,
    /// The estimate of each entry.
    rows: Vec<usize>,
    measures: Vec<Measure>,
    numbers: BTreeMap<Key, usize>,
}

impl<'a> Table<'a> {
    fn of(
        estimates: &'a Estimates,
        rows: &[usize],
        rules: Rules<'_>,
        is_released: &impl Fn(&Estimate) -> bool,
    ) -> Self {
        let mut table = Self {
            estimates,
            puzzle: Puzzle::default(),
            rows: Vec::new(),
            measures: Vec::new(),
            numbers: BTreeMap::new(),
        };
        let row = |at: &usize| &estimates.rows[*at];
        let groups = rows.chunk_by(|a, b| {
            let key = |row: &Estimate| (row.metric, row.pathway, row.period, row.breakdown);
            key(row(a)) == key(row(b))
        });
        let mut known: BTreeMap<usize, Measures> = BTreeMap::new();
        for group in groups {
            for (level, at) in group.iter().enumerate().filter(|(_, at)| is_released(row(at))) {
                let own = known.entry(row(at).metric).or_insert_with(|| measures(ALL[row(at).metric]));
                table.add((*at, level), own, rules);
            }
        }
        table.add_sums();
        table
    }

    fn measure(&mut self, measure: &Measure) -> usize {
        self.measures.iter().position(|known| known == measure).unwrap_or_else(|| {
            self.measures.push(measure.clone());
            self.measures.len() - 1
        })
    }

    /// The number of a measure for the row.
    fn number(&mut self, measure: &Measure, (row, level): (&Estimate, usize), truth: u64) -> usize {
        let slot = row.pathway.map_or(0, |at| at + 1);
        let period = if measure.is_at_end() { self.first_with_end(row.period) } else { row.period };
        let key = (self.measure(measure), slot, period, row.breakdown, level);
        *self.numbers.entry(key).or_insert_with(|| self.puzzle.number(truth))
    }

    /// The first period that ends with another one.
    fn first_with_end(&self, period: usize) -> usize {
        let periods = &self.estimates.periods;
        periods.iter().position(|other| other.end == periods[period].end).unwrap_or(period)
    }

    fn add(&mut self, (at, level): (usize, usize), own: &Measures, rules: Rules<'_>) {
        let policy = rules.policy;
        let row = &self.estimates.rows[at];
        let (Some(cell), marker) = (row.cell, primary::marker(row, policy, rules.sensitive)) else { return };
        let state = match marker {
            Marker::Hidden => State::Hidden,
            Marker::None if ALL[row.metric].statistic.form() == Form::Share && !policy.rounds_percentages => {
                State::Exact
            }
            // That there is nobody can be hidden too.
            Marker::None | Marker::NotApplicable => State::Rounded,
            _ => return,
        };
        let form = ALL[row.metric].statistic.form();
        let place = (row, level);
        let numerator = own.numerator.as_ref().map(|measure| self.number(measure, place, cell.numerator));
        let denominator = own.denominator.as_ref().map(|measure| self.number(measure, place, cell.denominator));
        let people = self.number(&own.people, place, primary::people(form, &cell));
        let rest = numerator.zip(denominator).map(|(part, whole)| {
            let left = cell.denominator - cell.numerator;
            let rest = match &own.rest {
                Some(measure) => self.number(measure, place, left),
                None => self.puzzle.number(left),
            };
            self.puzzle.sums.push(Sum { whole, parts: vec![part, rest], relation: Relation::Equal });
            rest
        });
        let mut kept = Vec::new();
        for (number, few) in [
            (numerator, cell.people_in),
            (rest, cell.people_out),
            (denominator.filter(|_| policy.is_small(u64::from(cell.people))), cell.people),
            (Some(people), if form == Form::Count { cell.people_in } else { cell.people }),
        ] {
            kept.extend(number.map(|number| self.keep(number, few, policy)));
        }
        // Rows of nobody are not hidden, which everybody knows.
        let size = if form == Form::Count { numerator } else { denominator };
        for number in size.into_iter().chain([people]) {
            let own = &mut self.puzzle.numbers[number];
            own.least = own.truth.min(policy.fewest() as i64);
        }
        let printed: Vec<usize> = [numerator, denominator, Some(people)].into_iter().flatten().collect();
        let told = [numerator, denominator].into_iter().flatten().collect();
        let state = self.after_earlier((row, state), [numerator, denominator, Some(people)], rules);
        let worth = (self.class(row), if form == Form::Count { cell.numerator } else { cell.denominator }, at);
        let is_total = row.breakdown == Breakdown::All;
        let halves = numerator.zip(rest).map(|(own, rest)| [own, rest]);
        self.puzzle.entry(Entry { printed, told, kept, halves, state, worth, is_total });
        self.rows.push(at);
    }

    /// How a row is shown in the light of what was released of it before, and what that told of its numbers.
    fn after_earlier(
        &mut self,
        (row, state): (&Estimate, State),
        numbers: [Option<usize>; 3],
        rules: Rules<'_>,
    ) -> State {
        let period = &self.estimates.periods[row.period];
        let mut state = state;
        for known in rules.earlier.of((rules.pathway(row), row), (period.start, period.end)) {
            let truths = numbers.map(|number| number.map(|at| self.puzzle.numbers[at].truth));
            if known.fits(truths) {
                // Nothing was revised, as far as a reader can see: it tells of these very numbers.
                for (number, range) in numbers.into_iter().zip(known.ranges(truths)) {
                    if let Some(number) = number {
                        self.puzzle.numbers[number].also = self.puzzle.numbers[number].also.and(range);
                    }
                }
            } else {
                state = known.safe_beside(truths, state, rules.policy);
            }
        }
        state
    }

    /// A number that must not be worked out where its row is hidden.
    fn keep(&mut self, number: usize, people: u32, policy: &Policy) -> usize {
        let own = &mut self.puzzle.numbers[number];
        own.is_small |= policy.is_small(u64::from(people)) && policy.is_small(own.truth as u64);
        number
    }

    /// Breakdowns go before totals, and months before years.
    fn class(&self, row: &Estimate) -> u8 {
        match (row.breakdown, self.estimates.periods[row.period].span) {
            (Breakdown::All, Span::Month) => 1,
            (Breakdown::All, Span::TwelveMonths) => 2,
            (Breakdown::All, Span::Quarter) => 3,
            (Breakdown::All, Span::Year) => 4,
            _ => 0,
        }
    }

    fn add_sums(&mut self) {
        let keys: Vec<(Key, usize)> = {
            let mut keys: Vec<_> = self.numbers.iter().map(|(key, number)| (*key, *number)).collect();
            keys.sort_unstable();
            keys
        };
        self.add_levels(&keys);
        self.add_periods(&keys);
        self.add_pathways(&keys);
        self.add_nested(&keys);
    }

    /// Adds a sum if it holds; one that does not is not known to anybody.
    fn sum(&mut self, whole: usize, parts: Vec<usize>, relation: Relation) {
        let sum = Sum { whole, parts, relation };
        let numbers = &self.puzzle.numbers;
        if sum.error(|number| numbers[number].truth).is_none() {
            self.puzzle.sums.push(sum);
        }
    }

    /// Parts of a whole: rows are in one part each, a person may be in several.
    fn parts(&mut self, measure: usize, whole: usize, parts: Vec<usize>, is_complete: bool) {
        let is_of_rows = self.measures[measure].is_of_rows();
        let total: i64 = parts.iter().map(|part| self.puzzle.numbers[*part].truth).sum();
        match (is_complete, is_of_rows || total == self.puzzle.numbers[whole].truth) {
            (true, true) => self.sum(whole, parts, Relation::Equal),
            (false, true) => self.sum(whole, parts, Relation::AtMost),
            (is_complete, false) => {
                for part in &parts {
                    self.sum(whole, vec![*part], Relation::AtMost);
                }
                if is_complete {
                    self.sum(whole, parts, Relation::AtLeast);
                }
            }
        }
    }

    /// The levels of a breakdown and the whole.
    fn add_levels(&mut self, keys: &[(Key, usize)]) {
        let groups = keys.chunk_by(|((a, b, c, d, _), _), ((e, f, g, h, _), _)| (a, b, c, d) == (e, f, g, h));
        for group in groups {
            let (measure, slot, period, breakdown, _) = group[0].0;
            let whole = self.numbers.get(&(measure, slot, period, Breakdown::All, 0)).copied();
            if let Some(whole) = whole.filter(|_| breakdown != Breakdown::All) {
                let parts: Vec<usize> = group.iter().map(|(_, number)| *number).collect();
                // Levels of nobody have no row, and providers that are not named have none.
                let total: i64 = parts.iter().map(|part| self.puzzle.numbers[*part].truth).sum();
                let is_complete = total >= self.puzzle.numbers[whole].truth;
                self.parts(measure, whole, parts, is_complete);
            }
        }
    }

    /// Months and quarters, quarters and years.
    fn add_periods(&mut self, keys: &[(Key, usize)]) {
        for ((measure, slot, period, breakdown, level), whole) in keys {
            let own = &self.estimates.periods[*period];
            for span in shorter(own.span) {
                let inside = self.inside(own, *span);
                let parts: Vec<usize> = inside
                    .iter()
                    .filter_map(|at| self.numbers.get(&(*measure, *slot, *at, *breakdown, *level)).copied())
                    .collect();
                if !parts.is_empty() && self.measures[*measure].is_additive() {
                    let total: i64 = parts.iter().map(|part| self.puzzle.numbers[*part].truth).sum();
                    let is_covered =
                        inside.iter().map(|at| self.estimates.periods[*at].days()).sum::<i32>() == own.days();
                    let is_complete = is_covered && total >= self.puzzle.numbers[*whole].truth;
                    self.parts(*measure, *whole, parts, is_complete);
                }
            }
        }
    }

    fn inside(&self, period: &Period, span: Span) -> Vec<usize> {
        let is_inside = |other: &Period| other.span == span && other.start >= period.start && other.end <= period.end;
        (0..self.estimates.periods.len()).filter(|at| is_inside(&self.estimates.periods[*at])).collect()
    }

    /// The pathways and everyone: one is on one pathway at most.
    fn add_pathways(&mut self, keys: &[(Key, usize)]) {
        let mut groups: BTreeMap<Key, Vec<usize>> = BTreeMap::new();
        for ((measure, slot, period, breakdown, level), number) in keys {
            if *slot > 0 {
                groups.entry((*measure, 0, *period, *breakdown, *level)).or_default().push(*number);
            }
        }
        for (key, parts) in groups {
            if let Some(whole) = self.numbers.get(&key).copied() {
                self.puzzle.nested.extend(parts.iter().map(|part| (*part, whole)));
                self.sum(whole, parts, Relation::AtMost);
            }
        }
    }

    /// Counts that lie in other counts of the same place, and people behind rows.
    fn add_nested(&mut self, keys: &[(Key, usize)]) {
        let pairs = |holds: &dyn Fn(&Measure, &Measure) -> bool| -> Vec<(usize, usize)> {
            let all = 0..self.measures.len();
            let pair = |one: usize| all.clone().map(move |other| (one, other));
            all.clone().flat_map(pair).filter(|(a, b)| holds(&self.measures[*a], &self.measures[*b])).collect()
        };
        let inside = pairs(&|one, other| one.lies_in(other));
        let behind = pairs(&|one, other| other.is_of_rows() && *one == other.people());
        let mut nested = Vec::new();
        let mut people = Vec::new();
        let by_measure = |pairs: Vec<(usize, usize)>| {
            let mut found: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
            for (one, other) in pairs {
                found.entry(one).or_default().push(other);
            }
            found
        };
        let (inside, behind) = (by_measure(inside), by_measure(behind));
        for ((measure, slot, period, breakdown, level), number) in keys {
            let others = |of: &BTreeMap<usize, Vec<usize>>| -> Vec<usize> {
                let others = of.get(measure).into_iter().flatten();
                others
                    .filter_map(|other| self.numbers.get(&(*other, *slot, *period, *breakdown, *level)).copied())
                    .collect()
            };
            nested.extend(others(&inside).into_iter().map(|other| (*number, other)));
            people.extend(others(&behind).into_iter().map(|other| (*number, other)));
        }
        self.puzzle.nested.extend(nested);
        for (own, rows) in people {
            self.sum(rows, vec![own], Relation::AtMost);
        }
    }
}

/// The spans that a span is made of.
fn shorter(span: Span) -> &'static [Span] {
    match span {
        Span::Month => &[],
        Span::Year => &[Span::Quarter],
        Span::Quarter | Span::TwelveMonths => &[Span::Month],
    }
}
