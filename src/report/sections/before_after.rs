//! Before and after: what people used in the year before and the year after joining, beside the comparator.

use crate::metrics::before_after::{ALL, RateMetric};
use crate::report::model::{Figure, Section, Table, headings};
use crate::report::page::{Context, Group};
use crate::report::svg::{Bars, Pair};
use crate::report::view::{Row, Sheets};

/// The section.
pub(crate) fn section(sheets: Sheets<'_>, context: &Context<'_>) -> Section {
    let mut figures = Vec::new();
    for (at, (group, others)) in context.redesigned().enumerate() {
        for rate in ALL.iter().filter(|rate| rate.is_headline) {
            let groups: Vec<&Group> = std::iter::once(group).chain(others.iter().copied()).collect();
            figures.push(figure(sheets, rate, &groups, &format!("bars-{at}-{}", rate.id)));
        }
    }
    let lead = [
        "People are often referred when their use is at its highest, and it then falls by itself, whatever is done. A difference between before and after is a change; it is not proof that the pathway caused it.",
        "All figures are for each 100 people over a year, of the time in which they could be followed.",
    ];
    Section {
        id: "before-after",
        title: "Use before and after joining",
        lead: lead.map(str::to_owned).to_vec(),
        figures,
    }
}

const RATE: &str = "rate_per_100_person_years";

fn figure(sheets: Sheets<'_>, rate: &RateMetric, groups: &[&Group], id: &str) -> Figure {
    let of = |group: &Group, window: &str| {
        let wanted = [("metric_id", rate.id), ("pathway", group.id.as_str()), ("window", window)];
        sheets.find("before_after", &wanted).into_iter().next()
    };
    let found: Vec<(&Group, [Option<Row<'_>>; 2])> =
        groups.iter().map(|group| (*group, ["before", "after"].map(|window| of(group, window)))).collect();
    let bar = |row: &Option<Row<'_>>| {
        let words = row.map_or_else(|| "not available".to_owned(), |row| row.shown(RATE));
        (row.and_then(|row| row.number(RATE)), words)
    };
    let pairs =
        found.iter().map(|(group, rows)| Pair { label: group.title.clone(), bars: [&rows[0], &rows[1]].map(bar) });
    let title = format!("{}: {}", groups[0].title, rate.plain_english.trim_end_matches('.'));
    let picture = Bars { id, title: &title, names: ["Before", "After"], pairs: pairs.collect() }.picture();
    let rows = found.iter().flat_map(|(group, rows)| rows.iter().flatten().map(|row| cells(group, *row)));
    let caution = found.iter().find_map(|(_, [_, after])| Some((*after)?.text("caution").to_owned()));
    let is_mechanical =
        found.iter().any(|(_, rows)| rows.iter().flatten().any(|row| row.text("design") == "mechanical"));
    let note = if is_mechanical {
        "In one of these groups the service is the one that people were found by, so its use rises around the index by construction."
    } else {
        ""
    };
    Figure {
        sentence: caution.unwrap_or_default(),
        picture,
        table: Table {
            caption: title.clone(),
            headings: headings(
                &["Who", "When"],
                &[
                    "People",
                    "Events",
                    "Years observed",
                    "Per 100 people a year",
                    "Range, 95 %",
                    "After over before",
                    "Its range",
                    "Expected by itself",
                ],
            ),
            rows: rows.collect(),
        },
        note: note.to_owned(),
        title,
    }
}

fn cells(group: &Group, row: Row<'_>) -> Vec<String> {
    let is_after = row.text("window") == "after";
    let of_after = |shown: String| if is_after { shown } else { "see after".to_owned() };
    let ratio = |column: &str| match row.text("ratio_marker") {
        _ if row.number(column).is_some() => row.shown(column),
        "c" => "hidden".to_owned(),
        _ => "does not apply".to_owned(),
    };
    let limits = ["ratio_lower_95", "ratio_upper_95"];
    let range = if row.number(limits[0]).is_some() {
        format!("{} to {}", row.shown(limits[0]), row.shown(limits[1]))
    } else {
        ratio(limits[0])
    };
    let expected = "expected_rate_per_100_person_years";
    let expected = if row.number(expected).is_some() { row.shown(expected) } else { "not asked".to_owned() };
    vec![
        group.title.clone(),
        if is_after { "year after" } else { "year before" }.to_owned(),
        row.shown("people"),
        row.shown("events"),
        row.shown("person_years"),
        row.shown(RATE),
        row.interval(["lower_95", "upper_95"]),
        of_after(ratio("after_before_ratio")),
        of_after(range),
        of_after(expected),
    ]
}
