//! What was found, in short: the title and five sentences, all from the funder's summary.

use crate::domain::day;
use crate::report::page::Context;
use crate::report::view::{Row, Sheets};

/// So many sentences.
const SENTENCES: usize = 5;

/// The title: what happened to the people of the first pathway of which that can be shown.
pub(crate) fn title(sheets: Sheets<'_>, context: &Context<'_>) -> String {
    let changes = changes(sheets, context);
    let first = changes.first().map(|row| said(*row, false));
    first.unwrap_or_else(|| "What happened to people on the redesigned pathways".to_owned())
}

/// Five sentences: who joined, what they used before and after, what became of everyone.
pub(crate) fn sentences(sheets: Sheets<'_>, context: &Context<'_>) -> Vec<String> {
    let shown = |row: &Row<'_>| row.is_shown() && !row.text("plain_english").is_empty();
    let rows: Vec<Row<'_>> = sheets.rows("funder_summary").filter(shown).collect();
    let groups: Vec<String> = context.redesigned().map(|(group, _)| format!("people on the {}", group.title)).collect();
    let of_group = |row: &&Row<'_>| groups.iter().any(|group| row.text("group") == group);
    let joined =
        rows.iter().filter(of_group).filter(|row| row.text("measure").starts_with("People who joined")).take(2);
    let others = rows.iter().filter(|row| row.text("group") == "everyone" && row.number("people").is_some());
    let mut chosen: Vec<String> = joined.map(|row| said(*row, true)).collect();
    chosen.extend(changes(sheets, context).into_iter().skip(1).take(2).map(|row| said(row, false)));
    chosen.extend(others.map(|row| said(*row, true)));
    chosen.truncate(SENTENCES);
    chosen
}

/// What people of the redesigned pathways used before and after, as far as it can be shown.
fn changes<'a>(sheets: Sheets<'a>, context: &Context<'_>) -> Vec<Row<'a>> {
    let groups: Vec<String> = context.redesigned().map(|(group, _)| format!("people on the {}", group.title)).collect();
    let mut rows: Vec<Row<'a>> = sheets
        .rows("funder_summary")
        .filter(|row| row.text("measure").ends_with("before and after joining") && row.is_shown())
        .filter(|row| groups.iter().any(|group| group == row.text("group")))
        .collect();
    // Of each measure the pathways beside each other, in the order of the summary.
    let measures: Vec<&str> = rows.iter().map(|row| row.text("measure")).collect();
    rows.sort_by_key(|row| measures.iter().position(|measure| *measure == row.text("measure")));
    rows
}

/// A row as a sentence after whom it is about and, where wanted, when.
fn said(row: Row<'_>, with_period: bool) -> String {
    let group = row.text("group");
    let whose = (group != "everyone").then(|| group.trim_start_matches("people on the "));
    let when = with_period.then(|| row.text("period"));
    let about: Vec<&str> = whose.into_iter().chain(when).collect();
    format!("{}: {}", about.join(", "), row.text("plain_english"))
}

/// `31 March 2026`.
pub(crate) fn in_words(iso: &str) -> String {
    day::parse_iso(iso.as_bytes()).map_or_else(|| iso.to_owned(), day::in_words)
}
