//! `pathlink run`.

use std::path::PathBuf;

use clap::Args;

use super::clock::{self, Stopwatch};
use super::reading::Reading;
use super::{Global, say, tell, with_note};
use crate::error::Error;
use crate::output::folder;
use crate::run::{self, Caller};
use crate::settings;

#[derive(Debug, Args)]
pub(super) struct RunArgs {
    /// The project key's file; else `PATHLINK_KEY_FILE`, else the configuration.
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
    /// Pathways from this file in place of those that the configuration names; may be given more than once.
    #[arg(long, value_name = "FILE")]
    pathways: Vec<PathBuf>,
}

/// Runs everything and says where to look.
pub(super) fn run(global: &Global, arguments: &RunArgs) -> Result<(), Error> {
    let watch = Stopwatch::start();
    let path = settings::find(global.config.as_deref())?;
    let settings = settings::load_with(&path, &arguments.pathways)?;
    let reading = Reading::start(global);
    let caller = Caller {
        key_file: arguments.key_file.clone().or_else(clock::key_file),
        run_id: clock::run_id(),
        seconds: &|| watch.seconds(),
        progress: &|step| reading.show(&step),
    };
    let runs = settings.resolve(&settings.paths.runs);
    let done = with_note(run::run(&settings, &caller), || match folder::latest(&runs) {
        Some(last) => format!("nothing was published; the last good run is {last}"),
        None => "nothing was published".to_owned(),
    });
    reading.end();
    let done = done?;
    for line in &done.summary {
        tell(line);
    }
    tell(&format!("look first at {}", done.folder.join("release/funder_summary.csv").display()));
    if !global.quiet {
        say(&format!("done in {:.1} s", watch.seconds()));
    }
    Ok(())
}
