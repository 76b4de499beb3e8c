//! Cells: from the bytes of one field to a typed value, or the check that it fails.

use super::checks::{self, Check};
use super::date_faults;
use super::lookups::Deprivation;
use super::opt_outs::OptOuts;
use crate::domain::day;
use crate::domain::nhs_number::Accepts;
use crate::domain::org_code::OrgCode;
use crate::schema::{Kind, words};
use crate::sources::{ColumnPlan, Unknown};

const ISO_DAY: &str = "%Y-%m-%d";
const ISO_TIME: &str = "%Y-%m-%dT%H:%M:%S";

/// A typed value, still of one row.
#[derive(Clone, Copy)]
pub enum Cell {
    /// Missing.
    Null,
    /// A day, a minute or a whole number.
    Whole(i32),
    /// A code's position, a status or a quintile.
    Code(u16),
    /// A score.
    Decimal(f32),
    /// An organisation or another code, packed into 64 bits.
    Word(u64),
}

/// What a file's cells are read with.
pub struct Context<'a> {
    /// Which NHS numbers are accepted.
    pub accepts: Accepts,
    /// Postcode look-up.
    pub deprivation: &'a Deprivation,
    /// Whom to leave out; none without a list.
    pub opt_outs: Option<&'a OptOuts>,
    /// Whether fields of identity are read: names and places, to compare people by.
    pub fields: bool,
    /// Whether match keys are made of them.
    pub match_keys: bool,
}

/// Reads one cell that is no identifier. A blank is [`Cell::Null`]; a failed check is an `Err` and the caller decides on
/// the row.
pub fn read(plan: &ColumnPlan, text: &[u8], context: &Context<'_>) -> Result<Cell, &'static Check> {
    read_as(plan.column.kind, plan, text, context)
}

/// Reads one cell as some kind: a part of a list is not of the column's own.
pub(super) fn read_as(
    kind: Kind,
    plan: &ColumnPlan,
    text: &[u8],
    context: &Context<'_>,
) -> Result<Cell, &'static Check> {
    let text = text.trim_ascii();
    if text.is_empty() {
        return Ok(Cell::Null);
    }
    match kind {
        // Identifiers are hashed (`pseudonyms.rs`), and a list is read part by part (`lists.rs`).
        Kind::RecordId
        | Kind::ParentId(_)
        | Kind::LocalId
        | Kind::OtherId(_)
        | Kind::NationalPseudonym
        | Kind::NhsNumber
        | Kind::Field(_)
        | Kind::MatchKey
        | Kind::List(_) => Ok(Cell::Null),
        Kind::NhsStatus => status(text),
        Kind::Org => OrgCode::parse(text).map(|code| Cell::Word(code.packed())).ok_or(&checks::ORGANISATION),
        Kind::Date => declared_date(plan, text).map(Cell::Whole),
        Kind::BirthDate => birth_date(plan, text).map(Cell::Whole),
        Kind::Minute => Ok(minute_cell(text)?.map_or(Cell::Null, Cell::Whole)),
        Kind::Snomed => concept(text, words::snomed),
        Kind::Clinical => concept(text, words::clinical),
        Kind::Short => words::short(text).map(Cell::Word).ok_or(&checks::SHORT_CODE),
        Kind::Area => words::area(text).map(Cell::Word).ok_or(&checks::CODE),
        Kind::Version => version(text).map(Cell::Whole).ok_or(&checks::DATE),
        Kind::Code(_) => Ok(code(plan, text)?.position().map_or(Cell::Null, Cell::Code)),
        Kind::Whole => whole(text).map(Cell::Whole).ok_or(&checks::NUMBER),
        Kind::Decimal => decimal(text).map(Cell::Decimal).ok_or(&checks::NUMBER),
        Kind::Postcode => Ok(context.deprivation.quintile(text).map_or(Cell::Null, Cell::Code)),
    }
}

fn status(text: &[u8]) -> Result<Cell, &'static Check> {
    match text {
        [b'0', digit @ b'1'..=b'8'] | [digit @ b'1'..=b'8'] => Ok(Cell::Code(u16::from(digit - b'0'))),
        _ => Err(&checks::STATUS),
    }
}

/// What a code was found to be.
pub(super) enum Code {
    /// In its list: its position, or none for one that says "not known".
    Listed(Option<u16>),
    /// In no list: what stands for every such code, if anything does.
    Unlisted(Option<u16>),
}

impl Code {
    /// Its position.
    pub(super) fn position(&self) -> Option<u16> {
        match self {
            Self::Listed(position) | Self::Unlisted(position) => *position,
        }
    }
}

