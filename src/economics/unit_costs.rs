//! Unit costs: an item for every event, by team type, bed type or clinician where one is known; all in the prices of one year.
//!
//! In: `config/unit_costs.csv` or the project's own, local costs, what pathways cost to deliver, the price index. Out:
//! [`UnitCosts`]. What could be read two ways is refused: a kind that no code list has, two items for one event and kind.

use super::pounds::Pounds;
use super::price_index::PriceIndex;
use crate::error::{self, Error};
use crate::pathways::EventType;
use crate::schema::codes::CodeSet;
use crate::settings::{PathwayConfig, Settings, did_you_mean};
use crate::sources::code_lists::CodeValues;

const EMBEDDED: &str = include_str!("../../config/unit_costs.csv");
const HEADINGS: [&str; 11] =
    ["item", "event", "kind", "unit", "cost", "low", "high", "price_year", "source", "licence", "payer"];

/// What one unit costs.
#[derive(Debug, Clone, PartialEq)]
pub struct Price {
    /// Pounds in the prices of the year of all costs.
    pub pounds: Pounds,
    /// The same as it was given.
    pub given: AsGiven,
    /// Where it comes from, and from which year it was brought here.
    pub source: String,
    /// Where the low and the high come from.
    pub range: String,
}

/// A price before it is brought to another year.
#[derive(Debug, Clone, PartialEq)]
pub struct AsGiven {
    /// Pounds.
    pub pounds: Pounds,
    /// In the prices of which year.
    pub price_year: String,
    /// Where it comes from.
    pub source: String,
}

/// One item.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitCost {
    /// Its name.
    pub item: String,
    /// The events it prices.
    pub events: Vec<EventType>,
    /// The team types, bed types or clinicians it prices; empty for every other one.
    pub kinds: Vec<u16>,
    /// Whose budget it falls on.
    pub payer: String,
    /// What a unit costs; none until the user supplies it.
    pub price: Option<Price>,
}

/// All unit costs.
#[derive(Debug, Clone)]
pub struct UnitCosts {
    /// The year of all prices.
    pub price_year: String,
    items: Vec<UnitCost>,
    /// By pathway: who pays for its delivery, and what a contact costs.
    deliveries: Vec<Option<(String, Price)>>,
}

/// A cost as it was given, of whatever year.
struct Given<'a> {
    name: &'a str,
    cost: f64,
    range: (Option<f64>, Option<f64>),
    price_year: &'a str,
    source: &'a str,
}

/// What prices are brought to.
struct Target<'a> {
    year: &'a str,
    index: &'a PriceIndex,
    range_percent: f64,
}

impl UnitCosts {
    /// The embedded list or the project's own, with local costs on top, in the prices of one year.
    pub fn load(settings: &Settings, values: &CodeValues) -> Result<Self, Error> {
        let text = match &settings.costs.file {
            None => EMBEDDED.to_owned(),
            Some(path) => {
                std::fs::read_to_string(settings.resolve(path)).map_err(|_| wrong("the file cannot be read"))?
            }
        };
        let index = PriceIndex::load(settings)?;
        let year = settings.costs.price_year.as_str();
        let target = Target { year, index: &index, range_percent: settings.costs.range_percent };
        let mut items = read(&text, values, &target)?;
        for local in &settings.costs.local {
            let at = items.iter().position(|item| item.item == local.item);
            let at = at.ok_or_else(|| {
                let names = items.iter().map(|item| item.item.as_str());
                let fix = did_you_mean(&local.item, names, "name an item of config/unit_costs.csv");
                let what = format!("`{}` under [[costs.local]] is not an item of the list", local.item);
                Error::new(&error::CONFIG_VALUE, what, fix)
            })?;
            let item = &mut items[at];
            item.price = Some(target.price(&Given {
                name: &local.item,
                cost: local.cost,
                range: (local.low, local.high),
                price_year: &local.price_year,
                source: &local.source,
            })?);
            if let Some(payer) = &local.payer {
                item.payer.clone_from(payer);
            }
        }
        let deliveries = settings.pathway.iter().map(|pathway| delivery(pathway, &target));
        Ok(Self { price_year: year.to_owned(), items, deliveries: deliveries.collect::<Result<_, _>>()? })
    }

    /// The item for an event of a team or bed type: its own, else the service's average.
    pub fn of(&self, event: EventType, kind: Option<u16>) -> Option<&UnitCost> {
        let own =
            |cost: &&UnitCost| cost.events.contains(&event) && kind.is_some_and(|kind| cost.kinds.contains(&kind));
        let average = |cost: &&UnitCost| cost.events.contains(&event) && cost.kinds.is_empty();
        self.items.iter().find(own).or_else(|| self.items.iter().find(average))
    }

    /// An item by its name.
    pub fn item(&self, name: &str) -> Option<&UnitCost> {
        self.items.iter().find(|item| item.item == name)
    }

    /// The names of all items.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.items.iter().map(|item| item.item.as_str())
    }

    /// Who pays for delivering a pathway, by its position, and what a contact costs; none where config does not say.
    pub fn of_delivery(&self, pathway: usize) -> Option<&(String, Price)> {
        self.deliveries.get(pathway)?.as_ref()
    }
}

