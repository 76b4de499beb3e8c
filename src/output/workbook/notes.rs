//! Notes: what is said once of several tables, and by number above each.

use super::About;
use super::part::{FIGURES, MOST_ROWS, Part};
use crate::error::grouped;

/// Tables whose limits are those of draws.
const DRAWN: &[&str] = &["psa"];

/// How a business case is worked out, in words, and on which worksheets.
const BUSINESS_CASE: [(&str, &[&str]); 5] = [
    (
        "From people to units. People at full effect: those who begin in a year × the share who take it up × the share of those who stay × how much of the effect there is, added up over all years so far. How much of the effect there is: 1 - lag in the year in which they begin, 1 in the year after it, and each later year × (1 - drop-off) once more. Need: as given, or the rate in the year after over the effect. Effect of a change in the same people: change as found / change expected by itself; that of a comparison enters as it was found. Units each: need × (1 - effect) × (1 - deadweight). Units before bias: people at full effect × units each. Units: units before bias × (1 - optimism bias). The column worked has the same in numbers, and cba_inputs has every number with its source.",
        &["cba_inputs", "cba_lines"],
    ),
    (
        "From units to pounds. Unit cost: price as given × price index × what a scenario multiplies it by. Price index: 1 + the change of prices to each year after that of the price, up to the case's year, one after the other; its source has them. Pounds of a cost before optimism bias: pounds as given × price index. Pounds of a benefit: units × unit cost. Pounds of a cost: pounds before optimism bias × what they are multiplied by × (1 + optimism bias). Present value: pounds × discount factor. The factor of the first year is 1, and each later one is that of the year before over (1 + the discount rate). Fiscal, economic and social: present value × the share of each. Cashable: fiscal × the share that can be taken out of a budget. All pounds are in the prices of the case's year.",
        &["cba_inputs", "cba_lines"],
    ),
    (
        "From lines to the case. Of one scenario, the present values of all costs, and those of all benefits, in cba_lines add up to those in cba_summary. Net present value: benefits - costs. Benefits for each pound of cost: the one over the other. What is paid: costs but those in kind. Net present budget impact: fiscal benefits - what is paid. Fiscal return: fiscal benefits over what is paid. Years until it has paid for itself: until benefits - costs, added up, are above nothing and stay there, a straight line inside the year.",
        &["cba_lines", "cba_summary", "cba_scenarios"],
    ),
    (
        "How sure a business case is. All inputs that have a low and a high in cba_inputs are drawn together 10,000 times: effects, and rates that were found with them, lognormal, shares beta, other numbers gamma. 5 in 100 draws lie below lower 90 and 5 above upper 90, and likewise for the other limits.",
        &["cba_summary", "cba_scenarios", "psa"],
    ),
    (
        "Net present value with one input at the low and at the high end of its interval (tornado), or with effect and unit cost at each of low, central and high (cba_grid), and every other input as in the base case.",
        &["tornado", "cba_grid"],
    ),
];

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
        note("Lower and upper limits are those of the 95 % interval.".to_owned(), &|part| part.has("lower_95") && !DRAWN.contains(&part.sheet.name)),
        note(
            "A change between the year before and the year after is a change and not an effect: people are often referred when their use is high, and it falls by itself. The value of activity is not a saving.".to_owned(),
            &|part| part.has("window") || part.has("design"),
        ),
        note(pathways(about), &|part| part.has("pathway")),
    ];
    notes
        .extend(BUSINESS_CASE.map(|(words, tables)| note(words.to_owned(), &|part| tables.contains(&part.sheet.name))));
    notes.push(note(
        format!(
            "There are more rows than a worksheet should hold: the last {} are here, and all are in the CSV file.",
            grouped(MOST_ROWS as u64)
        ),
        &|part| part.is_cut,
    ));
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
