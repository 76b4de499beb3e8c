//! `pathlink describe`: what the program knows of itself.

use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand, ValueEnum};

use super::{Global, say, tell};
use crate::describe::catalogue::{self, Topic};
use crate::describe::{self, Facts, Part, scale, schema, security};
use crate::domain::period::Period;
use crate::economics::UnitCosts;
use crate::economics::case::items;
use crate::economics::case::schedules::Schedules;
use crate::error::{self, Error};
use crate::settings::{self, Settings};
use crate::sources::Sources;

#[derive(Debug, Subcommand)]
pub(super) enum DescribeCommand {
    /// What is read, dropped and kept; who holds what; leaks, flows, texts for an assessment and an agreement; withdrawal.
    Security(SecurityArgs),
    /// Every figure: definition, official id, how it differs, where it is proved.
    Metrics(CatalogueArgs),
    /// Every table that is read: files, headings and what becomes of them.
    Sources(CatalogueArgs),
    /// Every column of the canonical tables.
    Columns(CatalogueArgs),
    /// Every check of a cell, a row or a file.
    Checks(CatalogueArgs),
    /// Every error and its exit code.
    Errors(CatalogueArgs),
    /// JSON Schemas of the configuration files, for editors.
    Schema(SchemaArgs),
    /// What a business case is worked out by, every formula in words.
    BusinessCase(PageArgs),
    /// How linked tables are handed to a data platform, and the main figures in SQL over them.
    Scale(ScaleArgs),
}

#[derive(Debug, Args)]
pub(super) struct PageArgs {
    /// How the page is written.
    #[arg(long, value_enum, default_value_t = CatalogueFormat::Text)]
    format: CatalogueFormat,
}

#[derive(Debug, Args)]
pub(super) struct SchemaArgs {
    /// One kind of file; else all of them.
    #[arg(value_name = "KIND", value_parser = PossibleValuesParser::new(schema::KINDS))]
    kind: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct ScaleArgs {
    /// The SQL alone, for this engine.
    #[arg(long, value_enum, value_name = "ENGINE")]
    engine: Option<Engine>,
    /// The folder of a run that holds the linked tables.
    #[arg(long, value_name = "DIR", default_value = "restricted/linked", requires = "engine")]
    linked: String,
    /// A folder in which they are first written again, partitioned by year.
    #[arg(long, value_name = "DIR", requires = "engine")]
    lake: Option<String>,
    /// The day up to which data were used; that of the settings if not said.
    #[arg(long, value_name = "DATE", requires = "engine", value_parser = super::span::day)]
    as_of: Option<i32>,
    /// How the page is written.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// Who runs the SQL.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Engine {
    /// `DuckDB`.
    Duckdb,
    /// Spark and Databricks.
    Spark,
}

#[derive(Debug, Args)]
pub(super) struct SecurityArgs {
    /// One part alone.
    #[arg(value_name = "PART", value_parser = PossibleValuesParser::new(Part::ALL.map(Part::id)))]
    part: Option<String>,
    /// How it is written.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Args)]
pub(super) struct CatalogueArgs {
    /// One entry, or one group of them; else all of them.
    #[arg(value_name = "ID")]
    id: Option<String>,
    /// How it is written.
    #[arg(long, value_enum, default_value_t = CatalogueFormat::Text)]
    format: CatalogueFormat,
}

/// How a page is written.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Format {
    /// For a terminal.
    Text,
    /// For a document.
    Markdown,
}

/// How a catalogue, or the page on business cases, is written.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum CatalogueFormat {
    /// For a terminal.
    Text,
    /// For a document.
    Markdown,
    /// For a program.
    Json,
}

/// Prints a page.
pub(super) fn describe(global: &Global, command: &DescribeCommand) -> Result<(), Error> {
    let settings = settings(global)?;
    let sources = Sources::of(&settings)?;
    let facts = Facts { settings: &settings, sources: &sources };
    let text = match command {
        DescribeCommand::Security(arguments) => security_page(&facts, arguments),
        DescribeCommand::Metrics(arguments) => catalogue_page(&facts, Topic::Metrics, arguments)?,
        DescribeCommand::Sources(arguments) => catalogue_page(&facts, Topic::Sources, arguments)?,
        DescribeCommand::Columns(arguments) => catalogue_page(&facts, Topic::Columns, arguments)?,
        DescribeCommand::Checks(arguments) => catalogue_page(&facts, Topic::Checks, arguments)?,
        DescribeCommand::Errors(arguments) => catalogue_page(&facts, Topic::Errors, arguments)?,
        DescribeCommand::Schema(arguments) => schema::text(arguments.kind.as_deref())?,
        DescribeCommand::BusinessCase(arguments) => business_case_page(&facts, arguments)?,
        DescribeCommand::Scale(arguments) => scale_page(&settings, arguments)?,
    };
    tell(text.trim_end());
    Ok(())
}

fn scale_page(settings: &Settings, arguments: &ScaleArgs) -> Result<String, Error> {
    let Some(engine) = arguments.engine else { return Ok(describe::write(&scale::page(), arguments.format.into())) };
    let as_of = arguments.as_of.or_else(|| settings.pinned_as_of()).ok_or_else(|| {
        Error::new(
            &error::CONFIG_VALUE,
            "the settings pin no `as_of`",
            "give the day of the run's data with --as-of DATE",
        )
    })?;
    let engine = match engine {
        Engine::Duckdb => scale::Engine::DuckDb,
        Engine::Spark => scale::Engine::Spark,
    };
    let place = scale::Place { linked: &arguments.linked, lake: arguments.lake.as_deref() };
    Ok(scale::script(engine, place, &Period::quarters_to(as_of, settings.periods.quarters)))
}

impl From<Format> for describe::Format {
    fn from(format: Format) -> Self {
        match format {
            Format::Text => Self::Text,
            Format::Markdown => Self::Markdown,
        }
    }
}

fn business_case_page(facts: &Facts<'_>, arguments: &PageArgs) -> Result<String, Error> {
    let schedules = Schedules::load(facts.settings)?;
    let costs = UnitCosts::load(facts.settings, &facts.sources.values)?;
    let blocks = describe::business_case::page(&schedules, &items::items(&costs));
    match arguments.format {
        CatalogueFormat::Text => Ok(describe::write(&blocks, describe::Format::Text)),
        CatalogueFormat::Markdown => Ok(describe::write(&blocks, describe::Format::Markdown)),
        CatalogueFormat::Json => describe::json(&blocks),
    }
}

fn security_page(facts: &Facts<'_>, arguments: &SecurityArgs) -> String {
    let part = arguments.part.as_deref().and_then(Part::from_id);
    describe::write(&security::page(facts, part), arguments.format.into())
}

fn catalogue_page(facts: &Facts<'_>, topic: Topic, arguments: &CatalogueArgs) -> Result<String, Error> {
    let id = arguments.id.as_deref();
    match arguments.format {
        CatalogueFormat::Text => catalogue::page(topic, facts, id, describe::Format::Text),
        CatalogueFormat::Markdown => catalogue::page(topic, facts, id, describe::Format::Markdown),
        CatalogueFormat::Json => catalogue::json(topic, facts, id),
    }
}

/// The project's settings, or the defaults where there are none: the program can be read about before there is a project.
fn settings(global: &Global) -> Result<Settings, Error> {
    if let Ok(path) = settings::find(global.config.as_deref()) {
        return settings::load(&path);
    }
    if !global.quiet {
        say("there is no pathlink.toml here: this is what holds for any project");
    }
    Ok(Settings::default())
}
