//! `pathlink people`.

use std::path::PathBuf;

use clap::Args;

use super::{Global, clock, tell};
use crate::error::{self, Error};
use crate::identity::keys;
use crate::run;
use crate::settings;

#[derive(Debug, Args)]
pub(super) struct PeopleArgs {
    /// The run whose people are wanted.
    #[arg(value_name = "RUN", default_value = "LATEST")]
    run: String,
    /// The folder to make.
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
    /// The project key's file; else `PATHLINK_KEY_FILE`, else the configuration.
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
}

/// Rebuilds the people of a run.
pub(super) fn people(global: &Global, arguments: &PeopleArgs) -> Result<(), Error> {
    let settings = settings::load(&settings::find(global.config.as_deref())?)?;
    keys::forbid_core_dumps();
    let key_file = arguments.key_file.clone().or_else(clock::key_file);
    let rebuilt = run::people(&settings, key_file.as_ref(), &arguments.run, &arguments.to)?;
    let (keys, events) = (error::grouped(rebuilt.keys as u64), settings.disclosure.shown(rebuilt.events as u64));
    tell(&format!("run {}: the person of {keys} keys, and {events} merges, splits and moves until then", rebuilt.run));
    tell(&format!("restricted: {}", rebuilt.folder.display()));
    Ok(())
}
