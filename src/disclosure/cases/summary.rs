//! `cba_summary.csv`: what a case comes to, for whom, and what would have to be true for it to break even.

use super::words::{capital, money, pence, signed};
use super::worked::Worked;
use crate::disclosure::policy::Marker;
use crate::disclosure::sheets::Value;
use crate::economics::case::appraisal::Budget;
use crate::economics::case::{Case, Refused, Scenario};
use crate::settings::business_case::EffectDesign;

pub(super) const POUNDS: &str = "pounds";
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
pub(super) struct Line<'a> {
    pub(super) part: &'a str,
    pub(super) measure: &'a str,
    pub(super) agency: &'a str,
    pub(super) value: Option<f64>,
    pub(super) limits: [Option<f64>; 2],
    pub(super) unit: &'a str,
    pub(super) words: String,
    pub(super) note: String,
}

pub(super) fn line<'a>(part: &'a str, measure: &'a str, value: Option<f64>, unit: &'a str) -> Line<'a> {
    Line { part, measure, value, unit, ..Line::default() }
}

impl Line<'_> {
    fn cells(self, case: &Case, scenario: &str, marker: Marker) -> Vec<Value> {
        let places = match self.part {
            "effect" | "benchmark" => 1,
            _ if self.unit == POUNDS => 2,
            _ => 4,
        };
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
        let mut lines = self.effects();
        lines.extend(self.economic());
        lines.extend(self.financial());
        lines.extend(self.appraisal.budgets.iter().flat_map(|(agency, budget)| agency_lines(agency, budget)));
        lines.extend(self.break_even());
        lines.extend(self.benchmark());
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
                "Over {} years, in the prices of {}, it is worth {} {} than it costs; we are 9 in 10 sure that it is between {} and {}.",
                self.inputs.years(),
                self.case.config.price_year,
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
        let (net, years) = (own.fiscal_net(), self.inputs.years());
        let budgets = format!(
            "Over {years} years {} is paid for it and public budgets are spared activity worth {}: that is {} than is paid. {cash}",
            money(own.paid),
            money(own.fiscal),
            signed(net)
        );
        vec![
            financial("present value of what is paid", Some(own.paid), POUNDS),
            financial("present value of what public budgets are spared", Some(own.fiscal), POUNDS),
            financial("of which cashable", Some(own.cashable), POUNDS),
            Line { words: budgets, ..financial("net present budget impact", Some(net), POUNDS) },
            financial("fiscal return for each pound paid", own.fiscal_return(), FOR_A_POUND),
        ]
    }
}

fn agency_lines<'a>(agency: &'a str, budget: &Budget) -> [Line<'a>; 4] {
    let of = |measure, value| Line { agency, ..line("agency", measure, Some(value), POUNDS) };
    let spares = budget.spared - budget.pays;
    let some =
        |pounds: f64, of: &str| if pounds > 0.0 { format!("{of}{}", money(pounds)) } else { "nothing".to_owned() };
    let words = format!(
        "{}: carries {} of the cost and is spared {}.",
        capital(agency),
        some(budget.pays, ""),
        some(budget.spared, "activity worth ")
    );
    [
        of("pays", budget.pays),
        of("is spared", budget.spared),
        of("of which cashable", budget.cashable),
        Line { words, ..of("is spared less what it pays", spares) },
    ]
}
