//! The cost of what was used before and after the index, by service and in total, per person-year.

use super::unit_costs::UnitCosts;
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
    /// Costed events.
    pub events: u64,
    /// People with an event.
    pub people: u32,
    /// The two largest counts of one person.
    pub top_two: [u64; 2],
    /// Days observed; none for the total, whose services were observed for different times.
    pub days: Option<u64>,
    /// Pounds; none if a unit cost is missing.
    pub cost: Option<f64>,
    /// Pounds per person-year; for the total the sum over services, each over its own time.
    pub per_person_year: Option<f64>,
    /// The year of the prices.
    pub price_year: String,
    /// Where the unit costs come from.
    pub source: String,
    /// What is missing.
    pub missing: Option<String>,
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

fn service_rows(
    config: &PathwayConfig,
    at: usize,
    window: Window,
    pathways: &Pathways,
    costs: &UnitCosts,
) -> Vec<CostRow> {
    let offered =
        Service::ALL.into_iter().filter(|service| *service != Service::Delivery || config.role == Role::Redesigned);
    let arm = |service: Service| pathways.windows.iter().find(|arm| arm.pathway == at && arm.service == service);
    offered.map(|service| service_row(config, at, (window, service), arm(service), costs)).collect()
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
        events: 0,
        people: 0,
        top_two: [0, 0],
        days: Some(0),
        cost: None,
        per_person_year: None,
        price_year: String::new(),
        source: String::new(),
        missing: None,
    };
    let Some(arm) = arm else {
        row.days = None;
        row.missing = Some(format!("no data from {}", service.source().title()));
        return row;
    };
    row.days = Some(arm.people.iter().map(|person| u64::from(person.days[at])).sum());
    for person in arm.people.iter().filter(|person| person.events[at] > 0) {
        row.people += 1;
        row.top_two = with_one_more(row.top_two, u64::from(person.events[at]));
    }
    let mut cost = Some(0.0);
    for (kind, events) in arm.by_kind.iter().map(|(kind, events)| (*kind, events[at])).filter(|(_, events)| *events > 0)
    {
        row.events += events;
        let unit = price(config, service, kind, costs);
        match unit {
            Ok((pounds, year, source)) => {
                cost = cost.map(|sum| sum + pounds * events as f64);
                merge(&mut row.price_year, year);
                merge(&mut row.source, source);
            }
            Err(item) => {
                cost = None;
                row.missing = Some(format!("no unit cost for {item}"));
            }
        }
    }
    row.cost = cost;
    row.per_person_year = per_year(cost, row.days);
    row
}

type Price<'a> = Result<(f64, &'a str, &'a str), String>;

fn price<'a>(config: &'a PathwayConfig, service: Service, kind: Option<u16>, costs: &'a UnitCosts) -> Price<'a> {
    match service {
        Service::Delivery => {
            let cost = config.delivery_cost.as_ref().ok_or_else(|| format!("delivering {}", config.title))?;
            Ok((cost.per_contact, &cost.price_year, &cost.source))
        }
        Service::Flagged(event, _) | Service::Events(event) => {
            let unit = costs.of(event, kind).ok_or_else(|| event.id().to_owned())?;
            Ok((unit.cost.ok_or_else(|| unit.item.clone())?, &unit.price_year, &unit.source))
        }
    }
}

fn merge(text: &mut String, part: &str) {
    if text.is_empty() {
        part.clone_into(text);
    } else if !text.split("; ").any(|known| known == part) {
        text.push_str("; ");
        text.push_str(part);
    }
}

fn per_year(cost: Option<f64>, days: Option<u64>) -> Option<f64> {
    let years = days.filter(|days| *days > 0)? as f64 / YEAR_DAYS;
    Some(cost? / years)
}

/// The total is not available if anything in it, in either window, has no cost, or if price years are mixed.
fn total(pathway: usize, window: Window, services: &[CostRow]) -> CostRow {
    let own = || services.iter().filter(|row| row.window == window);
    let mut price_year = String::new();
    for row in services.iter().filter(|row| !row.price_year.is_empty()) {
        merge(&mut price_year, &row.price_year);
    }
    let missing = services.iter().find_map(|row| row.missing.clone());
    let missing =
        missing.or_else(|| price_year.contains("; ").then(|| format!("prices of different years: {price_year}")));
    let sum =
        |of: fn(&CostRow) -> Option<f64>| if missing.is_some() { None } else { own().map(of).sum::<Option<f64>>() };
    CostRow {
        pathway,
        window,
        service: None,
        events: own().map(|row| row.events).sum(),
        people: own().map(|row| row.people).max().unwrap_or_default(),
        top_two: [0, 0],
        days: None,
        cost: sum(|row| row.cost),
        per_person_year: sum(|row| row.per_person_year),
        price_year,
        source: "sum of the services above".to_owned(),
        missing,
    }
}
