//! Metrics: published definitions, each declared once, computed by one engine.
//!
//! In: linked tables and pathways. Out: [`Estimates`], exact. Leaves alone: disclosure control.

pub mod accumulate;
pub mod after_attendance;
pub mod before_after;
pub mod breakdowns;
pub mod cache;
pub mod cell;
pub mod community;
pub mod community_outcomes;
pub mod compute;
pub mod cross_service;
pub mod elsewhere;
pub mod emergency;
pub mod emergency_ends;
pub mod emergency_frequent;
pub mod estimates;
pub mod fill;
pub mod finder;
pub mod follow_up;
pub mod general_practice;
pub mod gp_frequent;
pub mod gp_minutes;
pub mod gp_registered;
pub mod headline;
pub mod inequality;
pub mod levels;
pub mod membership;
pub mod metric;
pub mod national;
#[cfg(test)]
mod one_more;
pub mod open_in_both;
pub mod passes;
pub mod practice_mixes;
pub mod rates;
pub mod ratios;
pub mod reach;
pub mod recovery;
pub mod recovery_scores;
pub mod relations;
pub mod rows;
pub mod skeleton;
pub mod standardised;
pub mod subjects;
pub mod talking_therapies;
pub mod therapy_outcomes;
pub mod therapy_waits;
pub mod trust;
pub mod trust_clocks;
pub mod trust_codes;
pub mod trust_crisis;
pub mod trust_days;
pub mod trust_ends;
pub mod trust_hospital;
pub mod trust_onward;
pub mod trust_outcomes;
pub mod trust_referrals;
pub mod trust_scores;
pub mod trust_spells;
pub mod trust_stays;
pub mod trust_waits;
pub mod values;

use std::sync::LazyLock;

use crate::settings::did_you_mean;

pub use before_after::{BeforeAfter, RateMetric};
pub use breakdowns::Breakdown;
pub use compute::{Counts, Wanted, count};
pub use estimates::{Estimate, Estimates};
pub use metric::{Better, Dating, Form, Metric, Sheet, Standard, Statistic, Subject};

/// Every metric of outcomes and demand, shelf by shelf, in the order of outputs.
pub static ALL: LazyLock<Vec<&'static Metric>> = LazyLock::new(|| {
    [
        talking_therapies::SHELF,
        therapy_waits::SHELF,
        therapy_outcomes::SHELF,
        trust::SHELF,
        trust_ends::SHELF,
        trust_waits::SHELF,
        trust_crisis::SHELF,
        trust_hospital::SHELF,
        trust_stays::SHELF,
        trust_outcomes::SHELF,
        emergency::SHELF,
        emergency_ends::SHELF,
        emergency_frequent::SHELF,
        general_practice::SHELF,
        practice_mixes::SHELF,
        gp_frequent::SHELF,
        community::SHELF,
        community_outcomes::SHELF,
        cross_service::SHELF,
        recovery::SHELF,
        #[cfg(test)]
        one_more::SHELF,
    ]
    .concat()
});

/// The first of some ids that is no metric's, and what to do about it.
pub fn unknown<'a>(mut ids: impl Iterator<Item = &'a str>) -> Option<(&'a str, String)> {
    let id = ids.find(|id| !ALL.iter().any(|metric| metric.id == *id))?;
    let fix = did_you_mean(id, ALL.iter().map(|metric| metric.id), "see `pathlink describe metrics`");
    Some((id, fix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_registry_is_whole() {
        let mut ids: Vec<_> =
            ALL.iter().map(|metric| metric.id).chain(before_after::ALL.iter().map(|metric| metric.id)).collect();
        ids.extend(standardised::ALL.iter().map(|metric| metric.id));
        ids.extend(elsewhere::ALL.iter().map(|metric| metric.id));
        ids.sort_unstable();
        let count = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), count);
        for metric in ALL.iter() {
            assert!(
                metric.id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_'),
                "{}",
                metric.id
            );
            assert!(
                !metric.title.is_empty() && metric.plain_english.ends_with('.') && metric.definition.ends_with('.'),
                "{}",
                metric.id
            );
            assert!(!metric.source.is_empty(), "{}", metric.id);
            assert!(
                metric.official_id.is_some() || metric.differs.is_some() || metric.source.contains("ours"),
                "{}",
                metric.id
            );
        }
    }
}
