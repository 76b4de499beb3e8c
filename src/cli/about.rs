//! `pathlink completions`, `man` and `version`: the program about itself.

use std::path::Path;

use clap::CommandFactory;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{Cli, answer, tell};
use crate::domain::hex;
use crate::error::Error;

/// What the program is built from, written from the lock file; a test holds the two together.
const SBOM: &str = include_str!("../../docs/sbom.cdx.json");

/// Prints completions for a shell.
pub(super) fn completions(shell: clap_complete::Shell) -> Result<(), Error> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "pathlink", &mut text);
    let text = String::from_utf8(text).map_err(Error::silent("write completions"))?;
    tell(text.trim_end());
    Ok(())
}

/// Writes a manual page for every command.
pub(super) fn manual(folder: &Path) -> Result<(), Error> {
    let failed = |_| Error::cannot_write(folder);
    std::fs::create_dir_all(folder).map_err(failed)?;
    let mut command = Cli::command().disable_help_subcommand(true);
    command.build();
    clap_mangen::generate_to(command, folder).map_err(failed)?;
    let pages = std::fs::read_dir(folder).map_err(failed)?.count();
    tell(&format!("{pages} manual pages in {}: man -l {}", folder.display(), folder.join("pathlink.1").display()));
    Ok(())
}

/// Prints the version, and what it is of.
pub(super) fn version(sbom: bool) {
    if sbom {
        return tell(SBOM.trim_end());
    }
    let (version, target) = (env!("CARGO_PKG_VERSION"), format!("{}-{}", std::env::consts::ARCH, std::env::consts::OS));
    let sbom_sha256 = hex::lower(&Sha256::digest(SBOM.as_bytes()));
    tell(&format!("pathlink {version} ({target}), bill of materials SHA-256 {sbom_sha256}"));
    answer(json!({
        "command": "version", "exit_code": 0, "retryable": false,
        "pathlink": version, "target": target, "sbom_sha256": sbom_sha256,
    }));
}
