//! Writing a sheet in canonical form, some rows at a time: Parquet with dates as dates and all else as text, or CSV.

use std::collections::BTreeMap;
use std::io::{BufWriter, Write};
use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;

use super::Form;
use super::cells::Telling;
use super::held::Held;
use super::sheet::{Cells, Sheet};
use crate::domain::nhs_number::REASONS;
use crate::domain::org_code::OrgCode;
use crate::error::Error;
use crate::ingest::values::{NO_CODE, NO_DAY, Values};
use crate::schema::Kind;
use crate::sources::canonical::{IS_KEPT, IS_LEFT_OUT, KEPT, PROVIDER, REASON};
use crate::sources::code_lists::CodeValues;

/// Rows that are turned into text in one go.
const ROWS_AT_ONCE: usize = 1 << 15;

/// Writes a sheet into a file that has no name yet.
pub(super) fn write(
    sheet: &Sheet<'_>,
    (values, form): (&CodeValues, Form),
    metadata: &BTreeMap<String, String>,
    file: &mut Held,
) -> Result<(), Error> {
    let telling = Telling { values, precision: sheet.plan.date_precision };
    match form {
        Form::Parquet => parquet(sheet, telling, metadata, file),
        Form::Csv => csv(sheet, telling, file),
    }
}

/// The headings, in the order of the cells.
pub(super) fn headings(sheet: &Sheet<'_>) -> Vec<&'static str> {
    let mut names = vec![PROVIDER, KEPT];
    names.extend(sheet.reason.is_some().then_some(REASON));
    names.extend(sheet.column_names());
    names
}

/// The cells of a row that are no columns of its table.
fn extra(sheet: &Sheet<'_>, row: usize) -> Vec<String> {
    let is_kept = sheet.excluded[row] == NO_CODE;
    let mut cells = vec![
        OrgCode::from_packed(sheet.provider[row]).to_string(),
        if is_kept { IS_KEPT } else { IS_LEFT_OUT }.to_owned(),
    ];
    cells.extend(sheet.reason.as_ref().map(|reasons| if is_kept { reason(reasons[row]) } else { "" }.to_owned()));
    cells
}

fn reason(code: u16) -> &'static str {
    REASONS.iter().find(|(reason, _)| *reason as u16 == code).map_or("", |(_, name)| name)
}

fn csv(sheet: &Sheet<'_>, telling: Telling<'_>, file: &mut Held) -> Result<(), Error> {
    let fault = |_| Error::cannot_write(std::path::Path::new(&sheet.name));
    let mut writer = csv::Writer::from_writer(BufWriter::new(file));
    writer.write_record(headings(sheet)).map_err(fault)?;
    for row in sheet.order.iter().map(|row| *row as usize) {
        let own = sheet.columns.iter().map(|(column, cells)| telling.text(column.kind, cells, row).unwrap_or_default());
        writer.write_record(extra(sheet, row).into_iter().chain(own)).map_err(fault)?;
    }
    writer.flush().map_err(|_| Error::cannot_write(std::path::Path::new(&sheet.name)))
}

fn parquet(
    sheet: &Sheet<'_>,
    telling: Telling<'_>,
    metadata: &BTreeMap<String, String>,
    file: &mut Held,
) -> Result<(), Error> {
    let lost = || Error::cannot_write(std::path::Path::new(&sheet.name));
    let text = |name: &str| Field::new(name, DataType::Utf8, true);
    let extra_names = headings(sheet).into_iter().take(2 + usize::from(sheet.reason.is_some()));
    let mut fields: Vec<Field> = extra_names.map(text).collect();
    fields.extend(sheet.columns.iter().map(|(column, _)| {
        if is_date(column.kind) { Field::new(column.name, DataType::Date32, true) } else { text(column.name) }
    }));
    let schema = Arc::new(Schema::new(fields));
    let pairs = metadata.iter().map(|(key, value)| KeyValue::new(key.clone(), value.clone())).collect();
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_key_value_metadata(Some(pairs))
        .build();
    let mut writer =
        ArrowWriter::try_new(BufWriter::new(file), schema.clone(), Some(properties)).map_err(|_| lost())?;
    for rows in sheet.order.chunks(ROWS_AT_ONCE) {
        let mut arrays = Vec::with_capacity(schema.fields().len());
        let extras: Vec<Vec<String>> = rows.iter().map(|row| extra(sheet, *row as usize)).collect();
        for at in 0..2 + usize::from(sheet.reason.is_some()) {
            let filled = extras.iter().map(|cells| Some(cells[at].as_str()).filter(|cell| !cell.is_empty()));
            arrays.push(Arc::new(filled.collect::<StringArray>()) as ArrayRef);
        }
        arrays.extend(sheet.columns.iter().map(|(column, cells)| array(telling, column.kind, cells, rows)));
        let batch = RecordBatch::try_new(schema.clone(), arrays).map_err(Error::silent("put rows together"))?;
        writer.write(&batch).map_err(|_| lost())?;
    }
    let mut file = writer.into_inner().map_err(|_| lost())?;
    file.flush().map_err(|_| lost())
}

fn is_date(kind: Kind) -> bool {
    matches!(kind, Kind::Date | Kind::BirthDate)
}

fn array(telling: Telling<'_>, kind: Kind, cells: &Cells, rows: &[u32]) -> ArrayRef {
    match cells {
        Cells::One(Values::Whole(days)) if is_date(kind) => {
            let of = |row: &u32| {
                let day = Some(days[*row as usize]).filter(|day| *day != NO_DAY);
                day.and_then(|day| telling.day(kind, day))
            };
            Arc::new(rows.iter().map(of).collect::<Date32Array>())
        }
        cells => Arc::new(rows.iter().map(|row| telling.text(kind, cells, *row as usize)).collect::<StringArray>()),
    }
}
