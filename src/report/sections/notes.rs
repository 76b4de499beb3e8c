//! Notes: what was counted, how, what is hidden, and from which run it all comes.

use crate::metrics::{ALL, Better, Metric};
use crate::report::model::{Figure, Section, Table, headings};
use crate::report::page::{Context, Tier};
use crate::report::view::Sheets;

/// The section.
pub(crate) fn section(sheets: Sheets<'_>, context: &Context<'_>) -> Section {
    let mut lead = vec![
        "People were found across services by NHS numbers that were turned into keyed codes before anything else; no number is on this page or in the tables.".to_owned(),
    ];
    lead.push(match context.tier {
        Tier::Release => format!(
            "Figures about few people are hidden, and others are rounded, so that nobody can be recognised. Shares are whole percentages of exact numbers. Hidden does not mean nought. A figure that an earlier release showed with another number is marked r in the tables, and named under its table here: revised. Disclosure control: {}.",
            context.disclosure
        ),
        Tier::Internal => "Figures here are exact and about few people. Nothing is hidden or rounded.".to_owned(),
    });
    Section {
        id: "notes",
        title: "Notes, definitions and method",
        lead,
        figures: vec![definitions(sheets), run(context)],
    }
}

/// What each outcome and series on the page counts.
fn definitions(sheets: Sheets<'_>) -> Figure {
    let is_there = |metric: &&&Metric| {
        let table = if metric.better == Better::Neither { "demand" } else { "outcomes" };
        sheets.rows(table).any(|row| row.text("metric_id") == metric.id && row.number("value").is_some())
    };
    let rows = ALL.iter().filter(is_there).map(|metric| {
        let differs = metric.differs.unwrap_or("As published.");
        let published = metric.official_id.map_or_else(|| "ours".to_owned(), |id| format!("{id}: {}", metric.source));
        vec![metric.title.to_owned(), metric.definition.to_owned(), published, differs.to_owned()]
    });
    Figure {
        title: "What is counted".to_owned(),
        sentence: "Each figure follows a published definition where there is one.".to_owned(),
        picture: None,
        table: Table {
            caption: "Definitions".to_owned(),
            headings: headings(&["Figure", "Definition", "Published as", "How it differs"], &[]),
            rows: rows.collect(),
        },
        note: String::new(),
    }
}

/// What would be needed to make the page again.
fn run(context: &Context<'_>) -> Figure {
    let rows = [
        ("Run", context.run.to_owned()),
        ("Program", format!("pathlink {}", env!("CARGO_PKG_VERSION"))),
        ("Configuration (SHA-256)", context.config_sha256.to_owned()),
        ("Deprivation", context.deprivation.to_owned()),
        ("Key's check value", context.key_check_value.to_owned()),
    ];
    Figure {
        title: "Where this page comes from".to_owned(),
        sentence: "The same inputs, settings and program give the same page again.".to_owned(),
        picture: None,
        table: Table {
            caption: "This run".to_owned(),
            headings: headings(&["What", "Value"], &[]),
            rows: rows.into_iter().map(|(what, value)| vec![what.to_owned(), value]).collect(),
        },
        note: String::new(),
    }
}
