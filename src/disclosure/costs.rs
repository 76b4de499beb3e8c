//! `costs.csv` and `cost_summary.csv`: what was used is worth, after control.

use super::control::Figures;
use super::policy::{Marker, Policy, two_figures};
use super::sheets::{Column, Kind, Sheet, Value, column};
use crate::economics::cost::{Part, add_new};
use crate::economics::declared::{ALL, CostMetric, What};
use crate::economics::delivery::DeliveryCost;
use crate::economics::difference::{self, Difference};
use crate::economics::{CostRow, Pounds};
use crate::metrics::before_after::{Design, YEAR_DAYS};
use crate::pathways::Service;
use crate::settings::Settings;

const COST_COLUMNS: &[Column] = &[
    column("pathway", Kind::Text, "the pathway"),
    column("role", Kind::Text, "redesigned or comparator"),
    column("window", Kind::Text, "before or after the index date"),
    column("service", Kind::Text, "what was used; total is their sum"),
    column("payer", Kind::Text, "whose budget it falls on"),
    column("events", Kind::Whole, "costed events, rounded to the nearest 5"),
    column(
        "unit_cost",
        Kind::Decimal,
        "average pounds per event; where team or bed types are mixed, their average to two significant figures; what few people used counts as the others do on average",
    ),
    column("unit_cost_low", Kind::Decimal, "the same at the low end of every unit cost"),
    column("unit_cost_high", Kind::Decimal, "the same at the high end of every unit cost"),
    column("price_year", Kind::Text, "the year of all prices"),
    column("cost_source", Kind::Text, "where the unit cost comes from, and from which year it was brought here"),
    column("range_source", Kind::Text, "where its low and high come from"),
    column("cost", Kind::Whole, "value of activity in pounds: rounded events times unit cost; not a saving"),
    column("cost_low", Kind::Whole, "the same at the low unit cost"),
    column("cost_high", Kind::Whole, "the same at the high unit cost"),
    column("person_years", Kind::Whole, "time observed, rounded to the nearest 5 years; empty for the total"),
    column(
        "cost_per_person_year",
        Kind::Whole,
        "pounds per person-year; the total adds the services, each over its own time",
    ),
    column("cost_per_person_year_low", Kind::Whole, "the same at the low unit cost"),
    column("cost_per_person_year_high", Kind::Whole, "the same at the high unit cost"),
    column("marker", Kind::Text, "c hidden; x not available; empty for a plain value"),
    column("note", Kind::Text, "what is missing"),
];

const SUMMARY_COLUMNS: &[Column] = &[
    column("pathway", Kind::Text, "the redesigned pathway"),
    column("comparator", Kind::Text, "what it is compared with; empty where it is not"),
    column("metric_id", Kind::Text, "the metric's id"),
    column("metric", Kind::Text, "what it is"),
    column(
        "part",
        Kind::Text,
        "all; without_index_services: services whose use changes by construction are left out; payer: one budget",
    ),
    column("payer", Kind::Text, "whose budget: above 0 it carries more than without the pathway, below 0 it benefits"),
    column("people", Kind::Whole, "people of the pathway that it rests on, rounded to the nearest 5"),
    column("value", Kind::Decimal, "pounds, two significant figures; value of activity, not a saving"),
    column("value_low", Kind::Decimal, "the same with every unit cost at its low"),
    column("value_high", Kind::Decimal, "the same with every unit cost at its high"),
    column("unit", Kind::Text, "what the value is in"),
    column("lower_95", Kind::Decimal, "lower limit of the 95 % interval at central unit costs"),
    column("upper_95", Kind::Decimal, "upper limit of the 95 % interval at central unit costs"),
    column("method", Kind::Text, "how the interval was made"),
    column("price_year", Kind::Text, "the year of all prices"),
    column(
        "design",
        Kind::Text,
        "before_after; mechanical: some of the services supply the index event; unascertained: deaths or moves not known equally; empty for the cost of delivery",
    ),
    column("caution", Kind::Text, "how not to read the row"),
    column("marker", Kind::Text, "c hidden; x not available; z not applicable; empty for a plain value"),
    column("note", Kind::Text, "what is missing, or what the figure rests on that is not verified"),
];

const CAUTION_DIFFERENCE: &str = "A difference of changes, not an effect: the arms are not weighted to each other. The value of activity at average cost: none of it is cash unless a budget is cut.";
const CAUTION_DELIVERY: &str = "What the pathway costs, whatever it brings about.";

