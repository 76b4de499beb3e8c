//! An export that a stranger wrote, and the config that a newcomer made for it from the README.

use std::fs;

use crate::program::{Project, pathlink};
use crate::support::root;

#[test]
fn a_strangers_export_is_read_with_config_alone() {
    let project = Project::of("someone_else");
    let done = project.run(&[]);
    assert_eq!(done.code, 0, "{}", done.stderr);
    let manifest = fs::read_to_string(project.latest().join("manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    let rows = |name: &str| -> Vec<u64> {
        let inputs = manifest["inputs"].as_array().unwrap();
        let input = inputs.iter().find(|input| input["name"] == name).unwrap();
        assert_eq!((&input["encoding"], &input["line_ends"]), (&"windows-1252".into(), &"crlf".into()));
        ["read", "kept", "rejected", "excluded"].map(|what| input["rows"][what].as_u64().unwrap()).into()
    };
    assert_eq!(rows("A&E attends Q4 final v2.csv"), [13, 8, 4, 1]);
    assert_eq!(rows("MH patients 31-03-26.csv"), [6, 6, 0, 0]);
    assert_eq!(rows("MH referrals 31-03-26.csv"), [6, 5, 1, 0]);
    assert_eq!(rows("MH contacts 31-03-26.csv"), [8, 8, 0, 0]);
    let folder = project.latest().join("restricted/rejects");
    let files = fs::read_dir(folder).unwrap().map(|file| fs::read_to_string(file.unwrap().path()).unwrap());
    let mut rejects: Vec<String> =
        files.flat_map(|text| text.lines().skip(1).map(str::to_owned).collect::<Vec<_>>()).collect();
    rejects.sort();
    let expected = [
        "A&E attends Q4 final v2.csv,11,Arrival_Date,C03,D{2}/D{2}/D{4}",
        "A&E attends Q4 final v2.csv,12,Arrival_Date,C03,D{4}-D{2}-D{2}",
        "A&E attends Q4 final v2.csv,13,Generated_Record_ID,C02,",
        "A&E attends Q4 final v2.csv,14,,C01,",
        "MH referrals 31-03-26.csv,6,ReferralRequestReceivedDate,C03,D{2}/D{2}/D{4}",
    ];
    assert_eq!(rejects, expected);
}

#[test]
fn without_its_config_the_message_says_where_to_put_the_name() {
    let project = Project::of("someone_else");
    project.edit("pathlink.toml", |text| text.replace("sources = ", "# sources = "));
    let done = project.run(&[]);
    assert_eq!(done.code, 4);
    assert!(done.stderr.starts_with("error INP01: no MHS001MPI file was found"), "{}", done.stderr);
    assert!(
        done.stderr.contains("\n  4 files lie there whose names fit no pattern of any source\n"),
        "{}",
        done.stderr
    );
    assert!(done.stderr.contains("add a pattern that fits it to `files` of MHS001MPI in mental_health.toml"));
}

#[test]
fn doctor_tells_a_newcomer_what_to_set() {
    let folder = root().join("fixtures/someone_else");
    let file = "received/A&E attends Q4 final v2.csv";
    let said = pathlink(&folder, &["--config", "../tiny/pathlink.toml", "doctor", "--file", file]).stdout;
    for wanted in
        ["encoding = \"windows-1252\"", "delimiter = \";\"", "the day comes first", "its name fits no pattern"]
    {
        assert!(said.contains(wanted), "{wanted}: {said}");
    }
}
