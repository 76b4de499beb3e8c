//! `pathlink plan`: what a run would do.

use std::path::PathBuf;

use clap::Args;

use super::{Global, answer, clock, tell};
use crate::error::{Error, grouped};
use crate::run::plan::{self, Plan};
use crate::settings;

#[derive(Debug, Args)]
pub(super) struct PlanArgs {
    /// The project key's file; else `PATHLINK_KEY_FILE`, else the configuration.
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
}

/// Says what a run would do.
pub(super) fn plan(global: &Global, arguments: &PlanArgs) -> Result<(), Error> {
    let settings = settings::load(&settings::find(global.config.as_deref())?)?;
    let plan = plan::plan(&settings, arguments.key_file.clone().or_else(clock::key_file).as_ref())?;
    for line in plan_lines(&plan) {
        tell(&line);
    }
    answer(serde_json::to_value(&plan).map_err(Error::silent("write JSON"))?);
    Ok(())
}

fn plan_lines(plan: &Plan) -> Vec<String> {
    let mut lines = vec![match &plan.last_good_run {
        Some(run) => format!("beside the last good run {run}:"),
        None => "there is no good run yet:".to_owned(),
    }];
    for file in plan.files.iter().filter(|file| file.state != "unchanged" || file.is_read) {
        let why =
            if file.state == "unchanged" { "unchanged, but not in the store under these settings" } else { file.state };
        let what = if file.is_read { "would be read" } else { "is in the store already" };
        lines.push(format!("  {} ({}, {} bytes): {why}; {what}", file.file, file.source, grouped(file.bytes)));
    }
    lines.extend(plan.gone.iter().map(|file| format!("  {file}: gone")));
    let unchanged = plan.files.iter().filter(|file| file.state == "unchanged").count();
    lines.push(format!("{} files, {unchanged} unchanged, {} to be read", plan.files.len(), plan.files_to_read));
    if !plan.changed.is_empty() {
        lines.push(format!("changed since: {}", plan.changed.join(", ")));
    }
    lines.push(
        match (plan.links, plan.counts, plan.works_out) {
            (true, ..) => "people would be linked again, and every figure counted".to_owned(),
            (false, true, _) => "people stay as they are linked, and every figure would be counted again".to_owned(),
            (false, false, true) => format!(
                "people and counts stay; values, intervals, disclosure control and pages would be worked out again: {}",
                plan.because.join(", ")
            ),
            (false, false, false) => "nothing would be worked out again: a run would publish the same figures, intervals, tables and pages, taken over from the last good run".to_owned(),
        },
    );
    let shown = |count: Option<u64>| count.map_or_else(|| "not known".to_owned(), grouped);
    let (rows, free) = (shown(plan.rows_to_read), shown(plan.disk_free.map(|free| free >> 20)));
    let disk = grouped(plan.bytes_to_read.div_ceil(1 << 20));
    let memory = shown(plan.memory_mib);
    lines.push(format!(
        "expected: {rows} rows read; {disk} MiB more in the store ({free} MiB free); memory as in the last good run: {memory} MiB"
    ));
    lines.extend(plan.analysis.iter().cloned());
    lines
}
