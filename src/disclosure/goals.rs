//! Goals: what a figure is measured against: the target of a project, else the national standard.

use crate::metrics::{Metric, Standard};
use crate::settings::Target;

/// The targets of a project.
#[derive(Clone, Copy)]
pub struct Goals<'a>(pub &'a [Target]);

impl<'a> Goals<'a> {
    /// The target of a metric on a pathway; the last that fits, so that one of a pathway may follow one of all.
    fn target(self, metric: &Metric, pathway: &str) -> Option<(Standard, &'a str)> {
        let own = self.0.iter().rfind(|target| target.is_of(metric.id, pathway))?;
        let least = own.at_least.map(Standard::AtLeast);
        Some((least.or(own.at_most.map(Standard::AtMost))?, &own.source))
    }

    /// What is aimed at: the target or, without one, the national standard.
    pub(super) fn aimed_at(self, metric: &Metric, pathway: &str) -> Option<Standard> {
        self.target(metric, pathway).map(|(target, _)| target).or(metric.standard)
    }

    /// The target in words, with who agreed it; empty without one.
    pub(super) fn text(self, metric: &Metric, pathway: &str) -> String {
        let unit = metric.statistic.unit(metric.dated);
        let text = |(target, source): (Standard, &str)| format!("{} ({source})", target.text(unit));
        self.target(metric, pathway).map_or_else(String::new, text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_stands_before_the_national_standard_and_the_last_that_fits_counts() {
        let metric = crate::metrics::ALL.iter().find(|metric| metric.id == "tt_recovery").unwrap();
        let target = |pathway: Option<&str>, least: f64| Target {
            metric: "tt_recovery".to_owned(),
            pathway: pathway.map(str::to_owned),
            at_least: Some(least),
            at_most: None,
            source: "contract".to_owned(),
        };
        let targets = [target(None, 52.0), target(Some("prevention"), 55.0)];
        let goals = Goals(&targets);
        assert_eq!(goals.aimed_at(metric, "prevention"), Some(Standard::AtLeast(55.0)));
        assert_eq!(goals.aimed_at(metric, "everyone"), Some(Standard::AtLeast(52.0)));
        assert_eq!(goals.text(metric, "everyone"), "at least 52 % (contract)");
        assert_eq!(Goals(&[]).aimed_at(metric, "everyone"), Some(Standard::AtLeast(50.0)));
        assert_eq!(Goals(&[]).text(metric, "everyone"), "");
    }
}
