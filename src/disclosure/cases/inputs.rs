//! `cba_inputs.csv`: every number that a scenario is worked out from, with its interval and where it comes from.

use super::worked::Worked;
use crate::disclosure::sheets::Value;
use crate::economics::case::{Benefit, CostLine, Inputs, Known, Spread};

/// What a number is in.
const SHARE: &str = "share of one";
/// Places of a number: enough to follow a line to the penny.
const PLACES: usize = 6;

/// An input before it is made of cells.
struct Given<'a> {
    line: &'a str,
    what: &'a str,
    year: &'a str,
    value: Spread,
    unit: &'a str,
    source: &'a str,
}

fn given<'a>(what: &'a str, value: Spread, unit: &'a str, source: &'a str) -> Given<'a> {
    Given { line: "", what, year: "", value, unit, source }
}

impl Worked<'_> {
    /// `base` is what the base case is worked out from: what differs from it was set by the scenario.
    pub(super) fn inputs(&self, base: Option<&Inputs>) -> Vec<Vec<Value>> {
        let before: Vec<Given<'_>> = base.map_or_else(Vec::new, |base| self.given(base));
        let own = self.given(&self.inputs).into_iter().enumerate();
        let cells = |(at, own): (usize, Given<'_>)| {
            let is_set = before.get(at).is_some_and(|before| before.value != own.value);
            self.row(&own, is_set)
        };
        own.map(cells).collect()
    }

    fn row(&self, own: &Given<'_>, is_set: bool) -> Vec<Value> {
        let number = |value: Option<f64>| Value::decimal(value, PLACES);
        let ends = Some(own.value).filter(|value| !value.is_known());
        let mut cells = Vec::from(self.start());
        cells.extend([own.line, own.what, own.year].map(Value::text));
        cells.extend([
            number(Some(own.value.central)),
            number(ends.map(|own| own.low)),
            number(ends.map(|own| own.high)),
        ]);
        let source =
            if is_set { format!("as the scenario has it; base case: {}", own.source) } else { own.source.to_owned() };
        cells.extend([Value::text(own.unit), Value::text(source)]);
        cells
    }

    fn given<'a>(&'a self, inputs: &'a Inputs) -> Vec<Given<'a>> {
        let config = &self.case.config;
        let year = |at: usize, of: Given<'a>| Given { year: &self.case.years[at], ..of };
        let people = inputs.people.iter().enumerate().map(|(at, people)| {
            year(at, given("people who begin", Spread::known(*people), "people", "plan of the business case"))
        });
        let mut all: Vec<Given<'_>> = people.collect();
        all.push(given("share who take it up", inputs.engagement, SHARE, &config.engagement.source));
        all.push(given("share of those who stay", inputs.retention, SHARE, &config.retention.source));
        let factors = inputs.discount.iter().enumerate();
        all.extend(factors.map(|(at, factor)| {
            year(at, given("discount factor", Spread::known(*factor), "ratio", &self.case.edition))
        }));
        for line in &inputs.costs {
            let pounds = line.per_year.iter().enumerate();
            all.extend(pounds.map(|(at, pounds)| {
                let own = given("pounds before optimism bias", Spread::known(*pounds), "pounds", &line.source);
                Given { line: &line.name, ..year(at, own) }
            }));
            all.extend(of_cost(line).into_iter().map(|own| Given { line: &line.name, ..own }));
        }
        for line in &inputs.benefits {
            all.extend(of_benefit(line).into_iter().map(|own| Given { line: &line.name, ..own }));
        }
        all
    }
}

const BIAS: &str = "config/optimism_bias.csv, by the grade of its evidence";
const CASE: &str = "the business case";

fn of_cost(line: &CostLine) -> [Given<'_>; 2] {
    [
        given("multiplied by", line.factor, "ratio", &line.source),
        given("optimism bias", Spread::known(line.bias), SHARE, BIAS),
    ]
}

/// What the need is known by.
fn rate(known: Known) -> &'static str {
    match known {
        Known::Without => "need: how often without the pathway",
        Known::With | Known::Together { .. } => "rate: how often in the year after, with the pathway",
    }
}

fn of_benefit(line: &Benefit) -> [Given<'_>; 11] {
    let (shares, sources) = (line.shares, &line.sources);
    [
        given(rate(line.known), line.rate, "a person and year", &sources.need),
        given("effect: how often with the pathway over how often without", line.ratio, "ratio", &sources.effect),
        given("deadweight: share avoided anyhow", line.deadweight, SHARE, &sources.deadweight),
        given("lag: share of the first year without effect", line.lag, SHARE, &sources.lag),
        given("drop-off: share lost from year to year", line.drop_off, SHARE, &sources.drop_off),
        given("optimism bias", Spread::known(line.bias), SHARE, BIAS),
        given("unit cost", line.unit_cost, "pounds", &sources.unit_cost),
        given("share of public budgets", Spread::known(shares.fiscal), SHARE, CASE),
        given("share of the economy", Spread::known(shares.economic), SHARE, CASE),
        given("share of people's well-being", Spread::known(shares.social), SHARE, CASE),
        given("share that can be taken out of a budget", Spread::known(line.cashability), SHARE, CASE),
    ]
}
