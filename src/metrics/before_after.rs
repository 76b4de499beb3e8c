//! Rates before and after the index date, per pathway: the `px_rate` metrics.
//!
//! A change is never called an effect. Use of the service that supplies the index event changes by construction: such
//! rows say `mechanical` and show no ratio.

use super::cell::with_one_more;
use crate::pathways::{ArmService, Coverage, EventType, Pathways, Service, Window};
use crate::schema::Source;
use crate::settings::PathwayConfig;
use crate::stats::Interval;
use crate::stats::poisson::frequency_adjusted;
use crate::stats::ratio::{Pair, Ratio, after_over_before, dispersion};

/// Days in a year, on average.
pub const YEAR_DAYS: f64 = 365.25;

/// A rate of one kind of event.
pub struct RateMetric {
    /// Id in outputs.
    pub id: &'static str,
    /// What a board paper would say.
    pub title: &'static str,
    /// What a funder reads.
    pub plain_english: &'static str,
    /// The events counted.
    pub service: Service,
}

const fn rate(id: &'static str, title: &'static str, plain_english: &'static str, event: EventType) -> RateMetric {
    RateMetric { id, title, plain_english, service: Service::Events(event) }
}

/// Every rate, in the order of outputs.
pub const ALL: &[RateMetric] = &[
    rate("px_rate_ed", "A&E attendances before and after index", "visits to A&E", EventType::EdAttendance),
    rate("px_rate_gp", "Attended GP appointments before and after index", "GP appointments", EventType::GpAppointment),
    rate(
        "px_rate_mh_contacts",
        "Mental-health contacts before and after index",
        "appointments with the mental-health trust",
        EventType::MhContact,
    ),
    rate(
        "px_rate_bed_days",
        "Mental-health bed days before and after index",
        "nights in a mental-health hospital",
        EventType::MhNight,
    ),
];

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
    /// After over before, on the after row.
    pub ratio: Option<Ratio>,
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
                let counts = arm.filter(|_| coverage.has(rate.service.source())).map(|arm| counts(arm, window, design));
                rows.push(BeforeAfter { metric, pathway, window, counts, design });
            }
        }
    }
    rows
}

fn design(config: &PathwayConfig, service: Service, is_ascertained: bool) -> Design {
    if index_source(config).is_none_or(|source| source == service.source()) {
        Design::Mechanical
    } else if is_ascertained {
        Design::BeforeAfter
    } else {
        Design::Unascertained
    }
}

fn counts(arm: &ArmService, window: Window, design: Design) -> Counts {
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
    Counts {
        people: seen().count() as u32,
        people_with_events: seen().filter(|(events, _)| *events > 0).count() as u32,
        events,
        days,
        top_two,
        interval: frequency_adjusted(events, squares),
        method: if events < 10 { "exact, frequency-adjusted" } else { "Byar, frequency-adjusted" },
        dispersion: dispersion(seen().map(|(events, days)| (f64::from(events), f64::from(days)))),
        coverage_percent: (possible > 0.0).then(|| 100.0 * days as f64 / possible),
        deaths: is_after.then_some(arm.deaths_after),
        ratio: if is_after && design != Design::Mechanical { after_over_before(&pairs(arm)) } else { None },
    }
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
