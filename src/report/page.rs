//! The page: sections in the order in which a reader asks.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use minijinja::{AutoEscape, Environment, context};
use sha2::{Digest, Sha256};

use super::model::Section;
use super::sections::{before_after, case, changes, cost, demand, effects, findings, notes, outcomes, pathway, trust};
use super::view::Tables;
use crate::disclosure::Sheet;
use crate::error::Error;

const PAGE: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");

/// Whom a page is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tier {
    /// The trust's analysts: exact figures.
    Internal,
    /// Others: figures after disclosure control.
    Release,
}

/// A pathway or comparator, as a page names it.
#[derive(Debug, Clone)]
pub struct Group {
    /// Its id in the tables.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The id of the redesigned pathway that it is compared with; none for one that is redesigned.
    pub compared_with: Option<String>,
}

/// What a page says beside the tables.
pub struct Context<'a> {
    /// Whom it is for.
    pub tier: Tier,
    /// The pathways, in the order of outputs.
    pub groups: &'a [Group],
    /// The day up to which data were used, as an ISO date.
    pub as_of: String,
    /// The run's id.
    pub run: &'a str,
    /// SHA-256 of the configuration.
    pub config_sha256: &'a str,
    /// The key's check value.
    pub key_check_value: &'a str,
    /// Where deprivation comes from and how it is numbered.
    pub deprivation: &'a str,
    /// What disclosure control has and has not done.
    pub disclosure: &'a str,
    /// Whether the people are invented.
    pub is_demonstration: bool,
    /// The summary of the run before, headings first; none where there is none, and none for others, whom last night's
    /// figures did not reach.
    pub previous: Option<&'a [Vec<String>]>,
}

impl Context<'_> {
    /// The title of a pathway; `everyone` for everyone.
    pub(super) fn title<'a>(&'a self, id: &'a str) -> &'a str {
        self.groups.iter().find(|group| group.id == id).map_or(id, |group| group.title.as_str())
    }

    /// The redesigned pathways, each with what it is compared with.
    pub(super) fn redesigned(&self) -> impl Iterator<Item = (&Group, Vec<&Group>)> {
        let own = self.groups.iter().filter(|group| group.compared_with.is_none());
        own.map(|group| {
            let is_beside = |other: &&Group| other.compared_with.as_ref() == Some(&group.id);
            (group, self.groups.iter().filter(is_beside).collect())
        })
    }
}

/// The page of a tier, from its tables.
pub fn page(sheets: &[Sheet], context: &Context<'_>) -> Result<String, Error> {
    let tables = Tables::of(sheets);
    let sheets = &tables;
    let sections = [
        Some(trust::section(sheets)),
        Some(pathway::section(sheets, context)),
        Some(outcomes::section(sheets, context)),
        Some(demand::section(sheets)),
        Some(before_after::section(sheets, context)),
        effects::section(sheets, context),
        Some(cost::section(sheets, context)),
        case::section(sheets),
        Some(changes::section(sheets, context)),
        Some(notes::section(sheets, context)),
    ];
    let sections: Vec<Section> = sections.into_iter().flatten().collect();
    let mut environment = Environment::new();
    environment.set_keep_trailing_newline(true);
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.add_template("page.html", PAGE).map_err(Error::silent("read the report's template"))?;
    let template = environment.get_template("page.html").map_err(Error::silent("read the report's template"))?;
    let page = template.render(context! {
        style => minijinja::Value::from_safe_string(STYLE.to_owned()),
        style_hash => STANDARD.encode(Sha256::digest(STYLE)),
        title => findings::title(sheets, context),
        findings => findings::sentences(sheets, context),
        is_internal => context.tier == Tier::Internal,
        is_demonstration => context.is_demonstration,
        as_of => findings::in_words(&context.as_of),
        run => context.run,
        sections,
    });
    page.map_err(Error::silent("fill the report in"))
}
