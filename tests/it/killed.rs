//! Killed: what a run leaves that is killed at any moment, and whether a crash could write a core.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::program::{Project, files_under, pathlink};
use crate::scan::{Needles, key_bytes};

/// An invented town under a key of its own.
fn town() -> (Project, Needles, Vec<u8>) {
    let project = Project::synth(&["--people", "4000", "--seed", "8"]);
    assert_eq!(pathlink(&project.path(""), &["key", "new", "--project", "invented", "--to", "project.key"]).code, 0);
    project.edit("pathlink.toml", |text| text.replace("demo = true", "file = \"project.key\""));
    let key = key_bytes(&project.path("project.key"));
    let mut needles = Needles::of(&project);
    needles.add_key(&key);
    fs::create_dir(project.path("tmp")).unwrap();
    (project, needles, key)
}

fn start(project: &Project) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pathlink"));
    command.args(["run", "-q"]).current_dir(project.path("")).env_remove("PATHLINK_KEY_FILE");
    command.env("TMPDIR", project.path("tmp")).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

#[expect(clippy::disallowed_methods, reason = "a test of moments needs to know how long a run takes")]
fn duration(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

/// Whether a path of the project is closed to everybody else: below a folder that only its owner may enter.
fn is_closed(project: &Project, path: &Path) -> bool {
    let mut at = project.path("");
    path.iter().any(|part| {
        at.push(part);
        at.is_dir() && fs::metadata(&at).unwrap().permissions().mode() & 0o777 == 0o700
    })
}

/// Everything but the inputs and the key file itself.
fn written(project: &Project) -> impl Iterator<Item = (std::path::PathBuf, Vec<u8>)> {
    files_under(&project.path(""))
        .into_iter()
        .filter(|(path, _)| !path.starts_with("in") && !path.ends_with("project.key"))
}

#[test]
fn a_killed_run_leaves_identifiers_only_where_they_may_be() {
    let (project, needles, key) = town();
    let whole = duration(|| assert!(start(&project).wait().unwrap().success()));
    let good = fs::read(project.path("runs/LATEST")).unwrap();
    let last = files_under(&project.latest());
    let (mut killed, mut with_rows) = (0, 0);
    for moment in 0..12 {
        fs::remove_dir_all(project.path("store")).unwrap();
        let mut child = start(&project);
        std::thread::sleep(whole * moment / 12 + Duration::from_millis(1));
        killed += u32::from(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        child.wait().unwrap();
        with_rows += u32::from(project.path("store/staged").exists());
        for (path, bytes) in written(&project) {
            let shown = path.display();
            assert!(memchr::memmem::find(&bytes, &key).is_none(), "the key's bytes are in {shown}");
            if is_closed(&project, &path) {
                let inside = ["store", "runs"].iter().any(|top| path.starts_with(top));
                assert!(inside, "{shown} is an unknown closed place");
            } else {
                assert!(needles.found_in(&bytes).is_empty(), "in {shown} at moment {moment}");
                assert!(needles.found_in(path.to_string_lossy().as_bytes()).is_empty(), "in a file's name");
            }
        }
        assert_eq!(fs::read_dir(project.path("tmp")).unwrap().count(), 0, "a temporary file was left");
        if fs::read(project.path("runs/LATEST")).unwrap() == good {
            assert!(files_under(&project.path("runs").join(String::from_utf8_lossy(&good).trim())) == last);
        }
        fs::create_dir_all(project.path("store")).unwrap();
    }
    assert!(killed >= 6 && with_rows >= 4, "{killed} were killed, {with_rows} of them with staged rows");
    // The next run cleans up and is as good as any.
    assert!(start(&project).wait().unwrap().success());
    let left = fs::read_dir(project.path("runs")).unwrap().map(|entry| entry.unwrap().file_name());
    assert_eq!(left.filter(|name| name.to_string_lossy().starts_with(".staging")).count(), 0);
}

#[test]
fn no_core_is_written_once_a_run_has_begun() {
    let project = Project::tiny();
    // A pipe that nobody writes to: the run waits in it with its key read.
    let extract = project.path("in/mental_health/ZT1_MHS001MPI.csv");
    fs::remove_file(&extract).unwrap();
    assert!(Command::new("mkfifo").arg(&extract).status().unwrap().success());
    let mut child = start_in(&project);
    let staging = || {
        let entries = fs::read_dir(project.path("runs")).into_iter().flatten().flatten();
        entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(".staging")).count()
    };
    for _ in 0..4000 {
        if staging() == 0 {
            std::thread::sleep(Duration::from_millis(5));
        }
    }
    let limits = fs::read_to_string(format!("/proc/{}/limits", child.id())).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    let cores = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    let sizes: Vec<&str> = cores["Max core file size".len()..].split_whitespace().collect();
    assert_eq!(sizes, ["0", "0", "bytes"]);
}

fn start_in(project: &Project) -> Child {
    let mut command = Command::new("sh");
    // A limit of cores that the program has to take down itself.
    command.args(["-c", "ulimit -c unlimited 2>/dev/null; exec \"$0\" run -q", env!("CARGO_BIN_EXE_pathlink")]);
    command.current_dir(project.path("")).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}
