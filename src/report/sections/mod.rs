//! The sections of the page, one file each.

pub(super) mod before_after;
pub(super) mod case;
pub(super) mod changes;
pub(super) mod cost;
pub(super) mod demand;
pub(super) mod effects;
pub(super) mod findings;
pub(super) mod notes;
pub(super) mod outcomes;
pub(super) mod pathway;
pub(super) mod trust;
