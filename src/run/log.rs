//! The log of a run: one line a step, with the seconds since the run began. It is written also where the run fails.

use std::sync::Mutex;

use super::{Caller, Done, Step, memory};
use crate::domain::day;
use crate::error::{self, Error, Exit};
use crate::output::attempt::{self, Outcome};
use crate::output::folder;
use crate::output::log::Line;
use crate::settings::Settings;

/// The log of a run, while it goes on.
pub(super) struct Log<'a> {
    lines: Mutex<Vec<Line>>,
    caller: &'a Caller<'a>,
}

impl<'a> Log<'a> {
    pub(super) fn new(settings: &Settings, caller: &'a Caller<'a>) -> Self {
        let first = Line {
            step: "start",
            version: Some(env!("CARGO_PKG_VERSION")),
            config_sha256: Some(super::config_hash(settings)),
            as_of: settings.pinned_as_of().map(day::to_iso),
            ..Line::default()
        };
        Self { lines: Mutex::new(vec![first]), caller }
    }

    pub(super) fn step(&self, step: Step) {
        if let (Step::Stage { name, rows_in, rows_out }, Ok(mut lines)) = (&step, self.lines.lock()) {
            fault_after(name);
            let seconds = (self.caller.seconds)();
            let rows = (Some(*rows_in), Some(*rows_out));
            let peak_mib = memory::peak_mib();
            lines.push(Line { step: name, seconds, rows_in: rows.0, rows_out: rows.1, peak_mib, ..Line::default() });
        }
        (self.caller.progress)(step);
    }

    /// The lines so far, with a last one that says how the run ends; the first says the day up to which data are used.
    pub(super) fn lines(&self, as_of: Option<i32>, exit: Exit) -> Vec<Line> {
        let mut lines = self.lines.lock().map(|lines| lines.clone()).unwrap_or_default();
        if let (Some(first), Some(as_of)) = (lines.first_mut(), as_of) {
            first.as_of = Some(day::to_iso(as_of));
        }
        let seconds = (self.caller.seconds)();
        lines.push(Line { step: "end", seconds, exit_code: Some(exit as u8), ..Line::default() });
        lines
    }

    /// Tells beside the runs what became of this one. A run that did not get the lock tells nothing there: another is at work.
    pub(super) fn tell(&self, settings: &Settings, done: &Result<Done, Error>) {
        let runs = settings.resolve(&settings.paths.runs);
        let (as_of, exit) = match done {
            Ok(done) => (Some(done.as_of), Exit::Done),
            Err(problem) if problem.code() == &error::LOCKED => return,
            Err(problem) => (None, problem.code().exit),
        };
        let lines = self.lines(as_of, exit);
        let outcome = match done {
            Ok(done) if done.is_published => Outcome::Published(&done.summary),
            Ok(done) => Outcome::Dry(&done.summary),
            Err(problem) => Outcome::Failed(problem, folder::latest(&runs)),
        };
        attempt::write(&runs, &self.caller.run_id, &outcome, &lines);
    }
}

/// Where a test may stop the run once a step has ended.
fn fault_after(step: &str) {
    match step {
        "read" => crate::fault::point("read"),
        "link" => crate::fault::point("linked"),
        "pathways" | "unchanged" => crate::fault::point("counted"),
        _ => {}
    }
}
