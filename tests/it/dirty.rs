//! `fixtures/dirty`: one fault at a time. Each check fails exactly as often as planned and no other does; each gate and
//! each file error ends the run with its own codes, and shows nothing of a cell.

use std::collections::{BTreeMap, BTreeSet};

use pathlink::error::Error;
use pathlink::identity::keys::ProjectKey;
use pathlink::ingest::checks::{self, Check, Severity};
use pathlink::run::{self, Evaluation};
use pathlink::settings;
use pathlink::sources::Sources;

use crate::program::{Project, Table};
use crate::scan::Needles;
use crate::support::root;

/// What must come of one folder.
struct Expected {
    folder: String,
    check: String,
    outcome: String,
    count: u64,
    error: String,
    exit: String,
}

fn expected() -> Vec<Expected> {
    let table = Table::read(&root().join("fixtures/dirty/expected.csv"));
    let row = |row: &Vec<String>| {
        let cell = |heading: &str| table.cell(row, heading).to_owned();
        Expected {
            folder: cell("folder"),
            check: cell("check"),
            outcome: cell("outcome"),
            count: cell("count").parse().unwrap(),
            error: cell("error"),
            exit: cell("exit"),
        }
    };
    table.rows().iter().map(row).collect()
}

fn evaluate(project: &Project) -> Result<Evaluation, Error> {
    let settings = settings::load(&project.path("pathlink.toml")).unwrap();
    let sources = Sources::load(None, None).unwrap();
    let extracts = run::find_extracts(&settings, &sources).unwrap();
    run::evaluate(&settings, &sources, &extracts, &ProjectKey::demonstration(), &|_| ())
}

/// How often each check failed, rejects and warnings apart. Every file must add up.
fn failed(evaluation: &Evaluation) -> BTreeMap<(String, &'static str), u64> {
    let mut found = BTreeMap::new();
    for file in &evaluation.staged.files {
        let tally = &file.tally;
        assert_eq!(
            tally.read,
            tally.kept + tally.rejected_total() + tally.duplicated + tally.excluded_total(),
            "{}",
            file.name
        );
        assert_eq!(file.rejects.len() as u64, tally.rejected_total(), "{}", file.name);
        for (check, count) in &tally.rejected {
            *found.entry((check.clone(), "rejected")).or_default() += count;
        }
        for (key, count) in tally.warnings.iter().filter(|(_, count)| **count > 0) {
            let check = key.rsplit_once(' ').unwrap().1.to_owned();
            *found.entry((check, "warning")).or_default() += count;
        }
    }
    found
}

