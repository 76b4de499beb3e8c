//! Pages: blocks of text written for a terminal, as Markdown or as JSON.

use std::collections::BTreeMap;

use serde::Serialize;

use super::wrap::{wrap, wrap_at};
use crate::error::Error;

/// How a page is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For a terminal: at most 100 columns.
    Text,
    /// For a document.
    Markdown,
}

/// A part of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A heading of the first, second or third rank.
    Heading(u8, String),
    /// A paragraph.
    Text(String),
    /// A list; in order where numbers matter.
    List(Vec<String>),
    /// A list whose order matters.
    Steps(Vec<String>),
    /// A table: headings, then rows of as many cells.
    Table(Vec<&'static str>, Vec<Vec<String>>),
    /// Lines to copy as they are.
    Code(Vec<String>),
    /// Lines of SQL to copy as they are.
    Sql(Vec<String>),
}

impl Block {
    /// A paragraph.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A list.
    pub fn list<T: Into<String>>(items: impl IntoIterator<Item = T>) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }

    /// A list whose order matters.
    pub fn steps<T: Into<String>>(items: impl IntoIterator<Item = T>) -> Self {
        Self::Steps(items.into_iter().map(Into::into).collect())
    }
}

/// The blocks as one text, with its last line end.
pub fn write(blocks: &[Block], format: Format) -> String {
    let mut lines: Vec<String> = Vec::new();
    for block in blocks {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        match format {
            Format::Text => text(block, &mut lines),
            Format::Markdown => markdown(block, &mut lines),
        }
    }
    lines.join("\n") + "\n"
}

/// The blocks for a program: a list of sections in their order, each with its heading, paragraphs, items and rows of tables by
/// their headings.
pub fn json(blocks: &[Block]) -> Result<String, Error> {
    let mut sections: Vec<Section<'_>> = Vec::new();
    for block in blocks {
        if let Block::Heading(rank, heading) = block {
            sections.push(Section { heading, rank: *rank, ..Section::default() });
            continue;
        }
        if sections.is_empty() {
            sections.push(Section::default());
        }
        let own = sections.len() - 1;
        let section = &mut sections[own];
        match block {
            Block::Heading(..) => {}
            Block::Text(text) => section.text.push(text),
            Block::List(items) | Block::Steps(items) | Block::Code(items) | Block::Sql(items) => {
                section.items.extend(items.iter().map(String::as_str));
            }
            Block::Table(headings, rows) => {
                let row = |row: &'_ Vec<String>| headings.iter().copied().zip(row.iter().cloned()).collect();
                section.tables.push(rows.iter().map(row).collect());
            }
        }
    }
    serde_json::to_string_pretty(&sections).map(|text| text + "\n").map_err(Error::silent("write a page"))
}

/// What stands under one heading.
#[derive(Debug, Default, Serialize)]
struct Section<'a> {
    heading: &'a str,
    rank: u8,
    text: Vec<&'a str>,
    items: Vec<&'a str>,
    tables: Vec<Vec<BTreeMap<&'a str, String>>>,
}

fn text(block: &Block, lines: &mut Vec<String>) {
    match block {
        Block::Heading(rank, title) => {
            let rule = if *rank == 1 { "=" } else { "-" };
            lines.push(title.clone());
            if *rank < 3 {
                lines.push(rule.repeat(title.chars().count()));
            }
        }
        Block::Text(text) => lines.extend(wrap("", &plain(text))),
        Block::List(items) => items.iter().for_each(|item| lines.extend(wrap("- ", &plain(item)))),
        Block::Steps(items) => {
            (1..).zip(items).for_each(|(number, item)| lines.extend(wrap(&format!("{number}. "), &plain(item))));
        }
        Block::Table(headings, rows) => {
            // Cells hold sentences, so each row becomes a paragraph: its first cell, and below it the others by name.
            for (at, row) in rows.iter().enumerate() {
                if at > 0 {
                    lines.push(String::new());
                }
                for (place, (heading, cell)) in headings.iter().zip(row).enumerate() {
                    let first = if place == 0 { String::new() } else { format!("    {heading}: ") };
                    if place == 0 || !cell.is_empty() {
                        lines.extend(wrap_at(if place == 0 { 0 } else { 8 }, &first, &plain(cell)));
                    }
                }
            }
        }
        Block::Code(code) | Block::Sql(code) => {
            lines.extend(code.iter().map(|line| format!("    {line}").trim_end().to_owned()));
        }
    }
}

/// A terminal shows no marks of Markdown.
fn plain(text: &str) -> String {
    text.replace("**", "")
}

fn markdown(block: &Block, lines: &mut Vec<String>) {
    match block {
        Block::Heading(rank, title) => lines.push(format!("{} {title}", "#".repeat(usize::from(*rank)))),
        Block::Text(text) => lines.push(text.clone()),
        Block::List(items) => lines.extend(items.iter().map(|item| format!("- {item}"))),
        Block::Steps(items) => lines.extend((1..).zip(items).map(|(number, item)| format!("{number}. {item}"))),
        Block::Table(headings, rows) => {
            let row = |cells: &mut dyn Iterator<Item = String>| {
                let cells = cells.map(|cell| cell.replace('|', "\\|"));
                format!("| {} |", cells.collect::<Vec<_>>().join(" | "))
            };
            lines.push(row(&mut headings.iter().map(|heading| (*heading).to_owned())));
            lines.push(row(&mut headings.iter().map(|_| "---".to_owned())));
            lines.extend(rows.iter().map(|cells| row(&mut cells.iter().cloned())));
        }
        Block::Code(code) | Block::Sql(code) => {
            let language = if matches!(block, Block::Sql(_)) { "sql" } else { "toml" };
            lines.push(format!("```{language}"));
            lines.extend(code.iter().cloned());
            lines.push("```".to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_rows_in_a_document_and_paragraphs_on_a_terminal() {
        let cells = vec![vec!["store".to_owned(), "a | b".to_owned(), String::new()]];
        let blocks = [Block::Heading(2, "Kept".to_owned()), Block::Table(vec!["what", "who", "why"], cells)];
        assert_eq!(write(&blocks, Format::Text), "Kept\n----\n\nstore\n    who: a | b\n");
        let document = "## Kept\n\n| what | who | why |\n| --- | --- | --- |\n| store | a \\| b |  |\n";
        assert_eq!(write(&blocks, Format::Markdown), document);
        let whole: serde_json::Value = serde_json::from_str(&json(&blocks).unwrap()).unwrap();
        assert_eq!(whole[0]["heading"], "Kept");
        assert_eq!(whole[0]["tables"][0][0], serde_json::json!({"what": "store", "who": "a | b", "why": ""}));
    }
}
