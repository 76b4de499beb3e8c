//! What looks like a key where none may stand: on the command line, in the environment, in settings. It is told of and
//! never shown.

/// How a key line starts, whatever its form.
pub const KEY_LINE: &str = "PATHLINK-KEY-";

/// The characters of 32 bytes in base64, without the one sign of padding.
const BASE64: usize = 43;
/// The characters of 32 bytes in hexadecimal.
const HEXADECIMAL: usize = 64;

/// Whether a text holds a key line, a word that is 32 bytes in base64, or is 32 bytes in hexadecimal.
pub fn holds_key(text: &str) -> bool {
    let is_sign = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '+' | '/');
    let before_padding = text.rmatch_indices('=').map(|(at, _)| &text[..at]);
    let is_base64 = |head: &str| head.chars().rev().take_while(|sign| is_sign(*sign)).count() == BASE64;
    let bare = text.trim();
    text.contains(KEY_LINE)
        || before_padding.into_iter().any(is_base64)
        || (bare.len() == HEXADECIMAL && bare.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_known_in_every_spelling_and_paths_are_not_keys() {
        let base64 = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
        let hexadecimal = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
        for text in [
            base64,
            hexadecimal,
            &format!("key = \"{base64}\""),
            &format!("--key={base64}"),
            "PATHLINK-KEY-1 demo-project 1",
        ] {
            assert!(holds_key(text), "a key was not seen");
        }
        for text in ["/secure/my-project.key", "/home/analyst/stockport/secrets/my-project.key", "--to=a=b", ""] {
            assert!(!holds_key(text), "{text}");
        }
    }
}
