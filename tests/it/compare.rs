//! Plan and compare: what a run would do and why, and what figures moved by because of what.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::program::{Project, Table, pathlink};
use crate::report::bundled;

fn object(project: &Project, arguments: &[&str]) -> Json {
    let done = pathlink(&project.path(""), &[arguments, &["--json"]].concat());
    assert_eq!(done.code, 0, "{arguments:?}: {}", done.stderr);
    serde_json::from_str(&done.stdout).unwrap()
}

fn said(project: &Project, arguments: &[&str]) -> String {
    let done = pathlink(&project.path(""), arguments);
    assert_eq!(done.code, 0, "{arguments:?}: {}", done.stderr);
    done.stdout
}

fn shorten(project: &Project, name: &str, by: usize) {
    project.edit(name, |text| {
        let lines: Vec<&str> = text.lines().collect();
        lines[..lines.len() - by].join("\n") + "\n"
    });
}

/// A run is named by the second.
fn moment() {
    std::thread::sleep(std::time::Duration::from_millis(1100));
}

fn name(run: std::path::PathBuf) -> String {
    run.file_name().unwrap().to_string_lossy().into_owned()
}

#[test]
fn a_plan_says_which_files_would_be_read_and_what_done_again() {
    let project = Project::tiny();
    let first = object(&project, &["plan"]);
    let files = first["files"].as_array().unwrap().len();
    assert_eq!((first["files_to_read"].as_u64(), &first["last_good_run"]), (Some(files as u64), &Json::Null));
    assert!(!project.path("store").exists() && !project.path("runs").exists(), "a plan wrote something");
    project.good_run(&["-q"]);
    let again = object(&project, &["plan"]);
    assert_eq!((&again["files_to_read"], &again["links"], &again["counts"]), (&0.into(), &false.into(), &false.into()));
    assert_eq!(again["changed"], Json::Array(Vec::new()));
    assert!(said(&project, &["plan"]).contains("nothing would be worked out again"));
    // A setting of figures alone: people stay linked.
    project.edit("pathlink.toml", |text| text.replace("quarters = 4", "quarters = 3"));
    let counts = object(&project, &["plan"]);
    assert_eq!(
        (&counts["files_to_read"], &counts["links"], &counts["counts"]),
        (&0.into(), &false.into(), &true.into())
    );
    assert_eq!(counts["changed"], serde_json::json!(["settings"]));
    shorten(&project, "in/emergency_care/ZA1_ECDS.csv", 1);
    let changed = object(&project, &["plan"]);
    assert_eq!((&changed["files_to_read"], &changed["links"]), (&1.into(), &true.into()));
    let file = changed["files"].as_array().unwrap().iter().find(|file| file["is_read"] == true).unwrap();
    assert_eq!((file["file"].as_str(), file["state"].as_str()), (Some("ZA1_ECDS.csv"), Some("changed")));
    // The rows by byte of the night before: the file has lost one of its rows.
    let rows = std::fs::read_to_string(project.path("in/emergency_care/ZA1_ECDS.csv")).unwrap().lines().count() - 1;
    let expected = changed["rows_to_read"].as_u64().unwrap() as usize;
    assert!(expected.abs_diff(rows) <= 1, "{expected} expected, {rows} are there");
    project.good_run(&["-q"]);
    let read = object(&project, &["plan"]);
    assert_eq!(read["files_to_read"], 0);
}

#[test]
fn movements_are_taken_apart_by_what_changed_and_the_parts_add_up() {
    let project = Project::synth(&["--people", "1200", "--seed", "4"]);
    let whole: Vec<String> = std::fs::read_dir(project.path("in/emergency_care"))
        .unwrap()
        .map(|entry| format!("in/emergency_care/{}", entry.unwrap().file_name().to_string_lossy()))
        .collect();
    let full = std::fs::read_to_string(project.path(&whole[0])).unwrap();
    let first = name(project.good_run(&["-q"]));
    moment();
    shorten(&project, &whole[0], full.lines().count() / 3);
    project.good_run(&["-q"]);
    moment();
    project.edit("pathlink.toml", |text| text.replace("link_at = 0.99 ", "link_at = 0.98 "));
    project.good_run(&["-q"]);
    moment();
    project.edit("pathlink.toml", |text| text.replace("round_to = 5 ", "round_to = 10 "));
    let last = name(project.good_run(&["-q"]));
    let found = object(&project, &["compare", &first, &last]);
    let steps: Vec<&Json> = found["steps"].as_array().unwrap().iter().map(|step| &step["changed"]).collect();
    let wanted = [
        serde_json::json!([]),
        serde_json::json!(["revised data"]),
        serde_json::json!(["linkage settings"]),
        serde_json::json!(["settings"]),
    ];
    assert_eq!(steps, wanted.iter().collect::<Vec<_>>());
    let moved = found["moved"].as_array().unwrap();
    let mut causes = BTreeMap::<&str, usize>::new();
    for one in moved {
        let parts = one["parts"].as_object().unwrap();
        let sum: f64 = parts.values().map(|part| part.as_f64().unwrap()).sum();
        let whole = one["to"].as_f64().unwrap() - one["from"].as_f64().unwrap();
        assert!((sum - whole).abs() < 1e-6, "{one}");
        parts.keys().for_each(|cause| *causes.entry(cause).or_default() += 1);
    }
    assert!(causes["revised data"] > 20 && causes["settings"] > 20, "{causes:?}");
    assert!(!causes.contains_key("nothing that the manifests tell"), "{causes:?}");
    assert!(said(&project, &["compare", &first, &last]).contains(" by revised data"));
    let same = object(&project, &["compare", &last, "LATEST"]);
    assert_eq!((same["moved"].as_array().unwrap().len(), &same["appeared"], &same["gone"]), (0, &0.into(), &0.into()));
    assert_eq!(pathlink(&project.path(""), &["compare", &first, "2020-01-01T000000Z_0000"]).code, 4);
    assert_eq!(pathlink(&project.path(""), &["compare", "../elsewhere", "LATEST"]).code, 4);
}

