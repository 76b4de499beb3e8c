//! `pathlink purge`.

use clap::Args;

use super::{Global, answer, clock, span, tell};
use crate::error::{self, Error};
use crate::run::retention::{self, Limits};
use crate::settings;

#[derive(Debug, Args)]
pub(super) struct PurgeArgs {
    /// The newest so many runs stay.
    #[arg(long, value_name = "N")]
    keep: Option<usize>,
    /// Runs of the last so many days stay, such as 90d.
    #[arg(long, value_name = "D", value_parser = span::days)]
    older_than: Option<i32>,
    /// Delete what is listed.
    #[arg(long)]
    yes: bool,
}

/// Lists what goes and, with `--yes`, deletes it.
pub(super) fn purge(global: &Global, arguments: &PurgeArgs) -> Result<(), Error> {
    let settings = settings::load(&settings::find(global.config.as_deref())?)?;
    let own = Some(settings.retention.runs).filter(|runs| *runs > 0 && arguments.older_than.is_none());
    let limits =
        Limits { keep: arguments.keep.or(own), older_than: arguments.older_than.map(|days| (days, clock::today())) };
    if limits.keep.is_none() && limits.older_than.is_none() {
        return Err(Error::new(
            &error::PURGE_LIMITS,
            "nothing says which runs are to go",
            "give --keep N or --older-than D, or set runs under [retention]",
        ));
    }
    let purged = retention::purge(&settings, &clock::run_id(), limits, arguments.yes)?;
    for run in &purged.runs {
        tell(&format!("{} run {run}", if arguments.yes { "deleted" } else { "would delete" }));
    }
    let (runs, kept) = (purged.runs.len(), purged.kept_to_save_work);
    tell(&if arguments.yes {
        format!("{runs} runs were deleted, and {kept} files and folders of the store that no other run needs")
    } else {
        format!("{runs} runs and {kept} files and folders of the store would go; nothing was deleted: add --yes")
    });
    answer(serde_json::json!({
        "command": "purge", "exit_code": 0, "retryable": false, "deleted": arguments.yes, "runs": purged.runs,
        "store_entries": kept,
    }));
    Ok(())
}
