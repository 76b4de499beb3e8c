//! A second night: what did not change is not worked out again and gives the same bytes; what changed is.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use crate::program::{Project, files_under, pathlink};

/// Every CSV of a run, by its path.
fn tables(run: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let is_table = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "csv");
    files_under(run).into_iter().filter(|(path, _)| is_table(path)).collect()
}

/// The restricted Parquet files of a run, by their paths.
fn restricted(run: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let is_parquet = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "parquet");
    files_under(&run.join("restricted")).into_iter().filter(|(path, _)| is_parquet(path)).collect()
}

fn assert_same(first: &Path, second: &Path) {
    assert_tables(&tables(first), second);
}

fn assert_tables(one: &BTreeMap<PathBuf, Vec<u8>>, second: &Path) {
    let other = tables(second);
    assert!(one.len() >= 10);
    assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
    for (path, bytes) in one {
        assert!(other[path] == *bytes, "{} differs", path.display());
    }
}

/// The folders under a part of the store.
fn kept(project: &Project, part: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(project.path("store").join(part)).unwrap();
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    folders
}

fn world() -> Project {
    Project::synth(&["--people", "2000", "--seed", "4"])
}

#[test]
fn a_second_run_with_unchanged_files_gives_the_same_bytes_and_reads_no_linked_table() {
    let project = world();
    let first = project.good_run(&["--threads", "1"]);
    let before = restricted(&first);
    assert_eq!(kept(&project, "evaluated").len(), 1);
    assert!(before.keys().any(|path| path.ends_with("pathway_episodes.parquet")));
    assert!(before.keys().any(|path| path.ends_with("events/type=ed_attendance/events.parquet")));
    // A run that read any of these would fail to, link again, and write them anew.
    for path in linked_tables(&project) {
        fs::remove_file(&path).unwrap();
        fs::write(&path, b"unreadable").unwrap();
    }
    let second = project.good_run(&["--threads", "2"]);
    assert_same(&first, &second);
    assert_eq!(steps(&second), ["start", "read", "link", "unchanged", "write", "end"]);
    assert!(linked_tables(&project).iter().all(|path| fs::read(path).unwrap() == b"unreadable"));
    let after = restricted(&second);
    assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
    let of_pathways =
        |path: &&PathBuf| path.to_string_lossy().contains("events") || path.ends_with("pathway_episodes.parquet");
    assert!(before.keys().filter(of_pathways).all(|path| before[path] == after[path]));
}

/// The steps that a run took.
fn steps(run: &Path) -> Vec<String> {
    let log = fs::read_to_string(run.join("run.log.jsonl")).unwrap();
    let step = |line: &str| serde_json::from_str::<Json>(line).unwrap()["step"].as_str().unwrap().to_owned();
    log.lines().map(step).collect()
}

fn name(run: &Path) -> String {
    run.file_name().unwrap().to_string_lossy().into_owned()
}

fn manifest(run: &Path) -> Json {
    serde_json::from_slice(&fs::read(run.join("manifest.json")).unwrap()).unwrap()
}

/// Every file of a tier, with the run's name taken out of text; but checksums, which hang on it.
fn nameless(run: &Path, tier: &str) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = files_under(&run.join(tier));
    files.remove(Path::new("checksums.sha256"));
    let is_text = |path: &Path| path.extension().is_some_and(|end| end == "json" || end == "html");
    for (_, bytes) in files.iter_mut().filter(|(path, _)| is_text(path)) {
        *bytes = String::from_utf8(bytes.clone()).unwrap().replace(&name(run), "RUN").into_bytes();
    }
    files
}

/// The plan of a project, as JSON.
fn plan(project: &Project) -> Json {
    let done = pathlink(&project.path(""), &["plan", "--json"]);
    assert_eq!(done.code, 0, "{}", done.stderr);
    serde_json::from_str(&done.stdout).unwrap()
}

