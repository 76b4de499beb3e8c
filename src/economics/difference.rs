//! The net difference: how the cost of a redesigned arm changed beside its comparator's, in all and by payer.
//!
//! In: windows of both arms and unit costs. Out: [`Difference`]s, exact. Leaves alone: whether anything of it can be cashed.

use sha2::{Digest, Sha256};

use super::cost::{CostRow, add_new, services_of};
use super::pounds::Pounds;
use super::unit_costs::UnitCosts;
use crate::metrics::before_after::{Design, YEAR_DAYS, index_source};
use crate::pathways::{ArmService, Pathways, Service, Window};
use crate::schema::Source;
use crate::settings::{PathwayConfig, Role};
use crate::stats::Interval;
use crate::stats::bootstrap::of_people;

/// Services that are costed.
const SERVICES: usize = Service::ALL.len();
/// What a person adds: costs of each service before and after, then days of each source before and after.
const SUMS: usize = 2 * (SERVICES + Source::ALL.len());

/// Which services a difference is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// All.
    All,
    /// All but those that supply an index event, whose use changes by construction; with delivery.
    WithoutIndexServices,
    /// Those on one budget.
    Payer(String),
}

/// The difference of two changes.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// Position of the redesigned pathway.
    pub pathway: usize,
    /// Position of the comparator; none where there is none to compare with.
    pub comparator: Option<usize>,
    /// Which services.
    pub part: Part,
    /// The services.
    pub services: Vec<Service>,
    /// Pounds per person-year; none where a cost is missing or somebody's time is.
    pub value: Option<Pounds>,
    /// 95 % interval at central unit costs.
    pub interval: Option<Interval>,
    /// How it is to be read.
    pub design: Design,
    /// What is missing.
    pub missing: Vec<String>,
}

/// Every redesigned pathway against each of its comparators.
pub fn differences(pathways: &Pathways, rows: &[CostRow], costs: &UnitCosts) -> Vec<Difference> {
    let mut all = Vec::new();
    for (pathway, config) in pathways.configs.iter().enumerate().filter(|(_, one)| one.role == Role::Redesigned) {
        let is_own = |other: &PathwayConfig| other.role == Role::Comparator && other.of.as_ref() == Some(&config.id);
        let comparators: Vec<usize> = (0..pathways.configs.len()).filter(|at| is_own(&pathways.configs[*at])).collect();
        if comparators.is_empty() {
            all.push(Difference {
                pathway,
                comparator: None,
                part: Part::All,
                services: services_of(config).collect(),
                value: None,
                interval: None,
                design: Design::BeforeAfter,
                missing: Vec::new(),
            });
        }
        for comparator in comparators {
            all.extend(against((pathway, comparator), pathways, rows, costs));
        }
    }
    all
}

/// One pathway against one comparator: in all, without the index services, by payer.
fn against(
    (pathway, comparator): (usize, usize),
    pathways: &Pathways,
    rows: &[CostRow],
    costs: &UnitCosts,
) -> Vec<Difference> {
    let pair = [pathway, comparator];
    let configs = pair.map(|at| &pathways.configs[at]);
    let services: Vec<Service> = services_of(configs[0]).collect();
    let is_index = |service: Service| {
        let supplies = |config: &&PathwayConfig| index_source(config).is_none_or(|source| source == service.source());
        service != Service::Delivery && configs.iter().any(supplies)
    };
    let mut parts = vec![
        (Part::All, services.clone()),
        (Part::WithoutIndexServices, services.iter().copied().filter(|service| !is_index(*service)).collect()),
    ];
    for (payer, own) in by_payer(&services, pair, rows) {
        parts.push((Part::Payer(payer), own));
    }
    let mut found: Vec<Difference> = parts
        .into_iter()
        .map(|(part, services)| Difference {
            pathway,
            comparator: Some(comparator),
            missing: missing(&services, pair, rows),
            value: None,
            interval: None,
            design: design_of(&services, &is_index, pathways.is_ascertained),
            part,
            services,
        })
        .collect();
    for difference in found.iter_mut().filter(|one| one.missing.is_empty()) {
        let [first, second] = pair.map(|at| change(&difference.services, at, rows));
        difference.value = first.zip(second).map(|(first, second)| first.plus(second.times(-1.0)));
    }
    let wanted: Vec<Vec<Service>> =
        found.iter().filter(|one| one.value.is_some()).map(|one| one.services.clone()).collect();
    let people = pair.map(|at| people(at, pathways, costs));
    let estimates = |sums: &[[f64; SUMS]]| wanted.iter().map(|services| net(sums, services)).collect();
    let seed = Sha256::digest(format!("px_net_difference/{}/{}", configs[0].id, configs[1].id)).into();
    let mut spreads = of_people(&people, wanted.len(), estimates, seed).into_iter();
    for difference in found.iter_mut().filter(|one| one.value.is_some()) {
        difference.interval = spreads.next().flatten().map(|spread| spread.interval);
    }
    found
}

