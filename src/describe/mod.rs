//! Describe: what the program knows of itself, for people. In: declarations and settings. Out: text or Markdown. No extract
//! and no key is read.
//!
//! Each topic is a folder or file of its own that makes [`Block`]s; [`page`] writes them. `catalogue` holds those that
//! are lists of declared things.

pub mod business_case;
pub mod catalogue;
pub mod page;
pub mod scale;
pub mod schema;
pub mod security;
mod wrap;

pub use page::{Block, Format, json, write};
pub use security::{Facts, Part};
