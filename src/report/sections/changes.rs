//! What changed since last time. For others: since the quarter before, from the tables they hold; last night's run is no release,
//! and what it showed beside tonight's could tell more than either.

use crate::report::model::{Figure, Section, Table, headings};
use crate::report::page::{Context, Tier};
use crate::report::view::{Row, Sheets};

/// Its place on the page.
pub(crate) const ID: &str = "changes";
/// Its heading.
pub(crate) const TITLE: &str = "What changed since last time";
/// All that it says inside after a night on which nothing changed.
pub(crate) const NOTHING: &str = "Every finding reads as it did in the run before.";

/// The section: for others since the quarter before, inside since the run before.
pub(crate) fn section(sheets: Sheets<'_>, context: &Context<'_>) -> Section {
    let (lead, figure) = match (context.tier, context.previous) {
        (Tier::Release, _) => ("", Some(since_last_quarter(sheets))),
        (Tier::Internal, None) => ("There is no earlier run to compare with.", None),
        (Tier::Internal, Some(previous)) => match changed(sheets, previous) {
            rows if rows.is_empty() => (NOTHING, None),
            rows => ("", Some(since_last_run(rows))),
        },
    };
    Section {
        id: ID,
        title: TITLE,
        lead: if lead.is_empty() { Vec::new() } else { vec![lead.to_owned()] },
        figures: figure.into_iter().collect(),
    }
}

/// Figures beside those of the quarter before.
fn since_last_quarter(sheets: Sheets<'_>) -> Figure {
    let says_nothing =
        |row: &Row<'_>| ["", "does not apply", "not known"].contains(&row.text("compared_with_last_period"));
    let rows = sheets.rows("funder_summary").filter(|row| !says_nothing(row));
    let cells = |row: Row<'_>| {
        ["measure", "group", "period", "compared_with_last_period"].map(|name| row.text(name).to_owned()).to_vec()
    };
    let rows: Vec<Vec<String>> = rows.map(cells).collect();
    let sentence = match rows.len() {
        0 => "No figure can be compared with that of the quarter before.",
        _ => "Of rounded figures: a small change may be no more than rounding.",
    };
    Figure {
        title: "Since the quarter before".to_owned(),
        sentence: sentence.to_owned(),
        picture: None,
        table: Table {
            caption: "Change since the quarter before".to_owned(),
            headings: headings(&["Measure", "Who", "When", "Change"], &[]),
            rows,
        },
        note: String::new(),
    }
}

fn since_last_run(rows: Vec<Vec<String>>) -> Figure {
    Figure {
        title: "Findings that read otherwise than in the run before".to_owned(),
        sentence: "New data, data sent again, other settings or another version of the program can be the reason."
            .to_owned(),
        picture: None,
        table: Table {
            caption: "Findings then and now".to_owned(),
            headings: headings(&["Measure", "Who", "Then", "Now"], &[]),
            rows,
        },
        note: String::new(),
    }
}

/// Measures whose sentence or period is another, or that are new.
fn changed(sheets: Sheets<'_>, previous: &[Vec<String>]) -> Vec<Vec<String>> {
    let Some((names, before)) = previous.split_first() else { return Vec::new() };
    let at = |name: &str| names.iter().position(|known| known == name);
    let columns = ["measure", "group", "period", "plain_english"].map(at);
    let cell = |row: &[String], column: usize| columns[column].and_then(|at| row.get(at)).cloned().unwrap_or_default();
    let mut rows = Vec::new();
    for row in sheets.rows("funder_summary") {
        let [measure, group, period, sentence] =
            ["measure", "group", "period", "plain_english"].map(|name| row.text(name));
        let then = before.iter().find(|old| cell(old, 0) == measure && cell(old, 1) == group);
        let is_same = then.is_some_and(|old| cell(old, 2) == period && cell(old, 3) == sentence);
        if !is_same {
            let then = then.map_or_else(
                || "not among the findings".to_owned(),
                |old| format!("{} ({})", cell(old, 3), cell(old, 2)),
            );
            rows.push(vec![measure.to_owned(), group.to_owned(), then, format!("{sentence} ({period})")]);
        }
    }
    rows
}
