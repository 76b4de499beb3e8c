//! `flow.csv` and `sequences.csv`: who moved between services after the index date, after control.

use super::policy::{Marker, Policy};
use super::secondary;
use super::sheets::{Column, Kind, Sheet, Value, column};
use crate::audit::{Relation, sums::Sum};
use crate::error::Error;
use crate::pathways::Pathways;
use crate::pathways::movement::{Movement, Place, Step};

/// Sequences of an arm that are listed at most.
const MOST_SEQUENCES: usize = 20;

const FLOW_COLUMNS: &[Column] = &[
    column("pathway", Kind::Text, "the pathway"),
    column("from_service", Kind::Text, "where people were: index is the index date itself"),
    column("to_service", Kind::Text, "where they were next, in the 90 days after the index date"),
    column("people", Kind::Whole, "people who went from one to the other, each once, rounded to the nearest 5"),
    column("percent", Kind::Whole, "rounded people of the rounded people of the arm followed for 90 days"),
    column(
        "median_days",
        Kind::Whole,
        "median days between; empty where too few people lie on either side of it, and for no further service",
    ),
    column("marker", Kind::Text, "c hidden; empty for a plain value"),
];

const SEQUENCE_COLUMNS: &[Column] = &[
    column("pathway", Kind::Text, "the pathway"),
    column("rank", Kind::Whole, "1 is the most frequent; at most 20, and only those of enough people"),
    column("sequence", Kind::Text, "the first five services in turn in the 90 days after the index date"),
    column("people", Kind::Whole, "people with this sequence, rounded to the nearest 5"),
    column("percent", Kind::Whole, "rounded people of the rounded people of the arm followed for 90 days"),
];

/// Steps from service to service.
pub(super) fn flow(pathways: &Pathways, policy: &Policy) -> Result<Sheet, Error> {
    let mut rows = Vec::new();
    for own in &pathways.movements {
        let hidden = hidden(own, policy)?;
        let id = pathways.configs[own.pathway].id.as_str();
        rows.extend(own.steps.iter().zip(hidden).map(|(step, hidden)| step_row(id, own, (step, hidden), policy)));
    }
    Ok(Sheet {
        name: "flow",
        title: "Who moved from service to service in the 90 days after the index date",
        columns: FLOW_COLUMNS,
        rows,
    })
}

/// Which steps are hidden: those few people took, or all but few, and those that would give them away. From the index
/// everybody takes one step, so these add up to the arm; of other places a reader knows no more than that.
fn hidden(own: &Movement, policy: &Policy) -> Result<Vec<bool>, Error> {
    let all = u64::from(own.people);
    let people: Vec<u64> = own.steps.iter().map(Step::people).collect();
    // What is left of the arm is a number too: that of the people who did not take the step.
    let rest = people.iter().map(|people| all.saturating_sub(*people));
    let numbers: Vec<u64> = people.iter().copied().chain(rest).chain([all]).collect();
    let count = people.len();
    let whole = 2 * count;
    let mut rows: Vec<Vec<usize>> = (0..count).map(|at| vec![at, count + at]).collect();
    // The rounded people of the arm stand behind every percentage.
    rows.push(vec![whole]);
    let rest_of = |at: usize| Sum { whole, parts: vec![at, count + at], relation: Relation::Equal };
    let mut sums: Vec<Sum> = (0..count).filter(|at| people[*at] <= all).map(rest_of).collect();
    let from_index: Vec<usize> = (0..count).filter(|at| own.steps[*at].from == Place::Index).collect();
    let total: u64 = from_index.iter().map(|at| people[*at]).sum();
    if !from_index.is_empty() && total <= all {
        let relation = if total == all { Relation::Equal } else { Relation::AtMost };
        sums.push(Sum { whole, parts: from_index, relation });
    }
    let mut hidden = secondary::rows::hidden(&numbers, &rows, sums, policy)?;
    hidden.truncate(count);
    Ok(hidden)
}

fn percent(people: u64, of: u32, policy: &Policy) -> Option<f64> {
    let of = policy.round(u64::from(of));
    (of > 0).then(|| 100.0 * policy.round(people) as f64 / of as f64)
}

fn step_row(id: &str, own: &Movement, (step, is_hidden): (&Step, bool), policy: &Policy) -> Vec<Value> {
    let people = step.people();
    let is_end = step.to == crate::pathways::movement::Place::NoFurther;
    let has_median = !is_hidden && !is_end && people >= 2 * policy.threshold;
    let mut before = 0;
    let median = step.days.iter().find(|(_, count)| {
        before += u64::from(*count);
        2 * before >= people
    });
    vec![
        Value::text(id),
        Value::text(step.from.id()),
        Value::text(step.to.id()),
        Value::whole(Some(policy.round(people)).filter(|_| !is_hidden)),
        Value::decimal(percent(people, own.people, policy).filter(|_| !is_hidden), 0),
        Value::whole(median.map(|(days, _)| u64::from(*days)).filter(|_| has_median)),
        Value::text(if is_hidden { Marker::Hidden } else { Marker::None }.sign()),
    ]
}

/// The most frequent sequences of services, of those that enough people went through.
pub(super) fn sequences(pathways: &Pathways, policy: &Policy) -> Sheet {
    let rows = pathways.movements.iter().flat_map(|own| {
        let id = pathways.configs[own.pathway].id.as_str();
        let all = own.people;
        let is_shown =
            move |people: u64| people >= policy.threshold && !policy.is_small(u64::from(all).saturating_sub(people));
        let listed = own.sequences.iter().filter(move |(_, people)| is_shown(u64::from(*people))).take(MOST_SEQUENCES);
        listed.zip(1..).map(move |((places, people), rank)| {
            let words: Vec<&str> = places.iter().map(|place| place.id()).collect();
            vec![
                Value::text(id),
                Value::whole(Some(rank)),
                Value::text(words.join(" > ")),
                Value::whole(Some(policy.round(u64::from(*people)))),
                Value::decimal(percent(u64::from(*people), all, policy), 0),
            ]
        })
    });
    Sheet {
        name: "sequences",
        title: "The most frequent sequences of services in the 90 days after the index date",
        columns: SEQUENCE_COLUMNS,
        rows: rows.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pathways::movement::Place;

    const POLICY: Policy = Policy::STANDARD;

    fn step(from: Place, to: Place, people: u32) -> Step {
        Step { from, to, days: vec![(3, people)] }
    }

    fn markers(people: u32, steps: Vec<Step>) -> String {
        let own = Movement { pathway: 0, people, steps, sequences: Vec::new() };
        let hidden = hidden(&own, &POLICY).unwrap();
        hidden.into_iter().map(|is_hidden| if is_hidden { 'c' } else { '.' }).collect()
    }

    #[test]
    fn a_hidden_step_from_the_index_takes_the_smallest_other_with_it() {
        // 9, 20 and 6 of 35: shown as 10, 20 and 35, the hidden one could be no less than 2.
        let steps = |died: u32| {
            vec![
                step(Place::Index, Place::Gp, 9),
                step(Place::Index, Place::Trust, 20),
                step(Place::Index, Place::Died, died),
            ]
        };
        assert_eq!(markers(35, steps(6)), "..c");
        assert_eq!(markers(32, steps(3)), "..c");
    }

    #[test]
    fn all_but_a_few_is_hidden_too() {
        assert_eq!(markers(73, vec![step(Place::Gp, Place::Trust, 70)]), "c");
    }
}
