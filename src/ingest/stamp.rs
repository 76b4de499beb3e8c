//! Stamps: whose tokens a pseudonymised file holds. They are taken as they are, so they must be of the run's own key: tokens
//! of another would match nobody, silently.

use serde_json::Value as Json;

use super::at_source::AtSource;
use super::decode::Metadata;
use super::extracts::{Content, Extract};
use crate::error::{self, Error};
use crate::identity::keys::ProjectKey;
use crate::identity::tokens::Purpose;
use crate::schema::Kind;

/// What the side file of a CSV adds to its name.
pub const SIDE_FILE: &str = ".pathlink.json";

/// What the list of lines that could not be used adds to the name of a result.
pub const REJECTS: &str = ".rejects.csv";

/// Whether a file by this name only says something about another.
pub fn is_beside(name: &str) -> bool {
    name.ends_with(SIDE_FILE) || name.ends_with(REJECTS)
}

const PROJECT: &str = "pathlink.project";
const VERSION: &str = "pathlink.key_version";
const CHECK_VALUE: &str = "pathlink.key_check_value";
const PURPOSES: &str = "pathlink.purposes";

/// Which key some tokens were made with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyName {
    project: String,
    version: String,
    check_value: String,
}

impl KeyName {
    /// Of a key.
    pub fn of(key: &ProjectKey) -> Self {
        Self { project: key.project().to_owned(), version: key.version().to_string(), check_value: key.check_value() }
    }

    /// The key's check value.
    pub fn check_value(&self) -> &str {
        &self.check_value
    }

    fn shown(&self) -> String {
        format!("project {} version {} check value {}", self.project, self.version, self.check_value)
    }
}

/// The stamp of a pseudonymised file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    key: KeyName,
    /// What was tokenised, as the labels of the key derivation.
    purposes: Vec<String>,
    /// Where it stands, for messages.
    place: &'static str,
    /// What the file says of its making, if it is in canonical form.
    pub(super) at_source: Option<AtSource>,
}

impl Stamp {
    /// From a file's metadata; none where nothing says that it is pseudonymised.
    pub fn of(metadata: &Metadata, place: &'static str, file: &str) -> Result<Option<Self>, Error> {
        if ![PROJECT, VERSION, CHECK_VALUE, PURPOSES].iter().any(|key| metadata.contains_key(*key)) {
            return Ok(None);
        }
        let get = |key: &str| metadata.get(key).cloned().ok_or_else(|| not_whole(file, place, key));
        let purposes = get(PURPOSES)?;
        let purposes = purposes.split([',', ' ']).filter(|word| !word.is_empty()).map(str::to_owned).collect();
        let key = KeyName { project: get(PROJECT)?, version: get(VERSION)?, check_value: get(CHECK_VALUE)? };
        let is_plain =
            |text: &String| text.len() <= 64 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if ![&key.project, &key.version, &key.check_value].into_iter().all(is_plain) {
            return Err(not_whole(file, place, PROJECT));
        }
        Ok(Some(Self { key, purposes, place, at_source: AtSource::of(metadata, file)? }))
    }

    /// From the side file `<name>.pathlink.json` of a CSV.
    pub fn beside(extract: &Extract) -> Result<Option<Self>, Error> {
        let Content::File(path) = &extract.content else { return Ok(None) };
        let mut name = path.as_os_str().to_owned();
        name.push(SIDE_FILE);
        let place = "its .pathlink.json";
        let Ok(bytes) = std::fs::read(name) else { return Ok(None) };
        let Ok(Json::Object(pairs)) = serde_json::from_slice(&bytes) else {
            return Err(not_whole(&extract.name, place, PROJECT));
        };
        let text = |value: Json| match value {
            Json::String(text) => text,
            Json::Array(words) => words.iter().filter_map(Json::as_str).collect::<Vec<_>>().join(","),
            other => other.to_string(),
        };
        let metadata: Metadata = pairs.into_iter().map(|(key, value)| (key, text(value))).collect();
        match Self::of(&metadata, place, &extract.name)? {
            Some(stamp) => Ok(Some(stamp)),
            None => Err(not_whole(&extract.name, place, PROJECT)),
        }
    }

    /// Refuses tokens of another key than the run's.
    pub fn check(&self, file: &str, own: &KeyName) -> Result<(), Error> {
        if self.key == *own {
            return Ok(());
        }
        Err(Error::new(
            &error::KEY_OTHER,
            format!("{file} was pseudonymised with another key: linking would match nobody"),
            "use the key that the file was made with, or ask the sender to pseudonymise it with this project's key",
        )
        .because(format!("the file: {}, from {}", self.key.shown(), self.place))
        .because(format!("this run: {}, from the key it was given", own.shown())))
    }

    /// Whether values of a kind were tokenised. A column of another is taken as missing.
    pub fn has(&self, kind: Kind) -> bool {
        purpose(kind).is_none_or(|purpose| self.purposes.iter().any(|label| label == purpose.label()))
    }

    /// The metadata of a file whose identifiers of these kinds became tokens of a key.
    pub fn metadata(key: &ProjectKey, kinds: impl Iterator<Item = Kind>) -> Metadata {
        let mut purposes: Vec<&str> = kinds.filter_map(purpose).map(Purpose::label).collect();
        purposes.sort_unstable();
        purposes.dedup();
        let name = KeyName::of(key);
        let pairs = [
            (PROJECT, name.project),
            (VERSION, name.version),
            (CHECK_VALUE, name.check_value),
            (PURPOSES, purposes.join(" ")),
        ];
        pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
    }

    /// What of it changes how a file is staged.
    pub fn bytes(&self) -> Result<Vec<u8>, Error> {
        let at_source = self.at_source.as_ref().map_or(Ok(Vec::new()), AtSource::bytes)?;
        Ok([b"tokens ", self.purposes.join(" ").as_bytes(), &at_source].concat())
    }
}

/// The purpose of the token that a value of this kind becomes; none for a kind that is not tokenised.
fn purpose(kind: Kind) -> Option<Purpose> {
    Some(match kind {
        Kind::NhsNumber => Purpose::Nhs,
        Kind::LocalId | Kind::ParentId(crate::schema::Table::PersonRecords) => Purpose::Local,
        Kind::Field(field) => super::fields::purpose(field),
        Kind::MatchKey => Purpose::MatchKey,
        kind if kind.is_token() => Purpose::Record,
        _ => return None,
    })
}

fn not_whole(file: &str, place: &str, key: &str) -> Error {
    Error::new(
        &error::KEY_OTHER,
        format!("{file} says that it is pseudonymised, and not whole with which key"),
        "ask the sender for the file again with all of its metadata",
    )
    .because(format!("`{key}` is missing or not understood in {place}"))
}
