//! Dialects: how a source writes its files. Declared, never guessed.
//!
//! In: `encoding`, `delimiter`, `quote` and `null_words` of a source config, each overridable for a table. Out: a
//! [`Dialect`] for every table. Leaves alone: what the bytes of a file turn out to be (`ingest/decode`).

use schemars::JsonSchema;
use serde::Deserialize;

/// How characters are written as bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum Encoding {
    /// UTF-8, with or without a byte-order mark.
    #[default]
    #[serde(rename = "utf-8")]
    Utf8,
    /// UTF-16 of either byte order; the mark says which, and without one the NUL bytes of its heading do.
    #[serde(rename = "utf-16")]
    Utf16,
    /// UTF-16, low byte first.
    #[serde(rename = "utf-16le")]
    Utf16Le,
    /// UTF-16, high byte first.
    #[serde(rename = "utf-16be")]
    Utf16Be,
    /// Windows-1252, one byte a character; five bytes stand for nothing and are errors.
    #[serde(rename = "windows-1252")]
    Windows1252,
}

impl Encoding {
    /// As written in a source config.
    pub fn id(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf16 => "utf-16",
            Self::Utf16Le => "utf-16le",
            Self::Utf16Be => "utf-16be",
            Self::Windows1252 => "windows-1252",
        }
    }

    /// As people write it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16 => "UTF-16",
            Self::Utf16Le => "UTF-16 LE",
            Self::Utf16Be => "UTF-16 BE",
            Self::Windows1252 => "Windows-1252",
        }
    }
}

/// How one table of a source writes its files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dialect {
    /// The declared encoding; a byte-order mark may correct it.
    pub encoding: Encoding,
    /// The byte between fields.
    pub delimiter: u8,
    /// The byte around fields that hold a delimiter or a line end; none if the sender quotes nothing.
    pub quote: Option<u8>,
    /// Words that stand for an empty field, as written. Empty fields and fields of one NUL byte need no word.
    pub null_words: Vec<Vec<u8>>,
}

impl Default for Dialect {
    fn default() -> Self {
        Self { encoding: Encoding::Utf8, delimiter: b',', quote: Some(b'"'), null_words: Vec::new() }
    }
}

/// Delimiters that a source config may name, and how it writes them.
pub const DELIMITERS: [(u8, &str); 5] = [(b',', ","), (b'\t', "tab"), (b'|', "|"), (b'^', "^"), (b';', ";")];

#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
pub(super) enum DelimiterEntry {
    #[serde(rename = ",")]
    Comma,
    #[serde(rename = "tab")]
    Tab,
    #[serde(rename = "|")]
    Pipe,
    #[serde(rename = "^")]
    Caret,
    #[serde(rename = ";")]
    Semicolon,
}

impl DelimiterEntry {
    fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Tab => b'\t',
            Self::Pipe => b'|',
            Self::Caret => b'^',
            Self::Semicolon => b';',
        }
    }
}

#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
pub(super) enum QuoteEntry {
    #[serde(rename = "\"")]
    Double,
    #[serde(rename = "none")]
    None,
}

/// What a source or a table declares; the rest is inherited.
#[derive(Debug, Default)]
pub(super) struct DialectEntry {
    pub(super) encoding: Option<Encoding>,
    pub(super) delimiter: Option<DelimiterEntry>,
    pub(super) quote: Option<QuoteEntry>,
    pub(super) null_words: Option<Vec<String>>,
}

impl Dialect {
    /// The same, but for what an entry declares.
    pub(super) fn with(&self, entry: DialectEntry) -> Self {
        let bytes = |words: Vec<String>| words.iter().map(|word| word.trim().as_bytes().to_vec()).collect();
        Self {
            encoding: entry.encoding.unwrap_or(self.encoding),
            delimiter: entry.delimiter.map_or(self.delimiter, DelimiterEntry::byte),
            quote: match entry.quote {
                None => self.quote,
                Some(QuoteEntry::Double) => Some(b'"'),
                Some(QuoteEntry::None) => None,
            },
            null_words: entry.null_words.map_or_else(|| self.null_words.clone(), bytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_overrides_what_it_names_and_inherits_the_rest() {
        let source = Dialect::default().with(DialectEntry {
            delimiter: Some(DelimiterEntry::Pipe),
            quote: Some(QuoteEntry::None),
            null_words: Some(vec!["NULL".to_owned()]),
            ..DialectEntry::default()
        });
        let table = source.with(DialectEntry { encoding: Some(Encoding::Utf16), ..DialectEntry::default() });
        assert_eq!((table.encoding, table.delimiter, table.quote), (Encoding::Utf16, b'|', None));
        assert_eq!(table.null_words, [b"NULL".to_vec()]);
    }

    #[test]
    fn every_delimiter_can_be_declared() {
        #[derive(Deserialize)]
        struct Line {
            delimiter: DelimiterEntry,
        }
        for (byte, name) in DELIMITERS {
            let line: Line = toml::from_str(&format!("delimiter = \"{name}\"")).unwrap();
            assert_eq!(line.delimiter.byte(), byte);
        }
    }
}
