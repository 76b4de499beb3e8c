//! Regression to the mean: what becomes of the use of a pathway's people by itself.

use std::collections::BTreeMap;

use super::{Given, asked, pairs, rate};
use crate::error::Error;
use crate::pathways::events::{self, EventType};
use crate::pathways::{months, selection};
use crate::settings::AnalysisPlan;
use crate::stats::regression::{Gamma, Sums};

/// After over before to expect by itself, by pathway and rate.
pub(super) type Expected = BTreeMap<(usize, usize), f64>;

/// Of every redesigned pathway and every outcome that is compared; one kind of event after the other, for they are of everyone.
pub(super) fn of(given: Given<'_>, plan: &AnalysisPlan) -> Result<Expected, Error> {
    let configs = &given.pathways.configs;
    let mut wanted: Vec<(EventType, usize, usize)> = Vec::new();
    for pair in pairs(configs) {
        let (_, rates) = asked(plan, pair.map(|at| &configs[at]));
        wanted.extend(rates.iter().map(|at| (rate(*at).service.events(), pair[0], *at)));
    }
    wanted.retain(|(kind, ..)| given.observation.has(kind.source()));
    wanted.sort_unstable();
    wanted.dedup();
    let everyone: Vec<u32> = (0..given.linked.persons.len() as u32).collect();
    let mut found = Expected::new();
    for of_kind in wanted.chunk_by(|a, b| a.0 == b.0) {
        let (linked, sources) = (given.linked, given.sources);
        let rows = events::of_everyone(of_kind[0].0, linked, &everyone, sources, given.observation.as_of())?;
        for (_, pathway, at) in of_kind {
            let people = months::analysed(&given.journeys.episodes, *pathway, given.observation);
            let own = ((rate(*at).service, &rows), (people.as_slice(), everyone.len() as u32));
            let used = selection::as_if(own.0, own.1, given.observation);
            if let Some(ratio) = used.and_then(|(population, people)| ratio(population, &people)) {
                found.insert((*pathway, *at), ratio);
            }
        }
    }
    Ok(found)
}

/// The rate to expect after the index date, given each person's use before it and how the population differs, over the rate
/// before it.
fn ratio([x, t, xx, xt, tt]: [u64; 5], people: &[[u32; 7]]) -> Option<f64> {
    let gamma = Gamma::fit(&Sums { x, t, xx, xt, tt })?;
    let sum = |of: &dyn Fn(&[u32; 7]) -> f64| people.iter().map(of).sum::<f64>();
    let (after, events, days) =
        (sum(&|own| f64::from(own[6])), sum(&|own| f64::from(own[0])), sum(&|own| f64::from(own[1])));
    let expected = sum(&|own| gamma.expected(f64::from(own[0]), f64::from(own[1])) * f64::from(own[6]));
    (after > 0.0 && events > 0.0).then(|| expected / after / (events / days))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_who_differ_only_by_chance_fall_to_the_mean() {
        // Everybody's rate is 1 a day: of two with 4 and 2 in two days, 1 is to be expected of 1.5.
        let sums = [100, 100, 100, 100, 100];
        let people = [[4, 2, 0, 0, 0, 0, 2], [2, 2, 0, 0, 0, 0, 2]];
        assert!((ratio(sums, &people).unwrap() - 1.0 / 1.5).abs() < 1e-9);
        assert_eq!(ratio(sums, &[[0, 2, 0, 0, 0, 0, 2]]), None);
    }
}
