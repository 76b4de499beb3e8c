//! Linked tables as Parquet with plain types, for the restricted tier: what Spark, Databricks, DuckDB, R and Python
//! read alike. Codes are written as their words, days as dates, organisations as their codes.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, DictionaryArray, Float32Array, Int32Array, RecordBatch, StringArray, UInt16Array, UInt32Array};
use arrow::datatypes::{Field, Schema, UInt16Type};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use polars::prelude::DataFrame;
use rayon::prelude::*;

use crate::domain::org_code::OrgCode;
use crate::error::{self, Error};
use crate::frame;
use crate::link::Linked;
use crate::schema::codes::CodeSet;
use crate::schema::{Kind, Source, Table};
use crate::sources::code_lists::CodeValues;

/// Writes every linked table into a folder.
pub fn write(linked: &Linked, values: &CodeValues, folder: &Path) -> Result<Vec<String>, Error> {
    let tables: [(&str, &DataFrame); 8] = [
        ("referrals", &linked.referrals),
        ("referral_teams", &linked.referral_teams),
        ("contacts", &linked.contacts),
        ("scores", &linked.scores),
        ("ward_stays", &linked.ward_stays),
        ("attendances", &linked.attendances),
        ("appointments", &linked.appointments),
        ("registrations", &linked.registrations),
    ];
    std::fs::create_dir_all(folder).map_err(|_| cannot_write(folder))?;
    tables.par_iter().map(|(name, table)| write_table(name, table, values, folder)).collect::<Result<Vec<()>, _>>()?;
    write_persons(linked, values, folder)?;
    Ok(tables.iter().map(|(name, _)| (*name).to_owned()).chain(["persons".to_owned()]).collect())
}

fn write_table(name: &str, table: &DataFrame, values: &CodeValues, folder: &Path) -> Result<(), Error> {
    let mut columns = Vec::new();
    for column in table.columns() {
        let own = column.name().as_str();
        columns.push((own.to_owned(), array(table, own, values)?));
    }
    write_file(&folder.join(format!("{name}.parquet")), columns)
}

/// The words of a coded column: of its set, or of the five services.
fn words(column: &str, values: &CodeValues) -> Option<Vec<String>> {
    if column == "service" {
        return Some(Source::ALL.iter().map(|source| source.id().to_owned()).collect());
    }
    let set = match column {
        "team_type" => Some(CodeSet::TeamType),
        "status" => Some(CodeSet::AppointmentStatus),
        _ => Table::ALL.iter().find_map(|table| match table.column(column).map(|column| column.kind) {
            Some(Kind::Code(set)) => Some(set),
            _ => None,
        }),
    };
    set.map(|set| values.of(set).to_vec())
}

fn is_day(column: &str) -> bool {
    column == "date" || column.ends_with("_date") || column == "start" || column == "end"
}

fn array(table: &DataFrame, name: &str, values: &CodeValues) -> Result<ArrayRef, Error> {
    use polars::prelude::DataType as Type;
    let column = table.column(name).map_err(Error::silent("find a column"))?;
    Ok(match column.dtype() {
        Type::UInt32 => Arc::new(UInt32Array::from(frame::values_u32(table, name)?)),
        Type::UInt64 => organisations(&frame::values_u64(table, name)?)?,
        Type::UInt16 => match words(name, values) {
            Some(words) => coded(frame::values_u16(table, name)?, &words)?,
            None => Arc::new(UInt16Array::from(frame::values_u16(table, name)?)),
        },
        Type::Float32 => {
            let scores = column.f32().map_err(Error::silent("read a column"))?;
            Arc::new(scores.iter().collect::<Float32Array>())
        }
        _ if is_day(name) => Arc::new(Date32Array::from(frame::values_i32(table, name)?)),
        _ => Arc::new(Int32Array::from(frame::values_i32(table, name)?)),
    })
}

fn coded(codes: Vec<Option<u16>>, words: &[String]) -> Result<ArrayRef, Error> {
    let keys = UInt16Array::from(codes);
    let array = DictionaryArray::<UInt16Type>::try_new(keys, Arc::new(StringArray::from_iter_values(words)));
    Ok(Arc::new(array.map_err(Error::silent("write codes as words"))?))
}

fn organisations(packed: &[u64]) -> Result<ArrayRef, Error> {
    let mut known = packed.to_vec();
    known.sort_unstable();
    known.dedup();
    let words: Vec<String> = known.iter().map(|code| OrgCode::from_packed(*code).to_string()).collect();
    let place = |code: &u64| known.binary_search(code).ok().map(|at| at as u16);
    coded(packed.iter().map(place).collect(), &words)
}

