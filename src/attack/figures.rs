//! The attack on figures: every number of outcomes.csv and demand.csv in a range, and every sum that the published
//! definitions give.

use std::collections::BTreeMap;

use super::{Finding, Outcome, Published, Rules};
use crate::audit::{Range, Relation, Sums, sums::Contradiction, sums::Sum};
use crate::domain::day;
use crate::metrics::relations::{Measure, Measures, measures};
use crate::metrics::{ALL, Breakdown, Metric};
use crate::stats::proportion::wilson;

/// The tables that are attacked together.
const TABLES: [&str; 2] = ["outcomes", "demand"];

/// Where a number stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Place<'a> {
    subject: usize,
    measure: usize,
    pathway: &'a str,
    /// First and last day.
    period: (i32, i32),
    breakdown: &'a str,
    level: &'a str,
}

/// A hidden number, and where it would stand.
struct Target {
    table: usize,
    row: usize,
    number: usize,
    /// Whether it has to be told to be small before it is too close; else any number told closely is.
    is_size: bool,
}

/// Everything that a reader writes down.
struct Notes<'a> {
    rules: Rules,
    tables: Vec<&'a Published>,
    sums: Sums,
    measures: Vec<Measure>,
    numbers: BTreeMap<Place<'a>, usize>,
    /// A row that each number stands in.
    rows: Vec<(usize, usize)>,
    targets: Vec<Target>,
    /// Breakdowns of which some row is not there: nothing adds up to the whole.
    gaps: Vec<(usize, &'a str)>,
    /// Positions of metrics by their ids.
    metrics: BTreeMap<&'static str, usize>,
    /// What the numbers of each metric count, as far as its rows were met.
    counted: Vec<Option<Counted>>,
}

/// What the numbers of a metric count: [`Measures`], as positions among the measures met so far.
#[derive(Debug, Clone, Copy)]
struct Counted {
    numerator: Option<usize>,
    denominator: Option<usize>,
    rest: Option<usize>,
    people: usize,
}

/// Attacks the figures.
pub(super) fn attack(tables: &[Published], rules: Rules, outcome: &mut Outcome) {
    let mut notes = Notes {
        rules,
        tables: tables.iter().filter(|table| TABLES.contains(&table.name.as_str())).collect(),
        sums: Sums::default(),
        measures: Vec::new(),
        numbers: BTreeMap::new(),
        rows: Vec::new(),
        targets: Vec::new(),
        gaps: Vec::new(),
        metrics: ALL.iter().enumerate().map(|(at, metric)| (metric.id, at)).collect(),
        counted: vec![None; ALL.len()],
    };
    for table in 0..notes.tables.len() {
        for row in 0..notes.tables[table].rows.len() {
            notes.read(table, row);
        }
    }
    notes.add_up();
    outcome.hidden += notes.targets.len();
    if let Err(Contradiction(number)) = notes.sums.narrow() {
        let (table, row) = notes.rows[number];
        outcome.findings.push(Finding {
            table: notes.tables[table].name.clone(),
            row: row + 1,
            what: "it does not add up with other rows: a number was changed, or a row left out".to_owned(),
        });
        return;
    }
    outcome.findings.extend(notes.findings());
}

impl<'a> Notes<'a> {
    fn measure(&mut self, measure: Measure) -> usize {
        self.measures.iter().position(|known| *known == measure).unwrap_or_else(|| {
            self.measures.push(measure);
            self.measures.len() - 1
        })
    }

    /// What the numbers of a metric count, worked out from its declaration once.
    fn counted(&mut self, metric: usize) -> Counted {
        if let Some(known) = self.counted[metric] {
            return known;
        }
        let Measures { numerator, denominator, rest, people } = measures(ALL[metric]);
        let counted = Counted {
            numerator: numerator.map(|measure| self.measure(measure)),
            denominator: denominator.map(|measure| self.measure(measure)),
            people: self.measure(people),
            rest: rest.map(|measure| self.measure(measure)),
        };
        self.counted[metric] = Some(counted);
        counted
    }

    /// A number that stands in a row.
    fn new_number(&mut self, row: (usize, usize)) -> usize {
        self.rows.push(row);
        self.sums.number(Range::any())
    }

    /// The number at a place.
    fn number(&mut self, place: Place<'a>, row: (usize, usize)) -> usize {
        if let Some(known) = self.numbers.get(&place) {
            return *known;
        }
        let number = self.new_number(row);
        self.numbers.insert(place, number);
        number
    }

