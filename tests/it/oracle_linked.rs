//! How many people of one source another one knows too, a second time: plain loops over the raw text of two hundred small towns.
//! Only which rows the reader rejected is taken from the program.

use std::collections::{BTreeMap, BTreeSet};

use pathlink::link::quality::Section;
use pathlink::schema::Source;

use crate::raw::{Row, rows};
use crate::service_towns::TOWNS_OF_SERVICES;
use crate::town::Town;

const SOURCES: [Source; 3] = [Source::EmergencyCare, Source::Gp, Source::Community];

/// The rows of a table that were not rejected.
fn read<'a>(town: &'a Town, folder: &str, ending: &str) -> Vec<Row<'a>> {
    let (mut file, mut line) = ("", 0);
    let mut kept = Vec::new();
    for row in rows(town, folder, ending) {
        // The heading is the first line.
        (file, line) = if row.file == file { (file, line + 1) } else { (row.file, 2) };
        let name = file.rsplit('/').next().unwrap();
        let staged = town.evaluation.staged.files.iter().find(|staged| staged.name == name).unwrap();
        if staged.rejects.iter().all(|reject| reject.line != line) {
            kept.push(row);
        }
    }
    kept
}

/// The rows that say who somebody is, and their NHS numbers, empty for none: attendances that nobody planned and that were not sent
/// elsewhere, the registered list, clients who agreed to be linked.
fn numbers(town: &Town, source: Source) -> Vec<String> {
    let (rows, heading) = match source {
        Source::EmergencyCare => {
            let mut rows = read(town, "emergency_care/", "_ECDS.csv");
            rows.retain(|row| {
                let is_planned = matches!(row.get("EC_AttendanceCategory"), "4" | "X");
                !is_planned && row.get("EC_Discharge_Status_SNOMED_CT") != "1077031000000103"
            });
            (rows, "NHS_Number")
        }
        Source::Gp => (read(town, "gp/", "_gp_registration.csv"), "nhs_number"),
        _ => {
            let mut rows = read(town, "community/", "_community_client.csv");
            rows.retain(|row| row.get("consent_to_link") == "yes");
            (rows, "nhs_number")
        }
    };
    rows.iter().map(|row| row.get(heading).to_owned()).collect()
}

/// Of each pair of sources people in both, and people in the first.
type Overlap = BTreeMap<(&'static str, &'static str), (u64, u64)>;

fn expected(town: &Town) -> Overlap {
    let found = SOURCES.map(|source| (source, numbers(town, source)));
    let mut overlap = Overlap::new();
    for (from, own) in &found {
        for (to, others) in found.iter().filter(|(to, _)| to != from) {
            let people = |numbers: &[String]| -> BTreeSet<String> {
                numbers.iter().filter(|number| !number.is_empty()).cloned().collect()
            };
            let (own, beside) = (people(own), people(others));
            // A source that sent nobody is not there, one that sent people without numbers is.
            if !own.is_empty() && !others.is_empty() {
                let both = own.intersection(&beside).count() as u64;
                overlap.insert((from.id(), to.id()), (both, own.len() as u64));
            }
        }
    }
    overlap
}

#[test]
fn people_in_two_sources_are_those_of_plain_loops_over_many_towns() {
    let (mut pairs, mut people, mut rejected) = (BTreeMap::new(), 0, 0);
    for (seed, town) in TOWNS_OF_SERVICES.iter().enumerate() {
        let counts = &town.evaluation.linked.quality.counts;
        let own = counts.iter().filter(|one| one.section == Section::Overlap && one.measure == "people_in_both");
        let found: Overlap = own
            .map(|one| ((one.source.unwrap().id(), one.other.unwrap().id()), (one.numerator, one.denominator.unwrap())))
            .collect();
        let expected = expected(town);
        assert_eq!(found, expected, "town {seed}");
        for (pair, (both, of)) in expected {
            *pairs.entry(pair).or_insert(0_u64) += both;
            people += of - both;
        }
        rejected += town.evaluation.staged.files.iter().map(|file| file.rejects.len()).sum::<usize>();
    }
    assert!(TOWNS_OF_SERVICES.len() >= 200 && pairs.len() == 6, "{pairs:?}");
    assert!(pairs.values().all(|both| *both > 500) && people > 500 && rejected > 0, "{pairs:?} {people} {rejected}");
}
