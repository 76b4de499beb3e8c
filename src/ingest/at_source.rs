//! What a file in canonical form says of itself: how exact its dates are, how many rows it holds, and what became of every
//! row and cell where it was made. `pathlink pseudonymise` writes it and a run reads it.
//!
//! In: metadata, which is foreign text. Out: [`AtSource`], of which every word and number was looked at. Leaves alone: the
//! key that tokens are of (`stamp.rs`).

use std::collections::BTreeMap;

use super::checks;
use super::decode::Metadata;
use super::tally::{Reject, STATUSES, Tally};
use crate::domain::nhs_number::REASONS;
use crate::error::{self, Error};
use crate::sources::{Precision, TablePlan, canonical};

/// The form that is written and read.
const FORM_1: &str = "canonical-1";
const FORM: &str = "pathlink.form";
const SOURCE: &str = "pathlink.source";
const TABLE: &str = "pathlink.table";
const PRECISION: &str = "pathlink.date_precision";
const ROWS: &str = "pathlink.rows";
const TALLY: &str = "pathlink.tally";
/// More rows than any file can have.
const MANY: u64 = 1 << 40;

/// What is known from where a file was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AtSource {
    /// The source's id.
    pub source: String,
    /// The canonical table's id.
    pub table: String,
    /// How exact its dates are.
    pub precision: Precision,
    /// Rows of the file, those that were left out among them.
    pub rows: u64,
    /// What became of every row of the extract that it was made from.
    pub tally: Tally,
}

impl AtSource {
    /// From a file's metadata; none where the file is in no canonical form.
    pub fn of(metadata: &Metadata, file: &str) -> Result<Option<Self>, Error> {
        let Some(form) = metadata.get(FORM) else { return Ok(None) };
        if form != FORM_1 {
            return Err(not_whole(file, "it is in a form of a later version of pathlink")
                .because("this version reads the form canonical-1"));
        }
        let get = |key: &str| metadata.get(key).ok_or_else(|| not_whole(file, &format!("`{key}` is missing")));
        let precision = Precision::from_id(get(PRECISION)?);
        let tally: Option<Tally> = serde_json::from_str(get(TALLY)?).ok();
        let rows = get(ROWS)?.parse().ok().filter(|rows| *rows < MANY);
        match (precision, rows, tally.filter(is_possible)) {
            (Some(precision), Some(rows), Some(tally)) => {
                Ok(Some(Self { source: get(SOURCE)?.clone(), table: get(TABLE)?.clone(), precision, rows, tally }))
            }
            _ => Err(not_whole(file, "its counts are not understood")),
        }
    }

