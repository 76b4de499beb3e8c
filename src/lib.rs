//! pathlink: from extracts of five kinds of service to figures about a redesigned care pathway.
//!
//! ```text
//! Extract ─ingest─▶ Staged ─link─▶ Linked ─pathways─▶ Pathways ─metrics─▶ Estimates ─disclosure─▶ Release ─output─▶ files
//!            │                                                                              (only this is for others)
//!            └─▶ rejects and tallies
//! ```
//!
//! [`run::run`] is the pipeline; each stage is a function on named types. Imports go one way, which a test holds
//! (`tests/it/layers.rs`): `domain`, `schema`, `settings`, `sources`, `identity`, `ingest`, `link`, `rules`, `pathways`, `metrics` over
//! `stats`, `economics`, `registry` (over `link` alone), `disclosure`, `output`, `share`, `run`, `cli`; `doctor` looks at files over
//! `ingest` alone, and `describe` at declarations over `sources`; `evaluation` compares people in plain numbers over
//! `stats` alone, which no run asks for yet; `compat` makes other parties' pseudonyms over `identity`.
//!
//! # Invariants, and what holds each
//!
//! 1. Identifiers stop at ingest: [`domain::nhs_number::NhsNumber`] has no `Display`, `Debug` or `Serialize`, and is named only where
//!    it is read and hashed (`tests/it/layers.rs`, `leak.rs`).
//! 2. Only [`disclosure::control()`] makes a [`disclosure::Release`]: its constructor is private to that module.
//! 3. `store/` and unpublished runs are mode 0700. Event tables carry age at the event; no birth date leaves `link`.
//! 4. A row never stops a run: read = kept + rejected + duplicated + excluded, checked in every run.
//! 5. Same input, same bytes: people are numbered by key, rows sorted by person, date and token; sums are whole numbers; no
//!    clock, environment or chance below [`run`] (clippy.toml forbids them).
//! 6. Two computations agree: plain loops in tests over generated data.
//! 7. A hidden cell cannot be worked out from everything published: [`disclosure::secondary`] hides until that holds, and
//!    [`attack`], which sees published tables only, has to find nothing before a run publishes.
//! 8. Docs are current: the README's first command runs in the build script.
//! 9. Nothing is published until every input was read to a clean end; publishing is one rename ([`output::RunFolder`]).

#![forbid(unsafe_code)]

pub mod attack;
pub mod audit;
pub mod cli;
pub mod compat;
pub mod describe;
pub mod disclosure;
pub mod doctor;
pub mod domain;
pub mod economics;
pub mod effects;
pub mod error;
pub mod evaluation;
pub mod fault;
pub mod frame;
pub mod identity;
pub mod ingest;
pub mod link;
pub mod metrics;
pub mod output;
pub mod pathways;
pub mod publish;
pub mod registry;
pub mod report;
pub mod rules;
pub mod run;
pub mod schema;
pub mod settings;
pub mod share;
pub mod sources;
pub mod stats;
pub mod synth;
