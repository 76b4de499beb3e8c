//! `pathlink release`.

use std::path::PathBuf;

use clap::Args;

use super::verify::checked;
use super::{Global, answer, clock, tell};
use crate::error::Error;
use crate::publish::{self, Asked};
use crate::settings;

#[derive(Debug, Args)]
pub(super) struct ReleaseArgs {
    /// The run whose release it is, or LATEST.
    #[arg(value_name = "RUN")]
    run: String,
    /// The folder to put it in.
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
    /// Who gets it: letters, digits, - and _.
    #[arg(long, value_name = "NAME")]
    recipient: String,
}

/// Releases a run and says what left.
pub(super) fn release(global: &Global, arguments: &ReleaseArgs) -> Result<(), Error> {
    let settings = settings::load(&settings::find(global.config.as_deref())?)?;
    let asked =
        Asked { run: &arguments.run, to: &arguments.to, recipient: &arguments.recipient, today: clock::today() };
    let released = publish::release(&settings, &asked)?;
    if released.is_demonstration {
        tell("demonstration: invented people, built-in key");
    }
    tell(&format!("run {} is released to {}", released.run, arguments.recipient));
    tell(&checked(&released.verdict));
    tell(&format!("give them {}", released.folder.display()));
    let folder = released.folder.display().to_string();
    answer(serde_json::json!({
        "command": "release", "exit_code": 0, "retryable": false, "run": released.run, "folder": folder,
        "tables": released.verdict.tables, "hidden_numbers": released.verdict.hidden,
    }));
    Ok(())
}
