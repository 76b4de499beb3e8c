//! The cost of what was used before and after the index, by service and in total, per person-year.

use std::collections::BTreeMap;

use super::pounds::Pounds;
use super::unit_costs::{Price, UnitCosts};
use crate::metrics::before_after::YEAR_DAYS;
use crate::metrics::cell::with_one_more;
use crate::pathways::{ArmService, Pathways, Service, Window};
use crate::settings::{PathwayConfig, Role};

/// One service of one pathway in one window, or their total.
#[derive(Debug, Clone, PartialEq)]
pub struct CostRow {
    /// Position of the pathway.
    pub pathway: usize,
    /// Which window.
    pub window: Window,
    /// The service; none for the total.
    pub service: Option<Service>,
    /// Whose budgets it falls on.
    pub payer: String,
    /// Whose budget the service falls on as a rule, whatever was used of it.
    pub usual_payer: String,
    /// Costed events.
    pub events: u64,
    /// People with an event.
    pub people: u32,
    /// The two largest counts of one person.
    pub top_two: [u64; 2],
    /// Days observed; none for the total, whose services were observed for different times.
    pub days: Option<u64>,
    /// The events by what one costs, dearest last; nothing where a unit cost is missing.
    pub parts: Vec<Part>,
    /// Pounds; none if a unit cost is missing.
    pub cost: Option<Pounds>,
    /// Pounds per person-year; for the total the sum over services, each over its own time.
    pub per_person_year: Option<Pounds>,
    /// What is missing; nothing where there is a cost.
    pub missing: Vec<String>,
}

/// The events of a row that have one unit cost.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// The unit cost.
    pub price: Pounds,
    /// Whose budgets they fall on.
    pub payers: Vec<String>,
    /// Where the unit cost comes from.
    pub sources: Vec<String>,
    /// Where its range comes from.
    pub ranges: Vec<String>,
    /// Events by person.
    events: BTreeMap<u32, u64>,
}

impl Part {
    /// Of people with so many events each.
    #[cfg(test)]
    pub(crate) fn of(price: Pounds, source: &str, events: &[u64]) -> Self {
        let [payers, sources, ranges] = ["payer", source, "range"].map(|word| vec![word.to_owned()]);
        Self { price, payers, sources, ranges, events: (0..).zip(events.iter().copied()).collect() }
    }

    /// Events.
    pub fn events(&self) -> u64 {
        self.events.values().sum()
    }

    /// People with one.
    pub fn people(&self) -> u64 {
        self.events.len() as u64
    }

    /// The two largest counts of one person.
    pub fn top_two(&self) -> [u64; 2] {
        self.events.values().fold([0, 0], |top, events| with_one_more(top, *events))
    }
}

/// The rows of every pathway and window: services in order, then the total.
pub fn rows(pathways: &Pathways, costs: &UnitCosts) -> Vec<CostRow> {
    let mut all = Vec::new();
    for (at, config) in pathways.configs.iter().enumerate() {
        let services: Vec<CostRow> =
            Window::ALL.into_iter().flat_map(|window| service_rows(config, at, window, pathways, costs)).collect();
        for window in Window::ALL {
            all.extend(services.iter().filter(|row| row.window == window).cloned());
            all.push(total(at, window, &services));
        }
    }
    all
}

/// What is costed of a pathway: nobody delivers a comparator.
pub fn services_of(config: &PathwayConfig) -> impl Iterator<Item = Service> {
    let role = config.role;
    Service::ALL.into_iter().filter(move |service| *service != Service::Delivery || role == Role::Redesigned)
}

fn service_rows(
    config: &PathwayConfig,
    at: usize,
    window: Window,
    pathways: &Pathways,
    costs: &UnitCosts,
) -> Vec<CostRow> {
    let arm = |service: Service| pathways.windows.iter().find(|arm| arm.pathway == at && arm.service == service);
    services_of(config).map(|service| service_row(config, at, (window, service), arm(service), costs)).collect()
}

