//! Canonical forms of identity fields: names NFKD, marks removed, upper case, A to Z only; postcodes upper case
//! without blanks, ZZ99 counts as missing.

use unicode_normalization::UnicodeNormalization;

use crate::schema::columns::Field;

/// The canonical value of a field, or none if it says nothing.
pub fn canonical(field: Field, text: &[u8]) -> Option<Vec<u8>> {
    match field {
        Field::Outcode => outcode(text),
        Field::Initial => letters(text, 1),
        Field::SurnameStart => letters(text, 3),
    }
}

/// Everything before the last three characters of a postcode.
fn outcode(text: &[u8]) -> Option<Vec<u8>> {
    let mut code: Vec<u8> =
        text.iter().filter(|byte| !byte.is_ascii_whitespace()).map(u8::to_ascii_uppercase).collect();
    let is_postcode = (5..=7).contains(&code.len()) && code.iter().all(u8::is_ascii_alphanumeric);
    if !is_postcode || code.starts_with(b"ZZ99") {
        return None;
    }
    code.truncate(code.len() - 3);
    Some(code)
}

fn letters(text: &[u8], wanted: usize) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(text).ok()?;
    let letters = text.nfkd().map(|letter| letter.to_ascii_uppercase()).filter(char::is_ascii_uppercase);
    let start: Vec<u8> = letters.take(wanted).map(|letter| letter as u8).collect();
    (!start.is_empty()).then_some(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_have_one_form() {
        assert_eq!(canonical(Field::SurnameStart, "Ó Briain".as_bytes()).unwrap(), b"OBR");
        assert_eq!(canonical(Field::Initial, "  élodie".as_bytes()).unwrap(), b"E");
        assert_eq!(canonical(Field::Outcode, b"cb22 3ad").unwrap(), b"CB22");
        assert!(canonical(Field::Outcode, b"ZZ99 3VZ").is_none());
        assert!(canonical(Field::Initial, b"?").is_none());
    }
}
