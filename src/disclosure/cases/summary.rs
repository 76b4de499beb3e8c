//! `cba_summary.csv`: what a case comes to, for whom, and what would have to be true for it to break even.

use super::words::{money, pence, signed};
use super::worked::Worked;
use crate::disclosure::policy::Marker;
use crate::disclosure::sheets::Value;
use crate::economics::case::appraisal::{Budget, Switching, switching};
use crate::economics::case::{Case, Refused, Scenario};
use crate::settings::business_case::EffectDesign;

const POUNDS: &str = "pounds";
const FOR_A_POUND: &str = "pounds for a pound";

/// The one row of a case that cannot be worked out.
pub(super) fn refusal(case: &Case, scenario: Scenario, refused: &Refused) -> Vec<Value> {
    let marker = if refused.is_hidden { Marker::Hidden } else { Marker::NotAvailable };
    let note = format!("{}; {}", refused.why, refused.fix);
    let line = Line { note, ..line("economic", "net present value", None, POUNDS) };
    line.cells(case, case.name(scenario), marker)
}

/// A row before it is made of cells.
#[derive(Default)]
struct Line<'a> {
    part: &'a str,
    measure: &'a str,
    agency: &'a str,
    value: Option<f64>,
    limits: [Option<f64>; 2],
    unit: &'a str,
    words: String,
    note: String,
}

fn line<'a>(part: &'a str, measure: &'a str, value: Option<f64>, unit: &'a str) -> Line<'a> {
    Line { part, measure, value, unit, ..Line::default() }
}

impl Line<'_> {
    fn cells(self, case: &Case, scenario: &str, marker: Marker) -> Vec<Value> {
        let places = if self.unit == POUNDS { 2 } else { 4 };
        let words = [&case.config.id, &case.config.title, scenario, self.part, self.measure, self.agency];
        let mut cells: Vec<Value> = words.into_iter().map(|text: &str| Value::text(text)).collect();
        cells.extend([self.value, self.limits[0], self.limits[1]].map(|value| Value::decimal(value, places)));
        cells.extend([
            Value::text(self.unit),
            Value::text(&case.config.price_year),
            Value::text(self.words),
            Value::text(marker.sign()),
            Value::text(self.note),
        ]);
        cells
    }
}

