//! One world with a planted effect and planted unit costs, and the business case that a run of it would make. In: a seed and how the
//! effect is looked for. Out: the net present value with its 90 % interval, and what it is in truth, by plain sums. Leaves alone: what
//! is enough (`main.rs`, `tests/it/planted_case.rs`).
//!
//! 2,000 people, some 300 of them on the pathway; two measured characteristics drive both who is on it and use, a frailty drives use,
//! and everybody's use falls by a tenth. What the case is given is what such a project would have: the effect and the rate after it as
//! a release prints them, the share who take the offer up of 400 people who were asked, and the mean cost of 60 attendances.

use std::error::Error;

use pathlink::disclosure::policy::two_figures;
use pathlink::economics::case::answers::Rate;
use pathlink::economics::case::draws::Draws;
use pathlink::economics::case::schedules::Schedules;
use pathlink::economics::case::{Answers, Appraisal, Case, Given, Scenario, Spread, World as Values};
use pathlink::evaluation::matched::{differences, effect};
use pathlink::evaluation::matching::nearest;
use pathlink::evaluation::{NoEffect, Outcome, People, Rules, propensity};
use pathlink::settings::Settings;
use pathlink::settings::business_case::CaseConfig;
use pathlink::stats::Interval;
use pathlink::stats::matrix::Design;
use pathlink::stats::poisson::frequency_adjusted;
use pathlink::stats::proportion::wilson;
use pathlink::stats::ratio::after_over_before;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Gamma, Poisson};

/// Whatever goes wrong.
pub(crate) type Found<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// Rate with the pathway over rate without.
const EFFECT: f64 = 0.77;
/// What everybody's use falls to by itself.
const TREND: f64 = 0.9;
/// Pounds for an attendance, on average.
const UNIT_COST: f64 = 280.0;
/// The share who take the offer up.
const ENGAGEMENT: f64 = 0.75;
const RETENTION: f64 = 0.8;
const LAG: f64 = 0.5;
const DROP_OFF: f64 = 0.25;
const BEGIN: f64 = 400.0;
const COHORTS: usize = 3;
const YEARS: usize = 5;
const COST: f64 = 45_000.0;
const PEOPLE: u64 = 2000;
const DRAWS: usize = 10_000;

/// Of a characteristic that is there or not, the share who have it; the other has three levels, alike often.
const OLD: f64 = 0.4;
const LEVELS: u32 = 3;

/// How an analyst makes the case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// By people who are alike.
    Matched,
    /// By the change over that of people who are alike.
    Did,
    /// Wrong: 30 % deadweight taken off an effect that has a comparison, by way of who stays.
    Deadweight,
    /// Wrong: the change in the same people read as the effect.
    Change,
}

/// The net present value of a case.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Net {
    pub(crate) central: f64,
    /// 5 in 100 draws lie below, and above.
    pub(crate) limits: [f64; 2],
}

impl Net {
    /// Whether the interval holds a number.
    pub(crate) fn holds(&self, truth: f64) -> bool {
        (self.limits[0]..=self.limits[1]).contains(&truth)
    }
}

/// How often things happen to a person with characteristics, and how likely the pathway is.
fn person(old: f64, level: f64) -> [f64; 2] {
    [(0.3 * old + 0.3 * level).exp(), 1.0 / (1.0 + (2.2 - 0.5 * old - 0.4 * level).exp())]
}

/// The net present value in truth: the rate of everybody who may be on the pathway, weighted by how likely they are, and every other
/// number as it was planted.
pub(crate) fn truth() -> f64 {
    let (mut use_of_all, mut all) = (0.0, 0.0);
    for old in [0.0, 1.0] {
        for level in 0..LEVELS {
            let [rate, on_pathway] = person(old, f64::from(level));
            let weight = if old > 0.0 { OLD } else { 1.0 - OLD } * on_pathway;
            use_of_all += weight * rate;
            all += weight;
        }
    }
    let each = TREND * use_of_all / all * (1.0 - EFFECT);
    let mut net = 0.0;
    for year in 0..YEARS {
        let factor = 1.035_f64.powi(-(year as i32));
        for began in 0..COHORTS.min(year + 1) {
            let phase = if began == year { 1.0 - LAG } else { (1.0 - DROP_OFF).powi((year - began - 1) as i32) };
            net += BEGIN * ENGAGEMENT * RETENTION * each * phase * UNIT_COST * factor;
        }
        net -= if year < COHORTS { COST * factor } else { 0.0 };
    }
    net
}

/// A seed's case.
pub(crate) fn net(seed: u64, way: Way) -> Found<Net> {
    let mut chance = ChaCha8Rng::seed_from_u64(seed);
    let answers = answers(&mut chance, way)?;
    let config = config(&mut chance, way)?;
    let settings = Settings::default();
    let given = Given { items: std::collections::BTreeMap::new(), schedules: Schedules::load(&settings)? };
    let case = Case::of(config, given)?;
    let inputs = case
        .inputs(Scenario::Base, &|asked| answers.find("planted", asked))
        .map_err(|refused| format!("{}; {}", refused.why, refused.fix))?;
    let mut own = [0; 32];
    own[..8].copy_from_slice(&seed.to_le_bytes());
    let draws = Draws::of(&inputs, DRAWS, own);
    let limits = draws.net(5.0).zip(draws.net(95.0)).ok_or("no draws")?;
    let central = Appraisal::of(&inputs, &Values::central(&inputs)).net();
    Ok(Net { central, limits: [limits.0, limits.1] })
}

/// People with their use, before and after.
struct World {
    people: People,
    outcomes: Vec<Outcome>,
}