fn write_persons(linked: &Linked, values: &CodeValues, folder: &Path) -> Result<(), Error> {
    let persons = &linked.persons;
    let keys: Vec<String> = linked.keys.par_iter().map(|key| key.to_hex()).collect();
    let basis = ["nhs".to_owned(), "single".to_owned()];
    let columns: Vec<(String, ArrayRef)> = vec![
        ("person".to_owned(), Arc::new(UInt32Array::from_iter_values(0..persons.len() as u32))),
        ("person_key".to_owned(), Arc::new(StringArray::from_iter_values(keys))),
        ("person_basis".to_owned(), coded(persons.basis.iter().map(|basis| Some(*basis as u16)).collect(), &basis)?),
        ("sex".to_owned(), coded(persons.sex.clone(), values.of(CodeSet::Sex))?),
        ("ethnic_group".to_owned(), coded(persons.ethnic_group.clone(), values.of(CodeSet::EthnicGroup))?),
        ("imd_quintile".to_owned(), Arc::new(UInt16Array::from(persons.imd_quintile.clone()))),
        ("birth_month".to_owned(), Arc::new(Date32Array::from_iter(persons.birth_month.iter().map(|month| month.map(crate::domain::day::month_start))))),
        ("death_date".to_owned(), Arc::new(Date32Array::from(persons.death_date.clone()))),
    ];
    write_file(&folder.join("persons.parquet"), columns)
}

/// Writes columns as one Parquet file.
pub fn write_file(path: &Path, columns: Vec<(String, ArrayRef)>) -> Result<(), Error> {
    let field = |(name, array): &(String, ArrayRef)| Field::new(name, array.data_type().clone(), true);
    let schema = Arc::new(Schema::new(columns.iter().map(field).collect::<Vec<_>>()));
    let arrays = columns.into_iter().map(|(_, array)| array).collect();
    let batch = RecordBatch::try_new(schema.clone(), arrays).map_err(Error::silent("put a linked table together"))?;
    let level = ZstdLevel::try_new(1).map_err(Error::silent("choose a compression"))?;
    let properties = WriterProperties::builder().set_compression(Compression::ZSTD(level)).build();
    let file = File::create(path).map_err(|_| cannot_write(path))?;
    let mut writer = ArrowWriter::try_new(file, schema, Some(properties)).map_err(|_| cannot_write(path))?;
    writer.write(&batch).map_err(|_| cannot_write(path))?;
    writer.close().map_err(|_| cannot_write(path))?;
    Ok(())
}

fn cannot_write(path: &Path) -> Error {
    Error::new(&error::CANNOT_WRITE, format!("{} cannot be written", path.display()), "check the disk's free space and the folder's permissions")
}

/// Writes who is on which pathway, and the events that rates and costs count.
pub fn write_pathways(pathways: &crate::pathways::Pathways, folder: &Path) -> Result<(), Error> {
    let episodes = &pathways.episodes;
    let ids: Vec<String> = pathways.configs.iter().map(|config| config.id.clone()).collect();
    let reasons = ["left", "crossed_over", "died", "moved_out", "window_end"].map(str::to_owned);
    let columns: Vec<(String, ArrayRef)> = vec![
        ("person".to_owned(), Arc::new(UInt32Array::from_iter_values(episodes.iter().map(|one| one.person)))),
        ("pathway".to_owned(), coded(episodes.iter().map(|one| Some(one.pathway as u16)).collect(), &ids)?),
        ("index_date".to_owned(), Arc::new(Date32Array::from_iter_values(episodes.iter().map(|one| one.index)))),
        ("end_date".to_owned(), Arc::new(Date32Array::from_iter_values(episodes.iter().map(|one| one.end)))),
        ("end_reason".to_owned(), coded(episodes.iter().map(|one| Some(one.end_reason as u16)).collect(), &reasons)?),
        ("is_arm".to_owned(), Arc::new(arrow::array::BooleanArray::from_iter(episodes.iter().map(|one| Some(one.is_arm))))),
    ];
    write_file(&folder.join("pathway_episodes.parquet"), columns)?;
    let types = crate::pathways::EventType::ALL;
    types.par_iter().map(|kind| write_events(*kind, pathways, folder)).collect::<Result<Vec<()>, _>>()?;
    Ok(())
}

fn write_events(kind: crate::pathways::EventType, pathways: &crate::pathways::Pathways, folder: &Path) -> Result<(), Error> {
    let Some(events) = pathways.events.of(kind) else { return Ok(()) };
    let columns: Vec<(String, ArrayRef)> = vec![
        ("person".to_owned(), Arc::new(UInt32Array::from_iter_values(events.person.iter().copied()))),
        ("date".to_owned(), Arc::new(Date32Array::from_iter_values(events.date.iter().copied()))),
        ("is_costed".to_owned(), Arc::new(arrow::array::BooleanArray::from(events.is_costed.clone()))),
    ];
    let folder = folder.join("events").join(format!("type={}", kind.id()));
    std::fs::create_dir_all(&folder).map_err(|_| cannot_write(&folder))?;
    write_file(&folder.join("events.parquet"), columns)
}
