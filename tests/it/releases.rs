//! `pathlink release` from outside: what whoever checks it and whoever gets it need is there, it passes the check, and the next one
//! is made with the last in mind.

use std::fs;
use std::path::PathBuf;

use crate::program::{Finished, Project, pathlink};

fn project() -> Project {
    let project = Project::synth(&["--people", "400", "--seed", "3"]);
    project.good_run(&[]);
    project
}

fn tell(project: &Project, arguments: &[&str]) -> Finished {
    pathlink(&project.path(""), arguments)
}

fn release(project: &Project, name: &str) -> Finished {
    tell(project, &["release", "LATEST", "--to", "out", "--recipient", name])
}

/// The one folder of a recipient.
fn folder(project: &Project, name: &str) -> PathBuf {
    let own = |entry: &fs::DirEntry| entry.file_name().to_string_lossy().starts_with(&format!("{name}-"));
    let found: Vec<PathBuf> =
        fs::read_dir(project.path("out")).unwrap().flatten().filter(own).map(|entry| entry.path()).collect();
    assert_eq!(found.len(), 1);
    found[0].clone()
}

#[test]
fn a_release_has_what_its_checker_needs_and_passes_the_check() {
    let project = project();
    let made = release(&project, "funder");
    assert_eq!(made.code, 0, "{}", made.stderr);
    let own = folder(&project, "funder");
    let path = own.display().to_string();
    let checked = tell(&project, &["verify", &path]);
    assert_eq!(checked.code, 0, "{}", checked.stderr);
    assert!(checked.stdout.contains("none was worked out"), "{}", checked.stdout);
    for name in ["checking/tables.csv", "checking/audit.txt", "checking/checklist.txt", "report.html", "outcomes.csv"] {
        assert!(own.join(name).is_file(), "{name}");
    }
}

#[test]
fn the_next_release_is_made_with_the_last_in_mind() {
    let project = project();
    assert_eq!(release(&project, "funder").code, 0);
    // The run does not know of it.
    let second = release(&project, "board");
    assert_eq!(second.code, 6);
    assert!(second.stderr.contains("SDC03") && second.stderr.contains("run again"), "{}", second.stderr);
    assert!(fs::read_dir(project.path("out")).unwrap().count() == 1, "nothing is left of a refused release");
    project.good_run(&[]);
    let again = release(&project, "board");
    assert_eq!(again.code, 0, "{}", again.stderr);
    // Nothing was revised: both have the same figures.
    for name in ["outcomes.csv", "demand.csv"] {
        let [first, second] = ["funder", "board"].map(|who| fs::read(folder(&project, who).join(name)).unwrap());
        assert!(first == second, "{name}");
    }
    let ledger = fs::read_to_string(project.path("store/releases.jsonl")).unwrap();
    assert_eq!(ledger.lines().count(), 2);
    for (line, who) in ledger.lines().zip(["funder", "board"]) {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(line["recipient"], who);
        assert!(line["tables"].as_array().unwrap().iter().any(|table| table["table"] == "outcomes"));
    }
    // A ledger that is damaged ends the run: what was released would not be known.
    fs::write(project.path("store/releases.jsonl"), "{").unwrap();
    let lost = project.run(&[]);
    assert_eq!(lost.code, 9, "{}", lost.stderr);
    assert!(lost.stderr.contains("STO01"), "{}", lost.stderr);
}

#[test]
fn a_recipient_has_a_plain_name_and_a_folder_of_its_own() {
    let project = project();
    for name in ["", "../funder", "a/b", "the funder"] {
        let refused = release(&project, name);
        assert_eq!(refused.code, 2, "{name}: {}", refused.stderr);
    }
    assert_eq!(release(&project, "funder").code, 0);
    project.good_run(&[]);
    let twice = release(&project, "funder");
    assert_eq!(twice.code, 9, "{}", twice.stderr);
}
