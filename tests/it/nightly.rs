//! A night without a person: the lock, waiting, dry runs, what is told beside the runs and to a scheduler.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value as Json;

use crate::program::{Finished, Project, files_under, pathlink};
use crate::scan::Needles;

const PEOPLE: &str = "in/mental_health/ZT1_MHS001MPI.csv";

fn last_attempt(project: &Project) -> String {
    fs::read_to_string(project.path("runs/last_attempt.txt")).unwrap()
}

fn log(path: &Path) -> Vec<Json> {
    let text = fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn object(done: &Finished) -> Json {
    serde_json::from_str(&done.stdout).unwrap_or_else(|_| panic!("not one object: {}", done.stdout))
}

/// A run that waits in a pipe that nobody writes to, with the lock held; and the file that the pipe stands for.
fn held_up(project: &Project) -> (Child, Vec<u8>) {
    let whole = fs::read(project.path(PEOPLE)).unwrap();
    fs::remove_file(project.path(PEOPLE)).unwrap();
    assert!(Command::new("mkfifo").arg(project.path(PEOPLE)).status().unwrap().success());
    let child = start(project);
    let has_lock = || {
        let held = fs::read_to_string(project.path("runs/.lock")).unwrap_or_default();
        held.contains(&format!("process {}, run ", child.id()))
    };
    for _ in 0..2000 {
        if !has_lock() {
            std::thread::sleep(Duration::from_millis(5));
        }
    }
    (child, whole)
}

fn start(project: &Project) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pathlink"));
    command.arg("run").current_dir(project.path("")).env_remove("PATHLINK_KEY_FILE");
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn replace_pipe(project: &Project, whole: &[u8]) {
    fs::remove_file(project.path(PEOPLE)).unwrap();
    fs::write(project.path(PEOPLE), whole).unwrap();
}

#[test]
fn a_second_run_is_told_whose_the_lock_is_and_a_waiting_one_gets_it() {
    let project = Project::tiny();
    let good = project.good_run(&[]);
    let before = (files_under(&good), last_attempt(&project));
    let (mut child, whole) = held_up(&project);
    let second = project.run(&["--json"]);
    assert_eq!(second.code, 8, "{}", second.stderr);
    assert!(second.stderr.contains(&format!("it is process {}, run 20", child.id())), "{}", second.stderr);
    let said = object(&second);
    assert_eq!((&said["retryable"], &said["exit_code"]), (&Json::Bool(true), &8.into()));
    assert_eq!(said["error"]["code"], "LCK01");
    // Whoever did not get the lock writes nothing among the runs.
    assert_eq!((files_under(&good), last_attempt(&project)), before);
    let busy = pathlink(&project.path(""), &["purge", "--keep", "1"]);
    assert_eq!(busy.code, 8, "{}", busy.stderr);
    let waiting = std::thread::scope(|scope| {
        let waiting = scope.spawn(|| project.run(&["--wait", "120s"]));
        std::thread::sleep(Duration::from_millis(500));
        assert!(!waiting.is_finished());
        replace_pipe(&project, &whole);
        child.kill().unwrap();
        child.wait().unwrap();
        waiting.join().unwrap()
    });
    assert_eq!(waiting.code, 0, "{}", waiting.stderr);
    assert_ne!(project.latest(), good);
}

#[test]
fn of_eight_runs_started_together_one_is_published_and_seven_end_with_8() {
    let project = Project::tiny();
    // The first to get the lock keeps it until the others have given up.
    let (mut first, whole) = held_up(&project);
    let others: Vec<Child> = (0..7).map(|_| start(&project)).collect();
    let codes: Vec<Option<i32>> =
        others.into_iter().map(|child| child.wait_with_output().unwrap().status.code()).collect();
    assert_eq!(codes, [Some(8); 7]);
    fs::write(project.path(PEOPLE), &whole).ok();
    first.kill().unwrap();
    first.wait().unwrap();
    replace_pipe(&project, &whole);
    let eight: Vec<Child> = (0..8).map(|_| start(&project)).collect();
    let codes: Vec<Option<i32>> =
        eight.into_iter().map(|child| child.wait_with_output().unwrap().status.code()).collect();
    assert!(codes.iter().all(|code| matches!(code, Some(0 | 8))), "{codes:?}");
    let published = codes.iter().filter(|code| **code == Some(0)).count();
    let names = fs::read_dir(project.path("runs")).unwrap().map(|entry| entry.unwrap().file_name());
    let runs = names.filter(|name| name.to_string_lossy().starts_with("20")).count();
    assert!(published >= 1 && runs == published, "{published} published, {runs} folders");
}

#[test]
fn a_dry_run_does_everything_and_publishes_nothing() {
    let project = Project::tiny();
    let good = project.good_run(&[]);
    let before = files_under(&good);
    project.edit("pathlink.toml", |text| text.replace("quarters = 4", "quarters = 3"));
    let done = project.run(&["--dry-run", "--json"]);
    assert_eq!(done.code, 0, "{}", done.stderr);
    let said = object(&done);
    assert_eq!((&said["published"], &said["folder"]), (&Json::Bool(false), &Json::Null));
    assert!(said["summary"].as_array().unwrap().iter().any(|line| line.as_str().unwrap().starts_with("read ")));
    assert_eq!((project.latest(), files_under(&good)), (good, before));
    assert!(last_attempt(&project).starts_with("pathlink: a dry run"));
    // Who was registered in it is forgotten: the next run is as if it had not been.
    project.good_run(&[]);
}

#[test]
fn the_last_attempt_is_told_in_a_screen_and_the_log_begins_and_ends_as_it_must() {
    let project = Project::tiny();
    let needles = Needles::of(&project);
    let good = project.good_run(&[]);
    let told = last_attempt(&project);
    let id = good.file_name().unwrap().to_string_lossy().into_owned();
    assert!(told.starts_with("pathlink: done in ") && told.contains(&id), "{told}");
    for line in fs::read_to_string(good.join("summary.txt")).unwrap().lines() {
        assert!(told.contains(line), "{line}");
    }
    let lines = log(&good.join("run.log.jsonl"));
    let (first, last) = (lines.first().unwrap(), lines.last().unwrap());
    assert_eq!(
        (first["version"].as_str(), first["as_of"].as_str()),
        (Some(env!("CARGO_PKG_VERSION")), Some("2026-03-31"))
    );
    assert_eq!(first["config_sha256"].as_str().unwrap().len(), 64);
    assert_eq!(last["exit_code"], 0);
    assert!(lines[1..lines.len() - 1].iter().all(|line| line["peak_mib"].as_u64().unwrap() > 0));
    fs::remove_file(project.path(PEOPLE)).unwrap();
    let failed = project.run(&["-q"]);
    assert_eq!(failed.code, 4);
    let told = last_attempt(&project);
    assert!(told.starts_with("pathlink: FAILED after ") && told.lines().count() <= 40, "{told}");
    for wanted in ["exit code 4", "error INP01", "  fix: ", &format!("the last good run is {id}"), "may succeed later"]
    {
        assert!(told.contains(wanted), "{wanted}: {told}");
    }
    let lines = log(&project.path("runs/last_attempt.log.jsonl"));
    assert_eq!((&lines[0]["step"], &lines.last().unwrap()["exit_code"]), (&"start".into(), &4.into()));
    assert!(needles.found_in(told.as_bytes()).is_empty());
}

#[test]
fn a_flag_says_the_day_in_place_of_the_settings() {
    let project = Project::tiny();
    let as_of = |run: &Path| {
        let manifest: Json = serde_json::from_slice(&fs::read(run.join("manifest.json")).unwrap()).unwrap();
        manifest["as_of"].as_str().unwrap().to_owned()
    };
    assert_eq!(as_of(&project.good_run(&[])), "2026-03-31");
    let by_day = project.good_run(&["--as-of", "2025-12-31"]);
    let by_period = project.good_run(&["--period", "2025/26 Q3"]);
    assert_eq!((as_of(&by_day), as_of(&by_period)), ("2025-12-31".to_owned(), "2025-12-31".to_owned()));
    let table = |run: &Path| fs::read(run.join("internal/estimates.csv")).unwrap();
    assert!(table(&by_day) == table(&by_period));
    assert_eq!(project.run(&["--as-of", "31/12/2025"]).code, 2);
    assert_eq!(project.run(&["--period", "last quarter"]).code, 2);
}

#[test]
fn force_reads_everything_again_and_gives_the_same_bytes() {
    let project = Project::tiny();
    let first = project.good_run(&[]);
    let staged = project.path("store/staged/mental_health");
    let one = fs::read_dir(&staged)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().unwrap() == "parquet")
        .unwrap();
    fs::write(&one, b"planted").unwrap();
    let again = project.good_run(&["--force"]);
    assert_ne!(fs::read(&one).unwrap(), b"planted");
    for name in ["internal/estimates.csv", "release/outcomes.csv", "release/costs.csv"] {
        assert!(fs::read(first.join(name)).unwrap() == fs::read(again.join(name)).unwrap(), "{name}");
    }
}

