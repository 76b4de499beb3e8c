//! Report: the tables of one tier as a page that is read from top to bottom and printed.
//!
//! In: finished sheets, nothing else, so that no number on the page is missing from the tables. Out: one HTML file without
//! script or outside reference. Leaves alone: what may be shown (`disclosure`).

mod again;
mod model;
mod page;
mod sections;
mod svg;
mod view;

pub use again::again;
pub use page::{Context, Group, Tier, page};
