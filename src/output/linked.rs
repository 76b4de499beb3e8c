//! Linked tables of the restricted tier: the store's own files, linked in, and who is on which pathway with the events
//! that rates and costs count. Plain Parquet that Spark, Databricks, `DuckDB`, R and Python read alike.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Date32Array, StringArray, UInt32Array};
use rayon::prelude::*;

use crate::error::Error;
use crate::link::cache::write_file;
use crate::pathways::{EventType, Pathways};

/// Puts the store's linked tables into a run folder: as hard links, or as copies where the disk has none.
pub fn link_tables(store: &Path, folder: &Path) -> Result<(), Error> {
    std::fs::create_dir_all(folder).map_err(|_| Error::cannot_write(folder))?;
    for entry in std::fs::read_dir(store).map_err(|_| Error::cannot_write(folder))?.flatten() {
        let target = folder.join(entry.file_name());
        if entry.file_name() != "audit.json" && std::fs::hard_link(entry.path(), &target).is_err() {
            std::fs::copy(entry.path(), &target).map_err(|_| Error::cannot_write(&target))?;
        }
    }
    Ok(())
}

/// Writes who is on which pathway, and the events that rates and costs count.
pub fn write_pathways(pathways: &Pathways, folder: &Path) -> Result<(), Error> {
    let episodes = &pathways.episodes;
    let mut people: Vec<u32> = episodes.iter().map(|episode| episode.person).collect();
    people.sort_unstable();
    people.dedup();
    let reasons = ["left", "crossed_over", "died", "moved_out", "window_end"];
    let columns: Vec<(String, ArrayRef)> = vec![
        ("person".to_owned(), Arc::new(UInt32Array::from_iter_values(episodes.iter().map(|one| one.person)))),
        (
            "pathway".to_owned(),
            Arc::new(StringArray::from_iter_values(
                episodes.iter().map(|one| pathways.configs[one.pathway].id.as_str()),
            )),
        ),
        ("index_date".to_owned(), Arc::new(Date32Array::from_iter_values(episodes.iter().map(|one| one.index)))),
        ("end_date".to_owned(), Arc::new(Date32Array::from_iter_values(episodes.iter().map(|one| one.end)))),
        (
            "end_reason".to_owned(),
            Arc::new(StringArray::from_iter_values(episodes.iter().map(|one| reasons[one.end_reason as usize]))),
        ),
        ("is_arm".to_owned(), Arc::new(BooleanArray::from(episodes.iter().map(|one| one.is_arm).collect::<Vec<_>>()))),
    ];
    write_file(&folder.join("pathway_episodes.parquet"), columns)?;
    EventType::ALL
        .par_iter()
        .map(|kind| write_events(*kind, pathways, &people, folder))
        .collect::<Result<Vec<()>, _>>()?;
    Ok(())
}

/// Events of one type, of the people on a pathway: what rates and costs are counted on. Everyone's are in the linked tables.
fn write_events(kind: EventType, pathways: &Pathways, people: &[u32], folder: &Path) -> Result<(), Error> {
    let Some(events) = pathways.events.of(kind) else { return Ok(()) };
    let rows: Vec<usize> = people.iter().flat_map(|person| events.of(*person, i32::MIN, i32::MAX)).collect();
    let columns: Vec<(String, ArrayRef)> = vec![
        ("person".to_owned(), Arc::new(UInt32Array::from_iter_values(rows.iter().map(|row| events.person[*row])))),
        ("date".to_owned(), Arc::new(Date32Array::from_iter_values(rows.iter().map(|row| events.date[*row])))),
        (
            "is_costed".to_owned(),
            Arc::new(BooleanArray::from(rows.iter().map(|row| events.is_costed[*row]).collect::<Vec<_>>())),
        ),
    ];
    let folder = folder.join("events").join(format!("type={}", kind.id()));
    std::fs::create_dir_all(&folder).map_err(|_| Error::cannot_write(&folder))?;
    write_file(&folder.join("events.parquet"), columns)
}
