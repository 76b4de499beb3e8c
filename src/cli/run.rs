//! `pathlink run`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use serde_json::json;

use super::clock::{self, Stopwatch};
use super::reading::Reading;
use super::{Global, answer, say, signals, span, tell, with_note};
use crate::domain::day;
use crate::error::{Error, Exit};
use crate::output::folder;
use crate::run::{self, Caller, Done, Way};
use crate::settings::{self, Settings};

#[derive(Debug, Args)]
pub(super) struct RunArgs {
    /// The project key's file; else `PATHLINK_KEY_FILE`, else the configuration.
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
    /// Pathways from this file in place of those that the configuration names; may be given more than once.
    #[arg(long, value_name = "FILE")]
    pathways: Vec<PathBuf>,
    /// Data are used up to this day, whatever the configuration says.
    #[arg(long, value_name = "DATE", value_parser = span::day)]
    as_of: Option<i32>,
    /// The same: data are used up to the last day of a month, a financial quarter or a financial year, as `2025/26 Q2`.
    #[arg(long, value_name = "P", value_parser = span::last_day_of_period, conflicts_with = "as_of")]
    period: Option<i32>,
    /// Read, link and compute everything, and publish nothing.
    #[arg(long)]
    dry_run: bool,
    /// Read and link everything anew, whatever the store has of earlier nights.
    #[arg(long)]
    force: bool,
    /// Wait so long for another run to end, such as 30m.
    #[arg(long, value_name = "DURATION", value_parser = span::seconds)]
    wait: Option<u64>,
}

/// Runs everything and says where to look.
pub(super) fn run(global: &Global, arguments: &RunArgs) -> Result<u8, Error> {
    let watch = Stopwatch::start();
    let path = settings::find(global.config.as_deref())?;
    let mut settings = settings::load_with(&path, &arguments.pathways)?;
    if let Some(as_of) = arguments.as_of.or(arguments.period) {
        settings.as_of = day::to_iso(as_of).parse().ok();
    }
    let reading = Reading::start(global, &watch);
    let run_id = clock::run_id();
    let runs = settings.resolve(&settings.paths.runs);
    signals::end_tidily("run", runs.clone(), run_id.clone());
    let caller = Caller {
        key_file: arguments.key_file.clone().or_else(clock::key_file),
        run_id,
        seconds: &|| watch.seconds(),
        progress: &|step| reading.show(&step),
    };
    let again = || wait_a_moment(&watch, arguments.wait.unwrap_or_default());
    let way = Way { is_dry: arguments.dry_run, is_anew: arguments.force, again: &again };
    let done = with_note(run::run_in(&settings, &caller, &way), || match folder::latest(&runs) {
        Some(last) => format!("nothing was published; the last good run is {last}"),
        None => "nothing was published".to_owned(),
    });
    reading.end();
    let done = done?;
    let code = global.ending(Exit::Done as u8, !done.warnings().is_empty());
    report(&settings, &done, code, &caller);
    if !global.quiet {
        say(&format!("done in {:.1} s", watch.seconds()));
    }
    Ok(code)
}

/// Waits a moment if there is time left to wait for the lock; whether there was.
fn wait_a_moment(watch: &Stopwatch, most: u64) -> bool {
    let has_time = watch.seconds() < most as f64;
    if has_time {
        std::thread::sleep(Duration::from_millis(200));
    }
    has_time
}

fn report(settings: &Settings, done: &Done, code: u8, caller: &Caller<'_>) {
    for line in &done.summary {
        tell(line);
    }
    if done.is_published {
        tell(&format!("look first at {}", done.folder.join("release/funder_summary.csv").display()));
    } else {
        tell("a dry run: nothing was published");
    }
    answer(json!({
        "command": "run", "exit_code": code, "retryable": false, "run": caller.run_id, "published": done.is_published,
        "folder": done.is_published.then(|| done.folder.display().to_string()), "as_of": day::to_iso(done.as_of),
        "last_good_run": folder::latest(&settings.resolve(&settings.paths.runs)), "seconds": (caller.seconds)(),
        "warnings": done.warnings(), "summary": done.summary,
    }));
}
