//! NHS numbers: what is accepted is ten digits, and modulus 11 holds by a second, plain computation.

use pathlink::domain::nhs_number::{Accepts, Reason, check, read};

/// Bytes: a status, then a cell.
pub(crate) fn holds(bytes: &[u8]) {
    let Some((status, cell)) = bytes.split_first() else { return };
    let status = Some(status % 12).filter(|status| (1..=8).contains(status));
    let (number, reason) = check(cell);
    let is_usable = matches!(reason, Reason::Valid | Reason::TestRange | Reason::OtherUk);
    assert_eq!(number.is_some(), is_usable, "a number without its reason, or the other way round");
    let digits = digits_of(cell);
    if let Some(number) = number {
        let digits = digits.expect("accepted, and not ten digits between separators");
        assert!(has_modulus_11(&digits), "accepted against modulus 11");
        assert_eq!(number.is_test(), digits[0] == 9);
        assert_eq!(number.is_test(), reason == Reason::TestRange);
    } else if let Some(digits) = digits.filter(|_| cell.len() == 10) {
        let is_refused_by_rule = matches!(reason, Reason::Placeholder | Reason::NeverIssued);
        assert!(is_refused_by_rule || !has_modulus_11(&digits), "ten good digits were refused");
    }
    for accepts in [(true, true), (true, false), (false, true), (false, false)] {
        let accepts = Accepts { test_range: accepts.0, other_uk: accepts.1 };
        let (kept, why) = read(cell, status, accepts);
        assert!(kept.is_none() || kept == number, "a number was made up");
        let is_allowed = match reason {
            Reason::TestRange => accepts.test_range,
            Reason::OtherUk => accepts.other_uk,
            _ => true,
        };
        let is_taken = is_allowed && number.is_some() && !matches!(status, Some(4 | 5 | 7));
        assert_eq!(kept.is_some(), is_taken, "a number is used against the project's rules");
        assert!(kept.is_none() || why == reason);
    }
}

/// The digits of a cell without blanks, no-break spaces and hyphens; none if anything else is left.
fn digits_of(cell: &[u8]) -> Option<[u32; 10]> {
    let text = std::str::from_utf8(cell).ok()?;
    let is_separator = |sign: &char| sign.is_ascii_whitespace() || matches!(sign, '\u{a0}' | '-');
    let digits: Vec<u32> =
        text.chars().filter(|sign| !is_separator(sign)).map(|sign| sign.to_digit(10)).collect::<Option<_>>()?;
    digits.try_into().ok()
}

/// As the NHS Data Dictionary words it: multiply by 10 to 2, add, divide by 11, take the remainder from 11.
fn has_modulus_11(digits: &[u32; 10]) -> bool {
    let mut total = 0;
    let mut weight = 10;
    for digit in &digits[..9] {
        total += digit * weight;
        weight -= 1;
    }
    let check = 11 - total % 11;
    let check = if check == 11 { 0 } else { check };
    check != 10 && check == digits[9]
}
