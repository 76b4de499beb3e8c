//! Security: what an information-governance lead reads in ten minutes, from the declarations and settings themselves.
//!
//! One file a part; a part is a line in [`Part::ALL`] and a function from [`Facts`] to blocks.

mod agreement;
mod custody;
mod data;
mod dpia;
mod faults;
mod flows;
mod leaks;
mod withdrawal;

use super::page::Block;
use crate::schema::Source;
use crate::settings::Settings;
use crate::sources::Sources;

/// What every part is written from.
pub struct Facts<'a> {
    /// The settings, with what they say of governance.
    pub settings: &'a Settings,
    /// The source configs.
    pub sources: &'a Sources,
}

impl Facts<'_> {
    /// The sources whose extracts the settings name; all of them where they name none.
    fn named(&self) -> Vec<Source> {
        let named: Vec<Source> = self.settings.sources_named().collect();
        if named.is_empty() { Source::ALL.to_vec() } else { named }
    }
}

/// A part of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// What is read, dropped and kept.
    Data,
    /// Who holds what.
    Custody,
    /// What each leak exposes, and what to do after one.
    Leaks,
    /// Every flow with its legal basis, opt-out rule and retention.
    Flows,
    /// Text for a data-protection impact assessment.
    Dpia,
    /// A one-page agreement for a practice or charity.
    Agreement,
    /// How a person is withdrawn.
    Withdrawal,
    /// What a run leaves that is stopped anywhere.
    Faults,
}

impl Part {
    /// Every part, in the order of the page.
    pub const ALL: [Self; 8] = [
        Self::Data,
        Self::Custody,
        Self::Leaks,
        Self::Flows,
        Self::Dpia,
        Self::Agreement,
        Self::Withdrawal,
        Self::Faults,
    ];

    /// The word that names it.
    pub fn id(self) -> &'static str {
        ["data", "custody", "leaks", "flows", "dpia", "agreement", "withdrawal", "faults"][self as usize]
    }

    /// The part with this name.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.id() == id)
    }

    fn blocks(self, facts: &Facts<'_>) -> Vec<Block> {
        match self {
            Self::Data => data::blocks(facts),
            Self::Custody => custody::blocks(facts),
            Self::Leaks => leaks::blocks(facts),
            Self::Flows => flows::blocks(facts),
            Self::Dpia => dpia::blocks(facts),
            Self::Agreement => agreement::blocks(facts),
            Self::Withdrawal => withdrawal::blocks(facts),
            Self::Faults => faults::blocks(),
        }
    }
}

/// The whole page, or one part of it.
pub fn page(facts: &Facts<'_>, part: Option<Part>) -> Vec<Block> {
    if let Some(part) = part {
        return part.blocks(facts);
    }
    let missing = flows::missing(facts);
    let mut blocks = vec![
        Block::Heading(1, "Security and governance".to_owned()),
        Block::text(format!(
            "Written by pathlink {} from its own declarations, the source configs and the settings. No extract and no key was \
             read. It states what the program does and asks what only people can say; it is not legal advice.",
            env!("CARGO_PKG_VERSION")
        )),
        Block::text(match missing {
            0 => "Nothing that the settings can say is missing.".to_owned(),
            1 => "1 answer is missing: it is marked MISSING, with the setting that gives it.".to_owned(),
            count => format!("{count} answers are missing: they are marked MISSING, with the settings that give them."),
        }),
    ];
    blocks.extend(Part::ALL.into_iter().flat_map(|part| part.blocks(facts)));
    blocks
}

/// What the settings say, or that they do not and where it belongs.
fn said(text: &str, setting: &str) -> String {
    if text.trim().is_empty() { format!("**MISSING**: set {setting}") } else { text.trim().to_owned() }
}

/// A setting directly under `[governance]`.
fn of_project(text: &str, name: &str) -> String {
    said(text, &format!("{name} under [governance]"))
}

/// A text as a sentence: it ends with a full stop.
fn sentence(text: &str) -> String {
    if text.ends_with('.') { text.to_owned() } else { format!("{text}.") }
}
