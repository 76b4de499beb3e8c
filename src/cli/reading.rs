//! How far reading is, for people: a line on a terminal that says so, and nothing elsewhere.

use std::sync::atomic::{AtomicU64, Ordering};

use indicatif::{ProgressBar, ProgressStyle};

use super::Global;
use crate::run::Step;

/// The line.
pub(super) struct Reading {
    bar: ProgressBar,
    rows: AtomicU64,
}

impl Reading {
    pub(super) fn start(global: &Global) -> Self {
        let bar = if global.quiet { ProgressBar::hidden() } else { ProgressBar::new_spinner() };
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
            bar.set_style(style);
        }
        Self { bar, rows: AtomicU64::new(0) }
    }

    /// Shows a step that ended.
    pub(super) fn show(&self, step: &Step) {
        match step {
            Step::Staged { rows, .. } => {
                let read = self.rows.fetch_add(*rows, Ordering::Relaxed) + rows;
                self.bar.set_message(format!("reading: {read} rows"));
            }
            Step::Stage { name, .. } => self.bar.set_message(format!("{name} done")),
        }
        self.bar.tick();
    }

    /// Takes the line away.
    pub(super) fn end(&self) {
        self.bar.finish_and_clear();
    }
}
