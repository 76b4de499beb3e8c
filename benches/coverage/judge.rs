//! Whether intervals are right. In: cells of many seeds and what is true. Out: per arm and service the mean and spread
//! of z, how often the truth was covered, and whether that passes. Leaves alone: where the cells come from.

use std::fmt::Write;

use pathlink::stats::Z_95;
use pathlink::synth::Arm;
use pathlink::synth::truth::Service;

use crate::study::Cells;

/// The mean of z lies no further from 0.
pub(crate) const MEAN: f64 = 0.23;
/// The standard deviation of z lies between these.
pub(crate) const SPREAD: (f64, f64) = (0.84, 1.16);
/// The truth is covered between so many times of 200, both included.
pub(crate) const COVERED: (usize, usize) = (179, 198);

/// What is true of every arm and service, as a logarithm.
pub(crate) type Truth = [[f64; 4]; 4];

/// One arm and service over all seeds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Judged {
    /// Seeds that gave a ratio.
    pub(crate) seeds: usize,
    /// Mean of the ln of the ratio, as a ratio.
    pub(crate) ratio: f64,
    /// Mean standard error.
    pub(crate) error: f64,
    /// Mean of z.
    pub(crate) mean: f64,
    /// Standard deviation of z.
    pub(crate) spread: f64,
    /// Seeds whose interval holds the truth.
    pub(crate) covered: usize,
}

impl Judged {
    /// Against one truth; a seed without a ratio does not cover it.
    pub(crate) fn of(log_ratios: &[Option<(f64, f64)>], truth: f64) -> Self {
        let found: Vec<(f64, f64)> = log_ratios.iter().flatten().copied().collect();
        let count = found.len() as f64;
        let mean = |of: &dyn Fn(&(f64, f64)) -> f64| found.iter().map(of).sum::<f64>() / count;
        let z = |(log_ratio, error): &(f64, f64)| (log_ratio - truth) / error;
        let mean_z = mean(&z);
        let squares: f64 = found.iter().map(|one| (z(one) - mean_z).powi(2)).sum();
        Self {
            seeds: found.len(),
            ratio: mean(&|one| one.0).exp(),
            error: mean(&|one| one.1),
            mean: mean_z,
            spread: (squares / (count - 1.0)).sqrt(),
            covered: found.iter().filter(|one| z(one).abs() <= Z_95).count(),
        }
    }

    /// What is wrong with it, for 200 seeds; empty if it passes.
    pub(crate) fn faults(&self) -> Vec<&'static str> {
        let faults = [
            (self.mean.abs() <= MEAN, "mean"),
            (SPREAD.0 <= self.spread && self.spread <= SPREAD.1, "spread"),
            (COVERED.0 <= self.covered && self.covered <= COVERED.1, "covered"),
        ];
        faults.into_iter().filter(|(is_right, _)| !is_right).map(|(_, fault)| fault).collect()
    }
}

/// Every arm and service against the truth.
pub(crate) fn judge(seeds: &[Cells], truth: &Truth) -> [[Judged; 4]; 4] {
    std::array::from_fn(|arm| {
        std::array::from_fn(|service| {
            let own: Vec<_> = seeds.iter().map(|cells| cells[arm][service].log_ratio).collect();
            Judged::of(&own, truth[arm][service])
        })
    })
}

/// A Markdown table of some services.
pub(crate) fn table(judged: &[[Judged; 4]; 4], truth: &Truth, is_shown: &dyn Fn(Arm, Service) -> bool) -> String {
    let mut text = String::from("| arm | service | truth | ratio | SE of ln | mean z | sd of z | covered | |\n");
    text.push_str("|---|---|---|---|---|---|---|---|---|\n");
    for (arm, row) in Arm::ALL.into_iter().zip(judged.iter().zip(truth)) {
        for (service, (one, truth)) in Service::ALL.into_iter().zip(row.0.iter().zip(row.1)) {
            if !is_shown(arm, service) {
                continue;
            }
            let faults = one.faults();
            let verdict = if faults.is_empty() { "passes".to_owned() } else { format!("fails: {}", faults.join(", ")) };
            let _ = writeln!(
                text,
                "| {} | {} | {:.4} | {:.4} | {:.3} | {:+.2} | {:.2} | {} of {} | {} |",
                arm.name(),
                service.name(),
                truth.exp(),
                one.ratio,
                one.error,
                one.mean,
                one.spread,
                one.covered,
                one.seeds,
                verdict
            );
        }
    }
    text
}
