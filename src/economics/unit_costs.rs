//! Unit costs: an item for every event, by team or bed type where one is known.

use crate::error::{self, Error};
use crate::pathways::EventType;
use crate::schema::codes::CodeSet;
use crate::settings::Settings;
use crate::sources::code_lists::CodeValues;

const EMBEDDED: &str = include_str!("../../config/unit_costs.csv");

/// One item.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitCost {
    /// Its name.
    pub item: String,
    /// The events it prices.
    pub events: Vec<EventType>,
    /// The team or bed types it prices; empty for every other one.
    pub kinds: Vec<u16>,
    /// Pounds per unit; none until the user supplies it.
    pub cost: Option<f64>,
    /// The year of its prices.
    pub price_year: String,
    /// Where it comes from.
    pub source: String,
}

/// All unit costs.
#[derive(Debug, Clone)]
pub struct UnitCosts(Vec<UnitCost>);

impl UnitCosts {
    /// The embedded list or the project's own, with local costs on top.
    pub fn load(settings: &Settings, values: &CodeValues) -> Result<Self, Error> {
        let text = match &settings.costs.file {
            None => EMBEDDED.to_owned(),
            Some(path) => {
                std::fs::read_to_string(settings.resolve(path)).map_err(|_| wrong("the file cannot be read"))?
            }
        };
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let mut costs = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|_| wrong("a row does not have eight columns"))?;
            costs.push(read(&record, values)?);
        }
        for local in &settings.costs.local {
            let known = costs.iter_mut().find(|cost| cost.item == local.item);
            let cost = known
                .ok_or_else(|| wrong(&format!("`{}` under [[costs.local]] is not an item of the list", local.item)))?;
            cost.cost = Some(local.cost);
            cost.price_year.clone_from(&local.price_year);
            cost.source.clone_from(&local.source);
        }
        Ok(Self(costs))
    }

    /// The item for an event of a team or bed type: its own, else the service's average.
    pub fn of(&self, event: EventType, kind: Option<u16>) -> Option<&UnitCost> {
        let own =
            |cost: &&UnitCost| cost.events.contains(&event) && kind.is_some_and(|kind| cost.kinds.contains(&kind));
        let average = |cost: &&UnitCost| cost.events.contains(&event) && cost.kinds.is_empty();
        self.0.iter().find(own).or_else(|| self.0.iter().find(average))
    }
}

fn read(record: &csv::StringRecord, values: &CodeValues) -> Result<UnitCost, Error> {
    let field = |at: usize| record.get(at).unwrap_or_default();
    let events = field(1).split(' ').map(|id| {
        EventType::ALL
            .into_iter()
            .find(|event| event.id() == id)
            .ok_or_else(|| wrong(&format!("`{id}` is not an event")))
    });
    let events: Vec<EventType> = events.collect::<Result<_, _>>()?;
    let set = if events.contains(&EventType::MhNight) { CodeSet::BedType } else { CodeSet::TeamType };
    let cost = match field(4) {
        "" => None,
        text => Some(text.parse().map_err(|_| wrong(&format!("the cost of `{}` is not a number", field(0))))?),
    };
    if cost.is_some() && (field(5).is_empty() || field(6).is_empty()) {
        return Err(wrong(&format!("`{}` has a cost but no price year or source", field(0))));
    }
    Ok(UnitCost {
        item: field(0).to_owned(),
        kinds: field(2).split(' ').filter_map(|code| values.position(set, code)).collect(),
        events,
        cost,
        price_year: field(5).to_owned(),
        source: field(6).to_owned(),
    })
}

fn wrong(why: &str) -> Error {
    Error::new(
        &error::CONFIG_VALUE,
        "the unit costs cannot be used",
        "see config/unit_costs.csv for the form; a cost needs a price year and a source",
    )
    .because(why)
}
