//! Headline figures: the few that are worked out again under stricter and looser linkage, to see what hangs on it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::before_after;
use super::cell::Cell;
use super::compute::{Counts, is_divided};
use super::{ALL, Subject};
use crate::domain::period::Span;
use crate::pathways::{ArmService, Pathways, PersonWindow, Service, Window};
use crate::stats::Interval;
use crate::stats::ratio::Ratio;

/// The rate whose change is a headline.
const RATE: &str = "px_rate_ed";
/// The share that is a headline.
const SHARE: &str = "tt_recovery";
/// Whose rows that share is of: nothing else is counted for headlines.
pub const SUBJECT: Subject = Subject::Courses;

/// One figure with what it rests on, exact.
#[derive(Debug, Clone, PartialEq)]
pub struct Headline {
    /// What it is.
    pub measure: &'static str,
    /// The pathway's id; none for everyone.
    pub pathway: Option<String>,
    /// The figure.
    pub figure: Figure,
}

/// The headline figures of one linkage.
#[derive(Debug, Clone, PartialEq)]
pub struct Variant {
    /// Strict, base or loose.
    pub name: &'static str,
    /// The figures.
    pub headlines: Vec<Headline>,
}

/// A figure of one of three kinds.
#[derive(Debug, Clone, PartialEq)]
pub enum Figure {
    /// People.
    People(u64),
    /// A share: how many of how many, and different people in and out of it in the quarter with fewest.
    Share([u64; 2], [u64; 2]),
    /// Rate after over rate before, with people and events before and after that it rests on.
    Ratio(Ratio, [Behind; 2]),
}

/// What one side of a ratio rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Behind {
    /// People with an event.
    pub people: u64,
    /// Events.
    pub events: u64,
    /// The two largest counts of one person.
    pub top_two: [u64; 2],
}

/// What headline figures are made of.
#[derive(Clone, Copy)]
pub struct Basis<'a> {
    /// Counts of the share's subject at least.
    pub counts: &'a Counts,
    /// Who is on which pathway, in numbers.
    pub pathways: &'a Pathways,
    /// How many people there are.
    pub people: u64,
}

/// Some people as the run has them, and as another linkage has them.
#[derive(Clone, Copy)]
pub struct Exchange<'a> {
    /// As the run has them.
    pub before: Basis<'a>,
    /// As the other linkage has them; `people` are all there are under it.
    pub after: Basis<'a>,
}

/// The headline figures of a run or, with an exchange, what they would be had some people been others.
pub fn of(run: Basis<'_>, exchange: Option<Exchange<'_>>) -> Vec<Headline> {
    let people = exchange.map_or(run.people, |exchange| exchange.after.people);
    let mut found = vec![Headline { measure: "people", pathway: None, figure: Figure::People(people) }];
    let Some(service) = Service::of_rate(RATE) else { return found };
    for (at, config) in run.pathways.configs.iter().enumerate() {
        let Some(arm) = arm(run.pathways, (at, service)) else { continue };
        let exchanged = exchange.map(|exchange| {
            let [before, after] =
                [exchange.before, exchange.after].map(|basis| arm_people(basis.pathways, (at, service)));
            ArmService { people: exchanged(&arm.people, before, after), ..arm.clone() }
        });
        let design = before_after::design(config, service, run.pathways.is_ascertained);
        let arm = exchanged.as_ref().unwrap_or(arm);
        let [earlier, later] = Window::ALL.map(|window| before_after::counts(arm, window, design));
        let of = |measure, figure| Headline { measure, pathway: Some(config.id.clone()), figure };
        found.push(of("people_followed", Figure::People(u64::from(later.people))));
        if let Some(ratio) = later.ratio {
            let behind = [&earlier, &later].map(|counts| Behind {
                people: u64::from(counts.people_with_events),
                events: counts.events,
                top_two: counts.top_two,
            });
            found.push(of("ed_visits_after_over_before", Figure::Ratio(ratio, behind)));
        }
    }
    found.extend(recovery(run, exchange));
    found
}

fn arm(pathways: &Pathways, (pathway, service): (usize, Service)) -> Option<&ArmService> {
    pathways.windows.iter().find(|arm| arm.pathway == pathway && arm.service == service)
}

fn arm_people(pathways: &Pathways, own: (usize, Service)) -> &[PersonWindow] {
    arm(pathways, own).map_or(&[], |arm| &arm.people)
}

/// People of an arm without some, and with others. People of the same days and events are as good as each other.
fn exchanged(all: &[PersonWindow], without: &[PersonWindow], with: &[PersonWindow]) -> Vec<PersonWindow> {
    let mut alike: BTreeMap<[[u32; 2]; 2], i64> = BTreeMap::new();
    for (people, sign) in [(all, 1), (without, -1), (with, 1)] {
        for own in people {
            *alike.entry([own.days, own.events]).or_default() += sign;
        }
    }
    let people = |([days, events], count): ([[u32; 2]; 2], i64)| {
        std::iter::repeat_n(PersonWindow { days, events }, count.max(0) as usize)
    };
    alike.into_iter().flat_map(people).collect()
}