fn world(chance: &mut ChaCha8Rng) -> Found<World> {
    let frailty = Gamma::new(2.0, 0.5)?;
    let mut found = World { people: People { covariates: Design::new(3), ..People::default() }, outcomes: Vec::new() };
    for key in 0..PEOPLE {
        let old = f64::from(u8::from(chance.random::<f64>() < OLD));
        let level = f64::from(chance.random_range(0..LEVELS));
        let [rate, on_pathway] = person(old, level);
        let rate = rate * frailty.sample(chance);
        let is_case = chance.random::<f64>() < on_pathway;
        let after = TREND * rate * if is_case { EFFECT } else { 1.0 };
        let events = [Poisson::new(rate.max(1e-9))?.sample(chance), Poisson::new(after.max(1e-9))?.sample(chance)];
        found.outcomes.push(Outcome { events, time: [1.0, 1.0] });
        found.people.is_case.push(is_case);
        found.people.stratum.push(old as u64);
        found.people.covariates.push([1.0, old, level]);
        found.people.key.push(key);
    }
    Ok(found)
}

/// The effect and the rate in the year after, to the figures that a release has.
fn answers(chance: &mut ChaCha8Rng, way: Way) -> Found<Answers> {
    let World { people, outcomes } = world(chance)?;
    let of_cases = outcomes.iter().zip(&people.is_case).filter(|(_, is_case)| **is_case).map(|(own, _)| *own);
    let cases: Vec<Outcome> = of_cases.collect();
    let shown = |central: f64, limits: Interval| Spread { central, low: limits.lower, high: limits.upper };
    let none = || "no effect";
    let found = if way == Way::Change {
        let own = after_over_before(&cases).ok_or_else(none)?;
        shown(own.ratio, own.interval)
    } else {
        let rules = Rules { caliper: 0.2, controls: 1 };
        let logits = propensity::logits(&people).map_err(NoEffect::text)?;
        let matches = nearest(&people, &logits, rules).map_err(NoEffect::text)?;
        let own = match way {
            Way::Did => differences(&people, &matches, &outcomes).map_err(NoEffect::text)?,
            _ => effect(&people, &matches, &outcomes).map_err(NoEffect::text)?.ratio,
        };
        shown(own.ratio, own.interval)
    };
    let events: Vec<u64> = cases.iter().map(|own| own.events[1] as u64).collect();
    let (all, squares) = (events.iter().sum::<u64>(), events.iter().map(|own| own * own).sum());
    let a_person = 100.0 / cases.len() as f64;
    // As shown: to the nearest 5.
    let people = 5.0 * (cases.len() as f64 / 5.0).round();
    let limits = frequency_adjusted(all, squares);
    let for_100 = Spread {
        central: (1000.0 * all as f64 / cases.len() as f64).round() / 10.0,
        low: two_figures(limits.lower * a_person),
        high: two_figures(limits.upper * a_person),
    };
    let mut answers = Answers::default();
    answers.rates.insert(Answers::place("planted", "px_rate_ed"), Some(Rate { for_100, people }));
    let design = if way == Way::Did { "did" } else { "matched" };
    answers.effects.insert(Answers::place_of_effect("planted", "px_rate_ed", design), Some(found.map(two_figures)));
    Ok(answers)
}

/// The case's file, with the shares and costs that a project would have found.
fn config(chance: &mut ChaCha8Rng, way: Way) -> Found<CaseConfig> {
    let took_up = (0..400).filter(|_| chance.random::<f64>() < ENGAGEMENT).count() as f64;
    let share = wilson(took_up, 400.0).ok_or("nobody was asked")?;
    let cost = Gamma::new(2.0, UNIT_COST / 2.0)?;
    let costs: Vec<f64> = (0..60).map(|_| cost.sample(chance)).collect();
    let mean = costs.iter().sum::<f64>() / 60.0;
    let half = 1.96 * (costs.iter().map(|own| (own - mean).powi(2)).sum::<f64>() / 59.0 / 60.0).sqrt();
    let retention = if way == Way::Deadweight { 0.7 * RETENTION } else { RETENTION };
    let design = if way == Way::Did { "did" } else { "matched" };
    let text = format!(
        "id = \"planted\"\ntitle = \"Planted\"\npathway = \"planted\"\nfirst_year = \"2024/25\"\nyears = {YEARS}\n\
         price_year = \"2024/25\"\npeople = [{BEGIN}, {BEGIN}, {BEGIN}]\n\
         engagement = {{ value = {}, low = {}, high = {}, source = \"400 asked\" }}\n\
         retention = {{ value = {retention}, source = \"planted\" }}\n\
         [[cost]]\nname = \"Staff\"\nkind = \"revenue\"\npayer = \"funder\"\nper_year = [{COST}, {COST}, {COST}]\n\
         price_year = \"2024/25\"\ngrade = 1\nsource = \"planted\"\n\
         [[benefit]]\nname = \"Attendances\"\nunit = \"attendance\"\nagency = \"hospital\"\n\
         need = {{ of_run = \"px_rate_ed\" }}\neffect = {{ design = \"{design}\", of_run = \"px_rate_ed\" }}\n\
         unit_cost = {{ value = {mean}, low = {}, high = {}, price_year = \"2024/25\", source = \"60 attendances\" }}\n\
         lag = {{ value = {LAG}, source = \"planted\" }}\ndrop_off = {{ value = {DROP_OFF}, source = \"planted\" }}\n\
         grade = 1\n",
        took_up / 400.0,
        share.lower,
        share.upper,
        mean - half,
        mean + half
    );
    let config: CaseConfig = toml::from_str(&text)?;
    config.fault().map_or(Ok(config), |(why, fix)| Err(format!("{why}; {fix}").into()))
}
