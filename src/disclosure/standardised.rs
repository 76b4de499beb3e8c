//! `standardised.csv`: A&E use as if every group had the same ages, after control.

use super::policy::{Marker, Policy, two_figures};
use super::sheets::{Column, Kind, Sheet, Value, column};
use crate::domain::day;
use crate::metrics::before_after::YEAR_DAYS;
use crate::metrics::standardised::{ALL, Row, UNIT, rows};
use crate::pathways::Pathways;
use crate::pathways::population::QUINTILES;

const COLUMNS: &[Column] = &[
    column("period_start", Kind::Date, "first day"),
    column("period_end", Kind::Date, "last day"),
    column("metric_id", Kind::Text, "the metric's id"),
    column("metric", Kind::Text, "what is counted"),
    column("breakdown", Kind::Text, "all, or imd_quintile"),
    column("level", Kind::Text, "all, quintile 1 (most deprived) to 5, or not_known"),
    column("people", Kind::Whole, "people on the registered list, rounded to the nearest 5"),
    column("person_years", Kind::Whole, "time they were observed, rounded to the nearest 5 years"),
    column("events", Kind::Whole, "attendances, rounded to the nearest 5"),
    column("crude_rate", Kind::Decimal, "rounded attendances over rounded time"),
    column("rate", Kind::Decimal, "standardised, two significant figures"),
    column("unit", Kind::Text, "what the rates are in"),
    column("lower_95", Kind::Decimal, "lower limit of the standardised rate"),
    column("upper_95", Kind::Decimal, "upper limit of the standardised rate"),
    column("method", Kind::Text, "how the interval was made"),
    column(
        "slope_index",
        Kind::Decimal,
        "on the row of all: change of the rate from the most to the least deprived end; empty where a quintile is hidden",
    ),
    column("slope_lower_95", Kind::Decimal, "lower limit of the slope"),
    column("slope_upper_95", Kind::Decimal, "upper limit of the slope"),
    column("relative_index", Kind::Decimal, "rate at the least over rate at the most deprived end"),
    column(
        "marker",
        Kind::Text,
        "c hidden; x not available; z fewer than ten attendances or an age band without people, so no standardised rate; empty for a plain value",
    ),
];

/// The table.
pub(super) fn released(pathways: &Pathways, policy: &Policy) -> Sheet {
    let found = rows(&pathways.populations);
    let mut lines: Vec<Vec<Value>> = found
        .chunk_by(|a, b| a.metric == b.metric)
        .flat_map(|rate| {
            // One hidden quintile would be what the others leave of all.
            let any_hidden = rate.iter().any(|row| row.quintile.is_some() && is_hidden(row, policy));
            rate.iter().map(move |row| cells(row, any_hidden, policy))
        })
        .collect();
    if found.is_empty() {
        lines = (0..ALL.len()).flat_map(not_available).collect();
    }
    Sheet {
        name: "standardised",
        title: "A&E use of the registered population, as if every group had the same ages",
        columns: COLUMNS,
        rows: lines,
    }
}

fn is_hidden(row: &Row, policy: &Policy) -> bool {
    let counts = &row.counts;
    policy.is_small(counts.people)
        || policy.is_small(counts.people_with_events)
        || policy.is_dominated(counts.events, counts.top_two)
}

fn level(quintile: Option<usize>) -> (&'static str, String) {
    match quintile {
        None => ("all", "all".to_owned()),
        Some(QUINTILES) => ("imd_quintile", "not_known".to_owned()),
        Some(quintile) => ("imd_quintile", quintile.to_string()),
    }
}

fn cells(row: &Row, any_hidden: bool, policy: &Policy) -> Vec<Value> {
    let marker = if is_hidden(row, policy) || (any_hidden && row.quintile.is_some()) {
        Marker::Hidden
    } else if row.rate.is_none() {
        Marker::NotApplicable
    } else {
        Marker::None
    };
    let is_shown = marker != Marker::Hidden;
    let whole = |count: u64| Some(policy.round(count)).filter(|_| is_shown);
    let (events, years) = (whole(row.counts.events), whole((row.counts.days as f64 / YEAR_DAYS).round() as u64));
    let crude =
        events.zip(years).filter(|(_, years)| *years > 0).map(|(events, years)| 1000.0 * events as f64 / years as f64);
    let figure = |value: Option<f64>| Value::decimal(value.filter(|_| is_shown).map(two_figures), 1);
    let indices = row.indices.filter(|_| is_shown && !any_hidden);
    let (breakdown, level) = level(row.quintile);
    vec![
        Value::text(day::to_iso(row.days.0)),
        Value::text(day::to_iso(row.days.1)),
        Value::text(ALL[row.metric].id),
        Value::text(ALL[row.metric].title),
        Value::text(breakdown),
        Value::text(level),
        Value::whole(whole(row.counts.people)),
        Value::whole(years),
        Value::whole(events),
        Value::decimal(crude, 1),
        figure(row.rate),
        Value::text(UNIT),
        figure(row.interval.map(|limits| limits.lower)),
        figure(row.interval.map(|limits| limits.upper)),
        Value::text(if is_shown && row.rate.is_some() { "Dobson, frequency-adjusted" } else { "" }),
        figure(indices.map(|found| found.slope)),
        figure(indices.map(|found| found.interval.lower)),
        figure(indices.map(|found| found.interval.upper)),
        Value::decimal(indices.and_then(|found| found.relative).map(two_figures), 2),
        Value::text(marker.sign()),
    ]
}

/// The rows of a rate where A&E or the registered list was not sent.
fn not_available(metric: usize) -> Vec<Vec<Value>> {
    let row = |quintile: Option<usize>| {
        let (breakdown, level) = level(quintile);
        let mut cells = vec![Value::Empty; COLUMNS.len()];
        let mut put = |name: &str, value: Value| {
            if let Some(at) = COLUMNS.iter().position(|column| column.name == name) {
                cells[at] = value;
            }
        };
        put("metric_id", Value::text(ALL[metric].id));
        put("metric", Value::text(ALL[metric].title));
        put("breakdown", Value::text(breakdown));
        put("level", Value::text(level));
        put("unit", Value::text(UNIT));
        put("marker", Value::text(Marker::NotAvailable.sign()));
        cells
    };
    std::iter::once(None).chain((1..=QUINTILES).map(Some)).map(row).collect()
}
