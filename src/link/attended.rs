//! A&E attendances as a frame: when people came and left, how they were admitted, and what brought them.
//!
//! In: rows with their fates and people, and the details that their files have. Sentinels become nulls here.

use polars::prelude::{Column, DataFrame};

use super::assembly::{Assembly, Part};
use super::details;
use super::frames::{ages, carried, opt_codes, pick, sorted};
use super::values::{NO_CODE, NO_DAY, Rows};
use crate::error::Error;
use crate::frame;
use crate::schema::codes::CodeSet;

/// Coded details of attendances, under the names that the frame gives them, with their sets.
pub(super) const CODED: [(&str, &str, CodeSet); 3] = [
    ("status", "emergency_status", CodeSet::EmergencyStatus),
    ("destination", "emergency_destination", CodeSet::EmergencyDestination),
    ("primary_diagnosis", "primary_diagnosis", CodeSet::Complaint),
];

/// One row per attendance, by person, arrival and own token. `minutes` are from arrival to departure, `admitted_minutes`
/// from the decision to admit to departure; both are null without both times, or where these are in the wrong order.
pub(super) fn frame_of(
    assembly: &Assembly<'_>,
    part: &Part,
    (person, births): (&[u32], &[i32]),
) -> Result<DataFrame, Error> {
    let rows = &part.rows;
    let order = sorted(person, rows.whole("arrived_date"), rows.tokens("record"), &part.fates);
    let person = pick(person, &order);
    let date = pick(rows.whole("arrived_date"), &order);
    let decided = ["decided_date", "decided_minute"].map(|name| details::whole_of(rows, assembly, name));
    let [decided_date, decided_minute] = decided;
    let (decided_date, decided_minute) = (decided_date?, decided_minute?);
    let left = [rows.whole("departed_date"), rows.whole("departed_minute")];
    let arrived = [rows.whole("arrived_date"), rows.whole("arrived_minute")];
    let mut columns = vec![
        stayed("minutes", arrived, left, &order),
        stayed("admitted_minutes", [&decided_date, &decided_minute], left, &order),
        ages("age", &person, &date, births),
        frame::u32s("person", person),
        frame::i32s("date", date),
        frame::u64s("provider", pick(&rows.provider, &order)),
        arrival_minute(rows, &order),
    ];
    columns.extend(carried(rows, &["department_type", "chief_complaint", "injury_intent"], &order));
    for (detail, name, _) in CODED {
        columns.push(opt_codes(name, &details::codes_of(rows, assembly, detail)?, &order));
    }
    frame::frame(columns)
}

/// Minutes from one day and minute to another; none without both, or where the second comes first.
fn stayed(name: &str, from: [&[i32]; 2], to: [&[i32]; 2], order: &[u32]) -> Column {
    let minute = |[date, minute]: [&[i32]; 2], row: usize| {
        let is_known = date[row] != NO_DAY && minute[row] != NO_DAY;
        is_known.then(|| i64::from(date[row]) * 1440 + i64::from(minute[row]))
    };
    let stay = |row: &u32| {
        let stay = minute(to, *row as usize)? - minute(from, *row as usize)?;
        i32::try_from(stay).ok().filter(|stay| *stay >= 0)
    };
    frame::opt_i32s(name, order.iter().map(stay))
}

/// Minutes after midnight; null without an arrival time.
fn arrival_minute(rows: &Rows, order: &[u32]) -> Column {
    let minutes = rows.whole("arrived_minute");
    let minute = |row: &u32| u16::try_from(minutes[*row as usize]).unwrap_or(NO_CODE);
    frame::u16s_but("arrived_minute", order.iter().map(minute).collect(), NO_CODE)
}
