//! The form of a source config file, as serde reads it.

use schemars::JsonSchema;
use serde::Deserialize;

use super::dialect::{DelimiterEntry, DialectEntry, Encoding, QuoteEntry};
use super::precision::Precision;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SourceFile {
    pub(super) source: Header,
    pub(super) table: Vec<TableEntry>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "title and standard are read by people, and by `describe` when it comes")]
pub(super) struct Header {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) standard: String,
    encoding: Option<Encoding>,
    delimiter: Option<DelimiterEntry>,
    quote: Option<QuoteEntry>,
    null_words: Option<Vec<String>>,
    /// How exact dates leave a partner's site.
    pub(super) date_precision: Option<Precision>,
}

impl Header {
    /// Takes what it declares of its files' dialect.
    pub(super) fn dialect(&mut self) -> DialectEntry {
        DialectEntry {
            encoding: self.encoding,
            delimiter: self.delimiter,
            quote: self.quote,
            null_words: self.null_words.take(),
        }
    }
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TableEntry {
    pub(super) name: String,
    pub(super) to: String,
    pub(super) files: Vec<String>,
    #[serde(default)]
    pub(super) required: bool,
    encoding: Option<Encoding>,
    delimiter: Option<DelimiterEntry>,
    quote: Option<QuoteEntry>,
    null_words: Option<Vec<String>>,
    pub(super) date_precision: Option<Precision>,
    pub(super) provider: Option<OneOrMore>,
    #[serde(default)]
    pub(super) provider_optional: bool,
    #[serde(default)]
    pub(super) version_by: Vec<String>,
    #[serde(default)]
    pub(super) require_any: Vec<Vec<String>>,
    pub(super) columns: Vec<ColumnEntry>,
    #[serde(default)]
    pub(super) exclude: Vec<ExcludeEntry>,
    #[serde(default)]
    pub(super) ignored: Vec<IgnoredEntry>,
}

/// One word, or several in their order.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(super) enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl OneOrMore {
    pub(super) fn into_words(self) -> Vec<String> {
        match self {
            Self::One(word) => vec![word],
            Self::More(words) => words,
        }
    }

    pub(super) fn words(&self) -> &[String] {
        match self {
            Self::One(word) => std::slice::from_ref(word),
            Self::More(words) => words,
        }
    }
}

/// A heading that is known and not staged, with the reason.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct IgnoredEntry {
    pub(super) heading: String,
    #[serde(default)]
    pub(super) aliases: Vec<String>,
    pub(super) why: String,
}

impl TableEntry {
    /// Takes what it declares of its files' dialect.
    pub(super) fn dialect(&mut self) -> DialectEntry {
        DialectEntry {
            encoding: self.encoding,
            delimiter: self.delimiter,
            quote: self.quote,
            null_words: self.null_words.take(),
        }
    }
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ColumnEntry {
    #[serde(default)]
    pub(super) heading: String,
    #[serde(default)]
    pub(super) aliases: Vec<String>,
    /// The canonical column, or several that one heading fills.
    pub(super) to: OneOrMore,
    #[serde(default)]
    pub(super) required: bool,
    #[serde(default)]
    pub(super) empty: EmptyEntry,
    pub(super) format: Option<OneOrMore>,
    /// Dates that stand for none, beside the known ones.
    #[serde(default)]
    pub(super) sentinels: Vec<String>,
    /// Read from `heading_01` to `heading_NN` instead.
    pub(super) numbered: Option<u8>,
    /// The cell holds several values parted by commas, of which the first is read.
    #[serde(default)]
    pub(super) first: bool,
    /// The same value for every row, where no heading gives one.
    pub(super) value: Option<String>,
    pub(super) codes: Option<String>,
    pub(super) unknown: Option<String>,
    /// The cells are digests that another party made of NHS numbers, in this way.
    pub(super) digest: Option<String>,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum EmptyEntry {
    #[default]
    Keep,
    Warn,
    Reject,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ExcludeEntry {
    pub(super) heading: String,
    #[serde(default)]
    pub(super) aliases: Vec<String>,
    #[serde(default, rename = "if")]
    pub(super) is_one_of: Vec<String>,
    #[serde(default)]
    pub(super) unless: Vec<String>,
    /// An `unless` rule that files without the heading may go without.
    #[serde(default)]
    pub(super) if_present: bool,
    /// Leaves out this row alone, and not every row of its key.
    #[serde(default)]
    pub(super) only_row: bool,
    pub(super) reason: String,
}
