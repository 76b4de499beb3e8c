//! Given tokens: identifier cells of a pseudonymised file, taken as they are and never hashed again.

use super::checks::{self, Check};
use super::values::NO_TOKEN;
use crate::domain::nhs_number::{REASONS, Reason};
use crate::domain::token::Token;

/// 32 lower-case hexadecimal characters.
pub(super) fn token(text: &[u8]) -> Result<Option<Token>, &'static Check> {
    let found = hex(text, Token::HEX_LENGTH).and_then(Token::from_hex).filter(|token| token.is_some());
    found.map(Some).ok_or(&checks::TOKEN)
}

/// 16 lower-case hexadecimal characters: the first 8 bytes of a field's token.
pub(super) fn field(text: &[u8]) -> Result<Option<u64>, &'static Check> {
    let found = hex(text, 16).and_then(|text| u64::from_str_radix(text, 16).ok());
    found.map(Some).ok_or(&checks::TOKEN)
}

/// A deprivation quintile, which stands in place of a postcode.
pub(super) fn quintile(text: &[u8]) -> Result<Option<u16>, &'static Check> {
    match text {
        [digit @ b'1'..=b'5'] => Ok(Some(u16::from(digit - b'0'))),
        _ => Err(&checks::CODE),
    }
}

/// The token of an NHS number, and why there is none. Anything else in the cell is never used.
pub(super) fn number(text: &[u8]) -> (Token, Reason) {
    match token(text) {
        _ if text.is_empty() => (NO_TOKEN, Reason::Missing),
        Ok(Some(token)) => (token, Reason::Valid),
        _ => (NO_TOKEN, Reason::Format),
    }
}

/// The same with the reason that the file gives beside a token, or in place of one.
pub(super) fn with_reason((token, found): (Token, Reason), text: &[u8]) -> (Token, Reason) {
    let given = REASONS.iter().find(|(_, name)| name.as_bytes() == text).map(|(reason, _)| *reason);
    match given {
        Some(reason) if token.is_some() && is_used(reason) => (token, reason),
        Some(reason) if found == Reason::Missing && reason != Reason::Valid => (token, reason),
        _ => (token, found),
    }
}

/// Whether a number of this reason may have a token: it depends on what the project accepts.
fn is_used(reason: Reason) -> bool {
    matches!(reason, Reason::Valid | Reason::TestRange | Reason::OtherUk)
}

/// What a status does to a token, as to the number it stands for.
pub(super) fn judge((token, reason): (Token, Reason), status: Option<u8>) -> (Token, Reason) {
    match status {
        Some(7) if token.is_some() || reason == Reason::Missing => (NO_TOKEN, Reason::Withheld),
        Some(4 | 5) if token.is_some() => (NO_TOKEN, Reason::StatusContradiction),
        _ => (token, reason),
    }
}

fn hex(text: &[u8], length: usize) -> Option<&str> {
    let is_hex = text.len() == length && text.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if is_hex { std::str::from_utf8(text).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_lower_case_tokens_are_taken() {
        assert!(token(b"0123456789abcdef0123456789abcdef").is_ok());
        for wrong in [&b"0123456789ABCDEF0123456789abcdef"[..], b"9434765919", b"00000000000000000000000000000000"] {
            assert!(token(wrong).is_err());
            assert!(number(wrong) == (NO_TOKEN, Reason::Format));
        }
        assert_eq!(field(b"00000000000000ff"), Ok(Some(255)));
    }
}
