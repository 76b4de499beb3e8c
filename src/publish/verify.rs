//! Verify: whether a folder is a whole release as it was made, and whether something can be worked out from it. Needs no
//! key and no run.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use super::contents::Contents;
use crate::attack::{self, Rules};
use crate::audit::Published;
use crate::domain::{day, hex};
use crate::error::{self, Error};
use crate::output::checksums;
use crate::output::metadata::{self, RULES};

/// Problems that an error names; the number of all is said too.
const MOST_NAMED: usize = 10;

/// What a check came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Files listed.
    pub files: usize,
    /// Tables.
    pub tables: usize,
    /// Cells of the tables.
    pub cells: usize,
    /// Hidden numbers that were attacked.
    pub hidden: usize,
    /// The rules that the release was made by, in words.
    pub rules: String,
    /// What is wrong; nothing for a good release.
    pub problems: Vec<String>,
}

impl Verdict {
    /// The verdict, if nothing is wrong.
    pub fn passed(self) -> Result<Self, Error> {
        if self.problems.is_empty() {
            return Ok(self);
        }
        let what = match self.problems.len() {
            1 => "something is wrong with the release".to_owned(),
            count => format!("{count} things are wrong with the release"),
        };
        let fix = "do not hand it on; ask whoever made it for the release as it was made";
        let error = Error::new(&error::RELEASE_UNSAFE, what, fix);
        Err(self.problems.into_iter().take(MOST_NAMED).fold(error, Error::because))
    }
}

/// Checks a folder.
pub fn verify(folder: &Path) -> Result<Verdict, Error> {
    let contents = Contents::read(folder)?;
    let mut verdict = Verdict { tables: contents.tables.len(), ..Verdict::default() };
    check_files(&contents, &mut verdict);
    let rules: Vec<Option<metadata::Rules>> =
        contents.tables.iter().map(|table| check_table(&contents, table, &mut verdict)).collect();
    let Some(rules) =
        rules.first().copied().flatten().filter(|own| rules.iter().all(|other| other.as_ref() == Some(own)))
    else {
        verdict
            .problems
            .push("its tables do not state the rules that they were made by, or not the same ones".to_owned());
        return Ok(verdict);
    };
    verdict.rules =
        format!("fewer than {} people hidden, counts rounded to the nearest {}", rules.threshold, rules.round_to);
    let own = Rules { threshold: u64::from(rules.threshold), round_to: u64::from(rules.round_to.max(1)) };
    let outcome = attack::attack(&contents.tables, own);
    (verdict.cells, verdict.hidden) = (outcome.cells, outcome.hidden);
    let found = outcome.findings.into_iter();
    verdict
        .problems
        .extend(found.map(|finding| format!("{}.csv, row {}: {}", finding.table, finding.row, finding.what)));
    Ok(verdict)
}

/// Every file is as it was made, and there is no other.
fn check_files(contents: &Contents, verdict: &mut Verdict) {
    let Some(listed) = contents.files.get(checksums::FILE).and_then(|bytes| list(bytes)) else {
        verdict.problems.push(format!("{} is missing or cannot be read", checksums::FILE));
        return;
    };
    verdict.files = listed.len();
    for (name, sha256) in &listed {
        match contents.files.get(name) {
            None => verdict.problems.push(format!("{name} is missing")),
            Some(bytes) if hex::lower(&Sha256::digest(bytes)) != *sha256 => {
                verdict.problems.push(format!("{name} is not as it was made"));
            }
            Some(_) => {}
        }
    }
    let others = contents.files.keys().filter(|name| name.as_str() != checksums::FILE && !listed.contains_key(*name));
    verdict.problems.extend(others.map(|name| format!("{name} is not part of the release")));
    verdict.problems.extend(contents.unreadable.iter().map(|name| format!("{name} is no table")));
}

/// Names and hashes of the list.
fn list(bytes: &[u8]) -> Option<BTreeMap<String, String>> {
    let lines = std::str::from_utf8(bytes).ok()?.lines();
    lines.map(|line| line.split_once("  ").map(|(sha256, name)| (name.to_owned(), sha256.to_owned()))).collect()
}

/// A table is as its metadata says. Gives the rules that it was made by.
fn check_table(contents: &Contents, table: &Published, verdict: &mut Verdict) -> Option<metadata::Rules> {
    let name = format!("{}.csv-metadata.json", table.name);
    let about: Option<Json> = contents.files.get(&name).and_then(|bytes| serde_json::from_slice(bytes).ok());
    let Some(about) = about else {
        verdict.problems.push(format!("{name} is missing or cannot be read"));
        return None;
    };
    let columns = about["tableSchema"]["columns"].as_array().cloned().unwrap_or_default();
    let names: Vec<&str> = columns.iter().filter_map(|column| column["name"].as_str()).collect();
    if names != table.headings {
        verdict.problems.push(format!("{}.csv does not have the columns that its metadata names", table.name));
    }
    for (at, column) in columns.iter().enumerate() {
        let kind = column["datatype"].as_str().unwrap_or_default();
        let is_wrong = |row: &Vec<String>| row.get(at).is_some_and(|cell| !is_of(kind, cell));
        if let Some(row) = table.rows.iter().position(is_wrong) {
            let heading = column["name"].as_str().unwrap_or_default();
            verdict.problems.push(format!("{}.csv, row {}: `{heading}` is no {kind}", table.name, row + 1));
        }
    }
    serde_json::from_value(about[RULES].clone()).ok()
}

/// Whether a cell is empty or of a kind.
fn is_of(kind: &str, cell: &str) -> bool {
    cell.is_empty()
        || match kind {
            "integer" => cell.parse::<i64>().is_ok(),
            "decimal" => cell.parse::<f64>().is_ok_and(f64::is_finite),
            "date" => day::parse_iso(cell.as_bytes()).is_some(),
            _ => true,
        }
}
