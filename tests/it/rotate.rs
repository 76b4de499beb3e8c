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
    let runs = files_under(&project.path("runs"));
    project.edit("in/mental_health/ZT1_MHS001MPI.csv", |text| text.replacen("NHSNumber,", "NHSNumbr,", 1));
    let done = rotate(&project);
    assert_eq!(done.code, 4, "{}", done.stderr);
    assert!(!project.path("new.key").exists() && files_under(&project.path("runs")) == runs);
    fs::write(project.path("new.key"), "mine").unwrap();
    assert_eq!(rotate(&project).code, 7);
    assert_eq!(fs::read_to_string(project.path("new.key")).unwrap(), "mine");
}
