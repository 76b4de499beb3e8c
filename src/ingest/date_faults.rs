//! Date faults: what is wrong with a cell that should be a date. Only cells that failed come here.
//!
//! In: the cell and, if it is a date that is not certain to be meant, its day. Out: the day, or the check it fails.

use super::checks::{self, Check};
use crate::domain::day;
use crate::sources::ColumnPlan;

/// The day of a date that may be a sentinel, or why a cell is no date.
#[cold]
pub(super) fn judge(plan: &ColumnPlan, text: &[u8], found: Option<i32>) -> Result<i32, &'static Check> {
    let parts = found.map(day::parts).or_else(|| full(text));
    match (parts, found) {
        (Some(parts), _) if plan.sentinels.has(parts) => Err(&checks::SENTINEL),
        (_, Some(found)) => Ok(found),
        (_, None) if has_short_year(text) => Err(&checks::SHORT_YEAR),
        _ => Err(&checks::DATE),
    }
}

/// Year, month and day of a cell that is written like a date, whether or not there is such a day.
fn full(text: &[u8]) -> Option<(i32, u32, u32)> {
    let text = text.split(|byte| matches!(byte, b'T' | b' ')).next()?;
    let number = |part: &[u8]| day::digits(part).filter(|_| part.len() <= 4 && !part.is_empty());
    if let [d1, d2, m1, m2, m3, year @ ..] = text
        && year.len() == 4
        && m1.is_ascii_alphabetic()
    {
        return Some((number(year)? as i32, super::cells::month_name(&[*m1, *m2, *m3])?, number(&[*d1, *d2])?));
    }
    let parts: Vec<&[u8]> = text.split(|byte| matches!(byte, b'-' | b'/' | b'.')).collect();
    match parts[..] {
        [year, month, day] if year.len() == 4 => Some((number(year)? as i32, number(month)?, number(day)?)),
        [day, month, year] if year.len() == 4 => Some((number(year)? as i32, number(month)?, number(day)?)),
        _ => None,
    }
}

/// Three parts of one or two digits, or a month's name in the middle: a date whose century is not said.
fn has_short_year(text: &[u8]) -> bool {
    let text = text.split(|byte| matches!(byte, b'T' | b' ')).next().unwrap_or_default();
    let is_number = |part: &[u8]| (1..=2).contains(&part.len()) && part.iter().all(u8::is_ascii_digit);
    let is_month = |part: &[u8]| part.len() == 3 && super::cells::month_name(part).is_some();
    let parts: Vec<&[u8]> = text.split(|byte| matches!(byte, b'-' | b'/' | b'.')).collect();
    match parts[..] {
        [one, two, three] => is_number(one) && (is_number(two) || is_month(two)) && is_number(three),
        [whole] if whole.len() == 7 => is_number(&whole[..2]) && is_month(&whole[2..5]) && is_number(&whole[5..]),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_of_two_digits_is_known_for_what_it_is() {
        for text in ["31/12/25", "25-12-31", "1.2.25", "31-Dec-25", "31dec25", "31/12/25 10:30"] {
            assert!(has_short_year(text.as_bytes()), "{text}");
        }
        for text in ["31/12/2025", "2025-12-31", "10:30:00", "311225", "31dec2025", "", "12/25", "aa/bb/cc"] {
            assert!(!has_short_year(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn a_date_is_read_whether_or_not_there_is_such_a_day() {
        for text in ["9999-12-31", "31/12/9999", "9999-12-31T00:00:00", "31dec9999"] {
            assert_eq!(full(text.as_bytes()), Some((9999, 12, 31)), "{text}");
        }
        for text in ["", "x", "31/12/99", "-12-31", "99999-1-1"] {
            assert_eq!(full(text.as_bytes()), None, "{text}");
        }
    }
}
