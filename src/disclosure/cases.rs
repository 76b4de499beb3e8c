//! `cba_lines.csv`, `cba_summary.csv`, `tornado.csv`, `cba_grid.csv` and `psa.csv`: business cases, from config and from what the
//! release shows already and nothing else.
//!
//! A case that is tied to a figure which the release does not show has no figures either: one row says why and what to do.

use sha2::{Digest, Sha256};

use super::policy::Marker;
use super::sheets::{Column, Kind, Sheet, Value, column};
use crate::economics::case::appraisal::{Budget, Switching, switching};
use crate::economics::case::draws::Draws;
use crate::economics::case::tornado::{bars, grid};
use crate::economics::case::{Appraisal, Asked, Case, Flows, Found, Inputs, Refused, Scenario, Spread, World};
use crate::settings::business_case::EffectDesign;

/// How often all inputs are drawn together.
const DRAWS: usize = 10_000;

const LINE_COLUMNS: &[Column] = &[
    column("case", Kind::Text, "the business case"),
    column(
        "scenario",
        Kind::Text,
        "base; cautious: every effect and cost at the end of its interval that speaks against the case; or one of the case's own",
    ),
    column("year", Kind::Text, "the financial year; the first is not discounted"),
    column("line", Kind::Text, "the cost or the benefit"),
    column("kind", Kind::Text, "benefit, or what the cost is of: capital, revenue, in_kind"),
    column("agency", Kind::Text, "whose budget it falls on, or carries less"),
    column(
        "cohort",
        Kind::Decimal,
        "people of the plan, of all cohorts so far who took it up and stayed; empty for a cost",
    ),
    column("units_before_bias", Kind::Decimal, "units avoided, before optimism bias; empty for a cost"),
    column("units", Kind::Decimal, "units avoided, optimism bias taken off; empty for a cost"),
    column("unit", Kind::Text, "what is counted"),
    column("unit_cost", Kind::Decimal, "pounds for one"),
    column("pounds", Kind::Decimal, "units times unit cost; of a cost with optimism bias on top"),
    column("discount_factor", Kind::Decimal, "what a pound of the year is worth in the first"),
    column("present_value", Kind::Decimal, "pounds times the discount factor"),
    column("fiscal", Kind::Decimal, "the part of it that falls to public budgets: value of activity, not cash"),
    column("economic", Kind::Decimal, "the part that falls to the economy"),
    column("social", Kind::Decimal, "the part that is people's well-being"),
    column("cashable", Kind::Decimal, "the part of the fiscal value that can be taken out of a budget"),
    column("grade", Kind::Whole, "the grade of the evidence, 1 to 6"),
    column("optimism_bias_percent", Kind::Decimal, "what is put on the cost or taken off the benefit for it"),
    column("source", Kind::Text, "where the numbers come from"),
];

const SUMMARY_COLUMNS: &[Column] = &[
    column("case", Kind::Text, "the business case"),
    column("title", Kind::Text, "what a reader calls it"),
    column("scenario", Kind::Text, "as in cba_lines.csv"),
    column(
        "part",
        Kind::Text,
        "economic: all costs and benefits; financial: public budgets alone; agency: one of them; break_even; uncertainty; benchmark",
    ),
    column("measure", Kind::Text, "what it is"),
    column("agency", Kind::Text, "whose budget, in rows of agencies"),
    column("value", Kind::Decimal, "the value at the best estimates"),
    column("lower_90", Kind::Decimal, "5 in 100 draws lie below"),
    column("upper_90", Kind::Decimal, "5 in 100 draws lie above"),
    column("unit", Kind::Text, "what the value is in"),
    column("price_year", Kind::Text, "the year of all prices"),
    column("plain_english", Kind::Text, "the finding in a sentence"),
    column("marker", Kind::Text, "x not available: the note says why; z not applicable; empty for a plain value"),
    column("note", Kind::Text, "what it rests on, and how not to read it"),
];

