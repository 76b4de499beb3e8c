//! `pathlink key new`, `key check` and `key rotate`.

use std::path::{Path, PathBuf};

use clap::Subcommand;

use super::clock::{self, Stopwatch};
use super::{Global, say, tell};
use crate::error::{self, Error};
use crate::identity::keys::ProjectKey;
use crate::output::rekeyed::Why;
use crate::run::{self, Caller};
use crate::settings;

#[derive(Debug, Subcommand)]
pub(super) enum KeyCommand {
    /// Make a new project key in a new file that only you can read.
    New {
        /// The project's name: 1 to 64 of a-z, 0-9 and -.
        #[arg(long, value_name = "NAME")]
        project: String,
        /// The file to make; an existing file is never touched.
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
    },
    /// Print a key's project, version and check value; never the key.
    Check {
        /// The key file; else `PATHLINK_KEY_FILE`.
        #[arg(long, value_name = "FILE")]
        key_file: Option<PathBuf>,
    },
    /// Make the next version of the project's key, and a restricted table from old tokens to new ones.
    ///
    /// Reads the current extracts under both keys. Writes `rekey_<old>_to_<new>/` under the folder of runs: a table of tokens
    /// by purpose, and those that cannot be re-keyed with the reason. Nothing else changes until the settings name the new key.
    Rotate {
        /// The file to make for the new key; an existing file is never touched.
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
        /// The present key's file; else `PATHLINK_KEY_FILE`, else the configuration.
        #[arg(long, value_name = "FILE")]
        key_file: Option<PathBuf>,
    },
}

/// Makes, checks or rotates a key.
pub(super) fn key(global: &Global, command: &KeyCommand) -> Result<(), Error> {
    match command {
        KeyCommand::New { project, to } => {
            let key = ProjectKey::create(to, project, 1)?;
            tell(&key.shown());
            name_it(global, &key, to);
        }
        KeyCommand::Check { key_file } => {
            let named = key_file.clone().or_else(clock::key_file);
            let path = named.ok_or_else(|| {
                Error::new(&error::KEY_MISSING, "no key file is named", "give --key-file FILE or set PATHLINK_KEY_FILE")
            })?;
            tell(&ProjectKey::read(&path)?.shown());
        }
        KeyCommand::Rotate { to, key_file } => rotate(global, to, key_file.clone().or_else(clock::key_file))?,
    }
    Ok(())
}

fn rotate(global: &Global, to: &Path, key_file: Option<PathBuf>) -> Result<(), Error> {
    let watch = Stopwatch::start();
    let settings = settings::load(&settings::find(global.config.as_deref())?)?;
    let caller = Caller { key_file, run_id: clock::run_id(), seconds: &|| watch.seconds(), progress: &|_| () };
    let done = run::rotate(&settings, &caller, to)?;
    tell(&done.key);
    for (purpose, rekeyed, without) in &done.counts {
        let without = Why::ALL.iter().zip(without).map(|(why, count)| format!("{count} {}", why.word()));
        tell(&format!("{purpose:<9} {rekeyed} re-keyed, not re-keyable: {}", without.collect::<Vec<_>>().join(", ")));
    }
    tell(&format!(
        "the table is in {}; it joins old tokens to new ones and is as secret as both",
        done.folder.join("restricted").display()
    ));
    name_it(global, &ProjectKey::read(to)?, to);
    Ok(())
}

/// Says how to put a new key to use.
fn name_it(global: &Global, key: &ProjectKey, file: &Path) {
    if !global.quiet {
        say(&format!(
            "to use it, put under [key]: file = \"{}\", project = \"{}\", check_value = \"{}\"; then delete any copy that its holder does not need",
            file.display(),
            key.project(),
            key.check_value()
        ));
    }
}
