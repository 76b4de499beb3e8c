//! A business case as config says it: who begins, what it costs, what is avoided, and on what each number rests.

use schemars::JsonSchema;
use serde::Deserialize;

/// One business case.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseConfig {
    /// Its name in outputs.
    pub id: String,
    /// What a reader calls it.
    pub title: String,
    /// The pathway that it is about.
    pub pathway: String,
    /// The first financial year, such as `2026/27`: it is not discounted.
    pub first_year: String,
    /// How many years it looks at.
    pub years: usize,
    /// The financial year whose prices all pounds are in.
    pub price_year: String,
    /// The schedule of discount rates.
    #[serde(default = "green_book")]
    pub discount: String,
    /// How many people begin in each year, from the first on.
    pub people: Vec<f64>,
    /// The share of them who take it up.
    pub engagement: Number,
    /// The share of those who stay.
    pub retention: Number,
    /// What it costs.
    pub cost: Vec<CostConfig>,
    /// What happens less often.
    pub benefit: Vec<BenefitConfig>,
    /// The same with other numbers, beside the base and the cautious case.
    #[serde(default)]
    pub scenario: Vec<ScenarioConfig>,
    /// What others promise of such pathways: it stands beside the case and is no part of it.
    pub benchmark: Option<Benchmark>,
}

fn green_book() -> String {
    "green_book".to_owned()
}

/// A number with where it comes from; `low` and `high` are the ends of its 95 % interval.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Number {
    /// The best estimate.
    pub value: f64,
    /// The lower end; with `high` or not at all.
    pub low: Option<f64>,
    /// The upper end.
    pub high: Option<f64>,
    /// Where it comes from.
    pub source: String,
}

/// What a cost is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Buildings and equipment.
    Capital,
    /// Pay and running costs.
    Revenue,
    /// Given, not paid for.
    InKind,
}

/// One line of cost.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CostConfig {
    /// What it is.
    pub name: String,
    /// What it is of.
    pub kind: Kind,
    /// Whose budget it falls on.
    pub payer: String,
    /// Pounds in each year, from the first on.
    pub per_year: Vec<f64>,
    /// How much lower it may be. Unit: percent.
    #[serde(default)]
    pub low_percent: f64,
    /// How much higher it may be. Unit: percent.
    #[serde(default)]
    pub high_percent: f64,
    /// The year of its prices.
    pub price_year: Option<String>,
    /// The grade of its evidence in the table of optimism bias.
    pub grade: u8,
    /// Where it comes from.
    pub source: String,
}

/// How often something happens without the pathway, a person and year: given, or as this run finds it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Need {
    /// The best estimate.
    pub value: Option<f64>,
    /// The lower end of its 95 % interval; with `high` or not at all.
    pub low: Option<f64>,
    /// The upper end.
    pub high: Option<f64>,
    /// Where it comes from.
    pub source: Option<String>,
    /// In place of a value: the metric of `before_after.csv` whose rate in the year after, over the effect, it is, such as
    /// `px_rate_ed`.
    pub of_run: Option<String>,
}

/// How an effect was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EffectDesign {
    /// A trial in which chance decided.
    Trial,
    /// Comparators who are alike.
    Matched,
    /// The change of one group less that of another.
    Did,
    /// A series beside that of a control.
    ItsControlled,
    /// A change in the same people.
    BeforeAfter,
}

impl EffectDesign {
    /// The word in outputs.
    pub fn id(self) -> &'static str {
        match self {
            Self::Trial => "trial",
            Self::Matched => "matched",
            Self::Did => "did",
            Self::ItsControlled => "its_controlled",
            Self::BeforeAfter => "before_after",
        }
    }

    /// Its grade on the Maryland scale of scientific methods, 1 to 5.
    pub fn maryland(self) -> u8 {
        match self {
            Self::Trial => 5,
            Self::Matched | Self::Did | Self::ItsControlled => 3,
            Self::BeforeAfter => 1,
        }
    }
}