#[test]
fn no_check_fails_in_the_clean_set() {
    let found = failed(&evaluate(&Project::dirty(None)).unwrap());
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn each_fault_trips_its_check_and_nothing_else() {
    for expected in expected().into_iter().filter(|one| one.outcome != "error") {
        let evaluation = evaluate(&Project::dirty(Some(&expected.folder)));
        let found = failed(&evaluation.unwrap_or_else(|error| panic!("{}: {error}", expected.folder)));
        let found: Vec<_> = found.iter().map(|((check, outcome), count)| (check.as_str(), *outcome, *count)).collect();
        assert_eq!(found, [(&*expected.check, &*expected.outcome, expected.count)], "{}", expected.folder);
    }
}

#[test]
fn each_gate_and_file_error_has_its_codes() {
    for expected in expected().into_iter().filter(|one| one.outcome == "error") {
        let Err(error) = evaluate(&Project::dirty(Some(&expected.folder))) else {
            panic!("{} ended well", expected.folder);
        };
        let found = (error.code().id.to_owned(), error.exit_code().to_string());
        assert_eq!(found, (expected.error, expected.exit), "{}: {error}", expected.folder);
        if let Some(check) = checks::by_id(&expected.check) {
            assert_eq!(check.stops_with, Some(error.code()), "{}", expected.folder);
        }
    }
}

#[test]
fn every_check_has_a_fixture_and_every_fixture_is_expected() {
    let expected = expected();
    let tripped: BTreeSet<&str> = expected.iter().map(|one| one.check.as_str()).collect();
    let is_missing = |check: &&&Check| !tripped.contains(check.id);
    let missing: Vec<&str> = checks::ALL.iter().filter(is_missing).map(|check| check.id).collect();
    assert!(missing.is_empty(), "no folder of fixtures/dirty trips {missing:?}");
    for one in expected.iter().filter(|one| !one.check.is_empty()) {
        let check = checks::by_id(&one.check).unwrap_or_else(|| panic!("{} is no check", one.check));
        assert!(one.folder.starts_with(check.id), "{}", one.folder);
        assert_eq!(one.outcome == "error", check.severity == Severity::Gate, "{}", one.folder);
    }
    let folders = std::fs::read_dir(root().join("fixtures/dirty")).unwrap().map(|entry| entry.unwrap());
    let folders = folders.filter(|entry| entry.path().is_dir() && entry.file_name() != "clean");
    let found: BTreeSet<String> = folders.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    assert_eq!(found, expected.iter().map(|one| one.folder.clone()).collect());
}

#[test]
fn a_second_night_counts_the_same() {
    for folder in ["C30_contact_before_referral", "C35_booked_ahead", "C24_departure_in_the_doubled_hour"] {
        let project = Project::dirty(Some(folder));
        let nights = [evaluate(&project).unwrap(), evaluate(&project).unwrap()].map(|night| failed(&night));
        assert_eq!(nights[0], nights[1], "{folder}");
        assert_eq!(nights[0].len(), 1, "{folder}");
    }
}

#[test]
fn nothing_of_a_cell_leaves_whatever_is_broken() {
    for expected in expected() {
        let project = Project::dirty(Some(&expected.folder));
        let needles = Needles::of(&project);
        let done = project.run(&[]);
        let exit: i32 = if expected.exit.is_empty() { 0 } else { expected.exit.parse().unwrap() };
        assert_eq!(done.code, exit, "{}: {}", expected.folder, done.stderr);
        needles.assert_not_in(&project, &done);
        if expected.outcome == "error" {
            let last =
                if project.path("runs/LATEST").exists() { "2026-03-01T0200Z_0001\n" } else { "nothing was published" };
            assert!(done.stderr.contains(last), "{}: {}", expected.folder, done.stderr);
        }
    }
}

#[test]
fn sources_that_declare_no_count_are_named() {
    let without = |folder: Option<&str>| {
        let settings = settings::load(&Project::dirty(folder).path("pathlink.toml")).unwrap();
        run::sources_without_counts(&settings).into_iter().map(pathlink::schema::Source::id).collect::<Vec<_>>()
    };
    assert_eq!(without(None), ["mental_health", "emergency_care", "gp", "community"]);
    assert_eq!(without(Some("C39_gate_control_rows")), ["mental_health", "emergency_care", "gp"]);
    assert_eq!(without(Some("C39_gate_expected_rows")), ["mental_health", "emergency_care", "community"]);
}

/// Cells of a heading by class, as the internal report of a run has them.
fn classes(project: &Project, file: &str, heading: &str) -> Vec<(String, u64)> {
    let table = Table::read(&project.good_run(&[]).join("internal/data_quality.csv"));
    let is_class = |check: &str| ["valid", "other", "default", "invalid", "missing"].contains(&check);
    let own = table.rows().iter().filter(|row| {
        table.cell(row, "file") == file && table.cell(row, "column") == heading && is_class(table.cell(row, "check"))
    });
    own.map(|row| (table.cell(row, "check").to_owned(), table.cell(row, "count").parse().unwrap())).collect()
}

#[test]
fn cells_are_classed_in_the_five_official_words() {
    let people = "ZT1_MHS001MPI.csv";
    let classed = |from: &str, to: &str, heading: &str| {
        let project = Project::dirty(None);
        project.edit(&format!("in/mental_health/{people}"), |text| text.replacen(from, to, 1));
        let found = classes(&project, people, heading);
        found.into_iter().map(|(class, count)| format!("{class} {count}")).collect::<Vec<_>>().join(", ")
    };
    assert_eq!(classed("ZQ1 1AC", "ZZ99 3VZ", "Postcode"), "valid 2, default 1");
    assert_eq!(classed("ZQ1 1AC", "unknown", "Postcode"), "valid 2, invalid 1");
    assert_eq!(classed("ZQ1 1AC,D,", "ZQ1 1AC,Z,", "EthnicCategory"), "valid 2, other 1");
    assert_eq!(classed("1997-08-12", "1901-01-01", "PersonBirthDate"), "valid 2, default 1");
    assert_eq!(classed("1997-08-12", "", "PersonBirthDate"), "valid 2, missing 1");
    assert_eq!(classed(",M,1,", ",M,Q,", "Gender"), "valid 2, invalid 1");
    assert_eq!(classed("9640175382", "9999999999", "NHSNumber"), "valid 2, default 1");
    assert_eq!(classed(",S,", ",W,", "PersDeathDate"), "valid 0, missing 3");
}

#[test]
fn a_release_shows_no_small_count_of_rows_or_cells() {
    let project = Project::tiny();
    let table = Table::read(&project.good_run(&[]).join("release/data_quality.csv"));
    assert_eq!(table.headings(), ["source", "table", "measure", "count", "percent", "meaning", "marker"]);
    let mut hidden = 0;
    for row in table.rows() {
        match (table.cell(row, "count"), table.cell(row, "marker")) {
            ("", "c") => {
                assert_eq!(table.cell(row, "percent"), "");
                hidden += 1;
            }
            (count, "") => assert_eq!(count.parse::<u64>().unwrap() % 5, 0),
            other => panic!("{other:?}"),
        }
    }
    assert!(hidden > 0);
}

#[test]
fn a_column_names_dates_that_stand_for_none() {
    let project = Project::dirty(None);
    let config = std::fs::read_to_string(root().join("config/sources/community.toml")).unwrap();
    let from = "to = \"discharge_date\", format = \"%Y-%m-%d\"";
    let config = config.replacen(from, &format!("{from}, sentinels = [\"2026-01-30\"]"), 1);
    std::fs::create_dir(project.path("sources")).unwrap();
    std::fs::write(project.path("sources/community.toml"), config).unwrap();
    let sources = Sources::load(Some(&project.path("sources")), None).unwrap();
    let settings = settings::load(&project.path("pathlink.toml")).unwrap();
    let extracts = run::find_extracts(&settings, &sources).unwrap();
    let found = run::evaluate(&settings, &sources, &extracts, &ProjectKey::demonstration(), &|_| ()).unwrap();
    assert_eq!(failed(&found), BTreeMap::from([(("C18".to_owned(), "warning"), 1)]));
}
