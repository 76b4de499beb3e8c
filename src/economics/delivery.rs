//! What delivering a pathway came to: per person who joined, and per person who reliably recovered.
//!
//! In: the pathway's contacts, recoveries, unit costs. Out: [`DeliveryCost`]s, exact.

use sha2::{Digest, Sha256};

use super::cost::CostRow;
use super::pounds::Pounds;
use super::unit_costs::UnitCosts;
use crate::metrics::cell::with_one_more;
use crate::pathways::{ArmService, Pathways, Recovery, Service, Window};
use crate::settings::Role;
use crate::stats::bootstrap::of_people;
use crate::stats::proportion::Clusters;
use crate::stats::{Interval, mean};

/// One figure of one pathway.
#[derive(Debug, Clone, PartialEq)]
pub struct DeliveryCost {
    /// Position of the pathway.
    pub pathway: usize,
    /// Who pays; empty where config does not say what delivery costs.
    pub payer: String,
    /// Deliveries in it.
    pub deliveries: u64,
    /// The two largest counts of one person.
    pub top_two: [u64; 2],
    /// People whose deliveries they are, with one or none.
    pub people: u64,
    /// People with a delivery.
    pub people_met: u64,
    /// What the cost is over: people, or people recovered.
    pub over: u64,
    /// Pounds; none where something is missing, or where there is nobody to divide by.
    pub value: Option<Pounds>,
    /// 95 % interval at the central unit cost.
    pub interval: Option<Interval>,
    /// How it was made.
    pub method: &'static str,
    /// What is missing.
    pub missing: Vec<String>,
}

/// Delivery cost per person of every redesigned pathway.
pub fn per_person(pathways: &Pathways, costs: &UnitCosts) -> Vec<DeliveryCost> {
    let of = |at: usize| {
        let Some(arm) = arm(pathways, at) else { return not_sent(at, Service::Delivery.source().title()) };
        let own: Vec<[u32; 2]> = arm.people.iter().map(|person| [person.events[Window::After as usize], 1]).collect();
        let mut found = cost(at, &own, costs, pathways);
        let counts = || own.iter().map(|[count, _]| u64::from(*count));
        let sums = Clusters {
            clusters: found.people,
            xx: counts().map(|count| count * count).sum(),
            xn: found.deliveries,
            nn: found.people,
        };
        let pounds = costs.of_delivery(at).map(|(_, price)| price.pounds.central);
        let limits = if found.people > 0 { mean::clustered(found.deliveries, found.people, &sums) } else { None };
        found.interval = pounds
            .zip(limits)
            .filter(|_| found.value.is_some())
            .map(|(pounds, limits)| Interval { lower: (pounds * limits.lower).max(0.0), upper: pounds * limits.upper });
        found.method = if found.interval.is_some() { "Student t" } else { "" };
        found
    };
    redesigned(pathways).map(of).collect()
}

/// Delivery cost per reliable recovery of every redesigned pathway; `rows` say what is missing of the pathway's costs.
pub fn per_recovery(pathways: &Pathways, rows: &[CostRow], costs: &UnitCosts) -> Vec<DeliveryCost> {
    let of = |at: usize| {
        let own: Option<&Recovery> = pathways.recoveries.iter().find(|own| own.pathway == at);
        let Some(own) = own else { return not_sent(at, crate::schema::Source::TalkingTherapies.title()) };
        let mut found = cost(at, &own.people, costs, pathways);
        let total = rows.iter().find(|row| row.pathway == at && row.service.is_none());
        for part in total.into_iter().flat_map(|row| &row.missing) {
            super::cost::add_new(&mut found.missing, part);
        }
        if !found.missing.is_empty() {
            found.value = None;
        }
        let price = costs.of_delivery(at).map_or(0.0, |(_, price)| price.pounds.central);
        if found.value.is_some() {
            let people: Vec<[f64; 2]> = own.people.iter().map(|own| own.map(f64::from)).collect();
            let estimate = |sums: &[[f64; 2]]| {
                let [deliveries, recovered] = sums[0];
                vec![(recovered > 0.0).then(|| price * deliveries / recovered)]
            };
            let seed = Sha256::digest(format!("px_cost_per_recovery/{}", pathways.configs[at].id)).into();
            let spread = of_people(&[people], 1, estimate, seed)[0];
            found.interval = spread.map(|spread| spread.interval);
            found.method = if spread.is_some() { "bootstrap of people" } else { "" };
        }
        found
    };
    redesigned(pathways).map(of).collect()
}

fn redesigned(pathways: &Pathways) -> impl Iterator<Item = usize> {
    let is_own =
        |(at, config): (usize, &crate::settings::PathwayConfig)| (config.role == Role::Redesigned).then_some(at);
    pathways.configs.iter().enumerate().filter_map(is_own)
}

fn arm(pathways: &Pathways, at: usize) -> Option<&ArmService> {
    pathways.windows.iter().find(|arm| arm.pathway == at && arm.service == Service::Delivery)
}

/// From deliveries and what they are over, person by person.
fn cost(pathway: usize, people: &[[u32; 2]], costs: &UnitCosts, pathways: &Pathways) -> DeliveryCost {
    let deliveries: u64 = people.iter().map(|[deliveries, _]| u64::from(*deliveries)).sum();
    let over: u64 = people.iter().map(|[_, over]| u64::from(*over)).sum();
    let price = costs.of_delivery(pathway).map(|(_, price)| price.pounds);
    let missing = || vec![format!("no unit cost for delivering {}", pathways.configs[pathway].title)];
    DeliveryCost {
        pathway,
        payer: costs.of_delivery(pathway).map_or(String::new(), |(payer, _)| payer.clone()),
        deliveries,
        top_two: people.iter().fold([0, 0], |top, [count, _]| with_one_more(top, u64::from(*count))),
        people: people.len() as u64,
        people_met: people.iter().filter(|[deliveries, _]| *deliveries > 0).count() as u64,
        over,
        value: price.filter(|_| over > 0).map(|pounds| pounds.times(deliveries as f64 / over as f64)),
        interval: None,
        method: "",
        missing: if price.is_none() && deliveries > 0 { missing() } else { Vec::new() },
    }
}

fn not_sent(pathway: usize, source: &str) -> DeliveryCost {
    DeliveryCost {
        pathway,
        payer: String::new(),
        deliveries: 0,
        top_two: [0, 0],
        people: 0,
        people_met: 0,
        over: 0,
        value: None,
        interval: None,
        method: "",
        missing: vec![format!("no data from {source}")],
    }
}
