//! The linkage quality pack: by hand on the tiny world, by plain loops on an invented town, and what a release of it may
//! not give away.

use std::collections::BTreeMap;
use std::fs;

use pathlink::link::quality::{Count, Division};
use pathlink::schema::Source;

use crate::known::{KNOWN, unplanned};
use crate::program::{Project, Table, pathlink};
use crate::raw::rows;
use crate::support::{csv_rows, root};
use crate::town::TOWN;

/// What a row is about: everything before its figures.
const KEY: usize = 7;

fn by_key(table: &Table) -> BTreeMap<Vec<String>, Vec<String>> {
    table.rows().iter().map(|row| (row[..KEY].to_vec(), row[KEY..].to_vec())).collect()
}

#[test]
fn the_tiny_world_has_the_counts_worked_out_by_hand() {
    let project = Project::tiny();
    let run = project.good_run(&[]);
    let found = by_key(&Table::read(&run.join("internal/linkage_quality.csv")));
    let expected = csv_rows(&root().join("fixtures/tiny/expected_linkage_quality.csv"));
    assert!(expected.len() > 50);
    for row in expected {
        let own = found.get(&row[..KEY]).unwrap_or_else(|| panic!("there is no {:?}", &row[..KEY]));
        assert_eq!(own[..2], row[KEY..], "{:?}", &row[..KEY]);
    }
    // The record under another's number is on the list of such records, and nothing else is.
    let listed = csv_rows(&run.join("restricted/linkage/anothers_number.csv"));
    assert_eq!(listed.iter().map(|row| row[1].as_str()).collect::<Vec<_>>(), ["emergency_care"]);
    let births = csv_rows(&run.join("restricted/linkage/birth_dates.csv"));
    let sources: Vec<&str> = births.iter().map(|row| row[1].as_str()).collect();
    assert_eq!(
        sources,
        ["mental_health", "emergency_care", "talking_therapies", "gp", "community", "community"],
        "all of the records of the woman with two dates of birth"
    );
}

#[test]
fn default_dates_of_birth_are_counted_by_source() {
    let project = Project::tiny();
    project.edit("in/emergency_care/ZA1_ECDS.csv", |text| {
        let heading = text.lines().next().unwrap().split(',').position(|name| name == "Date_of_Birth").unwrap();
        let of_line = |(at, line): (usize, &str)| {
            let mut cells: Vec<&str> = line.split(',').collect();
            if (1..4).contains(&at) {
                cells[heading] = ["1900-01-01", "1901-01-01", "1900-01-01"][at - 1];
            }
            cells.join(",") + "\n"
        };
        text.lines().enumerate().map(of_line).collect()
    });
    let found = by_key(&Table::read(&project.good_run(&[]).join("internal/linkage_quality.csv")));
    let of = |source: &str| {
        let measure = "identity_rows_with_default_birth_date";
        found[&["identifier_quality", source, "", "", "all", "all", measure].map(str::to_owned)[..]][0].clone()
    };
    assert_eq!(["emergency_care", "mental_health", "gp"].map(of), ["3", "0", "0"]);
}

#[test]
fn reasons_of_appointments_are_those_of_the_raw_extracts() {
    let slots = rows(&TOWN, "gp/", "_gp_appointment.csv");
    let taken = slots.iter().filter(|row| row.get("status") != "Slot Available");
    let missing = taken.filter(|row| row.get("nhs_number").is_empty()).count() as u64;
    let of = |level: &str| {
        let own = counts("appointments_by_reason").find(|count| count.level == level).unwrap();
        (own.numerator, own.people[0])
    };
    // Nobody knows whose they are, so each is a person of its own.
    assert!(missing > 100);
    assert_eq!(of("missing"), (missing, missing));
    assert_eq!(of("all").0, TOWN.evaluation.linked.appointments.height() as u64);
}

