//! Canonical forms of identity fields: names NFKD, marks removed, upper case, A to Z only; postcodes upper case
//! without blanks, ZZ99 counts as missing. A name that stands for none, such as BABY, is none.

mod metaphone;

use unicode_normalization::UnicodeNormalization;

use self::metaphone::metaphone;
use crate::identity::tokens::Purpose;
use crate::schema::columns::{Field, Whole};

/// What people write where there is no name, in canonical form. A newborn twin must not become its brother for it.
const NO_NAMES: &[&str] = &[
    "ANON",
    "ANONYMOUS",
    "BABY",
    "BABYBOY",
    "BABYGIRL",
    "BABYOF",
    "BOY",
    "FEMALE",
    "GIRL",
    "INFANT",
    "MALE",
    "NEWBORN",
    "NOTGIVEN",
    "NOTKNOWN",
    "NOTSTATED",
    "TEST",
    "TRIPLET",
    "TWIN",
    "TWINA",
    "TWINB",
    "TWINONE",
    "TWINTWO",
    "UNK",
    "UNKNOWN",
    "UNNAMED",
    "XX",
    "XXX",
];

/// The canonical values of the fields of a name or postcode, in the order of [`Whole::fields`]; none if it says nothing.
pub fn canonical(whole: Whole, text: &[u8]) -> Option<[Vec<u8>; 3]> {
    let first = |text: &[u8], most: usize| text[..most.min(text.len())].to_vec();
    Some(match whole {
        Whole::Surname => {
            let name = name(text)?;
            [metaphone(&name), first(&name, 3), name]
        }
        Whole::Forename => {
            let name = name(text)?;
            [first(&name, 2), first(&name, 1), name]
        }
        Whole::Postcode => {
            let postcode = postcode(text)?;
            [first(&postcode, postcode.len() - 2), first(&postcode, postcode.len() - 3), postcode]
        }
    })
}

/// The purpose of a field's token.
pub fn purpose(field: Field) -> Purpose {
    match field {
        Field::Surname => Purpose::Surname,
        Field::SurnameSound => Purpose::SurnameSound,
        Field::SurnameStart => Purpose::SurnameStart,
        Field::Forename => Purpose::Forename,
        Field::ForenameStart => Purpose::ForenameStart,
        Field::Initial => Purpose::Initial,
        Field::Postcode => Purpose::Postcode,
        Field::PostcodeSector => Purpose::PostcodeSector,
        Field::Outcode => Purpose::Outcode,
    }
}

fn name(text: &[u8]) -> Option<Vec<u8>> {
    let letters = std::str::from_utf8(text).ok()?.nfkd().flat_map(char::to_uppercase);
    let name: Vec<u8> = letters.filter(char::is_ascii_uppercase).map(|letter| letter as u8).collect();
    let is_name = !name.is_empty() && !NO_NAMES.iter().any(|none| none.as_bytes() == name);
    is_name.then_some(name)
}

fn postcode(text: &[u8]) -> Option<Vec<u8>> {
    let signs: Vec<u8> = text.iter().filter(|byte| !byte.is_ascii_whitespace()).map(u8::to_ascii_uppercase).collect();
    let is_postcode = (5..=7).contains(&signs.len()) && signs.iter().all(u8::is_ascii_alphanumeric);
    (is_postcode && !signs.starts_with(b"ZZ99")).then_some(signs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(whole: Whole, text: &str) -> Option<String> {
        let values = canonical(whole, text.as_bytes())?.map(|value| String::from_utf8(value).unwrap());
        Some(values.join(" "))
    }

    #[test]
    fn fields_have_one_form() {
        for (text, values) in
            [("Ó Briain", "OBRN OBR OBRIAIN"), ("o'b", "OB OB OB"), ("Strauß-Smith", "STRSM0 STR STRAUSSSMITH")]
        {
            assert_eq!(fields(Whole::Surname, text).as_deref(), Some(values));
        }
        assert_eq!(fields(Whole::Forename, "  élodie").as_deref(), Some("EL E ELODIE"));
        assert_eq!(fields(Whole::Forename, "Y").as_deref(), Some("Y Y Y"));
        assert_eq!(fields(Whole::Postcode, "cb22 3ad").as_deref(), Some("CB223 CB22 CB223AD"));
        assert_eq!(fields(Whole::Postcode, "m11ae").as_deref(), Some("M11 M1 M11AE"));
    }

    #[test]
    fn what_stands_for_nothing_is_nothing() {
        for text in ["?", "", "Baby", "TWIN 1", "twin two", "Not known", "XX"] {
            assert_eq!(fields(Whole::Forename, text), None, "{text}");
        }
        for text in ["ZZ99 3VZ", "M1", "not known", "M1 1A-"] {
            assert_eq!(fields(Whole::Postcode, text), None, "{text}");
        }
        assert!(NO_NAMES.is_sorted());
    }
}
