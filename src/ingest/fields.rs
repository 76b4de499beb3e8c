//! Canonical forms of identity fields: names NFKD, marks removed, upper case, A to Z only; postcodes upper case
//! without blanks, ZZ99 counts as missing.

use unicode_normalization::UnicodeNormalization;

use crate::schema::columns::Field;

/// A canonical value of at most four letters or digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Short {
    bytes: [u8; 4],
    length: u8,
}

impl Short {
    /// The value.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.length)]
    }

    /// The first `most` of some bytes; none if there are no bytes.
    fn first(most: usize, bytes: impl Iterator<Item = u8>) -> Option<Self> {
        let mut short = Self::default();
        for (to, from) in short.bytes.iter_mut().zip(bytes.take(most)) {
            *to = from;
            short.length += 1;
        }
        (short.length > 0).then_some(short)
    }
}

/// The canonical value of a field, or none if it says nothing.
pub fn canonical(field: Field, text: &[u8]) -> Option<Short> {
    match field {
        Field::Outcode => outcode(text),
        Field::Initial => letters(text, 1),
        Field::SurnameStart => letters(text, 3),
    }
}

/// Everything before the last three characters of a postcode.
fn outcode(text: &[u8]) -> Option<Short> {
    let signs = || text.iter().filter(|byte| !byte.is_ascii_whitespace()).map(u8::to_ascii_uppercase);
    let length = signs().count();
    let is_postcode = (5..=7).contains(&length) && signs().all(|byte| byte.is_ascii_alphanumeric());
    let is_place = !signs().take(4).eq(*b"ZZ99");
    if is_postcode && is_place { Short::first(length - 3, signs()) } else { None }
}

fn letters(text: &[u8], most: usize) -> Option<Short> {
    let of =
        |letter: char| Some(letter.to_ascii_uppercase()).filter(char::is_ascii_uppercase).map(|letter| letter as u8);
    if text.is_ascii() {
        return Short::first(most, text.iter().filter_map(|byte| of(char::from(*byte))));
    }
    Short::first(most, std::str::from_utf8(text).ok()?.nfkd().filter_map(of))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_have_one_form() {
        assert_eq!(canonical(Field::SurnameStart, "Ó Briain".as_bytes()).unwrap().bytes(), b"OBR");
        assert_eq!(canonical(Field::SurnameStart, b"o'b").unwrap().bytes(), b"OB");
        assert_eq!(canonical(Field::Initial, "  élodie".as_bytes()).unwrap().bytes(), b"E");
        assert_eq!(canonical(Field::Outcode, b"cb22 3ad").unwrap().bytes(), b"CB22");
        assert_eq!(canonical(Field::Outcode, b"m11ae").unwrap().bytes(), b"M1");
        assert!(canonical(Field::Outcode, b"ZZ99 3VZ").is_none());
        assert!(canonical(Field::Initial, b"?").is_none());
    }
}