/// Looks a code up in its list.
#[inline]
pub(super) fn code(plan: &ColumnPlan, text: &[u8]) -> Result<Code, &'static Check> {
    let Some(codes) = &plan.codes else { return Ok(Code::Listed(None)) };
    let end = if plan.is_first { text.iter().position(|byte| *byte == b',') } else { None };
    let text = &text[..end.unwrap_or(text.len())];
    match (codes.find(text), plan.unknown) {
        (Some(position), _) => Ok(Code::Listed(position)),
        (None, _) if words::is_scientific(text) => Err(&checks::SCIENTIFIC),
        (None, Unknown::Blank) => Ok(Code::Unlisted(None)),
        (None, Unknown::Value(position)) => Ok(Code::Unlisted(Some(position))),
        (None, Unknown::Warn) => Err(&checks::CODE),
    }
}

fn concept(text: &[u8], read: fn(&[u8]) -> Option<u64>) -> Result<Cell, &'static Check> {
    let check = if words::is_scientific(text) { &checks::SCIENTIFIC } else { &checks::CONCEPT };
    read(text).map(Cell::Word).ok_or(check)
}

/// A submission: a day, or the last day of a month counted from April 1900, which is 1 (`UniqMonthID`).
///
/// Source: MHSDS technical output specification, `UniqMonthID` 1477 = April 2023.
fn version(text: &[u8]) -> Option<i32> {
    const BEFORE_FIRST: i32 = 1900 * 12 + 2;
    let head =
        text.split_at_checked(10).filter(|(_, tail)| matches!(tail, [] | [b'T' | b' ', ..])).map(|(head, _)| head);
    head.and_then(day::parse_iso).or_else(|| {
        let month = whole(text).filter(|month| (1..=3_600).contains(month))?;
        Some(last_day(BEFORE_FIRST + month))
    })
}

/// The last day of a month given as months since year 0: the version of the rows of a file that is named after it.
pub fn last_day(month: i32) -> i32 {
    day::month_start(month + 1) - 1
}

/// A date in one of the declared forms. Sentinels and years of two digits have checks of their own.
fn declared_date(plan: &ColumnPlan, text: &[u8]) -> Result<i32, &'static Check> {
    let more = || plan.more_formats.iter().find_map(|format| date(text, format));
    judged(plan, text, date(text, &plan.format).or_else(more))
}

/// A column's first form, if it is one that nearly every system writes.
#[derive(Clone, Copy)]
pub(super) enum IsoForm {
    /// `2025-12-31`.
    Day,
    /// The same, with or without a time after it.
    Time,
}

impl IsoForm {
    /// Of a column.
    pub(super) fn of(plan: &ColumnPlan) -> Option<Self> {
        match plan.format.as_str() {
            ISO_DAY => Some(Self::Day),
            ISO_TIME => Some(Self::Time),
            _ => None,
        }
    }

    fn read(self, text: &[u8]) -> Option<i32> {
        match self {
            Self::Day => day::parse_iso(text),
            Self::Time => iso_with_time(text),
        }
    }
}

/// As [`read`] reads dates and dates of birth, quick for a cell in the column's first form that is certain to be no
/// sentinel, and so no default date of birth either.
#[inline]
pub(super) fn day_cell(plan: &ColumnPlan, form: Option<IsoForm>, text: &[u8]) -> Result<Option<i32>, &'static Check> {
    match form.and_then(|form| form.read(text)) {
        Some(found) if plan.sentinels.is_clear(found) => Ok(Some(found)),
        _ if plan.column.kind == Kind::BirthDate => birth_date(plan, text).map(Some),
        _ => declared_date(plan, text).map(Some),
    }
}

/// A time of day; none for a date that has no time after it.
#[inline]
pub(super) fn minute_cell(text: &[u8]) -> Result<Option<i32>, &'static Check> {
    match clock(text).or_else(|| minute(text)) {
        None if day::parse_iso(text).is_some() => Ok(None),
        found => found.map(Some).ok_or(&checks::TIME),
    }
}

fn judged(plan: &ColumnPlan, text: &[u8], found: Option<i32>) -> Result<i32, &'static Check> {
    match found {
        Some(found) if plan.sentinels.is_clear(found) => Ok(found),
        found => date_faults::judge(plan, text, found),
    }
}

