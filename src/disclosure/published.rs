//! Published figures beside ours: read from tables after control, so that nothing is told here which those do not tell.

use super::figures;
use super::policy::Marker;
use super::sheets::{Column, Kind, Sheet, Value, cell, column};
use crate::metrics::{ALL, Breakdown};
use crate::settings::PublishedFigure;

/// The table's name.
pub(super) const NAME: &str = "published";

/// Numbers of a row of figures that stand beside those that were published.
const OURS: [&str; 3] = ["value", "numerator", "denominator"];

const COLUMNS: &[Column] = &[
    column("metric_id", Kind::Text, "the metric's id"),
    column("metric", Kind::Text, "what is counted"),
    column("period", Kind::Text, "month, financial quarter or year, or twelve months, as in the other tables"),
    column("group", Kind::Text, "the provider's code, or everyone"),
    column("unit", Kind::Text, "what the figures are in"),
    column("published_value", Kind::Decimal, "the figure as it was printed elsewhere"),
    column("value", Kind::Decimal, "ours, as it stands in outcomes or demand; empty where the marker says why"),
    column("difference", Kind::Decimal, "ours less the published one; percentage points where the unit is percent"),
    column("published_numerator", Kind::Whole, "what was counted, as it was printed; empty where it was not"),
    column("numerator", Kind::Whole, "ours, rounded to the nearest 5"),
    column("published_denominator", Kind::Whole, "what it was out of, as it was printed; empty where it was not"),
    column("denominator", Kind::Whole, "ours, rounded to the nearest 5"),
    column("source", Kind::Text, "where it was printed"),
    column(
        "marker",
        Kind::Text,
        "that of our figure: c hidden; u too few for a percentage; x not available; z not applicable",
    ),
    column("note", Kind::Text, "why there is no figure of ours, where these tables have no such row"),
];

/// What was published beside what the tables show; none where a project names nothing.
pub(super) fn beside(published: &[PublishedFigure], sheets: &[Sheet]) -> Option<Sheet> {
    let rows: Vec<Vec<Value>> = published.iter().filter_map(|one| row(one, sheets)).collect();
    let title = "Figures that were published elsewhere, beside ours";
    (!rows.is_empty()).then_some(Sheet { name: NAME, title, columns: COLUMNS, rows })
}

fn row(published: &PublishedFigure, sheets: &[Sheet]) -> Option<Vec<Value>> {
    let metric = ALL.iter().find(|metric| metric.id == published.metric)?;
    let own = ours(published, sheets);
    let of = |name: &str| own.map_or(Value::Empty, |(sheet, row)| cell(sheet, row, name).clone());
    let [value, numerator, denominator] = OURS.map(of);
    let places = places(published.value).max(metric.statistic.places());
    // Of the value as it is printed: behind it are places that are not shown.
    let difference = value.print().parse::<f64>().ok().map(|value| value - published.value);
    let (marker, note) = match own {
        Some(_) => (of("marker"), ""),
        None => (Value::text(Marker::NotAvailable.sign()), why_not(published)),
    };
    Some(vec![
        Value::text(metric.id),
        Value::text(metric.title),
        Value::text(&published.period),
        Value::text(published.provider.as_deref().unwrap_or("everyone")),
        Value::text(metric.statistic.unit(metric.dated)),
        Value::decimal(Some(published.value), places),
        value,
        Value::decimal(difference, places),
        Value::whole(published.numerator),
        numerator,
        Value::whole(published.denominator),
        denominator,
        Value::text(&published.source),
        marker,
        Value::text(note),
    ])
}

/// The decimal places that a published figure was printed with.
fn places(value: f64) -> usize {
    (0..6).find(|places| format!("{value:.places$}").parse() == Ok(value)).unwrap_or(6)
}

fn ours<'a>(published: &PublishedFigure, sheets: &'a [Sheet]) -> Option<(&'a Sheet, &'a [Value])> {
    let (breakdown, level) = match &published.provider {
        Some(code) => (Breakdown::Provider, code.as_str()),
        None => (Breakdown::All, "all"),
    };
    figures::find(sheets, [&published.metric, "everyone", &published.period, breakdown.id(), level])
}

fn why_not(published: &PublishedFigure) -> &'static str {
    match published.provider {
        Some(_) => {
            "these tables have no row of this provider in this period: a release names only organisations that agreed, and divides financial years alone"
        }
        None => "these tables have no row of this period",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_printed_figure_keeps_its_places() {
        assert_eq!([50.0, 50.5, 0.25].map(places), [0, 1, 2]);
    }
}
