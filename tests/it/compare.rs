//! Plan and compare: what a run would do and why, and what figures moved by because of what.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::program::{Project, pathlink};

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
    let moment = || std::thread::sleep(std::time::Duration::from_millis(1100));
    let name = |run: std::path::PathBuf| run.file_name().unwrap().to_string_lossy().into_owned();
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