/// Every sentinel is a default date of birth.
fn birth_date(plan: &ColumnPlan, text: &[u8]) -> Result<i32, &'static Check> {
    match declared_date(plan, text) {
        Ok(found) if is_default_birth(found) => Err(&checks::DEFAULT_BIRTH),
        Err(check) if *check == checks::SENTINEL => Err(&checks::DEFAULT_BIRTH),
        found => found,
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
    match format {
        ISO_DAY => day::parse_iso(text),
        ISO_TIME => iso_with_time(text),
        format => by_pattern(text, format.as_bytes()),
    }
}

fn iso_with_time(text: &[u8]) -> Option<i32> {
    let (head, tail) = text.split_at_checked(10)?;
    match tail {
        [] => day::parse_iso(head),
        [b'T' | b' ', time @ ..] if clock(time).is_some() => day::parse_iso(head),
        _ => None,
    }
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
            b'H' => drop(day::digits(part).filter(|hour| *hour < 24)?),
            b'M' | b'S' => drop(day::digits(part).filter(|sixtieth| *sixtieth < 60)?),
            _ => return None,
        }
        text = tail;
        format = rest;
    }
    if text.is_empty() { day::from_parts(year?, month?, dom?) } else { None }
}

/// The month that the first three letters of its name stand for.
pub(super) fn month_name(text: &[u8]) -> Option<u32> {
    day::MONTH_NAMES.iter().position(|name| name.as_bytes()[..3].eq_ignore_ascii_case(text)).map(|at| at as u32 + 1)
}

/// Nothing, or a full stop and digits.
fn is_fraction(text: &[u8]) -> bool {
    text.is_empty() || text.strip_prefix(b".").is_some_and(|digits| digits.iter().all(u8::is_ascii_digit))
}

/// A time of day, also after a date that only pads it out.
fn minute(text: &[u8]) -> Option<i32> {
    let padding = text.split_at_checked(11).filter(|(date, _)| {
        let is_date = |(at, byte): (usize, &u8)| match at {
            4 | 7 => *byte == b'-',
            10 => matches!(byte, b'T' | b' '),
            _ => byte.is_ascii_digit(),
        };
        date.iter().enumerate().all(is_date)
    });
    clock(padding.map_or(text, |(_, time)| time))
}

/// `hh:mm` or `hh:mm:ss`. Seconds are dropped.
#[inline]
fn clock(text: &[u8]) -> Option<i32> {
    if let Ok(plain) = <[u8; 8]>::try_from(text) {
        let [h1, h2, _, m1, m2, _, s1, _] = day::digits_of(plain, *b"00:00:00")?;
        let (hours, minutes) = (i32::from(h1 * 10 + h2), i32::from(m1 * 10 + m2));
        return (hours < 24 && minutes < 60 && s1 < 6).then_some(hours * 60 + minutes);
    }
    let (hours, minutes, rest) = match text {
        [h1, h2, b':', m1, m2, rest @ ..] => (day::digits(&[*h1, *h2])?, day::digits(&[*m1, *m2])?, rest),
        _ => return None,
    };
    let has_seconds = match rest {
        [] => true,
        [b':', s1, s2, rest @ ..] => day::digits(&[*s1, *s2])? < 60 && is_fraction(rest),
        _ => false,
    };
    (hours < 24 && minutes < 60 && has_seconds).then_some((hours * 60 + minutes) as i32)
}

fn whole(text: &[u8]) -> Option<i32> {
    (text.len() <= 9).then(|| day::digits(text)).flatten().map(|value| value as i32)
}

fn decimal(text: &[u8]) -> Option<f32> {
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
            ("2025-12-31 2025-12-31 09:30", "%Y-%m-%dT%H:%M:%S"),
            ("31/12/2025 24:00", "%d/%m/%Y %H:%M"),
            ("31/12/2025 23:60", "%d/%m/%Y %H:%M"),
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
        assert_eq!(minute(b"04:00:00.1234567"), Some(240));
        assert_eq!(minute(b"04:00:00.x"), None);
        assert_eq!(minute(b"1970-01-01 1970-01-01 04:00"), None);
        assert_eq!(minute(b"197x-01-01 04:00"), None);
    }

    #[test]
    fn versions_of_months_and_days_are_on_one_scale() {
        let day = |text: &str| day::parse_iso(text.as_bytes());
        assert_eq!(version(b"1477"), day("2023-04-30"));
        assert_eq!(version(b"1489"), day("2024-04-30"));
        assert_eq!(version(b"2024-04-30"), day("2024-04-30"));
        assert_eq!(version(b"2024-04-30T00:00:00"), day("2024-04-30"));
        assert_eq!(version(b"May"), None);
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
