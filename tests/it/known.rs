//! The town's identity records, whose each is in truth, and whose pathlink says it is.
//!
//! The person of a record is read from `Linked::keys`: a record that stands alone has its own token there, one that
//! was linked has the token of the number it was sent with.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use pathlink::domain::day;
use pathlink::domain::org_code::OrgCode;
use pathlink::domain::token::Token;
use pathlink::frame;
use pathlink::identity::keys::ProjectKey;
use pathlink::identity::tokens::{Purpose, Tokeniser};
use pathlink::schema::Source;
use pathlink::synth;
use polars::prelude::DataFrame;

use crate::raw::{Row, rows};
use crate::town::TOWN;

/// Source, organisation, local id: what a record is called in the truth.
pub(crate) type Name<'a> = (&'a str, &'a str, &'a str);

/// One identity record of a source.
pub(crate) struct Record<'a> {
    pub(crate) source: Source,
    pub(crate) name: Name<'a>,
    /// Who it is in truth.
    pub(crate) person: u64,
    /// The number as sent.
    pub(crate) number: &'a str,
    pub(crate) birth: &'a str,
    /// The record's own key; none for rows of the list, which have no id.
    pub(crate) own: Option<Token>,
    /// The key of the person that pathlink gave it; none for rows of the list without a usable number.
    pub(crate) key: Option<Token>,
}

/// The town's records and who they are.
pub(crate) struct Known<'a> {
    pub(crate) records: Vec<Record<'a>>,
    /// The right number of each person.
    pub(crate) numbers: BTreeMap<u64, &'a str>,
    pub(crate) tokens: Tokens,
}

/// The keyed hashes that records go by.
pub(crate) struct Tokens {
    nhs: Tokeniser,
    local: Tokeniser,
    record: Tokeniser,
}

impl Tokens {
    fn new() -> Self {
        let key = ProjectKey::demonstration();
        let of = |purpose| Tokeniser::new(&key, purpose);
        Self { nhs: of(Purpose::Nhs), local: of(Purpose::Local), record: of(Purpose::Record) }
    }

    /// Of a number that passes modulus 11.
    pub(crate) fn number(&self, number: &str) -> Option<Token> {
        number.parse().is_ok_and(synth::is_valid).then(|| self.nhs.token(&[number.as_bytes()]))
    }
}

/// An organisation's code.
pub(crate) fn org(code: &str) -> OrgCode {
    OrgCode::parse(code.as_bytes()).unwrap()
}

/// A table of the generator's truth.
pub(crate) fn truth(name: &str) -> Vec<Row<'static>> {
    rows(&TOWN, "truth/", name)
}

/// Whether it is somebody's key.
pub(crate) fn is_key(token: Token) -> bool {
    TOWN.evaluation.linked.keys.binary_search(&token).is_ok()
}

/// Records with an id: what the index tables and A&E sent, each with the token of that id.
fn sent(tokens: &Tokens) -> BTreeMap<Name<'static>, (Source, Row<'static>, Token)> {
    let mut all: BTreeMap<Name<'_>, (Source, Row<'_>, Token)> = BTreeMap::new();
    let tables = [
        (Source::MentalHealth, "_MHS001MPI.csv", "LocalPatientId"),
        (Source::TalkingTherapies, "_IDS001MPI.csv", "LocalPatientId"),
        (Source::Community, "_community_client.csv", "local_client_id"),
    ];
    for (source, ending, id) in tables {
        for row in rows(&TOWN, source.id(), ending) {
            if source != Source::Community || row.get("consent_to_link") == "yes" {
                let token = tokens.local.of_id("", org(row.place), row.get(id).as_bytes());
                all.insert((source.id(), row.place, row.get(id)), (source, row, token));
            }
        }
    }
    for row in unplanned() {
        let token = tokens.record.of_id(
            "emergency_care.attendances",
            org(row.place),
            row.get("Generated_Record_ID").as_bytes(),
        );
        let name = name_of_attendance(&row);
        // Attendances of one local patient are one record, which goes by the least of their tokens.
        if all.get(&name).is_none_or(|held| token < held.2) {
            all.insert(name, (Source::EmergencyCare, row, token));
        }
    }
    all
}

/// What the record of an A&E row is called: its local id, or for a second person under that id an id of their own.
pub(crate) fn name_of_attendance(row: &Row<'static>) -> Name<'static> {
    let sent = (row.place, row.get("Local_Patient_ID"), row.get("Date_of_Birth"));
    REUSED.get(&sent).map_or(("emergency_care", sent.0, sent.1), |(own, _)| ("emergency_care", sent.0, own))
}

/// Provider, local id and date of birth of people under a local id that was somebody else's: the id of their first
/// attendance, and the person.
static REUSED: LazyLock<BTreeMap<Name<'static>, (&str, u64)>> = LazyLock::new(|| {
    let mut all = BTreeMap::new();
    let attended = rows(&TOWN, "emergency_care/", "_ECDS.csv");
    for row in truth("reused_local_ids.csv") {
        let sent = (row.get("provider"), row.get("local_id"), row.get("date_of_birth"));
        let is_own = |one: &&Row<'_>| (one.place, one.get("Local_Patient_ID"), one.get("Date_of_Birth")) == sent;
        let first = attended.iter().find(is_own).unwrap().get("Generated_Record_ID");
        all.insert(sent, (first, row.get("person").parse().unwrap()));
    }
    all
});

