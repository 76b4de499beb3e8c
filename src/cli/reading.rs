//! How far a run is, for people: a bar on a terminal with the rate and the time left, and nothing elsewhere unless asked for.

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use super::clock::Stopwatch;
use super::{Global, say, voice};
use crate::run::Step;

/// The bar, or lines in its place.
pub(super) struct Reading<'a> {
    bar: ProgressBar,
    watch: &'a Stopwatch,
    has_lines: bool,
}

impl<'a> Reading<'a> {
    pub(super) fn start(global: &Global, watch: &'a Stopwatch) -> Self {
        let has_lines = global.verbose || voice::logs_json();
        let bar = if global.quiet || has_lines { ProgressBar::hidden() } else { ProgressBar::new(0) };
        let template = "{msg} {bar:30} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Self { bar, watch, has_lines: has_lines && !global.quiet }
    }

    /// Shows a step that ended.
    pub(super) fn show(&self, step: &Step) {
        match step {
            Step::Reading { bytes } => {
                self.bar.set_length(*bytes);
                self.bar.set_message("reading");
            }
            Step::Staged { bytes, .. } => self.bar.inc(*bytes),
            Step::Stage { name, rows_in, rows_out } => {
                if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
                    self.bar.set_style(style);
                }
                self.bar.set_message(format!("{name} done"));
                self.bar.tick();
                self.line(name, *rows_in, *rows_out);
            }
        }
    }

    fn line(&self, name: &str, rows_in: u64, rows_out: u64) {
        let seconds = self.watch.seconds();
        if self.has_lines && voice::logs_json() {
            voice::log(&json!({ "step": name, "seconds": seconds, "rows_in": rows_in, "rows_out": rows_out }));
        } else if self.has_lines {
            say(&format!("{seconds:>8.1} s  {name}: {rows_in} in, {rows_out} out"));
        }
    }

    /// Takes the bar away.
    pub(super) fn end(&self) {
        self.bar.finish_and_clear();
    }
}
