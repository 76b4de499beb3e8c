//! Keys and tokens: how an identifier becomes a pseudonym, and who may hold the key.

pub mod compat;
pub mod keys;
pub mod secret_file;
pub mod tokens;
