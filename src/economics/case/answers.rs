//! Answers: what a run shows of rates and effects, as printed, for cases that are tied to them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::inputs::Spread;
use crate::settings::business_case::EffectDesign;

/// What is asked of a run.
#[derive(Debug, Clone, Copy)]
pub enum Asked<'a> {
    /// How often something happens in the year after, with the pathway, a person and year.
    After(&'a str),
    /// How often after over how often before, or with over without, by a design.
    Effect(&'a str, EffectDesign),
}

/// What a run found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Found {
    /// The number.
    pub spread: Spread,
    /// The ratio to be expected by itself, of a change in the same people.
    pub by_itself: Option<f64>,
    /// How many people it was found in, of a rate.
    pub people: Option<f64>,
}

impl Found {
    /// A number of which no more is known.
    pub fn of(spread: Spread) -> Self {
        Self { spread, by_itself: None, people: None }
    }
}

/// Why a case has no figures, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Why.
    pub why: String,
    /// What to do.
    pub fix: String,
    /// Whether the run found it and hides it.
    pub is_hidden: bool,
}

/// How often something happens.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Rate {
    /// Events for 100 people and a year.
    pub for_100: Spread,
    /// The people, rounded as they are shown.
    pub people: f64,
}

/// A change in the same people.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// After over before.
    pub ratio: Spread,
    /// The rate to be expected after by itself, for 100 people and a year.
    pub expected: Option<f64>,
    /// The rate before.
    pub before: Option<f64>,
}

/// Everything that a run shows, by pathway and metric, and of effects by design; none where it hides it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Answers {
    /// Rates in the year after.
    pub rates: BTreeMap<String, Option<Rate>>,
    /// Changes in the same people.
    pub changes: BTreeMap<String, Option<Change>>,
    /// Effects beside a comparator.
    pub effects: BTreeMap<String, Option<Spread>>,
}

impl Answers {
    /// What tells rates and changes apart.
    pub fn place(pathway: &str, metric: &str) -> String {
        format!("{pathway} {metric}")
    }

    /// What tells effects apart.
    pub fn place_of_effect(pathway: &str, metric: &str, design: &str) -> String {
        format!("{pathway} {metric} {design}")
    }

    /// The answer for a pathway.
    pub fn find(&self, pathway: &str, asked: Asked<'_>) -> Result<Found, Refused> {
        match asked {
            Asked::After(metric) => {
                let rate = shown(&self.rates, &Self::place(pathway, metric), (metric, "rate in the year after"))?;
                Ok(Found { people: Some(rate.people), ..Found::of(rate.for_100.map(|rate| rate / 100.0)) })
            }
            Asked::Effect(metric, EffectDesign::BeforeAfter) => {
                let Change { ratio, expected, before } =
                    shown(&self.changes, &Self::place(pathway, metric), (metric, "change"))?;
                let before = before.filter(|rate| *rate > 0.0);
                let by_itself = expected.zip(before).map(|(expected, before)| expected / before);
                Ok(Found { by_itself, ..Found::of(ratio) })
            }
            Asked::Effect(metric, design) => {
                let place = Self::place_of_effect(pathway, metric, design.id());
                Ok(Found::of(shown(&self.effects, &place, (metric, "effect"))?))
            }
        }
    }
}

fn shown<T: Copy>(all: &BTreeMap<String, Option<T>>, place: &str, (metric, what): (&str, &str)) -> Result<T, Refused> {
    let known = all.get(place);
    let (why, fix) = match known {
        Some(None) => ("hidden in this run: it rests on too few people", "wait for more people"),
        _ => ("not shown in this run: it was not estimated", "ask for it in the analysis plan, wait for more people"),
    };
    known.copied().flatten().ok_or_else(|| Refused {
        why: format!("the {what} of {metric} is {why}"),
        fix: format!("{fix}, or give the number and its source in the business case"),
        is_hidden: matches!(known, Some(None)),
    })
}
