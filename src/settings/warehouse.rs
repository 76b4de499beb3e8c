//! Settings of sources that come straight from a warehouse: queries over ODBC in place of files, or beside them.

use std::fmt;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};

/// Whether this build can read a warehouse.
pub const IS_BUILT: bool = cfg!(feature = "odbc");

/// How a warehouse is reached. Only in a build with the feature `odbc`.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Odbc {
    /// The file that holds the connection string, which obeys the rules of key files; for queries that name no other.
    pub connection_file: Option<PathBuf>,
}

/// What a source has beside files.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FromWarehouse {
    /// A query over ODBC, or a list of them; each is read as a file of its table would be.
    #[serde(deserialize_with = "one_or_many")]
    #[schemars(with = "OneOrMany")]
    pub odbc: Vec<QuerySettings>,
}

/// A query whose rows are those of one table.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct QuerySettings {
    /// The query. Its columns have the headings that the table's files have; end it with ORDER BY over a key.
    pub query: String,
    /// The table, as the source's config names it; may be left out for a source that has one table only.
    pub table: Option<String>,
    /// What manifest and messages call it; else after its table.
    pub name: Option<String>,
    /// The provider of all rows, where no column gives it.
    pub provider: Option<String>,
    /// The file that holds the connection string, in place of `connection_file` of `[odbc]`.
    pub connection_file: Option<PathBuf>,
}

impl QuerySettings {
    /// What is wrong with it, if anything is.
    pub(super) fn fault(&self) -> Option<&'static str> {
        let is_name = |text: &String| {
            !text.is_empty()
                && text.len() <= 100
                && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b' '))
        };
        if self.query.trim().is_empty() {
            return Some("its query is empty");
        }
        if self.query.contains('\0') {
            return Some("its query holds a NUL");
        }
        if self.name.as_ref().is_some_and(|name| !is_name(name)) {
            return Some("its name is not 1 to 100 letters, digits, blanks, `-`, `_` and `.`");
        }
        None
    }
}

/// Whether a text looks like a connection string itself where the path of its file belongs.
pub fn is_connection_string(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    ["driver=", "dsn=", "pwd=", "password=", "uid="].iter().any(|word| lower.contains(word))
}

/// The two forms, for the schema.
#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "only its schema is used")]
enum OneOrMany {
    One(QuerySettings),
    Many(Vec<QuerySettings>),
}

fn one_or_many<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<QuerySettings>, D::Error> {
    struct Either;
    impl<'de> Visitor<'de> for Either {
        type Value = Vec<QuerySettings>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a query or a list of queries")
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
            QuerySettings::deserialize(MapAccessDeserializer::new(map)).map(|one| vec![one])
        }

        fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
            Vec::deserialize(SeqAccessDeserializer::new(list))
        }
    }
    deserializer.deserialize_any(Either)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_query_and_a_list_are_both_read_and_a_wrong_key_is_refused() {
        let read = |text: &str| toml::from_str::<FromWarehouse>(text);
        let one = read("[odbc]\nquery = \"SELECT 1\"\n").unwrap();
        assert_eq!((one.odbc.len(), one.odbc[0].query.as_str()), (1, "SELECT 1"));
        let many = read("[[odbc]]\nquery = \"a\"\ntable = \"x\"\n[[odbc]]\nquery = \"b\"\n").unwrap();
        assert_eq!((many.odbc.len(), many.odbc[0].table.as_deref()), (2, Some("x")));
        assert!(read("[odbc]\nquery = \"a\"\npassword = \"b\"\n").is_err());
    }

    #[test]
    fn a_connection_string_is_no_path() {
        assert!(is_connection_string("Driver={PostgreSQL Unicode};Server=db;UID=reader;PWD=invented"));
        assert!(!is_connection_string("/secure/warehouse.odbc"));
    }
}