impl Worked<'_> {
    pub(super) fn summary(&self) -> Vec<Vec<Value>> {
        let mut lines = self.economic();
        lines.extend(self.financial());
        lines.extend(self.appraisal.budgets.iter().flat_map(|(agency, budget)| agency_lines(agency, budget)));
        lines.extend(self.break_even());
        lines.extend(self.case.config.benchmark.iter().map(|benchmark| Line {
            note: format!("{}; no part of this case", benchmark.source),
            ..line("benchmark", "less cost, as promised elsewhere", Some(benchmark.percent), "percent")
        }));
        let cells = |line: Line<'_>| {
            let marker = if line.value.is_some() { Marker::None } else { Marker::NotApplicable };
            line.cells(self.case, self.scenario, marker)
        };
        lines.into_iter().map(cells).collect()
    }

    /// What every figure of the case rests on, the weakest first.
    fn caution(&self) -> String {
        let mut notes = Vec::new();
        if self.inputs.benefits.iter().any(|benefit| benefit.design == EffectDesign::BeforeAfter) {
            notes.push("An effect of this case is a change in the same people, graded 1 of 5: people are often referred when their use is high, and it falls by itself.".to_owned());
        }
        if !self.case.is_bias_verified {
            notes.push("The percentages of optimism bias are not verified against their source.".to_owned());
        }
        notes.push(format!("Discounted by {}.", self.case.edition));
        notes.join(" ")
    }

    fn economic(&self) -> Vec<Line<'static>> {
        let own = &self.appraisal;
        let economic = |measure, value, unit| line("economic", measure, value, unit);
        let payback = own.payback();
        let paid_back = match payback {
            Some(years) => format!("It has made up for its costs after about {years:.1} years."),
            None => format!("It does not make up for its costs within {} years.", self.inputs.years()),
        };
        let share = self.draws.above_nothing();
        let sure = share.map_or_else(String::new, |share| {
            format!("In {} of 100 draws of all inputs it is worth more than it costs.", (100.0 * share).round())
        });
        vec![
            economic("present value of costs", Some(own.cost), POUNDS),
            economic("present value of benefits", Some(own.benefit), POUNDS),
            economic("of which economic", Some(own.economic), POUNDS),
            economic("of which social", Some(own.social), POUNDS),
            self.net(),
            self.ratio(),
            Line { words: paid_back, ..economic("years until it has paid for itself", payback, "years") },
            Line {
                words: sure,
                ..line("uncertainty", "chance that it is worth more than it costs", share, "share of draws")
            },
        ]
    }

    fn net(&self) -> Line<'static> {
        let net = self.appraisal.net();
        let limits = [self.draws.net(5.0), self.draws.net(95.0)];
        let words = limits[0].zip(limits[1]).map_or_else(String::new, |(low, high)| {
            format!(
                "Over {} years it is worth {} {} than it costs, in the money of today; we are 9 in 10 sure that it is between {} and {}.",
                self.inputs.years(),
                money(net.abs()),
                if net >= 0.0 { "more" } else { "less" },
                signed(low),
                signed(high)
            )
        });
        Line { limits, words, note: self.caution(), ..line("economic", "net present value", Some(net), POUNDS) }
    }

    fn ratio(&self) -> Line<'static> {
        let ratio = self.appraisal.ratio();
        let limits = [self.draws.ratio(5.0), self.draws.ratio(95.0)];
        let words = ratio.zip(limits[0]).zip(limits[1]).map_or_else(String::new, |((ratio, low), high)| {
            format!(
                "For every £1 that goes in, about £{ratio:.2} of value comes back: we are 9 in 10 sure that it lies between {} and {}. It is value, not cash.",
                pence(low),
                pence(high)
            )
        });
        Line { limits, words, ..line("economic", "benefits for each pound of cost", ratio, FOR_A_POUND) }
    }

    fn financial(&self) -> Vec<Line<'static>> {
        let own = &self.appraisal;
        let financial = |measure, value, unit| line("financial", measure, value, unit);
        let cash = if own.cashable > 0.0 {
            format!("Of what public budgets are spared, {} can be taken out of them.", money(own.cashable))
        } else {
            "No budget can be cut for it: what is spared is room for other people.".to_owned()
        };
        vec![
            financial("present value of what is paid", Some(own.paid), POUNDS),
            financial("present value of what public budgets are spared", Some(own.fiscal), POUNDS),
            Line { words: cash, ..financial("of which cashable", Some(own.cashable), POUNDS) },
            financial("net present budget impact", Some(own.fiscal_net()), POUNDS),
            financial("fiscal return for each pound paid", own.fiscal_return(), FOR_A_POUND),
        ]
    }

    fn break_even(&self) -> Vec<Line<'static>> {
        let names = self.inputs.benefits.iter().map(|benefit| benefit.name.as_str()).enumerate();
        names.flat_map(|(at, name)| break_even_lines(name, switching(&self.inputs, &self.world, at))).collect()
    }
}

fn agency_lines<'a>(agency: &'a str, budget: &Budget) -> [Line<'a>; 3] {
    let of = |measure, value| Line { agency, ..line("agency", measure, Some(value), POUNDS) };
    [of("pays", budget.pays), of("is spared", budget.spared), of("of which cashable", budget.cashable)]
}

fn break_even_lines(benefit: &str, found: Option<Switching>) -> [Line<'static>; 2] {
    let of = |measure, value: Option<f64>, unit, words: Option<String>| Line {
        words: words.map_or_else(String::new, |words| {
            format!("It would just break even with {words}, everything else as it is: {benefit}.")
        }),
        note: benefit.to_owned(),
        ..line("break_even", measure, value, unit)
    };
    let (ratio, cost) = (found.map(|own| own.ratio), found.map(|own| own.unit_cost));
    [
        of("effect at which it breaks even", ratio, "ratio", ratio.map(|own| format!("an effect of {own:.2}"))),
        of("unit cost at which it breaks even", cost, POUNDS, cost.map(|own| format!("a unit cost of £{own:.2}"))),
    ]
}
