//! People of one source who are in another a second time: sets of numbers over the raw text of two hundred small towns.

use std::collections::{BTreeMap, BTreeSet};

use pathlink::link::quality::Section;
use pathlink::schema::Source;

use crate::raw::rows;
use crate::service_towns::TOWNS_OF_SERVICES;
use crate::town::Town;

/// The numbers of each source; without the number of a client who refused.
fn numbers(town: &Town) -> BTreeMap<Source, BTreeSet<&str>> {
    let mut found: BTreeMap<Source, BTreeSet<&str>> = BTreeMap::new();
    let mut add = |source: Source, number| {
        found.entry(source).or_default().insert(number);
    };
    for place in ["ZA1", "ZA2"] {
        let file = town.evaluation.staged.files.iter().find(|file| file.name == format!("{place}_ECDS.csv")).unwrap();
        let rows = rows(town, &format!("emergency_care/{place}"), "_ECDS.csv");
        // A row that was rejected, such as one that ends before it begins, is of nobody.
        let is_kept = |line: u64| file.rejects.iter().all(|reject| reject.line != line);
        for (row, _) in rows.iter().zip(2..).filter(|(_, line)| is_kept(*line)) {
            add(Source::EmergencyCare, row.get("NHS_Number"));
        }
    }
    for row in rows(town, "gp/", "gp_registration.csv") {
        add(Source::Gp, row.get("nhs_number"));
    }
    let clients = rows(town, "community/", "_community_client.csv");
    for row in clients.iter().filter(|row| row.get("consent_to_link") == "yes") {
        add(Source::Community, row.get("nhs_number"));
    }
    for own in found.values_mut() {
        own.remove("");
    }
    found.retain(|_, own| !own.is_empty());
    found
}

#[test]
fn overlap_is_that_of_sets_of_numbers_in_two_hundred_small_towns() {
    let (mut compared, mut apart) = (0, 0);
    for town in TOWNS_OF_SERVICES.iter() {
        let numbers = numbers(town);
        let mut expected = BTreeMap::new();
        for (from, own) in &numbers {
            for (to, others) in numbers.iter().filter(|(to, _)| *to != from) {
                let both = own.intersection(others).count() as u64;
                expected.insert((*from, *to), (both, Some(own.len() as u64)));
                compared += 1;
                apart += u64::from(both < own.len() as u64);
            }
        }
        let counts = town.evaluation.linked.quality.counts.iter().filter(|count| count.section == Section::Overlap);
        let found: BTreeMap<_, _> = counts
            .filter_map(|count| Some(((count.source?, count.other?), (count.numerator, count.denominator))))
            .filter(|((_, to), _)| numbers.contains_key(to))
            .collect();
        assert_eq!(found, expected);
    }
    assert!(compared > 500 && apart > 300, "{compared}, {apart}");
}
