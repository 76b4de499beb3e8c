//! Rates before and after the index date, per pathway: the `px_rate` metrics.
//!
//! A change is never called an effect. Use of the service that supplies the index event changes by construction: such
//! rows say `mechanical` and show no ratio.

use super::cell::with_one_more;
pub use super::rates::{ALL, RateMetric};
use crate::pathways::{ArmService, Coverage, Pathways, Selection, Service, Window};
use crate::schema::Source;
use crate::settings::PathwayConfig;
use crate::stats::Interval;
use crate::stats::poisson::{adjusted_method, frequency_adjusted};
use crate::stats::ratio::{Pair, Ratio, after_over_before, dispersion, exact};
use crate::stats::regression::{Gamma, Sums};

/// Days in a year, on average.
pub const YEAR_DAYS: f64 = 365.25;

/// Fewer events than this on a side leave an interval exact, as that of a rate.
const FEW_EVENTS: u64 = 10;
/// Chi-square over degrees of freedom up to which events are taken to come independently.
const MOST_DISPERSION: f64 = 1.5;

/// What a row of `before_after.csv` rests on and says, exact.
#[derive(Debug, Clone, PartialEq)]
pub struct BeforeAfter {
    /// Position in [`ALL`].
    pub metric: usize,
    /// Position of the pathway.
    pub pathway: usize,
    /// Which window.
    pub window: Window,
    /// Counts; none where the source sent nothing.
    pub counts: Option<Counts>,
    /// How the comparison is to be read.
    pub design: Design,
}

/// Exact counts of one window.
#[derive(Debug, Clone, PartialEq)]
pub struct Counts {
    /// People with at least one observed day.
    pub people: u32,
    /// People with an event.
    pub people_with_events: u32,
    /// Events.
    pub events: u64,
    /// Days observed, over everyone.
    pub days: u64,
    /// The two largest counts of one person.
    pub top_two: [u64; 2],
    /// Interval of the count, allowing for several events a person.
    pub interval: Interval,
    /// How it was made.
    pub method: &'static str,
    /// Pearson's chi-square over degrees of freedom.
    pub dispersion: Option<f64>,
    /// Share of the window's days that were observed, in percent.
    pub coverage_percent: Option<f64>,
    /// Deaths on observed days after the index; none before it.
    pub deaths: Option<u32>,
    /// The rate a day to expect after the index by itself, on the after row of what the arm was selected on: from all use
    /// before, and without the last 30 and 90 days of it.
    pub expected: Option<[f64; 3]>,
    /// After over before, on the after row.
    pub ratio: Option<Ratio>,
    /// How its interval was made.
    pub ratio_method: &'static str,
}

/// How a before/after row is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Design {
    /// A change in the same people; not an effect.
    BeforeAfter,
    /// The service supplies the index event, so its use changes by construction.
    Mechanical,
    /// Deaths or moves are not known equally in every arm.
    Unascertained,
}

impl Design {
    /// The word in outputs.
    pub fn id(self) -> &'static str {
        match self {
            Self::BeforeAfter => "before_after",
            Self::Mechanical => "mechanical",
            Self::Unascertained => "unascertained",
        }
    }
}

/// The source that supplies a pathway's index events, as its conditions on `service` say.
pub fn index_source(pathway: &PathwayConfig) -> Option<Source> {
    let services = pathway
        .conditions
        .iter()
        .filter(|condition| condition.column == "service")
        .filter_map(|condition| condition.is_in.as_ref());
    let mut named = services.flatten().filter_map(|service| Source::from_id(service));
    let first = named.next()?;
    named.all(|other| other == first).then_some(first)
}

/// Every pathway, metric and window; a missing source gives rows without counts.
pub fn rows(pathways: &Pathways, coverage: &Coverage) -> Vec<BeforeAfter> {
    let mut rows = Vec::new();
    for (pathway, config) in pathways.configs.iter().enumerate() {
        for (metric, rate) in ALL.iter().enumerate() {
            let arm = pathways.windows.iter().find(|arm| arm.pathway == pathway && arm.service == rate.service);
            let design = design(config, rate.service, pathways.is_ascertained);
            for window in Window::ALL {
                let counts = arm.filter(|_| coverage.has(rate.service.source())).map(|arm| {
                    let expected = expected(pathways, (pathway, rate.id), window);
                    Counts { expected, ..counts(arm, window, design) }
                });
                rows.push(BeforeAfter { metric, pathway, window, counts, design });
            }
        }
    }
    rows
}