impl Target<'_> {
    /// A cost in the prices of the year of all costs, with its own range or the assumed one.
    fn price(&self, given: &Given<'_>) -> Result<Price, Error> {
        let Given { name, cost, range, price_year, source } = *given;
        if source.is_empty() || price_year.is_empty() {
            return Err(wrong(&format!("`{name}` has a cost but no price year or source")));
        }
        let assumed = self.range_percent / 100.0;
        let (low, high, range) = match range {
            (Some(low), Some(high)) => (low, high, "as given with the unit cost".to_owned()),
            (None, None) => (
                cost * (1.0 - assumed),
                cost * (1.0 + assumed),
                format!("assumed: {} % either way", self.range_percent),
            ),
            _ => return Err(wrong(&format!("`{name}` has a low or a high without the other"))),
        };
        if !(0.0 <= low && low <= cost && cost <= high && high.is_finite()) {
            return Err(wrong(&format!("`{name}`: its cost is not at least 0 and between its low and high")));
        }
        let pounds = Pounds { low, central: cost, high };
        let given = AsGiven { pounds, price_year: price_year.to_owned(), source: source.to_owned() };
        let factor = self.index.factor(price_year, self.year)?;
        if price_year == self.year {
            return Ok(Price { pounds, given, source: source.to_owned(), range });
        }
        let source = format!("{source}, brought from {price_year} by the {}", self.index.source());
        Ok(Price { pounds: pounds.times(factor), given, source, range })
    }
}

fn delivery(pathway: &PathwayConfig, target: &Target<'_>) -> Result<Option<(String, Price)>, Error> {
    let Some(cost) = &pathway.delivery_cost else { return Ok(None) };
    let price = target.price(&Given {
        name: &format!("delivery_cost of pathway {}", pathway.id),
        cost: cost.per_contact,
        range: (cost.low, cost.high),
        price_year: &cost.price_year,
        source: &cost.source,
    })?;
    Ok(Some((cost.payer.clone(), price)))
}

fn read(text: &str, values: &CodeValues, target: &Target<'_>) -> Result<Vec<UnitCost>, Error> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let headings = reader.headers().map_err(|_| wrong("the file has no headings"))?;
    if headings.iter().ne(HEADINGS) {
        return Err(wrong(&format!("the headings are not {}", HEADINGS.join(","))));
    }
    let mut items: Vec<UnitCost> = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|_| wrong("a row does not have eleven columns"))?;
        let item = row(&record, values, target)?;
        let clash = items.iter().find(|other| {
            let shares = other.events.iter().any(|event| item.events.contains(event));
            let is_same = other.kinds.iter().any(|kind| item.kinds.contains(kind))
                || (other.kinds.is_empty() && item.kinds.is_empty());
            other.item == item.item || (shares && is_same)
        });
        if let Some(other) = clash {
            return Err(wrong(&format!("`{}` and `{}` price the same event", other.item, item.item)));
        }
        items.push(item);
    }
    Ok(items)
}

fn row(record: &csv::StringRecord, values: &CodeValues, target: &Target<'_>) -> Result<UnitCost, Error> {
    let field = |heading: &str| {
        HEADINGS.iter().position(|known| *known == heading).and_then(|at| record.get(at)).unwrap_or_default()
    };
    let item = field("item");
    let event = |id: &str| {
        let known = EventType::ALL.into_iter().find(|event| event.id() == id);
        known.ok_or_else(|| wrong(&format!("`{id}` of `{item}` is not an event")))
    };
    let events: Vec<EventType> = field("event").split(' ').map(event).collect::<Result<_, _>>()?;
    let kind = |code: &str| {
        let sets = events.iter().map(|event| kind_set(*event).and_then(|set| values.position(set, code)));
        let mut found: Vec<Option<u16>> = sets.collect();
        found.dedup();
        let [Some(kind)] = found[..] else {
            return Err(wrong(&format!("`{code}` of `{item}` is not a team type, bed type or clinician of its event")));
        };
        Ok(kind)
    };
    let kinds: Vec<u16> =
        field("kind").split(' ').filter(|code| !code.is_empty()).map(kind).collect::<Result<_, _>>()?;
    let number = |heading: &str| match field(heading) {
        "" => Ok(None),
        text => text.parse::<f64>().map(Some).map_err(|_| wrong(&format!("the {heading} of `{item}` is not a number"))),
    };
    let given = |cost: f64| {
        target.price(&Given {
            name: item,
            cost,
            range: (number("low")?, number("high")?),
            price_year: field("price_year"),
            source: field("source"),
        })
    };
    if field("payer").is_empty() {
        return Err(wrong(&format!("`{item}` does not say whose budget it falls on, in the column payer")));
    }
    let price = number("cost")?.map(given).transpose()?;
    Ok(UnitCost { item: item.to_owned(), events, kinds, payer: field("payer").to_owned(), price })
}

