//! Entries: one thing with an id, a title and what else is known of it.

use std::collections::BTreeMap;

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::super::page::Block;

/// One thing of a catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it is asked for by.
    pub id: String,
    /// What it stands under.
    pub group: String,
    /// What it is, in a line.
    pub title: String,
    /// What else is known, by name; unknown things are left out.
    pub facts: Vec<(&'static str, String)>,
    /// Its parts, such as the columns of a table: headings, then rows.
    pub table: Option<(Vec<&'static str>, Vec<Vec<String>>)>,
}

impl Entry {
    /// An entry without facts.
    pub fn new(id: impl Into<String>, group: impl Into<String>, title: impl Into<String>) -> Self {
        Self { id: id.into(), group: group.into(), title: title.into(), facts: Vec::new(), table: None }
    }

    /// With something that is known of it; an empty text is left out.
    #[must_use]
    pub fn with(mut self, name: &'static str, text: impl Into<String>) -> Self {
        let text = text.into();
        if !text.is_empty() {
            self.facts.push((name, text));
        }
        self
    }
}

impl Serialize for Entry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &self.id)?;
        map.serialize_entry("group", &self.group)?;
        map.serialize_entry("title", &self.title)?;
        for (name, text) in &self.facts {
            map.serialize_entry(&name.replace(' ', "_"), text)?;
        }
        if let Some((headings, rows)) = &self.table {
            let row = |cells: &Vec<String>| -> BTreeMap<String, String> {
                headings.iter().map(|heading| heading.replace(' ', "_")).zip(cells.iter().cloned()).collect()
            };
            map.serialize_entry("parts", &rows.iter().map(row).collect::<Vec<_>>())?;
        }
        map.end()
    }
}

/// One line an entry, group by group.
pub(super) fn in_brief(entries: &[Entry]) -> Vec<Block> {
    let mut blocks = Vec::new();
    for group in entries.chunk_by(|one, next| one.group == next.group) {
        blocks.push(Block::Heading(2, group[0].group.clone()));
        blocks.push(Block::list(group.iter().map(|entry| format!("{}: {}", entry.id, entry.title))));
    }
    blocks
}

/// Every entry with all that is known of it, group by group.
pub(super) fn in_full(entries: &[Entry]) -> Vec<Block> {
    let mut blocks = Vec::new();
    for group in entries.chunk_by(|one, next| one.group == next.group) {
        blocks.push(Block::Heading(2, group[0].group.clone()));
        for entry in group {
            blocks.push(Block::Heading(3, entry.id.clone()));
            blocks.push(Block::text(entry.title.clone()));
            if !entry.facts.is_empty() {
                blocks.push(Block::list(entry.facts.iter().map(|(name, text)| format!("**{name}**: {text}"))));
            }
            if let Some((headings, rows)) = entry.table.clone().filter(|(_, rows)| !rows.is_empty()) {
                blocks.push(Block::Table(headings, rows));
            }
        }
    }
    blocks
}
