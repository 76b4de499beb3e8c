//! The scanner for identifiers: what the inputs hold, and whether some bytes show any of it in any spelling.

use std::collections::BTreeSet;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::program::{Finished, Project, Table, files_under};
use crate::support::root;

/// Everything in the inputs that may not be seen outside `restricted/` and `store/`.
#[derive(Default)]
pub(crate) struct Needles {
    numbers: BTreeSet<Vec<u8>>,
    names: BTreeSet<String>,
    births: BTreeSet<String>,
    postcodes: BTreeSet<String>,
    ids: BTreeSet<String>,
    keys: Vec<Vec<u8>>,
}

const NAMES: [&str; 6] = ["GivenName", "FamilyName", "Given_Name", "Family_Name", "given_name", "family_name"];
const BIRTHS: [&str; 3] = ["PersonBirthDate", "Date_of_Birth", "date_of_birth"];
const POSTCODES: [&str; 3] = ["Postcode", "postcode", "POSTCODE"];
const NUMBERS: [&str; 3] = ["NHSNumber", "NHS_Number", "nhs_number"];
const IDS: [&str; 14] = [
    "LocalPatientId",
    "Local_Patient_ID",
    "local_client_id",
    "UniqServReqID",
    "UniqCareContID",
    "UniqHospProvSpellID",
    "UniqWardStayID",
    "ServiceRequestId",
    "CareContactId",
    "CareActId",
    "Generated_Record_ID",
    "appointment_id",
    "referral_id",
    "contact_id",
];

impl Needles {
    /// What a project's extracts hold, and the demonstration key.
    pub(crate) fn of(project: &Project) -> Self {
        let mut needles = Self::default();
        needles.add(project);
        needles.add_key(&(0..32).collect::<Vec<u8>>());
        needles
    }

    /// Adds what a project's extracts hold now. Files that are damaged on purpose are skipped.
    pub(crate) fn add(&mut self, project: &Project) {
        let own = own_words();
        for source in ["mental_health", "emergency_care", "talking_therapies", "gp", "community"] {
            let folder = project.path("in").join(source);
            let files = files_under(&folder);
            for (name, bytes) in &files {
                let is_whole = csv::Reader::from_reader(bytes.as_slice()).records().all(|row| row.is_ok());
                if is_whole {
                    self.add_table(&Table::read(&folder.join(name)), &own);
                }
            }
        }
    }

    fn add_table(&mut self, table: &Table, own: &BTreeSet<String>) {
        for (at, heading) in table.headings().iter().enumerate() {
            let is_among = |list: &[&str]| list.contains(&heading.as_str());
            for cell in table.rows().iter().map(|row| row[at].as_str()).filter(|cell| !cell.is_empty()) {
                if is_among(&NUMBERS) {
                    let digits: Vec<u8> = cell.bytes().filter(u8::is_ascii_digit).collect();
                    if digits.len() >= 10 {
                        self.numbers.insert(digits[..10].to_vec());
                    }
                } else if is_among(&NAMES) && cell.len() >= 5 && !own.contains(&cell.to_lowercase()) {
                    self.names.insert(cell.to_lowercase());
                } else if is_among(&BIRTHS) && cell.len() == 10 && cell < "2010" {
                    self.births.insert(cell.to_owned());
                    self.births.insert(format!("{}/{}/{}", &cell[8..], &cell[5..7], &cell[..4]));
                } else if is_among(&POSTCODES) && cell.len() >= 5 {
                    self.postcodes.insert(cell.replace(' ', "").to_uppercase());
                } else if is_among(&IDS) {
                    self.ids.insert(cell.to_uppercase());
                }
            }
        }
    }

    /// Adds a key in every spelling.
    pub(crate) fn add_key(&mut self, key: &[u8]) {
        let hex = pathlink::domain::hex::lower(key);
        self.keys.extend([key.to_vec(), hex.to_uppercase().into_bytes(), hex.into_bytes()]);
        self.keys.push(STANDARD.encode(key).trim_end_matches('=').as_bytes().to_vec());
    }

    /// How many of each kind there are: numbers, names, birth dates, postcodes, ids.
    pub(crate) fn counts(&self) -> [usize; 5] {
        [self.numbers.len(), self.names.len(), self.births.len(), self.postcodes.len(), self.ids.len()]
    }