/// What the kind of an event is; none where its events have no kinds.
fn kind_set(event: EventType) -> Option<CodeSet> {
    match event {
        EventType::MhNight => Some(CodeSet::BedType),
        EventType::MhContact | EventType::TtAssessment | EventType::TtTreatment | EventType::CommunityContact => {
            Some(CodeSet::TeamType)
        }
        EventType::GpAppointment => Some(CodeSet::Clinician),
        EventType::EdAttendance | EventType::MhAdmission => None,
    }
}

fn wrong(why: &str) -> Error {
    Error::new(
        &error::CONFIG_VALUE,
        "the unit costs cannot be used",
        "see config/unit_costs.csv for the form; a cost needs a price year and a source",
    )
    .because(why)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::Sources;

    fn values() -> CodeValues {
        Sources::load(None, None).unwrap().values
    }

    fn read_rows(rows: &str) -> Result<Vec<UnitCost>, String> {
        let index = PriceIndex::load(&Settings::default()).unwrap();
        let target = Target { year: "2024/25", index: &index, range_percent: 10.0 };
        read(&format!("{}\n{rows}", HEADINGS.join(",")), &values(), &target).map_err(|error| error.to_string())
    }

    #[test]
    fn the_most_specific_row_wins_whatever_the_order() {
        let values = values();
        let costs = UnitCosts::load(&Settings::default(), &values).unwrap();
        let item = |code: &str| {
            let team = values.position(CodeSet::TeamType, code);
            assert!(team.is_some(), "{code}");
            costs.of(EventType::MhContact, team).map(|cost| cost.item.as_str())
        };
        assert_eq!(item("A06"), Some("mh_contact_cmht"));
        assert_eq!(item("A17"), Some("mh_contact_all"));
        let none = costs.of(EventType::MhContact, None).map(|cost| cost.item.as_str());
        assert_eq!(none, Some("mh_contact_all"));
        let rows = "own,mh_contact,A06,contact,1,,,2024/25,s,l,p\nall,mh_contact,,contact,2,,,2024/25,s,l,p";
        assert_eq!(read_rows(rows).unwrap().len(), 2);
        assert!(costs.of(EventType::MhAdmission, None).is_none(), "the nights are what is paid for");
    }

    #[test]
    fn a_cost_of_an_earlier_year_is_brought_to_the_year_of_all_with_its_range() {
        let items = read_rows("a,ed_attendance,,visit,100,80,150,2022/23,the source,l,p").unwrap();
        let price = items[0].price.as_ref().unwrap();
        let found = [price.pounds.low, price.pounds.central, price.pounds.high];
        for (found, wanted) in found.iter().zip([80.0, 100.0, 150.0]) {
            assert!((found - wanted * 1.065_892_94).abs() < 1e-6, "{found}");
        }
        assert!(price.source.starts_with("the source, brought from 2022/23 by the NHS Cost Inflation Index"));
        let assumed = read_rows("a,ed_attendance,,visit,100,,,2024/25,s,l,p").unwrap();
        let price = assumed[0].price.as_ref().unwrap();
        assert!((price.pounds.low - 90.0).abs() < 1e-9 && (price.pounds.high - 110.0).abs() < 1e-9, "{price:?}");
        assert_eq!((price.range.as_str(), price.source.as_str()), ("assumed: 10 % either way", "s"));
    }

    #[test]
    fn what_could_be_read_two_ways_is_refused() {
        for (rows, why) in [
            (
                "a,ed_attendance,,visit,1,,,2024/25,s,l,p\nb,ed_attendance,,visit,2,,,2024/25,s,l,p",
                "price the same event",
            ),
            ("a,mh_contact,A06,c,1,,,2024/25,s,l,p\nb,mh_contact,A05 A06,c,2,,,2024/25,s,l,p", "price the same event"),
            ("a,mh_contact,A6,c,1,,,2024/25,s,l,p", "`A6` of `a` is not a team type, bed type or clinician"),
            ("a,ed_attendance,A06,c,1,,,2024/25,s,l,p", "is not a team type, bed type or clinician"),
            ("a,ed_visit,,c,1,,,2024/25,s,l,p", "`ed_visit` of `a` is not an event"),
            ("a,ed_attendance,,c,1,,,,s,l,p", "no price year or source"),
            ("a,ed_attendance,,c,1,,,2024/25,,l,p", "no price year or source"),
            ("a,ed_attendance,,c,1,0.5,,2024/25,s,l,p", "a low or a high without the other"),
            ("a,ed_attendance,,c,1,2,3,2024/25,s,l,p", "between its low and high"),
            ("a,ed_attendance,,c,-1,,,2024/25,s,l,p", "between its low and high"),
            ("a,ed_attendance,,c,one,,,2024/25,s,l,p", "the cost of `a` is not a number"),
            ("a,ed_attendance,,c,1,,,2009/10,s,l,p", "no change to 2010/11"),
            ("a,ed_attendance,,c,1,,,2024/25,s,l,", "whose budget"),
            ("a,ed_attendance,,c,1,,", "eleven columns"),
        ] {
            let error = read_rows(rows).unwrap_err();
            assert!(error.contains(why), "{error}");
        }
    }
}