const TORNADO_COLUMNS: &[Column] = &[
    column("case", Kind::Text, "the business case"),
    column("rank", Kind::Whole, "1 moves the net present value most"),
    column("input", Kind::Text, "the input that is moved; all others are as estimated"),
    column("central", Kind::Decimal, "its best estimate"),
    column("low", Kind::Decimal, "the lower end of its interval"),
    column("high", Kind::Decimal, "the upper end of its interval"),
    column("net_at_low", Kind::Decimal, "net present value at the lower end, in pounds"),
    column("net_at_high", Kind::Decimal, "net present value at the upper end, in pounds"),
    column("swing", Kind::Decimal, "how far apart they are, in pounds"),
];

const GRID_COLUMNS: &[Column] = &[
    column("case", Kind::Text, "the business case"),
    column("benefit", Kind::Text, "the benefit whose effect and unit cost are moved together"),
    column("effect", Kind::Decimal, "how often with the pathway over how often without"),
    column("unit_cost", Kind::Decimal, "pounds for one"),
    column("net", Kind::Decimal, "net present value, in pounds"),
];

const PSA_COLUMNS: &[Column] = &[
    column("case", Kind::Text, "the business case"),
    column("scenario", Kind::Text, "as in cba_lines.csv"),
    column("year", Kind::Text, "benefits less costs up to the end of this financial year"),
    column("lower_95", Kind::Decimal, "2.5 in 100 draws lie below, in pounds"),
    column("lower_90", Kind::Decimal, "5 in 100 draws lie below"),
    column("lower_50", Kind::Decimal, "25 in 100 draws lie below"),
    column("middle", Kind::Decimal, "half of the draws lie below"),
    column("upper_50", Kind::Decimal, "25 in 100 draws lie above"),
    column("upper_90", Kind::Decimal, "5 in 100 draws lie above"),
    column("upper_95", Kind::Decimal, "2.5 in 100 draws lie above"),
    column("draws", Kind::Whole, "how often all inputs were drawn together"),
];

/// What is read from other tables of the same tier.
const PERCENTS: [f64; 7] = [2.5, 5.0, 25.0, 50.0, 75.0, 95.0, 97.5];

/// One scenario of a case, worked out.
struct Worked<'a> {
    case: &'a Case,
    scenario: &'a str,
    inputs: Inputs,
    world: World,
    flows: Flows,
    appraisal: Appraisal,
    draws: Draws,
}

/// The tables of all cases; `sheets` are those of the same tier.
pub(super) fn sheets(cases: &[Case], sheets: &[Sheet]) -> Vec<Sheet> {
    let mut tables: [Vec<Vec<Value>>; 5] = Default::default();
    for case in cases {
        let found = |asked: Asked<'_>| found(sheets, &case.config.pathway, asked);
        for scenario in case.scenarios() {
            match case.inputs(scenario, &found) {
                Ok(inputs) => {
                    let worked = Worked::of(case, scenario, inputs);
                    tables[0].extend(worked.lines());
                    tables[1].extend(worked.summary());
                    if scenario == Scenario::Base {
                        tables[2].extend(worked.tornado());
                        tables[3].extend(worked.grid());
                    }
                    tables[4].extend(worked.fan());
                }
                Err(refused) => tables[1].push(refusal(case, scenario, &refused)),
            }
        }
    }
    let declared: [(&str, &str, &[Column]); 5] = [
        ("cba_lines", "Business case: costs and benefits by line and year", LINE_COLUMNS),
        ("cba_summary", "Business case: what it comes to, for whom, and how sure that is", SUMMARY_COLUMNS),
        ("tornado", "Business case: which input matters most", TORNADO_COLUMNS),
        ("cba_grid", "Business case: effect and unit cost together", GRID_COLUMNS),
        ("psa", "Business case: all inputs drawn together", PSA_COLUMNS),
    ];
    let sheet = |((name, title, columns), rows)| Sheet { name, title, columns, rows };
    declared.into_iter().zip(tables).map(sheet).collect()
}

