//! The integration tests, in one binary because each links Polars. One module a subject:
//! `tiny` the hand-worked fixture, number by number; `coverage` before and after against the planted truth.

mod coverage;
#[path = "../../benches/coverage/people.rs"]
mod people;
#[path = "../../benches/coverage/study.rs"]
mod study;
mod support;
mod tiny;
