//! Audit: the arithmetic of what someone can work out from numbers that are shown, and from the sums that tie them to
//! hidden ones.

pub mod published;
pub mod sums;

pub use published::Published;
pub use sums::{Range, Relation, Sums};