/// What the tables of the tier show of a rate or an effect.
fn found(sheets: &[Sheet], pathway: &str, asked: Asked<'_>) -> Result<Found, Refused> {
    match asked {
        Asked::After(metric) => {
            let place = [("pathway", pathway), ("metric_id", metric), ("window", "after")];
            let names = ["rate_per_100_person_years", "lower_95", "upper_95"];
            let rate = Row::find(sheets, "before_after", &place).and_then(|row| row.spread(names));
            let rate = rate.ok_or_else(|| missing(metric, "rate in the year after"))?;
            let a_year = |rate: f64| rate / 100.0;
            let spread = Spread { central: a_year(rate.central), low: a_year(rate.low), high: a_year(rate.high) };
            Ok(Found { spread, by_itself: None })
        }
        Asked::Effect(metric, EffectDesign::BeforeAfter) => {
            let of = |window| {
                Row::find(sheets, "before_after", &[("pathway", pathway), ("metric_id", metric), ("window", window)])
            };
            let names = ["after_before_ratio", "ratio_lower_95", "ratio_upper_95"];
            let spread = of("after").and_then(|row| row.spread(names)).ok_or_else(|| missing(metric, "change"))?;
            let rate = |window, name| of(window).and_then(|row| row.number(name));
            let expected = rate("after", "expected_rate_per_100_person_years");
            let before = rate("before", "rate_per_100_person_years").filter(|rate| *rate > 0.0);
            Ok(Found { spread, by_itself: expected.zip(before).map(|(expected, before)| expected / before) })
        }
        Asked::Effect(metric, design) => {
            let place = [("pathway", pathway), ("metric_id", metric), ("design", design.id())];
            let spread =
                Row::find(sheets, "effects", &place).and_then(|row| row.spread(["estimate", "lower_95", "upper_95"]));
            spread.map(|spread| Found { spread, by_itself: None }).ok_or_else(|| missing(metric, "effect"))
        }
    }
}

fn missing(metric: &str, what: &str) -> Refused {
    Refused {
        why: format!("the {what} of {metric} is not shown in this run: not estimated, or hidden"),
        fix: "wait for more people, or give the number and its source in the business case".to_owned(),
    }
}

/// A row of a table of the tier.
#[derive(Clone, Copy)]
struct Row<'a> {
    sheet: &'a Sheet,
    row: &'a [Value],
}

impl<'a> Row<'a> {
    fn find(sheets: &'a [Sheet], name: &str, place: &[(&str, &str)]) -> Option<Self> {
        let sheet = sheets.iter().find(|sheet| sheet.name == name)?;
        let all = sheet.rows.iter().map(|row| Self { sheet, row });
        let mut own =
            all.filter(|row| place.iter().all(|(name, text)| row.cell(name).is_some_and(|own| own.print() == *text)));
        own.next()
    }

    fn cell(self, name: &str) -> Option<&'a Value> {
        self.row.get(self.sheet.columns.iter().position(|column| column.name == name)?)
    }

    fn number(self, name: &str) -> Option<f64> {
        self.cell(name)?.print().parse().ok()
    }

    fn spread(self, [central, low, high]: [&str; 3]) -> Option<Spread> {
        let spread = Spread { central: self.number(central)?, low: self.number(low)?, high: self.number(high)? };
        (spread.central > 0.0 && spread.low > 0.0).then_some(spread)
    }
}

/// The one row of a case that cannot be worked out.
fn refusal(case: &Case, scenario: Scenario, refused: &Refused) -> Vec<Value> {
    let words = [&case.config.id, &case.config.title, case.name(scenario), "economic", "net present value", ""];
    let mut cells: Vec<Value> = words.into_iter().map(|text: &str| Value::text(text)).collect();
    cells.extend([Value::Empty, Value::Empty, Value::Empty]);
    cells.extend([
        Value::text("pounds"),
        Value::text(&case.config.price_year),
        Value::text(""),
        Value::text(Marker::NotAvailable.sign()),
        Value::text(format!("{}; {}", refused.why, refused.fix)),
    ]);
    cells
}

/// A row of `cba_summary.csv` before it is made of cells.
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

