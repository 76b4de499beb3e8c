//! Resolve: from what config says, schedules, unit costs and what a run shows to the numbers of a case.
//!
//! In: a [`CaseConfig`] and what it is [`Given`]. Out: a [`Case`], or an error with its fix where something is not there; then
//! [`Inputs`] for each scenario, or why there are none: what a run did not find, or may not show, gives no figure.

use serde::{Deserialize, Serialize};

use super::answers::{Asked, Found, Refused};
use super::inputs::{Benefit, CostKind, CostLine, Inputs, Known, Shares, Sources, Spread};
use super::items::{self, Items};
use super::origins::{Priced, RawChange};
use super::schedules::{Rate, Schedules};
use crate::economics::price_index::{Uprating, first_year};
use crate::economics::unit_costs::UnitCosts;
use crate::error::{self, Error};
use crate::metrics::before_after;
use crate::settings::business_case::{
    BenefitConfig, CaseConfig, CostConfig, EffectConfig, EffectDesign, Kind, Number, ScenarioConfig, UnitCostConfig,
};
use crate::settings::{Settings, did_you_mean};

/// What cases are worked out with, beside what config says of them and what a run shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Given {
    /// Unit costs by item.
    pub items: Items,
    /// Price index, discount rates and optimism bias.
    pub schedules: Schedules,
}

/// A case with all that does not hang on a run's figures.
#[derive(Debug, Clone)]
pub struct Case {
    /// What config says.
    pub config: CaseConfig,
    /// What it is worked out with.
    pub given: Given,
    /// The names of the years.
    pub years: Vec<String>,
    /// Which edition the discount rates are of.
    pub edition: String,
    /// Whether optimism bias was checked against its source.
    pub is_bias_verified: bool,
    discount: Vec<f64>,
    costs: Vec<CostLine>,
    /// By benefit.
    worths: Vec<Worth>,
}

/// What one unit of a benefit is worth.
#[derive(Debug, Clone)]
struct Worth {
    price: Priced,
    /// Where that comes from.
    source: String,
    /// The optimism bias of the benefit. Unit: share of one.
    bias: f64,
}

/// Which numbers a case is worked out with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scenario {
    /// The best estimates.
    Base,
    /// Every effect and cost at the end of its interval that speaks against the case.
    Cautious,
    /// One of config's own, by its position.
    Named(usize),
}

/// Every case that settings name.
pub fn load(settings: &Settings, costs: &UnitCosts) -> Result<Vec<Case>, Error> {
    let given = Given { items: items::items(costs), schedules: Schedules::load(settings)? };
    let pathways = || settings.pathway.iter().map(|pathway| pathway.id.as_str());
    let case = |config: &CaseConfig| {
        if pathways().all(|id| id != config.pathway) {
            let fix = did_you_mean(&config.pathway, pathways(), "name a pathway of the files under `pathways`");
            return Err(wrong(config, &format!("`{}` is no pathway", config.pathway), &fix));
        }
        Case::of(config.clone(), given.clone())
    };
    settings.case.iter().map(case).collect()
}

impl Case {
    /// What config says, worked out with what is given.
    pub fn of(config: CaseConfig, given: Given) -> Result<Self, Error> {
        let first = first_year(&config.first_year)
            .ok_or_else(|| wrong(&config, "`first_year` is no financial year", "write it as \"2025/26\""))?;
        let name = |year: usize| first + u16::try_from(year).unwrap_or(u16::MAX - first);
        let years = (0..config.years).map(name).map(|year| format!("{year}/{:02}", (year + 1) % 100)).collect();
        let metrics = || before_after::ALL.iter().map(|rate| rate.id);
        let asked = config.benefit.iter().flat_map(|one| [&one.need.of_run, &one.effect.of_run]).flatten();
        if let Some(id) = asked.into_iter().find(|id| metrics().all(|known| known != *id)) {
            let fix = did_you_mean(id, metrics(), "name a metric of before_after.csv, such as px_rate_ed");
            return Err(wrong(&config, &format!("no run finds a rate or an effect of `{id}`"), &fix));
        }
        let schedules = &given.schedules;
        let mut is_bias_verified = true;
        let mut bias = |grade: u8| {
            let own = schedules.grade(grade)?;
            is_bias_verified &= own.is_verified;
            Ok::<f64, Error>(own.share())
        };
        let lines = config.cost.iter().map(|cost| {
            let year = cost.price_year.as_deref().unwrap_or_default();
            Ok(line(cost, schedules.prices.uprating(year, &config.price_year)?, bias(cost.grade)?))
        });
        let costs = lines.collect::<Result<Vec<_>, Error>>()?;
        let worths = config.benefit.iter().map(|benefit| {
            let (price, source) = price(&config, &benefit.unit_cost, &given)?;
            Ok(Worth { price, source, bias: bias(benefit.grade)? })
        });
        let worths = worths.collect::<Result<Vec<_>, Error>>()?;
        let discount = schedules.discount(&config.discount, config.years)?;
        Ok(Self {
            years,
            edition: discount.edition,
            is_bias_verified,
            discount: discount.factors,
            costs,
            worths,
            config,
            given,
        })
    }

