//! People keep their ids from run to run, as somebody sees who keeps the tables of last quarter.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use arrow::array::{AsArray, RecordBatch};
use pathlink::domain::token::Token;
use pathlink::frame;
use pathlink::identity::keys::ProjectKey;
use pathlink::identity::tokens::{Purpose, Tokeniser};
use pathlink::registry::{LastRun, Leavers, Registry};

use crate::program::{Project, Table, files_under, pathlink};

/// A text column of a Parquet file.
pub(crate) fn texts(path: &Path, column: &str) -> Vec<String> {
    let of = |batch: &RecordBatch| -> Vec<String> {
        let column = batch.column_by_name(column).unwrap().as_string::<i32>();
        column.iter().map(|text| text.unwrap().to_owned()).collect()
    };
    frame::batches(path).unwrap().iter().flat_map(of).collect()
}

/// The ids of a run's people.
fn ids(run: &Path) -> BTreeSet<String> {
    let ids = texts(&run.join("restricted/linked/persons.parquet"), "person_id");
    let distinct: BTreeSet<String> = ids.iter().cloned().collect();
    assert_eq!(distinct.len(), ids.len(), "two people have one id");
    distinct
}

/// The person id of every key, as `pathlink people` rebuilds it.
fn rebuilt(project: &Project, run: &str) -> BTreeMap<String, String> {
    let to = project.path("rebuilt");
    let done = pathlink(&project.path(""), &["people", run, "--to", "rebuilt"]);
    assert_eq!(done.code, 0, "{}", done.stderr);
    assert_eq!(fs::metadata(&to).unwrap().permissions().mode() & 0o777, 0o700);
    let table = to.join("people.parquet");
    let people = texts(&table, "key").into_iter().zip(texts(&table, "person_id")).collect();
    fs::remove_dir_all(to).unwrap();
    people
}

fn name_of(run: &Path) -> String {
    run.file_name().unwrap().to_string_lossy().into_owned()
}

/// The entries of a project's only registry.
fn entries(project: &Project) -> Vec<PathBuf> {
    let registry = fs::read_dir(project.path("store/registry")).unwrap().next().unwrap().unwrap().path();
    let mut entries: Vec<PathBuf> = fs::read_dir(registry).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    entries
}

/// The stage-1 token of an NHS number under the demonstration key.
fn token(number: &str) -> String {
    let tokens = Tokeniser::new(&ProjectKey::demonstration(), Purpose::Nhs);
    tokens.token(&[number.replace([' ', '-'], "").as_bytes()]).to_hex()
}

fn world() -> Project {
    Project::synth(&["--people", "1500", "--seed", "6"])
}

/// Numbers of A&E's rows in the order of the file, with the file's name.
fn numbers(project: &Project) -> (String, Vec<String>) {
    let name = "in/emergency_care/ZA1_ECDS.csv".to_owned();
    let table = Table::read(&project.path(&name));
    (name, table.rows().iter().map(|row| table.cell(row, "NHS_Number").to_owned()).collect())
}

#[test]
fn one_added_person_changes_nobody_elses_id() {
    let project = Project::tiny();
    let first = project.good_run(&[]);
    let before = ids(&first);
    let people = rebuilt(&project, "LATEST");
    // A row of the list for somebody who was not known; 9990000018 is a test number.
    project.edit("in/gp/list_gp_registration.csv", |text| {
        let row = text.lines().find(|row| row.contains("Bryndle")).unwrap();
        let number = row.split(',').find(|cell| cell.replace(' ', "").starts_with('9')).unwrap();
        format!("{}\n{}\n", text.trim_end(), row.replace(number, "9990000018").replace("Bryndle", "Zebrallow"))
    });
    let second = project.good_run(&["--threads", "1"]);
    let after = ids(&second);
    assert_eq!(after.len(), before.len() + 1);
    assert!(after.is_superset(&before));
    let now = rebuilt(&project, "LATEST");
    assert!(people.iter().all(|(key, id)| now[key] == *id));
    assert!(!people.contains_key(&token("9990000018")) && now.contains_key(&token("9990000018")));
    assert_eq!(fs::read_to_string(second.join("restricted/person_events.csv")).unwrap(), "kind,from,to\r\n");
}