impl<'a> Worked<'a> {
    fn of(case: &'a Case, scenario: Scenario, inputs: Inputs) -> Self {
        let world = World::central(&inputs);
        let flows = Flows::of(&inputs, &world);
        let name = case.name(scenario);
        // The same case has the same draws every night.
        let seed = Sha256::digest(format!("psa|{}|{name}", case.config.id)).into();
        Self {
            appraisal: Appraisal::of_flows(&inputs, &flows),
            draws: Draws::of(&inputs, DRAWS, seed),
            scenario: name,
            case,
            world,
            flows,
            inputs,
        }
    }

    fn start(&self) -> [Value; 2] {
        [Value::text(&self.case.config.id), Value::text(self.scenario)]
    }

    fn lines(&self) -> Vec<Vec<Value>> {
        let pounds = |value: f64| Value::decimal(Some(value), 2);
        let mut rows = Vec::new();
        for (year, factor) in self.inputs.discount.iter().enumerate() {
            for (line, own) in self.inputs.costs.iter().zip(&self.flows.costs) {
                let mut cells = Vec::from(self.start());
                cells.extend(
                    [&self.case.years[year], &line.name, line.kind.id(), &line.payer]
                        .map(|text: &str| Value::text(text)),
                );
                cells.extend([Value::Empty, Value::Empty, Value::Empty, Value::text(""), Value::Empty]);
                cells.extend([pounds(own[year]), Value::decimal(Some(*factor), 10), pounds(own[year] * factor)]);
                cells.extend([Value::Empty, Value::Empty, Value::Empty, Value::Empty]);
                cells.extend([
                    Value::whole(Some(u64::from(line.grade))),
                    Value::decimal(Some(100.0 * line.bias), 0),
                    Value::text(&line.source),
                ]);
                rows.push(cells);
            }
            let began: f64 = self.inputs.people.iter().take(year + 1).sum();
            for (line, own) in self.inputs.benefits.iter().zip(&self.flows.benefits) {
                let present = own.pounds[year] * factor;
                let mut cells = Vec::from(self.start());
                cells.extend(
                    [&self.case.years[year], &line.name, "benefit", &line.agency].map(|text: &str| Value::text(text)),
                );
                cells.extend([
                    Value::decimal(Some(began * self.world.engagement * self.world.retention), 1),
                    Value::decimal(Some(own.before_bias[year]), 4),
                    Value::decimal(Some(own.units[year]), 4),
                    Value::text(&line.unit),
                    pounds(line.unit_cost.central),
                    pounds(own.pounds[year]),
                    Value::decimal(Some(*factor), 10),
                    pounds(present),
                    pounds(present * line.shares.fiscal),
                    pounds(present * line.shares.economic),
                    pounds(present * line.shares.social),
                    pounds(present * line.shares.fiscal * line.cashability),
                    Value::whole(Some(u64::from(line.grade))),
                    Value::decimal(Some(100.0 * line.bias), 0),
                    Value::text(&line.source),
                ]);
                rows.push(cells);
            }
        }
        rows
    }

    fn summary(&self) -> Vec<Vec<Value>> {
        let mut lines = self.economic();
        lines.extend(self.financial());
        lines.extend(self.appraisal.budgets.iter().flat_map(|(agency, budget)| agency_lines(agency, budget)));
        lines.extend(self.break_even());
        lines.extend(self.case.config.benchmark.iter().map(|benchmark| Line {
            part: "benchmark",
            measure: "less cost, as promised elsewhere",
            value: Some(benchmark.percent),
            unit: "percent",
            note: format!("{}; no part of this case", benchmark.source),
            ..Line::default()
        }));
        lines.into_iter().map(|line| self.cells(line)).collect()
    }

    fn cells(&self, line: Line<'_>) -> Vec<Value> {
        let places = if line.unit == "pounds" { 2 } else { 4 };
        let marker = if line.value.is_some() { Marker::None } else { Marker::NotApplicable };
        let words =
            [&self.case.config.id, &self.case.config.title, self.scenario, line.part, line.measure, line.agency];
        let mut cells: Vec<Value> = words.into_iter().map(|text: &str| Value::text(text)).collect();
        cells.extend([line.value, line.limits[0], line.limits[1]].map(|value| Value::decimal(value, places)));
        cells.extend([
            Value::text(line.unit),
            Value::text(&self.case.config.price_year),
            Value::text(line.words),
            Value::text(marker.sign()),
            Value::text(line.note),
        ]);
        cells
    }