/// A run after a change; its name.
fn next(project: &Project) -> String {
    moment();
    name(project.good_run(&["-q"]))
}

/// A figure of a case between two runs in whole units of its last printed place: as it was, as it is, and its parts.
fn apart(found: &Json, scenario: &str, measure: &str) -> (i64, i64, BTreeMap<String, i64>) {
    let case = found["cases"].as_array().unwrap().iter().find(|case| case["scenario"] == scenario).unwrap();
    assert_eq!((case["case"].as_str(), case["not_shown"].as_object().unwrap().len()), (Some("stockport"), 0), "{case}");
    let figure = case["figures"].as_array().unwrap().iter().find(|figure| figure["measure"] == measure).unwrap();
    let scale = if figure["unit"] == "pounds" { 100.0 } else { 10_000.0 };
    let whole = |value: &Json| {
        let value = value.as_f64().unwrap() * scale;
        assert!((value - value.round()).abs() < 1e-3, "{value} is not whole");
        value.round() as i64
    };
    let parts = figure["parts"].as_object().unwrap().iter().map(|(cause, part)| (cause.clone(), whole(part)));
    (whole(&figure["from"]), whole(&figure["to"]), parts.collect())
}

const MEASURES: [&str; 3] = ["net present value", "benefits for each pound of cost", "present value of benefits"];

/// Compares two runs; every figure of every scenario is the printed one, its parts add up, and the causes of the base case's
/// net present value are these.
fn moved_by(project: &Project, [from, to]: [&str; 2], causes: &[&str]) {
    let found = object(project, &["compare", from, to]);
    let printed = |run: &str, scenario: &str, measure: &str| {
        let summary = Table::read(&project.path("runs").join(run).join("release/cba_summary.csv"));
        let is_it = |row: &&Vec<String>| {
            summary.cell(row, "scenario") == scenario
                && summary.cell(row, "measure") == measure
                && summary.cell(row, "part") == "economic"
        };
        let value: f64 = summary.cell(summary.rows().iter().find(is_it).unwrap(), "value").parse().unwrap();
        (value * if measure.starts_with("benefits") { 10_000.0 } else { 100.0 }).round() as i64
    };
    for scenario in ["base", "cautious", "half_as_many_take_it_up"] {
        for measure in MEASURES {
            let (before, after, parts) = apart(&found, scenario, measure);
            assert_eq!([before, after], [from, to].map(|run| printed(run, scenario, measure)), "{scenario} {measure}");
            assert_eq!(parts.values().sum::<i64>(), after - before, "{scenario} {measure}: {parts:?}");
        }
    }
    let (_, _, parts) = apart(&found, "base", MEASURES[0]);
    assert_eq!(parts.keys().map(String::as_str).collect::<Vec<_>>(), causes);
}