#[test]
fn what_an_unchanged_night_takes_over_is_what_working_it_out_would_write() {
    let project = world();
    let first = project.good_run(&[]);
    assert!(steps(&first).iter().any(|step| step == "disclosure control"));
    assert_eq!((&plan(&project)["works_out"], &plan(&project)["because"]), (&false.into(), &Json::Array(Vec::new())));
    let second = project.good_run(&[]);
    let third = project.good_run(&[]);
    let anew = project.good_run(&["--force"]);
    assert!(steps(&anew).iter().any(|step| step == "disclosure control"));
    for taken in [&second, &third] {
        assert_eq!(steps(taken), ["start", "read", "link", "unchanged", "write", "end"]);
        for tier in ["release", "internal"] {
            let (own, other) = (nameless(taken, tier), nameless(&anew, tier));
            assert_eq!(own.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
            for (path, bytes) in &own {
                assert!(other[path] == *bytes, "{} differs", path.display());
            }
        }
        let about = manifest(taken);
        // What they were made from, in which run, and what was released of them.
        assert_eq!(
            (&about["made"], &about["disclosure"]),
            (&manifest(&first)["made"], &manifest(&first)["disclosure"])
        );
        assert_eq!(about["made"]["run"].as_str(), Some(name(&first).as_str()));
        let summary = fs::read_to_string(taken.join("summary.txt")).unwrap();
        assert!(summary.contains(&format!("nothing changed since run {}: its figures stand", name(&first))));
        let others = summary.lines().filter(|line| !line.starts_with("nothing changed")).collect::<Vec<_>>();
        assert_eq!(others, fs::read_to_string(anew.join("summary.txt")).unwrap().lines().collect::<Vec<_>>());
        let checked = pathlink(&project.path(""), &["verify", &format!("runs/{}/release", name(taken))]);
        assert_eq!(checked.code, 0, "{}", checked.stderr);
    }
}

/// Changes something that no extract, linkage or count depends on: figures are worked out anew, and why is said before.
fn assert_worked_out_because(project: &Project, because: &str) {
    let told = plan(project);
    assert_eq!((&told["links"], &told["counts"], &told["works_out"]), (&false.into(), &false.into(), &true.into()));
    assert_eq!(told["because"], serde_json::json!([because]));
    let run = project.good_run(&[]);
    let wanted = ["start", "read", "link", "pathways", "metrics", "sensitivity", "disclosure control", "write", "end"];
    assert_eq!(steps(&run), wanted);
    assert_same(&run, &project.good_run(&["--force"]));
    assert_eq!(plan(project)["works_out"], false);
}

#[test]
fn what_figures_rest_on_beside_extracts_is_noticed() {
    let project = world();
    fs::copy(crate::support::root().join("config/unit_costs.csv"), project.path("costs.csv")).unwrap();
    project.edit("pathlink.toml", |text| text.replace("# file = \"unit_costs.csv\"", "file = \"costs.csv\""));
    project.good_run(&[]);
    project.edit("costs.csv", |text| text.replace("280.17", "281.17"));
    assert_worked_out_because(&project, "unit costs");
    let released = pathlink(&project.path(""), &["release", "LATEST", "--to", "out", "--recipient", "icb"]);
    assert_eq!(released.code, 0, "{}", released.stderr);
    assert_worked_out_because(&project, "what was released");
    let one = project.latest().join("release/tables.xlsx");
    let mut bytes = fs::read(&one).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&one, bytes).unwrap();
    assert_worked_out_because(&project, "the last good run is not there, not whole, or of an earlier version");
}

fn linked_tables(project: &Project) -> Vec<PathBuf> {
    let folder = kept(project, "linked").pop().unwrap();
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|ending| ending == "parquet")).collect()
}

#[test]
fn a_linked_table_that_is_gone_is_made_again() {
    let project = world();
    let first = project.good_run(&[]);
    let before = restricted(&first);
    fs::remove_file(linked_tables(&project).pop().unwrap()).unwrap();
    let second = project.good_run(&[]);
    assert_same(&first, &second);
    assert!(restricted(&second) == before);
}