    /// Every scenario, the base first.
    pub fn scenarios(&self) -> Vec<Scenario> {
        let named = (0..self.config.scenario.len()).map(Scenario::Named);
        [Scenario::Base, Scenario::Cautious].into_iter().chain(named).collect()
    }

    /// The name of a scenario in outputs.
    pub fn name(&self, scenario: Scenario) -> &str {
        match scenario {
            Scenario::Base => "base",
            Scenario::Cautious => "cautious",
            Scenario::Named(at) => self.config.scenario.get(at).map_or("", |own| own.name.as_str()),
        }
    }

    /// The discount rate of a year, which the first has not.
    pub fn rate(&self, year: usize) -> Option<&Rate> {
        let rates = &self.given.schedules.rates;
        rates.iter().find(|rate| rate.schedule == self.config.discount && (rate.from..=rate.to).contains(&year))
    }

    /// The numbers of a scenario; `found` answers for the run.
    pub fn inputs(
        &self,
        scenario: Scenario,
        found: &dyn Fn(Asked<'_>) -> Result<Found, Refused>,
    ) -> Result<Inputs, Refused> {
        let benefits = self.config.benefit.iter().zip(&self.worths);
        let benefits = benefits.map(|(config, worth)| benefit(config, worth, found)).collect::<Result<_, _>>()?;
        let mut inputs = Inputs {
            people: self.config.people.clone(),
            engagement: spread(&self.config.engagement),
            retention: spread(&self.config.retention),
            discount: self.discount.clone(),
            costs: self.costs.clone(),
            benefits,
        };
        match scenario {
            Scenario::Base => {}
            Scenario::Cautious => be_cautious(&mut inputs),
            Scenario::Named(at) => self.config.scenario.get(at).into_iter().for_each(|own| change(&mut inputs, own)),
        }
        Ok(inputs)
    }
}

fn be_cautious(inputs: &mut Inputs) {
    for benefit in &mut inputs.benefits {
        benefit.ratio = benefit.ratio.at_high();
        if let Some(change) = &mut benefit.change {
            change.ratio = change.ratio.at_high();
        }
    }
    for cost in &mut inputs.costs {
        cost.factor = cost.factor.at_high();
    }
}

/// A number that a scenario sets is taken as known.
fn change(inputs: &mut Inputs, own: &ScenarioConfig) {
    let (unit_cost, cost_factor) = (own.unit_cost_factor.unwrap_or(1.0), own.cost_factor.unwrap_or(1.0));
    inputs.people.iter_mut().for_each(|people| *people *= own.people_factor.unwrap_or(1.0));
    inputs.engagement = own.engagement.map_or(inputs.engagement, Spread::known);
    inputs.retention = own.retention.map_or(inputs.retention, Spread::known);
    for benefit in &mut inputs.benefits {
        benefit.lag = own.lag.map_or(benefit.lag, Spread::known);
        benefit.drop_off = own.drop_off.map_or(benefit.drop_off, Spread::known);
        benefit.price.times *= unit_cost;
        benefit.unit_cost = benefit.price.unit_cost();
    }
    for cost in &mut inputs.costs {
        cost.factor = cost.factor.map(|factor| factor * cost_factor);
    }
}

fn benefit(
    config: &BenefitConfig,
    worth: &Worth,
    found: &dyn Fn(Asked<'_>) -> Result<Found, Refused>,
) -> Result<Benefit, Refused> {
    let effect = &config.effect;
    let design = effect.design.id();
    let (measured, effect_source) = if let Some(id) = &effect.of_run {
        let own = found(Asked::Effect(id, effect.design))?;
        (own, format!("this run, table effects: {id} by {design}"))
    } else {
        let spread = whole(effect.ratio.unwrap_or(1.0), (effect.low, effect.high));
        let source = effect.source.as_deref().unwrap_or_default();
        (Found { by_itself: effect.by_itself, ..Found::of(spread) }, format!("{design}: {source}"))
    };
    let change = (effect.design == EffectDesign::BeforeAfter).then(|| raw(effect, &measured));
    let ratio = change.as_ref().map_or(measured.spread, RawChange::effect);
    let effect_source = match &change {
        Some(change) => format!("{design}: the change over what of it was to be expected; {}", change.source),
        None => effect_source,
    };
    let (rate, known, need_source) = match &config.need.of_run {
        Some(id) => {
            let after = found(Asked::After(id))?;
            let people = after.people.filter(|_| effect.of_run.as_ref() == Some(id));
            let known = people.map_or(Known::With, |people| Known::Together { people });
            (after.spread, known, format!("this run, table before_after: {id}, rate of the year after, over 100"))
        }
        None => (
            whole(config.need.value.unwrap_or_default(), (config.need.low, config.need.high)),
            Known::Without,
            config.need.source.clone().unwrap_or_default(),
        ),
    };
    Ok(Benefit {
        name: config.name.clone(),
        unit: config.unit.clone(),
        agency: config.agency.clone(),
        rate,
        known,
        ratio,
        design: effect.design,
        change,
        unit_cost: worth.price.unit_cost(),
        price: worth.price.clone(),
        deadweight: config.deadweight.as_ref().map_or(Spread::known(0.0), spread),
        lag: spread(&config.lag),
        drop_off: spread(&config.drop_off),
        shares: Shares { fiscal: config.fiscal, economic: config.economic, social: config.social },
        cashability: config.cashability,
        bias: worth.bias,
        grade: config.grade,
        sources: Sources {
            need: need_source,
            effect: effect_source,
            unit_cost: worth.source.clone(),
            deadweight: config
                .deadweight
                .as_ref()
                .map_or_else(|| "none: the comparison has taken it off".to_owned(), |own| own.source.clone()),
            lag: config.lag.source.clone(),
            drop_off: config.drop_off.source.clone(),
        },
    })
}

/// A change in the same people: what would have come of itself is no part of what is counted as a benefit.
fn raw(effect: &EffectConfig, measured: &Found) -> RawChange {
    let (source, expectation) = match (&effect.of_run, measured.by_itself) {
        (Some(id), Some(_)) => (
            format!("this run, table before_after: {id}, ratio of after to before"),
            "this run, the same row: expected rate over the rate of the year before".to_owned(),
        ),
        (Some(id), None) => (
            format!("this run, table before_after: {id}, ratio of after to before"),
            "this run worked out none (it does for the metric that the pathway is `selected_on`): 1 is taken, as if nothing had come of itself".to_owned(),
        ),
        (None, by_itself) => {
            let source = effect.source.clone().unwrap_or_default();
            let none = "the business case gives no `by_itself`: 1 is taken, as if nothing had come of itself";
            let expectation = if by_itself.is_some() { source.clone() } else { none.to_owned() };
            (source, expectation)
        }
    };
    RawChange { ratio: measured.spread, by_itself: measured.by_itself.unwrap_or(1.0), source, expectation }
}

fn line(config: &CostConfig, uprating: Uprating, bias: f64) -> CostLine {
    CostLine {
        name: config.name.clone(),
        kind: match config.kind {
            Kind::Capital => CostKind::Capital,
            Kind::Revenue => CostKind::Revenue,
            Kind::InKind => CostKind::InKind,
        },
        payer: config.payer.clone(),
        given: config.per_year.clone(),
        per_year: config.per_year.iter().map(|pounds| pounds * uprating.factor).collect(),
        uprating,
        factor: Spread { central: 1.0, low: 1.0 - config.low_percent / 100.0, high: 1.0 + config.high_percent / 100.0 },
        bias,
        grade: config.grade,
        source: config.source.clone(),
    }
}

/// What one unit is worth, and where that comes from.
fn price(case: &CaseConfig, config: &UnitCostConfig, given: &Given) -> Result<(Priced, String), Error> {
    let (pounds, year, source) = match &config.item {
        Some(name) => {
            let items = &given.items;
            let known = items.get(name).ok_or_else(|| {
                let fix = did_you_mean(name, items.keys().map(String::as_str), "name an item of config/unit_costs.csv");
                wrong(case, &format!("`{name}` is no item of the unit costs"), &fix)
            })?;
            let item = known.as_ref().ok_or_else(|| {
                let fix = format!("give its cost under [[costs.local]], item = \"{name}\"");
                wrong(case, &format!("the item `{name}` has no unit cost"), &fix)
            })?;
            (item.pounds, item.price_year.as_str(), item.source.clone())
        }
        None => (
            whole(config.value.unwrap_or_default(), (config.low, config.high)),
            config.price_year.as_deref().unwrap_or_default(),
            config.source.clone().unwrap_or_default(),
        ),
    };
    let uprating = given.schedules.prices.uprating(year, &case.price_year)?;
    Ok((Priced { pounds, uprating, times: 1.0 }, source))
}

fn spread(number: &Number) -> Spread {
    whole(number.value, (number.low, number.high))
}

fn whole(value: f64, (low, high): (Option<f64>, Option<f64>)) -> Spread {
    Spread { central: value, low: low.unwrap_or(value), high: high.unwrap_or(value) }
}

fn wrong(config: &CaseConfig, why: &str, fix: &str) -> Error {
    Error::new(&error::CONFIG_VALUE, format!("business case `{}`: {why}", config.id), fix)
}
