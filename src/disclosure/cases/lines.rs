//! `cba_lines.csv`: each cost and each benefit, year by year.

use super::worked::Worked;
use crate::disclosure::sheets::Value;
use crate::economics::case::flows::Avoided;
use crate::economics::case::{Benefit, CostLine};

/// A year of a case.
#[derive(Clone, Copy)]
struct Year {
    at: usize,
    /// What a pound of it is worth in the first.
    factor: f64,
}

impl Worked<'_> {
    pub(super) fn lines(&self) -> Vec<Vec<Value>> {
        let mut rows = Vec::new();
        for (at, factor) in self.inputs.discount.iter().enumerate() {
            let year = Year { at, factor: *factor };
            let costs = self.inputs.costs.iter().zip(&self.flows.costs);
            rows.extend(costs.map(|(line, own)| self.cost(year, line, own[at])));
            let benefits = self.inputs.benefits.iter().zip(&self.flows.benefits);
            rows.extend(benefits.map(|(line, own)| self.avoided(year, line, own)));
        }
        rows
    }

    fn named(&self, year: Year, words: [&str; 3]) -> Vec<Value> {
        let mut cells = Vec::from(self.start());
        cells.push(Value::text(&self.case.years[year.at]));
        cells.extend(words.map(Value::text));
        cells
    }

    fn cost(&self, year: Year, line: &CostLine, own: f64) -> Vec<Value> {
        let mut cells = self.named(year, [&line.name, line.kind.id(), &line.payer]);
        cells.extend([Value::Empty, Value::Empty, Value::Empty, Value::text(""), Value::Empty]);
        cells.extend([pounds(own), Value::decimal(Some(year.factor), 10), pounds(own * year.factor)]);
        cells.extend([Value::Empty, Value::Empty, Value::Empty, Value::Empty]);
        cells.extend(evidence(line.grade, line.bias, &line.source));
        cells
    }

    fn avoided(&self, year: Year, line: &Benefit, own: &Avoided) -> Vec<Value> {
        let began: f64 = self.inputs.people.iter().take(year.at + 1).sum();
        let present = own.pounds[year.at] * year.factor;
        let mut cells = self.named(year, [&line.name, "benefit", &line.agency]);
        cells.extend([
            Value::decimal(Some(began * self.world.engagement * self.world.retention), 1),
            Value::decimal(Some(own.before_bias[year.at]), 4),
            Value::decimal(Some(own.units[year.at]), 4),
            Value::text(&line.unit),
            pounds(line.unit_cost.central),
            pounds(own.pounds[year.at]),
            Value::decimal(Some(year.factor), 10),
            pounds(present),
            pounds(present * line.shares.fiscal),
            pounds(present * line.shares.economic),
            pounds(present * line.shares.social),
            pounds(present * line.shares.fiscal * line.cashability),
        ]);
        cells.extend(evidence(line.grade, line.bias, &line.source));
        cells
    }
}

fn pounds(value: f64) -> Value {
    Value::decimal(Some(value), 2)
}

fn evidence(grade: u8, bias: f64, source: &str) -> [Value; 3] {
    [Value::whole(Some(u64::from(grade))), Value::decimal(Some(100.0 * bias), 0), Value::text(source)]
}