/// A&E rows that are not left out.
pub(crate) fn unplanned() -> Vec<Row<'static>> {
    let is_left_out = |row: &Row<'_>| {
        row.get("EC_AttendanceCategory") == "4" || row.get("EC_Discharge_Status_SNOMED_CT").starts_with("1077")
    };
    rows(&TOWN, "emergency_care/", "_ECDS.csv").into_iter().filter(|row| !is_left_out(row)).collect()
}

/// Number and date of birth as sent.
fn of_source(source: Source, row: &Row<'static>) -> (&'static str, &'static str) {
    let (number, birth) = match source {
        Source::EmergencyCare => ("NHS_Number", "Date_of_Birth"),
        Source::MentalHealth | Source::TalkingTherapies => ("NHSNumber", "PersonBirthDate"),
        Source::Gp | Source::Community => ("nhs_number", "date_of_birth"),
    };
    (row.get(number), row.get(birth))
}

/// The records, worked out once.
pub(crate) static KNOWN: LazyLock<Known<'static>> = LazyLock::new(known);

fn known() -> Known<'static> {
    let tokens = Tokens::new();
    // The first person of a local id, and then those who came under it later.
    let mut whose: BTreeMap<Name<'_>, u64> = BTreeMap::new();
    for row in truth("records.csv") {
        let name = (row.get("source"), row.get("provider"), row.get("local_id"));
        whose.entry(name).or_insert(row.get("person").parse().unwrap());
    }
    for ((provider, _, _), (own, person)) in REUSED.iter() {
        whose.insert(("emergency_care", *provider, *own), *person);
    }
    let mut records = Vec::new();
    for (name, (source, row, token)) in sent(&tokens) {
        let (number, birth) = of_source(source, &row);
        let own = token.within(source as u8);
        let key = if is_key(own) { Some(own) } else { tokens.number(number) };
        assert!(key.is_some_and(is_key), "{} of {} is nobody's", source.id(), name.1);
        records.push(Record { source, name, person: whose[&name], number, birth, own: Some(own), key });
    }
    let on_list = frame_counts(&TOWN.evaluation.linked.registrations, "start", |_| true);
    for row in rows(&TOWN, "gp/", "gp_registration.csv") {
        let (number, birth) = of_source(Source::Gp, &row);
        let name = ("gp", row.get("practice_code"), number);
        let key =
            tokens.number(number).filter(|key| on_list.contains_key(&(*key, org(name.1), days(row.get("start_date")))));
        // The truth names a row of the list by its number; without one it does not say whose it is.
        let person = if number.is_empty() { u64::MAX } else { whose[&name] };
        records.push(Record { source: Source::Gp, name, person, number, birth, own: None, key });
    }
    let numbers =
        truth("people.csv").iter().map(|row| (row.get("person").parse().unwrap(), row.get("nhs_number"))).collect();
    Known { records, numbers, tokens }
}

/// A day as pathlink counts it.
pub(crate) fn days(text: &str) -> i32 {
    day::parse_iso(text.as_bytes()).unwrap()
}

/// Rows of a frame by person's key, organisation and date.
pub(crate) type Counts = BTreeMap<(Token, OrgCode, i32), usize>;

/// Counts the rows of a frame that are wanted.
pub(crate) fn frame_counts(table: &DataFrame, date: &str, is_wanted: impl Fn(usize) -> bool) -> Counts {
    let keys = &TOWN.evaluation.linked.keys;
    let (person, provider) =
        (frame::values_u32(table, "person").unwrap(), frame::values_u64(table, "provider").unwrap());
    let dates = frame::values_i32(table, date).unwrap();
    let mut counts = Counts::new();
    for row in (0..table.height()).filter(|row| is_wanted(*row)) {
        let key = (keys[person[row] as usize], OrgCode::from_packed(provider[row]), dates[row].unwrap_or(i32::MIN));
        *counts.entry(key).or_default() += 1;
    }
    counts
}

impl Known<'_> {
    /// Whether the number as sent is the person's own.
    pub(crate) fn has_right_number(&self, record: &Record<'_>) -> bool {
        self.numbers.get(&record.person) == Some(&record.number)
    }

    /// The date of birth that most of a person's records have.
    pub(crate) fn births(&self) -> BTreeMap<u64, &str> {
        let mut tally: BTreeMap<u64, BTreeMap<&str, usize>> = BTreeMap::new();
        for record in &self.records {
            *tally.entry(record.person).or_default().entry(record.birth).or_default() += 1;
        }
        tally
            .into_iter()
            .map(|(person, births)| (person, births.into_iter().max_by_key(|(_, count)| *count).unwrap().0))
            .collect()
    }

    /// Whether the record is with the person whose number it was sent with.
    pub(crate) fn is_linked(&self, record: &Record<'_>) -> bool {
        record.key.is_some() && record.key == self.tokens.number(record.number)
    }
}
