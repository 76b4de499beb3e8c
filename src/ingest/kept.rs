//! What the store keeps of earlier nights: staged files by the key that their tokens were made with, and those tokens.
//!
//! In: the store. Out: files, and the tokens of people and records in the order of their rows. Leaves alone: the fields and
//! dates beside them.

use std::fs::File;
use std::path::{Path, PathBuf};

use arrow::array::AsArray;
use arrow::datatypes::UInt64Type;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde::{Deserialize, Serialize};

use super::writer::staged_names;
use crate::domain::token::Token;
use crate::error::{self, Error};
use crate::identity::tokens::Purpose;
use crate::schema::{Column, Kind, Source, Table};

/// What a staged file was made of, as it stands beside its rows.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Made {
    /// The check value of the key that its tokens are of.
    pub(super) key_check_value: String,
    /// The canonical table that it is.
    pub(super) table: String,
}

#[derive(Deserialize)]
struct Beside {
    made: Made,
    rows: u64,
}

/// The staged files of a store whose tokens were made with the key of a check value, by source and address. Files without
/// rows are left out.
pub fn of_key(store: &Path, check_value: &str) -> Vec<(Table, PathBuf)> {
    let mut found = Vec::new();
    for source in Source::ALL {
        let entries = std::fs::read_dir(store.join("staged").join(source.id())).into_iter().flatten().flatten();
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
        paths.retain(|path| path.extension().is_some_and(|end| end == "json"));
        paths.sort();
        for path in paths {
            let beside = std::fs::read(&path).ok().and_then(|text| serde_json::from_slice::<Beside>(&text).ok());
            let of_key = beside.filter(|beside| beside.made.key_check_value == check_value && beside.rows > 0);
            found.extend(
                of_key.and_then(|beside| Some((Table::from_id(&beside.made.table)?, path.with_extension("parquet")))),
            );
        }
    }
    found
}

/// What a column's tokens are for, where they stand for a person or for the row itself. Ids of parents are the parents' own.
fn purpose(column: &Column) -> Option<Purpose> {
    match column.kind {
        Kind::NhsNumber => Some(Purpose::Nhs),
        Kind::LocalId | Kind::ParentId(Table::PersonRecords) => Some(Purpose::Local),
        Kind::RecordId | Kind::OtherId(_) | Kind::NationalPseudonym => Some(Purpose::Record),
        _ => None,
    }
}

/// The tokens of a staged file, column by column in the order of the table, one for each row; [`Token::NONE`] for none.
pub fn tokens(table: Table, path: &Path) -> Result<Vec<(Purpose, Vec<Token>)>, Error> {
    read(table, path).ok_or_else(|| {
        Error::new(
            &error::STORE_DAMAGED,
            "a staged file cannot be read back",
            "delete the store; the next run reads everything again",
        )
    })
}

fn read(table: Table, path: &Path) -> Option<Vec<(Purpose, Vec<Token>)>> {
    let open = || ParquetRecordBatchReaderBuilder::try_new(File::open(path).ok()?).ok();
    let mut found = Vec::new();
    for column in table.columns().iter().chain(table.details()) {
        let (Some(purpose), builder) = (purpose(column), open()?) else { continue };
        let place = |name: &String| builder.schema().fields().iter().position(|field| field.name() == name);
        let places: Vec<usize> = staged_names(column).iter().filter_map(place).collect();
        let [high, low] = places[..] else { continue };
        let mask = ProjectionMask::roots(builder.parquet_schema(), [high, low]);
        let mut tokens = Vec::new();
        for batch in builder.with_projection(mask).with_batch_size(1 << 16).build().ok()? {
            let batch = batch.ok()?;
            let half =
                |name: &str| Some(batch.column_by_name(name)?.as_primitive_opt::<UInt64Type>()?.values().clone());
            let (high, low) = (half(&format!("{}_high", column.name))?, half(&format!("{}_low", column.name))?);
            tokens.extend(high.iter().zip(low.iter()).map(|(high, low)| Token::from_halves(*high, *low)));
        }
        found.push((purpose, tokens));
    }
    Some(found)
}
