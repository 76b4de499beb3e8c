//! The clock and the environment, read here and handed down.

use std::path::PathBuf;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use crate::domain::day;

/// Seconds since it was started.
pub(super) struct Stopwatch(Instant);

impl Stopwatch {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the clock for durations")]
    pub(super) fn start() -> Self {
        Self(Instant::now())
    }

    /// To the millisecond.
    pub(super) fn seconds(&self) -> f64 {
        (self.0.elapsed().as_secs_f64() * 1000.0).round() / 1000.0
    }
}

/// A run's id: `2026-11-22T020000Z_3f9c`, the time in UTC and two bytes of chance.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the clock for names")]
pub(super) fn run_id() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let mut chance = [0u8; 2];
    let _ = getrandom::fill(&mut chance);
    let (hour, minute, second) = (now / 3600 % 24, now / 60 % 60, now % 60);
    format!(
        "{}T{hour:02}{minute:02}{second:02}Z_{:02x}{:02x}",
        day::to_iso((now / 86_400) as i32),
        chance[0],
        chance[1]
    )
}

/// Today, in UTC, as days since 1970.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the clock for a day")]
pub(super) fn today() -> i32 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| (since.as_secs() / 86_400) as i32)
}

/// The key file that the environment names.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
pub(super) fn key_file() -> Option<PathBuf> {
    std::env::var("PATHLINK_KEY_FILE").ok().filter(|text| !text.is_empty()).map(PathBuf::from)
}

/// Whether the environment asks for no colours (no-color.org).
#[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
pub(super) fn forbids_colour() -> bool {
    std::env::var("NO_COLOR").is_ok_and(|text| !text.is_empty())
}
