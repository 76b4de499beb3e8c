//! The part of pathlink that meets foreign bytes, from its own source files, under its own name.

#![forbid(unsafe_code)]

#[path = "../src/domain/mod.rs"]
pub mod domain;
#[path = "../src/error.rs"]
pub mod error;
#[path = "../src/fault.rs"]
pub mod fault;
#[path = "../src/identity/mod.rs"]
pub mod identity;
#[path = "../src/ingest/mod.rs"]
pub mod ingest;
#[path = "../src/schema/mod.rs"]
pub mod schema;
#[path = "../src/settings/mod.rs"]
pub mod settings;
#[path = "../src/sources/mod.rs"]
pub mod sources;