/// A project's key decides nobody's figures: two runs under two keys tell the same of linkage. Which numbers the hold-out
/// hides is drawn by the bits of tokens, so its rows are another sample under another key.
#[test]
fn the_key_decides_nothing_but_the_sample_of_the_hold_out() {
    let under_new_key = |name: &str| {
        let project = Project::synth(&["--people", "5000", "--seed", "9"]);
        project.edit("pathlink.toml", |text| {
            text.replace("demo = true  ", "# demo = true  ").replace("# project = \"my-project\"", "project = \"town\"")
        });
        let made = pathlink(&project.path(""), &["key", "new", "--project", "town", "--to", name]);
        assert_eq!(made.code, 0, "{}", made.stderr);
        let run = project.good_run(&["--key-file", name]);
        ["internal/linkage_quality.csv", "release/linkage_quality.csv"].map(|table| {
            let rows = Table::read(&run.join(table)).rows().to_vec();
            rows.into_iter().filter(|row| row[0] != "hold_out").collect::<Vec<_>>()
        })
    };
    let [first, second] = ["one.key", "other.key"].map(under_new_key);
    for (one, other) in first.iter().zip(&second) {
        let differing: Vec<_> = one.iter().zip(other).filter(|(a, b)| a != b).take(5).collect();
        assert!(differing.is_empty(), "{differing:#?}");
        assert_eq!(one.len(), other.len());
    }
}

fn counts(measure: &str) -> impl Iterator<Item = &'static Count> + '_ {
    TOWN.evaluation.linked.quality.counts.iter().filter(move |count| count.measure == measure)
}

#[test]
fn attendances_by_month_are_those_of_the_raw_extracts() {
    let mut expected: BTreeMap<String, [u64; 2]> = BTreeMap::new();
    for row in unplanned() {
        let month = expected.entry(row.get("Arrival_Date")[..7].to_owned()).or_default();
        month[0] += u64::from(KNOWN.tokens.number(row.get("NHS_Number")).is_some());
        month[1] += 1;
    }
    let by_month = counts("attendances_with_nhs_number").filter(|count| count.division == Division::Month);
    let found: BTreeMap<String, [u64; 2]> =
        by_month.map(|count| (count.level.clone(), [count.numerator, count.denominator.unwrap()])).collect();
    assert!(found.len() > 36);
    assert_eq!(found, expected);
}

#[test]
fn divisions_add_up_to_their_whole() {
    let all = &TOWN.evaluation.linked.quality.counts;
    let mut sums: BTreeMap<(_, _, _, &str, Division), [u64; 2]> = BTreeMap::new();
    for count in all.iter().filter(|count| count.division != Division::All) {
        let key = (count.section, count.source, count.other, count.measure.as_str(), count.division);
        let sum = sums.entry(key).or_default();
        sum[0] += count.numerator;
        sum[1] += count.denominator.unwrap();
    }
    assert!(sums.len() > 60);
    for ((section, source, other, measure, division), sum) in sums {
        let whole = all.iter().find(|count| {
            (count.section, count.source, count.other) == (section, source, other)
                && count.measure == measure
                && count.division == Division::All
                && count.pass.is_empty()
        });
        let whole = whole.unwrap();
        assert_eq!(sum[0], whole.numerator, "{measure} of {source:?} by {division:?}");
        let is_parted = !matches!(division, Division::Reason | Division::Records | Division::Sources | Division::Basis);
        assert!(!is_parted || Some(sum[1]) == whole.denominator, "{measure} of {source:?} by {division:?}");
    }
}

#[test]
fn passes_add_up_to_the_match_rate_of_every_pair_of_sources() {
    let mut pairs = 0;
    for (from, to) in Source::ALL.into_iter().flat_map(|from| Source::ALL.map(|to| (from, to))) {
        let own: Vec<&Count> =
            counts("records_linked").filter(|count| (count.source, count.other) == (Some(from), Some(to))).collect();
        if from == to {
            assert!(own.is_empty());
            continue;
        }
        let whole = own.iter().find(|count| count.pass.is_empty()).unwrap();
        let by_pass = own.iter().filter(|count| !count.pass.is_empty() && count.pass != "none");
        assert_eq!(by_pass.map(|count| count.numerator).sum::<u64>(), whole.numerator);
        let rest = own.iter().find(|count| count.pass == "none").unwrap();
        assert_eq!(whole.numerator + rest.numerator, whole.denominator.unwrap());
        let so_far =
            counts("records_linked_so_far").filter(|count| (count.source, count.other) == (Some(from), Some(to)));
        assert_eq!(so_far.last().unwrap().numerator, whole.numerator);
        pairs += 1;
    }
    assert_eq!(pairs, 20);
}