#[test]
fn a_restated_case_is_taken_apart_by_what_it_was_worked_out_from() {
    let project = bundled();
    let first = next(&project);
    // Data: fewer visits to A&E than were sent before.
    let file = "in/emergency_care/ZA1_ECDS.csv";
    let rows = std::fs::read_to_string(project.path(file)).unwrap().lines().count();
    shorten(&project, file, rows / 2);
    let revised = next(&project);
    moved_by(&project, [&first, &revised], &["new effect", "new population"]);
    // Effect alone: other people stand beside those of the pathway.
    project.edit("analysis_plan.toml", |text| text.replacen("exact = [\"sex\", \"age_band\"]", "exact = [\"sex\"]", 1));
    let replanned = next(&project);
    moved_by(&project, [&revised, &replanned], &["new effect"]);
    let local =
        "local = [\n  { item = \"ae_attendance\", cost = 300.00, price_year = \"2022/23\", source = \"invented\" },";
    project.edit("pathlink.toml", |text| text.replace("local = [", local));
    let repriced = next(&project);
    moved_by(&project, [&replanned, &repriced], &["new unit-cost edition"]);
    // Index: another table of prices, then another schedule of discount rates.
    let index = std::fs::read_to_string(crate::support::root().join("config/price_index.csv")).unwrap();
    std::fs::write(project.path("index.csv"), index.replace("2023/24,2.47", "2023/24,4.31")).unwrap();
    project.edit("pathlink.toml", |text| text.replace("# index_file = ", "index_file = "));
    let indexed = next(&project);
    moved_by(&project, [&repriced, &indexed], &["new index"]);
    project.edit("case.toml", |text| text.replace("discount = \"green_book\" ", "discount = \"green_book_health\" "));
    let discounted = next(&project);
    moved_by(&project, [&indexed, &discounted], &["new index"]);
    project.edit("case.toml", |text| text.replace("people = [200, 200, 200]", "people = [250, 200, 200]"));
    let assumed = next(&project);
    moved_by(&project, [&discounted, &assumed], &["new assumption"]);
    // Two kinds at once, and all the way.
    project.edit("pathlink.toml", |text| text.replace("cost = 300.00", "cost = 310.00"));
    project.edit("case.toml", |text| text.replace("45000, 45000, 45000", "45000, 45000, 50000"));
    let last = next(&project);
    moved_by(&project, [&assumed, &last], &["new assumption", "new unit-cost edition"]);
    let all = ["new assumption", "new effect", "new index", "new population", "new unit-cost edition"];
    moved_by(&project, [&first, &last], &all);
    moved_by(&project, [&last, &first], &all);
    moved_by(&project, [&last, &last], &[]);
    let words = said(&project, &["compare", &assumed, &last]);
    assert!(words.contains("business case stockport, base: net present value "), "{words}");
    assert!(words.contains(" by new unit-cost edition") && words.contains(" by new assumption"), "{words}");
    an_earlier_version_has_a_part_of_its_own(&project, [&assumed, &last]);
    a_case_that_a_run_does_not_show_has_no_figures(&project, &last);
}

/// A run of which the program works something else out than it printed, as one of another version does; and one that does not say
/// what its cases were worked out from.
fn an_earlier_version_has_a_part_of_its_own(project: &Project, [from, to]: [&str; 2]) {
    let table = format!("runs/{from}/release/cba_summary.csv");
    let (net, ..) = apart(&object(project, &["compare", from, to]), "base", MEASURES[0]);
    let printed = |pence: i64| format!("{:.2}", pence as f64 / 100.0);
    project.edit(&table, |text| text.replacen(&printed(net), &printed(net + 12_345), 1));
    let (before, after, parts) = apart(&object(project, &["compare", from, to]), "base", MEASURES[0]);
    assert_eq!((before, parts["new version"], parts.len()), (net + 12_345, -12_345, 3));
    assert_eq!(parts.values().sum::<i64>(), after - before);
    let grounds = project.path(&format!("runs/{from}/internal/business_cases.json"));
    let text = std::fs::read_to_string(&grounds).unwrap();
    std::fs::write(&grounds, text.replace("pathlink-business-cases/1", "pathlink-business-cases/0")).unwrap();
    let (before, after, parts) = apart(&object(project, &["compare", from, to]), "base", MEASURES[0]);
    assert_eq!(parts, BTreeMap::from([("settings".to_owned(), after - before)]));
}

fn a_case_that_a_run_does_not_show_has_no_figures(project: &Project, shown: &str) {
    // The plan has no such effect.
    project.edit("case.toml", |text| text.replace("design = \"did\"", "design = \"its_controlled\""));
    let without = next(project);
    for pair in [[shown, &without], [&without, shown]] {
        let found = object(project, &["compare", pair[0], pair[1]]);
        for case in found["cases"].as_array().unwrap() {
            assert_eq!(case["figures"], Json::Array(Vec::new()), "{case}");
            let why = case["not_shown"].as_object().unwrap();
            assert_eq!(why.keys().collect::<Vec<_>>(), [&without]);
            assert!(why[&without].as_str().unwrap().contains("px_rate_ed"), "{case}");
        }
        let words = said(project, &["compare", pair[0], pair[1]]);
        assert!(
            words.contains(&format!("business case stockport, base: not shown in {without}: not available: ")),
            "{words}"
        );
        assert!(!words.contains("net present value"), "{words}");
    }
}
