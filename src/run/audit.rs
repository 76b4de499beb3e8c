//! The audit: a release is made, then attacked as a reader would; what can be worked out is not released.

use std::path::Path;

use crate::attack::{self, Finding, Published, Rules};
use crate::disclosure::{self, Earlier, LeftOut, Policy, Release, control::Figures};
use crate::error::{self, Error};
use crate::metrics::{ALL, Breakdown};
use crate::output::releases;
use crate::settings::{Disclosure, Settings};

/// Findings that the error names; the number of all is said too.
const MOST_NAMED: usize = 5;

/// A release that the attack finds nothing in. Figures in which it finds something are left out, and the rest is attacked
/// again; what it finds in other tables ends the run.
pub(super) fn released(figures: &Figures<'_>, settings: &Settings, store: &Path) -> Result<Release, Error> {
    let before = releases::figures(store)?;
    let earlier = Earlier::of_tables(before.iter(), &Policy::new(&settings.disclosure));
    let mut left_out = LeftOut::new();
    loop {
        let release = disclosure::control(figures, settings, &earlier, &left_out)?;
        let tables: Vec<Published> = release.sheets().iter().map(published).collect();
        let findings = attack::attack(&tables, rules(&settings.disclosure)).findings;
        if findings.is_empty() {
            return Ok(release);
        }
        let known = left_out.len();
        left_out.extend(findings.iter().filter_map(|finding| group(finding, &tables, figures)));
        if left_out.len() == known {
            return Err(unsafe_release(&findings));
        }
    }
}

/// The figures that a finding is of; none where it is of another table.
fn group(finding: &Finding, tables: &[Published], figures: &Figures<'_>) -> Option<(usize, Option<usize>, Breakdown)> {
    let table = tables.iter().find(|table| table.name == finding.table)?;
    let row = finding.row.checked_sub(1)?;
    let metric = ALL.iter().position(|metric| metric.id == table.cell(row, "metric_id"))?;
    let breakdown = table.cell(row, "breakdown");
    let pathway = figures.pathways.configs.iter().position(|config| config.id == table.cell(row, "pathway"));
    let breakdown = ALL[metric].subject.breakdowns().into_iter().find(|own| own.id() == breakdown)?;
    Some((metric, pathway, breakdown))
}

fn unsafe_release(findings: &[Finding]) -> Error {
    let what = format!("{} things can be worked out from what would be released", findings.len());
    let fix = "please report this; release fewer tables meanwhile, as `disclosure` in the settings allows";
    let error = Error::new(&error::NOTHING_SAFE, what, fix);
    findings.iter().take(MOST_NAMED).fold(error, |error, finding| {
        error.because(format!("{}, row {}: {}", finding.table, finding.row, finding.what))
    })
}

/// The rules of the settings.
fn rules(settings: &Disclosure) -> Rules {
    Rules {
        threshold: u64::from(settings.threshold()),
        round_to: u64::from(settings.round_to()),
        hides_nobody: settings.policy.hides_nobody(),
    }
}

/// A sheet as it is printed.
fn published(sheet: &disclosure::Sheet) -> Published {
    Published {
        name: sheet.name.to_owned(),
        headings: sheet.columns.iter().map(|column| column.name.to_owned()).collect(),
        rows: sheet.rows.iter().map(|row| row.iter().map(disclosure::Value::print).collect()).collect(),
    }
}