#[test]
fn no_person_has_two_numbers() {
    assert_eq!(counts("people_with_two_numbers").map(|count| count.numerator).collect::<Vec<_>>(), [0]);
}

/// A whole number in a cell; none where it is hidden.
fn number(cell: &str) -> Option<u64> {
    cell.parse().ok()
}

/// A row's key and its exact figures.
type Counted<'a> = (&'a [String], &'a [String]);

/// An attacker with the released table and the rule of rounding: no shown count is of 1 to 7, and nothing hidden comes of
/// a whole less its other parts.
#[test]
fn a_release_gives_no_small_count_away() {
    for project in [Project::tiny(), Project::synth(&["--people", "2000", "--seed", "5"])] {
        let run = project.good_run(&[]);
        let exact = by_key(&Table::read(&run.join("internal/linkage_quality.csv")));
        let released = Table::read(&run.join("release/linkage_quality.csv"));
        assert!(released.rows().len() > 100);
        let is_small = |count: u64| (1..8).contains(&count);
        let mut families: BTreeMap<Vec<String>, Vec<Counted<'_>>> = BTreeMap::new();
        for row in released.rows().iter().filter(|row| !matches!(row[0].as_str(), "drift" | "sensitivity")) {
            let (key, figures) = row.split_at(KEY);
            let own = exact.get(key).unwrap_or_else(|| panic!("{key:?} is released and not counted"));
            let [shown, of] = [number(&figures[0]), number(&figures[1])];
            if let Some(shown) = shown {
                let (count, whole) = (number(&own[0]).unwrap(), number(&own[1]));
                assert!(!is_small(count), "{key:?}");
                assert!(!whole.is_some_and(|whole| is_small(whole) || is_small(whole - count)), "{key:?}");
                assert!(shown.abs_diff(count) <= 2 && shown % 5 == 0, "{key:?}");
                assert!(of.is_none_or(|of| of % 5 == 0), "{key:?}");
            } else {
                assert!(figures[2..5].iter().all(String::is_empty) || row[6] == "standardised_difference", "{row:?}");
            }
            let is_of_sample = row[0] == "hold_out" && !row[1].is_empty();
            let is_part = (row[4] != "all") || (!row[3].is_empty() && !row[6].ends_with("_so_far")) || is_of_sample;
            if is_part && row[4] != "provider" && row[6] != "standardised_difference" {
                let mut family = key.to_vec();
                if row[4] == "all" {
                    family[3].clear();
                } else {
                    family[5].clear();
                }
                families.entry(family).or_default().push((key, own));
            }
        }
        assert!(families.len() > 50);
        let is_shown: BTreeMap<&[String], bool> =
            released.rows().iter().map(|row| (&row[..KEY], !row[KEY].is_empty())).collect();
        for (family, parts) in families {
            let mut whole = family.clone();
            "all".clone_into(&mut whole[4]);
            "all".clone_into(&mut whole[5]);
            if !is_shown.get(whole.as_slice()).copied().unwrap_or(false) {
                continue;
            }
            let hidden: Vec<_> = parts.iter().filter(|(key, _)| !is_shown[key]).collect();
            assert_ne!(hidden.len(), 1, "{family:?} hides one part of a whole that is shown");
            let together: u64 = hidden.iter().map(|(_, own)| number(&own[0]).unwrap()).sum();
            assert!(!is_small(together), "{family:?} hides parts that are {together} together");
        }
    }
}

