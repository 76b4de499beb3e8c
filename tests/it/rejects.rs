//! Rows that could not be used: counted, told by line and shape, never by value; the run goes on.

use std::fs;

use serde_json::Value as Json;

use crate::program::{Finished, Project, Table};
use crate::scan::Needles;

const CONTACTS: &str = "in/community/ZC1_community_contact.csv";
const CLIENTS: &str = "in/community/ZC1_community_client.csv";

/// The hand-worked fixture with a gate wide enough for its small files.
fn patient() -> Project {
    let project = Project::tiny();
    project.edit("pathlink.toml", |text| format!("{text}\n[gates]\nmax_rejects_percent = 60.0\n"));
    project
}

/// The manifest's inputs, each of which must add up.
fn inputs(project: &Project) -> Vec<Json> {
    let manifest: Json = serde_json::from_slice(&fs::read(project.latest().join("manifest.json")).unwrap()).unwrap();
    let inputs = manifest["inputs"].as_array().unwrap().clone();
    for input in &inputs {
        let rows = |outcome: &str| input["rows"][outcome].as_u64().unwrap();
        assert_eq!(
            rows("read"),
            rows("kept") + rows("rejected") + rows("duplicated") + rows("excluded"),
            "{}",
            input["name"]
        );
    }
    inputs
}

fn rows_of(inputs: &[Json], name: &str, outcome: &str) -> u64 {
    let input = inputs.iter().find(|input| input["name"] == name).unwrap();
    input["rows"][outcome].as_u64().unwrap()
}

/// Rows that are damaged each in its own way, after the last line of a file of contacts; one of them is sound.
const DAMAGED: &str = "ZC1,CCONSHORT01
ZC1,CCONLONG02,CREFZ19316701,2025-06-01,attended,face_to_face,60,x,y
ZC1,CCONBREAK03,CREFZ19316701,2025-06-02,attended,\"face
to face\",60
ZC1,CCONDATE04,CREFZ19316701,01/06/2025,attended,face_to_face,60
";

#[test]
fn a_row_with_too_few_fields_is_a_counted_reject_and_the_run_goes_on() {
    let project = patient();
    project.good_run(&[]);
    let before = inputs(&project);
    let start = fs::read_to_string(project.path(CONTACTS)).unwrap().lines().count();
    let done = run_after(&project, CONTACTS, |text| text.to_owned() + DAMAGED);
    assert_eq!(done.code, 0, "{}", done.stderr);
    let after = inputs(&project);
    let name = "ZC1_community_contact.csv";
    let gained = |outcome: &str| rows_of(&after, name, outcome) - rows_of(&before, name, outcome);
    assert_eq!(["read", "kept", "rejected"].map(gained), [4, 1, 3]);
    let table = Table::read(&project.latest().join("restricted/rejects/community.csv"));
    let headings = ["file", "line", "column", "check", "shape"];
    assert_eq!(table.headings(), headings);
    let line = |after: usize| (start + after).to_string();
    let expected = [
        [name, &line(1), "", "C01", ""],
        [name, &line(2), "", "C01", ""],
        [name, &line(5), "contact_date", "C03", "D{2}/D{2}/D{4}"],
    ];
    assert_eq!(table.rows(), expected);
}

#[test]
fn a_reject_after_a_blank_line_has_its_own_line() {
    let project = patient();
    let start = fs::read_to_string(project.path(CONTACTS)).unwrap().lines().count();
    let done = run_after(&project, CONTACTS, |text| format!("{text}\n\nZC1,CCONSHORT01\n"));
    assert_eq!(done.code, 0, "{}", done.stderr);
    let table = Table::read(&project.latest().join("restricted/rejects/community.csv"));
    assert_eq!(table.cell(&table.rows()[0], "line"), (start + 3).to_string());
}

#[test]
fn every_row_of_every_file_is_accounted_for() {
    for project in [Project::tiny(), Project::synth(&["--people", "1500", "--seed", "5"])] {
        let run = project.good_run(&[]);
        let inputs = inputs(&project);
        assert!(inputs.len() >= 24);
        assert!(inputs.iter().any(|input| input["rows"]["excluded"].as_u64() > Some(0)));
        let quality = Table::read(&run.join("internal/data_quality.csv"));
        for input in &inputs {
            let name = input["name"].as_str().unwrap();
            let read = quality
                .rows()
                .iter()
                .find(|row| quality.cell(row, "file") == name && quality.cell(row, "check") == "read")
                .unwrap();
            assert_eq!(quality.cell(read, "count"), input["rows"]["read"].to_string(), "{name}");
        }
    }
}

/// Runs after a change of one file; what it said must show no identifier.
fn run_after(project: &Project, name: &str, change: impl Fn(&str) -> String) -> Finished {
    let mut needles = Needles::of(project);
    project.edit(name, change);
    needles.add(project);
    let done = project.run(&[]);
    needles.assert_not_in(project, &done);
    done
}

#[test]
fn a_refusal_of_consent_without_a_client_id_stops_no_run() {
    let project = patient();
    let done = run_after(&project, CLIENTS, |text| {
        format!("{}\nZC1,,,Orlathe,Quimbrell,1987-03-14,ZQ1 1AA,female,A,no\n", text.trim_end())
    });
    assert_eq!(done.code, 0, "{}", done.stderr);
    inputs(&project);
}

#[test]
fn line_ends_of_windows_give_the_same_figures() {
    let project = patient();
    let first = project.good_run(&[]);
    let done = run_after(&project, "in/emergency_care/ZA1_ECDS.csv", |text| text.replace('\n', "\r\n"));
    assert_eq!(done.code, 0, "{}", done.stderr);
    let estimates = |run: &std::path::Path| fs::read(run.join("internal/estimates.csv")).unwrap();
    assert!(estimates(&first) == estimates(&project.latest()));
}

#[test]
fn line_ends_of_old_macs_give_the_same_figures() {
    let project = patient();
    let first = project.good_run(&[]);
    let done = run_after(&project, "in/emergency_care/ZA1_ECDS.csv", |text| text.replace('\n', "\r"));
    let estimates = |run: &std::path::Path| fs::read(run.join("internal/estimates.csv")).unwrap();
    assert_eq!(done.code, 0, "{}", done.stderr);
    assert!(estimates(&first) == estimates(&project.latest()));
}

#[test]
fn a_heading_row_alone_is_an_error() {
    let project = patient();
    let done =
        run_after(&project, "in/emergency_care/ZA1_ECDS.csv", |text| text.lines().next().unwrap().to_owned() + "\n");
    assert_eq!(done.code, 4, "{}", done.stdout);
}

#[test]
fn a_nul_byte_inside_a_field_is_an_error() {
    let project = patient();
    let done = run_after(&project, CONTACTS, |text| text.replacen(",attended,face", ",atten\0ded,face", 1));
    assert_eq!(done.code, 4, "{}", done.stdout);
}
