//! `pathlink key new` and `pathlink key check`.

use std::path::PathBuf;

use clap::Subcommand;

use super::{clock, tell};
use crate::error::{self, Error};
use crate::identity::keys::{self, ProjectKey};

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
}

/// Makes or checks a key.
pub(super) fn key(command: &KeyCommand) -> Result<(), Error> {
    keys::forbid_core_dumps();
    let key = match command {
        KeyCommand::New { project, to } => ProjectKey::create(to, project, 1)?,
        KeyCommand::Check { key_file } => {
            let named = key_file.clone().or_else(clock::key_file);
            let path = named.ok_or_else(|| {
                Error::new(&error::KEY_MISSING, "no key file is named", "give --key-file FILE or set PATHLINK_KEY_FILE")
            })?;
            ProjectKey::read(&path)?
        }
    };
    tell(&format!("project {} version {} check value {}", key.project(), key.version(), key.check_value()));
    Ok(())
}
