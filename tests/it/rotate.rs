//! Rotation: the next key, the table of tokens, what cannot be re-keyed, and that nothing else changes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use arrow::array::AsArray;
use pathlink::domain::org_code::OrgCode;
use pathlink::frame;
use pathlink::identity::keys::ProjectKey;
use pathlink::identity::tokens::{Purpose, Tokeniser};
use pathlink::schema::Source;

use crate::parquet_input::pseudonymise;
use crate::program::{Finished, Project, Table, files_under, pathlink};
use crate::scan::{Needles, key_bytes};

fn with_key() -> Project {
    let project = Project::tiny();
    assert_eq!(pathlink(&project.path(""), &["key", "new", "--project", "tiny", "--to", "project.key"]).code, 0);
    project.edit("pathlink.toml", |text| text.replace("demo = true", "file = \"project.key\""));
    project
}

fn rotate(project: &Project) -> Finished {
    pathlink(&project.path(""), &["key", "rotate", "--to", "new.key"])
}

/// The folder of the table.
fn folder(project: &Project) -> PathBuf {
    let entries = fs::read_dir(project.path("runs")).unwrap().map(|entry| entry.unwrap().path());
    let mut found = entries.filter(|path| path.file_name().unwrap().to_string_lossy().starts_with("rekey_"));
    let folder = found.next().unwrap();
    assert!(found.next().is_none());
    folder
}

/// The rows of a table of text.
fn rows(path: &Path) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for batch in frame::batches(path).unwrap() {
        for row in 0..batch.num_rows() {
            rows.push(batch.columns().iter().map(|column| column.as_string::<i32>().value(row).to_owned()).collect());
        }
    }
    rows
}

fn lost(project: &Project) -> BTreeMap<(String, String), usize> {
    let mut counts = BTreeMap::new();
    for row in rows(&folder(project).join("restricted/not_rekeyable.parquet")) {
        *counts.entry((row[0].clone(), row[2].clone())).or_default() += 1;
    }
    counts
}

/// The distinct usable NHS numbers of the fixture.
fn numbers() -> BTreeSet<String> {
    let bytes: Vec<Vec<u8>> = files_under(&Project::tiny().path("in")).into_values().collect();
    let text = bytes.iter().map(|bytes| String::from_utf8_lossy(bytes).into_owned()).collect::<Vec<_>>().join("\n");
    let cells = text.split([',', '\n', '\r']).map(|cell| cell.replace(['-', ' '], ""));
    let is_number =
        |cell: &String| cell.len() == 10 && cell.starts_with('9') && cell.bytes().all(|byte| byte.is_ascii_digit());
    cells.filter(is_number).collect()
}

#[test]
fn the_table_holds_each_token_under_both_keys() {
    let project = with_key();
    let good = project.good_run(&[]);
    let before =
        (files_under(&good), fs::read(project.path("runs/LATEST")).unwrap(), files_under(&project.path("store")));
    let done = rotate(&project);
    assert_eq!(done.code, 0, "{}", done.stderr);
    let after =
        (files_under(&good), fs::read(project.path("runs/LATEST")).unwrap(), files_under(&project.path("store")));
    assert!(before == after, "a rotation changed something else");
    let (old, new) =
        (ProjectKey::read(&project.path("project.key")).unwrap(), ProjectKey::read(&project.path("new.key")).unwrap());
    assert_eq!((new.project(), new.version(), old.version()), ("tiny", 2, 1));
    assert_eq!(fs::metadata(project.path("new.key")).unwrap().permissions().mode() & 0o7777, 0o600);
    let name = folder(&project).file_name().unwrap().to_string_lossy().into_owned();
    assert_eq!(name, format!("rekey_v1_{}_to_v2_{}", old.check_value(), new.check_value()));
    assert_eq!(fs::metadata(folder(&project).join("restricted")).unwrap().permissions().mode() & 0o7777, 0o700);

    let pairs: BTreeSet<Vec<String>> = rows(&folder(&project).join("restricted/id_nhs.parquet")).into_iter().collect();
    let token = |key: &ProjectKey, number: &str| Tokeniser::new(key, Purpose::Nhs).token(&[number.as_bytes()]).to_hex();
    let expected = |number: &String| vec![token(&old, number), token(&new, number)];
    let all: BTreeSet<Vec<String>> = numbers().iter().map(expected).collect();
    assert!(pairs.len() >= 12 && pairs.is_subset(&all), "{} of {}", pairs.len(), all.len());
    let local = rows(&folder(&project).join("restricted/id_local.parquet"));
    let client = |key: &ProjectKey| {
        let (code, text) = (
            OrgCode::parse(b"ZC1").unwrap(),
            fs::read_to_string(project.path("in/community/ZC1_community_client.csv")).unwrap(),
        );
        let id = text.lines().nth(1).unwrap().split(',').nth(1).unwrap().to_uppercase();
        Tokeniser::new(key, Purpose::Local).of_id("", code, id.as_bytes()).to_hex()
    };
    assert!(local.contains(&vec![client(&old), client(&new)]));
    assert!(rows(&folder(&project).join("restricted/id_record.parquet")).len() > 100);
    assert!(lost(&project).is_empty());
    let mut needles = Needles::of(&project);
    needles.add_key(&key_bytes(&project.path("project.key")));
    needles.add_key(&key_bytes(&project.path("new.key")));
    fs::rename(project.path("new.key"), project.path("in/new.key")).unwrap();
    needles.assert_not_in(&project, &done);
}

