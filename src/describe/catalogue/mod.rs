//! Catalogues: metrics, sources, columns, checks and errors, each entry read from its declaration.
//!
//! One file a topic; a topic is a line in [`Topic::ALL`] and a function from [`Facts`] to entries.

mod checks;
mod columns;
mod entry;
mod errors;
mod metrics;
mod sources;

pub use entry::Entry;

use super::page::{Block, Format, write};
use super::security::Facts;
use crate::error::{self, Error};
use crate::settings::did_you_mean;

/// What there is a catalogue of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// Every figure.
    Metrics,
    /// Every table that is read, with its headings.
    Sources,
    /// Every column of the canonical tables.
    Columns,
    /// Everything that can be wrong with a cell, a row or a file.
    Checks,
    /// Every error that ends a run.
    Errors,
}

impl Topic {
    /// Every topic.
    pub const ALL: [Self; 5] = [Self::Metrics, Self::Sources, Self::Columns, Self::Checks, Self::Errors];

    /// The word that names it.
    pub fn id(self) -> &'static str {
        ["metrics", "sources", "columns", "checks", "errors"][self as usize]
    }

    fn title(self) -> &'static str {
        ["Metrics", "Sources", "Columns", "Checks", "Errors"][self as usize]
    }

    fn about(self) -> &'static str {
        [
            "Every figure that a run computes, in the order of the outputs.",
            "Every table that is read, the headings it is known by, and what becomes of each.",
            "Every column of the canonical tables that extracts become. Those of published tables are described in the metadata file beside each.",
            "Everything that is looked at in a cell, a row or a file, what it does and what to do.",
            "Every error that ends a run, and the exit code it ends with.",
        ][self as usize]
    }

    /// Every entry.
    pub fn entries(self, facts: &Facts<'_>) -> Vec<Entry> {
        match self {
            Self::Metrics => metrics::entries(facts.settings),
            Self::Sources => sources::entries(facts.sources),
            Self::Columns => columns::entries(),
            Self::Checks => checks::entries(),
            Self::Errors => errors::entries(),
        }
    }
}

/// A catalogue, or the part of it that an id names: an entry, or a group of them. On a terminal the whole is one line an
/// entry; in a document every entry is written out.
pub fn page(topic: Topic, facts: &Facts<'_>, id: Option<&str>, format: Format) -> Result<String, Error> {
    let entries = topic.entries(facts);
    let Some(id) = id else {
        let mut blocks = vec![Block::Heading(1, topic.title().to_owned()), Block::text(topic.about())];
        blocks.extend(if format == Format::Markdown { entry::in_full(&entries) } else { entry::in_brief(&entries) });
        return Ok(write(&blocks, format));
    };
    Ok(write(&entry::in_full(&named(topic, entries, id)?), format))
}

/// The same for another program: a JSON array of objects, or one object for one entry.
pub fn json(topic: Topic, facts: &Facts<'_>, id: Option<&str>) -> Result<String, Error> {
    let entries = topic.entries(facts);
    let entries = match id {
        Some(id) => named(topic, entries, id)?,
        None => entries,
    };
    serde_json::to_string_pretty(&entries).map(|text| text + "\n").map_err(Error::silent("write a catalogue"))
}

/// The entries that an id names.
fn named(topic: Topic, entries: Vec<Entry>, id: &str) -> Result<Vec<Entry>, Error> {
    let known: Vec<String> = entries.iter().flat_map(|entry| [entry.id.clone(), entry.group.clone()]).collect();
    let own: Vec<Entry> = entries.into_iter().filter(|entry| entry.id == id || entry.group == id).collect();
    if !own.is_empty() {
        return Ok(own);
    }
    let all = format!("`pathlink describe {}` lists them all", topic.id());
    let fix = did_you_mean(id, known.iter().map(String::as_str), &all);
    Err(Error::new(&error::CATALOGUE, format!("nothing in the catalogue of {} has that name", topic.id()), fix))
}
