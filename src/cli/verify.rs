//! `pathlink verify`.

use std::path::PathBuf;

use clap::Args;

use super::{answer, tell};
use crate::error::{Error, grouped};
use crate::publish::verify::{self, Verdict};

#[derive(Debug, Args)]
pub(super) struct VerifyArgs {
    /// The folder that holds the release.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

/// Checks a release and says what was found.
pub(super) fn verify(arguments: &VerifyArgs) -> Result<(), Error> {
    let verdict = verify::verify(&arguments.folder)?.passed()?;
    tell(&format!("{} files are as they were made", verdict.files));
    tell(&checked(&verdict));
    answer(serde_json::json!({
        "command": "verify", "exit_code": 0, "retryable": false, "files": verdict.files, "tables": verdict.tables,
        "cells": verdict.cells, "hidden_numbers": verdict.hidden, "rules": verdict.rules,
    }));
    Ok(())
}

fn checked(verdict: &Verdict) -> String {
    format!(
        "{} tables, {} cells, {} hidden numbers attacked: none was worked out ({})",
        verdict.tables,
        grouped(verdict.cells as u64),
        grouped(verdict.hidden as u64),
        verdict.rules
    )
}
