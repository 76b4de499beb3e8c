//! Headline figures: the few that are worked out again under stricter and looser linkage, to see what hangs on it.

use serde::{Deserialize, Serialize};

use super::before_after::{self, BeforeAfter, Design};
use super::{ALL, Breakdown, Estimates, Subject};
use crate::pathways::{Pathways, Window};
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

/// The headline figures of one linkage.
pub fn of(estimates: &Estimates, pathways: &Pathways, people: u64) -> Vec<Headline> {
    let mut found = vec![Headline { measure: "people", pathway: None, figure: Figure::People(people) }];
    let rate = before_after::ALL.iter().position(|metric| metric.id == RATE);
    for (at, config) in pathways.configs.iter().enumerate() {
        let own = |window: Window| {
            let is_it = |row: &&BeforeAfter| Some(row.metric) == rate && row.pathway == at && row.window == window;
            estimates.before_after.iter().find(is_it)
        };
        let (Some(before), Some(after)) = (own(Window::Before), own(Window::After)) else { continue };
        let (Some(earlier), Some(later)) = (&before.counts, &after.counts) else { continue };
        let of = |measure, figure| Headline { measure, pathway: Some(config.id.clone()), figure };
        found.push(of("people_followed", Figure::People(u64::from(later.people))));
        if let Some(ratio) = later.ratio.filter(|_| after.design != Design::Mechanical) {
            let behind = [earlier, later].map(|counts| Behind {
                people: u64::from(counts.people_with_events),
                events: counts.events,
                top_two: counts.top_two,
            });
            found.push(of("ed_visits_after_over_before", Figure::Ratio(ratio, behind)));
        }
    }
    found.extend(recovery(estimates));
    found
}

/// The share over all quarters. A person may be in two quarters, so that only the people of single quarters are sure.
fn recovery(estimates: &Estimates) -> Option<Headline> {
    let rows = estimates.rows.iter().filter(|row| {
        ALL[row.metric].id == SHARE && row.pathway.is_none() && row.breakdown == Breakdown::All && row.cell.is_some()
    });
    let (mut counts, mut people) = ([0u64; 2], [0u64; 2]);
    for cell in rows.filter_map(|row| row.cell) {
        counts = [counts[0] + cell.numerator, counts[1] + cell.denominator];
        people = [people[0].max(u64::from(cell.people_in)), people[1].max(u64::from(cell.people_out))];
    }
    (counts[1] > 0).then_some(Headline { measure: SHARE, pathway: None, figure: Figure::Share(counts, people) })
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