/// What was used, by service and in total.
pub(super) fn by_service(figures: &Figures<'_>, policy: &Policy) -> Sheet {
    let mut rows = Vec::new();
    for group in figures.costs.rows.chunk_by(|a, b| (a.pathway, a.window) == (b.pathway, b.window)) {
        let any_hidden = group.iter().any(|row| is_hidden(row, policy));
        let shown: Vec<Option<Pounds>> = group.iter().map(|row| cost(row, policy)).collect();
        let total: Pounds = shown.iter().flatten().copied().sum();
        let services = group.iter().filter(|row| row.service.is_some());
        let a_year = services.map(|row| per_year(row, policy)).sum::<Option<Pounds>>();
        for (row, own) in group.iter().zip(&shown) {
            rows.push(cost_row(figures, row, (*own, if any_hidden { None } else { Some((total, a_year)) }), policy));
        }
    }
    Sheet { name: "costs", title: "Value of what was used, at average cost", columns: COST_COLUMNS, rows }
}

/// A service that few people used, or that two of them used nearly alone; also where that is so of every unit cost in it.
fn is_hidden(row: &CostRow, policy: &Policy) -> bool {
    let is_of_few = policy.is_small(u64::from(row.people)) || policy.is_dominated(row.events, row.top_two);
    row.service.is_some() && (is_of_few || (!row.parts.is_empty() && told(row, policy).is_empty()))
}

/// The unit costs that many people stand behind. An average of others would tell how many nights, say, somebody had in a dear
/// bed, and their sources that somebody had any.
fn told<'a>(row: &'a CostRow, policy: &Policy) -> Vec<&'a Part> {
    let is_told = |part: &&Part| !policy.is_small(part.people()) && !policy.is_dominated(part.events(), part.top_two());
    row.parts.iter().filter(is_told).collect()
}

/// What the parts that may be told say, each once.
fn words(row: &CostRow, policy: &Policy, of: fn(&Part) -> &Vec<String>) -> String {
    let mut all = Vec::new();
    told(row, policy).into_iter().flat_map(of).for_each(|word| add_new(&mut all, word));
    all.join("; ")
}

fn each(pounds: Pounds, of: impl Fn(f64) -> f64) -> Pounds {
    Pounds { low: of(pounds.low), central: of(pounds.central), high: of(pounds.high) }
}

/// An average of mixed unit costs would tell of what it is made.
fn unit_cost(row: &CostRow, policy: &Policy) -> Option<Pounds> {
    let parts = told(row, policy);
    if let [part] = parts.as_slice() {
        return row.cost.map(|_| part.price);
    }
    let events: u64 = parts.iter().map(|part| part.events()).sum();
    let cost: Pounds = parts.iter().map(|part| part.price.times(part.events() as f64)).sum();
    row.cost.filter(|_| events > 0).map(|_| each(cost.times(1.0 / events as f64), two_figures))
}

/// Rounded events at the shown unit cost, so that nothing divides back to an exact count.
fn cost(row: &CostRow, policy: &Policy) -> Option<Pounds> {
    row.service?;
    row.cost?;
    // Without events there is no unit cost to show, and what they cost is nothing.
    Some(unit_cost(row, policy).map_or(Pounds::NOTHING, |unit| unit.times(policy.round(row.events) as f64)))
}

/// Person-years, rounded; none for the total.
fn years(row: &CostRow, policy: &Policy) -> Option<u64> {
    row.days.map(|days| policy.round((days as f64 / YEAR_DAYS).round() as u64))
}

/// The shown cost over the shown time.
fn per_year(row: &CostRow, policy: &Policy) -> Option<Pounds> {
    let years = years(row, policy).filter(|years| *years > 0)?;
    cost(row, policy).map(|cost| cost.times(1.0 / years as f64))
}

fn cost_row(
    figures: &Figures<'_>,
    row: &CostRow,
    (own, total): (Option<Pounds>, Option<(Pounds, Option<Pounds>)>),
    policy: &Policy,
) -> Vec<Value> {
    let config = &figures.pathways.configs[row.pathway];
    let is_total = row.service.is_none();
    let marker = if !row.missing.is_empty() {
        Marker::NotAvailable
    } else if is_hidden(row, policy) || (is_total && total.is_none()) {
        Marker::Hidden
    } else {
        Marker::None
    };
    let is_shown = marker == Marker::None;
    let cost = if is_total { total.map(|(cost, _)| cost) } else { own }.filter(|_| is_shown);
    let years = years(row, policy).filter(|_| is_shown);
    let per_year = if is_total { total.and_then(|(_, a_year)| a_year) } else { per_year(row, policy) };
    let per_year = per_year.filter(|_| is_shown);
    let unit = unit_cost(row, policy).filter(|_| is_shown && !is_total);
    let source = source_of(row, policy);
    let shown = |text: &str| Value::text(if is_shown { text } else { "" });
    let price_year = if source[0].is_empty() { "" } else { &figures.costs.price_year };
    let payer = words(row, policy, |part| &part.payers);
    let mut cells = vec![
        Value::text(&config.id),
        Value::text(config.role.id()),
        Value::text(row.window.id()),
        Value::text(row.service.map_or("total", Service::id)),
        Value::text(if payer.is_empty() { &row.usual_payer } else { &payer }),
        Value::whole(Some(policy.round(row.events)).filter(|_| is_shown && !is_total)),
    ];
    cells.extend(central_first(unit, 2));
    cells.extend([shown(price_year), shown(&source[0]), shown(&source[1])]);
    cells.extend(central_first(cost, 0));
    cells.push(Value::whole(years));
    cells.extend(central_first(per_year, 0));
    cells.extend([Value::text(marker.sign()), Value::text(row.missing.join("; "))]);
    cells
}

