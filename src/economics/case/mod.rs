//! The business case: what a pathway costs year by year, what it avoids, and how sure one can be of the difference.
//!
//! In: [`Inputs`], every number with how far it may be out. Out: [`Flows`] by year, [`Appraisal`] of them, how it changes with each
//! input ([`tornado`]), and how it is spread when all are drawn together ([`draws`]). Leaves alone: where inputs come from, and what
//! may be shown.
//!
//! Form: HM Treasury, The Green Book (discounting), and the cost-benefit model of New Economy and Greater Manchester Combined
//! Authority (need, engagement, impact, deadweight, lag, drop-off, optimism bias, cashability).

pub mod answers;
pub mod appraisal;
pub mod draws;
pub mod flows;
pub mod grounds;
pub mod inputs;
pub mod items;
pub mod origins;
pub mod resolve;
pub mod restated;
pub mod schedules;
pub mod tornado;
pub mod world;

#[cfg(test)]
mod navigator;

pub use answers::{Answers, Asked, Found, Refused};
pub use appraisal::Appraisal;
pub use flows::Flows;
pub use inputs::{Benefit, CostKind, CostLine, Input, Inputs, Known, Shares, Sources, Spread};
pub use origins::{Priced, RawChange};
pub use resolve::{Case, Given, Scenario};
pub use world::{Drawn, World};
