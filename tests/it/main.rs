//! The integration tests, in one binary because each links Polars. One module a subject:
//! `tiny` the hand-worked fixture, number by number;
//! `corpus` what fuzzing starts from and what it found (`fuzz/README.md`);
//! `coverage` before and after, against the planted truth;
//! `vectors` NHS numbers, tokens and hashes, against values made elsewhere;
//! `oracle_therapies` Talking Therapies figures, against plain loops over the raw extracts;
//! `oracle_services` figures of the trust, A&E, practices and charities, and what became of every row, likewise;
//! `linkage_truth` who was linked with whom, against who is who;
//! `linkage_right` how right linkage is, of 100,000 people, and the traps one by one;
//! `layers` which module may see which;
//! `same_bytes` the same inputs give the same bytes; `leak` no identifier leaves `restricted/` and `store/`;
//! `dialects` one table in every encoding, line end and delimiter, and files that are cut, broken or endless;
//! `dirty` one fault at a time, and the check, gate or error that finds it;
//! `missing_source` a source that sent nothing; `bad_input` each fault by its code, exit code and fix;
//! `unchanged` a second night; `rejects` rows that could not be used; `synth_command` the commands `synth` and `key`;
//! `someone_else` an export that nobody prepared, and its config;
//! `shapes` extracts as different senders write them; `submissions` months sent again;
//! `rejects` rows that could not be used; `synth_command` the commands `synth` and `key`;
//! `check` every fault of a delivery; `doctor` one file, one machine; `parquet_input` Parquet and pseudonymised files;
//! `properties` what holds for every figure of many small worlds.
//!
//! Helpers: `support` runs a fixture, `town` makes an invented town and runs it, `raw` reads its extracts as text,
//! `program` runs the program, `scan` looks for identifiers; `figures` counts by plain loops and compares, `known` says whose every record is.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking, and so do its helpers"
)]

mod bad_input;
#[path = "../../benches/linkage/charity.rs"]
mod charity;
mod check;
mod corpus;
mod coverage;
mod dialects;
mod dirty;
mod doctor;
#[path = "../../benches/linkage/extracts.rs"]
mod extracts;
mod figures;
#[path = "../../fuzz/properties/mod.rs"]
mod fuzzed;
mod known;
mod layers;
mod leak;
mod linkage_right;
mod linkage_truth;
mod missing_source;
mod oracle_services;
mod oracle_therapies;
mod parquet_input;
#[path = "../../benches/coverage/people.rs"]
mod people;
mod program;
mod properties;
mod raw;
mod rejects;
mod same_bytes;
mod scan;
#[path = "../../benches/linkage/score.rs"]
mod score;
mod shapes;
mod someone_else;
#[path = "../../benches/coverage/study.rs"]
mod study;
mod submissions;
mod support;
mod synth_command;
mod tiny;
mod town;
mod unchanged;
mod vectors;
#[path = "../../benches/linkage/whose.rs"]
mod whose;
