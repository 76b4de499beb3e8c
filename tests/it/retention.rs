//! Retention: what of earlier nights goes, what stays, and that the last good run lacks nothing.

use std::fs;
use std::path::PathBuf;

use serde_json::Value as Json;

use crate::program::{Project, files_under, pathlink};

/// The names of the published runs, oldest first.
fn runs(project: &Project) -> Vec<String> {
    let names = fs::read_dir(project.path("runs")).unwrap().map(|entry| entry.unwrap().file_name());
    let mut runs: Vec<String> = names.map(|name| name.into_string().unwrap()).collect();
    runs.retain(|name| name.starts_with("20"));
    runs.sort();
    runs
}

/// What the store holds to save work.
fn store(project: &Project) -> Vec<PathBuf> {
    let cached = |path: &PathBuf| ["staged", "linked", "evaluated"].iter().any(|name| path.starts_with(name));
    files_under(&project.path("store")).into_keys().filter(cached).collect()
}

/// Three nights, each with other attendances.
fn three_nights(project: &Project) {
    for night in 0..3 {
        if night > 0 {
            project.edit("in/emergency_care/ZA1_ECDS.csv", |text| {
                let mut lines: Vec<&str> = text.lines().collect();
                lines.pop();
                lines.join("\n") + "\n"
            });
        }
        project.good_run(&["-q"]);
        // Two runs of one second would be told apart by chance alone.
        std::thread::sleep(std::time::Duration::from_millis(1100));
    }
}

#[test]
fn the_store_keeps_what_the_last_two_runs_were_made_from() {
    let project = Project::tiny();
    three_nights(&project);
    for cache in ["linked", "evaluated"] {
        assert_eq!(fs::read_dir(project.path("store").join(cache)).unwrap().count(), 2, "{cache}");
    }
    let ecds = fs::read_dir(project.path("store/staged/emergency_care")).unwrap().count();
    assert_eq!(ecds, 6, "rows and counts of a file that stayed, and of two nights of one that changed");
    // What the last run was made from is there: an unchanged night works nothing out again.
    let held = store(&project);
    project.good_run(&["-q"]);
    assert!(store(&project).iter().all(|path| held.contains(path)));
    assert_eq!(runs(&project).len(), 4);
}

#[test]
fn settings_say_how_many_runs_stay() {
    let project = Project::tiny();
    project.edit("pathlink.toml", |text| text.to_owned() + "\n[retention]\nruns = 2\nstore_runs = 1\n");
    three_nights(&project);
    assert_eq!(runs(&project).len(), 2);
    assert_eq!(fs::read_dir(project.path("store/linked")).unwrap().count(), 1);
    project.edit("pathlink.toml", |text| text.replace("store_runs = 1", "store_runs = 0"));
    assert_eq!(project.run(&[]).code, 3);
}

#[test]
fn purge_lists_first_and_never_takes_the_last_good_run() {
    let project = Project::tiny();
    three_nights(&project);
    let (all, last) = (runs(&project), project.latest());
    let whole = files_under(&last);
    let purge = |arguments: &[&str]| pathlink(&project.path(""), &[&["purge"], arguments].concat());
    assert_eq!(purge(&[]).code, 2);
    let listed = purge(&["--keep", "1"]);
    assert_eq!((listed.code, runs(&project)), (0, all.clone()));
    assert!(
        listed.stdout.contains(&format!("would delete run {}", all[0]))
            && listed.stdout.contains("nothing was deleted")
    );
    // Everything is younger than a day, so nothing is beyond both limits.
    assert_eq!(purge(&["--keep", "0", "--older-than", "1d", "--yes"]).code, 0);
    assert_eq!(runs(&project), all);
    let done = purge(&["--keep", "0", "--yes", "--json"]);
    assert_eq!(done.code, 0, "{}", done.stderr);
    let said: Json = serde_json::from_str(&done.stdout).unwrap();
    assert_eq!(said["runs"].as_array().unwrap().len(), 2);
    assert_eq!((runs(&project).len(), project.latest(), files_under(&last)), (1, last.clone(), whole));
    assert_eq!(fs::read_dir(project.path("store/linked")).unwrap().count(), 1);
    let held = store(&project);
    let again = project.good_run(&["-q"]);
    assert!(store(&project) == held, "what the last good run was made from was gone");
    assert!(
        fs::read(last.join("internal/estimates.csv")).unwrap()
            == fs::read(again.join("internal/estimates.csv")).unwrap()
    );
}

#[test]
fn what_a_kill_left_in_the_store_goes_and_what_is_no_run_stays() {
    let project = Project::tiny();
    project.good_run(&["-q"]);
    let planted = ["store/linked/aaaa.part", "store/evaluated/bbbb", "runs/check", "runs/rekey_v1_a_to_v2_b"];
    for name in planted {
        fs::create_dir_all(project.path(name)).unwrap();
    }
    let staged = files_under(&project.path("store/staged"))
        .into_keys()
        .find(|path| path.extension().unwrap() == "json")
        .unwrap();
    let half = project.path("store/staged").join(&staged).with_extension("7.json.part");
    fs::write(&half, "{").unwrap();
    fs::write(project.path("store/staged/gp/cccc.parquet"), "").unwrap();
    project.good_run(&["-q"]);
    let is_there = planted.map(|name| project.path(name).exists());
    assert_eq!(is_there, [false, false, true, true]);
    assert!(!half.exists() && !project.path("store/staged/gp/cccc.parquet").exists());
    assert!(project.path("store/staged").join(staged).exists());
}

/// A run folder as an earlier version wrote it: its manifest names no form, no parts of settings and nothing of the store.
#[test]
fn old_manifests_are_read_by_every_command() {
    let project = Project::tiny();
    let old = project.good_run(&["-q"]);
    let mut manifest: Json = serde_json::from_slice(&fs::read(old.join("manifest.json")).unwrap()).unwrap();
    for key in ["form", "store", "settings"] {
        assert!(manifest.as_object_mut().unwrap().remove(key).is_some(), "{key}");
    }
    fs::write(old.join("manifest.json"), serde_json::to_vec(&manifest).unwrap()).unwrap();
    let command = |arguments: &[&str]| {
        let done = pathlink(&project.path(""), arguments);
        assert_eq!(done.code, 0, "{arguments:?}: {}", done.stderr);
        done.stdout
    };
    assert!(command(&["plan"]).contains("nothing would be worked out again"));
    std::thread::sleep(std::time::Duration::from_millis(1100));
    project.good_run(&["-q"]);
    let name = old.file_name().unwrap().to_string_lossy().into_owned();
    assert!(command(&["compare", &name, "LATEST"]).contains(" 0 moved; 0 appeared, 0 are no longer shown"));
    command(&["purge", "--keep", "1", "--yes"]);
    assert!(!old.exists());
}
