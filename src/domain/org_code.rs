//! Organisation codes: NHS ODS codes, and codes of the same form that config gives to charities.

use std::fmt;

/// An organisation's code: 1 to 8 letters and digits, upper case, packed so that order is the order of the text.
///
/// Source: NHS Data Dictionary, ORGANISATION CODE (at most 8 characters in these extracts).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct OrgCode(u64);

impl OrgCode {
    /// Reads a code; letters are raised. `None` if it is empty, longer than 8, or holds anything else.
    pub fn parse(text: &[u8]) -> Option<Self> {
        let text = text.trim_ascii();
        if text.is_empty() || text.len() > 8 || !text.iter().all(u8::is_ascii_alphanumeric) {
            return None;
        }
        let mut bytes = [0u8; 8];
        for (to, from) in bytes.iter_mut().zip(text) {
            *to = from.to_ascii_uppercase();
        }
        Some(Self(u64::from_be_bytes(bytes)))
    }

    /// The packed form, as staged.
    pub fn packed(self) -> u64 {
        self.0
    }

    /// From the packed form.
    pub fn from_packed(packed: u64) -> Self {
        Self(packed)
    }

    /// The code's bytes, without the padding.
    pub fn bytes(self) -> ([u8; 8], usize) {
        let bytes = self.0.to_be_bytes();
        (bytes, bytes.iter().position(|byte| *byte == 0).unwrap_or(8))
    }
}

impl fmt::Display for OrgCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (bytes, length) = self.bytes();
        f.write_str(&String::from_utf8_lossy(&bytes[..length]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_keep_their_text_and_their_order() {
        assert_eq!(OrgCode::parse(b" rt2 ").unwrap().to_string(), "RT2");
        assert!(OrgCode::parse(b"A1").unwrap() < OrgCode::parse(b"A10").unwrap());
        assert!(OrgCode::parse(b"").is_none() && OrgCode::parse(b"TOOLONGXX").is_none());
        assert!(OrgCode::parse(b"A-1").is_none());
    }
}
