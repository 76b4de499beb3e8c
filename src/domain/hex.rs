//! Hexadecimal text.

/// The two characters of every byte.
const PAIRS: [[u8; 2]; 256] = {
    let digits = *b"0123456789abcdef";
    let mut pairs = [[0; 2]; 256];
    let mut byte = 0;
    while byte < 256 {
        pairs[byte] = [digits[byte >> 4], digits[byte & 15]];
        byte += 1;
    }
    pairs
};

/// Bytes as lower-case hexadecimal characters.
pub fn lower(bytes: &[u8]) -> String {
    bytes.iter().flat_map(|byte| PAIRS[usize::from(*byte)]).map(char::from).collect()
}

/// Writes bytes as lower-case hexadecimal characters, two for each, into as many as there is room for.
pub fn write(bytes: &[u8], text: &mut [u8]) {
    for (byte, pair) in bytes.iter().zip(text.chunks_exact_mut(2)) {
        pair.copy_from_slice(&PAIRS[usize::from(*byte)]);
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn bytes_become_two_characters_each() {
        assert_eq!(super::lower(&[0, 10, 255]), "000aff");
    }
}
