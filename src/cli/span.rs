//! Spans of time and days, as they are typed.

use crate::domain::day;
use crate::domain::period::{Period, Span};

/// Seconds of `45s`, `30m`, `2h` or `3d`.
pub(super) fn seconds(text: &str) -> Result<u64, String> {
    let units = [('s', 1), ('m', 60), ('h', 3600), ('d', 86_400)];
    let found = units.iter().find_map(|(unit, seconds)| {
        let count: u64 = text.strip_suffix(*unit)?.parse().ok()?;
        count.checked_mul(*seconds)
    });
    found.ok_or_else(|| "write it as 45s, 30m, 2h or 3d".to_owned())
}

/// Days of `90d`, or of any span of whole days.
pub(super) fn days(text: &str) -> Result<i32, String> {
    let whole = seconds(text).ok().filter(|seconds| seconds % 86_400 == 0);
    whole.and_then(|seconds| i32::try_from(seconds / 86_400).ok()).ok_or_else(|| "write it in days, as 90d".to_owned())
}

/// A day, as 2026-03-31.
pub(super) fn day(text: &str) -> Result<i32, String> {
    day::parse_iso(text.as_bytes()).ok_or_else(|| "write it as 2026-03-31".to_owned())
}

/// The last day of a period: a month (2025-09), a financial quarter (2025/26 Q2) or a financial year (2025/26).
pub(super) fn last_day_of_period(text: &str) -> Result<i32, String> {
    // Every period of the hundred years until 31 March 2099 is gone through.
    let until = day::from_parts(2099, 3, 31).unwrap_or_default();
    let spans = [(Span::Month, 1200), (Span::Quarter, 400), (Span::Year, 100)];
    let all = spans.into_iter().flat_map(|(span, count)| Period::up_to(until, span, count));
    let found = all.filter(|period| period.name == text).map(|period| period.end).next();
    found.ok_or_else(|| "write it as 2025-09, \"2025/26 Q2\" or 2025/26".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read() {
        assert_eq!(["45s", "30m", "2h", "3d"].map(seconds), [Ok(45), Ok(1800), Ok(7200), Ok(259_200)]);
        assert!(
            ["", "30", "m", "-1s", "1.5h", "99999999999999999999s", "99999999999999999d"]
                .iter()
                .all(|text| seconds(text).is_err())
        );
        assert_eq!((days("90d"), days("48h")), (Ok(90), Ok(2)));
        assert!(days("90m").is_err());
    }

    #[test]
    fn periods_end_with_their_last_day() {
        let last = |text: &str| last_day_of_period(text).map(day::to_iso);
        assert_eq!(last("2025-09").as_deref(), Ok("2025-09-30"));
        assert_eq!(last("2025/26 Q2").as_deref(), Ok("2025-09-30"));
        assert_eq!(last("2025/26 Q4").as_deref(), Ok("2026-03-31"));
        assert_eq!(last("2023/24").as_deref(), Ok("2024-03-31"));
        assert!(last("2025 Q2").is_err());
    }
}
