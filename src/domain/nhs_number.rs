//! NHS numbers: what makes one usable, and the reason when it is not.
//!
//! In: the bytes of a cell. Out: a checked number, or a reason code. Leaves alone: hashing (`identity/tokens.rs`).
//! Valid (format and check digit) and verified (status 01) are different words.
//! Sources: NHS Number Standard, ISB 0149; ranges as in the `nhs_number` package 2.2.0.

use super::day;

/// A checked NHS number: ten digits as one integer. It can be neither printed nor serialised; outside `ingest` and
/// `identity` nothing may name this type (a test holds that).
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct NhsNumber(u64);

impl NhsNumber {
    /// The ten ASCII digits, for the keyed hash only.
    pub(crate) fn digits(self) -> [u8; 10] {
        let mut digits = [b'0'; 10];
        let mut rest = self.0;
        for digit in digits.iter_mut().rev() {
            *digit = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        digits
    }

    /// The number as an integer, for caches only.
    pub(crate) fn value(self) -> u64 {
        self.0
    }

    /// In the 9xx range that is never issued to a person.
    pub fn is_test(self) -> bool {
        self.0 >= 9_000_000_000
    }
}

/// Why a number cannot be used, or what to know about one that can. Counted per file; never a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Reason {
    /// Usable: England, Wales or the Isle of Man.
    Valid = 0,
    /// Usable only where test numbers are allowed.
    TestRange,
    /// Scottish or Northern Irish; config decides whether it is used.
    OtherUk,
    /// The cell is empty.
    Missing,
    /// Not ten digits in one of the two accepted groupings.
    Format,
    /// The check digit is wrong, or the number cannot exist.
    CheckDigit,
    /// A repeated digit or a known dummy.
    Placeholder,
    /// A range that was never issued.
    NeverIssued,
    /// Scientific notation, a trailing `.0` or `#####`: the whole file is refused.
    ExcelDamage,
    /// A National Insurance number in the wrong column.
    LooksLikeNiNumber,
    /// Status 07: not present and trace not required.
    Withheld,
    /// A number beside status 04 or 05, which say that it is not this person's for certain.
    StatusContradiction,
    /// A digest that another party made, of a number that no extract holds.
    UnknownDigest,
}

/// Every reason with its code, as counted in `data_quality.csv`.
pub const REASONS: &[(Reason, &str)] = &[
    (Reason::Valid, "valid"),
    (Reason::TestRange, "test_range"),
    (Reason::OtherUk, "other_uk"),
    (Reason::Missing, "missing"),
    (Reason::Format, "format"),
    (Reason::CheckDigit, "check_digit"),
    (Reason::Placeholder, "placeholder"),
    (Reason::NeverIssued, "never_issued"),
    (Reason::ExcelDamage, "excel_damage"),
    (Reason::LooksLikeNiNumber, "looks_like_ni_number"),
    (Reason::Withheld, "withheld"),
    (Reason::StatusContradiction, "status_contradiction"),
    (Reason::UnknownDigest, "unknown_digest"),
];

/// Which kinds of number a project accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accepts {
    /// Whether 9xx numbers are used (fixtures and demonstrations).
    pub test_range: bool,
    /// Whether Scottish and Northern Irish numbers are used.
    pub other_uk: bool,
}

/// Reads a cell: the number if it may be used, and always the reason. Nothing is padded, repaired or guessed.
/// The status (1 to 8) can take a number away; a blank with status 07 is withheld rather than missing.
pub fn read(cell: &[u8], status: Option<u8>, accepts: Accepts) -> (Option<NhsNumber>, Reason) {
    let (number, reason) = check(cell);
    match reason {
        Reason::TestRange if !accepts.test_range => judge(None, reason, status),
        Reason::OtherUk if !accepts.other_uk => judge(None, reason, status),
        _ => judge(number, reason, status),
    }
}

/// What a status does to a number that was read.
pub fn judge(number: Option<NhsNumber>, reason: Reason, status: Option<u8>) -> (Option<NhsNumber>, Reason) {
    match (number, reason, status) {
        (Some(_), _, Some(7)) | (None, Reason::Missing, Some(7)) => (None, Reason::Withheld),
        (Some(_), _, Some(4 | 5)) => (None, Reason::StatusContradiction),
        _ => (number, reason),
    }
}

/// Format, check digit and range of a cell, whatever the project accepts.
pub fn check(cell: &[u8]) -> (Option<NhsNumber>, Reason) {
    let Some(digits) = ten_digits(trim(cell)) else { return (None, why_not_a_number(trim(cell))) };
    let value = digits.iter().fold(0u64, |value, digit| value * 10 + u64::from(*digit));
    let is_repeated = digits.iter().all(|digit| *digit == digits[0]);
    if is_repeated || value == 2_333_455_667 {
        return (None, Reason::Placeholder);
    }
    if !has_right_check_digit(&digits) {
        return (None, Reason::CheckDigit);
    }
    match range(value, &digits) {
        Reason::NeverIssued => (None, Reason::NeverIssued),
        usable => (Some(NhsNumber(value)), usable),
    }
}

