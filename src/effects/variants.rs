//! Sensitivity: the outcome that decides once more under other rules, and an outcome that the pathway cannot change.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::designs::{Asked, Estimated};
use super::likeness::Likeness;
use super::panel::Panel;
use super::{Given, Variant, rate};
use crate::evaluation::matching::nearest;
use crate::evaluation::{Matches, NoEffect, Outcome, Rules};
use crate::metrics::before_after::{Design, design};
use crate::metrics::rates;
use crate::pathways::months::{MONTHS, PersonMonths};
use crate::settings::{Comparison, DesignKind};

/// Designs that are made again.
const DESIGNS: [DesignKind; 2] = [DesignKind::Matched, DesignKind::Did];
/// Calipers that are tried, in standard deviations of the logit.
const CALIPERS: [f64; 3] = [0.1, 0.2, 0.3];
/// How many stand beside each at most, in turn.
const BESIDE: [usize; 2] = [1, 4];

/// One comparison as it was made.
pub(super) struct Main<'a> {
    pub(super) given: Given<'a>,
    pub(super) pair: [usize; 2],
    pub(super) asked: &'a Comparison,
    pub(super) panel: &'a Panel<'a>,
    pub(super) likeness: &'a Likeness,
    pub(super) logits: &'a Result<Vec<f64>, NoEffect>,
    pub(super) matches: &'a Result<Matches, NoEffect>,
}

impl Main<'_> {
    /// All of them; none where the plan has no outcome that decides.
    pub(super) fn variants(&self) -> Vec<Variant> {
        let at = |id: &str| rates::ALL.iter().position(|rate| rate.id == id);
        let Some(primary) = at(&self.asked.primary) else { return Vec::new() };
        let mut found = self.by_rules(primary);
        found.extend(self.of(primary, "without those who died", &self.alive()));
        found.extend(self.overdispersed(primary));
        found.extend(self.without_first_month(primary));
        let control = self.asked.negative_control.as_deref().and_then(at);
        found.extend(control.into_iter().flat_map(|at| self.of(at, "negative control", self.matches)));
        found
    }

    /// Under other rules of matching. Rules that are the same are tried once.
    fn by_rules(&self, at: usize) -> Vec<Variant> {
        let [controls, caliper] = [f64::from(self.asked.k), self.asked.caliper];
        let calipers =
            CALIPERS.map(|own| (format!("caliper {own}"), Rules { caliper: own, controls: controls as usize }));
        let beside = BESIDE.map(|controls| (format!("1 to {controls}"), Rules { caliper, controls }));
        let named = [calipers.to_vec(), beside.to_vec()].concat();
        let mut rules: Vec<Rules> = Vec::new();
        for (_, own) in &named {
            if !rules.contains(own) {
                rules.push(*own);
            }
        }
        let tried: Vec<Vec<Variant>> = rules.par_iter().map(|own| self.of(at, "", &self.matched(*own))).collect();
        let of = |(name, own): (String, Rules)| {
            let known = rules.iter().position(|other| *other == own).map(|place| tried[place].clone());
            known.into_iter().flatten().map(move |one| Variant { analysis: name.clone(), ..one })
        };
        named.into_iter().flat_map(of).collect()
    }

    /// The matched by a model in which people differ by more than chance.
    fn overdispersed(&self, at: usize) -> Option<Variant> {
        let months = self.panel.of(rate(at).service)?;
        let outcomes: Vec<Outcome> = self.panel.outcomes(months);
        let found = self.question(at, (months, &outcomes), self.matches).overdispersed();
        Some(variant((at, DesignKind::Matched), "negative binomial model", found, 0))
    }

    /// How the use of a service by each of the two pathways is to be read.
    pub(super) fn designs(&self, at: usize) -> [Design; 2] {
        let pathways = self.given.pathways;
        self.pair.map(|own| design(&pathways.configs[own], rate(at).service, pathways.is_ascertained))
    }

    /// People who are matched here or in the main comparison and not in both.
    fn apart(&self, matches: &Result<Matches, NoEffect>) -> u64 {
        let rows = |matches: &Result<Matches, NoEffect>| -> BTreeSet<u32> {
            let sets = matches.iter().flat_map(|matches| &matches.sets);
            sets.flat_map(|set| set.controls.iter().copied().chain([set.case])).collect()
        };
        rows(matches).symmetric_difference(&rows(self.matches)).count() as u64
    }

    fn matched(&self, rules: Rules) -> Result<Matches, NoEffect> {
        self.logits.as_ref().map_err(|reason| *reason).and_then(|logits| nearest(&self.likeness.people, logits, rules))
    }

    /// The matched without those who died in the year after, and without those who then have nobody beside them.
    fn alive(&self) -> Result<Matches, NoEffect> {
        let died = |row: u32| {
            let episode = self.panel.episodes[row as usize];
            let days = episode.index..=episode.index + crate::pathways::windows::WINDOW_DAYS;
            self.given.observation.death(episode.person).is_some_and(|day| days.contains(&day))
        };
        let mut matches = self.matches.clone()?;
        matches.sets.iter_mut().for_each(|set| set.controls.retain(|row| !died(*row)));
        matches.sets.retain(|set| !died(set.case) && !set.controls.is_empty());
        if matches.sets.is_empty() { Err(NoEffect::NobodyMatched) } else { Ok(matches) }
    }

    /// As if the pathway took a month to work.
    fn without_first_month(&self, at: usize) -> Vec<Variant> {
        let later = |months: &[PersonMonths]| {
            let own = |person: &PersonMonths| {
                let mut person = *person;
                person[MONTHS] = [0, 0];
                person
            };
            months.iter().map(own).collect::<Vec<_>>()
        };
        let Some(months) = self.panel.of(rate(at).service).map(later) else { return Vec::new() };
        self.estimated(at, "without the first month after", (&months, self.matches))
    }

    fn of(&self, at: usize, name: &str, matches: &Result<Matches, NoEffect>) -> Vec<Variant> {
        self.panel.of(rate(at).service).map_or_else(Vec::new, |months| self.estimated(at, name, (months, matches)))
    }

    fn estimated(
        &self,
        at: usize,
        name: &str,
        (months, matches): (&[PersonMonths], &Result<Matches, NoEffect>),
    ) -> Vec<Variant> {
        let outcomes: Vec<Outcome> = self.panel.outcomes(months);
        let question = self.question(at, (months, &outcomes), matches);
        let apart = self.apart(matches);
        DESIGNS.into_iter().map(|design| variant((at, design), name, question.by(design), apart)).collect()
    }

    fn question<'q>(
        &'q self,
        at: usize,
        (months, outcomes): (&'q [PersonMonths], &'q [Outcome]),
        matches: &'q Result<Matches, NoEffect>,
    ) -> Asked<'q> {
        Asked {
            people: &self.likeness.people,
            outcomes,
            months,
            windows: self.panel.windows,
            matches,
            unlike: &[],
            designs: self.designs(at),
            months_before: None,
        }
    }
}

/// An estimate under other rules; `apart` people are in it or in the main one and not in both.
fn variant((rate, design): (usize, DesignKind), analysis: &str, found: Estimated, apart: u64) -> Variant {
    let Estimated { found, is_of_few, arms, behind, .. } = found;
    Variant { analysis: analysis.to_owned(), rate, design, found, is_of_few, arms, behind, apart }
}
