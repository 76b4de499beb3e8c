//! Figures by plain loops, and where pathlink's differ.

use std::collections::{BTreeMap, BTreeSet};

use pathlink::domain::period::Span;
use pathlink::metrics::{self, Breakdown, Estimate};

use crate::raw;
use crate::town::Town;

/// Metric, quarter, breakdown, level.
type Key = [String; 4];

/// What one figure rests on.
#[derive(Default)]
struct Figure {
    numerator: u64,
    denominator: u64,
    people: BTreeSet<String>,
}

/// What a row is divided by.
#[derive(Clone, Copy)]
pub(crate) struct Of<'a> {
    /// The organisation.
    pub(crate) provider: &'a str,
    /// Male or female.
    pub(crate) sex: &'a str,
    /// The NHS number; used only where every record is right.
    pub(crate) person: &'a str,
}

/// How many rows people have, and how they are counted.
pub(crate) struct Often<'a> {
    /// The rows of each person.
    pub(crate) rows: &'a BTreeMap<String, u64>,
    /// From how many on a person is counted.
    pub(crate) at_least: u64,
    /// Whether rows are counted, not people.
    pub(crate) counts_rows: bool,
}

/// Figures for everyone by quarter.
#[derive(Default)]
pub(crate) struct Figures {
    cells: BTreeMap<Key, Figure>,
    /// The numbers of rows, or pairs of numbers, by figure.
    numbers: BTreeMap<Key, Vec<[i32; 2]>>,
    metrics: BTreeSet<String>,
}

/// What is compared.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Depth {
    /// Numerators and denominators, in all and by organisation.
    Rows,
    /// By sex too, and the number of people: only where every record is right.
    People,
}

impl Depth {
    fn breakdowns(self) -> &'static [Breakdown] {
        match self {
            Self::Rows => &[Breakdown::All, Breakdown::Provider],
            Self::People => &[Breakdown::All, Breakdown::Provider, Breakdown::Sex],
        }
    }
}

impl Figures {
    /// A row that is counted on a date.
    pub(crate) fn count(&mut self, metric: &str, date: &str, of: Of<'_>) {
        self.share(metric, date, of, true);
    }

    /// A row of a denominator, and whether it is in the numerator.
    pub(crate) fn share(&mut self, metric: &str, date: &str, of: Of<'_>, is_in: bool) {
        self.metrics.insert(metric.to_owned());
        let Some(quarter) = raw::quarter(date) else { return };
        for (breakdown, level) in [("all", "all"), ("provider", of.provider), ("sex", of.sex)] {
            let key = [metric, &quarter, breakdown, level].map(str::to_owned);
            let figure = self.cells.entry(key).or_default();
            figure.numerator += u64::from(is_in);
            figure.denominator += 1;
            figure.people.insert(of.person.to_owned());
        }
    }

    /// People of a quarter and level, each with how many rows, of whom those are in with at least so many: their rows, or
    /// they themselves.
    pub(crate) fn often(&mut self, metric: &str, [quarter, breakdown, level]: [&str; 3], of: &Often<'_>) {
        self.metrics.insert(metric.to_owned());
        let figure = self.cells.entry([metric, quarter, breakdown, level].map(str::to_owned)).or_default();
        for (person, rows) in of.rows {
            let weight = if of.counts_rows { *rows } else { 1 };
            figure.numerator += if *rows >= of.at_least { weight } else { 0 };
            figure.denominator += weight;
            figure.people.insert(person.clone());
        }
    }

    /// Metrics that are compared even where no row is counted.
    pub(crate) fn watch(&mut self, metrics: &[&str]) {
        self.metrics.extend(metrics.iter().map(|metric| (*metric).to_owned()));
    }

    /// The rows of a metric's denominators, in all.
    pub(crate) fn denominators(&self, metric: &str) -> u64 {
        let is_own = |key: &Key| key[0] == metric && key[2] == "all";
        self.cells.iter().filter(|(key, _)| is_own(key)).map(|(_, figure)| figure.denominator).sum()
    }