#[test]
fn the_new_key_gives_the_same_figures() {
    let project = with_key();
    let old = project.good_run(&[]);
    assert_eq!(rotate(&project).code, 0);
    project.edit("pathlink.toml", |text| text.replace("project.key", "new.key"));
    let new = project.good_run(&[]);
    for name in ["outcomes.csv", "demand.csv", "before_after.csv", "costs.csv"] {
        let [old, new] = [&old, &new].map(|run| fs::read(run.join("release").join(name)).unwrap());
        assert!(old == new, "{name}");
    }
}

#[test]
fn tokens_that_come_as_tokens_are_listed_and_not_rekeyed() {
    let project = Project::tiny();
    pseudonymise(&project, ProjectKey::demonstration(), Source::Community);
    let done = rotate(&project);
    assert_eq!(done.code, 0, "{}", done.stderr);
    let lost = lost(&project);
    let count = |purpose: &str| lost.get(&(purpose.to_owned(), "pseudonymised".to_owned())).copied().unwrap_or(0);
    // People whom another source has in clear are re-keyed from there.
    let clients = |name: &str| Table::read(&Project::tiny().path("in/community").join(name)).rows().len();
    let here = clients("ZC1_community_client.csv") + clients("ZC2_community_client.csv");
    assert_eq!(count("id:local"), here);
    assert!(count("id:nhs") < here && count("id:record") > 0, "{lost:?}");
    assert!(lost.keys().all(|(_, why)| why == "pseudonymised"));
    assert!(done.stdout.contains(&format!("{here} pseudonymised")), "{}", done.stdout);
}

#[test]
fn tokens_of_the_store_that_no_extract_holds_any_more_are_listed() {
    let project = with_key();
    project.good_run(&[]);
    // A client of a charity leaves: the old files are in the store, the new ones are read.
    let gone = Table::read(&project.path("in/community/ZC1_community_client.csv")).rows().last().unwrap()[1].clone();
    let remove = |name: &str| {
        let text = fs::read_to_string(project.path(name)).unwrap();
        let kept: Vec<&str> = text.lines().filter(|line| !line.split(',').any(|cell| cell == gone)).collect();
        fs::write(project.path(name), kept.join("\n") + "\n").unwrap();
    };
    let lost_local = || {
        let done = rotate(&project);
        assert_eq!(done.code, 0, "{}", done.stderr);
        let count = lost(&project).get(&("id:local".to_owned(), "not_found_again".to_owned())).copied();
        fs::remove_file(project.path("new.key")).unwrap();
        fs::remove_dir_all(folder(&project)).unwrap();
        count
    };
    remove("in/community/ZC1_community_client.csv");
    assert_eq!(lost_local(), None, "their referrals still name them");
    remove("in/community/ZC1_community_referral.csv");
    assert_eq!(lost_local(), Some(1));
    fs::remove_dir_all(project.path("store")).unwrap();
    assert_eq!(lost_local(), None, "a store that is gone knows nobody");
}

#[test]
fn a_rotation_that_fails_leaves_no_key() {
    let project = with_key();
    project.good_run(&[]);
    // The lock's file names whoever had it last.
    let among_runs = || {
        let mut files = files_under(&project.path("runs"));
        files.retain(|path, _| !path.ends_with(".lock"));
        files
    };
    let runs = among_runs();
    project.edit("in/mental_health/ZT1_MHS001MPI.csv", |text| text.replacen("NHSNumber,", "NHSNumbr,", 1));
    let done = rotate(&project);
    assert_eq!(done.code, 4, "{}", done.stderr);
    assert!(!project.path("new.key").exists() && among_runs() == runs);
    fs::write(project.path("new.key"), "mine").unwrap();
    assert_eq!(rotate(&project).code, 7);
    assert_eq!(fs::read_to_string(project.path("new.key")).unwrap(), "mine");
}

