//! The program's identity module with hashes that cost nothing in place of its own.

#[path = "../../src/identity/compat.rs"]
pub mod compat;
#[path = "../../src/identity/keys.rs"]
pub mod keys;
#[path = "../../src/identity/secret_file.rs"]
pub mod secret_file;
#[path = "no_tokens.rs"]
pub mod tokens;