/// Changes something, and compares a run that finds the store of the time before with one that finds nothing.
fn assert_not_served_from_the_store(change: impl Fn(&Project)) {
    let project = world();
    let first = project.good_run(&[]);
    change(&project);
    let second = project.good_run(&[]);
    assert_eq!(kept(&project, "evaluated").len(), 2);
    assert!(tables(&first) != tables(&second));
    fs::remove_dir_all(project.path("store")).unwrap();
    assert_same(&second, &project.good_run(&[]));
}

#[test]
fn a_changed_pathway_is_not_served_from_the_store() {
    assert_not_served_from_the_store(|project| {
        project.edit("pathways.toml", |text| text.replacen("from = 2023-04-01", "from = 2024-04-01", 1));
    });
}

#[test]
fn changed_coverage_is_not_served_from_the_store() {
    assert_not_served_from_the_store(|project| {
        project.edit("in/coverage.csv", |text| text.replace("2026-03-31", "2025-06-30"));
    });
}

#[test]
fn a_changed_extract_is_not_served_from_the_store() {
    assert_not_served_from_the_store(|project| {
        let mut files: Vec<PathBuf> =
            fs::read_dir(project.path("in/emergency_care")).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        let text = fs::read_to_string(&files[0]).unwrap();
        let half = text.lines().count() / 2;
        let shorter: Vec<&str> = text.lines().take(half).collect();
        fs::write(&files[0], shorter.join("\n") + "\n").unwrap();
    });
}

/// Tokens of names and places live in memory only: when one file of many changed, those of the others are read again.
#[test]
fn names_are_in_no_file_of_the_store_and_compared_all_the_same_after_a_change() {
    let project = Project::synth(&["--people", "800", "--seed", "4"]);
    project.good_run(&[]);
    let is_rows = |path: &PathBuf| path.extension().is_some_and(|end| end == "parquet");
    for path in files_under(&project.path("store/staged")).into_keys().filter(is_rows) {
        let bytes = fs::read(project.path("store/staged").join(path)).unwrap();
        for column in ["surname", "forename", "initial", "outcode", "postcode"] {
            assert!(!bytes.windows(column.len()).any(|window| window == column.as_bytes()), "{column}");
        }
    }
    let change = |project: &Project| {
        project.edit("in/community/ZC1_community_client.csv", |text| {
            let mut lines: Vec<&str> = text.lines().collect();
            lines.remove(1);
            lines.join("\n") + "\n"
        });
    };
    change(&project);
    let second = project.good_run(&[]);
    // The same two nights, but everything is read anew on the second.
    let other = Project::synth(&["--people", "800", "--seed", "4"]);
    other.good_run(&[]);
    for part in ["staged", "linked", "evaluated"] {
        fs::remove_dir_all(other.path("store").join(part)).unwrap();
    }
    change(&other);
    assert_same(&other.good_run(&[]), &second);
}

/// A damaged file of the last good run is not taken over, so that the evaluation in the store is looked at.
#[test]
fn a_damaged_evaluation_is_made_again() {
    let project = world();
    let whole_run = tables(&project.good_run(&[]));
    let folder = kept(&project, "evaluated").pop().unwrap();
    let again = || {
        fs::write(project.latest().join("internal/ratios.csv"), b"damaged").unwrap();
        project.good_run(&[])
    };
    for name in ["counts.json", "pathways.json", "windows.parquet"] {
        let whole = fs::read(folder.join(name)).unwrap();
        for damaged in [&whole[..whole.len() / 2], &b"[]"[..], &[]] {
            fs::write(folder.join(name), damaged).unwrap();
            assert_tables(&whole_run, &again());
            assert!(fs::read(folder.join(name)).unwrap() == whole, "{name} was not made again");
        }
        fs::remove_file(folder.join(name)).unwrap();
        assert_tables(&whole_run, &again());
    }
    let before = restricted(&project.latest());
    fs::remove_file(folder.join("restricted/events/type=ed_attendance/events.parquet")).unwrap();
    assert!(before == restricted(&project.good_run(&[])));
    assert!(!folder.with_extension("part").exists());
}
