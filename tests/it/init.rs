//! A new project, made by the program: it runs at once, says nothing invented where it is not the example, and is closed.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::program::pathlink;

#[test]
fn an_example_runs_at_once_and_is_never_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let made = pathlink(folder.path(), &["init", "project", "--example", "stockport"]);
    assert_eq!(made.code, 0, "{}", made.stderr);
    let project = folder.path().join("project");
    let done = pathlink(&project, &["run", "-q"]);
    assert_eq!(done.code, 0, "{}", done.stderr);
    assert!(done.stdout.starts_with("demonstration: "));
    let latest = fs::read_to_string(project.join("runs/LATEST")).unwrap();
    let funder = project.join("runs").join(latest.trim()).join("release/funder_summary.csv");
    let funder = fs::read_to_string(funder).unwrap();
    assert!(funder.lines().count() > 5);
    assert_eq!(pathlink(&project, &["check", "-q"]).code, 0);
    let again = pathlink(folder.path(), &["init", "project"]);
    assert_eq!(again.code, 9);
    assert!(again.stderr.contains("pathlink.toml is already there"), "{}", again.stderr);
    let ignored = fs::read_to_string(project.join(".gitignore")).unwrap();
    assert!(["keys/", "in/", "runs/", "store/", "*.key"].iter().all(|name| ignored.lines().any(|line| line == *name)));
    assert_eq!(fs::metadata(project.join("keys")).unwrap().permissions().mode() & 0o777, 0o700);
    let readme = fs::read_to_string(project.join("README.md")).unwrap();
    assert!(readme.contains("15 2 * * *") && readme.contains("runs/last_attempt.txt"));
}

#[test]
fn a_project_of_ones_own_asks_for_a_key_and_for_extracts() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(pathlink(folder.path(), &["init", "."]).code, 0);
    let done = pathlink(folder.path(), &["run"]);
    assert_eq!(done.code, 7, "{}", done.stderr);
    assert!(done.stderr.contains("pathlink key new"), "{}", done.stderr);
    assert_eq!(pathlink(folder.path(), &["key", "new", "--project", "mine", "--to", "keys/project.key"]).code, 0);
    let done = pathlink(folder.path(), &["run"]);
    assert_eq!(done.code, 4, "{}", done.stderr);
    assert!(done.stderr.starts_with("error INP01: "), "{}", done.stderr);
}

#[test]
fn completions_and_manual_pages_know_every_command() {
    let folder = tempfile::tempdir().unwrap();
    let help = pathlink(folder.path(), &["--help"]).stdout;
    let commands: Vec<&str> = help
        .split("Commands:")
        .nth(1)
        .unwrap()
        .split("Options:")
        .next()
        .unwrap()
        .lines()
        .filter_map(|line| line.strip_prefix("  ").filter(|line| !line.starts_with(' '))?.split_whitespace().next())
        .filter(|word| *word != "help")
        .collect();
    assert!(commands.len() >= 15, "{commands:?}");
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let text = pathlink(folder.path(), &["completions", shell]).stdout;
        assert!(commands.iter().all(|command| text.contains(command)), "{shell}");
    }
    assert_eq!(pathlink(folder.path(), &["man", "man"]).code, 0);
    for command in commands {
        let page = fs::read_to_string(folder.path().join(format!("man/pathlink-{command}.1"))).unwrap();
        assert!(page.contains(".SH SYNOPSIS"), "{command}");
    }
}