/// Where the unit cost comes from, and where its range does.
fn source_of(row: &CostRow, policy: &Policy) -> [String; 2] {
    if row.service.is_none() {
        return ["sum of the services above", "every unit cost at its low, or at its high"].map(str::to_owned);
    }
    [words(row, policy, |part| &part.sources), words(row, policy, |part| &part.ranges)]
}

/// Central, low, high.
fn central_first(pounds: Option<Pounds>, places: usize) -> [Value; 3] {
    [pounds.map(|one| one.central), pounds.map(|one| one.low), pounds.map(|one| one.high)]
        .map(|value| Value::decimal(value, places))
}

/// One row of `cost_summary.csv`, before it is made of cells.
struct Line<'a> {
    pathway: usize,
    comparator: Option<usize>,
    what: What,
    part: (&'static str, &'a str),
    people: u64,
    value: Option<Pounds>,
    limits: [Option<f64>; 2],
    method: &'static str,
    design: Option<Design>,
    marker: Marker,
    note: String,
}

/// What delivery came to, and how cost changed beside the comparator's.
pub(super) fn summary(figures: &Figures<'_>, policy: &Policy, settings: &Settings) -> Sheet {
    let money = figures.costs;
    let mut rows = Vec::new();
    for metric in ALL {
        let lines: Vec<Line<'_>> = match metric.what {
            What::BeforeAfter => Vec::new(),
            What::NetDifference => money.differences.iter().map(|one| difference(figures, one, policy)).collect(),
            What::PerRecovery => {
                let rests_on = settings.note(metric.id);
                let line = |one| delivery(one, metric.what, policy).with_note(&rests_on);
                money.per_recovery.iter().map(line).collect()
            }
            What::PerPerson => money.per_person.iter().map(|one| delivery(one, metric.what, policy)).collect(),
        };
        rows.extend(lines.into_iter().map(|line| line.cells(figures, metric, policy)));
    }
    Sheet {
        name: "cost_summary",
        title: "What the pathway costs, and whose budgets carry more or less",
        columns: SUMMARY_COLUMNS,
        rows,
    }
}

fn difference<'a>(figures: &Figures<'_>, one: &'a Difference, policy: &Policy) -> Line<'a> {
    let arms: Vec<usize> = [Some(one.pathway), one.comparator].into_iter().flatten().collect();
    let size = |at: usize| {
        let own = figures.pathways.windows.iter().filter(|arm| arm.pathway == at);
        own.map(|arm| arm.people.len()).max().unwrap_or_default() as u64
    };
    let is_part = |row: &&CostRow| {
        arms.contains(&row.pathway) && row.service.is_some_and(|service| one.services.contains(&service))
    };
    let rests_on_few = arms.iter().any(|at| policy.is_small(size(*at)))
        || figures.costs.rows.iter().filter(is_part).any(|row| is_hidden(row, policy));
    let part = match &one.part {
        difference::Part::All => ("all", "all of them"),
        difference::Part::WithoutIndexServices => ("without_index_services", "all of them"),
        difference::Part::Payer(payer) => ("payer", payer.as_str()),
    };
    let no_comparator = one.comparator.is_none().then(|| "no pathway is compared with this one".to_owned());
    Line {
        pathway: one.pathway,
        comparator: one.comparator,
        what: What::NetDifference,
        part,
        people: size(one.pathway),
        value: one.value,
        limits: [one.interval.map(|limits| limits.lower), one.interval.map(|limits| limits.upper)],
        method: if one.interval.is_some() { "bootstrap of people" } else { "" },
        design: Some(one.design),
        marker: marker(&one.missing, rests_on_few, one.value),
        note: no_comparator.unwrap_or_else(|| one.missing.join("; ")),
    }
}

fn delivery<'a>(one: &'a DeliveryCost, what: What, policy: &Policy) -> Line<'a> {
    let without = if what == What::PerRecovery { one.over } else { one.people_met };
    let counts = [one.people, one.people_met, one.over, one.people.saturating_sub(without)];
    let rests_on_few =
        counts.into_iter().any(|count| policy.is_small(count)) || policy.is_dominated(one.deliveries, one.top_two);
    Line {
        pathway: one.pathway,
        comparator: None,
        what,
        part: ("all", &one.payer),
        people: one.people,
        value: one.value,
        limits: [one.interval.map(|limits| limits.lower), one.interval.map(|limits| limits.upper)],
        method: one.method,
        design: None,
        marker: marker(&one.missing, rests_on_few, one.value),
        note: one.missing.join("; "),
    }
}

