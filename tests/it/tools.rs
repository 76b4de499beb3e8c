//! Programs of others that some tests need: where they are absent a test says so and passes, but in CI it fails.

#![expect(clippy::disallowed_methods, reason = "what CI has is in the environment, as are the folders of programs")]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::root;

/// Says that a test is left out, and whether it may be: CI has what it needs, but for what `PATHLINK_ABSENT` names because it
/// could not be installed.
pub(crate) fn absent(tool: &str) {
    let is_known = std::env::var("PATHLINK_ABSENT").is_ok_and(|names| names.split(' ').any(|name| name == tool));
    let is_ci = std::env::var("PATHLINK_CI").is_ok_and(|ci| ci == "1");
    assert!(!is_ci || is_known, "{tool} is absent; .ci/run installs it");
    // Not by a macro, whose words are kept from whoever runs the tests as long as they pass.
    let words = format!("SKIPPED: {tool} is not on this machine; .ci/run installs it\n");
    std::io::stderr().write_all(words.as_bytes()).unwrap();
}

/// The first of some programs that is there; says that the test is left out where none is.
pub(crate) fn program(tool: &str, names: &[&str]) -> Option<PathBuf> {
    let folders: Vec<PathBuf> = std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()).collect();
    let found =
        names.iter().find_map(|name| folders.iter().map(|folder| folder.join(name)).find(|path| path.is_file()));
    if found.is_none() {
        absent(tool);
    }
    found
}

/// axe-core in one file: `PATHLINK_AXE`, or where `.ci/run` puts it.
pub(crate) fn axe() -> Option<PathBuf> {
    let named = std::env::var_os("PATHLINK_AXE").map(PathBuf::from);
    let cached = || Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache/pathlink-axe"));
    let path = named.or_else(|| Some(cached()?.join("node_modules/axe-core/axe.min.js")));
    let found = path.filter(|path| path.is_file());
    if found.is_none() {
        absent("axe");
    }
    found
}

/// Runs a program that must end well within two minutes; what it printed.
pub(crate) fn output_of(program: &Path, arguments: &[String]) -> String {
    let mut command = Command::new("timeout");
    let output = command.arg("120").arg(program).args(arguments).current_dir(root()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {said}", program.display());
    String::from_utf8(output.stdout).unwrap()
}