#[test]
fn neither_threads_nor_the_order_of_rows_nor_a_second_night_change_an_id() {
    let project = world();
    let first = project.good_run(&["--threads", "1"]);
    let persons = fs::read(first.join("restricted/linked/persons.parquet")).unwrap();
    let second = project.good_run(&["--threads", "2"]);
    assert!(fs::read(second.join("restricted/linked/persons.parquet")).unwrap() == persons);
    assert_eq!(entries(&project).len(), 1, "an unchanged night is no entry");
    let (name, _) = numbers(&project);
    project.edit(&name, |text| {
        let mut lines: Vec<&str> = text.lines().collect();
        lines[1..].reverse();
        lines.join("\n") + "\n"
    });
    let shuffled = project.good_run(&[]);
    assert!(fs::read(shuffled.join("restricted/linked/persons.parquet")).unwrap() == persons);
    assert_eq!(rebuilt(&project, &name_of(&first)), rebuilt(&project, &name_of(&shuffled)));
    // From nothing the ids are the same, too: chance has no part in them.
    fs::remove_dir_all(project.path("store")).unwrap();
    let anew = project.good_run(&[]);
    assert!(fs::read(anew.join("restricted/linked/persons.parquet")).unwrap() == persons);
}

/// A corrected number: the trust's record of one person gets the number of another, then its own again.
#[test]
fn merges_and_splits_are_told_and_last_quarters_people_can_be_rebuilt() {
    let project = world();
    // By name and place nearly all of them would be known without it.
    let others = ", \"local_demographic\", \"demographic_name\", \"probabilistic\"]";
    project.edit("pathlink.toml", |text| text.replace(others, "]"));
    // The patients of one file have no number at first.
    let name = "in/mental_health/ZT1_MHS001MPI.csv";
    let whole = fs::read_to_string(project.path(name)).unwrap();
    let table = Table::read(&project.path(name));
    let taken: BTreeSet<String> = table.rows().iter().map(|row| table.cell(row, "NHSNumber").to_owned()).collect();
    let without = |line: &str| {
        let cells = line.split(',').map(|cell| if taken.contains(cell) { "" } else { cell });
        cells.collect::<Vec<_>>().join(",")
    };
    project.edit(name, |text| text.lines().map(without).collect::<Vec<_>>().join("\n") + "\n");
    let first = project.good_run(&[]);
    let before = rebuilt(&project, &name_of(&first));
    fs::write(project.path(name), &whole).unwrap();
    let second = project.good_run(&[]);
    let merged = rebuilt(&project, &name_of(&second));
    let events = Table::read(&second.join("restricted/person_events.csv"));
    let merges = events.rows().iter().filter(|row| row[0] == "merge").count();
    assert!(merges > 50, "{merges} merges");
    // Who was one person in two is now the one that a number named, and keeps that id.
    let (old, new) = (ids(&first), ids(&second));
    assert_eq!(old.len() - merges, old.intersection(&new).count());
    for row in events.rows() {
        assert!(old.contains(&row[1]) && new.contains(&row[2]));
        assert!(!new.contains(&row[1]) || row[0] != "merge");
    }
    // The numbers go again: the records leave, and whose they were keeps the id.
    project.edit(name, |text| text.lines().map(without).collect::<Vec<_>>().join("\n") + "\n");
    let third = project.good_run(&[]);
    let events = Table::read(&third.join("restricted/person_events.csv"));
    let last = ids(&third);
    let splits: Vec<_> = events.rows().iter().filter(|row| row[0] == "split").collect();
    assert!(splits.len() > 50, "{} splits", splits.len());
    assert!(splits.iter().all(|row| new.contains(&row[1]) && last.contains(&row[1]) && last.contains(&row[2])));
    assert!(splits.iter().all(|row| !new.contains(&row[2])));
    // Every earlier run's people are as they were then, also when the runs' folders are gone.
    assert_eq!(rebuilt(&project, &name_of(&first)), before);
    assert_eq!(rebuilt(&project, &name_of(&second)), merged);
    let told = pathlink(&project.path(""), &["people", "--to", "told"]);
    assert_eq!(told.code, 0, "{}", told.stderr);
    let log = Table::read(&project.path("told/person_events.csv"));
    assert!(log.rows().iter().any(|row| row[0] == name_of(&second) && row[2] == "merge" && row[1] == "2026-03-31"));
    assert!(log.rows().iter().any(|row| row[0] == name_of(&third) && row[2] == "split"));
}

