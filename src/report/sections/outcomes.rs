//! Outcomes: shares that say how people fared, for everyone and for each group, with their intervals.

use crate::metrics::{ALL, Better, Metric};
use crate::report::model::{Figure, Section, Table, headings};
use crate::report::page::Context;
use crate::report::svg::{Dot, Dots};
use crate::report::view::{Row, Sheets, revised};

/// An older quarter than the last so many is no news.
const QUARTERS: usize = 4;
const LIMITS: [&str; 2] = ["lower_95", "upper_95"];

/// The section.
pub(crate) fn section(sheets: Sheets<'_>, context: &Context<'_>) -> Section {
    let quarters = latest(sheets);
    let is_telling = |metric: &&&Metric| metric.better != Better::Neither;
    let figures: Vec<Figure> =
        ALL.iter().filter(is_telling).filter_map(|metric| figure(sheets, context, (metric, &quarters))).collect();
    let lead = if figures.is_empty() {
        "No outcome rests on enough people to be shown in the last four quarters."
    } else {
        "Each line is the latest of the last four quarters of which the figure can be shown. The bar beside a dot is the range in which the true share lies 19 times out of 20."
    };
    Section { id: "outcomes", title: "What became of people", lead: vec![lead.to_owned()], figures }
}

/// The last quarters, the latest first.
fn latest(sheets: Sheets<'_>) -> Vec<String> {
    let mut found: Vec<&str> = sheets.rows("outcomes").map(|row| row.text("period")).collect();
    found.retain(|name| name.contains(" Q"));
    found.sort_unstable();
    found.dedup();
    found.iter().rev().take(QUARTERS).map(|name| (*name).to_owned()).collect()
}

/// One metric; none where it can be shown of nobody.
fn figure(sheets: Sheets<'_>, context: &Context<'_>, (metric, quarters): (&Metric, &[String])) -> Option<Figure> {
    let own = sheets.find("outcomes", &[("metric_id", metric.id), ("breakdown", "all"), ("unit", "percent")]);
    let ids = std::iter::once("everyone").chain(context.groups.iter().map(|group| group.id.as_str()));
    let found: Vec<(&str, Option<Row<'_>>)> = ids.map(|id| (id, shown(&own, id, quarters))).collect();
    found.iter().find(|(_, row)| row.is_some())?;
    let name = |id: &str| if id == "everyone" { "Everyone".to_owned() } else { context.title(id).to_owned() };
    let dots = found.iter().filter_map(|(id, row)| {
        let row = (*row)?;
        Some(Dot {
            label: name(id),
            value: row.number("value"),
            limits: row.number(LIMITS[0]).zip(row.number(LIMITS[1])).map(|(lower, upper)| [lower, upper]),
            words: row.with_unit("value", "", " %"),
        })
    });
    let id = format!("share-{}", metric.id);
    let picture = Dots { id: &id, title: metric.title, groups: dots.collect() }.picture();
    let cells = |(id, row): &(&str, Option<Row<'_>>)| {
        let row = (*row)?;
        Some(vec![
            name(id),
            row.text("period").to_owned(),
            row.shown("numerator"),
            row.shown("denominator"),
            row.with_unit("value", "", " %"),
            row.interval(LIMITS),
        ])
    };
    let hidden: Vec<String> = found.iter().filter(|(_, row)| row.is_none()).map(|(id, _)| name(id)).collect();
    let standard = own.first().map_or("", |row| row.text("standard"));
    let mut note = Vec::new();
    if !standard.is_empty() {
        note.push(format!("The national standard is {standard}."));
    }
    if !hidden.is_empty() {
        note.push(format!("Too few people, or nobody, in the last four quarters: {}.", hidden.join(", ")));
    }
    let dated =
        found.iter().filter_map(|(id, row)| row.map(|row| (row, format!("{}, {}", name(id), row.text("period")))));
    note.extend(Some(revised(dated)).filter(|words| !words.is_empty()));
    Some(Figure {
        title: metric.title.to_owned(),
        sentence: metric.plain_english.to_owned(),
        picture,
        table: Table {
            caption: metric.title.to_owned(),
            headings: headings(&["Who", "When"], &["Number", "Out of", "Share", "Range, 95 %"]),
            rows: found.iter().filter_map(cells).collect(),
        },
        note: note.join(" "),
    })
}

/// The latest row of a group that can be shown.
fn shown<'a>(own: &[Row<'a>], pathway: &str, quarters: &[String]) -> Option<Row<'a>> {
    let of = |quarter: &String| {
        own.iter().copied().find(|row| {
            row.text("pathway") == pathway && row.text("period") == quarter && row.number("value").is_some()
        })
    };
    quarters.iter().find_map(of)
}
