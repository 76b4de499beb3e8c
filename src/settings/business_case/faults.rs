//! Faults of a business case: what would make it too good, or rest on nothing, is refused with what to do.
//!
//! In: a [`CaseConfig`] as it was read. Out: the first fault. Leaves alone: what hangs on schedules, unit costs or a run's figures,
//! which is looked at with those.

use super::types::{BenefitConfig, CaseConfig, EffectDesign, Number, ScenarioConfig};

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
        let names: Vec<&str> = self
            .cost
            .iter()
            .map(|own| own.name.as_str())
            .chain(self.benefit.iter().map(|own| own.name.as_str()))
            .collect();
        if let Some(name) = twice(&names) {
            return of(
                format!("two of its lines are called `{name}`"),
                "give each cost and each benefit a name of its own",
            );
        }
        let faults = self.benefit.iter().find_map(BenefitConfig::fault);
        faults.or_else(|| self.scenario_fault()).and_then(|(why, fix)| of(why, &fix))
    }

    fn scenario_fault(&self) -> Option<Fault> {
        let own = self.scenario.iter().map(|scenario| scenario.name.as_str());
        if let Some(name) = twice(&["base", "cautious"].into_iter().chain(own).collect::<Vec<_>>()) {
            return Some((
                format!("two of its scenarios are called `{name}`"),
                "give each another name; `base` and `cautious` are there already".to_owned(),
            ));
        }
        self.scenario.iter().find_map(ScenarioConfig::fault)
    }
}

impl ScenarioConfig {
    fn fault(&self) -> Option<Fault> {
        let of = |name: &str, fix: &str| {
            Some((format!("the scenario `{}`: its `{name}` cannot be", self.name), fix.to_owned()))
        };
        let shares = [
            ("engagement", self.engagement),
            ("retention", self.retention),
            ("lag", self.lag),
            ("drop_off", self.drop_off),
        ];
        let is_wrong = |(_, share): &&(&str, Option<f64>)| share.is_some_and(|share| !(0.0..=1.0).contains(&share));
        if let Some((name, _)) = shares.iter().find(is_wrong) {
            return of(name, "give a share from 0 to 1");
        }
        let factors = [
            ("people_factor", self.people_factor),
            ("unit_cost_factor", self.unit_cost_factor),
            ("cost_factor", self.cost_factor),
        ];
        let is_wrong = |(_, factor): &&(&str, Option<f64>)| factor.is_some_and(|factor| !is_amount(factor));
        factors
            .iter()
            .find(is_wrong)
            .and_then(|(name, _)| of(name, "give a number that is not below 0; 1 changes nothing"))
    }
}

/// The first word that is there before.
fn twice<'a>(words: &[&'a str]) -> Option<&'a str> {
    let is_there = |(at, word): &(usize, &&str)| words[..*at].contains(word);
    words.iter().enumerate().find(is_there).map(|(_, word)| *word)
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

    const SOUND: &str = include_str!("../../../config/business_case/somerset.toml");

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

    #[test]
    fn what_a_scenario_cannot_have_and_names_that_are_there_twice_are_refused() {
        let scenario = |text: &str| fault("[benchmark]", &format!("[[scenario]]\n{text}\n[benchmark]"));
        assert_eq!(scenario("name = \"x\"\nlag = 1.0\ncost_factor = 0.0"), "");
        let share = scenario("name = \"x\"\ndrop_off = 1.5");
        assert!(share.contains("the scenario `x`: its `drop_off` cannot be; give a share"), "{share}");
        let factor = scenario("name = \"x\"\ncost_factor = -1.0");
        assert!(factor.contains("its `cost_factor` cannot be; give a number that is not below 0"), "{factor}");
        let name = scenario("name = \"cautious\"");
        assert!(name.contains("two of its scenarios are called `cautious`; give each another name"), "{name}");
        let sound: CaseConfig = toml::from_str(SOUND).unwrap();
        let line =
            fault(&format!("name = \"{}\"", sound.benefit[0].name), &format!("name = \"{}\"", sound.cost[0].name));
        assert!(line.contains("two of its lines are called"), "{line}");
    }
}
