//! The program as its users start it: a project in a temporary folder, a run of it, and what it said and wrote.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::root;

/// What a finished program left: its exit code and what it said.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Starts the program in `folder` and waits for it.
pub(crate) fn pathlink(folder: &Path, arguments: &[&str]) -> Finished {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pathlink"));
    finish(command.args(arguments).current_dir(folder))
}

/// The same with `PATHLINK_KEY_FILE` set; empty for not.
pub(crate) fn pathlink_with(folder: &Path, arguments: &[&str], key_file: &str) -> Finished {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pathlink"));
    said(command.args(arguments).current_dir(folder).env("PATHLINK_KEY_FILE", key_file))
}

fn finish(command: &mut Command) -> Finished {
    said(command.env_remove("PATHLINK_KEY_FILE"))
}

fn said(command: &mut Command) -> Finished {
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Finished { code: output.status.code().unwrap_or(-1), stdout: text(output.stdout), stderr: text(output.stderr) }
}

/// A project in a temporary folder: `pathlink.toml`, extracts under `in/`, outputs under `runs/` and `store/`.
pub(crate) struct Project {
    folder: tempfile::TempDir,
}

impl Project {
    /// The hand-worked fixture.
    pub(crate) fn tiny() -> Self {
        let project = Self { folder: tempfile::tempdir().unwrap() };
        copy_tree(&root().join("fixtures/tiny"), &project.path("in"));
        let config = fs::read_to_string(project.path("in/pathlink.toml")).unwrap();
        let config = config.replace("../../runs/tiny", "runs").replace("../../store/tiny", "store");
        let config = ["mental_health", "emergency_care", "talking_therapies", "gp", "community"]
            .iter()
            .fold(config, |text, source| {
                text.replace(&format!("folder = \"{source}\""), &format!("folder = \"in/{source}\""))
            });
        let config = config.replace("\"coverage.csv\"", "\"in/coverage.csv\"").replace("\"lookups/", "\"in/lookups/");
        fs::write(project.path("pathlink.toml"), config.replace("\"pathways.toml\"", "\"in/pathways.toml\"")).unwrap();
        project
    }

    /// The bundled people, under the settings that `synth` writes.
    pub(crate) fn year() -> Self {
        let project = Self::synth(&["--people", "40", "--seed", "1"]);
        fs::remove_dir_all(project.path("in")).unwrap();
        copy_tree(&root().join("fixtures/year"), &project.path("in"));
        project
    }

    /// A fixture whose own config names its outputs `../../runs/NAME` and `../../store/NAME`.
    pub(crate) fn of(fixture: &str) -> Self {
        let project = Self { folder: tempfile::tempdir().unwrap() };
        copy_tree(&root().join("fixtures").join(fixture), &project.path(""));
        project.edit("pathlink.toml", |text| text.replace(&format!("/{fixture}\""), "\"").replace("\"../../", "\""));
        project
    }

    /// The clean set of `fixtures/dirty`, with the files of one of its folders in place of its own.
    pub(crate) fn dirty(folder: Option<&str>) -> Self {
        let project = Self { folder: tempfile::tempdir().unwrap() };
        let all = root().join("fixtures/dirty");
        copy_tree(&all.join("clean"), &project.path("in"));
        if let Some(folder) = folder {
            copy_tree(&all.join(folder), &project.path("in"));
        }
        if project.path("in/before").exists() {
            fs::rename(project.path("in/before"), project.path("runs")).unwrap();
        }
        let config = fs::read_to_string(project.path("in/pathlink.toml")).unwrap();
        let config = config.replace("folder = \"", "folder = \"in/").replace("\"totals.csv\"", "\"in/totals.csv\"");
        fs::write(project.path("pathlink.toml"), config).unwrap();
        project
    }

    /// A world made by the program's own `synth`.
    pub(crate) fn synth(options: &[&str]) -> Self {
        let project = Self { folder: tempfile::tempdir().unwrap() };
        let made = pathlink(project.folder.path(), &[&["synth", "--to", "in", "-q"], options].concat());
        assert_eq!(made.code, 0, "{}", made.stderr);
        let config = fs::read_to_string(root().join("config/pathlink.toml")).unwrap();
        let config = config
            .replace("../fixtures/year", "in")
            .replace("\"../", "\"")
            .replace("pathways/stockport.toml", "pathways.toml")
            .replace("business_cases = [\"business_case/stockport.toml\"]", "business_cases = []");
        fs::write(project.path("pathlink.toml"), config).unwrap();
        fs::copy(root().join("config/pathways/stockport.toml"), project.path("pathways.toml")).unwrap();
        fs::copy(root().join("config/analysis_plan.toml"), project.path("analysis_plan.toml")).unwrap();
        project
    }

    /// A path of the project.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// `pathlink run` with more arguments.
    pub(crate) fn run(&self, arguments: &[&str]) -> Finished {
        pathlink(self.folder.path(), &[&["run"], arguments].concat())
    }

    /// `pathlink run` in at most so many KiB of address space, with more arguments.
    pub(crate) fn run_within(&self, arguments: &[&str], kib: u64) -> Finished {
        let mut command = Command::new("sh");
        let limited = format!("ulimit -v {kib} && exec \"$0\" \"$@\"");
        command.args(["-c", &limited, env!("CARGO_BIN_EXE_pathlink"), "run"]).args(arguments);
        finish(command.current_dir(self.folder.path()))
    }

    /// A run that must succeed; its folder.
    pub(crate) fn good_run(&self, arguments: &[&str]) -> PathBuf {
        let done = self.run(arguments);
        assert_eq!(done.code, 0, "{}", done.stderr);
        self.latest()
    }

    /// The folder that `LATEST` names.
    pub(crate) fn latest(&self) -> PathBuf {
        self.path("runs").join(fs::read_to_string(self.path("runs/LATEST")).unwrap().trim())
    }

    /// Changes the text of a file.
    pub(crate) fn edit(&self, name: &str, change: impl Fn(&str) -> String) {
        let text = fs::read_to_string(self.path(name)).unwrap();
        let changed = change(&text);
        assert_ne!(text, changed, "{name} was not changed");
        fs::write(self.path(name), changed).unwrap();
    }
}

/// Copies a folder with everything in it.
pub(crate) fn copy_tree(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        if entry.path().is_dir() {
            copy_tree(&entry.path(), &to.join(entry.file_name()));
        } else {
            fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

/// Every file under a folder, by its path within it, with its bytes.
pub(crate) fn files_under(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).into_iter().flatten().map(Result::unwrap) {
            if entry.path().is_dir() {
                folders.push(entry.path());
            } else {
                files.insert(entry.path().strip_prefix(folder).unwrap().to_owned(), fs::read(entry.path()).unwrap());
            }
        }
    }
    files
}

/// The column of a table by its heading, and the rows.
pub(crate) struct Table {
    headings: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// Reads a CSV file.
    pub(crate) fn read(path: &Path) -> Self {
        let mut reader = csv::Reader::from_path(path).unwrap();
        let headings = reader.headers().unwrap().iter().map(str::to_owned).collect();
        Self { headings, rows: crate::support::csv_rows(path) }
    }

    /// The rows.
    pub(crate) fn rows(&self) -> &[Vec<String>] {
        &self.rows
    }

    /// The headings.
    pub(crate) fn headings(&self) -> &[String] {
        &self.headings
    }

    /// A row's cell under a heading.
    pub(crate) fn cell<'a>(&self, row: &'a [String], heading: &str) -> &'a str {
        let at = self.headings.iter().position(|name| name == heading);
        &row[at.unwrap_or_else(|| panic!("no heading {heading}"))]
    }
}
