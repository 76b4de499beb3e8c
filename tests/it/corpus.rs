//! What fuzzing found and what it started from, under the same properties in every test run.

use std::fs;

use pathlink::sources::Sources;

use crate::fuzzed::{config, dates, nhs_number, reader, stage};
use crate::support::root;

/// Runs every file of a corpus; how many there are.
fn each(target: &str, holds: fn(&[u8])) -> usize {
    let files = fs::read_dir(root().join("fuzz/corpus").join(target)).unwrap();
    let files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    for path in &files {
        let bytes = fs::read(path).unwrap();
        let held = std::panic::catch_unwind(|| holds(&bytes));
        assert!(held.is_ok(), "{} does not hold", path.display());
    }
    files.len()
}

#[test]
fn every_file_of_the_corpus_holds() {
    type Holds = fn(&[u8]);
    let targets: [(&str, Holds); 5] = [
        ("reader", reader::holds),
        ("nhs_number", nhs_number::holds),
        ("dates", dates::holds),
        ("config", config::holds),
        ("stage", stage::holds),
    ];
    for (target, holds) in targets {
        assert!(each(target, holds) >= 10, "the corpus of {target} is not there");
    }
}

#[test]
fn every_declared_form_of_dates_is_fuzzed() {
    assert!(dates::has_every_declared_form(&Sources::load(None, None).unwrap()));
}
