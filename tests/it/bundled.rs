//! The bundled extracts are what the program's own `synth` makes, and small enough to be bundled.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::program::pathlink;
use crate::support::root;

/// The one file of `synth` that is not bundled: nothing reads it there, and it is large.
const LEFT_OUT: &str = "truth/windows.csv";
/// Bytes.
const MOST: usize = 8_000_000;

fn files(folder: &Path, below: &str, found: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let name = format!("{below}{}", entry.file_name().into_string().unwrap());
        if entry.path().is_dir() {
            files(&entry.path(), &format!("{name}/"), found);
        } else {
            found.insert(name, fs::read(entry.path()).unwrap());
        }
    }
}

#[test]
fn the_bundled_extracts_are_those_of_synth() {
    let folder = tempfile::tempdir().unwrap();
    let made = pathlink(folder.path(), &["synth", "--people", "5000", "--seed", "1", "--to", "made", "-q"]);
    assert_eq!(made.code, 0, "{}", made.stderr);
    let (mut own, mut bundled) = (BTreeMap::new(), BTreeMap::new());
    files(&folder.path().join("made"), "", &mut own);
    files(&root().join("fixtures/year"), "", &mut bundled);
    assert!(own.remove(LEFT_OUT).is_some_and(|bytes| !bytes.is_empty()));
    assert_eq!(own.keys().collect::<Vec<_>>(), bundled.keys().collect::<Vec<_>>());
    let differing: Vec<&String> =
        own.iter().filter(|(name, bytes)| bundled[*name] != **bytes).map(|(name, _)| name).collect();
    assert!(differing.is_empty(), "made otherwise now, with `synth --people 5000 --seed 1`: {differing:?}");
    assert!(bundled.values().map(Vec::len).sum::<usize>() < MOST);
}
