//! Table plans: a source config checked against the canonical schema, with its code lists loaded.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::code_lists::{self, CodeValues};
use super::code_map::CodeMap;
use super::dialect::Dialect;
use super::precision::Precision;
use super::sentinels::Sentinels;
use super::source_file::{ColumnEntry, EmptyEntry, ExcludeEntry, IgnoredEntry, SourceFile, TableEntry};
use super::{consent, file_pattern, formats};
use crate::domain::scheme::Scheme;
use crate::error::{self, Error};
use crate::schema::{Column, Kind, Source, Table};
use crate::settings::{Settings, did_you_mean, place, toml_error};

const EMBEDDED: [(Source, &str); 5] = [
    (Source::MentalHealth, include_str!("../../config/sources/mental_health.toml")),
    (Source::EmergencyCare, include_str!("../../config/sources/emergency_care.toml")),
    (Source::TalkingTherapies, include_str!("../../config/sources/talking_therapies.toml")),
    (Source::Gp, include_str!("../../config/sources/gp.toml")),
    (Source::Community, include_str!("../../config/sources/community.toml")),
];

/// What an empty cell does to its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Empty {
    /// The row is kept with a null.
    Keep,
    /// The row is kept with a null, and counted: the standard asks for a value.
    Warn,
    /// The row is rejected: the cell is a key or the date of the event.
    Reject,
}

/// What a code that is not in the list becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unknown {
    /// A null, counted as a warning.
    Warn,
    /// A null, because the list names only the codes of interest.
    Blank,
    /// A value of the set that stands for every other code.
    Value(u16),
}

/// One column of an extract and what it becomes.
#[derive(Debug, Clone)]
pub struct ColumnPlan {
    /// The standard's own heading.
    pub heading: String,
    /// Other headings it arrives under.
    pub aliases: Vec<String>,
    /// The canonical column.
    pub column: &'static Column,
    /// The canonical column's position in its table.
    pub position: usize,
    /// Date format; ISO where none is given.
    pub format: String,
    /// Formats tried after the first, in order.
    pub more_formats: Vec<String>,
    /// Dates that stand for none.
    pub sentinels: Sentinels,
    /// Read from so many numbered headings, `heading_01` and on; 0 for the heading itself.
    pub numbered: u8,
    /// Of a cell with several codes parted by commas the first is read.
    pub is_first: bool,
    /// The same code for every row: there is no heading.
    pub value: Option<u16>,
    /// The code list, for coded columns.
    pub codes: Option<Arc<CodeMap>>,
    /// What an unlisted code becomes.
    pub unknown: Unknown,
    /// Its cells are digests that another party made of NHS numbers, in this way; none for numbers.
    pub digest: Option<Scheme>,
    /// Whether the file is refused without this heading.
    pub is_required: bool,
    /// What an empty cell does.
    pub empty: Empty,
}

/// Rows that are left out on purpose, with the reason that is counted.
#[derive(Debug, Clone)]
pub struct Exclusion {
    /// The heading looked at, and its aliases.
    pub headings: Vec<String>,
    /// Left out if the cell is one of these (normalised).
    pub is_one_of: Vec<Vec<u8>>,
    /// Left out unless the cell is one of these (normalised); empty for no such rule.
    pub unless: Vec<Vec<u8>>,
    /// Counted under this word.
    pub reason: String,
    /// Whether a file without the heading may go without the rule.
    pub is_optional: bool,
    /// Whether this row alone is left out. Else every row of its key is, and what hangs on them.
    pub is_of_row: bool,
    /// What decides.
    pub by: Judge,
}

/// What decides that a row is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judge {
    /// A cell of the row.
    Cell,
    /// Its NHS number, against a list.
    Number,
    /// That it has no usable number.
    NoNumber,
}

/// Headings that are known and not staged.
#[derive(Debug, Clone)]
pub struct Ignored {
    /// The heading, and its aliases.
    pub headings: Vec<String>,
    /// Why.
    pub why: String,
}

