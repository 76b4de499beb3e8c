//! `gp_minutes.csv`: how long people spent in GP appointments, after control.

use super::control::CAUTION;
use super::policy::{Marker, Policy, two_figures};
use super::sheets::{Column, Kind, Sheet, Value, column};
use crate::metrics::before_after::YEAR_DAYS;
use crate::metrics::gp_minutes::{ID, Row, TITLE, UNIT, rows};
use crate::pathways::Pathways;

const COLUMNS: &[Column] = &[
    column("pathway", Kind::Text, "the pathway"),
    column("role", Kind::Text, "redesigned or comparator"),
    column("window", Kind::Text, "before or after the index date"),
    column("metric_id", Kind::Text, "the metric's id"),
    column("metric", Kind::Text, "what is counted"),
    column("clinician", Kind::Text, "who held the appointments; all; not_known"),
    column("people", Kind::Whole, "people with an appointment, rounded to the nearest 5"),
    column("appointments", Kind::Whole, "attended appointments, rounded to the nearest 5"),
    column("timed_percent", Kind::Whole, "share of them that say how long they took"),
    column("person_years", Kind::Whole, "time observed, rounded to the nearest 5 years"),
    column("value", Kind::Decimal, "minutes per person-year, two significant figures"),
    column("unit", Kind::Text, "what the value is in"),
    column("design", Kind::Text, "before_after; mechanical; unascertained: deaths or moves not known equally"),
    column("caution", Kind::Text, "how the row is to be read"),
    column(
        "marker",
        Kind::Text,
        "c hidden; x not available: practices sent nothing, or do not say how long appointments took; z not applicable; empty for a plain value",
    ),
];

/// The table.
pub(super) fn released(pathways: &Pathways, policy: &Policy) -> Sheet {
    let found = rows(pathways);
    let groups = found.chunk_by(|a, b| (a.pathway, a.window) == (b.pathway, b.window));
    let lines = groups.flat_map(|group| {
        // One hidden type would be what the others leave of all.
        let any_hidden = group.iter().any(|row| row.clinician != "all" && is_hidden(row, policy));
        group.iter().map(move |row| cells(row, any_hidden && row.clinician != "all", pathways, policy))
    });
    Sheet {
        name: "gp_minutes",
        title: "Minutes of GP appointments in the year before and the year after the index date",
        columns: COLUMNS,
        rows: lines.collect(),
    }
}

fn is_hidden(row: &Row, policy: &Policy) -> bool {
    policy.is_small(row.people) || policy.is_dominated(row.minutes, row.top_two)
}

fn cells(row: &Row, is_beside_hidden: bool, pathways: &Pathways, policy: &Policy) -> Vec<Value> {
    let config = &pathways.configs[row.pathway];
    let marker = if !row.is_available {
        Marker::NotAvailable
    } else if is_hidden(row, policy) || is_beside_hidden {
        Marker::Hidden
    } else if row.days == 0 {
        Marker::NotApplicable
    } else if row.value.is_none() {
        Marker::NotAvailable
    } else {
        Marker::None
    };
    let is_shown = marker == Marker::None;
    let whole = |count: u64| Value::whole(Some(policy.round(count)).filter(|_| is_shown));
    let timed = (row.appointments > 0).then(|| 100.0 * row.timed as f64 / row.appointments as f64);
    vec![
        Value::text(&config.id),
        Value::text(config.role.id()),
        Value::text(row.window.id()),
        Value::text(ID),
        Value::text(TITLE),
        Value::text(&row.clinician),
        whole(row.people),
        whole(row.appointments),
        Value::decimal(timed.filter(|_| is_shown), 0),
        whole((row.days as f64 / YEAR_DAYS).round() as u64),
        Value::decimal(row.value.filter(|_| is_shown).map(two_figures), 0),
        Value::text(UNIT),
        Value::text(row.design.id()),
        Value::text(CAUTION),
        Value::text(marker.sign()),
    ]
}