/// How much less often something happens with the pathway: given, or as this run finds it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EffectConfig {
    /// How it was found.
    pub design: EffectDesign,
    /// How often with the pathway over how often without.
    pub ratio: Option<f64>,
    /// The lower end of its 95 % interval.
    pub low: Option<f64>,
    /// The upper end.
    pub high: Option<f64>,
    /// Of a change in the same people: the ratio to be expected by itself, by which the change is divided.
    pub by_itself: Option<f64>,
    /// Where it comes from.
    pub source: Option<String>,
    /// In place of a ratio: the metric whose effect this run finds by the design, such as `px_rate_ed`.
    pub of_run: Option<String>,
}

/// What one unit is worth: an item of the unit costs, or pounds of its own.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UnitCostConfig {
    /// An item of the unit costs.
    pub item: Option<String>,
    /// Pounds for one.
    pub value: Option<f64>,
    /// The least it may be, in pounds; with `high` or not at all.
    pub low: Option<f64>,
    /// The most it may be, in pounds.
    pub high: Option<f64>,
    /// The year of its prices.
    pub price_year: Option<String>,
    /// Where it comes from.
    pub source: Option<String>,
}

/// Something that happens less often.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BenefitConfig {
    /// What it is.
    pub name: String,
    /// What is counted.
    pub unit: String,
    /// Whose budget carries less.
    pub agency: String,
    /// How often it happens without the pathway.
    pub need: Need,
    /// How much less often with it.
    pub effect: EffectConfig,
    /// What one is worth.
    pub unit_cost: UnitCostConfig,
    /// The share that would have been avoided anyhow: of a change in the same people, and of nothing else.
    pub deadweight: Option<Number>,
    /// The share of the first year in which nothing is avoided yet.
    pub lag: Number,
    /// The share that is lost from each year to the next.
    pub drop_off: Number,
    /// The share of the fiscal part that somebody can take out of a budget.
    #[serde(default)]
    pub cashability: f64,
    /// The share that falls to public budgets; with `economic` and `social` one.
    #[serde(default = "one")]
    pub fiscal: f64,
    /// The share that falls to the economy.
    #[serde(default)]
    pub economic: f64,
    /// The share that is people's well-being.
    #[serde(default)]
    pub social: f64,
    /// The grade of its evidence in the table of optimism bias.
    pub grade: u8,
}

fn one() -> f64 {
    1.0
}

/// A case with other numbers; what is not said stays as in the base case.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScenarioConfig {
    /// Its name in outputs.
    pub name: String,
    /// What the people who begin are multiplied by.
    pub people_factor: Option<f64>,
    /// The share who take it up.
    pub engagement: Option<f64>,
    /// The share who stay.
    pub retention: Option<f64>,
    /// The share of the first year in which nothing is avoided yet.
    pub lag: Option<f64>,
    /// The share that is lost from each year to the next.
    pub drop_off: Option<f64>,
    /// What unit costs are multiplied by.
    pub unit_cost_factor: Option<f64>,
    /// What costs are multiplied by.
    pub cost_factor: Option<f64>,
}

/// What others promise.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Benchmark {
    /// How much less cost. Unit: percent.
    pub percent: f64,
    /// Who says so.
    pub source: String,
}

/// What is wrong with a case, and what to do about it.
pub type Fault = (String, String);

