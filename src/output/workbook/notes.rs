//! Notes: what is said once of several tables, and by number above each.

use super::About;
use super::part::{FIGURES, MOST_ROWS, Part};
use crate::error::grouped;

/// A note, and the tables it is about.
pub(super) struct Note {
    /// Its words.
    pub(super) words: String,
    /// The names of the tables.
    pub(super) tables: Vec<&'static str>,
}

/// The notes of a workbook; the first is number 1.
pub(super) fn of(parts: &[Part<'_>], empty: &[&str], about: &About<'_>) -> Vec<Note> {
    let rules = about.provenance.rules;
    let note = |words: String, is_about: &dyn Fn(&Part<'_>) -> bool| Note {
        words,
        tables: parts.iter().filter(|part| is_about(part)).map(|part| part.sheet.name).collect(),
    };
    let is_figure = |part: &Part<'_>| part.has("marker") || part.has("people");
    let mut notes = vec![
        note(
            format!(
                "Figures about fewer than {} people are hidden, and counts are rounded to the nearest {}, so that nobody can be recognised. Hidden does not mean nought. Disclosure control: {}.",
                rules.threshold, rules.round_to, about.provenance.disclosure
            ),
            &is_figure,
        ),
        note(
            format!(
                "Only figures that are not divided further are here. The same figures by provider, age band, sex, ethnic group, deprivation, team and referral source are in {}.",
                FIGURES.map(|name| format!("{name}.csv")).join(" and ")
            ),
            &|part| FIGURES.contains(&part.sheet.name),
        ),
        note(
            "A row marked [r] is revised: an earlier release showed another numerator, denominator, number of people or value in it. A row that is hidden, or without a percentage, says that first.".to_owned(),
            &|part| FIGURES.contains(&part.sheet.name) && part.is_revised(),
        ),
        note("Lower and upper limits are those of the 95 % interval.".to_owned(), &|part| part.has("lower_95")),
        note(
            "A change between the year before and the year after is a change and not an effect: people are often referred when their use is high, and it falls by itself. The value of activity is not a saving.".to_owned(),
            &|part| part.has("window") || part.has("design"),
        ),
        note(pathways(about), &|part| part.has("pathway")),
        note(
            format!("There are more rows than a worksheet should hold: the last {} are here, and all are in the CSV file.", grouped(MOST_ROWS as u64)),
            &|part| part.is_cut,
        ),
    ];
    notes.retain(|note| !note.tables.is_empty());
    if !empty.is_empty() {
        let words = format!("Tables without a row in this release, which have no worksheet: {}.", empty.join(", "));
        notes.push(Note { words, tables: Vec::new() });
    }
    notes
}

/// What each pathway's id stands for.
fn pathways(about: &About<'_>) -> String {
    let named: Vec<String> = about.pathways.iter().map(|[id, title]| format!("{id} is {title}")).collect();
    if named.is_empty() {
        return "Pathways: everyone is all people.".to_owned();
    }
    format!("Pathways: everyone is all people; {}.", named.join("; "))
}

/// `[note 1]`.
pub(super) fn mark(at: usize) -> String {
    format!("[note {}]", at + 1)
}

/// The line above a table that says which notes are about it.
pub(super) fn line(notes: &[Note], table: &str) -> String {
    let own = notes.iter().enumerate().filter(|(_, note)| note.tables.contains(&table));
    let marks: Vec<String> = own.map(|(at, _)| mark(at)).collect();
    if marks.is_empty() {
        return "No note is about this table.".to_owned();
    }
    format!("Notes about this table are on the worksheet Notes: {}.", marks.join(" "))
}
