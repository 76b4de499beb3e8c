//! Hexadecimal text.

const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// Bytes as lower-case hexadecimal characters.
pub fn lower(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn bytes_become_two_characters_each() {
        assert_eq!(super::lower(&[0, 10, 255]), "000aff");
    }
}