/// The share over all quarters. A person may be in two quarters, so that only the people of single quarters are sure.
fn recovery(run: Basis<'_>, exchange: Option<Exchange<'_>>) -> Option<Headline> {
    let of = |basis: Basis<'_>| quarters(basis.counts, basis.pathways.configs.len());
    let mut cells = of(run)?;
    if let Some(Exchange { before, after }) = exchange {
        for (sign, other) in [(-1, before), (1, after)] {
            for (own, other) in cells.iter_mut().zip(of(other)?) {
                *own = std::array::from_fn(|at| own[at] + sign * other[at]);
            }
        }
    }
    let sum = |at: usize| cells.iter().map(|cell| cell[at]).sum::<i64>() as u64;
    let most = |at: usize| cells.iter().map(|cell| cell[at]).max().unwrap_or_default() as u64;
    let counts = [sum(0), sum(1)];
    (counts[1] > 0).then_some(Headline {
        measure: SHARE,
        pathway: None,
        figure: Figure::Share(counts, [most(2), most(3)]),
    })
}

/// Numerator, denominator, people in and people not in the numerator of the share, everyone, quarter by quarter; none where
/// the source sent nothing.
fn quarters(counts: &Counts, pathways: usize) -> Option<Vec<[i64; 4]>> {
    let counted = counts.metrics.iter().find(|counted| ALL[counted.metric].id == SHARE)?;
    let mut cells = counted.cells.as_deref()?;
    for periods in &counts.calendars {
        let levels = counted.levels.len(is_divided(periods[0].span));
        let (own, rest) = cells.split_at_checked((pathways + 1) * periods.len() * levels)?;
        if periods[0].span == Span::Quarter {
            // Everyone comes first, and the level of all is the first of each period.
            let everyone = own.iter().step_by(levels.max(1)).take(periods.len());
            let numbers = |cell: &Cell| {
                [cell.numerator, cell.denominator, u64::from(cell.people_in), u64::from(cell.people_out)]
                    .map(|count| count as i64)
            };
            return Some(everyone.map(numbers).collect());
        }
        cells = rest;
    }
    None
}

/// A headline as it is kept: whole numbers only, so that no figure goes through text.
#[derive(Serialize, Deserialize)]
pub struct Kept {
    measure: String,
    pathway: Option<String>,
    counts: Vec<u64>,
    ratio: Option<([u64; 4], [Behind; 2])>,
}

/// Measures by the text that stands for them on disk.
const MEASURES: [&str; 4] = ["people", "people_followed", "ed_visits_after_over_before", SHARE];

impl Headline {
    /// As it is kept.
    pub fn keep(&self) -> Kept {
        let (counts, ratio) = match &self.figure {
            Figure::People(people) => (vec![*people], None),
            Figure::Share([within, of], [people_in, people_out]) => (vec![*within, *of, *people_in, *people_out], None),
            Figure::Ratio(ratio, behind) => {
                let numbers = [ratio.ratio, ratio.interval.lower, ratio.interval.upper, ratio.standard_error];
                (Vec::new(), Some((numbers.map(f64::to_bits), *behind)))
            }
        };
        Kept { measure: self.measure.to_owned(), pathway: self.pathway.clone(), counts, ratio }
    }

    /// From what was kept; none if it is not whole.
    pub fn read(kept: Kept) -> Option<Self> {
        let measure = MEASURES.into_iter().find(|known| *known == kept.measure)?;
        let figure = match (kept.counts.as_slice(), kept.ratio) {
            ([people], None) => Figure::People(*people),
            ([within, of, people_in, people_out], None) => Figure::Share([*within, *of], [*people_in, *people_out]),
            ([], Some((numbers, behind))) => {
                let [ratio, lower, upper, standard_error] = numbers.map(f64::from_bits);
                Figure::Ratio(Ratio { ratio, interval: Interval { lower, upper }, standard_error }, behind)
            }
            _ => return None,
        };
        Some(Self { measure, pathway: kept.pathway, figure })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_is_of_the_subject_that_is_counted() {
        let metric = ALL.iter().find(|metric| metric.id == SHARE).unwrap();
        assert_eq!(metric.subject, SUBJECT);
    }

    #[test]
    fn a_headline_is_the_same_after_it_was_kept() {
        let ratio =
            Ratio { ratio: 0.1 + 0.2, interval: Interval { lower: 0.1, upper: 1.0 / 3.0 }, standard_error: 0.7 };
        let behind = Behind { people: 9, events: 12, top_two: [3, 1] };
        for (measure, figure) in [
            ("people", Figure::People(7)),
            (SHARE, Figure::Share([4, 9], [3, 5])),
            ("ed_visits_after_over_before", Figure::Ratio(ratio, [behind; 2])),
        ] {
            let headline = Headline { measure, pathway: Some("recovery".to_owned()), figure };
            let text = serde_json::to_vec(&headline.keep()).unwrap();
            assert_eq!(Headline::read(serde_json::from_slice(&text).unwrap()), Some(headline));
        }
    }
}
