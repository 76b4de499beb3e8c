//! `pathlink verify`, from outside: a release that was touched does not pass, and what it says never holds a figure.

use std::fs;
use std::path::Path;

use pathlink::domain::hex;
use sha2::{Digest, Sha256};

use crate::program::{Finished, Project, pathlink};

/// Lists the files of a release anew, as somebody would who has changed one and hides it.
fn list_anew(folder: &Path) {
    let mut lines = Vec::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name != "checksums.sha256" {
            let hash = hex::lower(&Sha256::digest(fs::read(entry.path()).unwrap()));
            lines.push(format!("{hash}  {name}\n"));
        }
    }
    fs::write(folder.join("checksums.sha256"), lines.concat()).unwrap();
}

/// A release of which only tables without hidden rows are left: nothing can be worked out from it.
fn release(project: &Project) -> std::path::PathBuf {
    let own = project.good_run(&[]).join("release");
    for entry in fs::read_dir(&own).unwrap().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if !["cohort_flow.csv", "cohort_flow.csv-metadata.json", "demand.csv", "demand.csv-metadata.json"]
            .contains(&name.as_str())
        {
            fs::remove_file(entry.path()).unwrap();
        }
    }
    // Without breakdowns, percentages and pathways the hidden rows stand alone.
    let demand = fs::read_to_string(own.join("demand.csv")).unwrap();
    let mut lines = demand.lines();
    let head = lines.next().unwrap();
    let keep = |line: &&str| line.contains(",everyone,") && line.contains(",all,all,") && line.contains(",count,");
    let kept: Vec<&str> = [head].into_iter().chain(lines.filter(keep)).collect();
    fs::write(own.join("demand.csv"), kept.join("\r\n") + "\r\n").unwrap();
    list_anew(&own);
    own
}

fn verify(project: &Project, folder: &Path) -> Finished {
    pathlink(&project.path(""), &["verify", &folder.display().to_string()])
}

#[test]
fn a_release_that_was_touched_does_not_pass() {
    let project = Project::synth(&["--people", "400", "--seed", "3"]);
    let own = release(&project);
    let checked = verify(&project, &own);
    assert_eq!(checked.code, 0, "{}", checked.stderr);
    assert!(checked.stdout.contains("none was worked out"), "{}", checked.stdout);
    let refused = |what: &str| {
        let checked = verify(&project, &own);
        assert_eq!(checked.code, 6, "{what}: {}", checked.stderr);
        assert!(checked.stderr.contains("SDC02") && checked.stderr.contains(what), "{what}: {}", checked.stderr);
    };
    let demand = own.join("demand.csv");
    let whole = fs::read_to_string(&demand).unwrap();

    // One digit.
    let is_shown =
        |line: &&str| line.split(',').nth(8).is_some_and(|cell| cell.parse::<u64>().is_ok_and(|count| count > 0));
    let line = whole.lines().find(is_shown).unwrap();
    let number = line.split(',').nth(8).unwrap();
    fs::write(&demand, whole.replacen(line, &line.replace(&format!(",{number},"), &format!(",{number}1,")), 1))
        .unwrap();
    refused("demand.csv is not as it was made");
    list_anew(&own);
    refused("is not rounded to the nearest 5");

    // One hidden cell, shown.
    let hidden = whole.lines().find(|line| line.contains(",all,all,,,,,count,")).unwrap();
    fs::write(&demand, whole.replacen(hidden, &hidden.replacen(",all,all,,,,,", ",all,all,5,,5,5,", 1), 1)).unwrap();
    list_anew(&own);
    refused("it is marked as hidden");

    // A word where a number belongs, a column less.
    fs::write(&demand, whole.replacen(line, &line.replace(&format!(",{number},"), ",many,"), 1)).unwrap();
    list_anew(&own);
    refused("is no integer");
    fs::write(&demand, whole.replacen("period_start", "started", 1)).unwrap();
    list_anew(&own);
    refused("does not have the columns that its metadata names");

    // One file less, one more, and no rules.
    fs::write(&demand, &whole).unwrap();
    list_anew(&own);
    assert_eq!(verify(&project, &own).code, 0);
    fs::rename(own.join("cohort_flow.csv"), project.path("away.csv")).unwrap();
    refused("cohort_flow.csv is missing");
    fs::rename(project.path("away.csv"), own.join("cohort_flow.csv")).unwrap();
    fs::write(own.join("extra.txt"), "more").unwrap();
    refused("extra.txt is not part of the release");
    fs::remove_file(own.join("extra.txt")).unwrap();
    fs::remove_file(own.join("demand.csv-metadata.json")).unwrap();
    list_anew(&own);
    refused("demand.csv-metadata.json is missing");
}

#[test]
fn a_folder_that_is_no_release_is_told() {
    let project = Project::synth(&["--people", "40", "--seed", "1"]);
    let checked = verify(&project, &project.path("nowhere"));
    assert_eq!(checked.code, 6, "{}", checked.stderr);
    let checked = verify(&project, &project.path("in"));
    assert_eq!(checked.code, 6, "{}", checked.stderr);
    assert!(checked.stderr.contains("checksums.sha256 is missing"), "{}", checked.stderr);
}
