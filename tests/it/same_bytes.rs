//! The same inputs give the same bytes: on one thread or two, with rows in another order, under other file names.

use std::fs;
use std::path::{Path, PathBuf};

use crate::program::{Project, Table};

#[test]
fn the_tiny_world_gives_the_same_bytes_in_any_order_and_on_any_threads() {
    same_bytes(&Project::tiny());
}

#[test]
fn an_invented_world_gives_the_same_bytes_in_any_order_and_on_any_threads() {
    same_bytes(&Project::synth(&["--people", "2000", "--seed", "3"]));
}

fn same_bytes(project: &Project) {
    let first = project.good_run(&["--threads", "1"]);
    forget_store(project);
    compare(&first, &project.good_run(&["--threads", "2"]), "two threads");
    for seed in [1, 2] {
        shuffle_rows(project, seed);
        compare(&first, &project.good_run(&["--threads", "2"]), &format!("rows shuffled with seed {seed}"));
    }
    rename_files(project);
    compare(&first, &project.good_run(&["--threads", "2"]), "files renamed");
    forget_store(project);
    compare(&first, &project.good_run(&["--threads", "1"]), "all of it on one thread");
}

/// Each run of a test reads everything again.
fn forget_store(project: &Project) {
    fs::remove_dir_all(project.path("store")).unwrap();
}

fn compare(first: &Path, second: &Path, what: &str) {
    let names = tables(first);
    assert_eq!(names, tables(second), "{what}: other tables");
    assert!(names.len() >= 8);
    for name in names {
        let (one, other) = (fs::read(first.join(&name)).unwrap(), fs::read(second.join(&name)).unwrap());
        if one != other {
            let line = |bytes: &[u8]| String::from_utf8_lossy(bytes).lines().map(str::to_owned).collect::<Vec<_>>();
            let (one, other) = (line(&one), line(&other));
            let differing = one.iter().zip(&other).filter(|(a, b)| a != b).count();
            let place = one.iter().zip(&other).find(|(a, b)| a != b);
            panic!("{what}: {} differs in {differing} lines of {}, first {place:#?}", name.display(), one.len());
        }
    }
    assert_eq!(quality(first), quality(second), "{what}: data_quality.csv differs beside the file names");
}

/// The tables that may not change by one byte.
fn tables(run: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(run.join("release"))
        .unwrap()
        .map(|entry| PathBuf::from("release").join(entry.unwrap().file_name()));
    let mut tables: Vec<PathBuf> =
        files.filter(|name| name.extension().is_some_and(|ending| ending == "csv" || ending == "xlsx")).collect();
    tables
        .extend(["estimates.csv", "linkage_quality.csv", "linkage.json"].map(|name| Path::new("internal").join(name)));
    let lists = fs::read_dir(run.join("restricted/linkage")).unwrap();
    tables.extend(lists.map(|entry| PathBuf::from("restricted/linkage").join(entry.unwrap().file_name())));
    tables.sort();
    tables
}

/// Rows of the data-quality report without the file's name, in order.
fn quality(run: &Path) -> Vec<Vec<String>> {
    let table = Table::read(&run.join("internal/data_quality.csv"));
    let at = table.headings().iter().position(|name| name == "file").unwrap();
    let mut rows = table.rows().to_vec();
    for row in &mut rows {
        row.remove(at);
    }
    rows.sort();
    rows
}

/// The extracts of every source.
fn extracts(project: &Project) -> Vec<PathBuf> {
    let sources = ["mental_health", "emergency_care", "talking_therapies", "gp", "community"];
    let folders = sources.iter().map(|source| project.path("in").join(source));
    let mut files: Vec<PathBuf> =
        folders.flat_map(|folder| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path())).collect();
    files.sort();
    files
}

/// Shuffles the rows of every extract; no field of the fixtures holds a line break.
fn shuffle_rows(project: &Project, seed: u64) {
    let mut chance = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    for path in extracts(project) {
        let text = fs::read_to_string(&path).unwrap();
        assert!(!text.contains('"'));
        let mut lines: Vec<&str> = text.lines().collect();
        for at in (2..lines.len()).rev() {
            chance ^= chance << 13;
            chance ^= chance >> 7;
            chance ^= chance << 17;
            lines.swap(at, 1 + (chance % at as u64) as usize);
        }
        fs::write(&path, lines.join("\n") + "\n").unwrap();
    }
}

/// Renames every extract within its pattern. Where a name may start with anything, the order of names turns round.
fn rename_files(project: &Project) {
    for (at, path) in extracts(project).iter().enumerate() {
        let (stem, parent) = (path.file_stem().unwrap().to_str().unwrap(), path.parent().unwrap());
        let is_free = ["gp", "community"].iter().any(|source| parent.ends_with(source));
        let name = if is_free { format!("{:03}_{stem}_b.csv", 999 - at) } else { format!("{stem}_b.csv") };
        fs::rename(path, parent.join(name)).unwrap();
    }
}