/// Everything needed to read one table of one source.
#[derive(Debug, Clone)]
pub struct TablePlan {
    /// The source.
    pub source: Source,
    /// The table's name in its standard.
    pub name: String,
    /// The canonical table it becomes.
    pub table: Table,
    /// File patterns.
    pub files: Vec<String>,
    /// Whether a source without such a file is an error.
    pub is_required: bool,
    /// The heading that holds the provider; else the file name does.
    pub provider: Option<String>,
    /// Other headings that it arrives under.
    pub provider_aliases: Vec<String>,
    /// Whether the file name will do where no heading gives the provider.
    pub provider_is_optional: bool,
    /// Of each of these groups of headings a file must have one.
    pub require_any: Vec<Vec<String>>,
    /// How its files are written.
    pub dialect: Dialect,
    /// The columns that are read.
    pub columns: Vec<ColumnPlan>,
    /// Columns that are read and staged only where a file has them; the submission's version is one.
    pub details: Vec<ColumnPlan>,
    /// Headings that are known and not read.
    pub ignored: Vec<Ignored>,
    /// The rows that are left out.
    pub exclusions: Vec<Exclusion>,
    /// How exact the dates are that leave a site with `pathlink pseudonymise`; a run reads the days it is given.
    pub date_precision: Precision,
}

/// All source configs of a project.
#[derive(Debug)]
pub struct Sources {
    /// Every table of every source, sources in order.
    pub tables: Vec<TablePlan>,
    /// Canonical values by set.
    pub values: CodeValues,
    /// SHA-256 over every config and list text: part of every staged table's address.
    pub fingerprint: [u8; 32],
}

impl Sources {
    /// The source configs and code lists of a project.
    pub fn of(settings: &Settings) -> Result<Self, Error> {
        let own = |path: &Option<PathBuf>| path.as_ref().map(|path| settings.resolve(path));
        let mut sources = Self::load(own(&settings.paths.sources).as_deref(), own(&settings.paths.codes).as_deref())?;
        consent::check(settings, &sources.tables)?;
        if settings.identity.exclude_nhs_numbers.is_some() {
            consent::add_list_rules(settings.identity.mode, &mut sources.tables);
        }
        Ok(sources)
    }

    /// Reads source configs and code lists from folders, embedded ones where a folder has none.
    pub fn load(sources_folder: Option<&Path>, codes_folder: Option<&Path>) -> Result<Self, Error> {
        let mut loader = Loader::new(codes_folder);
        let mut tables = Vec::new();
        for (source, embedded) in EMBEDDED {
            let own =
                sources_folder.map(|folder| folder.join(format!("{}.toml", source.id()))).filter(|path| path.exists());
            let shown = own.as_ref().map_or_else(|| format!("{}.toml", source.id()), |path| path.display().to_string());
            let text = match own {
                None => embedded.to_owned(),
                Some(path) => std::fs::read_to_string(&path)
                    .map_err(|_| wrong(&shown, "it cannot be read", "check the file's permissions"))?,
            };
            tables.extend(loader.source(source, &shown, &text)?);
        }
        Ok(Self { tables, values: loader.values, fingerprint: loader.hash.finalize().into() })
    }

    /// The tables of one source config's text, under the embedded code lists; `shown` is what messages call it.
    pub fn of_text(source: Source, shown: &str, text: &str) -> Result<Vec<TablePlan>, Error> {
        Loader::new(None).source(source, shown, text)
    }

    /// The table of a source that a file name belongs to, and what the name tells. A packed file's `.gz` is no part of
    /// the name, and `.parquet` will do wherever a pattern has `.csv`.
    pub fn recognise(&self, source: Source, name: &str) -> Option<(usize, file_pattern::Match)> {
        let own = self.tables.iter().enumerate().filter(|(_, plan)| plan.source == source);
        own.into_iter().find_map(|(at, plan)| Some((at, plan.told_by(name)?)))
    }
}

/// A column's code list, what an unlisted code becomes, and a value for every row.
type Codes = (Option<Arc<CodeMap>>, Unknown, Option<u16>);

struct Loader<'a> {
    codes_folder: Option<&'a Path>,
    values: CodeValues,
    texts: BTreeMap<String, String>,
    hash: Sha256,
}

impl<'a> Loader<'a> {
    fn new(codes_folder: Option<&'a Path>) -> Self {
        Self { codes_folder, values: CodeValues::default(), texts: BTreeMap::new(), hash: Sha256::new() }
    }

