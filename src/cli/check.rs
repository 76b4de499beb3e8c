//! `pathlink check`.

use std::path::PathBuf;

use clap::Args;

use super::clock::{self, Stopwatch};
use super::reading::Reading;
use super::{Global, answer, say, signals, tell};
use crate::error::{self, Error};
use crate::output::quality::{self, Kind};
use crate::run::{self, Caller};
use crate::schema::Source;
use crate::settings::{self, did_you_mean};

#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    /// Only this source: `mental_health`, `emergency_care`, `talking_therapies`, `gp` or `community`.
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// The project key's file; else `PATHLINK_KEY_FILE`, else the configuration.
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
}

/// Checks the extracts and prints what was found. The exit code of the worst fault.
pub(super) fn check(global: &Global, arguments: &CheckArgs) -> Result<u8, Error> {
    let watch = Stopwatch::start();
    let only = arguments.source.as_deref().map(source).transpose()?;
    let settings = settings::load(&settings::find(global.config.as_deref())?)?;
    let reading = Reading::start(global, &watch);
    let run_id = clock::run_id();
    signals::end_tidily("check", settings.resolve(&settings.paths.runs), format!("check-{run_id}"));
    let caller = Caller {
        key_file: arguments.key_file.clone().or_else(clock::key_file),
        run_id,
        seconds: &|| watch.seconds(),
        progress: &|step| reading.show(&step),
    };
    let done = run::check(&settings, &caller, only);
    reading.end();
    let done = done?;
    for line in quality::lines(&done.quality) {
        tell(&line);
    }
    tell(&format!("the page is {}", done.folder.join("internal/quality.html").display()));
    answer(serde_json::to_value(&done.quality).map_err(Error::silent("write JSON"))?);
    if !global.quiet {
        say(&format!("nothing was published; done in {:.1} s", watch.seconds()));
    }
    let has_warnings = done.quality.problems.iter().any(|problem| problem.kind == Kind::Warning);
    Ok(global.ending(done.quality.exit_code, has_warnings))
}

/// The source that the command line names.
pub(super) fn source(name: &str) -> Result<Source, Error> {
    Source::from_id(name).ok_or_else(|| {
        let names = Source::ALL.map(Source::id);
        let fix = did_you_mean(name, names, &format!("use one of: {}", names.join(", ")));
        Error::new(&error::CONFIG_VALUE, format!("`{name}` is not a source"), fix)
    })
}
