//! Words: codes and ids packed into 64 bits, exactly, so that free text has no room in a staged table.
//!
//! In: trimmed text. Out: a word, or nothing if the text is no such code. 0 is no word of any kind.

/// Marks an ICD-10 code; a SNOMED CT id has at most 18 digits and stays below it.
const ICD_MARK: u64 = 1 << 63;
/// Longest ICD-10 code without its dot.
const ICD_LENGTH: usize = 6;

/// A SNOMED CT concept id: 6 to 18 digits whose last is the check digit. Of a post-coordinated expression the part left
/// of the first colon, and of that the part left of the term in pipes.
///
/// An id that lost its last digits to a spreadsheet fails the check digit. Source: SNOMED CT Release File
/// Specification, SCTID (Verhoeff's dihedral check).
pub fn snomed(text: &[u8]) -> Option<u64> {
    let end = text.iter().position(|byte| matches!(byte, b':' | b'|')).unwrap_or(text.len());
    let id = text[..end].trim_ascii();
    if !(6..=18).contains(&id.len()) || id.first() == Some(&b'0') || !has_check_digit(id) {
        return None;
    }
    id.iter().try_fold(0u64, |value, byte| byte.is_ascii_digit().then(|| value * 10 + u64::from(byte - b'0')))
}

/// An ICD-10 code with or without its dot, or a SNOMED CT id.
pub fn clinical(text: &[u8]) -> Option<u64> {
    if text.first().is_some_and(u8::is_ascii_digit) {
        return snomed(text);
    }
    let (head, tail) =
        text.iter().position(|byte| *byte == b'.').map_or((text, &text[..0]), |at| (&text[..at], &text[at + 1..]));
    let signs = [head, tail].concat().to_ascii_uppercase();
    let is_code = (3..=ICD_LENGTH).contains(&signs.len())
        && signs[0].is_ascii_alphabetic()
        && signs[1].is_ascii_digit()
        && signs.iter().all(u8::is_ascii_alphanumeric);
    is_code.then(|| signs.iter().fold(0u64, |word, sign| word << 8 | u64::from(*sign)) | ICD_MARK)
}

/// A code of at most 8 letters and digits, upper case; a number without its leading zeros, so that `3` and `03` are one.
pub fn short(text: &[u8]) -> Option<u64> {
    let zeros = text.iter().take_while(|byte| **byte == b'0').count().min(text.len().saturating_sub(1));
    let text = if text.iter().all(u8::is_ascii_digit) { &text[zeros..] } else { text };
    let is_code = (1..=8).contains(&text.len())
        && text.iter().all(u8::is_ascii_alphanumeric)
        && (text.len() <= 3 || text.iter().any(u8::is_ascii_digit));
    is_code.then(|| text.iter().fold(0u64, |word, byte| word << 8 | u64::from(byte.to_ascii_uppercase())))
}

/// An area code: a letter and eight digits, such as E01000001.
pub fn area(text: &[u8]) -> Option<u64> {
    let (letter, digits) = text.split_first()?;
    if !letter.is_ascii_alphabetic() || digits.len() != 8 || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let number = digits.iter().fold(0u64, |value, byte| value * 10 + u64::from(byte - b'0'));
    Some(u64::from(letter.to_ascii_uppercase()) << 32 | number)
}

/// A SNOMED CT id as text.
pub fn snomed_text(word: u64) -> String {
    word.to_string()
}

/// A diagnosis as text: an ICD-10 code without its dot, or a SNOMED CT id.
pub fn clinical_text(word: u64) -> String {
    if word & ICD_MARK == 0 { snomed_text(word) } else { short_text(word & !ICD_MARK) }
}

/// Letters and digits that were packed one to a byte, as text.
pub fn short_text(word: u64) -> String {
    word.to_be_bytes().into_iter().filter(|byte| *byte != 0).map(char::from).collect()
}

/// An area code as text.
pub fn area_text(word: u64) -> String {
    format!("{}{:08}", char::from((word >> 32) as u8), word & 0xffff_ffff)
}

/// Whether a cell is a number that a spreadsheet wrote in scientific notation, such as `7.20433E+08`.
pub fn is_scientific(text: &[u8]) -> bool {
    let Some(at) = text.iter().position(|byte| matches!(byte, b'E' | b'e')) else { return false };
    let (number, power) = (&text[..at], &text[at + 1..]);
    let digits = power.strip_prefix(b"+").or_else(|| power.strip_prefix(b"-")).unwrap_or(power);
    number.first().is_some_and(u8::is_ascii_digit)
        && number.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.')
        && !digits.is_empty()
        && digits.iter().all(u8::is_ascii_digit)
        && (number.contains(&b'.') || power.len() > digits.len())
}

