//! Faults: a run is stopped at every point, in every way, and leaves nothing half done. Compiled with the feature `faults`
//! alone, which builds the points into the program.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use pathlink::fault;

use crate::program::{Project, files_under};
use crate::scan::Needles;

/// A run with a fault.
fn run(project: &Project, asked: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pathlink"));
    command.args(["run", "-q"]).current_dir(project.path("")).env("PATHLINK_FAULT", asked).stdin(Stdio::null());
    command.env_remove("PATHLINK_KEY_FILE").output().unwrap()
}

/// Every table of a run but those that say what changed since the run before, by its path.
fn tables(run: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = files_under(run);
    files.retain(|path, _| path.extension().is_some_and(|end| end == "csv"));
    assert!(files.len() > 20);
    files
}

/// Whether anything is left that only an unfinished run has.
fn leftovers(project: &Project) -> Vec<PathBuf> {
    let unfinished = |path: &PathBuf| {
        path.iter().any(|part| {
            let name = part.to_string_lossy();
            name.starts_with(".staging") || name.ends_with(".part")
        })
    };
    ["runs", "store"].iter().flat_map(|top| files_under(&project.path(top)).into_keys()).filter(unfinished).collect()
}

/// Two nights: the second has one more row of attendances. What the second comes to where nothing happens.
fn two_nights() -> (Project, BTreeMap<PathBuf, Vec<u8>>) {
    let project = night();
    next_night(&project);
    let undisturbed = tables(&project.good_run(&["-q"]));
    (project, undisturbed)
}

fn night() -> Project {
    let project = Project::tiny();
    project.good_run(&["-q"]);
    project
}

fn next_night(project: &Project) {
    project.edit("in/emergency_care/ZA1_ECDS.csv", |text| {
        let mut lines: Vec<&str> = text.lines().collect();
        lines.pop();
        lines.join("\n") + "\n"
    });
}

#[test]
fn a_run_killed_at_any_point_leaves_the_last_good_one_and_the_next_is_as_if_nothing_had_been() {
    let (_whole, undisturbed) = two_nights();
    for point in fault::POINTS.map(|point| point.name) {
        let project = night();
        let (good, id) = (project.latest(), fs::read(project.path("runs/LATEST")).unwrap());
        let before = files_under(&good);
        next_night(&project);
        let killed = run(&project, &format!("{point}:kill"));
        assert_eq!(killed.status.code(), None, "{point}: the run was not killed");
        if fault::POINTS.iter().any(|one| one.name == point && one.is_published) {
            // `LATEST` was replaced before the kill: the new run is whole.
            assert!(tables(&project.latest()) == undisturbed, "{point}");
        } else {
            assert_eq!(fs::read(project.path("runs/LATEST")).unwrap(), id, "{point}");
        }
        assert!(files_under(&good) == before, "{point}: the last good run was touched");
        let next = project.good_run(&["-q"]);
        assert!(tables(&next) == undisturbed, "{point}: other bytes");
        assert_eq!(leftovers(&project), Vec::<PathBuf>::new(), "{point}");
        println!("kill -9 at {point:<9} last good run untouched; the next run gives the same bytes");
    }
}

#[test]
fn a_signal_at_any_point_ends_tidily() {
    for point in fault::POINTS.map(|point| point.name) {
        let project = night();
        let before = files_under(&project.latest());
        let good = project.latest();
        next_night(&project);
        let mut command = Command::new(env!("CARGO_BIN_EXE_pathlink"));
        command.args(["run", "-q"]).current_dir(project.path("")).env("PATHLINK_FAULT", format!("{point}:wait"));
        let child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(1500));
        assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
        let done = child.wait_with_output().unwrap();
        assert_eq!(done.status.code(), Some(143), "{point}");
        assert!(
            files_under(&good) == before && leftovers(&project).iter().all(|path| !path.starts_with("runs")),
            "{point}"
        );
        println!("SIGTERM at {point:<9} exit 143, staging gone, last good run untouched");
    }
}

#[test]
fn a_panic_shows_no_value_and_leaves_nothing_half_done() {
    for point in fault::POINTS.map(|point| point.name) {
        let project = night();
        let (good, before) = (project.latest(), files_under(&project.latest()));
        let needles = Needles::of(&project);
        next_night(&project);
        let done = run(&project, &format!("{point}:panic"));
        assert_eq!(done.status.code(), Some(70), "{point}");
        let said = format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
        assert!(said.contains("BUG01") && !said.contains("9534761028") && !said.contains("payload"), "{point}: {said}");
        assert!(needles.found_in(said.as_bytes()).is_empty(), "{point}");
        assert!(files_under(&good) == before, "{point}");
        let left = leftovers(&project);
        assert!(
            left.iter().all(|path| !path.iter().any(|part| part.to_string_lossy().starts_with(".staging"))),
            "{point}: {left:?}"
        );
        println!("panic at {point:<9} exit 70, no value shown, last good run untouched");
    }
}

#[test]
fn an_input_that_grows_while_it_is_read_ends_the_run() {
    let project = night();
    let good = project.latest();
    next_night(&project);
    let grows = project.path("in/emergency_care/ZA1_ECDS.csv");
    let done = run(&project, &format!("staging:append:{}", grows.display()));
    assert_eq!(done.status.code(), Some(4), "{}", String::from_utf8_lossy(&done.stderr));
    assert!(String::from_utf8_lossy(&done.stderr).starts_with("error INP03: "));
    assert_eq!(project.latest(), good);
    project.good_run(&["-q"]);
}
