//! Decoding: from an extract's bytes to plain UTF-8 text without a byte-order mark, in bounded memory.
//!
//! In: a file or memory, the declared dialect, the caps. Out: a `Read` of text; of Parquet the text that a CSV would hold. Workbooks, archives and documents are refused. Leaves alone: where records end (`blocks.rs`), and whether
//! declared UTF-8 is valid, which is checked there block by block so that no byte of it is copied twice.

mod encoding;
mod failure;
mod fault;
mod gzip;
mod kind;
mod open;
mod parquet;
mod prefix;
mod transcode;
pub(in crate::ingest) mod written;

pub use encoding::in_windows_1252;
pub use failure::{Failure, Stop};
pub use fault::{Fault, Origin};
pub use kind::in_words;
pub use open::{Opened, Text, open, open_bytes};
pub use parquet::{Metadata, read_parquet};
