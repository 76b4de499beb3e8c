//! The integration tests, in one binary because each links Polars. One module a subject:
//! `tiny` the hand-worked fixture, number by number; `same_bytes` the same inputs give the same bytes; `leak` no
//! identifier leaves `restricted/` and `store/`; `missing_source` a source that sent nothing; `bad_input` each fault by
//! its code, exit code and fix; `rejects` rows that could not be used; `synth_command` the commands `synth` and `key`.
//! `support`, `program` and `scan` are what these share.

#![expect(clippy::unwrap_used, clippy::panic, reason = "clippy.toml allows them in tests; the helpers of tests are tests too")]

mod bad_input;
mod leak;
mod missing_source;
mod program;
mod rejects;
mod same_bytes;
mod scan;
mod support;
mod synth_command;
mod tiny;
