//! Encodings: which one a file is read in, from what is declared, its byte-order mark and its first bytes.

use super::fault::Origin;
use crate::error::{self, Error};
use crate::sources::Encoding;

/// Bytes of the first line that are looked at.
const LOOKED_AT: usize = 64;

/// What was found at the start of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    /// The encoding to read: never [`Encoding::Utf16`].
    pub(super) encoding: Encoding,
    /// Bytes of the byte-order mark, to be left out.
    pub(super) mark: usize,
}

/// Decides the encoding. A mark wins over what is declared; without one the declared encoding holds, and bytes that
/// cannot be in it are an error with the setting that would fit.
pub(super) fn decide(declared: Encoding, start: &[u8], origin: Origin<'_>) -> Result<Found, Error> {
    if let Some(found) = by_mark(start) {
        return Ok(found);
    }
    let seen = by_nuls(start);
    let is_utf16 = matches!(declared, Encoding::Utf16 | Encoding::Utf16Le | Encoding::Utf16Be);
    let encoding = match (declared, seen) {
        (Encoding::Utf16, Some(seen)) => seen,
        (_, Some(seen)) if seen != declared => {
            return Err(other(origin, declared, seen, "every second byte of its heading row is NUL"));
        }
        (_, None) if is_utf16 && is_plain(start) => {
            return Err(other(origin, declared, Encoding::Utf8, "its heading row has one byte a letter"));
        }
        // A heading row of other scripts has no NUL. Windows, where such files come from, writes the low byte first.
        (Encoding::Utf16, None) => Encoding::Utf16Le,
        _ => declared,
    };
    Ok(Found { encoding, mark: 0 })
}

fn by_mark(start: &[u8]) -> Option<Found> {
    let (encoding, mark) = match start {
        [0xEF, 0xBB, 0xBF, ..] => (Encoding::Utf8, 3),
        [0xFF, 0xFE, ..] => (Encoding::Utf16Le, 2),
        [0xFE, 0xFF, ..] => (Encoding::Utf16Be, 2),
        _ => return None,
    };
    Some(Found { encoding, mark })
}

/// The first bytes, up to the end of the heading row: fields of one NUL byte may only follow it.
fn heading_start(start: &[u8]) -> &[u8] {
    let end = start.iter().take(LOOKED_AT).position(|byte| matches!(byte, b'\n' | b'\r'));
    &start[..end.unwrap_or(start.len().min(LOOKED_AT))]
}

/// UTF-16 without a mark: letters of headings are ASCII, so every second byte is NUL.
fn by_nuls(start: &[u8]) -> Option<Encoding> {
    let heading = heading_start(start);
    let nuls = |first: usize| heading.iter().skip(first).step_by(2).filter(|byte| **byte == 0).count();
    let most = heading.len() / 4;
    match (nuls(0), nuls(1)) {
        (0, odd) if odd > most => Some(Encoding::Utf16Le),
        (even, 0) if even > most => Some(Encoding::Utf16Be),
        _ => None,
    }
}

fn is_plain(start: &[u8]) -> bool {
    let heading = heading_start(start);
    !heading.is_empty() && heading.iter().all(|byte| (b' '..=b'~').contains(byte) || *byte == b'\t')
}

fn other(origin: Origin<'_>, declared: Encoding, seen: Encoding, why: &str) -> Error {
    let what = format!("{} is not valid {}", origin.file, declared.title());
    Error::new(&error::NOT_UTF8, what, origin.set("encoding", seen.id()))
        .because(format!("{why}, as in {}, from byte 0 (line 1); it has no byte-order mark", seen.title()))
}

/// The character that a byte above 7F stands for in Windows-1252, as a message shows it; none for the five bytes that
/// stand for nothing.
pub fn in_windows_1252(byte: u8) -> Option<String> {
    match byte {
        ..0x80 => None,
        _ if is_undefined(byte) => None,
        0xA0 => Some("a no-break space".to_owned()),
        0xAD => Some("a soft hyphen".to_owned()),
        _ => Some(format!("\"{}\"", decode_one(byte))),
    }
}

/// Bytes that Windows-1252 leaves undefined. The decoder maps them to control characters, so they are refused before.
pub(super) fn is_undefined(byte: u8) -> bool {
    matches!(byte, 0x81 | 0x8D | 0x8F | 0x90 | 0x9D)
}

fn decode_one(byte: u8) -> String {
    let mut decoder = encoding_rs::WINDOWS_1252.new_decoder_without_bom_handling();
    let mut text = [0; 16];
    let (_, _, written) = decoder.decode_to_utf8_without_replacement(&[byte], &mut text, true);
    String::from_utf8_lossy(&text[..written]).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORIGIN: Origin<'static> = Origin { file: "x.csv", source: "gp" };

    fn utf16(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(to_bytes).collect()
    }

    #[test]
    fn a_mark_wins_over_what_is_declared() {
        for declared in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf16Be, Encoding::Windows1252] {
            for (start, encoding, mark) in [
                (&b"\xEF\xBB\xBFa,b"[..], Encoding::Utf8, 3),
                (b"\xFF\xFEa\0", Encoding::Utf16Le, 2),
                (b"\xFE\xFF\0a", Encoding::Utf16Be, 2),
            ] {
                assert_eq!(decide(declared, start, ORIGIN).unwrap(), Found { encoding, mark });
            }
        }
    }

    #[test]
    fn utf16_without_a_mark_is_read_if_declared_and_named_if_not() {
        let text = "NHSNumber,Name\n1,Zoë\n";
        for (bytes, encoding) in
            [(utf16(text, u16::to_le_bytes), Encoding::Utf16Le), (utf16(text, u16::to_be_bytes), Encoding::Utf16Be)]
        {
            assert_eq!(decide(Encoding::Utf16, &bytes, ORIGIN).unwrap().encoding, encoding);
            assert_eq!(decide(encoding, &bytes, ORIGIN).unwrap().encoding, encoding);
            for declared in [Encoding::Utf8, Encoding::Windows1252] {
                let error = decide(declared, &bytes, ORIGIN).unwrap_err();
                assert_eq!(error.code().id, "ENC01");
                assert!(error.fix().contains(&format!("encoding = \"{}\" for [source.gp]", encoding.id())));
            }
        }
        let error = decide(Encoding::Utf16, text.as_bytes(), ORIGIN).unwrap_err();
        assert!(error.fix().contains("encoding = \"utf-8\""));
    }

    #[test]
    fn fields_of_one_nul_byte_do_not_look_like_utf16() {
        for text in ["a,b\n\0,\0\n\0,\0\n", "a\n\0\n\0\n", ""] {
            assert_eq!(decide(Encoding::Utf8, text.as_bytes(), ORIGIN).unwrap().encoding, Encoding::Utf8);
        }
    }

    #[test]
    fn bytes_are_named_by_their_windows_1252_meaning() {
        assert_eq!(in_windows_1252(0xA3).unwrap(), "\"£\"");
        assert_eq!(in_windows_1252(0x80).unwrap(), "\"€\"");
        assert_eq!(in_windows_1252(0xA0).unwrap(), "a no-break space");
        let unknown: Vec<u8> = (0x80..=0xFF).filter(|byte| in_windows_1252(*byte).is_none()).collect();
        assert_eq!(unknown, [0x81, 0x8D, 0x8F, 0x90, 0x9D]);
    }
}