impl CaseConfig {
    /// What is wrong, if anything; what hangs on schedules, unit costs or a run's figures is looked at with those.
    pub fn fault(&self) -> Option<Fault> {
        let of = |why: String, fix: &str| Some((format!("business case `{}`: {why}", self.id), fix.to_owned()));
        if self.years == 0 || self.people.is_empty() || self.people.len() > self.years {
            let fix = "`years` is 1 or more, and `people` has a number for the first year and for no more than there are years";
            return of("people begin in no year, or after its last".to_owned(), fix);
        }
        if self.people.iter().chain(self.cost.iter().flat_map(|cost| &cost.per_year)).any(|own| !is_amount(*own)) {
            return of(
                "a number of people or of pounds is below 0 or no number".to_owned(),
                "mend `people` or `per_year`",
            );
        }
        if self.cost.is_empty() || self.benefit.is_empty() {
            return of("it has no cost, or no benefit".to_owned(), "give at least one [[cost]] and one [[benefit]]");
        }
        for (name, number) in [("engagement", &self.engagement), ("retention", &self.retention)] {
            if let Some(why) = number.fault(true) {
                return of(format!("`{name}` {why}"), SHARE);
            }
        }
        if let Some(cost) = self.cost.iter().find(|cost| cost.price_year.is_none() || cost.source.trim().is_empty()) {
            let fix = "give `price_year`, such as \"2024/25\", and `source`";
            return of(format!("the cost `{}` has no price year or no source", cost.name), fix);
        }
        if let Some(cost) = self.cost.iter().find(|cost| cost.per_year.len() > self.years) {
            return of(
                format!("the cost `{}` goes on after the last year", cost.name),
                "shorten `per_year`, or raise `years`",
            );
        }
        self.benefit.iter().find_map(BenefitConfig::fault).and_then(|(why, fix)| of(why, &fix))
    }
}

const SHARE: &str = "give a share from 0 to 1, with `low` below and `high` above it, or neither";

fn is_amount(value: f64) -> bool {
    value.is_finite() && value >= 0.0
}

impl Number {
    fn fault(&self, is_share: bool) -> Option<&'static str> {
        interval_fault(self.value, (self.low, self.high), is_share)
    }
}

fn interval_fault(value: f64, (low, high): (Option<f64>, Option<f64>), is_share: bool) -> Option<&'static str> {
    let most = if is_share { 1.0 } else { f64::MAX };
    let all = [Some(value), low, high];
    if all.iter().flatten().any(|own| !is_amount(*own) || *own > most) {
        return Some(if is_share { "is not from 0 to 1" } else { "is below 0 or no number" });
    }
    match (low, high) {
        (None, None) => None,
        (Some(low), Some(high)) if low <= value && value <= high => None,
        _ => Some("does not lie between a `low` and a `high`"),
    }
}

impl BenefitConfig {
    fn fault(&self) -> Option<Fault> {
        let of = |why: &str, fix: &str| Some((format!("the benefit `{}` {why}", self.name), fix.to_owned()));
        match (self.effect.design, &self.deadweight) {
            (EffectDesign::BeforeAfter, None) => {
                let fix =
                    "give `deadweight`, the share that would have been avoided anyhow, or an effect with a comparison";
                return of("rests on a change in the same people and has no deadweight", fix);
            }
            (design, Some(_)) if design != EffectDesign::BeforeAfter => {
                let fix = "take `deadweight` out: a comparison has taken off what would have happened anyhow";
                return of("takes deadweight off an effect that has a comparison", fix);
            }
            _ => {}
        }
        if !(0.0..=1.0).contains(&self.cashability) {
            return of(
                "has a `cashability` that is not from 0 to 1",
                "give the share of it that can be taken out of a budget",
            );
        }
        if ((self.fiscal + self.economic + self.social) - 1.0).abs() > 1e-9
            || [self.fiscal, self.economic, self.social].iter().any(|share| !is_amount(*share))
        {
            return of(
                "has `fiscal`, `economic` and `social` shares that are not one together",
                "make them add up to 1",
            );
        }
        let shares =
            [("deadweight", self.deadweight.as_ref()), ("lag", Some(&self.lag)), ("drop_off", Some(&self.drop_off))];
        for (name, number) in shares {
            if let Some(why) = number.and_then(|number| number.fault(true)) {
                return of(&format!("has a `{name}` that {why}"), SHARE);
            }
        }
        self.need_fault().or_else(|| self.effect_fault()).or_else(|| self.price_fault())
    }

