//! The pathway: how many came in, who of them is compared, and where they went first.

use crate::report::model::{Figure, Section, Table, headings};
use crate::report::page::{Context, Group};
use crate::report::svg::{Branch, Flow};
use crate::report::view::Sheets;

/// The section.
pub(crate) fn section(sheets: Sheets<'_>, context: &Context<'_>) -> Section {
    let mut figures = Vec::new();
    for (at, group) in context.groups.iter().enumerate() {
        figures.push(stages(sheets, group));
        if group.compared_with.is_none() {
            figures.push(first_steps(sheets, group, at));
        }
    }
    Section {
        id: "pathway",
        title: "Who joined, and where they went",
        lead: vec![
            "Each pathway stands beside usual care: people in the same situation who did not join it. Everyone is in one group at most."
                .to_owned(),
        ],
        figures,
    }
}

/// From people with an event to people analysed.
fn stages(sheets: Sheets<'_>, group: &Group) -> Figure {
    let own = sheets.find("cohort_flow", &[("pathway", &group.id)]);
    let rows = own.iter().map(|row| {
        let reason = row.text("reason");
        let why = if reason.is_empty() { "nobody was left out here" } else { reason };
        vec![row.text("stage").to_owned(), why.to_owned(), row.shown("people"), row.shown("excluded")]
    });
    let analysed = own.iter().find(|row| row.text("stage") == "analysed before and after");
    let sentence = match analysed.filter(|row| row.number("people").is_some()) {
        Some(row) => format!("Use before and after is about {} people.", row.shown("people")),
        None => "How many people the comparison is about cannot be shown at every step.".to_owned(),
    };
    Figure {
        title: format!("{}: from people with an event to people compared", group.title),
        sentence,
        picture: None,
        table: Table {
            caption: format!("Steps to the people compared, {}", group.title),
            headings: headings(&["People", "Why the others are left out"], &["Number", "Left out"]),
            rows: rows.collect(),
        },
        note: String::new(),
    }
}

/// The first service after joining.
fn first_steps(sheets: Sheets<'_>, group: &Group, at: usize) -> Figure {
    let own = sheets.find("flow", &[("pathway", &group.id), ("from_service", "index")]);
    let title = format!("{}: the first service within 90 days of joining", group.title);
    let mut shown: Vec<_> = own.iter().filter(|row| row.number("people").is_some()).collect();
    shown.sort_by(|a, b| b.number("people").partial_cmp(&a.number("people")).unwrap_or(std::cmp::Ordering::Equal));
    let branch = |row: &&crate::report::view::Row<'_>| Branch {
        label: service(row.text("to_service")).to_owned(),
        people: row.number("people").unwrap_or(0.0),
        words: format!("{} people, {}", row.shown("people"), row.with_unit("percent", "", " %")),
    };
    let id = format!("flow-{at}");
    let picture = Flow {
        id: &id,
        title: &title,
        from: &format!("Joined the {}", group.title),
        branches: shown.iter().map(branch).collect(),
    }
    .picture();
    let rows = own.iter().map(|row| {
        let days = if row.number("median_days").is_some() { row.shown("median_days") } else { "not shown".to_owned() };
        vec![service(row.text("to_service")).to_owned(), row.shown("people"), row.with_unit("percent", "", " %"), days]
    });
    let hidden = own.len() - shown.len();
    let sentence = match shown.first() {
        Some(row) => format!(
            "Most often the next service was: {} ({} people).{}",
            service(row.text("to_service")),
            row.shown("people"),
            if hidden > 0 { " Services with few people are not drawn." } else { "" }
        ),
        None => "Too few people went to any one service for it to be shown.".to_owned(),
    };
    Figure {
        sentence,
        picture,
        table: Table {
            caption: format!("First service after joining, {}", group.title),
            headings: headings(&["Service"], &["People", "Share", "Middle number of days"]),
            rows: rows.collect(),
        },
        note: "All later steps are in flow.csv, the commonest sequences in sequences.csv.".to_owned(),
        title,
    }
}

/// A service in words.
fn service(id: &str) -> &str {
    match id {
        "pathway" => "The pathway's own staff",
        "emergency_care" => "A&E",
        "gp" => "General practice",
        "mental_health_team" => "Mental-health team",
        "mental_health_bed" => "Mental-health hospital",
        "talking_therapies" => "NHS Talking Therapies",
        "community" => "Other voluntary sector",
        "moved_out" => "Moved away",
        "died" => "Died",
        "no_further_service" => "No further service",
        other => other,
    }
}
