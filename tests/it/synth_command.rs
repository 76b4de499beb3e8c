//! `pathlink synth` and `pathlink key`: the same seed, the same bytes; nothing is ever overwritten; no key is printed.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::program::{files_under, pathlink};

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_others() {
    let folder = tempfile::tempdir().unwrap();
    for (to, seed) in [("a", "7"), ("b", "7"), ("c", "8")] {
        let made = pathlink(folder.path(), &["synth", "--people", "300", "--seed", seed, "--to", to]);
        assert_eq!(made.code, 0, "{}", made.stderr);
        assert!(made.stdout.starts_with("300 invented people"), "{}", made.stdout);
    }
    let files = |name: &str| files_under(&folder.path().join(name));
    assert!(files("a").len() > 40);
    assert!(files("a") == files("b"), "the same seed gave other bytes");
    let (first, other) = (files("a"), files("c"));
    let people = first.keys().find(|path| path.ends_with("gp/list_gp_registration.csv")).unwrap();
    assert!(first[people] != other[people], "another seed gave the same people");
}

#[test]
fn synth_refuses_a_folder_that_is_not_empty() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("in")).unwrap();
    fs::write(folder.path().join("in/mine.txt"), "mine").unwrap();
    let made = pathlink(folder.path(), &["synth", "--people", "10", "--to", "in"]);
    assert_eq!(made.code, 9, "{}", made.stderr);
    assert!(made.stderr.contains("error OUT01:") && made.stderr.contains("fix:"), "{}", made.stderr);
    assert_eq!(files_under(&folder.path().join("in")).len(), 1);
}

#[test]
fn a_new_key_is_private_and_check_prints_no_key() {
    let folder = tempfile::tempdir().unwrap();
    let made = pathlink(folder.path(), &["key", "new", "--project", "my-project", "--to", "my.key"]);
    assert_eq!(made.code, 0, "{}", made.stderr);
    let path = folder.path().join("my.key");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o7777, 0o600);
    let text = fs::read_to_string(&path).unwrap();
    let parts: Vec<&str> = text.trim_end().split(' ').collect();
    let checked = pathlink(folder.path(), &["key", "check", "--key-file", "my.key"]);
    assert_eq!(checked.code, 0, "{}", checked.stderr);
    assert_eq!(checked.stdout, format!("project my-project version 1 check value {}\n", parts[4]));
    assert_eq!((checked.stdout.as_str(), checked.stderr.as_str()), (made.stdout.as_str(), ""));
    assert!(!made.stdout.contains(parts[3]) && !made.stderr.contains(parts[3]));
}

#[test]
fn key_new_never_overwrites() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("my.key");
    fs::write(&path, "mine").unwrap();
    std::os::unix::fs::symlink("elsewhere.key", folder.path().join("link.key")).unwrap();
    for to in ["my.key", "link.key"] {
        let made = pathlink(folder.path(), &["key", "new", "--project", "my-project", "--to", to]);
        assert_eq!(made.code, 7, "{}", made.stderr);
        assert!(made.stderr.contains("error KEY04:") && made.stderr.contains("fix:"), "{}", made.stderr);
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
    assert!(!folder.path().join("elsewhere.key").exists());
}

#[test]
fn two_new_keys_differ() {
    let folder = tempfile::tempdir().unwrap();
    for to in ["a.key", "b.key"] {
        assert_eq!(pathlink(folder.path(), &["key", "new", "--project", "p", "--to", to]).code, 0);
    }
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    assert_ne!(read("a.key"), read("b.key"));
}
