//! `inequality.csv`: how shares differ over deprivation quintiles, after control.

use super::policy::{Marker, Policy, two_figures};
use super::sheets::{Column, Kind, Sheet, Value, column};
use crate::metrics::inequality::{Row, rows};
use crate::metrics::{ALL, Estimate, Estimates};
use crate::pathways::Pathways;

const COLUMNS: &[Column] = &[
    column("period", Kind::Text, "month, financial quarter or year, or twelve months"),
    column("pathway", Kind::Text, "everyone, or the pathway"),
    column("metric_id", Kind::Text, "the metric's id"),
    column("metric", Kind::Text, "what is counted"),
    column("most_deprived_percent", Kind::Whole, "the share in quintile 1, in whole percent"),
    column("least_deprived_percent", Kind::Whole, "the share in quintile 5, in whole percent"),
    column(
        "slope_index",
        Kind::Decimal,
        "percentage points from the most to the least deprived end, two significant figures; 0 where there is no gradient",
    ),
    column("lower_95", Kind::Decimal, "lower limit of the slope"),
    column("upper_95", Kind::Decimal, "upper limit of the slope"),
    column(
        "relative_index",
        Kind::Decimal,
        "share at the least over share at the most deprived end; 1 without a gradient",
    ),
    column(
        "completeness_percent",
        Kind::Whole,
        "share of the denominator whose quintile is known; empty where too few are not",
    ),
    column("method", Kind::Text, "how it was made"),
    column(
        "marker",
        Kind::Text,
        "c hidden, as a quintile is; u too few in a quintile; x not available; z a quintile has nobody; empty for a plain value",
    ),
];

/// The table. `shown` says how an estimate is shown in the tables of figures, and its value there: what is hidden there
/// is hidden here, and what is not in them is not here; none where it is not.
pub(super) fn released(
    (estimates, pathways): (&Estimates, &Pathways),
    policy: &Policy,
    shown: impl Fn(&Estimate) -> Option<(Marker, Option<f64>)>,
) -> Sheet {
    let rows = rows(estimates);
    let rows = rows.iter().filter_map(|row| {
        let quintiles: Vec<(Marker, Option<f64>)> = row.quintiles.iter().map(&shown).collect::<Option<_>>()?;
        let first = |wanted: Marker| quintiles.iter().any(|(marker, _)| *marker == wanted).then_some(wanted);
        let marker = first(Marker::NotAvailable)
            .or_else(|| first(Marker::Hidden))
            .or_else(|| first(Marker::TooFew))
            .unwrap_or(if row.indices.is_some() { Marker::None } else { Marker::NotApplicable });
        let ends = [quintiles.first(), quintiles.last()].map(|end| end.and_then(|(_, value)| *value));
        let is_rest_shown = shown(row.not_known).is_some_and(|(marker, _)| marker != Marker::Hidden);
        Some(cells((row, is_rest_shown), (estimates, pathways), policy, (marker, ends)))
    });
    Sheet {
        name: "inequality",
        title: "How outcomes differ from the most to the least deprived",
        columns: COLUMNS,
        rows: rows.collect(),
    }
}

fn cells(
    (row, is_rest_shown): (&Row<'_>, bool),
    (estimates, pathways): (&Estimates, &Pathways),
    policy: &Policy,
    (marker, ends): (Marker, [Option<f64>; 2]),
) -> Vec<Value> {
    let (first, metric) = (&row.quintiles[0], ALL[row.quintiles[0].metric]);
    let shown = row.indices.filter(|_| marker == Marker::None);
    let share = |end: Option<f64>| Value::decimal(end.filter(|_| shown.is_some()), 0);
    let size = |one: &Estimate| one.cell.map_or(0, |cell| policy.round(cell.denominator));
    let known: u64 = row.quintiles.iter().map(size).sum();
    let all = known + size(row.not_known);
    let completeness = shown.filter(|_| all > 0 && is_rest_shown).map(|_| 100.0 * known as f64 / all as f64);
    vec![
        Value::text(&estimates.periods[first.period].name),
        Value::text(first.pathway.map_or("everyone", |at| pathways.configs[at].id.as_str())),
        Value::text(metric.id),
        Value::text(metric.title),
        share(ends[0]),
        share(ends[1]),
        Value::decimal(shown.map(|found| two_figures(found.slope)), 2),
        Value::decimal(shown.map(|found| two_figures(found.interval.lower)), 2),
        Value::decimal(shown.map(|found| two_figures(found.interval.upper)), 2),
        Value::decimal(shown.and_then(|found| found.relative).map(two_figures), 2),
        Value::decimal(completeness, 0),
        Value::text(if shown.is_some() { "least squares weighted by size" } else { "" }),
        Value::text(marker.sign()),
    ]
}