fn service_row(
    config: &PathwayConfig,
    pathway: usize,
    (window, service): (Window, Service),
    arm: Option<&ArmService>,
    costs: &UnitCosts,
) -> CostRow {
    let at = window as usize;
    let mut row = CostRow {
        pathway,
        window,
        service: Some(service),
        payer: costs.payer((pathway, service), None).to_owned(),
        usual_payer: costs.payer((pathway, service), None).to_owned(),
        events: 0,
        people: 0,
        top_two: [0, 0],
        days: Some(0),
        parts: Vec::new(),
        cost: None,
        per_person_year: None,
        missing: Vec::new(),
    };
    let Some(arm) = arm else {
        row.days = None;
        row.missing.push(format!("no data from {}", service.source().title()));
        return row;
    };
    row.days = Some(arm.people.iter().map(|person| u64::from(person.days[at])).sum());
    for person in arm.people.iter().filter(|person| person.events[at] > 0) {
        row.people += 1;
        row.top_two = with_one_more(row.top_two, u64::from(person.events[at]));
    }
    for own in arm.costed.iter().filter(|own| own.events[at] > 0) {
        row.events += u64::from(own.events[at]);
        match costs.price((pathway, service), own.kind) {
            Ok(price) => {
                let payer = costs.payer((pathway, service), own.kind);
                part_of(&mut row.parts, price).add((own.person, u64::from(own.events[at])), price, payer);
            }
            Err(item) => {
                let item = item.unwrap_or_else(|| format!("delivering {}", config.title));
                add_new(&mut row.missing, &format!("no unit cost for {item}"));
            }
        }
    }
    row.parts.sort_by(|a, b| a.price.central.total_cmp(&b.price.central));
    let mut payers = Vec::new();
    row.parts.iter().flat_map(|part| &part.payers).for_each(|payer| add_new(&mut payers, payer));
    if !payers.is_empty() {
        row.payer = payers.join("; ");
    }
    let cost = row.parts.iter().map(|part| part.price.times(part.events() as f64)).sum();
    row.cost = Some(cost).filter(|_| row.missing.is_empty());
    row.per_person_year = per_year(row.cost, row.days);
    row
}

/// The part of a price.
fn part_of<'a>(parts: &'a mut Vec<Part>, price: &Price) -> &'a mut Part {
    let at = parts.iter().position(|part| part.price == price.pounds).unwrap_or_else(|| {
        let [payers, sources, ranges] = [const { Vec::new() }; 3];
        parts.push(Part { price: price.pounds, payers, sources, ranges, events: BTreeMap::new() });
        parts.len() - 1
    });
    &mut parts[at]
}

impl Part {
    fn add(&mut self, (person, events): (u32, u64), price: &Price, payer: &str) {
        *self.events.entry(person).or_default() += events;
        add_new(&mut self.payers, payer);
        add_new(&mut self.sources, &price.source);
        add_new(&mut self.ranges, &price.range);
    }
}

impl UnitCosts {
    /// What an event of a pathway's service and of a kind costs; else the item that has no cost, or none for delivery.
    pub fn price(&self, (pathway, service): (usize, Service), kind: Option<u16>) -> Result<&Price, Option<String>> {
        match service {
            Service::Delivery => self.of_delivery(pathway).map(|(_, price)| price).ok_or(None),
            Service::Flagged(event, _) | Service::Events(event) => {
                let unit = self.of(event, kind).ok_or_else(|| Some(event.id().to_owned()))?;
                unit.price.as_ref().ok_or_else(|| Some(unit.item.clone()))
            }
        }
    }

    /// Whose budget it falls on; empty where no item says.
    pub fn payer(&self, (pathway, service): (usize, Service), kind: Option<u16>) -> &str {
        match service {
            Service::Delivery => self.of_delivery(pathway).map_or("", |(payer, _)| payer),
            Service::Flagged(event, _) | Service::Events(event) => {
                self.of(event, kind).map_or("", |unit| unit.payer.as_str())
            }
        }
    }
}

/// Adds words to a list that does not have them yet.
pub fn add_new(list: &mut Vec<String>, part: &str) {
    if !part.is_empty() && !list.iter().any(|known| known == part) {
        list.push(part.to_owned());
    }
}

fn per_year(cost: Option<Pounds>, days: Option<u64>) -> Option<Pounds> {
    let years = days.filter(|days| *days > 0)? as f64 / YEAR_DAYS;
    Some(cost?.times(1.0 / years))
}

/// The total is not available if anything in it, in either window, has no cost.
fn total(pathway: usize, window: Window, services: &[CostRow]) -> CostRow {
    let own = || services.iter().filter(|row| row.window == window);
    let mut missing = Vec::new();
    for part in services.iter().flat_map(|row| &row.missing) {
        add_new(&mut missing, part);
    }
    let sum = |of: fn(&CostRow) -> Option<Pounds>| {
        if missing.is_empty() { own().map(of).sum::<Option<Pounds>>() } else { None }
    };
    CostRow {
        pathway,
        window,
        service: None,
        payer: "all of them".to_owned(),
        usual_payer: "all of them".to_owned(),
        events: own().map(|row| row.events).sum(),
        people: own().map(|row| row.people).max().unwrap_or_default(),
        top_two: [0, 0],
        days: None,
        parts: Vec::new(),
        cost: sum(|row| row.cost),
        per_person_year: sum(|row| row.per_person_year),
        missing,
    }
}