/// Services by payer, in the order of services. One of several payers is with all of them.
fn by_payer(services: &[Service], pair: [usize; 2], rows: &[CostRow]) -> Vec<(String, Vec<Service>)> {
    let mut all: Vec<(String, Vec<Service>)> = Vec::new();
    for service in services {
        let mut payers = Vec::new();
        let own = rows.iter().filter(|row| pair.contains(&row.pathway) && row.service == Some(*service));
        own.for_each(|row| add_new(&mut payers, &row.payer));
        let name = if payers.is_empty() { "not given".to_owned() } else { payers.join("; ") };
        match all.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => known.push(*service),
            None => all.push((name, vec![*service])),
        }
    }
    all
}

/// What is missing of some services in either arm and window.
fn missing(services: &[Service], pair: [usize; 2], rows: &[CostRow]) -> Vec<String> {
    let mut all = Vec::new();
    let is_own =
        |row: &&CostRow| pair.contains(&row.pathway) && row.service.is_some_and(|service| services.contains(&service));
    rows.iter().filter(is_own).flat_map(|row| &row.missing).for_each(|part| add_new(&mut all, part));
    all
}

/// Mechanical where any of the services is.
fn design_of(services: &[Service], is_index: &dyn Fn(Service) -> bool, is_ascertained: bool) -> Design {
    if services.iter().any(|service| is_index(*service)) {
        Design::Mechanical
    } else if is_ascertained {
        Design::BeforeAfter
    } else {
        Design::Unascertained
    }
}

/// Change per person-year of an arm, from its rows: services that it does not have add nothing. None where any has no time.
fn change(services: &[Service], pathway: usize, rows: &[CostRow]) -> Option<Pounds> {
    let own = |row: &&CostRow| row.pathway == pathway && row.service.is_some_and(|service| services.contains(&service));
    let signed = |row: &CostRow| {
        row.per_person_year.map(|pounds| if row.window == Window::After { pounds } else { pounds.times(-1.0) })
    };
    rows.iter().filter(own).map(signed).sum()
}

/// What each person of an arm adds at central unit costs.
fn people(pathway: usize, pathways: &Pathways, costs: &UnitCosts) -> Vec<[f64; SUMS]> {
    let own = || pathways.windows.iter().filter(|arm| arm.pathway == pathway);
    let size = own().map(|arm| arm.people.len()).max().unwrap_or_default();
    let mut people = vec![[0.0; SUMS]; size];
    for (service, used) in own().filter_map(|used| Some((place(used.service)?, used))) {
        add(&mut people, service, used, costs);
    }
    people
}

fn add(people: &mut [[f64; SUMS]], service: usize, used: &ArmService, costs: &UnitCosts) {
    let source = SERVICES + source_place(used.service.source());
    for (own, person) in people.iter_mut().zip(&used.people) {
        // Every service of a source says the same.
        [own[2 * source], own[2 * source + 1]] = person.days.map(f64::from);
    }
    for costed in &used.costed {
        // A missing price leaves the sum unused: see `missing`.
        let Ok(price) = costs.price((used.pathway, used.service), costed.kind) else { continue };
        let own = &mut people[costed.person as usize];
        own[2 * service] += price.pounds.central * f64::from(costed.events[0]);
        own[2 * service + 1] += price.pounds.central * f64::from(costed.events[1]);
    }
}

fn place(service: Service) -> Option<usize> {
    Service::ALL.iter().position(|known| *known == service)
}

fn source_place(source: Source) -> usize {
    Source::ALL.iter().position(|known| *known == source).unwrap_or_default()
}

/// Change per person-year of the first arm less that of the second. None where a service's time is none in a window.
fn net(sums: &[[f64; SUMS]], services: &[Service]) -> Option<f64> {
    let [first, second] = sums else { return None };
    let change = |sums: &[f64; SUMS], service: Service| {
        let (own, source) = (place(service)?, SERVICES + source_place(service.source()));
        let rate = |window: usize| {
            let days = sums[2 * source + window];
            (days > 0.0).then(|| sums[2 * own + window] / days * YEAR_DAYS)
        };
        Some(rate(1)? - rate(0)?)
    };
    let of = |sums: &[f64; SUMS], is_redesigned: bool| {
        let own = services.iter().filter(|service| is_redesigned || **service != Service::Delivery);
        own.map(|service| change(sums, *service)).sum::<Option<f64>>()
    };
    Some(of(first, true)? - of(second, false)?)
}
