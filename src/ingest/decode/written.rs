//! Typed cells as the text that a CSV of the same table would hold: of Parquet and of queries alike.

use crate::domain::day;
use crate::schema::Kind;
use crate::sources::TablePlan;

/// Whole numbers from here on are not exact as floats.
const INEXACT: f64 = 9_007_199_254_740_992.0;

/// What a column's text depends on beside its type.
pub(in crate::ingest) struct How {
    /// The date format that the source config declares; ISO without one.
    pub(in crate::ingest) format: String,
    /// Whether it holds NHS numbers: one kept as a float has been through a spreadsheet, and its text says so.
    pub(in crate::ingest) is_number: bool,
}

impl How {
    /// None for a column that nothing reads.
    pub(in crate::ingest) fn of(plan: &TablePlan, heading: &str) -> Option<Self> {
        let all = || plan.columns.iter().chain(&plan.details);
        let is_canonical = all().any(|column| column.column.name.eq_ignore_ascii_case(heading));
        if !plan.knows(heading) && !is_canonical {
            return None;
        }
        let own = || all().filter(|column| column.headings().iter().any(|known| known.eq_ignore_ascii_case(heading)));
        let dated = own().find(|column| matches!(column.column.kind, Kind::Date | Kind::BirthDate));
        let format = dated.map_or("%Y-%m-%dT%H:%M:%S", |column| column.format.as_str()).to_owned();
        Some(Self { format, is_number: own().any(|column| column.column.kind == Kind::NhsNumber) })
    }
}

/// Quoted where it must be. Line ends become blanks: a row is a line.
pub(in crate::ingest) fn quoted(value: &[u8], text: &mut Vec<u8>) {
    if !value.iter().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r')) {
        text.extend_from_slice(value);
        return;
    }
    text.push(b'"');
    for byte in value {
        match byte {
            b'"' => text.extend_from_slice(b"\"\""),
            b'\n' | b'\r' => text.push(b' '),
            byte => text.push(*byte),
        }
    }
    text.push(b'"');
}

/// A decimal, whose fraction goes if it is zero.
pub(in crate::ingest) fn decimal(value: &str, text: &mut Vec<u8>) {
    let whole = value.split_once('.').filter(|(_, tail)| tail.bytes().all(|digit| digit == b'0'));
    text.extend_from_slice(whole.map_or(value, |(head, _)| head).as_bytes());
}

/// A whole number without its point; one too large to be exact in scientific notation, as a spreadsheet shows it.
pub(in crate::ingest) fn float(value: f64, is_number: bool, text: &mut Vec<u8>) {
    let written = if value.is_nan() {
        return;
    } else if value.abs() >= INEXACT {
        format!("{value:E}").replace('E', "E+")
    } else if value.fract() != 0.0 {
        value.to_string()
    } else if is_number {
        format!("{value:.1}")
    } else {
        format!("{value:.0}")
    };
    text.extend_from_slice(written.as_bytes());
}

/// A time of day, from the seconds since midnight.
pub(in crate::ingest) fn clock(seconds: i64) -> String {
    format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// A day, with its time where there is one, in a declared format. A time that the format has no room for is shown in full,
/// so that the check on dates sees it; midnight is no time there.
pub(in crate::ingest) fn dated(day: i32, seconds: i64, format: &str) -> String {
    let has_room = format.contains("%H");
    if seconds != 0 && !has_room {
        return format!("{}T{}", day::to_iso(day), clock(seconds));
    }
    let (year, month, dom) = day::parts(day);
    let name = day::MONTH_NAMES[(month as usize).saturating_sub(1) % 12];
    format
        .replace("%Y", &format!("{year:04}"))
        .replace("%m", &format!("{month:02}"))
        .replace("%d", &format!("{dom:02}"))
        .replace("%b", &name[..3].to_ascii_uppercase())
        .replace("%H", &format!("{:02}", seconds / 3600))
        .replace("%M", &format!("{:02}", seconds / 60 % 60))
        .replace("%S", &format!("{:02}", seconds % 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_are_whole_numbers_where_they_can_be() {
        let text = |value: f64, is_number| {
            let mut text = Vec::new();
            float(value, is_number, &mut text);
            String::from_utf8(text).unwrap()
        };
        assert_eq!(text(12.0, false), "12");
        assert_eq!(text(12.5, false), "12.5");
        assert_eq!(text(f64::NAN, false), "");
        assert_eq!(text(9_434_765_919.0, true), "9434765919.0");
        assert_eq!(text(1.25e18, false), "1.25E+18");
    }

    #[test]
    fn days_are_written_as_declared() {
        let day = day::parse_iso(b"2025-12-31").unwrap();
        assert_eq!(dated(day, 0, "%d/%m/%Y"), "31/12/2025");
        assert_eq!(dated(day, 0, "%d%b%Y"), "31DEC2025");
        assert_eq!(dated(day, 34_200, "%Y-%m-%dT%H:%M:%S"), "2025-12-31T09:30:00");
        assert_eq!(dated(day, 34_200, "%Y-%m-%d"), "2025-12-31T09:30:00");
    }

    #[test]
    fn a_cell_never_spans_lines() {
        let mut text = Vec::new();
        quoted(b"a\n\"b\",c", &mut text);
        assert_eq!(text, b"\"a \"\"b\"\",c\"");
    }
}
