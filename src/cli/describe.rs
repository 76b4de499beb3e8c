//! `pathlink describe`: what the program knows of itself.

use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand, ValueEnum};

use super::{Global, say, tell};
use crate::describe::{self, Facts, Part, security};
use crate::error::Error;
use crate::settings::{self, Settings};
use crate::sources::Sources;

#[derive(Debug, Subcommand)]
pub(super) enum DescribeCommand {
    /// What is read, dropped and kept; who holds what; leaks, flows, texts for an assessment and an agreement; withdrawal.
    Security(SecurityArgs),
}

#[derive(Debug, Args)]
pub(super) struct SecurityArgs {
    /// One part alone.
    #[arg(value_name = "PART", value_parser = PossibleValuesParser::new(Part::ALL.map(Part::id)))]
    part: Option<String>,
    /// How it is written.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// How a page is written.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Format {
    /// For a terminal.
    Text,
    /// For a document.
    Markdown,
}

/// Prints a page.
pub(super) fn describe(global: &Global, command: &DescribeCommand) -> Result<(), Error> {
    let DescribeCommand::Security(arguments) = command;
    let settings = settings(global)?;
    let sources = Sources::of(&settings)?;
    let part = arguments.part.as_deref().and_then(Part::from_id);
    let blocks = security::page(&Facts { settings: &settings, sources: &sources }, part);
    let format = match arguments.format {
        Format::Text => describe::Format::Text,
        Format::Markdown => describe::Format::Markdown,
    };
    tell(describe::write(&blocks, format).trim_end());
    Ok(())
}

/// The project's settings, or the defaults where there are none: the program can be read about before there is a project.
fn settings(global: &Global) -> Result<Settings, Error> {
    if let Ok(path) = settings::find(global.config.as_deref()) {
        return settings::load(&path);
    }
    if !global.quiet {
        say("there is no pathlink.toml here: this is what holds for any project");
    }
    Ok(Settings::default())
}
