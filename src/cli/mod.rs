//! The command line: one file per command, and nothing else sees clap.

mod about;
mod check;
mod clock;
mod compare;
mod compat;
mod describe;
mod doctor;
mod init;
mod key;
#[cfg(test)]
mod one_more_metric;
mod people;
mod plan;
mod pseudonymise;
mod purge;
mod reading;
mod release;
mod run;
mod share;
mod signals;
mod span;
mod synth;
mod verify;
mod voice;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use voice::{Manner, answer, complain, say, tell};

use crate::domain::key_text::holds_key;
use crate::error::{self, Error, Exit};
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
    /// A line for each step on standard error.
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    verbose: bool,
    /// How messages on standard error are written.
    #[arg(long, global = true, value_enum, value_name = "HOW", default_value_t = LogFormat::Text)]
    log_format: LogFormat,
    /// Whether messages have colours: on a terminal, unless `NO_COLOR` is set.
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t = Colour::Auto)]
    color: Colour,
    /// Print one object on standard output: the result or the error, and whether a retry may help.
    #[arg(long, global = true)]
    json: bool,
    /// End with exit code 1 where all is done, but with warnings.
    #[arg(long, global = true, value_enum, value_name = "WHAT")]
    fail_on: Option<FailOn>,
}

impl Global {
    /// How the process ends that would end with this code, and may have warned.
    fn ending(&self, code: u8, has_warnings: bool) -> u8 {
        if code == Exit::Done as u8 && has_warnings && self.fail_on.is_some() { Exit::Warnings as u8 } else { code }
    }
}

/// How messages are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// When messages have colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Colour {
    /// On a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What makes the process fail beside errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailOn {
    /// A warning.
    Warn,
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
    /// Copy the release of a run for a recipient, checked, and write down that it was released.
    ///
    /// Makes DIR/NAME-PERIOD with the tables, the report, checksums, and `checking/` for whoever checks outputs. Refused where
    /// something can be worked out from it, or where another release was made since the run: what the two tell together
    /// is looked at when the figures are made.
    Release(release::ReleaseArgs),
    /// Check a release: whether it is whole and as it was made, and whether something hidden can be worked out from it.
    ///
    /// Needs no key and no run; whoever gets a release can do it.
    Verify(verify::VerifyArgs),
    /// Write invented extracts of all five sources, with the planted truth beside them.
    Synth(synth::SynthArgs),
    /// Make pseudonyms in another party's way: `OpenPseudonymiser`, NDRS or CRATE.
    ///
    /// Writes row, digest and reason for each row of a CSV to a file that only you can read. Blank and invalid numbers get a
    /// reason and no digest. Whoever has the salt can reverse these digests in seconds.
    Compat(compat::CompatArgs),
    /// Say which files are new or changed, what would be done again and why, and what it would take; writes nothing.
    Plan(plan::PlanArgs),
    /// Say which published numbers moved between two runs, and because of what; the parts add up to the whole.
    ///
    /// Goes from run to run: what a number moved by between two of them belongs to what changed between them: new data, revised
    /// data, linkage settings, other settings, the as-of date, the key, the version. What changed at once is named together.
    Compare(compare::CompareArgs),
    /// Delete earlier runs, and what the store keeps for them; the last good run stays.
    ///
    /// Lists what would go, and deletes it with --yes. Where both limits are given a run goes that is beyond both. Without
    /// either, `runs` under [retention] says how many stay.
    Purge(purge::PurgeArgs),
    /// Make a project folder: settings with comments, a pathway, unit costs.
    ///
    /// With --example it has invented extracts and runs at once. Nothing that is there is written over.
    Init(init::InitArgs),
    /// Print completions for a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Write a manual page for every command.
    Man {
        /// The folder to write to.
        #[arg(value_name = "DIR")]
        to: PathBuf,
    },
    /// Print version, build, and the hash of the list of what the program is built from.
    Version {
        /// Print that list: a `CycloneDX` bill of materials.
        #[arg(long)]
        sbom: bool,
    },
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
    voice::speak(Manner::of(&cli.global, clock::forbids_colour()));
    if cli.global.threads > 0 {
        let _ = rayon::ThreadPoolBuilder::new().num_threads(cli.global.threads).build_global();
    }
    let done = execute(&cli);
    let code = match &done {
        Ok(code) => *code,
        Err(problem) => {
            complain(problem);
            problem.exit_code()
        }
    };
    voice::finish(cli.command.name(), code, done.err().as_ref());
    code
}

/// Does what a command says. The process's exit code.
fn execute(cli: &Cli) -> Result<u8, Error> {
    let global = &cli.global;
    match &cli.command {
        Command::Run(arguments) => run::run(global, arguments),
        Command::Check(arguments) => check::check(global, arguments),
        Command::Doctor(arguments) => doctor::doctor(global, arguments),
        Command::Pseudonymise(arguments) => pseudonymise::pseudonymise(global, arguments).map(|()| 0),
        Command::People(arguments) => people::people(global, arguments).map(|()| 0),
        Command::Share(arguments) => share::share(global, arguments).map(|()| 0),
        Command::Release(arguments) => release::release(global, arguments).map(|()| 0),
        Command::Verify(arguments) => verify::verify(arguments).map(|()| 0),
        Command::Synth(arguments) => synth::synth(global, arguments).map(|()| 0),
        Command::Compat(arguments) => compat::compat(global, arguments).map(|()| 0),
        Command::Describe(command) => describe::describe(global, command).map(|()| 0),
        Command::Key(command) => key::key(global, command).map(|()| 0),
        Command::Plan(arguments) => plan::plan(global, arguments).map(|()| 0),
        Command::Compare(arguments) => compare::compare(global, arguments).map(|()| 0),
        Command::Purge(arguments) => purge::purge(global, arguments).map(|()| 0),
        Command::Init(arguments) => init::init(global, arguments).map(|()| 0),
        Command::Completions { shell } => about::completions(*shell).map(|()| 0),
        Command::Man { to } => about::manual(to).map(|()| 0),
        Command::Version { sbom } => {
            about::version(*sbom);
            Ok(0)
        }
    }
}

impl Command {
    /// As it is typed.
    fn name(&self) -> &'static str {
        match self {
            Self::Run(_) => "run",
            Self::Check(_) => "check",
            Self::Doctor(_) => "doctor",
            Self::Pseudonymise(_) => "pseudonymise",
            Self::People(_) => "people",
            Self::Share(_) => "share",
            Self::Release(_) => "release",
            Self::Verify(_) => "verify",
            Self::Synth(_) => "synth",
            Self::Compat(_) => "compat",
            Self::Describe(_) => "describe",
            Self::Key(_) => "key",
            Self::Plan(_) => "plan",
            Self::Compare(_) => "compare",
            Self::Purge(_) => "purge",
            Self::Init(_) => "init",
            Self::Completions { .. } => "completions",
            Self::Man { .. } => "man",
            Self::Version { .. } => "version",
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

/// A result, or an error with one more line on what became of the outputs.
fn with_note<T>(result: Result<T, Error>, note: impl FnOnce() -> String) -> Result<T, Error> {
    result.map_err(|problem| problem.because(note()))
}
