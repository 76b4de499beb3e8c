//! Pathways on disk, for the nights when nothing changed: what figures need of them, as whole numbers, and beside it the
//! restricted tables of who is on which pathway and of the events that rates and costs count. Those are plain Parquet
//! that Spark, Databricks, `DuckDB`, R and Python read alike.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, BooleanArray, Date32Array, StringArray, UInt32Array};
use arrow::datatypes::UInt32Type;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{
    ArmService, Costed, EventType, Events, FlowStep, FollowUp, Journeys, Movement, Pathways, PersonWindow, Population,
    Recovery, Selection, Service,
};
use crate::error::Error;
use crate::frame::{self, write_file};
use crate::settings::PathwayConfig;

/// The folder of the tables that restricted outputs hold.
pub const RESTRICTED: &str = "restricted";
const SIDECAR: &str = "pathways.json";
const EPISODES: &str = "pathway_episodes.parquet";
const WINDOWS: &str = "windows.parquet";
const COSTED: &str = "costed.parquet";
const COSTED_COLUMNS: [&str; 8] = [
    "person",
    "kind",
    "events_before",
    "events_after",
    "timed_before",
    "timed_after",
    "minutes_before",
    "minutes_after",
];
/// Where no team or bed type is known; no code is so large.
const NO_KIND: u32 = u32::MAX;
const WINDOW_COLUMNS: [&str; 4] = ["days_before", "days_after", "events_before", "events_after"];

/// Everything but the people's windows.
#[derive(Serialize, Deserialize)]
struct Sidecar {
    episodes: u64,
    is_ascertained: bool,
    follow_up: Vec<FollowUp>,
    movements: Vec<Movement>,
    recoveries: Vec<Recovery>,
    populations: Vec<Population>,
    clinicians: Vec<String>,
    selections: Vec<Selection>,
    flow: Vec<FlowStep>,
    arms: Vec<Arm>,
}

/// One service of one arm; so many people's windows, and so many rows of what is costed, are the next in their tables.
#[derive(Serialize, Deserialize)]
struct Arm {
    pathway: usize,
    service: String,
    people: usize,
    costed: usize,
    deaths_after: u32,
}

/// Writes pathways into a folder.
pub fn write(pathways: &Pathways, journeys: &Journeys, folder: &Path) -> Result<(), Error> {
    let restricted = folder.join(RESTRICTED);
    std::fs::create_dir_all(&restricted).map_err(|_| Error::cannot_write(folder))?;
    let arm = |arm: &ArmService| Arm {
        pathway: arm.pathway,
        service: arm.service.id().to_owned(),
        people: arm.people.len(),
        costed: arm.costed.len(),
        deaths_after: arm.deaths_after,
    };
    let sidecar = Sidecar {
        episodes: pathways.episodes,
        is_ascertained: pathways.is_ascertained,
        follow_up: pathways.follow_up.clone(),
        movements: pathways.movements.clone(),
        recoveries: pathways.recoveries.clone(),
        populations: pathways.populations.clone(),
        clinicians: pathways.clinicians.clone(),
        selections: pathways.selections.clone(),
        flow: pathways.flow.clone(),
        arms: pathways.windows.iter().map(arm).collect(),
    };
    let text = serde_json::to_vec(&sidecar).map_err(Error::silent("write what pathways came to"))?;
    std::fs::write(folder.join(SIDECAR), text).map_err(|_| Error::cannot_write(folder))?;
    let (windows, (episodes, events)) = rayon::join(
        || write_windows(&pathways.windows, folder).and_then(|()| write_costed(&pathways.windows, folder)),
        || {
            rayon::join(
                || write_episodes(pathways, journeys, &restricted),
                || EventType::ALL.par_iter().try_for_each(|kind| write_events(*kind, &journeys.events, &restricted)),
            )
        },
    );
    windows.and(episodes).and(events)
}

/// Whether the restricted tables are all there.
pub fn has_restricted(folder: &Path) -> bool {
    let restricted = folder.join(RESTRICTED);
    let mut tables =
        EventType::ALL.iter().map(|kind| events_file(*kind, &restricted)).chain([restricted.join(EPISODES)]);
    tables.all(|table| table.is_file())
}

/// Reads pathways back; none if they are not there or not whole.
pub fn read(configs: &[PathwayConfig], folder: &Path) -> Option<Pathways> {
    if !has_restricted(folder) {
        return None;
    }
    let sidecar: Sidecar = serde_json::from_slice(&std::fs::read(folder.join(SIDECAR)).ok()?).ok()?;
    let (people, costed) = (read_windows(folder)?, read_costed(folder)?);
    let rows = sidecar.arms.iter().fold((0, 0), |sum, arm| (sum.0 + arm.people, sum.1 + arm.costed));
    if (people.len(), costed.len()) != rows {
        return None;
    }
    let (mut rest, mut rest_costed) = (people.as_slice(), costed.as_slice());
    let mut windows = Vec::with_capacity(sidecar.arms.len());
    for arm in sidecar.arms {
        let (own, others) = rest.split_at(arm.people);
        rest = others;
        let (own_costed, others) = rest_costed.split_at(arm.costed);
        rest_costed = others;
        windows.push(ArmService {
            pathway: arm.pathway,
            service: Service::COUNTED.into_iter().find(|service| service.id() == arm.service)?,
            people: own.to_vec(),
            costed: own_costed.to_vec(),
            deaths_after: arm.deaths_after,
        });
    }
    Some(Pathways {
        configs: configs.to_vec(),
        episodes: sidecar.episodes,
        windows,
        follow_up: sidecar.follow_up,
        movements: sidecar.movements,
        recoveries: sidecar.recoveries,
        populations: sidecar.populations,
        clinicians: sidecar.clinicians,
        selections: sidecar.selections,
        is_ascertained: sidecar.is_ascertained,
        flow: sidecar.flow,
    })
}

