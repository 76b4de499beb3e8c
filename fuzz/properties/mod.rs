//! What must hold for any bytes whatever. The fuzz targets and `tests/it/corpus.rs` call the same functions; each panics
//! where its property does not hold.

pub(crate) mod config;
pub(crate) mod dates;
pub(crate) mod nhs_number;
pub(crate) mod plain;
pub(crate) mod reader;
pub(crate) mod stage;
