//! `pathlink doctor`.

use std::path::PathBuf;

use clap::Args;

use super::{Global, answer, check, clock, tell};
use crate::doctor::{self, Asked};
use crate::domain::nhs_number::Accepts;
use crate::error::{self, Error};
use crate::settings::{self, Caps, Settings};
use crate::sources::Sources;

#[derive(Debug, Args)]
pub(super) struct DoctorArgs {
    /// The file to explain; without it the environment is looked at.
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// The source that the file is from; else its name or its headings tell.
    #[arg(long, value_name = "NAME", requires = "file")]
    source: Option<String>,
    /// The table that the file is, as a source config names it; else its name or its headings tell.
    #[arg(long, value_name = "NAME", requires = "file")]
    table: Option<String>,
    /// The project key's file, of which only permissions are looked at; else `PATHLINK_KEY_FILE`.
    #[arg(long, value_name = "FILE", conflicts_with = "file")]
    key_file: Option<PathBuf>,
}

/// Prints what was found. The exit code that a run would end with.
pub(super) fn doctor(global: &Global, arguments: &DoctorArgs) -> Result<u8, Error> {
    match &arguments.file {
        Some(path) => file(global, arguments, path.clone()),
        None => environment(global, arguments),
    }
}

fn environment(global: &Global, arguments: &DoctorArgs) -> Result<u8, Error> {
    let settings = settings::find(global.config.as_deref()).and_then(|path| settings::load(&path));
    let key_file = arguments.key_file.clone().or_else(clock::key_file);
    let found = doctor::environment(settings, key_file.as_deref());
    found.iter().flat_map(doctor::Finding::lines).for_each(|line| tell(&line));
    answer(serde_json::to_value(&found).map_err(Error::silent("write JSON"))?);
    let has_warnings = found.iter().any(|one| one.state == doctor::State::Warning);
    Ok(global.ending(doctor::exit_code(&found), has_warnings))
}

fn file(global: &Global, arguments: &DoctorArgs, path: PathBuf) -> Result<u8, Error> {
    let settings = match settings::find(global.config.as_deref()) {
        Ok(found) => Some(settings::load(&found)?),
        // Without a project the embedded source configs hold.
        Err(error) if error.code() == &error::CONFIG_MISSING => None,
        Err(error) => return Err(error),
    };
    let sources = settings.as_ref().map_or_else(|| Sources::load(None, None), Sources::of)?;
    let asked = Asked {
        path: &path,
        source: arguments.source.as_deref().map(check::source).transpose()?,
        table: arguments.table.as_deref(),
        accepts: settings.as_ref().map_or(Accepts { test_range: true, other_uk: true }, Settings::accepts),
        caps: settings.as_ref().map_or_else(Caps::default, |settings| settings.caps),
    };
    let found = doctor::file(&asked, &sources)?;
    found.lines().iter().for_each(|line| tell(line));
    answer(serde_json::to_value(&found).map_err(Error::silent("write JSON"))?);
    Ok(found.exit_code())
}
