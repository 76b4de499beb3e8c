//! The log of a run: one line a step, with the seconds since the run began.

use std::sync::Mutex;

use super::{Caller, Step};
use crate::domain::day;
use crate::output::log::Line;
use crate::settings::Settings;

/// The log of a run, while it goes on.
pub(super) struct Log<'a> {
    lines: Mutex<Vec<Line>>,
    caller: &'a Caller<'a>,
}

impl<'a> Log<'a> {
    pub(super) fn new(settings: &Settings, caller: &'a Caller<'a>) -> Self {
        let config_sha256 = Some(super::config_hash(settings));
        let first = Line { step: "start", version: Some(env!("CARGO_PKG_VERSION")), config_sha256, ..Line::default() };
        Self { lines: Mutex::new(vec![first]), caller }
    }

    pub(super) fn step(&self, step: Step) {
        if let (Step::Stage { name, rows_in, rows_out }, Ok(mut lines)) = (&step, self.lines.lock()) {
            let seconds = (self.caller.seconds)();
            lines.push(Line {
                step: name,
                seconds,
                rows_in: Some(*rows_in),
                rows_out: Some(*rows_out),
                ..Line::default()
            });
        }
        (self.caller.progress)(step);
    }

    pub(super) fn finish(self, as_of: i32) -> Vec<Line> {
        let mut lines = self.lines.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        let seconds = (self.caller.seconds)();
        lines.push(Line {
            step: "end",
            seconds,
            as_of: Some(day::to_iso(as_of)),
            exit_code: Some(0),
            ..Line::default()
        });
        lines
    }
}