fn write_windows(arms: &[ArmService], folder: &Path) -> Result<(), Error> {
    let of = |value: fn(&PersonWindow) -> u32| -> ArrayRef {
        Arc::new(UInt32Array::from_iter_values(arms.iter().flat_map(|arm| arm.people.iter().map(value))))
    };
    let values: [fn(&PersonWindow) -> u32; 4] =
        [|one| one.days[0], |one| one.days[1], |one| one.events[0], |one| one.events[1]];
    let columns: Vec<ArrayRef> = values.into_par_iter().map(of).collect();
    write_file(&folder.join(WINDOWS), WINDOW_COLUMNS.map(str::to_owned).into_iter().zip(columns).collect())
}

fn read_windows(folder: &Path) -> Option<Vec<PersonWindow>> {
    let row =
        |[first, second, third, fourth]: [u32; 4]| PersonWindow { days: [first, second], events: [third, fourth] };
    Some(read_rows(&folder.join(WINDOWS), WINDOW_COLUMNS)?.into_iter().map(row).collect())
}

fn write_costed(arms: &[ArmService], folder: &Path) -> Result<(), Error> {
    let of = |value: fn(&Costed) -> u32| -> ArrayRef {
        Arc::new(UInt32Array::from_iter_values(arms.iter().flat_map(|arm| arm.costed.iter().map(value))))
    };
    let values: [fn(&Costed) -> u32; 8] = [
        |one| one.person,
        |one| one.kind.map_or(NO_KIND, u32::from),
        |one| one.events[0],
        |one| one.events[1],
        |one| one.timed[0],
        |one| one.timed[1],
        |one| one.minutes[0],
        |one| one.minutes[1],
    ];
    let columns = COSTED_COLUMNS.map(str::to_owned).into_iter().zip(values.map(of)).collect();
    write_file(&folder.join(COSTED), columns)
}

fn read_costed(folder: &Path) -> Option<Vec<Costed>> {
    let row =
        |[person, kind, before, after, timed_before, timed_after, minutes_before, minutes_after]: [u32; 8]| Costed {
            person,
            kind: u16::try_from(kind).ok(),
            events: [before, after],
            timed: [timed_before, timed_after],
            minutes: [minutes_before, minutes_after],
        };
    Some(read_rows(&folder.join(COSTED), COSTED_COLUMNS)?.into_iter().map(row).collect())
}

/// The rows of a table of whole numbers.
fn read_rows<const N: usize>(file: &Path, names: [&str; N]) -> Option<Vec<[u32; N]>> {
    let mut rows = Vec::new();
    for batch in frame::batches(file).ok()? {
        let mut columns = Vec::new();
        for name in names {
            let column = batch.column_by_name(name)?.as_primitive_opt::<UInt32Type>()?;
            columns.push(column.values());
        }
        rows.extend((0..batch.num_rows()).map(|row| std::array::from_fn(|column| columns[column][row])));
    }
    Some(rows)
}

/// Who is on which pathway. Grain: person and pathway.
fn write_episodes(pathways: &Pathways, journeys: &Journeys, folder: &Path) -> Result<(), Error> {
    let episodes = &journeys.episodes;
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
    write_file(&folder.join(EPISODES), columns)
}

/// Events of one type, of the people on a pathway: what rates and costs are counted on. Everyone's are in the linked tables.
fn write_events(kind: EventType, events: &Events, folder: &Path) -> Result<(), Error> {
    let Some(events) = events.of(kind) else { return Ok(()) };
    let columns: Vec<(String, ArrayRef)> = vec![
        ("person".to_owned(), Arc::new(UInt32Array::from(events.person.clone()))),
        ("date".to_owned(), Arc::new(Date32Array::from(events.date.clone()))),
        ("is_costed".to_owned(), Arc::new(BooleanArray::from(events.is_costed.clone()))),
    ];
    let file = events_file(kind, folder);
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder).map_err(|_| Error::cannot_write(folder))?;
    }
    write_file(&file, columns)
}

/// Where events of a type are: partitioned by type as Hive has it.
fn events_file(kind: EventType, folder: &Path) -> PathBuf {
    folder.join("events").join(format!("type={}", kind.id())).join("events.parquet")
}
