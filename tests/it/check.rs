//! `pathlink check`: every fault of every file, a page that anyone can read, and nothing published.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::Value as Json;

use crate::program::{Finished, Project, files_under, pathlink};
use crate::scan::Needles;

fn check(project: &Project, arguments: &[&str]) -> Finished {
    pathlink(&project.path(""), &[&["check"], arguments].concat())
}

fn quality(project: &Project) -> Json {
    serde_json::from_slice(&fs::read(project.path("runs/check/internal/quality.json")).unwrap()).unwrap()
}

fn page(project: &Project) -> String {
    fs::read_to_string(project.path("runs/check/internal/quality.html")).unwrap()
}

/// Breaks four files in four ways.
fn dirty() -> (Project, Needles) {
    let project = Project::tiny();
    let needles = Needles::of(&project);
    let append = |name: &str, bytes: &[u8]| {
        let mut whole = fs::read(project.path(name)).unwrap();
        whole.extend_from_slice(bytes);
        fs::write(project.path(name), whole).unwrap();
    };
    append("in/mental_health/ZT1_MHS101Referral.csv", b"\xa3,\xa3\n");
    append("in/gp/list_gp_registration.csv", b"\"never closed,\n");
    project.edit("in/mental_health/ZT1_MHS001MPI.csv", |text| text.replacen("LocalPatientId", "PatientId", 1));
    let community = files_under(&project.path("in/community"));
    let referral = community.keys().find(|path| path.to_string_lossy().contains("referral")).unwrap();
    fs::write(project.path("in/community").join(referral), b"PK\x03\x04[Content_Types].xml").unwrap();
    (project, needles)
}

#[test]
fn a_clean_delivery_is_told_and_nothing_is_published() {
    let project = Project::tiny();
    let needles = Needles::of(&project);
    let done = check(&project, &[]);
    assert_eq!(done.code, 0, "{}{}", done.stdout, done.stderr);
    needles.assert_not_in(&project, &done);
    assert!(!project.path("runs/LATEST").exists());
    for source in ["mental_health", "emergency_care", "talking_therapies", "gp", "community"] {
        assert!(done.stdout.contains(&format!("({source})")), "{}", done.stdout);
        assert!(project.path(&format!("runs/check/restricted/rejects/{source}.csv")).is_file());
    }
    assert!(done.stdout.contains("no expected rows are declared"));
    let mode = fs::metadata(project.path("runs/check/restricted")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
    let found = quality(&project);
    assert_eq!(found["form"], "pathlink-quality/1");
    for file in found["files"].as_array().unwrap() {
        let rows = |word: &str| file["rows"][word].as_u64().unwrap();
        let parts = ["kept", "rejected", "duplicated", "excluded"].map(rows).iter().sum::<u64>();
        assert_eq!(rows("read"), parts, "{}", file["file"]);
    }
}

#[test]
fn a_check_says_of_rows_what_a_run_says() {
    let project = Project::tiny();
    project.good_run(&[]);
    let (latest, before) = (project.latest(), files_under(&project.latest()));
    let summary = fs::read_to_string(latest.join("summary.txt")).unwrap();
    for _ in 0..2 {
        assert_eq!(check(&project, &["-q"]).code, 0);
        assert_eq!((project.latest(), files_under(&latest)), (latest.clone(), before.clone()));
        let read = quality(&project)["rows"]["read"].as_u64().unwrap();
        assert!(summary.contains(&format!("read {read} rows")), "{summary}");
        let names: Vec<_> = fs::read_dir(project.path("runs")).unwrap().map(|one| one.unwrap().file_name()).collect();
        assert!(!names.iter().any(|name| name.to_string_lossy().starts_with(".staging")), "{names:?}");
    }
    // Without last night's linkage the same counts come out.
    fs::remove_dir_all(project.path("store")).unwrap();
    let first = quality(&project)["files"].clone();
    assert_eq!(check(&project, &["-q"]).code, 0);
    assert_eq!(quality(&project)["files"], first);
}

#[test]
fn every_fault_is_told_and_no_value_is_shown() {
    let (project, needles) = dirty();
    let done = check(&project, &[]);
    assert_eq!(done.code, 4, "{}", done.stderr);
    needles.assert_not_in(&project, &done);
    for code in ["ENC01", "INP04", "HDR01", "FMT01"] {
        assert!(done.stdout.contains(&format!("error {code}: ")), "{code}\n{}", done.stdout);
        assert!(page(&project).contains(code));
    }
    assert!(done.stdout.contains("as CSV from the source system"));
    // The others are read.
    assert!(quality(&project)["rows"]["kept"].as_u64().unwrap() > 50);
    let order: Vec<u8> = quality(&project)["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| ["error", "gate", "reject", "warning"].iter().position(|kind| one["kind"] == *kind).unwrap() as u8)
        .collect();
    assert!(order.is_sorted() && order.partition_point(|kind| *kind == 0) == 4, "{order:?}");
    let json = check(&project, &["--json"]);
    assert_eq!(json.code, 4);
    needles.assert_not_in(&project, &json);
    assert_eq!(serde_json::from_str::<Json>(&json.stdout).unwrap(), quality(&project));
}

#[test]
fn a_missing_file_does_not_hide_the_others() {
    let project = Project::tiny();
    fs::remove_file(project.path("in/mental_health/ZT1_MHS101Referral.csv")).unwrap();
    let done = check(&project, &["--source", "mental_health"]);
    assert_eq!(done.code, 4);
    assert!(done.stdout.contains("error INP01") && done.stdout.contains("ZT1_MHS001MPI.csv"), "{}", done.stdout);
    assert!(!done.stdout.contains("(gp)"));
    let wrong = check(&project, &["--source", "mental_helth"]);
    assert_eq!(wrong.code, 3);
    assert!(wrong.stderr.contains("`mental_health`"), "{}", wrong.stderr);
}

#[test]
fn the_page_stands_alone_and_is_accessible() {
    let (project, _) = dirty();
    let hostile = "in/community/ZZ9_<img src=x onerror=alert(1)>_community_client.csv";
    let client = files_under(&project.path("in/community"));
    let (_, bytes) = client.iter().find(|(path, _)| path.to_string_lossy().contains("client")).unwrap();
    fs::write(project.path(hostile), bytes).unwrap();
    check(&project, &["-q"]);
    let page = page(&project);
    assert!(page.contains("&lt;img src=x") && !page.contains("<img"));
    assert_eq!((page.matches("<h1>").count(), page.matches("<main>").count()), (1, 1));
    assert!(page.contains("lang=\"en-GB\"") && page.contains("default-src 'none'; style-src 'sha256-"));
    for never in ["<script", "http://", "https://", " style=", "\"></td>", "\"></th>", "<td></td>", "@import", "url("] {
        assert!(!page.contains(never), "{never}");
    }
    assert_eq!(page.matches("<table").count(), page.matches("<caption").count());
    assert!(!page.contains("<th>") && page.matches("<th ").count() == page.matches("scope=").count());
    assert!(page.contains("@media print") && page.len() < 2 << 20);
}