    fn source(&mut self, source: Source, shown: &str, text: &str) -> Result<Vec<TablePlan>, Error> {
        self.hash.update(text.as_bytes());
        let mut file: SourceFile = toml::from_str(text).map_err(|problem| toml_error(shown, text, &problem))?;
        if Source::from_id(&file.source.id) != Some(source) {
            let error = wrong(shown, "`source.id` is not the file's name", "give each source its own file");
            return Err(place::point_out(error, (shown, text), &[]));
        }
        let dialect = Dialect::default().with(file.source.dialect());
        let precision = file.source.date_precision.unwrap_or_default();
        let mut tables = Vec::with_capacity(file.table.len());
        for (at, mut entry) in file.table.into_iter().enumerate() {
            let dialect = dialect.with(entry.dialect());
            let date_precision = entry.date_precision.unwrap_or(precision);
            let plan = self.table(source, shown, entry);
            let plan = plan.map_err(|error| place::point_out(error, (shown, text), &["table", &at.to_string()]))?;
            tables.push(TablePlan { dialect, date_precision, ..plan });
        }
        Ok(tables)
    }

    fn table(&mut self, source: Source, shown: &str, entry: TableEntry) -> Result<TablePlan, Error> {
        let table = Table::from_id(&entry.to).ok_or_else(|| {
            wrong(
                shown,
                &format!("`{}` is not a canonical table", entry.to),
                &did_you_mean(&entry.to, Table::ALL.map(Table::id), "see the table's columns"),
            )
        })?;
        let (mut columns, mut details) = (Vec::new(), Vec::new());
        for column in entry.columns {
            for to in column.to.words() {
                let is_detail = table.column(to).is_none() && table.detail(to).is_some();
                let plan = self.column((table, to), shown, &column)?;
                if is_detail { details.push(plan) } else { columns.push(plan) }
            }
        }
        details.extend(ColumnPlan::of_version(entry.version_by));
        let exclusions = entry.exclude.into_iter().map(exclusion).collect();
        let mut provider = entry.provider.map(super::source_file::OneOrMore::into_words).unwrap_or_default();
        let provider_aliases = provider.split_off(provider.len().min(1));
        Ok(TablePlan {
            source,
            name: entry.name,
            table,
            files: entry.files,
            is_required: entry.required,
            provider: provider.pop(),
            provider_aliases,
            provider_is_optional: entry.provider_optional,
            require_any: entry.require_any,
            dialect: Dialect::default(),
            columns,
            details,
            exclusions,
            ignored: entry.ignored.into_iter().map(ignored).collect(),
            date_precision: Precision::default(),
        })
    }

    fn column(&mut self, (table, to): (Table, &str), shown: &str, entry: &ColumnEntry) -> Result<ColumnPlan, Error> {
        let names = || table.columns().iter().chain(table.details()).map(|column| column.name);
        let position = names().position(|name| name == to).ok_or_else(|| {
            wrong(
                shown,
                &format!("`{to}` is not a column of `{}`", table.id()),
                &did_you_mean(to, names(), "see the table's columns"),
            )
        })?;
        let own = table.columns().len();
        let column = if position < own { &table.columns()[position] } else { &table.details()[position - own] };
        if column.kind == Kind::MatchKey {
            let what = format!("`{}`: no heading fills `{to}`", entry.heading);
            return Err(wrong(
                shown,
                &what,
                "take it away: match keys are made of date of birth, sex, postcode and forename",
            ));
        }
        let position = if position < own { position } else { position - own };
        let mut formats = entry.format.clone().map(super::source_file::OneOrMore::into_words).unwrap_or_default();
        formats::check(&formats).map_err(|why| {
            wrong(shown, &format!("`{}`: {why}", entry.heading), "declare the form that the sender uses")
        })?;
        let sentinels = Sentinels::with(&entry.sentinels).ok_or_else(|| {
            let what = format!("`{}`: a sentinel is not a date", entry.heading);
            wrong(shown, &what, "write sentinels as [\"1900-01-01\", \"9999-12-31\"]")
        })?;
        let more_formats = formats.split_off(formats.len().min(1));
        let digest = entry.digest.as_deref().map(|name| digest(column.kind, name, shown)).transpose()?;
        let (codes, unknown, value) = self.codes(column.kind, shown, entry)?;
        Ok(ColumnPlan {
            heading: entry.heading.clone(),
            aliases: entry.aliases.clone(),
            column,
            position,
            format: formats.pop().unwrap_or_else(|| "%Y-%m-%d".to_owned()),
            more_formats,
            sentinels,
            numbered: entry.numbered.unwrap_or(0),
            is_first: entry.first,
            value,
            codes,
            unknown,
            digest,
            is_required: entry.required,
            empty: entry.empty.into(),
        })
    }