/// The person id of every NHS number of the extracts under a key, as `pathlink people` rebuilds them.
fn person_of_numbers(project: &Project, key: &str, run: &str) -> BTreeMap<String, String> {
    let done = pathlink(&project.path(""), &["people", run, "--to", "rebuilt", "--key-file", key]);
    assert_eq!(done.code, 0, "{}", done.stderr);
    let rows = frame::batches(&project.path("rebuilt/people.parquet")).unwrap();
    let mut people = BTreeMap::new();
    for batch in rows {
        let [keys, ids] = [0, 1].map(|column| batch.column(column).as_string::<i32>().clone());
        people.extend(keys.iter().zip(&ids).map(|(key, id)| (key.unwrap().to_owned(), id.unwrap().to_owned())));
    }
    fs::remove_dir_all(project.path("rebuilt")).unwrap();
    let key = ProjectKey::read(&project.path(key)).unwrap();
    let tokens = Tokeniser::new(&key, Purpose::Nhs);
    let all: Vec<Vec<u8>> = files_under(&project.path("in")).into_values().collect();
    let text = all.iter().map(|bytes| String::from_utf8_lossy(bytes).into_owned()).collect::<Vec<_>>().join("\n");
    let cells = text.split([',', '\n', '\r']).map(|cell| cell.replace(['-', ' '], ""));
    let numbers: BTreeSet<String> =
        cells.filter(|cell| cell.len() == 10 && cell.bytes().all(|byte| byte.is_ascii_digit())).collect();
    let known = |number: &String| people.get(&tokens.token(&[number.as_bytes()]).to_hex()).cloned();
    numbers.iter().filter_map(|number| Some((number.clone(), known(number)?))).collect()
}

fn ids(run: &Path) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    for batch in frame::batches(&run.join("restricted/linked/persons.parquet")).unwrap() {
        let column = batch.column_by_name("person_id").unwrap().as_string::<i32>();
        ids.extend(column.iter().map(|id| id.unwrap().to_owned()));
    }
    ids
}

fn registry_of(run: &Path) -> serde_json::Value {
    let manifest: serde_json::Value = serde_json::from_slice(&fs::read(run.join("manifest.json")).unwrap()).unwrap();
    manifest["registry"].clone()
}

fn to_key(project: &Project, from: &str, to: &str) {
    let done = pathlink(&project.path(""), &["key", "rotate", "--to", to]);
    assert_eq!(done.code, 0, "{}", done.stderr);
    project.edit("pathlink.toml", |text| text.replace(from, to));
}

/// An invented town under a key of its own, with a charity that leaves out one client in the second run.
fn town() -> Project {
    let project = Project::synth(&["--people", "1500", "--seed", "6"]);
    assert_eq!(pathlink(&project.path(""), &["key", "new", "--project", "town", "--to", "one.key"]).code, 0);
    project.edit("pathlink.toml", |text| text.replace("demo = true", "file = \"one.key\""));
    project
}

#[test]
fn people_keep_their_ids_over_a_rotation() {
    let project = town();
    let first = project.good_run(&[]);
    let before = person_of_numbers(&project, "one.key", "LATEST");
    assert!(before.len() > 1000);
    // Two rotations, and no run between them: both tables are followed.
    to_key(&project, "one.key", "two.key");
    to_key(&project, "two.key", "three.key");
    // A run that fails leaves the registry of the new key as it was: without an entry.
    let heading = "in/emergency_care/ZA1_ECDS.csv";
    let whole = fs::read_to_string(project.path(heading)).unwrap();
    project.edit(heading, |text| text.replacen("NHS_Number,", "NHS_Numbr,", 1));
    assert_ne!(project.run(&[]).code, 0);
    fs::write(project.path(heading), whole).unwrap();

    let done = project.run(&[]);
    assert_eq!(done.code, 0, "{}", done.stderr);
    let second = project.latest();
    assert_eq!(person_of_numbers(&project, "three.key", "LATEST"), before);
    let registry = registry_of(&second);
    assert_eq!(registry["start"], "rekeyed");
    let [carried, lost] = ["people", "not_rekeyable"].map(|name| registry["carried"][name].as_u64().unwrap());
    assert!(
        done.stdout.contains(&format!("the key was rotated: {carried} people keep their ids; ")),
        "{}",
        done.stdout
    );
    assert!(!done.stdout.contains("warning: the project key"), "{}", done.stdout);
    let (old, new) = (ids(&first), ids(&second));
    assert_eq!((old.len() as u64, new.len()), (carried + lost, old.len()));
    // Whoever could not be re-keyed is there under another id, and nobody else is.
    assert_eq!(old.difference(&new).count() as u64, lost);
    assert!(lost * 50 < carried, "{lost} of {carried}");
    assert_eq!(fs::read_to_string(second.join("restricted/person_events.csv")).unwrap(), "kind,from,to\r\n");
    // The next run goes on from there, and the people of the run before can still be rebuilt, under its own key.
    let third = project.good_run(&[]);
    assert_eq!((registry_of(&third)["start"].as_str(), ids(&third)), (Some("kept"), new));
    let run = first.file_name().unwrap().to_string_lossy().into_owned();
    project.edit("pathlink.toml", |text| text.replace("three.key", "one.key"));
    assert_eq!(person_of_numbers(&project, "one.key", &run), before);
}

