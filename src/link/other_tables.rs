//! Tables of which figures use little or nothing: their duplicates and orphans, charged to their files like those of the
//! others, and care plans and problems with what they hang on.

use polars::prelude::DataFrame;

use super::assembly::{Assembly, Part, within_source};
use super::charges::Charge;
use super::duplicates::keyed;
use super::frames::{hop, pick, sorted};
use super::parents::Parents;
use super::values::{NO_DAY, Rows};
use crate::domain::token::Token;
use crate::error::Error;
use crate::frame;
use crate::schema::Table;

/// Keys of the rows of one of these tables, or none for a table whose key is its record. A row of which a part of the
/// key is missing has no key.
pub(super) fn keys(rows: &Rows) -> Option<Vec<Token>> {
    let is_day = |column: &str, row: usize| rows.whole(column)[row] != NO_DAY;
    let part = |column: &str, row: usize| rows.whole(column)[row] as u64;
    Some(match rows.table {
        Table::IndirectContacts => {
            let parents = only(rows, "referral", |row| is_day("date", row) && is_day("minute", row));
            keyed(&parents, |row| [part("date", row), part("minute", row), 0])
        }
        Table::CareActions => {
            let onward = only(rows, "referral", |row| is_day("date", row));
            let onward = keyed(&onward, |row| [part("date", row), rows.orgs("receiving_org")[row], 0]);
            let own = rows.tokens("record").iter().zip(onward);
            own.map(|(record, onward)| if record.is_some() { *record } else { onward }).collect()
        }
        Table::Problems => {
            let codes = rows.orgs("code");
            let parents = only(rows, "referral", |row| codes[row] != 0 && is_day("date", row));
            keyed(&parents, |row| [codes[row], part("date", row), 0])
        }
        Table::LongTermConditions => {
            let codes = rows.orgs("code");
            keyed(&only(rows, "patient", |row| codes[row] != 0), |row| [codes[row], 0, 0])
        }
        Table::Employment => keyed(&only(rows, "patient", |row| is_day("date", row)), |row| [part("date", row), 0, 0]),
        Table::TrustRegistrations => {
            let practices = rows.orgs("practice");
            let parents = only(rows, "patient", |row| practices[row] != 0 && is_day("start", row));
            keyed(&parents, |row| [practices[row], part("start", row), 0])
        }
        Table::AppointmentCounts => vec![Token::NONE; rows.len()],
        _ => return None,
    })
}

/// A column of tokens, with none where a row's key is not whole.
fn only(rows: &Rows, column: &str, is_whole: impl Fn(usize) -> bool) -> Vec<Token> {
    let tokens = rows.tokens(column).iter().enumerate();
    tokens.map(|(row, token)| if is_whole(row) { *token } else { Token::NONE }).collect()
}

/// What figures use of these tables.
pub(super) struct Others {
    /// Care plans and onward referrals.
    pub(super) actions: Part,
    /// Row of the patient of each; [`super::parents::NO_ROW`] for an onward referral.
    pub(super) action_patient: Vec<u32>,
    /// Row of the referral of each; [`super::parents::NO_ROW`] for a care plan.
    pub(super) action_referral: Vec<u32>,
    /// Diagnoses and presenting complaints.
    pub(super) problems: Part,
    /// Row of the referral of each.
    pub(super) problem_parent: Vec<u32>,
}

/// What figures use of these tables, and what duplicates, orphans and rows of excluded parents cost their files. Patients
/// are known by their tokens within a source.
pub(super) fn follow(
    assembly: &Assembly<'_>,
    by_patient: &Parents<'_>,
    by_referral: &Parents<'_>,
) -> Result<(Others, Vec<Charge>), Error> {
    let mut charges = Vec::new();
    let is_sent =
        |table: Table| assembly.staged.files.iter().any(|file| assembly.sources.tables[file.plan].table == table);
    let own = [Table::Teams, Table::Consultations, Table::AppointmentCounts];
    for table in own.into_iter().filter(|table| is_sent(*table)) {
        charges.extend(assembly.charge(&assembly.load(table)?, "")?);
    }
    let (mut actions, action_referral) = assembly.load_child(Table::CareActions, "referral", by_referral)?;
    let action_patient = follow_patients(assembly, &mut actions, by_patient);
    charges.extend(assembly.charge(&actions, "referral")?);
    let (problems, problem_parent) = assembly.load_child(Table::Problems, "referral", by_referral)?;
    charges.extend(assembly.charge(&problems, "referral")?);
    let of_patients = [Table::LongTermConditions, Table::Employment, Table::TrustRegistrations];
    for table in of_patients.into_iter().filter(|table| is_sent(*table)) {
        let mut part = assembly.load(table)?;
        follow_patients(assembly, &mut part, by_patient);
        charges.extend(assembly.charge(&part, "patient")?);
    }
    Ok((Others { actions, action_patient, action_referral, problems, problem_parent }, charges))
}

/// The row of the patient of every row; none for a table whose rows have no patient.
fn follow_patients(assembly: &Assembly<'_>, part: &mut Part, by_patient: &Parents<'_>) -> Vec<u32> {
    let wanted = part.rows.tokens("patient");
    if wanted.is_empty() {
        return Vec::new();
    }
    let wanted = within_source(wanted, &part.rows.file, &assembly.source_of());
    by_patient.follow(&wanted, &mut part.fates)
}

/// One row per care plan with a day, by person and day.
pub(super) fn care_plan_frame(others: &Others, person_of_patient: &[u32]) -> Result<DataFrame, Error> {
    let rows = &others.actions.rows;
    let date = rows.whole("date");
    let person = hop(&others.action_patient, person_of_patient);
    let mut order = sorted(&person, date, rows.tokens("record"), &others.actions.fates);
    order.retain(|row| date[*row as usize] != NO_DAY);
    frame::frame(vec![
        frame::u32s("person", pick(&person, &order)),
        frame::u64s("provider", pick(&rows.provider, &order)),
        frame::i32s("date", pick(date, &order)),
    ])
}

/// One row per onward referral with a day that says to whom, by referral, day and organisation; `place` is where each referral stands
/// in its frame.
pub(super) fn onward_frame(others: &Others, place: &[u32]) -> Result<DataFrame, Error> {
    let rows = &others.actions.rows;
    let (date, receiving) = (rows.whole("date"), rows.orgs("receiving_org"));
    let referral = hop(&others.action_referral, place);
    let mut order = sorted(&referral, date, rows.tokens("record"), &others.actions.fates);
    order.retain(|row| date[*row as usize] != NO_DAY && receiving[*row as usize] != 0);
    // Of one day no record's token tells them apart.
    order.sort_by_key(|row| (referral[*row as usize], date[*row as usize], receiving[*row as usize]));
    frame::frame(vec![
        frame::u32s("referral", pick(&referral, &order)),
        frame::i32s("date", pick(date, &order)),
        frame::u64s("receiving_org", pick(receiving, &order)),
    ])
}
