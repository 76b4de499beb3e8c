//! Disclosure control: exact estimates in, a [`Release`] out, and nothing else makes one.
//!
//! This is its first form: the primary rules and rounding of the default policy. Secondary hiding and the audit are
//! not built yet, and every file of a release says `not audited`.

mod columns;
pub mod control;
mod costs;
pub mod exact;
mod follow_up;
pub mod funder;
mod goals;
mod gp_minutes;
mod inequality;
pub mod linkage;
mod movement;
pub mod policy;
mod quality;
pub mod release;
pub mod sheets;
mod spc;
mod standardised;

pub use control::{control, uncontrolled};
pub use goals::Goals;
pub use policy::Policy;
pub use release::{AUDIT, Release};
pub use sheets::{Sheet, Value};
