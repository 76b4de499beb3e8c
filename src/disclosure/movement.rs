//! `flow.csv` and `sequences.csv`: who moved between services after the index date, after control.

use super::policy::{Marker, Policy};
use super::sheets::{Column, Kind, Sheet, Value, column};
use crate::pathways::Pathways;
use crate::pathways::movement::{Movement, Step};

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
pub(super) fn flow(pathways: &Pathways, policy: &Policy) -> Sheet {
    let rows = pathways.movements.iter().flat_map(|own| {
        let hidden = hidden(own, policy);
        let id = pathways.configs[own.pathway].id.as_str();
        own.steps.iter().zip(hidden).map(move |(step, hidden)| step_row(id, own, (step, hidden), policy))
    });
    Sheet {
        name: "flow",
        title: "Who moved from service to service in the 90 days after the index date",
        columns: FLOW_COLUMNS,
        rows: rows.collect(),
    }
}

/// Which steps are hidden: those few people took, or all but few; and where that leaves one hidden step from a place, whose
/// number the others would give away, the smallest of them too.
fn hidden(own: &Movement, policy: &Policy) -> Vec<bool> {
    let few = |step: &Step| {
        policy.is_small(step.people()) || policy.is_small(u64::from(own.people).saturating_sub(step.people()))
    };
    let mut hidden: Vec<bool> = own.steps.iter().map(few).collect();
    for step in &own.steps {
        let of_place: Vec<usize> = (0..own.steps.len()).filter(|at| own.steps[*at].from == step.from).collect();
        if of_place.iter().filter(|at| hidden[**at]).count() == 1 {
            let shown = of_place.into_iter().filter(|at| !hidden[*at]);
            if let Some(smallest) = shown.min_by_key(|at| own.steps[*at].people()) {
                hidden[smallest] = true;
            }
        }
    }
    hidden
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

    const POLICY: Policy = Policy { threshold: 8, round_to: 5 };

    fn step(from: Place, to: Place, people: u32) -> Step {
        Step { from, to, days: vec![(3, people)] }
    }

    #[test]
    fn one_hidden_step_takes_the_smallest_other_with_it() {
        let steps = vec![
            step(Place::Index, Place::Gp, 50),
            step(Place::Index, Place::Trust, 20),
            step(Place::Index, Place::Died, 3),
            step(Place::Gp, Place::Trust, 9),
            step(Place::Gp, Place::NoFurther, 41),
        ];
        let own = Movement { pathway: 0, people: 73, steps, sequences: Vec::new() };
        assert_eq!(hidden(&own, &POLICY), [false, true, true, false, false]);
    }

    #[test]
    fn all_but_a_few_is_hidden_too() {
        let own =
            Movement { pathway: 0, people: 73, steps: vec![step(Place::Index, Place::Gp, 70)], sequences: Vec::new() };
        assert_eq!(hidden(&own, &POLICY), [true]);
    }
}