    fn need_fault(&self) -> Option<Fault> {
        let need = &self.need;
        let why = match (need.value, &need.of_run) {
            (None, None) | (Some(_), Some(_)) => Some("has to be either a `value` or `of_run`"),
            (None, Some(_)) => None,
            (Some(_), None) if is_blank(need.source.as_ref()) => Some("has no `source`"),
            (Some(value), None) => interval_fault(value, (need.low, need.high), false),
        };
        why.map(|why| {
            (
                format!("the benefit `{}`: its `need` {why}", self.name),
                "say how often it happens to a person in a year, and where that comes from".to_owned(),
            )
        })
    }

    fn effect_fault(&self) -> Option<Fault> {
        let effect = &self.effect;
        let why = match (effect.ratio, &effect.of_run) {
            (None, None) | (Some(_), Some(_)) => Some("has to be either a `ratio` or `of_run`"),
            (None, Some(_)) if effect.design == EffectDesign::Trial => Some("is of a trial, and no run makes one"),
            (None, Some(_)) => None,
            (Some(_), None) if is_blank(effect.source.as_ref()) => Some("has no `source`"),
            (Some(ratio), None) if ratio <= 0.0 || effect.low.is_some_and(|low| low <= 0.0) => Some("is not above 0"),
            (Some(_), None) if effect.by_itself.is_some_and(|own| !is_amount(own) || own == 0.0) => {
                Some("has a `by_itself` that is not above 0")
            }
            (Some(ratio), None) => interval_fault(ratio, (effect.low, effect.high), false),
        };
        why.map(|why| {
            (
                format!("the benefit `{}`: its `effect` {why}", self.name),
                "give a ratio with `low` and `high`, or the metric of this run".to_owned(),
            )
        })
    }

    fn price_fault(&self) -> Option<Fault> {
        let cost = &self.unit_cost;
        let why = match (&cost.item, cost.value) {
            (None, None) | (Some(_), Some(_)) => Some("has to be either an `item` or a `value`"),
            (Some(_), None) => None,
            (None, Some(_)) if cost.price_year.is_none() || is_blank(cost.source.as_ref()) => {
                Some("has no `price_year` or no `source`")
            }
            (None, Some(value)) => interval_fault(value, (cost.low, cost.high), false),
        };
        why.map(|why| {
            (
                format!("the benefit `{}`: its `unit_cost` {why}", self.name),
                "name an item of config/unit_costs.csv, or give `value`, `price_year` and `source`".to_owned(),
            )
        })
    }
}

fn is_blank(text: Option<&String>) -> bool {
    text.is_none_or(|text| text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOUND: &str = include_str!("../../config/business_case/somerset.toml");

    fn fault(from: &str, to: &str) -> String {
        let text = SOUND.replacen(from, to, 1);
        assert!(text != SOUND, "`{from}` is not in it");
        let config: CaseConfig = toml::from_str(&text).unwrap();
        config.fault().map_or_else(String::new, |(why, fix)| format!("{why}; {fix}"))
    }

    #[test]
    fn the_bundled_case_is_sound() {
        let config: CaseConfig = toml::from_str(SOUND).unwrap();
        assert_eq!(config.fault(), None);
    }

    #[test]
    fn what_would_make_a_case_too_good_is_refused_with_what_to_do() {
        let anyhow = fault("lag = ", "deadweight = { value = 0.2, source = \"guess\" }\nlag = ");
        assert!(
            anyhow.contains("takes deadweight off an effect that has a comparison; take `deadweight` out"),
            "{anyhow}"
        );
        let change = fault("design = \"matched\"", "design = \"before_after\"");
        assert!(change.contains("has no deadweight; give `deadweight`"), "{change}");
        let cash = fault("cashability = 0.0", "cashability = 1.5");
        assert!(cash.contains("`cashability` that is not from 0 to 1"), "{cash}");
        let year = fault("price_year = \"2024/25\"\ngrade", "grade");
        assert!(year.contains("has no price year or no source; give `price_year`"), "{year}");
        let share = fault("value = 0.75", "value = 7.5");
        assert!(share.contains("`engagement` is not from 0 to 1"), "{share}");
    }
}