#[test]
fn a_source_that_got_worse_is_pointed_out_until_the_next_change() {
    let project = Project::synth(&["--people", "2000", "--seed", "6"]);
    let first = project.good_run(&[]);
    let drift = |run: &std::path::Path| -> Vec<Vec<String>> {
        let table = Table::read(&run.join("release/linkage_quality.csv"));
        table.rows().iter().filter(|row| row[0] == "drift").cloned().collect()
    };
    assert!(drift(&first).is_empty());
    // One A&E loses every other NHS number.
    let folder = project.path("in/emergency_care");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for path in files {
        let text = fs::read_to_string(&path).unwrap();
        let lines = text.lines().enumerate().map(|(at, line)| match line.split_once(',') {
            Some((_, rest)) if at > 0 && at % 2 == 0 => format!(",{rest}"),
            _ => line.to_owned(),
        });
        fs::write(&path, lines.collect::<Vec<_>>().join("\n") + "\n").unwrap();
    }
    let second = project.good_run(&[]);
    let changes = drift(&second);
    let fallen =
        changes.iter().find(|row| row[6] == "change_of_attendances_with_nhs_number" && row[1] == "emergency_care");
    let fallen = fallen.unwrap();
    assert!(fallen[9].parse::<f64>().unwrap() < -30.0 && fallen[12] == "a", "{fallen:?}");
    let same = changes.iter().find(|row| row[6] == "change_of_referrals_with_birth_date").unwrap();
    assert_eq!((same[9].as_str(), same[12].as_str()), ("0.0", ""));
    // A night without news says what the night before said.
    assert_eq!(drift(&project.good_run(&[])), changes);
}

/// As spec/disclosure.md has it: a percentage of outcomes is of exact counts and whole, for each is a published fact of its
/// own; one of the linkage pack, whose tables add up, is worked out from the rounded counts beside it, from 80 on.
#[test]
fn released_percentages_are_of_exact_counts_in_outcomes_and_of_rounded_ones_in_the_pack() {
    let project = Project::synth(&["--people", "3000", "--seed", "4"]);
    let run = project.good_run(&[]);
    let exact = Table::read(&run.join("internal/estimates.csv"));
    let number = |text: &str| text.parse::<f64>().unwrap();
    let subject = |table: &Table, row: &[String]| {
        ["metric_id", "pathway", "period", "breakdown", "level"].map(|heading| table.cell(row, heading).to_owned())
    };
    let counts: BTreeMap<[String; 5], [f64; 2]> = exact
        .rows()
        .iter()
        .filter(|row| !exact.cell(row, "numerator").is_empty() && !exact.cell(row, "denominator").is_empty())
        .map(|row| (subject(&exact, row), ["numerator", "denominator"].map(|name| number(exact.cell(row, name)))))
        .collect();
    let outcomes = Table::read(&run.join("release/outcomes.csv"));
    let mut shown = 0;
    let is_percent =
        |row: &&Vec<String>| outcomes.cell(row, "unit") == "percent" && !outcomes.cell(row, "value").is_empty();
    for row in outcomes.rows().iter().filter(is_percent) {
        let [numerator, denominator] = counts[&subject(&outcomes, row)];
        let value = outcomes.cell(row, "value");
        let rounded = ["numerator", "denominator"].map(|name| number(outcomes.cell(row, name)));
        assert!(rounded.iter().all(|count| count % 5.0 == 0.0), "{row:?}");
        // Where a percentage of exact counts would tell a hidden number, it is one of rounded counts too, and says so.
        if outcomes.cell(row, "method").contains("of rounded counts") {
            assert!(rounded[1] >= 80.0, "{row:?}");
            assert_eq!(value, format!("{:.0}", 100.0 * rounded[0] / rounded[1]), "{row:?}");
        } else {
            assert_eq!(value, format!("{:.0}", 100.0 * numerator / denominator), "{row:?}");
            shown += 1;
        }
    }
    assert!(shown > 20, "{shown}");
    let pack = Table::read(&run.join("release/linkage_quality.csv"));
    let mut shown = 0;
    for row in pack.rows().iter().filter(|row| !pack.cell(row, "denominator").is_empty()) {
        let [numerator, denominator] = ["numerator", "denominator"].map(|name| number(pack.cell(row, name)));
        assert!(numerator % 5.0 == 0.0 && denominator % 5.0 == 0.0, "{row:?}");
        if pack.cell(row, "value").is_empty() {
            continue;
        }
        assert!(denominator >= 80.0, "{row:?}");
        assert_eq!(pack.cell(row, "value"), format!("{:.1}", 100.0 * numerator / denominator), "{row:?}");
        shown += 1;
    }
    assert!(shown > 100, "{shown}");
}