/// Verhoeff's check: the product of all digits, each permuted by its place from the right, is 0.
fn has_check_digit(id: &[u8]) -> bool {
    const PERMUTED: [u8; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    let permute = |digit: u8, times: usize| (0..times % 8).fold(digit, |digit, _| PERMUTED[usize::from(digit)]);
    let product = id.iter().rev().enumerate().try_fold(0u8, |product, (place, byte)| {
        byte.is_ascii_digit().then(|| times(product, permute(byte - b'0', place)))
    });
    product == Some(0)
}

/// The product in the dihedral group of ten elements.
fn times(a: u8, b: u8) -> u8 {
    match (a < 5, b < 5) {
        (true, true) => (a + b) % 5,
        (true, false) => (a + b - 5) % 5 + 5,
        (false, true) => (a + 5 - b) % 5 + 5,
        (false, false) => (a + 5 - b) % 5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_snomed_are_exact_whatever_their_length() {
        for id in ["720433000", "445455005", "248062006", "506701000000100", "1064891000000107", "1853441000000109"] {
            assert_eq!(snomed(id.as_bytes()), id.parse().ok(), "{id}");
        }
        assert_eq!(snomed(b"304891004:424361007=733828005"), Some(304_891_004));
        assert_eq!(snomed(b"304891004 |Cognitive behavioural therapy|"), Some(304_891_004));
        for wrong in ["7.20433E+08", "1064891000000100", "720433001", "F401", "", "12345", "seen by Anna"] {
            assert_eq!(snomed(wrong.as_bytes()), None, "{wrong}");
        }
    }

    #[test]
    fn words_become_text_that_is_read_as_themselves() {
        for text in ["720433000", "1853441000000109"] {
            assert_eq!(snomed(text.as_bytes()).map(snomed_text).as_deref(), Some(text));
        }
        for text in ["F401", "X60", "83482000"] {
            assert_eq!(clinical(text.as_bytes()).map(clinical_text).as_deref(), Some(text));
        }
        for text in ["3", "A", "NCBPS22E", "0"] {
            assert_eq!(short(text.as_bytes()).map(short_text).as_deref(), Some(text));
        }
        for text in ["E01000001", "W01999999"] {
            assert_eq!(area(text.as_bytes()).map(area_text).as_deref(), Some(text));
        }
    }

    #[test]
    fn an_area_is_a_letter_and_eight_digits() {
        assert_eq!(area(b"e01000001"), area(b"E01000001"));
        assert!(area(b"E01000001").is_some());
        for wrong in ["E0100000", "E010000011", "E0100000x", "101000001", "", "E22222222222222222222222222"] {
            assert_eq!(area(wrong.as_bytes()), None, "{wrong}");
        }
    }

    #[test]
    fn diagnoses_are_one_code_with_and_without_the_dot() {
        assert_eq!(clinical(b"F40.1"), clinical(b"f401"));
        assert!(clinical(b"F42").is_some() && clinical(b"F42") != clinical(b"F420"));
        assert_eq!(clinical(b"83482000"), Some(83_482_000));
        for wrong in ["feeling low", "F", "F4011234", "1E5"] {
            assert_eq!(clinical(wrong.as_bytes()), None, "{wrong}");
        }
    }

    #[test]
    fn short_codes_have_no_leading_zeros_and_no_words() {
        assert_eq!(short(b"03"), short(b"3"));
        assert_ne!(short(b"0A"), short(b"A"));
        assert!(short(b"NCBPS22E").is_some());
        for wrong in ["", "Annabel", "two words", "123456789"] {
            assert_eq!(short(wrong.as_bytes()), None, "{wrong}");
        }
    }

    #[test]
    fn a_number_in_scientific_notation_is_known_for_what_it_is() {
        for text in ["7.20433E+08", "7.2E8", "1e+15"] {
            assert!(is_scientific(text.as_bytes()), "{text}");
        }
        for text in ["2E", "E08", "720433000", "2E1", "Seen"] {
            assert!(!is_scientific(text.as_bytes()), "{text}");
        }
        assert_ne!(area(b"E01000001"), area(b"W01000001"));
        assert_eq!(area(b"Stockport"), None);
    }
}