#[test]
fn people_whom_no_extract_holds_any_more_keep_their_ids_or_are_counted() {
    let project = town();
    let names = ["in/emergency_care/ZA1_ECDS.csv", "in/gp/list_gp_registration.csv"];
    let whole = names.map(|name| fs::read_to_string(project.path(name)).unwrap());
    let first = ids(&project.good_run(&[]));
    // Away in the run before the rotation and in the rotation itself: nothing can be hashed again.
    for name in names {
        project.edit(name, |text| text.lines().take(100).collect::<Vec<_>>().join("\n") + "\n");
    }
    let second = ids(&project.good_run(&[]));
    let gone: BTreeSet<String> = first.difference(&second).cloned().collect();
    assert!(gone.len() > 5);
    to_key(&project, "one.key", "two.key");
    for (name, whole) in names.into_iter().zip(whole) {
        fs::write(project.path(name), whole).unwrap();
    }
    let run = project.good_run(&[]);
    let after = ids(&run);
    assert_eq!(after.len(), first.len());
    assert!(after.is_disjoint(&gone), "an id that could not be re-keyed came back");
    let lost = registry_of(&run)["carried"]["not_rekeyable"].as_u64().unwrap();
    assert_eq!(lost, first.difference(&after).count() as u64);
    assert!(lost >= gone.len() as u64);
}

#[test]
fn a_damaged_table_stops_the_run_and_none_is_said() {
    let project = town();
    project.good_run(&[]);
    to_key(&project, "one.key", "two.key");
    let table = folder(&project).join("restricted/id_nhs.parquet");
    let whole = fs::read(&table).unwrap();
    fs::write(&table, &whole[..whole.len() / 2]).unwrap();
    let done = project.run(&[]);
    assert!(done.code == 9 && done.stderr.contains("STO02"), "{} {}", done.code, done.stderr);
    fs::rename(folder(&project), project.path("aside")).unwrap();
    let done = project.run(&[]);
    assert_eq!(done.code, 0, "{}", done.stderr);
    assert!(done.stdout.contains("no re-keying table"), "{}", done.stdout);
    assert_eq!(registry_of(&project.latest())["start"], "other_key");
}

#[test]
fn a_new_list_reaches_what_is_known_under_the_key_before() {
    let project = town();
    project.good_run(&[]);
    let old = ProjectKey::read(&project.path("one.key")).unwrap();
    to_key(&project, "one.key", "two.key");
    project.good_run(&[]);
    assert!(project.path("store/registry").join(old.check_value()).exists());
    let number = Table::read(&project.path("in/emergency_care/ZA1_ECDS.csv")).rows()[0][0].replace([' ', '-'], "");
    fs::write(project.path("list.csv"), format!("{number}\n")).unwrap();
    project
        .edit("pathlink.toml", |text| text.replace("[identity]\n", "[identity]\nexclude_nhs_numbers = \"list.csv\"\n"));
    project.good_run(&[]);
    let token = Tokeniser::new(&old, Purpose::Nhs).token(&[number.as_bytes()]);
    let half = token.halves().0.to_le_bytes();
    for (path, bytes) in files_under(&project.path("")).into_iter().filter(|(path, _)| !path.starts_with("in")) {
        let is_held = memchr::memmem::find(&bytes, &half).is_some()
            || memchr::memmem::find(&bytes, token.to_hex().as_bytes()).is_some();
        assert!(!is_held, "{}", path.display());
    }
    assert!(!project.path("store/registry").join(old.check_value()).exists());
}
