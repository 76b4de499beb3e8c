//! `pathlink share`.

use std::path::PathBuf;

use clap::Args;

use super::{Global, clock, tell};
use crate::error::Error;
use crate::identity::keys;
use crate::run;
use crate::settings;
use crate::share::{self, Asked};

#[derive(Debug, Args)]
pub(super) struct ShareArgs {
    /// The run whose rows are shared, or LATEST.
    #[arg(value_name = "RUN")]
    run: String,
    /// The folder to make.
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
    /// The recipient, whose section `[share.NAME]` says what was agreed.
    #[arg(long, value_name = "NAME")]
    recipient: String,
    /// The agreement, as that section names it.
    #[arg(long, value_name = "TEXT")]
    agreement: String,
    /// The period that tokens are for; the quarter of the run's data by default.
    #[arg(long, value_name = "P", conflicts_with = "study")]
    period: Option<String>,
    /// The study that tokens are for, where follow-up from quarter to quarter is agreed.
    #[arg(long, value_name = "NAME")]
    study: Option<String>,
    /// The project key's file; else `PATHLINK_KEY_FILE`, else the configuration.
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
}

/// Shares rows and says what left.
pub(super) fn share(global: &Global, arguments: &ShareArgs) -> Result<(), Error> {
    let settings = settings::load(&settings::find(global.config.as_deref())?)?;
    keys::forbid_core_dumps();
    let key = run::key(&settings, arguments.key_file.clone().or_else(clock::key_file).as_ref())?;
    let asked = Asked {
        run: &arguments.run,
        to: arguments.to.clone(),
        recipient: &arguments.recipient,
        agreement: &arguments.agreement,
        period: arguments.period.as_deref(),
        study: arguments.study.as_deref(),
        today: clock::today(),
    };
    let shared = share::share(&settings, &key, &asked)?;
    if shared.is_demonstration {
        tell("demonstration: invented people, built-in key");
    }
    tell(&format!("rows of run {} for {}, tokens of {}", shared.run, arguments.recipient, shared.purpose));
    for table in &shared.tables {
        tell(&format!("  {}: {} rows", table.name, settings.disclosure.shown(table.rows)));
    }
    if shared.withdrawn > 0 {
        let people = settings.disclosure.shown(shared.withdrawn);
        tell(&format!("left out: {people} people who were removed from the registry since the run"));
    }
    tell(&format!("the terms are in {}", shared.folder.join("README.txt").display()));
    Ok(())
}