    /// The code list of a column, what an unlisted code becomes, and the value where it is the same for every row.
    fn codes(&mut self, kind: Kind, shown: &str, entry: &ColumnEntry) -> Result<Codes, Error> {
        let Kind::Code(set) = kind else {
            return match entry.codes {
                Some(_) => Err(wrong(shown, &format!("`{}` takes no code list", entry.heading), "remove `codes`")),
                None => Ok((None, Unknown::Warn, None)),
            };
        };
        let position = |values: &CodeValues, word: &str, value: &str| {
            values.position(set, value).ok_or_else(|| {
                let what = format!("`{word} = \"{value}\"` is not a value of `{}`", set.id());
                let names = values.of(set).iter().map(String::as_str);
                let otherwise = "name one of its values, or for `unknown` the word `blank`";
                wrong(shown, &what, &did_you_mean(value, names, otherwise))
            })
        };
        let Some(name) = &entry.codes else {
            let Some(value) = &entry.value else {
                let what = format!("`{}` needs a code list for `{}`", entry.heading, set.id());
                return Err(wrong(shown, &what, "add codes = \"...\""));
            };
            return Ok((None, Unknown::Warn, Some(position(&self.values, "value", value)?)));
        };
        let text = self.text(name)?;
        let map = Arc::new(code_lists::load(&text, name, set, &mut self.values)?);
        let unknown = match entry.unknown.as_deref() {
            None => Unknown::Warn,
            Some("blank") => Unknown::Blank,
            Some(value) => Unknown::Value(position(&self.values, "unknown", value)?),
        };
        Ok((Some(map), unknown, None))
    }

    fn text(&mut self, name: &str) -> Result<String, Error> {
        if !self.texts.contains_key(name) {
            let text = code_lists::text(self.codes_folder, name)?;
            self.hash.update(text.as_bytes());
            self.texts.insert(name.to_owned(), text);
        }
        Ok(self.texts[name].clone())
    }
}

impl From<EmptyEntry> for Empty {
    fn from(entry: EmptyEntry) -> Self {
        match entry {
            EmptyEntry::Keep => Self::Keep,
            EmptyEntry::Warn => Self::Warn,
            EmptyEntry::Reject => Self::Reject,
        }
    }
}

impl Exclusion {
    /// Whether a cell leaves its row out.
    #[inline]
    pub fn is_met(&self, cell: &[u8]) -> bool {
        let cell = cell.trim_ascii();
        let is_among = |codes: &[Vec<u8>]| codes.iter().any(|code| code_lists::is_same(cell, code));
        is_among(&self.is_one_of) || (!self.unless.is_empty() && !is_among(&self.unless))
    }
}

fn exclusion(entry: ExcludeEntry) -> Exclusion {
    let normal = |codes: Vec<String>| codes.iter().map(|code| code_lists::normalise(code.as_bytes())).collect();
    let headings = std::iter::once(entry.heading).chain(entry.aliases).collect();
    Exclusion {
        headings,
        is_one_of: normal(entry.is_one_of),
        unless: normal(entry.unless),
        reason: entry.reason,
        is_optional: entry.if_present,
        is_of_row: entry.only_row,
        by: Judge::Cell,
    }
}

/// The scheme of a column of digests.
fn digest(kind: Kind, name: &str, shown: &str) -> Result<Scheme, Error> {
    let names = || Scheme::ALL.into_iter().filter(|scheme| scheme.is_of_number()).map(Scheme::id);
    let found = Scheme::from_id(name).filter(|scheme| scheme.is_of_number() && kind == Kind::NhsNumber);
    found.ok_or_else(|| {
        let what = format!("`digest = \"{name}\"` is not possible here");
        let otherwise = format!("a column to = \"nhs\" takes one of: {}", names().collect::<Vec<_>>().join(", "));
        wrong(shown, &what, &if kind == Kind::NhsNumber { did_you_mean(name, names(), &otherwise) } else { otherwise })
    })
}

fn ignored(entry: IgnoredEntry) -> Ignored {
    Ignored { headings: std::iter::once(entry.heading).chain(entry.aliases).collect(), why: entry.why }
}

fn wrong(file: &str, why: &str, fix: &str) -> Error {
    Error::new(&error::CONFIG_VALUE, format!("the source config {file} cannot be used"), fix).because(why)
}
