//! `cba_inputs.csv`: every number that a scenario is worked out from, with its interval and where it comes from.

use super::worked::Worked;
use crate::disclosure::sheets::Value;
use crate::economics::case::schedules::Rate;
use crate::economics::case::{Benefit, CostLine, Inputs, Known, RawChange, Spread};

/// What a number is in.
const SHARE: &str = "share of one";
/// What large sums are multiplied by.
const FACTOR: &str = "factor";
/// Places of a number, and of a factor: enough to follow a line to the penny.
const PLACES: [usize; 2] = [6, 10];

/// An input before it is made of cells.
pub(super) struct Given<'a> {
    pub(super) line: &'a str,
    pub(super) what: &'a str,
    pub(super) year: &'a str,
    pub(super) value: Spread,
    unit: &'a str,
    source: &'a str,
}

impl Given<'_> {
    /// Whether a scenario sets it, and it does not follow from another that it sets.
    pub(super) fn is_set_from(&self, base: &Self) -> bool {
        self.value.central.total_cmp(&base.value.central).is_ne() && self.what != UNIT_COST && self.what != CHANGE
    }
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
        let number = |value: Option<f64>| Value::decimal(value, PLACES[usize::from(own.unit == FACTOR)]);
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

    pub(super) fn given<'a>(&'a self, inputs: &'a Inputs) -> Vec<Given<'a>> {
        let config = &self.case.config;
        let year = |at: usize, of: Given<'a>| Given { year: &self.case.years[at], ..of };
        let people = inputs.people.iter().enumerate().map(|(at, people)| {
            year(at, given("people who begin", Spread::known(*people), "people", "plan of the business case"))
        });
        let mut all: Vec<Given<'_>> = people.collect();
        all.push(given("share who take it up", inputs.engagement, SHARE, &config.engagement.source));
        all.push(given("share of those who stay", inputs.retention, SHARE, &config.retention.source));
        let rates = (1..inputs.years()).filter_map(|at| Some((at, self.case.rate(at)?)));
        all.extend(rates.map(|(at, Rate { percent, source, .. })| {
            year(at, given("discount rate", Spread::known(*percent), "percent", source))
        }));
        let factors = inputs.discount.iter().enumerate();
        all.extend(factors.map(|(at, factor)| {
            year(at, given("discount factor", Spread::known(*factor), FACTOR, &self.case.edition))
        }));
        for line in &inputs.costs {
            let of_year = |what: &'a str, source: &'a str| {
                move |(at, pounds): (usize, &f64)| year(at, given(what, Spread::known(*pounds), "pounds", source))
            };
            let own = line.given.iter().enumerate().map(of_year("pounds as given", &line.source));
            let index = Given {
                year: &line.uprating.from,
                ..given(INDEX, Spread::known(line.uprating.factor), FACTOR, &line.uprating.words)
            };
            let own = own.chain([index]);
            let brought = line.per_year.iter().enumerate().map(of_year("pounds before optimism bias", BROUGHT));
            let own = own.chain(brought).chain(of_cost(line));
            all.extend(own.map(|own| Given { line: &line.name, ..own }));
        }
        for line in &inputs.benefits {
            all.extend(of_benefit(line).into_iter().map(|own| Given { line: &line.name, ..own }));
        }
        all
    }
}

const BIAS: &str = "config/optimism_bias.csv, by the grade of its evidence";
const CASE: &str = "the business case";
const UNIT_COST: &str = "unit cost";
const CHANGE: &str = "change as found: rate of the year after over that of the year before";
const INDEX: &str = "price index: from prices of that year to those of the case";
const BROUGHT: &str = "pounds as given × price index";

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

fn of_benefit(line: &Benefit) -> Vec<Given<'_>> {
    let (shares, sources) = (line.shares, &line.sources);
    let mut all = vec![given(rate(line.known), line.rate, "a person and year", &sources.need)];
    all.extend(line.change.iter().flat_map(before_it_enters));
    all.extend([
        given("effect: how often with the pathway over how often without", line.ratio, "ratio", &sources.effect),
        given("deadweight: share avoided anyhow", line.deadweight, SHARE, &sources.deadweight),
        given("lag: share of the first year without effect", line.lag, SHARE, &sources.lag),
        given("drop-off: share lost from year to year", line.drop_off, SHARE, &sources.drop_off),
        given("optimism bias", Spread::known(line.bias), SHARE, BIAS),
    ]);
    all.extend(of_price(line));
    all.extend([
        given("share of public budgets", Spread::known(shares.fiscal), SHARE, CASE),
        given("share of the economy", Spread::known(shares.economic), SHARE, CASE),
        given("share of people's well-being", Spread::known(shares.social), SHARE, CASE),
        given("share that can be taken out of a budget", Spread::known(line.cashability), SHARE, CASE),
    ]);
    all
}

/// A change in the same people, and what of it came of itself.
fn before_it_enters(change: &RawChange) -> [Given<'_>; 2] {
    let RawChange { ratio, by_itself, source, expectation } = change;
    [
        given(CHANGE, *ratio, "ratio", source),
        given("change expected by itself (regression to the mean)", Spread::known(*by_itself), "ratio", expectation),
    ]
}

/// From the price as it was given to the unit cost of the case.
fn of_price(line: &Benefit) -> [Given<'_>; 4] {
    let price = &line.price;
    let of_its_year = |own| Given { year: &price.uprating.from, ..own };
    [
        of_its_year(given("price as given", price.pounds, "pounds", &line.sources.unit_cost)),
        of_its_year(given(INDEX, Spread::known(price.uprating.factor), FACTOR, &price.uprating.words)),
        given("price multiplied by", Spread::known(price.times), FACTOR, "1 unless a scenario says otherwise"),
        given(UNIT_COST, line.unit_cost, "pounds", "price as given × price index × what it is multiplied by"),
    ]
}
