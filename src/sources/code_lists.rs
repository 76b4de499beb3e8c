//! Code lists: from a source's codes to canonical values.
//!
//! In: CSV files with code, meaning, value, standard, version. Out: maps from normalised codes to positions in a
//! [`CodeSet`]. A code with an empty value is a known way of saying "not known".

use std::collections::BTreeMap;
use std::path::Path;

use super::code_map::CodeMap;
use crate::error::{self, Error};
use crate::schema::codes::CodeSet;

macro_rules! embedded {
    ($($name:literal),* $(,)?) => {
        const EMBEDDED: &[(&str, &str)] = &[$(($name, include_str!(concat!("../../config/codes/", $name, ".csv")))),*];
    };
}

embedded!(
    "admission_method",
    "admission_source",
    "assessment_scale",
    "attendance_status",
    "bed_type",
    "community_attendance",
    "community_end_reason",
    "community_mode",
    "community_offer",
    "community_referral_source",
    "community_scale",
    "consultation_mechanism",
    "discharge_destination",
    "discharge_method",
    "ecds_acuity",
    "ecds_arrival_mode",
    "ecds_attendance_category",
    "ecds_department_type",
    "ecds_discharge_destination",
    "ecds_discharge_status",
    "ecds_mental_health",
    "ecds_mental_health_diagnosis",
    "ethnic_category",
    "flag",
    "gender_identity",
    "gp_appointment_status",
    "gp_booking_wait",
    "gp_clinician",
    "gp_mode",
    "gp_national_category",
    "iapt_anxiety_measure",
    "iapt_appointment_type",
    "iapt_end_code",
    "phenotypic_sex",
    "priority",
    "referral_reason",
    "referral_source",
    "significance",
    "team_type",
    "yes_no",
);

/// Outer blanks, letter case, doubled blanks and leading zeros do not make another code: `3`, `03` and ` 3 ` are one.
pub fn normalise(code: &[u8]) -> Vec<u8> {
    let mut text: Vec<u8> = Vec::with_capacity(code.len());
    for byte in code.trim_ascii() {
        if !(*byte == b' ' && text.last() == Some(&b' ')) {
            text.push(byte.to_ascii_uppercase());
        }
    }
    if text.iter().all(u8::is_ascii_digit) {
        let zeros = text.iter().take(text.len().saturating_sub(1)).take_while(|byte| **byte == b'0').count();
        text.drain(..zeros);
    }
    text
}

/// Whether a cell without outer blanks is a code, given normalised. Cells mostly arrive in that form, so this seldom
/// allocates.
pub fn is_same(cell: &[u8], code: &[u8]) -> bool {
    cell.eq_ignore_ascii_case(code)
        || ((cell.first() == Some(&b'0') || cell.contains(&b' ')) && normalise(cell) == code)
}

/// The values of every set, open ones grown from the lists in the order in which source configs name them.
#[derive(Debug, Clone)]
pub struct CodeValues(BTreeMap<CodeSet, Vec<String>>);

impl Default for CodeValues {
    fn default() -> Self {
        let own =
            |values: Option<&[&str]>| values.unwrap_or_default().iter().map(|value| (*value).to_owned()).collect();
        Self(CodeSet::ALL.into_iter().map(|set| (set, own(set.fixed()))).collect())
    }
}

impl CodeValues {
    /// The values of a set, in the order of their positions.
    pub fn of(&self, set: CodeSet) -> &[String] {
        self.0.get(&set).map_or(&[], Vec::as_slice)
    }

    /// The position of a value.
    pub fn position(&self, set: CodeSet, value: &str) -> Option<u16> {
        self.of(set).iter().position(|known| known == value).map(|at| at as u16)
    }

    fn place(&mut self, set: CodeSet, value: &str) -> Option<u16> {
        if let Some(at) = self.position(set, value) {
            return Some(at);
        }
        if set.fixed().is_some() {
            return None;
        }
        let values = self.0.entry(set).or_default();
        values.push(value.to_owned());
        Some(values.len() as u16 - 1)
    }
}

/// The text of a list: the project's own file, else the embedded one.
pub fn text(folder: Option<&Path>, name: &str) -> Result<String, Error> {
    if let Some(path) = folder.map(|folder| folder.join(format!("{name}.csv")))
        && path.exists()
    {
        return std::fs::read_to_string(&path).map_err(|_| damaged(name, "it cannot be read"));
    }
    let known = EMBEDDED.iter().find(|(known, _)| *known == name);
    known.map(|(_, text)| (*text).to_owned()).ok_or_else(|| damaged(name, "there is no such list"))
}

/// Reads a list for a set, adding to the set's values where it is open.
pub fn load(text: &str, name: &str, set: CodeSet, values: &mut CodeValues) -> Result<CodeMap, Error> {
    let mut map = CodeMap::default();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    for row in reader.records() {
        let row = row.map_err(|_| damaged(name, "a row does not have five columns"))?;
        let (Some(code), Some(value)) = (row.get(0), row.get(2)) else {
            return Err(damaged(name, "a row does not have five columns"));
        };
        let position = match value {
            "" => None,
            value => Some(
                values
                    .place(set, value)
                    .ok_or_else(|| damaged(name, &format!("`{value}` is not a value of `{}`", set.id())))?,
            ),
        };
        if !map.add(code.as_bytes(), position) {
            return Err(damaged(name, &format!("`{code}` is given twice with two values")));
        }
    }
    Ok(map)
}

fn damaged(name: &str, why: &str) -> Error {
    Error::new(
        &error::CODE_LIST,
        format!("the code list `{name}` cannot be used"),
        "check the file under the codes folder against the ones that ship with pathlink",
    )
    .because(why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_code_written_four_ways_is_one_code() {
        for written in ["3", "03", " 3", "3 "] {
            assert_eq!(normalise(written.as_bytes()), b"3");
        }
        assert_eq!(normalise(b"0"), b"0");
        assert_eq!(normalise(b" Did  Not Attend "), b"DID NOT ATTEND");
    }

    #[test]
    fn every_embedded_list_names_its_standard_and_version() {
        for (name, text) in EMBEDDED {
            let mut reader = csv::Reader::from_reader(text.as_bytes());
            assert_eq!(
                reader.headers().unwrap().iter().collect::<Vec<_>>(),
                ["code", "meaning", "value", "standard", "version"]
            );
            let rows: Vec<_> = reader.records().collect::<Result<_, _>>().unwrap();
            assert!(!rows.is_empty(), "{name}");
            assert!(rows.iter().all(|row| !row[1].is_empty() && !row[3].is_empty() && !row[4].is_empty()), "{name}");
        }
    }
}
