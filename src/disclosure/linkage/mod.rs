//! The linkage quality pack as tables: exact for the internal tier, under control for a release, with intervals,
//! standardised differences and the change against an earlier run.
//!
//! In: exact counts (`link::quality`), the audit and the tallies. Out: sheets, and sentences made from the released one.
//! Leaves alone: how records are linked.

mod balance;
mod control;
mod drift;
mod flow;
pub mod headline;
pub mod lines;
pub mod lists;
mod sensitivity;

pub use lines::{COLUMNS, Line};

use super::policy::{Marker, Policy};
use super::sheets::Sheet;
use crate::ingest::Staged;
use crate::link::LinkAudit;
use crate::link::quality::count::Cell;
use crate::link::quality::{Count, Pack, Section};
use crate::metrics::headline::Variant;
use crate::sources::TablePlan;

/// What the sheets are made from.
#[derive(Clone, Copy)]
pub struct Quality<'a> {
    /// Exact counts.
    pub pack: &'a Pack,
    /// How records became people.
    pub audit: &'a LinkAudit,
    /// What became of every row read, and the tables that they are of.
    pub staged: (&'a Staged, &'a [TablePlan]),
    /// First and last month that are shown one by one, as months since year 0.
    pub months: (i32, i32),
    /// Headline figures of strict, base and loose linkage; none where settings do not ask for them.
    pub variants: &'a [Variant],
    /// The same sheets of the last good run, as text, and the change in percentage points that is pointed out.
    pub before: &'a Before,
}

/// The last good run's tables, to tell what changed.
#[derive(Debug, Clone, Default)]
pub struct Before {
    /// Internal rows.
    pub internal: Vec<Vec<String>>,
    /// Released rows.
    pub released: Vec<Vec<String>>,
    /// A rate that changed by at least so many percentage points is pointed out.
    pub alert_points: f64,
}

/// The exact sheet.
pub fn internal(quality: &Quality<'_>) -> Sheet {
    let mut lines = lines::exact(&lines::counts(quality));
    lines.extend(missing(quality));
    lines.extend(sensitivity::lines(quality.variants, None));
    balance::add(&mut lines, balance::Precision::Exact);
    drift::add(&mut lines, &quality.before.internal, quality.before.alert_points);
    lines::sheet(lines)
}

/// The sheet of a release. Providers are named only where they agreed to be.
pub(super) fn released(quality: &Quality<'_>, policy: &Policy, named: &[String]) -> Sheet {
    let mut lines = control::released(&lines::counts(quality), policy, named);
    lines.extend(missing(quality));
    lines.extend(sensitivity::lines(quality.variants, Some(policy)));
    balance::add(&mut lines, balance::Precision::Published);
    drift::add(&mut lines, &quality.before.released, quality.before.alert_points);
    lines::sheet(lines)
}

/// Sources that sent nothing: not available, which is not none.
fn missing(quality: &Quality<'_>) -> impl Iterator<Item = Line> {
    flow::missing(quality).map(|source| {
        let count = Count::new(Section::Flow, "records", Cell::default()).of(source);
        Line::without(lines::subject_of(&count), Marker::NotAvailable)
    })
}
