//! Publishing: the check that whoever gets a release can make.
//!
//! In: any folder that holds a release. Out: what is wrong with it. Leaves alone: what may be shown (`disclosure`).

mod contents;
pub mod verify;
