//! Ratios of after to before by every method, so that it can be seen how much the method matters: people as clusters, people
//! drawn again, and exact where events come independently.
//!
//! In: windows and the rows of before and after. Out: rows, exact. Leaves alone: which of them is published.

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::before_after::{ALL, BeforeAfter, exact_interval, pairs};
use crate::pathways::Pathways;
use crate::stats::Interval;
use crate::stats::bootstrap::of_people;
use crate::stats::ratio::{Ratio, after_over_before};

/// One ratio.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Position of the pathway.
    pub pathway: usize,
    /// Position of the rate.
    pub metric: usize,
    /// The ratio, its interval and error with people as clusters.
    pub robust: Ratio,
    /// With people drawn 2,000 times; none where a draw in twenty has no ratio.
    pub bootstrap: Option<Interval>,
    /// As if events came independently; none where they do not.
    pub exact: Option<Interval>,
}

/// Every ratio that before and after has, in its order.
pub fn rows(pathways: &Pathways, before_after: &[BeforeAfter]) -> Vec<Row> {
    let of = |row: &BeforeAfter| {
        row.counts.as_ref()?.ratio?;
        let rate = &ALL[row.metric];
        let arm = pathways.windows.iter().find(|arm| arm.pathway == row.pathway && arm.service == rate.service)?;
        let pairs = pairs(arm);
        let people: Vec<[f64; 4]> =
            pairs.iter().map(|own| [own.events[0], own.events[1], own.time[0], own.time[1]]).collect();
        let ratio = |sums: &[[f64; 4]]| {
            let [before, after, time_before, time_after] = sums[0];
            vec![(before > 0.0 && time_after > 0.0).then(|| after / time_after / (before / time_before))]
        };
        let seed = Sha256::digest(format!("{}/{}", rate.id, pathways.configs[row.pathway].id)).into();
        Some(Row {
            pathway: row.pathway,
            metric: row.metric,
            robust: after_over_before(&pairs)?,
            bootstrap: of_people(&[people], 1, ratio, seed)[0].map(|spread| spread.interval),
            exact: exact_interval(arm),
        })
    };
    before_after.par_iter().filter_map(of).collect()
}