/// Weights 10 to 2, `11 - sum mod 11`; 11 becomes 0, and 10 means that the number cannot exist.
fn has_right_check_digit(digits: &[u8; 10]) -> bool {
    let sum: u32 = digits[..9].iter().zip((2..=10).rev()).map(|(digit, weight)| u32::from(*digit) * weight).sum();
    match 11 - sum % 11 {
        11 => digits[9] == 0,
        10 => false,
        check => u32::from(digits[9]) == check,
    }
}

fn range(value: u64, digits: &[u8; 10]) -> Reason {
    match value / 10_000_000 {
        400..=499 | 600..=799 => Reason::Valid,
        900..=999 => Reason::TestRange,
        320..=399 => Reason::OtherUk,
        10..=311 if is_chi_date(digits) => Reason::OtherUk,
        _ => Reason::NeverIssued,
    }
}

/// A Scottish CHI number starts with a birth date, DDMMYY, of either century.
fn is_chi_date(digits: &[u8; 10]) -> bool {
    let two = |at: usize| u32::from(digits[at]) * 10 + u32::from(digits[at + 1]);
    [1900, 2000].iter().any(|century| day::from_parts(century + two(4) as i32, two(2), two(0)).is_some())
}

/// Outer blanks, no-break spaces included, are not part of a number.
fn trim(cell: &[u8]) -> &[u8] {
    let mut text = cell.trim_ascii();
    while let Some(rest) = text.strip_prefix(b"\xC2\xA0").or_else(|| text.strip_suffix(b"\xC2\xA0")) {
        text = rest.trim_ascii();
    }
    text
}

/// Ten digits, alone or as 3-3-4 with one kind of separator: a space, a no-break space or a hyphen.
fn ten_digits(text: &[u8]) -> Option<[u8; 10]> {
    if let Ok(plain) = <[u8; 10]>::try_from(text) {
        return plain.iter().all(u8::is_ascii_digit).then(|| plain.map(|byte| byte - b'0'));
    }
    let separator: &[u8] = match text.get(3)? {
        b' ' => b" ",
        b'-' => b"-",
        0xC2 => b"\xC2\xA0",
        _ => return None,
    };
    let mut digits = [0u8; 10];
    let (first, rest) = text.split_at_checked(3)?;
    let (second, rest) = rest.strip_prefix(separator)?.split_at_checked(3)?;
    let third = rest.strip_prefix(separator)?;
    if third.len() != 4 {
        return None;
    }
    for (to, from) in digits.iter_mut().zip(first.iter().chain(second).chain(third)) {
        *to = from.is_ascii_digit().then(|| from - b'0')?;
    }
    Some(digits)
}

fn why_not_a_number(text: &[u8]) -> Reason {
    let is_scientific = text.iter().any(|byte| matches!(byte, b'E' | b'e'))
        && text.contains(&b'+')
        && text.first().is_some_and(u8::is_ascii_digit);
    let has_decimal_tail =
        text.strip_suffix(b".0").is_some_and(|head| head.len() >= 9 && day::digits(&head[..9]).is_some());
    if text.is_empty() {
        Reason::Missing
    } else if is_scientific || has_decimal_tail || text.iter().all(|byte| *byte == b'#') {
        Reason::ExcelDamage
    } else if looks_like_ni_number(text) {
        Reason::LooksLikeNiNumber
    } else {
        Reason::Format
    }
}

/// Two letters, six digits, a letter A to D; blanks allowed.
fn looks_like_ni_number(text: &[u8]) -> bool {
    let mut packed = text.iter().filter(|byte| **byte != b' ');
    let letters = packed.by_ref().take(2).filter(|byte| byte.is_ascii_alphabetic()).count();
    let digits = packed.by_ref().take(6).filter(|byte| byte.is_ascii_digit()).count();
    letters == 2
        && digits == 6
        && packed.next().is_some_and(|byte| matches!(byte.to_ascii_uppercase(), b'A'..=b'D'))
        && packed.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: Accepts = Accepts { test_range: true, other_uk: true };

    #[test]
    fn a_status_can_take_a_number_away() {
        assert!(read(b"9434765919", Some(1), ALL).0.is_some());
        assert!(read(b"9434765919", Some(5), ALL).1 == Reason::StatusContradiction);
        assert!(read(b"9434765919", Some(7), ALL).1 == Reason::Withheld);
        assert!(read(b"", Some(7), ALL).1 == Reason::Withheld);
        assert!(read(b"9434765919", None, Accepts { test_range: false, other_uk: true }).0.is_none());
    }

    #[test]
    fn spreadsheet_damage_and_other_numbers_are_named() {
        for damaged in [&b"9.43477E+09"[..], b"4.5E+09", b"9434765919.0", b"##########"] {
            assert!(check(damaged).1 == Reason::ExcelDamage);
        }
        assert!(check(b"QQ 12 34 56 C").1 == Reason::LooksLikeNiNumber);
        assert!(check("943\u{a0}476\u{a0}5919".as_bytes()).0.is_some());
        assert!(check("943\u{a0}476 5919".as_bytes()).0.is_none());
    }

    #[test]
    fn digits_come_back_as_they_were() {
        let (number, _) = check(b"943 476 5919");
        assert_eq!(number.map(NhsNumber::digits), Some(*b"9434765919"));
    }
}
