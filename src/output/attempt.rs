//! The last attempt: what became of it in one screen, and its log, beside the runs. Written also where a run fails, so that a
//! scheduler can always send the same file; the last good run is never touched.

use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use super::folder::replace_file;
use super::log::{self, Line};
use crate::error::Error;

/// The summary's name among the runs: at most [`MOST_LINES`] lines, no small numbers, fit for e-mail.
pub const SUMMARY: &str = "last_attempt.txt";
/// The log's name among the runs.
pub const LOG: &str = "last_attempt.log.jsonl";
/// A summary has no more lines than this.
pub const MOST_LINES: usize = 40;

/// What became of a run.
pub enum Outcome<'a> {
    /// It was published, with this summary.
    Published(&'a [String]),
    /// It did everything but publish.
    Dry(&'a [String]),
    /// It failed; the last good run, if there is one.
    Failed(&'a Error, Option<String>),
}

/// Writes both. What cannot be written is let go: the run has its own summary, and its exit code says how it ended.
pub fn write(runs: &Path, id: &str, outcome: &Outcome<'_>, lines: &[Line]) {
    let _ = std::fs::DirBuilder::new().recursive(true).mode(0o750).create(runs);
    let text = summary(id, outcome, lines).join("\n") + "\n";
    let _ = replace_file(runs, SUMMARY, text.as_bytes());
    let _ = replace_file(runs, LOG, &log::text(lines));
}

fn summary(id: &str, outcome: &Outcome<'_>, lines: &[Line]) -> Vec<String> {
    let seconds = lines.last().map_or(0.0, |line| line.seconds);
    let told = match outcome {
        Outcome::Published(said) => {
            let mut told = vec![format!("pathlink: done in {seconds:.1} s; published run {id}")];
            told.extend(said.iter().cloned());
            told
        }
        Outcome::Dry(said) => {
            let mut told = vec![format!("pathlink: a dry run, done in {seconds:.1} s; nothing was published")];
            told.extend(said.iter().cloned());
            told
        }
        Outcome::Failed(problem, last) => failed(problem, last.as_deref(), lines),
    };
    fitting(told)
}

fn failed(problem: &Error, last: Option<&str>, lines: &[Line]) -> Vec<String> {
    let seconds = lines.last().map_or(0.0, |line| line.seconds);
    let mut told = vec![format!("pathlink: FAILED after {seconds:.1} s, exit code {}", problem.exit_code())];
    let text = problem.to_string();
    let (what, fix) = text.split_once("\n  fix: ").unwrap_or((&text, ""));
    told.extend(what.lines().take(MOST_LINES - 8).map(str::to_owned));
    told.extend((!fix.is_empty()).then(|| format!("  fix: {fix}")));
    told.push(match last {
        Some(last) => format!("nothing was published; the last good run is {last}"),
        None => "nothing was published; there is no good run yet".to_owned(),
    });
    if problem.code().is_retryable() {
        told.push("the same command may succeed later by itself".to_owned());
    }
    let ended: Vec<&str> = lines.iter().filter(|line| line.rows_in.is_some()).map(|line| line.step).collect();
    told.push(format!("steps that ended: {}", if ended.is_empty() { "none".to_owned() } else { ended.join(", ") }));
    told
}

/// At most so many lines; the last one says how many more there are.
pub fn fitting(mut lines: Vec<String>) -> Vec<String> {
    if lines.len() > MOST_LINES {
        let more = lines.len() - (MOST_LINES - 1);
        lines.truncate(MOST_LINES - 1);
        lines.push(format!("... and {more} more lines"));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error;

    #[test]
    fn a_failure_fits_a_screen_and_says_what_to_do() {
        let mut problem = Error::new(&error::INPUT_MISSING, "no file", "wait for it");
        for line in 0..100 {
            problem = problem.because(format!("line {line}"));
        }
        let told = summary("x", &Outcome::Failed(&problem, Some("good".to_owned())), &[]);
        assert!(told.len() <= MOST_LINES, "{}", told.len());
        assert_eq!(told[0], "pathlink: FAILED after 0.0 s, exit code 4");
        for wanted in ["error INP01: no file", "  fix: wait for it", "nothing was published; the last good run is good"]
        {
            assert!(told.iter().any(|line| line == wanted), "{wanted}: {told:?}");
        }
        assert_eq!(told.last().map(String::as_str), Some("steps that ended: none"));
        assert!(told.contains(&"the same command may succeed later by itself".to_owned()));
    }

    #[test]
    fn what_is_too_long_says_so() {
        assert_eq!(fitting(vec![String::new(); 40]).len(), 40);
        let cut = fitting(vec![String::new(); 50]);
        assert_eq!((cut.len(), cut[39].as_str()), (40, "... and 11 more lines"));
    }
}