/// How the use of a service by an arm is to be read.
pub fn design(config: &PathwayConfig, service: Service, is_ascertained: bool) -> Design {
    if index_source(config).is_none_or(|source| source == service.source()) {
        Design::Mechanical
    } else if is_ascertained {
        Design::BeforeAfter
    } else {
        Design::Unascertained
    }
}

/// What one window of an arm comes to.
pub(super) fn counts(arm: &ArmService, window: Window, design: Design) -> Counts {
    let at = window as usize;
    let seen = || {
        arm.people
            .iter()
            .filter(move |person| person.days[at] > 0)
            .map(move |person| (person.events[at], person.days[at]))
    };
    let events: u64 = seen().map(|(events, _)| u64::from(events)).sum();
    let squares: u64 = seen().map(|(events, _)| u64::from(events).pow(2)).sum();
    let days: u64 = seen().map(|(_, days)| u64::from(days)).sum();
    let top_two = seen().fold([0, 0], |top, (events, _)| with_one_more(top, u64::from(events)));
    let possible = arm.people.len() as f64 * f64::from(crate::pathways::windows::WINDOW_DAYS);
    let is_after = window == Window::After;
    let ratio = if is_after && design != Design::Mechanical { ratio(arm) } else { None };
    Counts {
        people: seen().count() as u32,
        people_with_events: seen().filter(|(events, _)| *events > 0).count() as u32,
        events,
        days,
        top_two,
        interval: frequency_adjusted(events, squares),
        method: adjusted_method(events),
        dispersion: dispersion(seen().map(|(events, days)| (f64::from(events), f64::from(days)))),
        coverage_percent: (possible > 0.0).then(|| 100.0 * days as f64 / possible),
        deaths: is_after.then_some(arm.deaths_after),
        expected: None,
        ratio: ratio.map(|(ratio, _)| ratio),
        ratio_method: ratio.map_or("", |(_, method)| method),
    }
}

/// With people as clusters; with few events on a side, too few for a variance, exact where they come independently.
fn ratio(arm: &ArmService) -> Option<(Ratio, &'static str)> {
    let robust = after_over_before(&pairs(arm))?;
    let has_few = events(arm).iter().any(|events| *events < FEW_EVENTS);
    let exact = if has_few { exact_interval(arm) } else { None };
    Some(exact.map_or((robust, "robust, people as clusters"), |interval| (Ratio { interval, ..robust }, "exact")))
}

fn events(arm: &ArmService) -> [u64; 2] {
    [0, 1].map(|at| arm.people.iter().map(|person| u64::from(person.events[at])).sum())
}

/// The exact interval of the ratio; none where people differ by more than independent events would make them.
pub fn exact_interval(arm: &ArmService) -> Option<Interval> {
    let side = |at: usize| arm.people.iter().map(move |one| (f64::from(one.events[at]), f64::from(one.days[at])));
    let days = [0, 1].map(|at| side(at).map(|(_, days)| days).sum());
    let is_independent = [0, 1].into_iter().all(|at| dispersion(side(at)).is_some_and(|own| own <= MOST_DISPERSION));
    // The work grows with the events, and most services have no such interval.
    if is_independent { exact(events(arm), days) } else { None }
}

/// Regression to the mean: the rate a day after the index if nothing changed, given each person's use before it and how
/// people of the whole registered population differ.
fn expected(pathways: &Pathways, (pathway, rate): (usize, &str), window: Window) -> Option<[f64; 3]> {
    let is_own = |one: &&Selection| one.pathway == pathway && one.rate == rate && window == Window::After;
    let selection = pathways.selections.iter().find(is_own)?;
    let [x, t, xx, xt, tt] = selection.population;
    let gamma = Gamma::fit(&Sums { x, t, xx, xt, tt })?;
    let after: f64 = selection.people.iter().map(|own| f64::from(own[6])).sum();
    let of_gap = |gap: usize| {
        let own =
            |one: &[u32; 7]| gamma.expected(f64::from(one[2 * gap]), f64::from(one[2 * gap + 1])) * f64::from(one[6]);
        selection.people.iter().map(own).sum::<f64>() / after
    };
    (after > 0.0).then(|| [of_gap(0), of_gap(1), of_gap(2)])
}

/// Everyone with time on either side, for the ratio.
pub fn pairs(arm: &ArmService) -> Vec<Pair> {
    let own = |values: [u32; 2]| values.map(f64::from);
    arm.people
        .iter()
        .filter(|person| person.days != [0, 0])
        .map(|person| Pair { events: own(person.events), time: own(person.days) })
        .collect()
}
