//! Cells: from the bytes of one field to a typed value, or the check that it fails.

use super::checks::{self, Check};
use super::lookups::Deprivation;
use crate::domain::day;
use crate::domain::nhs_number::Accepts;
use crate::domain::org_code::OrgCode;

/// What a file's cells are read with.
pub struct Context<'a> {
    /// Which NHS numbers are accepted.
    pub accepts: Accepts,
    /// Postcode look-up.
    pub deprivation: &'a Deprivation,
}

/// NHS number status indicator code, 1 to 8; the leading zero is often lost.
pub(super) fn status(text: &[u8]) -> Result<u16, &'static Check> {
    match text {
        [b'0', digit @ b'1'..=b'8'] | [digit @ b'1'..=b'8'] => Ok(u16::from(digit - b'0')),
        _ => Err(&checks::STATUS),
    }
}

/// An organisation code, packed.
pub(super) fn organisation(text: &[u8]) -> Result<u64, &'static Check> {
    OrgCode::parse(text).map(OrgCode::packed).ok_or(&checks::ORGANISATION)
}

/// A date of birth; one that systems fill in counts as missing.
pub(super) fn birth_date(text: &[u8], format: &str) -> Result<i32, &'static Check> {
    match date(text, format) {
        None => Err(&checks::DATE),
        Some(found) if is_default_birth(found) => Err(&checks::DEFAULT_BIRTH),
        Some(found) => Ok(found),
    }
}

/// 1900-01-01, 1901-01-01, 1800-01-01 and the like are filled in by systems, not people.
fn is_default_birth(found: i32) -> bool {
    let (year, month, day) = day::parts(found);
    (month, day) == (1, 1) && (year <= 1901 || year >= 2099)
}

/// A date in a declared form. A time after it (`T..` or a blank and a time) is allowed only where the form has one.
/// Two-digit years are refused: no form has them.
pub fn date(text: &[u8], format: &str) -> Option<i32> {
    if format == "%Y-%m-%d" {
        return day::parse_iso(text);
    }
    if format == "%Y-%m-%dT%H:%M:%S" {
        let (head, tail) = text.split_at_checked(10)?;
        let has_time =
            matches!(tail, [] | [b'T' | b' ', ..]) && tail.get(1..).is_none_or(|time| minute(time).is_some());
        return if has_time { day::parse_iso(head) } else { None };
    }
    by_pattern(text, format.as_bytes())
}

fn by_pattern(mut text: &[u8], mut format: &[u8]) -> Option<i32> {
    let (mut year, mut month, mut dom) = (None, None, None);
    while let Some((sign, rest)) = format.split_first() {
        if *sign != b'%' {
            text = text.strip_prefix(&[*sign])?;
            format = rest;
            continue;
        }
        let (field, rest) = rest.split_first()?;
        let width = match field {
            b'Y' => 4,
            b'b' => 3,
            _ => 2,
        };
        let (part, tail) = text.split_at_checked(width)?;
        match field {
            b'Y' => year = Some(day::digits(part)? as i32),
            b'm' => month = Some(day::digits(part)?),
            b'd' => dom = Some(day::digits(part)?),
            b'b' => month = Some(month_name(part)?),
            b'H' | b'M' | b'S' => drop(day::digits(part)?),
            _ => return None,
        }
        text = tail;
        format = rest;
    }
    if text.is_empty() { day::from_parts(year?, month?, dom?) } else { None }
}

fn month_name(text: &[u8]) -> Option<u32> {
    let names = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
    names.iter().position(|name| name.as_bytes().eq_ignore_ascii_case(text)).map(|at| at as u32 + 1)
}

/// `hh:mm` or `hh:mm:ss`, also after a date that only pads it out. Seconds are dropped.
pub(super) fn minute(text: &[u8]) -> Option<i32> {
    let has_date = matches!(text, [_, _, _, _, b'-', _, _, b'-', _, _, b'T' | b' ', ..]);
    let text = if has_date { &text[11..] } else { text };
    let (hours, minutes, rest) = match text {
        [h1, h2, b':', m1, m2, rest @ ..] => (day::digits(&[*h1, *h2])?, day::digits(&[*m1, *m2])?, rest),
        _ => return None,
    };
    let has_seconds = match rest {
        [] => true,
        [b':', s1, s2, rest @ ..] => day::digits(&[*s1, *s2])? < 60 && (rest.is_empty() || rest[0] == b'.'),
        _ => false,
    };
    (hours < 24 && minutes < 60 && has_seconds).then_some((hours * 60 + minutes) as i32)
}

pub(super) fn whole(text: &[u8]) -> Option<i32> {
    (text.len() <= 9).then(|| day::digits(text)).flatten().map(|value| value as i32)
}

pub(super) fn decimal(text: &[u8]) -> Option<f32> {
    let is_plain = text.iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
    if !is_plain || text.len() > 12 {
        return None;
    }
    std::str::from_utf8(text).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_follow_the_declared_form_only() {
        let day = day::parse_iso(b"2025-12-31");
        assert_eq!(date(b"2025-12-31", "%Y-%m-%d"), day);
        assert_eq!(date(b"31/12/2025", "%d/%m/%Y"), day);
        assert_eq!(date(b"31dec2025", "%d%b%Y"), day);
        assert_eq!(date(b"2025-12-31T09:30:00", "%Y-%m-%dT%H:%M:%S"), day);
        assert_eq!(date(b"2025-12-31 09:30", "%Y-%m-%dT%H:%M:%S"), day);
        for (text, format) in [
            ("31/12/2025", "%Y-%m-%d"),
            ("31/12/25", "%d/%m/%Y"),
            ("2025-12-31x", "%Y-%m-%dT%H:%M:%S"),
            ("31/12/20255", "%d/%m/%Y"),
        ] {
            assert_eq!(date(text.as_bytes(), format), None, "{text}");
        }
    }

    #[test]
    fn times_keep_the_minute() {
        assert_eq!(minute(b"23:59:59"), Some(1439));
        assert_eq!(minute(b"1970-01-01T04:00:00"), Some(240));
        assert_eq!(minute(b"24:00"), None);
        assert_eq!(minute(b"4:00"), None);
    }

    #[test]
    fn numbers_are_plain() {
        assert_eq!(decimal(b"0"), Some(0.0));
        assert_eq!(decimal(b"12.5"), Some(12.5));
        for wrong in [&b"1e3"[..], b"NaN", b"", b"--1"] {
            assert_eq!(decimal(wrong), None);
        }
    }
}