    /// What every figure of the case rests on, the weakest first.
    fn caution(&self) -> String {
        let mut notes = Vec::new();
        if self.inputs.benefits.iter().any(|benefit| benefit.maryland == 1) {
            notes.push("An effect of this case is a change in the same people, graded 1 of 5: people are often referred when their use is high, and it falls by itself.".to_owned());
        }
        if !self.case.is_bias_verified {
            notes.push("The percentages of optimism bias are not verified against their source.".to_owned());
        }
        notes.push(format!("Discounted by {}.", self.case.edition));
        notes.join(" ")
    }

    fn economic(&self) -> Vec<Line<'static>> {
        let (own, draws) = (&self.appraisal, &self.draws);
        let line = |measure, value, unit| Line { part: "economic", measure, value, unit, ..Line::default() };
        let share = draws.above_nothing();
        let net = Line {
            limits: [draws.net(5.0), draws.net(95.0)],
            note: self.caution(),
            words: draws.net(5.0).zip(draws.net(95.0)).map_or_else(String::new, |(low, high)| {
                format!(
                    "Over {} years it is worth {} {} than it costs, in the money of today; we are 9 in 10 sure that it is between {} and {}.",
                    self.inputs.years(),
                    money(own.net().abs()),
                    if own.net() >= 0.0 { "more" } else { "less" },
                    signed(low),
                    signed(high)
                )
            }),
            ..line("net present value", Some(own.net()), "pounds")
        };
        let ratio = Line {
            limits: [draws.ratio(5.0), draws.ratio(95.0)],
            words: own.ratio().zip(draws.ratio(5.0)).zip(draws.ratio(95.0)).map_or_else(String::new, |((ratio, low), high)| {
                format!(
                    "For every £1 that goes in, about £{ratio:.2} of value comes back: we are 9 in 10 sure that it lies between {} and {}. It is value, not cash.",
                        pence(low),
                        pence(high)
                )
            }),
            ..line("benefits for each pound of cost", own.ratio(), "pounds for a pound")
        };
        let sure = Line {
            part: "uncertainty",
            words: share.map_or_else(String::new, |share| {
                format!("In {} of 100 draws of all inputs it is worth more than it costs.", (100.0 * share).round())
            }),
            ..line("chance that it is worth more than it costs", share, "share of draws")
        };
        let payback = own.payback();
        let words = match payback {
            Some(years) => format!("It has made up for its costs after about {years:.1} years."),
            None => format!("It does not make up for its costs within {} years.", self.inputs.years()),
        };
        vec![
            line("present value of costs", Some(own.cost), "pounds"),
            line("present value of benefits", Some(own.benefit), "pounds"),
            line("of which economic", Some(own.economic), "pounds"),
            line("of which social", Some(own.social), "pounds"),
            net,
            ratio,
            Line { words, ..line("years until it has paid for itself", payback, "years") },
            sure,
        ]
    }

    fn financial(&self) -> Vec<Line<'static>> {
        let own = &self.appraisal;
        let line = |measure, value, unit| Line { part: "financial", measure, value, unit, ..Line::default() };
        let cash = if own.cashable > 0.0 {
            format!("Of what public budgets are spared, {} can be taken out of them.", money(own.cashable))
        } else {
            "No budget can be cut for it: what is spared is room for other people.".to_owned()
        };
        vec![
            line("present value of what is paid", Some(own.paid), "pounds"),
            line("present value of what public budgets are spared", Some(own.fiscal), "pounds"),
            Line { words: cash, ..line("of which cashable", Some(own.cashable), "pounds") },
            line("net present budget impact", Some(own.fiscal_net()), "pounds"),
            line("fiscal return for each pound paid", own.fiscal_return(), "pounds for a pound"),
        ]
    }

    fn break_even(&self) -> Vec<Line<'static>> {
        let names = self.inputs.benefits.iter().map(|benefit| benefit.name.as_str()).enumerate();
        names.flat_map(|(at, name)| break_even_lines(name, switching(&self.inputs, &self.world, at))).collect()
    }

    fn tornado(&self) -> Vec<Vec<Value>> {
        let row = |(at, bar): (usize, crate::economics::case::tornado::Bar)| {
            let number = |value: f64| Value::decimal(Some(value), 4);
            let pounds = |value: f64| Value::decimal(Some(value), 2);
            vec![
                Value::text(&self.case.config.id),
                Value::whole(Some(at as u64 + 1)),
                Value::text(bar.input.words(&self.inputs)),
                number(bar.spread.central),
                number(bar.spread.low),
                number(bar.spread.high),
                pounds(bar.net[0]),
                pounds(bar.net[1]),
                pounds(bar.swing()),
            ]
        };
        bars(&self.inputs).into_iter().enumerate().map(row).collect()
    }

    fn grid(&self) -> Vec<Vec<Value>> {
        let ends = |spread: Spread| [spread.low, spread.central, spread.high];
        let mut rows = Vec::new();
        for (at, benefit) in self.inputs.benefits.iter().enumerate() {
            for (ratio, nets) in ends(benefit.ratio).into_iter().zip(grid(&self.inputs, at)) {
                for (cost, net) in ends(benefit.unit_cost).into_iter().zip(nets) {
                    rows.push(vec![
                        Value::text(&self.case.config.id),
                        Value::text(&benefit.name),
                        Value::decimal(Some(ratio), 4),
                        Value::decimal(Some(cost), 2),
                        Value::decimal(Some(net), 2),
                    ]);
                }
            }
        }
        rows
    }

    fn fan(&self) -> Vec<Vec<Value>> {
        let row = |(year, name): (usize, &String)| {
            let mut cells = Vec::from(self.start());
            cells.push(Value::text(name));
            cells.extend(PERCENTS.map(|percent| Value::decimal(self.draws.cumulative(year, percent), 2)));
            cells.push(Value::whole(Some(DRAWS as u64)));
            cells
        };
        self.case.years.iter().enumerate().map(row).collect()
    }
}

