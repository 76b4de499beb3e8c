//! A second night: what did not change is not worked out again and gives the same bytes; what changed is.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::program::{Project, files_under};

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
    let (one, other) = (tables(first), tables(second));
    assert!(one.len() >= 10);
    assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
    for (path, bytes) in &one {
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
    assert!(linked_tables(&project).iter().all(|path| fs::read(path).unwrap() == b"unreadable"));
    let after = restricted(&second);
    assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
    let of_pathways =
        |path: &&PathBuf| path.to_string_lossy().contains("events") || path.ends_with("pathway_episodes.parquet");
    assert!(before.keys().filter(of_pathways).all(|path| before[path] == after[path]));
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

#[test]
fn a_damaged_evaluation_is_made_again() {
    let project = world();
    let first = project.good_run(&[]);
    let folder = kept(&project, "evaluated").pop().unwrap();
    for name in ["counts.json", "pathways.json", "windows.parquet"] {
        let whole = fs::read(folder.join(name)).unwrap();
        for damaged in [&whole[..whole.len() / 2], &b"[]"[..], &[]] {
            fs::write(folder.join(name), damaged).unwrap();
            assert_same(&first, &project.good_run(&[]));
            assert!(fs::read(folder.join(name)).unwrap() == whole, "{name} was not made again");
        }
        fs::remove_file(folder.join(name)).unwrap();
        assert_same(&first, &project.good_run(&[]));
    }
    fs::remove_file(folder.join("restricted/events/type=ed_attendance/events.parquet")).unwrap();
    let again = project.good_run(&[]);
    assert!(restricted(&first) == restricted(&again));
    assert!(!folder.with_extension("part").exists());
}