    /// Writes down what a row says.
    fn read(&mut self, table: usize, row: usize) -> Option<()> {
        let own: &'a Published = self.tables[table];
        let at = *self.metrics.get(own.cell(row, "metric_id"))?;
        let metric = ALL[at];
        let period = ["period_start", "period_end"].map(|name| day::parse_iso(own.cell(row, name).as_bytes()));
        let (subject, breakdown) = (metric.subject as usize, own.cell(row, "breakdown"));
        let place = Place {
            subject,
            measure: 0,
            pathway: own.cell(row, "pathway"),
            period: (period[0]?, period[1]?),
            breakdown,
            level: own.cell(row, "level"),
        };
        let marker = own.cell(row, "marker");
        if marker == "x" || breakdown == Breakdown::Provider.id() {
            self.gaps.push((subject, breakdown));
        }
        if marker == "x" || marker == "z" {
            return None;
        }
        let counted = self.counted(at);
        let find = |notes: &mut Self, measure: usize| {
            let is_at_end = notes.measures[measure].is_at_end();
            let period = if is_at_end { (place.period.1, place.period.1) } else { place.period };
            notes.number(Place { measure, period, ..place.clone() }, (table, row))
        };
        let numerator = counted.numerator.map(|measure| find(self, measure));
        let denominator = counted.denominator.map(|measure| find(self, measure));
        let people = find(self, counted.people);
        let rest = numerator.zip(denominator).map(|(part, whole)| {
            let rest = match counted.rest {
                Some(measure) => find(self, measure),
                None => self.new_number((table, row)),
            };
            self.sums.sum(Sum { whole, parts: vec![part, rest], relation: Relation::Equal });
            rest
        });
        if marker == "c" {
            let aim =
                |number: Option<usize>, is_size: bool| number.map(|number| Target { table, row, number, is_size });
            self.targets.extend(
                [aim(numerator, false), aim(rest, false), aim(denominator, true), aim(Some(people), true)]
                    .into_iter()
                    .flatten(),
            );
            return Some(());
        }
        let shown = |name: &str| own.cell(row, name).parse::<u64>().ok().map(|count| self.rules.before_rounding(count));
        let ranges =
            [(numerator, shown("numerator")), (denominator, shown("denominator")), (Some(people), shown("people"))];
        for (number, range) in ranges {
            if let Some((number, range)) = number.zip(range) {
                self.sums.know(number, range);
            }
        }
        if let Some((numerator, denominator)) = numerator.zip(denominator) {
            self.read_percentage((own, row), metric, (numerator, denominator));
        }
        Some(())
    }

    /// The pairs of counts that a whole percentage, and its limits, leave.
    fn read_percentage(
        &mut self,
        (own, row): (&Published, usize),
        metric: &Metric,
        (numerator, denominator): (usize, usize),
    ) {
        let (value, method) = (own.cell(row, "value"), own.cell(row, "method"));
        if value.is_empty() || method.contains("rounded") || metric.statistic.unit(metric.dated) != "percent" {
            return;
        }
        let print = |share: f64| format!("{:.0}", 100.0 * share);
        let limits = [own.cell(row, "lower_95"), own.cell(row, "upper_95")];
        let fits = |own: i64, of: i64| {
            let is_it = of > 0 && own <= of && print(own as f64 / of as f64) == value;
            let interval = if method == "Wilson" { wilson(own as f64, of as f64) } else { None };
            is_it && interval.is_none_or(|found| [print(found.lower), print(found.upper)] == limits)
        };
        let [owns, ofs] = [numerator, denominator].map(|number| self.sums.range(number));
        if owns.high - owns.low > 50 || ofs.high - ofs.low > 50 {
            return;
        }
        let pairs: Vec<(i64, i64)> = (owns.low..=owns.high)
            .flat_map(|own| (ofs.low..=ofs.high).map(move |of| (own, of)))
            .filter(|(own, of)| fits(*own, *of))
            .collect();
        let span = |of: &dyn Fn(&(i64, i64)) -> i64| {
            let ends = pairs.iter().map(of).min().zip(pairs.iter().map(of).max());
            // No counts have this percentage: the row was changed.
            ends.map_or(Range::nothing(), |(low, high)| Range { low, high })
        };
        self.sums.know(numerator, span(&|pair| pair.0));
        self.sums.know(denominator, span(&|pair| pair.1));
    }