fn agency_lines<'a>(agency: &'a str, budget: &Budget) -> [Line<'a>; 3] {
    let line = |measure, value| Line {
        part: "agency",
        measure,
        agency,
        value: Some(value),
        unit: "pounds",
        ..Line::default()
    };
    [line("pays", budget.pays), line("is spared", budget.spared), line("of which cashable", budget.cashable)]
}

fn break_even_lines(benefit: &str, found: Option<Switching>) -> [Line<'static>; 2] {
    let line = |measure, value: Option<f64>, unit, words: Option<String>| Line {
        part: "break_even",
        measure,
        value,
        unit,
        words: words.map_or_else(String::new, |words| {
            format!("It would just break even with {words}, everything else as it is: {benefit}.")
        }),
        note: benefit.to_owned(),
        ..Line::default()
    };
    let (ratio, cost) = (found.map(|own| own.ratio), found.map(|own| own.unit_cost));
    [
        line("effect at which it breaks even", ratio, "ratio", ratio.map(|own| format!("an effect of {own:.2}"))),
        line("unit cost at which it breaks even", cost, "pounds", cost.map(|own| format!("a unit cost of £{own:.2}"))),
    ]
}

/// Pounds and pence.
fn pence(pounds: f64) -> String {
    if pounds < 0.0 { "less than nothing".to_owned() } else { format!("£{pounds:.2}") }
}

/// Pounds in words, to three figures.
fn money(pounds: f64) -> String {
    let digits = if pounds >= 1.0 { pounds.log10().floor() as i32 } else { 0 };
    let scale = 10f64.powi((digits - 2).max(0));
    let rounded = ((pounds / scale).round() * scale) as u64;
    format!("£{}", crate::error::grouped(rounded))
}

fn signed(pounds: f64) -> String {
    if pounds < 0.0 { format!("{} less", money(-pounds)) } else { format!("{} more", money(pounds)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pounds_are_said_to_three_figures() {
        assert_eq!([78_676.24, 950.4, 0.2].map(money), ["£78,700", "£950", "£0"]);
        assert_eq!(signed(-12_345.0), "£12,300 less");
    }
}
