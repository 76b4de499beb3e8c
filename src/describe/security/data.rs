//! What is read, dropped and kept: read from the source configs and the schema, column by column.

use std::collections::BTreeMap;

use super::Facts;
use crate::describe::page::Block;
use crate::schema::{Kind, Source, Table};
use crate::sources::{ColumnPlan, Exclusion, TablePlan};

/// What becomes of a column's cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fate {
    /// Turned into a keyed token; the value is dropped while its row is read.
    Token,
    /// Kept as less than it was.
    Reduced,
    /// Kept as it was sent.
    Kept,
}

/// The fate of a column, and in what form it is kept.
pub(super) fn fate(column: &ColumnPlan) -> (Fate, String) {
    match column.column.kind {
        Kind::NhsNumber => (Fate::Token, "NHS number".to_owned()),
        Kind::LocalId | Kind::ParentId(Table::PersonRecords) => (Fate::Token, "local patient number".to_owned()),
        Kind::NationalPseudonym => (Fate::Token, "a national body's pseudonym".to_owned()),
        kind if kind.is_token() => (Fate::Token, "record id".to_owned()),
        Kind::Field(_) => {
            let name = column.column.name.replace('_', " ");
            (Fate::Reduced, format!("{name}, as half of a keyed token, for linkage only"))
        }
        Kind::MatchKey => (Fate::Reduced, "match key, as half of a keyed token, for linkage only".to_owned()),
        Kind::Postcode => (Fate::Reduced, "deprivation quintile of the area".to_owned()),
        Kind::BirthDate => (Fate::Reduced, "day in the store, month in restricted/, age in years elsewhere".to_owned()),
        _ => (Fate::Kept, String::new()),
    }
}

/// The columns of a table that are read from its files.
pub(super) fn columns(plan: &TablePlan) -> impl Iterator<Item = &ColumnPlan> {
    plan.columns.iter().chain(&plan.details).filter(|column| column.value.is_none())
}

/// The headings of a fate, each with what it becomes.
fn line(plan: &TablePlan, wanted: Fate) -> Option<String> {
    let mut by_heading: BTreeMap<usize, (&str, Vec<String>)> = BTreeMap::new();
    let all: Vec<&ColumnPlan> = columns(plan).collect();
    for column in &all {
        let (fate, form) = fate(column);
        if fate == wanted {
            let first = all.iter().position(|other| other.heading == column.heading).unwrap_or_default();
            by_heading.entry(first).or_insert_with(|| (&column.heading, Vec::new())).1.push(form);
        }
    }
    let show = |(heading, mut forms): (&str, Vec<String>)| {
        forms.dedup();
        forms.retain(|form| !form.is_empty());
        if forms.is_empty() { heading.to_owned() } else { format!("{heading} ({})", forms.join("; ")) }
    };
    let shown: Vec<String> = by_heading.into_values().map(show).collect();
    if shown.is_empty() { None } else { Some(shown.join(", ")) }
}

fn exclusion(rule: &Exclusion) -> String {
    format!("{} ({})", rule.headings.first().map_or("", String::as_str), rule.reason)
}

/// A row of the table of tables.
fn row(plan: &TablePlan) -> Vec<String> {
    let ignored: Vec<&str> = plan.ignored.iter().filter_map(|one| one.headings.first()).map(String::as_str).collect();
    let left_out: Vec<String> = plan.exclusions.iter().map(exclusion).collect();
    let is_column = |heading: &&String| columns(plan).any(|column| column.heading == **heading);
    let provider =
        plan.provider.iter().filter(|heading| !is_column(heading)).map(|heading| format!("{heading} (provider)"));
    let kept: Vec<String> = provider.chain(line(plan, Fate::Kept)).collect();
    vec![
        format!("{} becomes {}", plan.name, plan.table.id()),
        line(plan, Fate::Token).unwrap_or_default(),
        line(plan, Fate::Reduced).unwrap_or_default(),
        kept.join(", "),
        left_out.join(", "),
        ignored.join(", "),
    ]
}

/// How many headings of a source meet each fate.
pub(super) fn counts(facts: &Facts<'_>, source: Source) -> [usize; 3] {
    let mut counts = [0; 3];
    for plan in facts.sources.tables.iter().filter(|plan| plan.source == source) {
        columns(plan).for_each(|column| counts[fate(column).0 as usize] += 1);
    }
    counts
}

pub(super) fn blocks(facts: &Facts<'_>) -> Vec<Block> {
    let mut blocks = vec![
        Block::Heading(2, "What is read, dropped and kept".to_owned()),
        Block::list([
            "**Read:** only columns that a source config names. Any other column is dropped unread past its heading, and its heading is listed in the data-quality report.",
            "**Turned into tokens:** NHS numbers, local patient numbers and record ids, while their row is read: the first 16 bytes of an HMAC-SHA-256 under a key of its own for each purpose, derived from the project's key. The value itself is written nowhere. A missing or invalid value gives no token.",
            "**Reduced:** a postcode to the deprivation quintile of its area; names, postcode district and other fields of identity to halves of keyed tokens that serve linkage alone, are held in memory while people are linked, and are written nowhere; a date of birth as listed below.",
            "**Kept:** dates and codes of care, as sent. With them a person can be singled out by somebody who knows when they were where: pseudonymised data are personal data.",
            "**Rejected rows:** file, line, column, check and the shape of the cell, such as `D{10}`; never its value.",
            "**Network:** none. The program opens no connection, and the build refuses libraries that could.",
        ]),
    ];
    for source in facts.named() {
        blocks.push(Block::Heading(3, format!("{} ({})", source.title(), source.id())));
        let tables = facts.sources.tables.iter().filter(|plan| plan.source == source);
        let headings = vec![
            "table",
            "into tokens",
            "reduced",
            "kept as sent",
            "decides which rows are left out",
            "known, never kept",
        ];
        blocks.push(Block::Table(headings, tables.map(row).collect()));
    }
    blocks
}
