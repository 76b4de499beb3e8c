//! pathlink
pub mod domain;
pub mod error;
pub mod frame;
pub mod identity;
pub mod ingest;
pub mod link;
pub mod metrics;
pub mod pathways;
pub mod rules;
pub mod run;
pub mod schema;
pub mod settings;
pub mod sources;
pub mod stats;
pub mod synth;
