//! What became of people after the index date, per pathway: `px_deaths`, `px_lost` and who entered or left secondary care.
//!
//! In: [`FollowUp`], whole numbers. Out: rows, exact. Leaves alone: disclosure control.

use super::before_after::{Design, YEAR_DAYS, index_source};
use super::metric::Better;
use crate::pathways::{FollowUp, Pathways};
use crate::schema::Source;
use crate::stats::Interval;
use crate::stats::competing::incidence;
use crate::stats::poisson::{count, method};
use crate::stats::proportion::wilson;

/// What is made of a [`FollowUp`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// Deaths over person-years.
    Deaths,
    /// People lost, of everyone.
    Lost,
    /// People who entered secondary care, of those not in it.
    Entry,
    /// People who left it, of those in it.
    Exit,
}

/// One of these figures, declared once.
pub struct FollowUpMetric {
    /// Id in outputs.
    pub id: &'static str,
    /// What a board paper would say.
    pub title: &'static str,
    /// What a funder reads.
    pub plain_english: &'static str,
    /// What is made of what was counted.
    pub what: What,
    /// The unit of the value.
    pub unit: &'static str,
    /// Which direction is better.
    pub better: Better,
    /// A paragraph that a clinician can check.
    pub definition: &'static str,
    /// How it departs from what one might expect.
    pub differs: &'static str,
}

/// Every figure, in the order of outputs. None is a published measure.
pub const ALL: &[FollowUpMetric] = &[
    FollowUpMetric {
        id: "px_deaths",
        title: "Deaths in the window after index",
        plain_english: "People who died in the year after joining.",
        what: What::Deaths,
        unit: "per 1,000 person-years",
        better: Better::Lower,
        definition: "Deaths in (index, index + 365] over the time in it during which people are known to live here, up to the end of the data; a comparator's ends where they enter the redesigned pathway.",
        differs: "deaths after moving out are not counted",
    },
    FollowUpMetric {
        id: "px_lost",
        title: "Lost to follow-up",
        plain_english: "People of whom we lost sight in the year after joining.",
        what: What::Lost,
        unit: "percent",
        better: Better::Lower,
        definition: "People who are not known to live here on the last day of the year after the index, of the data or of their life, whichever is first, of all who can be followed.",
        differs: "people without a usable number or not on the registered list are in neither part: cohort_flow.csv counts them",
    },
    FollowUpMetric {
        id: "px_secondary_care_entry",
        title: "Entered secondary mental-health care",
        plain_english: "People who came to need the mental-health trust within a year of joining.",
        what: What::Entry,
        unit: "percent",
        better: Better::Lower,
        definition: "Of people without an open referral to a secondary-care team of the trust at index, indexed at least 365 days before its data end: those with an attended contact, within 365 days, of such a referral received after the index and not rejected; with death and moving out as competing events.",
        differs: "the day of entry is that of the contact; which teams are secondary care is a setting",
    },
    FollowUpMetric {
        id: "px_secondary_care_exit",
        title: "Left secondary mental-health care",
        plain_english: "People who no longer needed the mental-health trust within a year of joining.",
        what: What::Exit,
        unit: "percent",
        better: Better::Higher,
        definition: "Of people with an open referral to a secondary-care team at index, indexed at least 455 days before the trust's data end: those whose last one closes within 365 days without another in the 90 days from then on; with death and moving out as competing events.",
        differs: "extracts carry no reason of discharge, so a transfer out of the trust looks like leaving",
    },
];

/// One figure of one arm, exact.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Position of the pathway.
    pub pathway: usize,
    /// Position in [`ALL`].
    pub metric: usize,
    /// People it is about.
    pub people: u64,
    /// Deaths, or people with the event.
    pub numerator: u64,
    /// Days behind a rate.
    pub days: Option<u64>,
    /// The figure in its unit; none where there is nobody or no time.
    pub value: Option<f64>,
    /// 95 % interval.
    pub interval: Option<Interval>,
    /// How it was made.
    pub method: &'static str,
    /// How it is to be read.
    pub design: Design,
    /// Whether what it needs was sent.
    pub is_available: bool,
}

/// Every arm and figure.
pub fn rows(pathways: &Pathways, has: impl Fn(Source) -> bool) -> Vec<Row> {
    let of_arm = |own: &FollowUp| {
        let config = &pathways.configs[own.pathway];
        let is_mechanical = index_source(config).is_none_or(|source| source == Source::MentalHealth);
        let row = |(metric, declared): (usize, &FollowUpMetric)| {
            let is_care = matches!(declared.what, What::Entry | What::Exit);
            let design = if !pathways.is_ascertained {
                Design::Unascertained
            } else if is_care && is_mechanical {
                Design::Mechanical
            } else {
                Design::BeforeAfter
            };
            // Who died or moved is not known where it is not ascertained: there is no figure then.
            let is_available = if is_care { has(Source::MentalHealth) } else { pathways.is_ascertained };
            row((own.pathway, metric), (declared.what, own), (design, is_available))
        };
        ALL.iter().enumerate().map(row).collect::<Vec<_>>()
    };
    pathways.follow_up.iter().flat_map(of_arm).collect()
}

fn row(
    (pathway, metric): (usize, usize),
    (what, own): (What, &FollowUp),
    (design, is_available): (Design, bool),
) -> Row {
    let people = u64::from(own.people);
    let percent = |share: f64| 100.0 * share;
    let of = |limits: Interval, scale: f64| Interval { lower: scale * limits.lower, upper: scale * limits.upper };
    let (people, numerator, days, value, interval, method) = match what {
        What::Deaths => {
            let years = own.days as f64 / YEAR_DAYS;
            let scale = 1000.0 / years;
            let deaths = u64::from(own.deaths);
            let has_time = own.days > 0;
            let value = has_time.then_some(deaths as f64 * scale);
            (people, deaths, Some(own.days), value, has_time.then(|| of(count(deaths), scale)), method(deaths))
        }
        What::Lost => {
            let lost = u64::from(own.lost);
            let interval = wilson(lost as f64, people as f64).map(|limits| of(limits, 100.0));
            (people, lost, None, (people > 0).then(|| percent(lost as f64 / people as f64)), interval, "Wilson")
        }
        What::Entry | What::Exit => {
            let times = if what == What::Entry { &own.entry } else { &own.exit };
            let counts: Vec<[u64; 3]> = times.iter().map(|(_, counts)| counts.map(u64::from)).collect();
            let numerator = counts.iter().map(|[event, ..]| event).sum();
            let found = incidence(&counts);
            let people = found.map_or(0, |found| found.people);
            let limits = found.and_then(|found| {
                // As many people without censoring would have this variance.
                let known = found.share * (1.0 - found.share);
                let effective = if found.variance > 0.0 { known / found.variance } else { found.people as f64 };
                wilson(found.share * effective, effective)
            });
            let value = found.map(|found| percent(found.share));
            (
                people,
                numerator,
                None,
                value,
                limits.map(|limits| of(limits, 100.0)),
                "Aalen-Johansen; Wilson, effective number",
            )
        }
    };
    Row { pathway, metric, people, numerator, days, value, interval, method, design, is_available }
}
