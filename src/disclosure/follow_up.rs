//! `follow_up.csv`: what became of people after the index date, after control.

use super::policy::{Marker, Policy, two_figures};
use super::sheets::{Column, Kind, Sheet, Value, column};
use crate::metrics::before_after::YEAR_DAYS;
use crate::metrics::follow_up::{ALL, Row, What, rows};
use crate::pathways::{Coverage, Pathways};

const COLUMNS: &[Column] = &[
    column("pathway", Kind::Text, "the pathway"),
    column("role", Kind::Text, "redesigned or comparator"),
    column("metric_id", Kind::Text, "the metric's id"),
    column("metric", Kind::Text, "what is counted"),
    column("numerator", Kind::Whole, "deaths, or people with the event, rounded to the nearest 5"),
    column("people", Kind::Whole, "people it is about, rounded to the nearest 5"),
    column("person_years", Kind::Whole, "time behind a rate, rounded to the nearest 5 years; empty for shares"),
    column("value", Kind::Decimal, "the figure in its unit: a rate to two significant figures, or a whole percentage"),
    column("unit", Kind::Text, "what the value is in"),
    column("lower_95", Kind::Decimal, "lower limit of the 95 % interval"),
    column("upper_95", Kind::Decimal, "upper limit of the 95 % interval"),
    column("method", Kind::Text, "how the interval was made"),
    column(
        "design",
        Kind::Text,
        "before_after; mechanical: the trust supplies the index event; unascertained: deaths or moves not known equally",
    ),
    column("marker", Kind::Text, "c hidden; x not available; z not applicable; empty for a plain value"),
];

/// The table.
pub(super) fn released(pathways: &Pathways, coverage: &Coverage, policy: &Policy) -> Sheet {
    let rows = rows(pathways, |source| coverage.has(source));
    let rows = rows.iter().map(|row| cells(row, pathways, policy)).collect();
    Sheet { name: "follow_up", title: "What became of people in the year after the index date", columns: COLUMNS, rows }
}

/// A share is hidden where few people are in it or few are not; a rate where few died.
fn marker(row: &Row, what: What, policy: &Policy) -> Marker {
    let without = if what == What::Deaths { 0 } else { row.people.saturating_sub(row.numerator) };
    if !row.is_available {
        Marker::NotAvailable
    } else if [row.people, row.numerator, without].into_iter().any(|count| policy.is_small(count)) {
        Marker::Hidden
    } else if row.value.is_none() {
        Marker::NotApplicable
    } else {
        Marker::None
    }
}

fn cells(row: &Row, pathways: &Pathways, policy: &Policy) -> Vec<Value> {
    let (config, metric) = (&pathways.configs[row.pathway], &ALL[row.metric]);
    let marker = marker(row, metric.what, policy);
    let is_shown = marker == Marker::None;
    let is_rate = metric.what == What::Deaths;
    let figure = |value: Option<f64>| {
        let value = value.filter(|_| is_shown);
        if is_rate { Value::decimal(value.map(two_figures), 1) } else { Value::decimal(value, 0) }
    };
    let years = row.days.map(|days| policy.round((days as f64 / YEAR_DAYS).round() as u64));
    let count = |number: u64| Value::whole(Some(policy.round(number)).filter(|_| is_shown));
    vec![
        Value::text(&config.id),
        Value::text(config.role.id()),
        Value::text(metric.id),
        Value::text(metric.title),
        count(row.numerator),
        count(row.people),
        Value::whole(years.filter(|_| is_shown)),
        figure(row.value),
        Value::text(metric.unit),
        figure(row.interval.map(|limits| limits.lower)),
        figure(row.interval.map(|limits| limits.upper)),
        Value::text(if is_shown { row.method } else { "" }),
        Value::text(row.design.id()),
        Value::text(marker.sign()),
    ]
}
