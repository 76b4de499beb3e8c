//! The command line: one file per command, and nothing else sees clap.

mod check;
mod clock;
mod compat;
mod describe;
mod doctor;
mod key;
#[cfg(test)]
mod one_more_metric;
mod people;
mod pseudonymise;
mod reading;
mod run;
mod share;
mod synth;

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::domain::key_text::holds_key;
use crate::error::{self, Error};
use crate::identity::{keys, secret_file};

/// Links the service-use records of a mental-health trust, A&E, NHS Talking Therapies, GP practices and voluntary-sector
/// services, and reports what happened to people on a redesigned care pathway.
#[derive(Debug, Parser)]
#[command(name = "pathlink", version, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Args)]
struct Global {
    /// The configuration file; else ./pathlink.toml, else ./config/pathlink.toml.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Worker threads; one per core by default. Changes no figure.
    #[arg(long, global = true, value_name = "N", default_value_t = 0)]
    threads: usize,
    /// Only errors on standard error.
    #[arg(short, long, global = true)]
    quiet: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Read the extracts, link people, follow the pathways and write the figures.
    Run(run::RunArgs),
    /// Read and check every extract, say what to do, and publish nothing.
    ///
    /// A file that cannot be read shows its error and the others go on; the exit code is that of the worst fault. Writes
    /// quality.html, quality.json and the rejected lines to `check/` under the folder of runs. Counts are exact, also
    /// those of single people: the output is for the trust's own analysts and is never released.
    Check(check::CheckArgs),
    /// Explain one file, or say what this machine lacks for a run; needs no key and writes nothing.
    ///
    /// With --file: its encoding, delimiter and quote beside the declared ones, which table it is, headings found and
    /// missing, what its columns look like, what would be rejected, and the settings to change. Shapes of values are shown,
    /// such as `D{10}`, never a value. Without: config, key file, folders, disk, threads and memory.
    Doctor(doctor::DoctorArgs),
    /// Replace identifiers by tokens at a practice or charity, so that no NHS number leaves it.
    ///
    /// Reads and checks the files as a run would, with no other data, and writes for each a file that `run` takes beside raw
    /// extracts. Names, postcodes and numbers stay here; dates leave as exact as the source config's `date_precision`
    /// says. A line that cannot be used is named beside the result, without its values.
    Pseudonymise(pseudonymise::PseudonymiseArgs),
    /// Rebuild who everybody was in an earlier run, from the registry of people; restricted.
    ///
    /// Writes the person id of every key that was known by then, and the merges and splits until then.
    People(people::PeopleArgs),
    /// Give an evaluator rows about people, under an agreement that the configuration names.
    ///
    /// Writes Parquet tables with the recipient's own tokens of people, what every column means, and the terms. Two
    /// recipients cannot join their files. The share is recorded in the store; rows have had no disclosure control.
    Share(share::ShareArgs),
    /// Write invented extracts of all five sources, with the planted truth beside them.
    Synth(synth::SynthArgs),
    /// Make pseudonyms in another party's way: `OpenPseudonymiser`, NDRS or CRATE.
    ///
    /// Writes row, digest and reason for each row of a CSV to a file that only you can read. Blank and invalid numbers get a
    /// reason and no digest. Whoever has the salt can reverse these digests in seconds.
    Compat(compat::CompatArgs),
    /// Describe what the program does; reads no extract and no key.
    #[command(subcommand)]
    Describe(describe::DescribeCommand),
    /// Make, check or rotate a project key.
    #[command(subcommand)]
    Key(key::KeyCommand),
}

/// The number of threads that the command line asks for, read before any thread starts.
pub fn threads_asked(arguments: impl Iterator<Item = String>) -> Option<usize> {
    let mut arguments = arguments.peekable();
    while let Some(argument) = arguments.next() {
        if let Some(value) = argument.strip_prefix("--threads=") {
            return value.parse().ok();
        }
        if argument == "--threads" {
            return arguments.peek()?.parse().ok();
        }
    }
    None
}

/// Parses the command line and does what it says. The process's exit code.
pub fn main() -> u8 {
    // Before anything is read: a crash must not write a key or an identifier to disk.
    keys::forbid_core_dumps();
    let has_key =
        |argument: &str| holds_key(argument) || argument.split_once('=').is_some_and(|(_, value)| holds_key(value));
    if std::env::args_os().any(|argument| has_key(&argument.to_string_lossy())) {
        let problem = secret_file::exposed("the command line");
        say(&problem.to_string());
        return problem.exit_code();
    }
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(problem) => {
            let _ = problem.print();
            return if problem.use_stderr() { 2 } else { 0 };
        }
    };
    if cli.global.threads > 0 {
        let _ = rayon::ThreadPoolBuilder::new().num_threads(cli.global.threads).build_global();
    }
    let done = match &cli.command {
        Command::Run(arguments) => run::run(&cli.global, arguments).map(|()| 0),
        Command::Check(arguments) => check::check(&cli.global, arguments),
        Command::Doctor(arguments) => doctor::doctor(&cli.global, arguments),
        Command::Pseudonymise(arguments) => pseudonymise::pseudonymise(&cli.global, arguments).map(|()| 0),
        Command::People(arguments) => people::people(&cli.global, arguments).map(|()| 0),
        Command::Share(arguments) => share::share(&cli.global, arguments).map(|()| 0),
        Command::Synth(arguments) => synth::synth(&cli.global, arguments).map(|()| 0),
        Command::Compat(arguments) => compat::compat(&cli.global, arguments).map(|()| 0),
        Command::Describe(command) => describe::describe(&cli.global, command).map(|()| 0),
        Command::Key(command) => key::key(&cli.global, command).map(|()| 0),
    };
    match done {
        Ok(code) => code,
        Err(problem) => {
            say(&problem.to_string());
            problem.exit_code()
        }
    }
}

/// Tells of a fault of ours without what it was about.
pub fn fault(place: &str) {
    say(&format!(
        "error {}: a fault in pathlink{place}\n  fix: please report this line; nothing was published",
        error::BUG.id
    ));
}

/// A line for people, on standard error.
#[expect(clippy::print_stderr, reason = "the one place that writes messages")]
fn say(text: &str) {
    eprintln!("{text}");
}

/// Lines of results, on standard output. A reader who has seen enough, such as `head`, is no fault; a full disk is.
fn tell(text: &str) {
    let mut out = std::io::stdout().lock();
    let written = writeln!(out, "{text}").and_then(|()| out.flush());
    if let Err(problem) = written
        && problem.kind() != std::io::ErrorKind::BrokenPipe
    {
        let problem =
            Error::new(&error::CANNOT_WRITE, "standard output cannot be written", "check the disk's free space");
        say(&problem.to_string());
        std::process::exit(i32::from(problem.exit_code()));
    }
}

/// A result, or an error with one more line on what became of the outputs.
fn with_note<T>(result: Result<T, Error>, note: impl FnOnce() -> String) -> Result<T, Error> {
    result.map_err(|problem| problem.because(note()))
}
