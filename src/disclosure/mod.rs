//! Disclosure control: exact estimates in, a [`Release`] out, and nothing else makes one.
//!
//! `primary` says what rests on too few people; `secondary` takes away what would tell it all the same, over all figures
//! and what was released before; then counts are rounded. An attack on what is left is another module's (`attack`).

mod before_after;
pub mod cases;
mod columns;
pub mod control;
mod costs;
mod effect_columns;
pub mod effects;
pub mod exact;
mod figures;
mod findings;
mod follow_up;
pub mod funder;
mod goals;
mod gp_minutes;
mod inequality;
pub mod linkage;
mod movement;
pub mod policy;
mod primary;
mod published;
mod quality;
mod record;
pub mod release;
pub mod secondary;
pub mod sheets;
mod spc;
mod standardised;

pub use control::{LeftOut, control, uncontrolled};
pub use goals::Goals;
pub use policy::Policy;
pub use release::Release;
pub use secondary::earlier::Earlier;
pub use sheets::{Sheet, Value};