#[test]
fn warnings_count_only_where_they_are_to() {
    let project = Project::tiny();
    assert_eq!(project.run(&["-q", "--fail-on", "warn"]).code, 0);
    fs::write(project.path("in/gp/late list.csv"), "a,b\n1,2\n").unwrap();
    let done = project.run(&["-q"]);
    assert!(done.code == 0 && done.stdout.contains("warning INP13"), "{}", done.stdout);
    let done = project.run(&["-q", "--fail-on", "warn", "--json"]);
    assert_eq!(done.code, 1);
    let said = object(&done);
    assert_eq!((&said["exit_code"], &said["published"]), (&1.into(), &Json::Bool(true)));
    assert!(said["warnings"][0].as_str().unwrap().contains("INP13"));
    assert_eq!(pathlink(&project.path(""), &["check", "-q"]).code, 0);
    assert_eq!(pathlink(&project.path(""), &["check", "-q", "--fail-on", "warn"]).code, 1);
}

#[test]
fn every_command_gives_an_object_and_every_error_one_with_its_code() {
    let project = Project::tiny();
    for command in [&["describe", "errors"][..], &["doctor"], &["check"], &["run"], &["version"]] {
        let done = pathlink(&project.path(""), &[command, &["--json"]].concat());
        assert!(serde_json::from_str::<Json>(&done.stdout).is_ok(), "{command:?}: {}", done.stdout);
    }
    project.edit("pathlink.toml", |text| text.replace("[periods]", "[preiods]"));
    let done = project.run(&["--json"]);
    assert_eq!(done.code, 3);
    let said = object(&done);
    assert_eq!((&said["error"]["code"], &said["retryable"]), (&"CFG03".into(), &Json::Bool(false)));
    assert_eq!(said["command"], "run");
}

