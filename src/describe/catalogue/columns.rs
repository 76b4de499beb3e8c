//! Columns: those of the canonical tables that extracts become. What the columns of published tables mean stands in the
//! metadata beside each of them.

use super::Entry;
use crate::schema::{Kind, Table};

/// Every table, with its columns.
pub(super) fn entries() -> Vec<Entry> {
    Table::ALL.into_iter().map(canonical).collect()
}

fn canonical(table: Table) -> Entry {
    let columns = table.columns().iter().chain(table.details());
    let rows = columns.map(|one| vec![one.name.to_owned(), kind(one.kind), one.meaning.to_owned()]).collect();
    let table_of = Some((vec!["column", "kind", "meaning"], rows));
    Entry { table: table_of, ..Entry::new(table.id(), "canonical tables", table.grain()) }
}

/// How a column is read and kept, in words.
fn kind(kind: Kind) -> String {
    match kind {
        Kind::RecordId | Kind::OtherId(_) => "id; kept as a token".to_owned(),
        Kind::ParentId(table) => format!("id of a row of {}; kept as a token", table.id()),
        Kind::LocalId => "patient number; kept as a token".to_owned(),
        Kind::NhsNumber => "NHS number; kept as a token".to_owned(),
        Kind::NhsStatus => "NHS number status".to_owned(),
        Kind::Org => "organisation code".to_owned(),
        Kind::Date => "date".to_owned(),
        Kind::BirthDate => "date of birth; never leaves linkage".to_owned(),
        Kind::Minute => "time of day".to_owned(),
        Kind::Code(set) => format!("code of {}", set.id()),
        Kind::Whole => "whole number".to_owned(),
        Kind::Decimal => "decimal number".to_owned(),
        Kind::Postcode => "postcode; kept as a deprivation quintile".to_owned(),
        Kind::Field(_) => "field of identity; a token, for linkage only".to_owned(),
        Kind::MatchKey => "fields of identity together; one token, for linkage only".to_owned(),
        Kind::NationalPseudonym => "national pseudonym; kept as a token".to_owned(),
        Kind::Snomed => "SNOMED CT concept".to_owned(),
        Kind::Clinical => "ICD-10 code or SNOMED CT concept".to_owned(),
        Kind::Short => "short code".to_owned(),
        Kind::Area => "area code".to_owned(),
        Kind::Version => "day of submission".to_owned(),
        Kind::List(one) => format!("several: {}", self::kind(*one)),
    }
}