    /// Which kinds of identifier some bytes show. Kinds only: a failing test must not print a value either.
    pub(crate) fn found_in(&self, bytes: &[u8]) -> BTreeSet<&'static str> {
        let mut found = BTreeSet::new();
        self.numbers_in(bytes, &mut found);
        self.words_in(bytes, &mut found);
        let is_birth = |window: &[u8]| {
            let has_form = window[0].is_ascii_digit() && matches!((window[4], window[2]), (b'-', _) | (_, b'/'));
            has_form && std::str::from_utf8(window).is_ok_and(|text| self.births.contains(text))
        };
        if bytes.windows(10).any(is_birth) {
            found.insert("birth date");
        }
        if self.keys.iter().any(|key| memchr::memmem::find(bytes, key).is_some()) {
            found.insert("key");
        }
        found
    }

    /// Runs of digits with single blanks, hyphens or points between them: every ten in a row are looked up.
    fn numbers_in(&self, bytes: &[u8], found: &mut BTreeSet<&'static str>) {
        let mut run: Vec<u8> = Vec::new();
        for (at, byte) in bytes.iter().enumerate() {
            let is_between = matches!(byte, b' ' | b'-' | b'.') && bytes.get(at + 1).is_some_and(u8::is_ascii_digit);
            if byte.is_ascii_digit() {
                run.push(*byte);
                if run.len() >= 10 && self.numbers.contains(&run[run.len() - 10..]) {
                    found.insert("NHS number");
                }
            } else if !is_between {
                run.clear();
            }
        }
        let is_digits = |word: &[u8]| word.len() == 10 && word.iter().all(u8::is_ascii_digit);
        if free_standing(bytes).any(|word| is_digits(word) && passes_modulus_11(word)) {
            found.insert("ten digits that pass modulus 11");
        }
        let is_token = |word: &[u8]| word.len() == 32 && word.iter().all(u8::is_ascii_hexdigit);
        if free_standing(bytes).any(is_token) {
            found.insert("token");
        }
    }

    fn words_in(&self, bytes: &[u8], found: &mut BTreeSet<&'static str>) {
        let mut last = String::new();
        for word in bytes.split(|byte| !byte.is_ascii_alphanumeric() && *byte < 0x80) {
            let word = String::from_utf8_lossy(word).to_uppercase();
            if self.ids.contains(&word) {
                found.insert("local or record id");
            }
            if self.names.contains(&word.to_lowercase()) {
                found.insert("name");
            }
            if self.postcodes.contains(&word) || self.postcodes.contains(&format!("{last}{word}")) {
                found.insert("postcode");
            }
            last = word;
        }
    }

    /// Fails if anything that the program said, or wrote outside `restricted/` and `store/`, shows an identifier.
    pub(crate) fn assert_not_in(&self, project: &Project, said: &Finished) {
        for (name, text) in [("standard output", &said.stdout), ("standard error", &said.stderr)] {
            assert_eq!(self.found_in(text.as_bytes()), BTreeSet::new(), "on {name}");
        }
        for (path, bytes) in files_under(&project.path("runs")) {
            if path.iter().any(|part| part == "restricted") {
                continue;
            }
            let name = path.to_string_lossy();
            assert_eq!(self.found_in(name.as_bytes()), BTreeSet::new(), "in a file's name");
            assert_eq!(self.found_in(&bytes), BTreeSet::new(), "in {name}");
            if name.ends_with(".xlsx") {
                let theme = crate::book::theme();
                for (part, bytes) in crate::book::parts(&bytes) {
                    // The theme that every workbook has names fonts, and a font may have somebody's name.
                    if bytes == theme {
                        continue;
                    }
                    assert_eq!(self.found_in(part.as_bytes()), BTreeSet::new(), "in the name of a part of {name}");
                    assert_eq!(self.found_in(&bytes), BTreeSet::new(), "in {part} of {name}");
                }
            }
        }
        let known =
            ["in", "runs", "store", "pathlink.toml", "pathways.toml", "analysis_plan.toml", "case.toml", "project.key"];
        let entries = std::fs::read_dir(project.path("")).unwrap().map(|entry| entry.unwrap().file_name());
        let strays: Vec<_> = entries.filter(|name| !known.iter().any(|known| name == known)).collect();
        assert!(strays.is_empty(), "written elsewhere: {strays:?}");
    }
}

/// Words that are not next to a letter, a digit, `.`, `-` or `_`.
fn free_standing(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_') || *byte >= 0x80))
}

fn passes_modulus_11(digits: &[u8]) -> bool {
    let value = |at: usize| u32::from(digits[at] - b'0');
    let sum: u32 = (0..9).map(|at| value(at) * (10 - at as u32)).sum();
    (11 - sum % 11) % 11 == value(9)
}

/// Words of the program's own texts, which are no names: those of its source, beside the invented people, and config.
fn own_words() -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for folder in ["src", "config"] {
        for (path, bytes) in files_under(&root().join(folder)) {
            if !path.starts_with("synth") {
                let text = String::from_utf8_lossy(&bytes).to_lowercase();
                words.extend(text.split(|sign: char| !sign.is_alphanumeric()).map(str::to_owned));
            }
        }
    }
    words
}

/// The bytes of a key file's key.
pub(crate) fn key_bytes(path: &Path) -> Vec<u8> {
    let text = std::fs::read_to_string(path).unwrap();
    STANDARD.decode(text.split(' ').nth(3).unwrap()).unwrap()
}