#[test]
fn messages_are_json_lines_where_they_are_asked_for_and_coloured_only_then() {
    let project = Project::tiny();
    let done = project.run(&["--log-format", "json"]);
    let steps: Vec<Json> = done.stderr.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(steps.iter().filter(|line| line["step"].is_string()).count() >= 5, "{}", done.stderr);
    let quiet = project.run(&[]);
    assert_eq!(quiet.stderr.lines().count(), 1, "{}", quiet.stderr);
    let told = project.run(&["-v", "--force"]);
    assert!(told.stderr.lines().count() > 5 && told.stderr.contains(" in, "), "{}", told.stderr);
    fs::remove_file(project.path(PEOPLE)).unwrap();
    assert!(!project.run(&[]).stderr.contains('\u{1b}'));
    assert!(project.run(&["--color", "always"]).stderr.starts_with("\u{1b}[1;31merror INP01\u{1b}[0m: "));
    let failed = project.run(&["--log-format", "json", "--color", "always"]);
    assert!(failed.stderr.lines().any(|line| serde_json::from_str::<Json>(line).unwrap()["error"]["code"] == "INP01"));
}

#[test]
fn planted_links_are_not_written_through() {
    let project = Project::tiny();
    project.good_run(&[]);
    let victim = project.path("victim");
    fs::write(&victim, "untouched").unwrap();
    for name in [".LATEST.part", ".last_attempt.txt.part", "last_attempt.txt"] {
        let _ = fs::remove_file(project.path("runs").join(name));
        std::os::unix::fs::symlink(&victim, project.path("runs").join(name)).unwrap();
    }
    project.good_run(&[]);
    assert_eq!(fs::read_to_string(&victim).unwrap(), "untouched");
    let lock = project.path("runs/.lock");
    fs::remove_file(&lock).unwrap();
    std::os::unix::fs::symlink(&victim, &lock).unwrap();
    assert_eq!(project.run(&[]).code, 9);
    assert_eq!(fs::read_to_string(&victim).unwrap(), "untouched");
    // A leftover that is a link is taken away, and what it leads to is not.
    fs::remove_file(&lock).unwrap();
    fs::create_dir(project.path("elsewhere")).unwrap();
    fs::write(project.path("elsewhere/file"), "kept").unwrap();
    std::os::unix::fs::symlink(project.path("elsewhere"), project.path("runs/.staging-old")).unwrap();
    project.good_run(&[]);
    assert!(project.path("elsewhere/file").exists() && !project.path("runs/.staging-old").exists());
}

#[test]
fn a_signal_ends_a_run_tidily_with_the_code_that_schedulers_know() {
    for (signal, code, id) in [("-INT", 130, "STP01"), ("-TERM", 143, "STP02")] {
        let project = Project::tiny();
        let good = project.good_run(&[]);
        let before = files_under(&good);
        let (child, whole) = held_up(&project);
        assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
        let done = child.wait_with_output().unwrap();
        assert_eq!(done.status.code(), Some(code));
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(said.contains(&format!("error {id}: ")), "{said}");
        assert!(last_attempt(&project).contains(&format!("exit code {code}")));
        let left = fs::read_dir(project.path("runs")).unwrap().map(|entry| entry.unwrap().file_name());
        assert_eq!(left.filter(|name| name.to_string_lossy().starts_with(".staging")).count(), 0);
        assert_eq!((project.latest(), files_under(&good)), (good, before));
        replace_pipe(&project, &whole);
        project.good_run(&[]);
    }
}

#[test]
fn time_zone_locale_and_terminal_change_no_byte() {
    let project = Project::tiny();
    let tables = |variables: &[(&str, &str)]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pathlink"));
        command.args(["run", "-q", "--force"]).current_dir(project.path("")).envs(variables.iter().copied());
        assert!(command.stdin(Stdio::null()).output().unwrap().status.success());
        let mut files = files_under(&project.latest());
        files.retain(|path, _| path.extension().is_some_and(|end| end == "csv"));
        files
    };
    let first = tables(&[]);
    assert!(first.len() > 10);
    let places = [
        ("TZ", "Pacific/Kiritimati"),
        ("LC_ALL", "tr_TR.UTF-8"),
        ("LANG", "de_DE"),
        ("COLUMNS", "20"),
        ("TERM", "dumb"),
        ("NO_COLOR", "1"),
    ];
    assert!(tables(&places) == first);
    assert!(tables(&[("TZ", "America/Los_Angeles"), ("LC_ALL", "C")]) == first);
}
