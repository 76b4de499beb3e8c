//! The supersession table: pairs of NHS numbers, read and made tokens at once; a number is never kept.

use std::path::Path;

use super::columns::numbers::demonstration;
use crate::domain::nhs_number::{self, NhsNumber};
use crate::domain::supersession::Supersession;
use crate::error::{self, Error};
use crate::identity::keys::ProjectKey;
use crate::identity::tokens::{Purpose, Tokeniser};
use crate::settings::Settings;

/// The headings of the file.
const HEADINGS: [&str; 2] = ["superseded", "current"];

/// The table of a project; empty where config names none.
pub fn load(settings: &Settings, key: &ProjectKey) -> Result<Supersession, Error> {
    let Some(path) = &settings.linkage.supersession else { return Ok(Supersession::default()) };
    let path = settings.resolve(path);
    let bytes = std::fs::read(&path).map_err(|_| wrong(&path, "it cannot be read".to_owned()))?;
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    let headings = reader.headers().map_err(|_| wrong(&path, "it has no heading row".to_owned()))?;
    let place = HEADINGS.map(|name| headings.iter().position(|heading| heading.trim() == name));
    let [Some(old), Some(new)] = place else { return Err(wrong(&path, "a column is missing".to_owned())) };
    let tokeniser = Tokeniser::new(key, Purpose::Nhs);
    let mut pairs = Vec::new();
    for (row, record) in (2..).zip(reader.byte_records()) {
        let record = record.map_err(|_| wrong(&path, format!("row {row} is not whole")))?;
        let number = |at: usize| -> Option<NhsNumber> {
            nhs_number::read(record.get(at)?.trim_ascii(), None, settings.accepts()).0
        };
        let (Some(old), Some(new)) = (number(old), number(new)) else {
            return Err(wrong(&path, format!("row {row}: one of the two is no NHS number that may be used")));
        };
        if key.is_demonstration() && !(old.is_test() && new.is_test()) {
            return Err(demonstration(&path.display().to_string()));
        }
        pairs.push((tokeniser.token(&[&old.digits()]), tokeniser.token(&[&new.digits()])));
    }
    Supersession::new(pairs)
        .ok_or_else(|| wrong(&path, "a number is replaced by two others, or in the end by itself".to_owned()))
}

fn wrong(path: &Path, why: String) -> Error {
    Error::new(
        &error::CONFIG_VALUE,
        format!("the supersession table {} cannot be used", path.display()),
        "give a CSV with the columns superseded and current, an NHS number in each",
    )
    .because(why)
}
