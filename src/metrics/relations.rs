//! Relations: what the declarations of two metrics say of their counts. Two that count the same rows print the same
//! number; one whose rules are the other's and more counts a part of it.

use std::collections::BTreeSet;

use polars::prelude::{Expr, Operator};

use super::{Dating, Metric, Statistic};

/// What a number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unit {
    /// Rows, or days.
    Rows,
    /// Different people with at least so many rows.
    People(u32),
    /// Rows of people with at least so many.
    RowsOfPeople(u32),
}

/// What is counted, of the rows of one subject.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Measure {
    /// What puts a row in a period, in words.
    dating: String,
    /// Whether what a period holds is what the months in it hold.
    is_additive: bool,
    /// Whether only the period's last day matters.
    is_at_end: bool,
    unit: Unit,
    /// What has to hold of a row, rule by rule.
    rules: BTreeSet<String>,
}

impl Measure {
    /// Whether the same period's rows or people of this are part of the other's.
    pub fn lies_in(&self, other: &Self) -> bool {
        let is_kind = self.dating == other.dating && self.rules.is_superset(&other.rules) && self != other;
        is_kind
            && match (self.unit, other.unit) {
                (Unit::Rows | Unit::RowsOfPeople(_), Unit::Rows) => true,
                (Unit::People(own), Unit::People(of)) => own >= of,
                _ => false,
            }
    }

    /// The people behind rows; itself where people are counted.
    #[must_use]
    pub fn people(&self) -> Self {
        let unit = if let Unit::Rows = self.unit { Unit::People(1) } else { self.unit };
        Self { unit, ..self.clone() }
    }

    /// Whether what a period holds is what the months in it hold.
    pub fn is_additive(&self) -> bool {
        self.is_additive
    }

    /// Whether only the period's last day matters: a month, a quarter and a year that end together then say the same.
    pub fn is_at_end(&self) -> bool {
        self.is_at_end
    }

    /// Whether its parts come to the whole or more: somebody is in several parts, but whoever is in the whole is in one. Not
    /// so where it takes several rows to be counted.
    pub fn is_covered_by_parts(&self) -> bool {
        matches!(self.unit, Unit::Rows | Unit::People(1))
    }

    /// Whether its parts can be added up: rows are in one part each, a person may be in several.
    pub fn is_of_rows(&self) -> bool {
        self.unit == Unit::Rows
    }
}

/// What the numbers of a metric count.
#[derive(Debug, Clone)]
pub struct Measures {
    /// The numerator; none where only the size is shown.
    pub numerator: Option<Measure>,
    /// What it is out of, or the size; none for a count.
    pub denominator: Option<Measure>,
    /// What of the denominator is not in the numerator.
    pub rest: Option<Measure>,
    /// The people that the row prints.
    pub people: Measure,
}

/// What the numbers of a metric count.
pub fn measures(metric: &Metric) -> Measures {
    let dating = format!("{:?}", metric.dated);
    let is_additive = matches!(metric.dated, Dating::On(_) | Dating::DaysWithin(..));
    let is_at_end = matches!(metric.dated, Dating::OpenAtEnd(..) | Dating::YearToEnd(_));
    let measure =
        |rules: BTreeSet<String>, unit: Unit| Measure { dating: dating.clone(), is_additive, is_at_end, unit, rules };
    let count = |own: Measure| Measures { people: own.people(), numerator: Some(own), denominator: None, rest: None };
    let share = |(own, of): (Expr, Expr), unit: Unit| {
        let all = rules(&of);
        let within = |more: &Expr| measure(all.union(&rules(more)).cloned().collect(), unit);
        Measures {
            numerator: Some(within(&own)),
            rest: Some(within(&own.not())),
            people: measure(all.clone(), unit).people(),
            denominator: Some(measure(all, unit)),
        }
    };
    let size = |of: Expr, value: Expr| {
        let all = measure(rules(&of.and(value.is_not_null())), Unit::Rows);
        Measures { people: all.people(), numerator: None, denominator: Some(all), rest: None }
    };
    match metric.statistic {
        Statistic::Count { of } => count(measure(rules(&of()), Unit::Rows)),
        Statistic::People { of } => count(measure(rules(&of()), Unit::People(1))),
        Statistic::PeopleWith { rows, of } => count(measure(rules(&of()), Unit::People(rows))),
        Statistic::Proportion { numerator, denominator } => share((numerator(), denominator()), Unit::Rows),
        // Somebody with a row of each kind is in the numerator, so the rest is no count of people with such rows.
        Statistic::PeopleProportion { numerator, denominator } => {
            Measures { rest: None, ..share((numerator(), denominator()), Unit::People(1)) }
        }
        Statistic::PeopleWithAtLeast { rows, of } => {
            of_at_least(measure(rules(&of()), Unit::People(1)), Unit::People(rows))
        }
        Statistic::RowsOfPeopleWithAtLeast { rows, of } => {
            of_at_least(measure(rules(&of()), Unit::Rows), Unit::RowsOfPeople(rows))
        }
        Statistic::Mean { of, value, .. } | Statistic::Quantile { of, value, .. } => size(of(), value()),
        Statistic::EffectSize { of, first, last } => size(of(), first() + last()),
    }
}

fn of_at_least(all: Measure, unit: Unit) -> Measures {
    let own = Measure { unit, ..all.clone() };
    Measures { numerator: Some(own), rest: None, people: all.people(), denominator: Some(all) }
}

/// The rules of an expression that have to hold together.
fn rules(rule: &Expr) -> BTreeSet<String> {
    match rule {
        Expr::BinaryExpr { left, op: Operator::And | Operator::LogicalAnd, right } => {
            rules(left).union(&rules(right)).cloned().collect()
        }
        other => BTreeSet::from([format!("{other:?}")]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::ALL;

    fn of(id: &str) -> Measures {
        measures(ALL.iter().find(|metric| metric.id == id).unwrap())
    }

    #[test]
    fn recovery_is_out_of_what_is_left_of_the_finished() {
        assert_eq!(of("tt_recovery").denominator, of("tt_not_at_caseness").rest);
        assert_eq!(of("tt_recovery").denominator, of("tt_reliable_recovery").denominator);
        assert_eq!(of("tt_paired").denominator, of("tt_finished").numerator);
        let (recovered, all) = (of("tt_recovery").numerator.unwrap(), of("tt_finished").numerator.unwrap());
        assert!(recovered.lies_in(&all) && !all.lies_in(&recovered) && !all.lies_in(&all));
    }

    #[test]
    fn rows_and_people_are_not_the_same_number() {
        let visits = of("ed_attendances");
        assert_ne!(visits.numerator.clone().unwrap(), visits.people);
        assert!(!visits.people.is_of_rows() && visits.numerator.unwrap().is_of_rows());
    }
}