#[test]
fn a_failed_or_killed_run_leaves_the_registry_as_it_was() {
    let project = world();
    project.good_run(&[]);
    let before = files_under(&project.path("store/registry"));
    // The gate stops the run after its people were registered anew.
    let (name, _) = numbers(&project);
    project.edit(&name, |text| text.lines().take(100).collect::<Vec<_>>().join("\n") + "\n");
    project.edit("pathlink.toml", |text| text.replace("[gates]", "[gates]\nmax_change_percent = 5.0"));
    assert_eq!(project.run(&[]).code, 5);
    // A killed run leaves an entry that waits for its run.
    let registry = entries(&project)[0].parent().unwrap().to_owned();
    let pending = registry.join(".pending-2026-01-01T000000Z_0000");
    fs::create_dir(&pending).unwrap();
    fs::copy(entries(&project).last().unwrap().join("people.parquet"), pending.join("people.parquet")).unwrap();
    assert_eq!(project.run(&[]).code, 5);
    let after = files_under(&project.path("store/registry"));
    assert_eq!(after.keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>());
    assert!(after == before);
}

#[test]
fn an_entry_whose_run_was_published_is_settled_by_the_next_run() {
    let project = world();
    project.good_run(&[]);
    let (name, _) = numbers(&project);
    project.edit(&name, |text| text.lines().take(100).collect::<Vec<_>>().join("\n") + "\n");
    let second = project.good_run(&[]);
    let people = rebuilt(&project, "LATEST");
    // As if the second run had been killed right after it was published.
    let last = entries(&project).pop().unwrap();
    let pending = last.with_file_name(format!(".pending-{}", name_of(&second)));
    fs::rename(&last, pending).unwrap();
    let third = project.good_run(&[]);
    assert_eq!(entries(&project).len(), 2);
    assert_eq!(rebuilt(&project, &name_of(&third)), people);
}

#[test]
fn a_deleted_registry_starts_anew_and_says_so() {
    let project = world();
    let first = project.run(&[]);
    assert!(first.code == 0 && !first.stdout.contains("registry"), "{}", first.stdout);
    fs::remove_dir_all(project.path("store/registry")).unwrap();
    let again = project.run(&[]);
    assert_eq!(again.code, 0, "{}", again.stderr);
    assert!(again.stdout.contains("warning: the registry of people of the last run is gone"), "{}", again.stdout);
    let summary = fs::read_to_string(project.latest().join("summary.txt")).unwrap();
    assert!(summary.contains("person ids start anew"));
    assert!(!project.run(&[]).stdout.contains("registry"));
}

#[test]
fn a_registry_that_lacks_an_entry_or_is_damaged_ends_the_run() {
    let project = world();
    project.good_run(&[]);
    let (name, _) = numbers(&project);
    let text = fs::read_to_string(project.path(&name)).unwrap();
    project.edit(&name, |text| text.lines().take(100).collect::<Vec<_>>().join("\n") + "\n");
    project.good_run(&[]);
    let last = entries(&project).pop().unwrap();
    fs::rename(&last, project.path("aside")).unwrap();
    let done = project.run(&[]);
    assert_eq!(done.code, 9);
    assert!(done.stderr.contains("STO02") && done.stderr.contains("entries that the last run had are gone"));
    fs::rename(project.path("aside"), &last).unwrap();
    fs::write(project.path(&name), text).unwrap();
    fs::write(last.join("members.parquet"), b"cut").unwrap();
    let done = project.run(&[]);
    assert_eq!(done.code, 9, "{}", done.stderr);
    assert!(done.stderr.contains("STO02"), "{}", done.stderr);
}