    /// As metadata.
    pub fn metadata(&self) -> Result<Metadata, Error> {
        let tally = serde_json::to_string(&self.tally).map_err(Error::silent("write the tally of a file"))?;
        let pairs = [
            (FORM, FORM_1.to_owned()),
            (SOURCE, self.source.clone()),
            (TABLE, self.table.clone()),
            (PRECISION, self.precision.id().to_owned()),
            (ROWS, self.rows.to_string()),
            (TALLY, tally),
        ];
        Ok(pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
    }

    /// Refuses a file that is not what its name says.
    pub fn check(&self, file: &str, plan: &TablePlan) -> Result<(), Error> {
        if self.source == plan.source.id() && self.table == plan.table.id() {
            return Ok(());
        }
        Err(not_whole(file, "its name says another table than its metadata"))
    }

    /// What of it changes how a file is staged.
    pub fn bytes(&self) -> Result<Vec<u8>, Error> {
        let pairs = self.metadata()?;
        Ok(pairs
            .into_iter()
            .flat_map(|(key, value)| [key.into_bytes(), value.into_bytes(), vec![0]])
            .flatten()
            .collect())
    }

    /// What became of every row and cell of the extract, with what reading the file itself found added to it. Headings that
    /// the source config does not know are dropped.
    pub fn tally(&self, found: &Tally, file: &str, plan: &TablePlan) -> Result<Tally, Error> {
        if found.read != self.rows {
            return Err(Error::new(
                &error::INPUT_CUT,
                format!("{file} holds {} rows, and its metadata say {}", found.read, self.rows),
                "ask the sender for the file again: it was cut short or changed after it was made",
            ));
        }
        let mut tally = self.tally.clone();
        let own: Vec<&str> = plan.columns.iter().chain(&plan.details).map(|column| column.heading.as_str()).collect();
        let is_known = |heading: &str| heading.is_empty() || own.contains(&heading);
        tally.warnings.retain(|key, _| key.rsplit_once(' ').is_some_and(|(heading, _)| is_known(heading)));
        tally.classes.retain(|heading, _| is_known(heading));
        tally.unread_headings.clear();
        let (own_rejected, own_left_out) = (found.rejected_total(), &found.excluded);
        for (check, count) in &found.rejected {
            *tally.rejected.entry(check.clone()).or_default() += count;
        }
        let here = own_left_out.iter().filter(|(reason, _)| *reason != canonical::LEFT_OUT);
        let mut left_out = 0;
        for (reason, count) in here {
            *tally.excluded.entry(reason.clone()).or_default() += count;
            left_out += count;
        }
        tally.kept = tally
            .kept
            .checked_sub(own_rejected + left_out)
            .ok_or_else(|| not_whole(file, "its counts do not fit its rows"))?;
        (tally.first_day, tally.last_day) = (found.first_day, found.last_day);
        Ok(tally)
    }
}

/// Whether every word of a tally is one of ours, and its rows add up. Nothing else is let into outputs.
fn is_possible(tally: &Tally) -> bool {
    let counts = [&tally.rejected, &tally.excluded, &tally.warnings, &tally.nhs, &tally.statuses];
    let is_small =
        |counts: &&BTreeMap<String, u64>| counts.len() < 10_000 && counts.values().all(|count| *count < MANY);
    let is_word = |word: &String| {
        (1..=40).contains(&word.len())
            && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    };
    let is_check = |id: &str| checks::ALL.iter().any(|check| check.id == id);
    [tally.read, tally.kept, tally.duplicated, tally.looked_at].iter().all(|count| *count < MANY)
        && counts.iter().all(is_small)
        && tally.classes.values().flatten().all(|count| *count < MANY)
        && tally.rejected.keys().all(|check| is_check(check))
        && tally.warnings.keys().all(|key| key.rsplit_once(' ').is_some_and(|(_, check)| is_check(check)))
        && tally.excluded.keys().all(is_word)
        && tally.nhs.keys().all(|reason| REASONS.iter().any(|(_, name)| name == reason))
        && tally.statuses.keys().all(|status| STATUSES.contains(&status.as_str()))
        && tally.adds_up()
}

fn not_whole(file: &str, why: &str) -> Error {
    Error::new(
        &error::AT_SOURCE,
        format!("{file} was made by `pathlink pseudonymise` and cannot be taken"),
        "ask the sender for the file again, under the name that it was made with, and with its .pathlink.json if it is a CSV",
    )
    .because(why)
}

/// Rejects as CSV: line, heading, check and the shape of the value, never the value.
pub fn rejects_csv(rejects: &[Reject]) -> Result<Vec<u8>, Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let fault = |_| Error::bug("the rejects could not be written as CSV");
    writer.write_record(["line", "column", "check", "shape"]).map_err(fault)?;
    for reject in rejects {
        let line = reject.line.to_string();
        writer.write_record([&line, &reject.column, &reject.check, &reject.shape]).map_err(fault)?;
    }
    writer.into_inner().map_err(Error::silent("write rejects"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at_source() -> AtSource {
        let tally = Tally {
            read: 5,
            kept: 3,
            rejected: BTreeMap::from([(checks::TOKEN.id.to_owned(), 1)]),
            excluded: BTreeMap::from([("no_consent".to_owned(), 1)]),
            ..Tally::default()
        };
        AtSource {
            source: "community".to_owned(),
            table: "person_records".to_owned(),
            precision: Precision::Month,
            rows: 4,
            tally,
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let own = at_source();
        assert_eq!(AtSource::of(&own.metadata().unwrap(), "x").unwrap(), Some(own));
        assert_eq!(AtSource::of(&Metadata::new(), "x").unwrap(), None);
    }

    #[test]
    fn metadata_of_others_are_refused_and_never_shown() {
        for (key, value) in [
            (FORM, "canonical-9"),
            (PRECISION, "hour"),
            (ROWS, "many"),
            (TALLY, "{}x"),
            (TALLY, "{\"read\":18446744073709551615}"),
        ] {
            let mut metadata = at_source().metadata().unwrap();
            metadata.insert(key.to_owned(), value.to_owned());
            assert_eq!(AtSource::of(&metadata, "x").err().unwrap().code().id, "PSD01", "{key} {value}");
        }
        for wrong in [
            Tally { kept: 4, ..at_source().tally },
            Tally { read: 6, excluded: BTreeMap::from([("Anna Bryndle".to_owned(), 2)]), ..at_source().tally },
            Tally { nhs: BTreeMap::from([("x".to_owned(), 2)]), ..at_source().tally },
        ] {
            let metadata = AtSource { tally: wrong, ..at_source() }.metadata().unwrap();
            assert!(AtSource::of(&metadata, "x").is_err());
        }
    }
}
