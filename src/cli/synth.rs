//! `pathlink synth`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};

use super::{Global, tell};
use crate::error::{self, Error};
use crate::synth::{CharityNumbers, Errors, Folder, GpExtract, Options, generate};

#[derive(Debug, Args)]
pub(super) struct SynthArgs {
    /// How many invented people.
    #[arg(long, value_name = "N")]
    people: u64,
    /// The seed: the same seed gives the same bytes.
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// An empty or new folder.
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
    /// Leave out everything that general practices send.
    #[arg(long)]
    without_gp: bool,
    /// Plant no identifier errors, duplicates or refusals.
    #[arg(long, conflicts_with = "errors")]
    clean: bool,
    /// On whom identifier errors fall.
    #[arg(long, value_enum, value_name = "HOW", default_value = "measured")]
    errors: Fall,
    /// Let charities hold no NHS number at all: names, dates of birth, sex and postcodes only.
    #[arg(long)]
    charities_without_numbers: bool,
}

/// On whom identifier errors fall; the rates are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Fall {
    /// Missing numbers and old postcodes more on deprived people and minority groups, other errors on anybody.
    Measured,
    /// On everybody alike.
    Random,
    /// All errors mostly on deprived people and minority groups.
    Biased,
}

/// Writes the extracts and the truth.
pub(super) fn synth(global: &Global, arguments: &SynthArgs) -> Result<(), Error> {
    let failed = |_| {
        Error::new(
            &error::CANNOT_WRITE,
            format!("{} cannot be written", arguments.to.display()),
            "name an empty or new folder, and check the disk's free space",
        )
    };
    let options = Options {
        people: arguments.people,
        seed: arguments.seed,
        gp: if arguments.without_gp { GpExtract::Missing } else { GpExtract::Sent },
        errors: match arguments.errors {
            _ if arguments.clean => Errors::None,
            Fall::Measured => Errors::Planted,
            Fall::Random => Errors::Random,
            Fall::Biased => Errors::Biased,
        },
        charity_numbers: if arguments.charities_without_numbers { CharityNumbers::None } else { CharityNumbers::Some },
    };
    let mut folder = Folder::create(&arguments.to).map_err(failed)?;
    let bar = if global.quiet { ProgressBar::hidden() } else { ProgressBar::new(arguments.people) };
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {human_pos} of {human_len} people, {eta} left") {
        bar.set_style(style);
    }
    let summary = generate(&options, &mut folder, &mut |people| bar.set_position(people)).map_err(failed)?;
    bar.finish_and_clear();
    let rows: u64 = summary.rows.values().sum();
    tell(&format!(
        "{} invented people, {rows} rows in {} files under {}",
        summary.people,
        summary.rows.len(),
        arguments.to.display()
    ));
    tell("the planted truth is in truth.json and truth/");
    Ok(())
}
