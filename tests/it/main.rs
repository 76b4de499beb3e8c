//! The integration tests, in one binary because each links Polars. One module a subject:
//! `tiny` the hand-worked fixture, number by number.

mod support;
mod tiny;
