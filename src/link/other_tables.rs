//! Tables that no figure uses yet: their duplicates and orphans, charged to their files like those of the others.

use super::assembly::{Assembly, Part, within_source};
use super::charges::Charge;
use super::duplicates::keyed;
use super::parents::Parents;
use super::values::{NO_DAY, Rows};
use crate::domain::token::Token;
use crate::error::Error;
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

/// What duplicates, orphans and rows of excluded parents cost the files of these tables. Patients are known by their tokens
/// within a source.
pub(super) fn charges(
    assembly: &Assembly<'_>,
    by_patient: &Parents<'_>,
    by_referral: &Parents<'_>,
) -> Result<Vec<Charge>, Error> {
    let mut charges = Vec::new();
    let is_sent =
        |table: Table| assembly.staged.files.iter().any(|file| assembly.sources.tables[file.plan].table == table);
    let own = [Table::Teams, Table::Consultations, Table::AppointmentCounts];
    for table in own.into_iter().filter(|table| is_sent(*table)) {
        charges.extend(assembly.charge(&assembly.load(table)?, "")?);
    }
    let of_referrals = [Table::CareActions, Table::Problems];
    for table in of_referrals.into_iter().filter(|table| is_sent(*table)) {
        let (mut part, _) = assembly.load_child(table, "referral", by_referral)?;
        follow_patients(assembly, &mut part, by_patient);
        charges.extend(assembly.charge(&part, "referral")?);
    }
    let of_patients = [Table::LongTermConditions, Table::Employment, Table::TrustRegistrations];
    for table in of_patients.into_iter().filter(|table| is_sent(*table)) {
        let mut part = assembly.load(table)?;
        follow_patients(assembly, &mut part, by_patient);
        charges.extend(assembly.charge(&part, "patient")?);
    }
    Ok(charges)
}

fn follow_patients(assembly: &Assembly<'_>, part: &mut Part, by_patient: &Parents<'_>) {
    let wanted = part.rows.tokens("patient");
    if wanted.is_empty() {
        return;
    }
    let wanted = within_source(wanted, &part.rows.file, &assembly.source_of());
    by_patient.follow(&wanted, &mut part.fates);
}