fn marker(missing: &[String], rests_on_few: bool, value: Option<Pounds>) -> Marker {
    if !missing.is_empty() {
        Marker::NotAvailable
    } else if rests_on_few {
        Marker::Hidden
    } else if value.is_none() {
        Marker::NotApplicable
    } else {
        Marker::None
    }
}

impl Line<'_> {
    /// With a word more on what it rests on.
    fn with_note(mut self, more: &str) -> Self {
        if !self.note.is_empty() && !more.is_empty() {
            self.note.push_str("; ");
        }
        self.note.push_str(more);
        self
    }

    fn cells(self, figures: &Figures<'_>, metric: &CostMetric, policy: &Policy) -> Vec<Value> {
        let is_shown = self.marker == Marker::None;
        let id = |at: usize| figures.pathways.configs[at].id.as_str();
        let value = self.value.filter(|_| is_shown).map(|pounds| each(pounds, two_figures));
        let limit = |limit: Option<f64>| Value::decimal(limit.filter(|_| is_shown).map(two_figures), 0);
        let caution = if self.what == What::NetDifference { CAUTION_DIFFERENCE } else { CAUTION_DELIVERY };
        let mut cells = vec![
            Value::text(id(self.pathway)),
            Value::text(self.comparator.map_or("", id)),
            Value::text(metric.id),
            Value::text(metric.title),
            Value::text(self.part.0),
            Value::text(self.part.1),
            Value::whole(Some(policy.round(self.people)).filter(|_| is_shown)),
        ];
        cells.extend(central_first(value, 0));
        cells.extend([
            Value::text(metric.unit),
            limit(self.limits[0]),
            limit(self.limits[1]),
            Value::text(if is_shown { self.method } else { "" }),
            Value::text(if is_shown { figures.costs.price_year.as_str() } else { "" }),
            Value::text(self.design.map_or("", Design::id)),
            Value::text(caution),
            Value::text(self.marker.sign()),
            Value::text(self.note),
        ]);
        cells
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pathways::{EventType, Window};

    /// Nights of some people at a price.
    fn part(price: f64, source: &str, nights: &[u64]) -> Part {
        let pounds = Pounds { low: price - 1.0, central: price, high: price + 1.0 };
        Part::of(pounds, source, nights)
    }

    fn row(parts: Vec<Part>) -> CostRow {
        let cost = parts.iter().map(|part| part.price.times(part.events() as f64)).sum();
        CostRow {
            pathway: 0,
            window: Window::After,
            service: Some(Service::Events(EventType::MhNight)),
            payer: "trust".to_owned(),
            usual_payer: "trust".to_owned(),
            events: parts.iter().map(Part::events).sum(),
            people: parts.iter().map(|part| part.people() as u32).sum(),
            top_two: [20, 20],
            days: Some(36_525),
            parts,
            cost: Some(cost),
            per_person_year: None,
            missing: Vec::new(),
        }
    }

    /// Two nights of one person in intensive care among 200 others: an average of both would tell of them to whoever knows the prices.
    #[test]
    fn a_dear_bed_that_one_person_had_moves_nothing() {
        let policy = Policy::STANDARD;
        let acute = || part(500.0, "acute", &[20; 10]);
        let [with, without] = [row(vec![acute(), part(1080.0, "intensive care", &[2])]), row(vec![acute()])];
        assert_eq!(unit_cost(&with, &policy), unit_cost(&without, &policy));
        assert_eq!(unit_cost(&with, &policy).unwrap().central.to_bits(), 500.0_f64.to_bits());
        assert_eq!(source_of(&with, &policy)[0], "acute");
        assert!(!is_hidden(&with, &policy));
        // Eight people with a night each are told of, in an average of two figures.
        let many = row(vec![acute(), part(1080.0, "intensive care", &[1; 8])]);
        assert_eq!(source_of(&many, &policy)[0], "acute; intensive care");
        assert!((unit_cost(&many, &policy).unwrap().central - 520.0).abs() < 1e-9);
        // Where nobody can be told of there is no unit cost at all.
        let few = row(vec![part(500.0, "acute", &[20; 5]), part(1080.0, "intensive care", &[20; 5])]);
        assert!(is_hidden(&few, &policy) && unit_cost(&few, &policy).is_none());
        // Two people had nearly all the dear nights.
        let two = row(vec![acute(), part(1080.0, "intensive care", &[40, 40, 1, 1, 1, 1, 1, 1, 1])]);
        assert_eq!(source_of(&two, &policy)[0], "acute");
    }
}
