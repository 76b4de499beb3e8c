//! `pathlink pseudonymise`.

use std::fmt::Write;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::clock::{self, Stopwatch};
use super::{Global, check, say, tell};
use crate::error::Error;
use crate::run::pseudonymise::{self, Asked, Form, MadeFile, Preview, Target};
use crate::settings;
use crate::sources::Precision;

#[derive(Debug, Args)]
pub(super) struct PseudonymiseArgs {
    /// The files, all of one source; or a folder that holds them.
    #[arg(required = true, value_name = "IN")]
    inputs: Vec<PathBuf>,
    /// Whose files they are: `mental_health`, `emergency_care`, `talking_therapies`, `gp` or `community`.
    #[arg(long, value_name = "NAME")]
    source: String,
    /// Where the results go: a file ending in .parquet or .csv for one file, else a folder.
    #[arg(long, value_name = "OUT", required_unless_present = "preview")]
    to: Option<PathBuf>,
    /// Form of the results in a folder.
    #[arg(long, value_name = "FORM", value_enum)]
    format: Option<FormName>,
    /// The table that the file is, as the source config names it, where the file's name does not tell.
    #[arg(long, value_name = "NAME")]
    table: Option<String>,
    /// Show which columns would leave and what they look like, without a value; needs no key and writes nothing.
    #[arg(long, conflicts_with_all = ["to", "format", "key_file"])]
    preview: bool,
    /// The project key's file; else `PATHLINK_KEY_FILE`, else the configuration.
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum FormName {
    Parquet,
    Csv,
}

/// Makes the files, or shows what would leave.
pub(super) fn pseudonymise(global: &Global, arguments: &PseudonymiseArgs) -> Result<(), Error> {
    let watch = Stopwatch::start();
    let source = check::source(&arguments.source)?;
    let settings = settings::load_without_pathways(&settings::find(global.config.as_deref())?)?;
    let progress = |name: &str, rows: u64| {
        if !global.quiet {
            say(&format!("read {name}: {rows} rows"));
        }
    };
    let run_id = clock::run_id();
    let table = arguments.table.as_deref();
    let asked = Asked { source, inputs: &arguments.inputs, table, run_id: &run_id, progress: &progress };
    let Some(to) = arguments.to.as_deref().filter(|_| !arguments.preview) else {
        pseudonymise::preview(&settings, &asked)?.iter().for_each(show);
        tell("nothing was written, and nothing else would leave");
        return Ok(());
    };
    let form = arguments.format.map(|form| match form {
        FormName::Parquet => Form::Parquet,
        FormName::Csv => Form::Csv,
    });
    let key_file = arguments.key_file.clone().or_else(clock::key_file);
    let made = pseudonymise::pseudonymise(&settings, &asked, &Target { to, form, key_file })
        .map_err(|problem| problem.because("nothing was written"))?;
    if made.is_demonstration {
        tell("demonstration: the built-in key, which everybody has; never for real people");
    }
    made.files.iter().for_each(report);
    tell("NHS numbers, local numbers, names and postcodes became tokens or were left behind");
    let (project, version, check_value) = &made.key;
    tell(&format!(
        "the key: project {project} version {version} check value {check_value}; the receiver's must be the same"
    ));
    if !global.quiet {
        say(&format!("done in {:.1} s", watch.seconds()));
    }
    Ok(())
}

fn report(file: &MadeFile) {
    let tally = &file.tally;
    let mut line = format!("{}: {} of {} rows leave", file.to.display(), tally.kept, tally.read);
    for (reason, count) in &tally.excluded {
        let _ = write!(line, "; {count} left out ({})", in_words(reason));
    }
    if tally.rejected_total() > 0 {
        let _ = write!(line, "; {} could not be used", tally.rejected_total());
    }
    tell(&line);
    if let Some(rejects) = &file.rejects {
        tell(&format!("  which lines and why: {} (no values; it need not be sent)", rejects.display()));
    }
    if file.precision == Precision::Month {
        tell("  dates are the first of their month; dates of birth and times of day were left out");
    }
}

fn in_words(reason: &str) -> String {
    match reason {
        "parent_excluded" => "they belong to something that was left out".to_owned(),
        reason => reason.replace('_', " "),
    }
}

fn show(preview: &Preview) {
    let tally = &preview.tally;
    tell(&format!(
        "{} becomes {}: {} of {} rows would leave, {} left out, {} could not be used",
        preview.from,
        preview.table,
        tally.kept,
        tally.read,
        tally.excluded_total(),
        tally.rejected_total()
    ));
    if preview.rows > tally.kept {
        tell(&format!(
            "  of {} rows that are left out the token of their own number would leave and nothing else, so that what belongs to them is left out too",
            preview.rows - tally.kept
        ));
    }
    for column in &preview.columns {
        let from = match column.headings.join(", ") {
            headings if headings.is_empty() => String::new(),
            headings => format!(" (from {headings})"),
        };
        tell(&format!("  {}{from}: {}", column.name, column.holds));
        let shapes: Vec<&str> =
            column.shapes.iter().map(|shape| if shape.is_empty() { "empty" } else { shape }).collect();
        if !shapes.is_empty() {
            tell(&format!("      first rows: {}", shapes.join(" | ")));
        }
    }
    tell("  beside them: the provider, whether a row is kept, why a number has no token, and counts of rows and cells");
    if !tally.unread_headings.is_empty() {
        tell(&format!("  stay here, for nothing reads them: {}", tally.unread_headings.join(", ")));
    }
}