    /// Writes down what adds up to what.
    fn add_up(&mut self) {
        let places: Vec<(Place<'a>, usize)> =
            self.numbers.iter().map(|(place, number)| (place.clone(), *number)).collect();
        let mut families: BTreeMap<(Place<'a>, Kind), Vec<usize>> = BTreeMap::new();
        for (place, number) in &places {
            for family in self.families(place) {
                families.entry(family).or_default().push(*number);
            }
        }
        for ((place, kind), parts) in families {
            let Some(whole) = self.numbers.get(&place).copied() else { continue };
            let is_of_rows = self.measures[place.measure].is_of_rows();
            let is_complete = match kind {
                Kind::Levels(breakdown) => !self.gaps.contains(&(place.subject, breakdown)),
                Kind::Periods(months) => parts.len() == months,
                Kind::Pathways => false,
            };
            let is_apart = is_of_rows || kind == Kind::Pathways;
            if is_complete && self.measures[place.measure].is_covered_by_parts() {
                let relation = if is_of_rows { Relation::Equal } else { Relation::AtLeast };
                self.sums.sum(Sum { whole, parts: parts.clone(), relation });
            } else if is_apart {
                self.sums.sum(Sum { whole, parts: parts.clone(), relation: Relation::AtMost });
            }
            if !is_apart {
                for part in parts {
                    self.sums.sum(Sum { whole, parts: vec![part], relation: Relation::AtMost });
                }
            }
        }
        self.add_people(&places);
    }

    /// The families of which a number is a part, by the place of the whole.
    fn families(&self, place: &Place<'a>) -> Vec<(Place<'a>, Kind<'a>)> {
        let mut found = Vec::new();
        if place.breakdown != "all" {
            found.push((Place { breakdown: "all", level: "all", ..place.clone() }, Kind::Levels(place.breakdown)));
        }
        if place.pathway != "everyone" {
            found.push((Place { pathway: "everyone", ..place.clone() }, Kind::Pathways));
        }
        if self.measures[place.measure].is_additive() {
            found.extend(
                longer(place.period)
                    .into_iter()
                    .map(|(period, parts)| (Place { period, ..place.clone() }, Kind::Periods(parts))),
            );
        }
        found
    }

    /// People behind rows are no more than the rows.
    fn add_people(&mut self, places: &[(Place<'a>, usize)]) {
        let people: Vec<Option<usize>> = self
            .measures
            .iter()
            .map(|own| {
                own.is_of_rows().then(|| self.measures.iter().position(|other| *other == own.people())).flatten()
            })
            .collect();
        for (place, rows) in places {
            let Some(measure) = people[place.measure] else { continue };
            if let Some(people) = self.numbers.get(&Place { measure, ..place.clone() }) {
                self.sums.sum(Sum { whole: *rows, parts: vec![*people], relation: Relation::AtMost });
            }
        }
    }

    fn findings(&self) -> Vec<Finding> {
        let few = self.rules.few();
        let is_open = |target: &&Target| {
            let range = self.sums.range(target.number);
            let is_narrow = range.high - range.low < self.rules.width() && range != Range::only(0);
            // The size of a hidden row may be many people's; it is too close only where it is known to be few people's.
            is_narrow && (!target.is_size || range.high <= few)
        };
        let finding = |target: &Target| {
            let range = self.sums.range(target.number);
            Finding {
                table: self.tables[target.table].name.clone(),
                row: target.row + 1,
                what: format!(
                    "a hidden number can only lie within {} of another: too close; it can be told from its totals, the other levels or the other periods",
                    range.high - range.low
                ),
            }
        };
        let mut findings: Vec<Finding> = self.targets.iter().filter(is_open).map(finding).collect();
        findings.dedup();
        findings
    }
}

/// What the parts of a whole are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind<'a> {
    Levels(&'a str),
    /// So many parts make up the whole.
    Periods(usize),
    Pathways,
}

/// Longer periods that one is a whole part of, each with the number of such parts: a month of a quarter and of twelve
/// months, a quarter of a financial year.
fn longer((start, end): (i32, i32)) -> Vec<((i32, i32), usize)> {
    let (first, last) = (day::month_number(start), day::month_number(end));
    let span = |from: i32, months: i32| (day::month_start(from), day::month_start(from + months) - 1);
    match last - first + 1 {
        1 => {
            let quarter = span(first - first.rem_euclid(3), 3);
            let years = (0..12).map(|back| (span(first - back, 12), 12));
            [(quarter, 3)].into_iter().chain(years).collect()
        }
        3 => vec![(span(first - (first - 3).rem_euclid(12), 12), 4)],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> i32 {
        day::parse_iso(text.as_bytes()).unwrap()
    }

    #[test]
    fn a_quarter_is_part_of_its_financial_year() {
        assert_eq!(longer((d("2025-01-01"), d("2025-03-31"))), [((d("2024-04-01"), d("2025-03-31")), 4)]);
        let of_may = longer((d("2025-05-01"), d("2025-05-31")));
        assert_eq!(of_may[0], ((d("2025-04-01"), d("2025-06-30")), 3));
        assert!(of_may.contains(&((d("2024-06-01"), d("2025-05-31")), 12)) && of_may.len() == 13);
        assert!(longer((d("2024-04-01"), d("2025-03-31"))).is_empty());
    }
}