#[test]
fn another_key_has_a_registry_of_its_own() {
    let project = world();
    let first = project.good_run(&[]);
    assert_eq!(pathlink(&project.path(""), &["key", "new", "--project", "other", "--to", "project.key"]).code, 0);
    project.edit("pathlink.toml", |text| text.replace("demo = true", "file = \"project.key\""));
    let other = project.run(&[]);
    assert!(other.stdout.contains("warning: the project key is not that of the last run"), "{}", other.stdout);
    assert!(ids(&first).is_disjoint(&ids(&project.latest())));
    assert_eq!(fs::read_dir(project.path("store/registry")).unwrap().count(), 2);
    // Back under the first key nothing has changed.
    project.edit("pathlink.toml", |text| text.replace("file = \"project.key\"", "demo = true"));
    let back = project.run(&[]);
    assert!(!back.stdout.contains("warning: the"), "{}", back.stdout);
    assert_eq!(ids(&project.latest()), ids(&first));
}

#[test]
fn removed_people_are_nowhere_in_the_registry() {
    let project = world();
    let run = project.good_run(&[]);
    let (name, numbers) = numbers(&project);
    project.edit(&name, |text| text.lines().take(100).collect::<Vec<_>>().join("\n") + "\n");
    project.good_run(&[]);
    let people = rebuilt(&project, "LATEST");
    let gone: Vec<String> =
        numbers.iter().filter(|number| !number.is_empty()).take(20).map(|number| token(number)).collect();
    let gone_ids: BTreeSet<&String> = gone.iter().filter_map(|token| people.get(token)).collect();
    assert!(gone_ids.len() > 5);
    let key = ProjectKey::demonstration();
    let last = LastRun { check_value: key.check_value(), entries: 2 };
    let open = || Registry::open(&project.path("store"), &project.path("runs"), &key, Some(&last)).unwrap();
    let tokens: Vec<Token> = gone.iter().filter_map(|text| Token::from_hex(text)).collect();
    assert_eq!(open().purge(Leavers::Listed(&tokens)).unwrap(), gone_ids.len() as u64);
    assert_eq!(open().purge(Leavers::Listed(&tokens)).unwrap(), 0);
    for then in [name_of(&run), "LATEST".to_owned()] {
        let left = rebuilt(&project, &then);
        assert!(left.values().all(|id| !gone_ids.contains(id)));
        assert!(left.keys().all(|key| !gone.contains(key)));
        assert!(left.iter().all(|(key, id)| people[key] == *id));
        assert!(left.len() + gone_ids.len() <= people.len() && left.len() > people.len() / 2);
    }
    for (path, bytes) in files_under(&project.path("store/registry")) {
        for id in gone_ids.iter().map(|id| Token::from_hex(id).unwrap()).chain(tokens.iter().copied()) {
            let is_in = |half: u64| memchr::memmem::find(&bytes, &half.to_le_bytes()).is_some();
            assert!(!is_in(id.halves().0) && !is_in(id.halves().1), "in {}", path.display());
            assert!(memchr::memmem::find(&bytes, id.to_hex().as_bytes()).is_none(), "in {}", path.display());
        }
    }
    // The extracts still hold them here, so the next run knows them again, and everybody else as before.
    let next = ids(&project.good_run(&[]));
    assert!(
        rebuilt(&project, "LATEST")
            .iter()
            .all(|(key, id)| gone.contains(key) || people[key] == *id || gone_ids.contains(&people[key]))
    );
    assert!(next.len() > 500);
}
