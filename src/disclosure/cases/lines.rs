//! `cba_lines.csv`: each cost and each benefit, year by year.

use super::words::{exactly, number};
use super::worked::Worked;
use crate::disclosure::sheets::Value;
use crate::economics::case::flows::Avoided;
use crate::economics::case::{Benefit, CostLine, Drawn, Known, Sources};

/// Places of numbers that are multiplied further.
const PLACES: usize = 6;

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
            rows.extend(benefits.enumerate().map(|(at, (line, own))| self.avoided(year, at, (line, own))));
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
        cells.extend([
            Value::Empty,
            Value::Empty,
            Value::Empty,
            Value::Empty,
            Value::Empty,
            Value::text(""),
            Value::Empty,
        ]);
        cells.extend([pounds(own), Value::decimal(Some(year.factor), 10), pounds(own * year.factor)]);
        cells.extend([Value::Empty, Value::Empty, Value::Empty, Value::Empty]);
        cells.extend(evidence(line.grade, line.bias, &line.source));
        let plan = line.per_year.get(year.at).copied().unwrap_or_default();
        let is_plain = (line.factor.central - 1.0).abs() < f64::EPSILON;
        let factor = if is_plain { String::new() } else { format!(" × {}", number(line.factor.central)) };
        cells.push(Value::text(format!(
            "{}{factor} × (1 + {} optimism bias) = {}; × {} = {}",
            exactly(plan),
            number(line.bias),
            exactly(own),
            discount(year.factor),
            exactly(own * year.factor)
        )));
        cells
    }

    fn avoided(&self, year: Year, at: usize, (line, own): (&Benefit, &Avoided)) -> Vec<Value> {
        let began: f64 = self.inputs.people.iter().take(year.at + 1).sum();
        let drawn = &self.world.benefits[at];
        let people = self.world.at_full_effect(&self.inputs.people, drawn, year.at);
        let present = own.pounds[year.at] * year.factor;
        let mut cells = self.named(year, [&line.name, "benefit", &line.agency]);
        cells.extend([
            Value::decimal(Some(began * self.world.engagement * self.world.retention), 1),
            Value::decimal(Some(people), PLACES),
            Value::decimal(Some(drawn.each()), PLACES),
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
        let Sources { need, effect, unit_cost, .. } = &line.sources;
        let source = format!("need: {need}; effect: {effect}; unit cost: {unit_cost}");
        cells.extend(evidence(line.grade, line.bias, &source));
        cells.push(Value::text(format!(
            "{} = {} people at full effect; {} = {} units; × (1 - {} optimism bias) = {}; × {} = {}; × {} = {}",
            self.people_in_numbers(drawn, year.at),
            number(people),
            each_in_numbers(drawn),
            number(own.before_bias[year.at]),
            number(line.bias),
            number(own.units[year.at]),
            exactly(line.unit_cost.central),
            exactly(own.pounds[year.at]),
            discount(year.factor),
            exactly(present)
        )));
        cells
    }

    /// Each year's people by how much of the effect there is, and who of them takes it up and stays.
    fn people_in_numbers(&self, drawn: &Drawn, year: usize) -> String {
        let began = self.inputs.people.iter().enumerate().take(year + 1);
        let cohort = |(began, people): (usize, &f64)| {
            format!("{} of {} × {}", number(*people), self.case.years[began], number(drawn.phase(year - began)))
        };
        let cohorts: Vec<String> = began.map(cohort).collect();
        let (engagement, retention) = (number(self.world.engagement), number(self.world.retention));
        format!("({}) × {engagement} take it up × {retention} stay", cohorts.join(" + "))
    }
}

/// What one person at the full effect avoids.
fn each_in_numbers(drawn: &Drawn) -> String {
    let deadweight = if drawn.deadweight > 0.0 {
        format!(" × (1 - deadweight {})", number(drawn.deadweight))
    } else {
        String::new()
    };
    let need = match drawn.known {
        Known::Without => format!("need {}", number(drawn.rate)),
        Known::With | Known::Together { .. } => {
            format!("need {} (rate {} / effect {})", number(drawn.need()), number(drawn.rate), number(drawn.ratio))
        }
    };
    format!("× {need} × (1 - effect {}){deadweight}", number(drawn.ratio))
}

fn discount(factor: f64) -> String {
    format!("{factor:.10}").trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn pounds(value: f64) -> Value {
    Value::decimal(Some(value), 2)
}

fn evidence(grade: u8, bias: f64, source: &str) -> [Value; 3] {
    [Value::whole(Some(u64::from(grade))), Value::decimal(Some(100.0 * bias), 0), Value::text(source)]
}
