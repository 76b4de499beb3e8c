//! The integration tests, in one binary because each links Polars. One module a subject:
//! `tiny` the hand-worked fixture, number by number;
//! `vectors` NHS numbers, tokens and hashes, against values made elsewhere;
//! `layers` which module may see which;
//!