    /// A row with a number, or two.
    pub(crate) fn number(&mut self, metric: &str, date: &str, of: Of<'_>, numbers: [i32; 2]) {
        let Some(quarter) = raw::quarter(date) else { return };
        for (breakdown, level) in [("all", "all"), ("provider", of.provider), ("sex", of.sex)] {
            let key = [metric, &quarter, breakdown, level].map(str::to_owned);
            self.numbers.entry(key).or_default().push(numbers);
        }
    }

    /// Fails where pathlink's value of a metric is not what its numbers come to. Returns how many values there are.
    pub(crate) fn assert_values(
        &self,
        (town, depth): (&Town, Depth),
        metric: &str,
        of: fn(&[[i32; 2]]) -> Option<f64>,
    ) -> usize {
        let breakdowns = depth.breakdowns();
        let estimates = &town.evaluation.estimates;
        let mut found: BTreeMap<Key, String> = BTreeMap::new();
        for row in estimates.rows.iter().filter(|row| metrics::ALL[row.metric].id == metric && row.pathway.is_none()) {
            let is_known = breakdowns.contains(&row.breakdown);
            let period = &estimates.periods[row.period];
            if let Some(value) = row.value.filter(|_| is_known && period.span == Span::Quarter) {
                let key = [metric, &period.name, row.breakdown.id(), &row.level].map(str::to_owned);
                found.insert(key, format!("{value:.9}"));
            }
        }
        let is_shown = |key: &Key| breakdowns.iter().any(|one| one.id() == key[2]);
        let own = self.numbers.iter().filter(|(key, _)| key[0] == metric && is_shown(key));
        let expected: BTreeMap<Key, String> =
            own.filter_map(|(key, numbers)| Some((key.clone(), format!("{:.9}", of(numbers)?)))).collect();
        assert_eq!(expected, found, "{metric}");
        found.len()
    }

    /// Fails where pathlink's figures are others; each of `metrics` must have figures.
    pub(crate) fn assert_equal(&self, town: &Town, metrics: &[&str], depth: Depth) {
        let shown = |numerator: u64, denominator: u64, people: usize| match depth {
            Depth::Rows => format!("{numerator} of {denominator}"),
            Depth::People => format!("{numerator} of {denominator}, {people} people"),
        };
        let breakdowns = depth.breakdowns();
        let estimates = &town.evaluation.estimates;
        let mut found: BTreeMap<Key, String> = BTreeMap::new();
        // The loops know quarters; that other periods agree with these is a property of its own.
        let is_quarter = |period: usize| estimates.periods[period].span == Span::Quarter;
        let own =
            |row: &&Estimate| row.pathway.is_none() && breakdowns.contains(&row.breakdown) && is_quarter(row.period);
        for row in estimates.rows.iter().filter(own) {
            let id = metrics::ALL[row.metric].id;
            let Some(cell) = row.cell else { continue };
            if self.metrics.contains(id) && cell.denominator > 0 {
                let key = [id, &estimates.periods[row.period].name, row.breakdown.id(), &row.level].map(str::to_owned);
                found.insert(key, shown(cell.numerator, cell.denominator, cell.people as usize));
            }
        }
        let ids: Vec<&str> = breakdowns.iter().map(|one| one.id()).collect();
        let expected = self.cells.iter().filter(|(key, _)| ids.contains(&key[2].as_str()));
        let expected: BTreeMap<Key, String> =
            expected.map(|(key, one)| (key.clone(), shown(one.numerator, one.denominator, one.people.len()))).collect();
        let keys: BTreeSet<&Key> = expected.keys().chain(found.keys()).collect();
        let wrong: Vec<String> = keys
            .into_iter()
            .filter(|key| expected.get(*key) != found.get(*key))
            .map(|key| format!("{key:?}: by plain loops {:?}, by pathlink {:?}", expected.get(key), found.get(key)))
            .collect();
        assert!(
            wrong.is_empty(),
            "{} of {}:\n{}",
            wrong.len(),
            expected.len(),
            wrong[..wrong.len().min(40)].join("\n")
        );
        for metric in metrics {
            let quarters = expected.keys().filter(|key| key[0] == *metric && key[2] == "all").count();
            assert_eq!(quarters, 12, "{metric}");
        }
    }
}
