//! One file explained: what it is, which table it belongs to, what its columns hold, what would be rejected, and which
//! settings would change that.

use std::path::Path;

use super::columns::{columns, first_lines, formats, rejected, warned};
use super::findings::{Compared, Fault, FileFindings, Matched};
use super::headings::{self, Headings};
use super::start::{self, Bytes};
use crate::domain::nhs_number::Accepts;
use crate::error::{self, Error};
use crate::ingest::trial::{self, Trial};
use crate::ingest::{Content, Extract};
use crate::schema::Source;
use crate::settings::{Caps, did_you_mean, nearest};
use crate::sources::{Dialect, Encoding, Sources, TablePlan};

/// What the caller asks for.
pub struct Asked<'a> {
    /// The file.
    pub path: &'a Path,
    /// The source it is from, if named.
    pub source: Option<Source>,
    /// The table it is, if named.
    pub table: Option<&'a str>,
    /// Which NHS numbers are accepted.
    pub accepts: Accepts,
    /// Caps.
    pub caps: Caps,
}

/// Looks at one file.
pub fn file(asked: &Asked<'_>, sources: &Sources) -> Result<FileFindings, Error> {
    let name = asked.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut extract =
        Extract { plan: 0, name: name.clone(), provider: None, content: Content::File(asked.path.to_path_buf()) };
    if !asked.path.is_file() {
        return Err(extract.unreadable());
    }
    let by_name = by_name(asked, sources, &name, &mut extract)?;
    let own = by_name.map_or("NAME", |(plan, _)| plan.source.id());
    let (bytes, start) = match start::look(&extract, own, &asked.caps) {
        Ok(found) => found,
        Err(error) => return Ok(FileFindings::ended(name, Bytes::default(), by_name.map(matched), &error)),
    };
    if bytes.kind != "parquet" && bytes.encoding.is_none() && start.is_empty() {
        // A workbook, an archive or a document: the error says the way out.
        let plan = by_name.map(|(plan, _)| plan).or(sources.tables.first());
        let fault = plan.and_then(|plan| {
            trial::read(&extract, plan, &plan.dialect, (asked.accepts, asked.caps, &sources.values)).fault
        });
        let fault = fault.unwrap_or_else(|| extract.unreadable());
        return Ok(FileFindings::ended(name, bytes, by_name.map(matched), &fault));
    }
    let candidates: Vec<&TablePlan> = match by_name {
        Some((plan, _)) => vec![plan],
        None => sources.tables.iter().filter(|plan| asked.source.is_none_or(|source| plan.source == source)).collect(),
    };
    let delimiter = headings::delimiter(&start, &candidates, asked.caps);
    let (plan, matched) = match by_name {
        Some((plan, by)) => (plan, matched((plan, by))),
        None => match by_headings(sources, &start, delimiter, (&name, asked.caps)) {
            Some((plan, found)) => (plan, found),
            None => return Ok(FileFindings::ended(name.clone(), bytes, None, &fits_none(&name))),
        },
    };
    let reading = (asked.accepts, asked.caps, &sources.values);
    Ok(explain(&extract, plan, (bytes, &start, delimiter), matched, reading))
}

fn fits_none(name: &str) -> Error {
    Error::new(
        &error::INPUT_MISSING,
        format!("{name} fits no table by its name or its headings"),
        "name its source and table with --source and --table, or add a pattern to `files` in the source config",
    )
}

fn matched((plan, by): (&TablePlan, &'static str)) -> Matched {
    Matched { source: plan.source.id(), name: plan.name.clone(), by, nearest_pattern: None }
}

/// The table that was asked for, else the one whose patterns the name fits. Sets what the name tells.
fn by_name<'s>(
    asked: &Asked<'_>,
    sources: &'s Sources,
    name: &str,
    extract: &mut Extract,
) -> Result<Option<(&'s TablePlan, &'static str)>, Error> {
    let wanted = Source::ALL.into_iter().filter(|source| asked.source.is_none_or(|asked| asked == *source));
    let found = wanted.into_iter().find_map(|source| sources.recognise(source, name));
    if let Some((plan, found)) = found {
        extract.plan = plan;
        extract.provider = found.provider;
    }
    let Some(table) = asked.table else {
        return Ok(found.map(|(plan, _)| (&sources.tables[plan], "name")));
    };
    let is_it = |plan: &&TablePlan| {
        (plan.name.eq_ignore_ascii_case(table) || plan.table.id() == table)
            && asked.source.is_none_or(|source| plan.source == source)
    };
    if let Some(plan) = sources.tables.iter().find(is_it) {
        return Ok(Some((plan, "asked")));
    }
    let names = sources.tables.iter().map(|plan| plan.name.as_str());
    let fix = did_you_mean(table, names, "see `name` of each [[table]] in the source configs");
    Err(Error::new(&error::CONFIG_VALUE, format!("`{table}` is not a table"), fix))
}

fn by_headings<'s>(
    sources: &'s Sources,
    start: &[u8],
    delimiter: Option<(u8, &'static str)>,
    (name, caps): (&str, Caps),
) -> Option<(&'s TablePlan, Matched)> {
    let dialect = Dialect { delimiter: delimiter?.0, ..Dialect::default() };
    let (plan, _) = headings::best(sources, &headings::names(start, &dialect, caps)?)?;
    let pattern = nearest(name, plan.files.iter().map(String::as_str)).or(plan.files.first().map(String::as_str));
    let matched = Matched {
        source: plan.source.id(),
        name: plan.name.clone(),
        by: "headings",
        nearest_pattern: pattern.map(str::to_owned),
    };
    Some((plan, matched))
}

type Found<'a> = (Bytes, &'a [u8], Option<(u8, &'static str)>);

fn explain(
    extract: &Extract,
    plan: &TablePlan,
    (bytes, start, delimiter): Found<'_>,
    matched: Matched,
    reading: trial::Reading<'_>,
) -> FileFindings {
    let declared = trial::read(extract, plan, &plan.dialect, reading);
    let fitting = fitting(plan, &bytes, delimiter);
    let fault = declared.fault.as_ref().map(Fault::of);
    // As declared it cannot be read: the rest is told of it in the dialect that was found.
    let is_other = fault.is_some() && fitting != plan.dialect;
    let trial = if is_other { trial::read(extract, plan, &fitting, reading) } else { declared };
    let plan = trial.canonical.as_ref().unwrap_or(plan);
    let headings = headings::compare(plan, &trial.headings);
    let columns = columns(plan, &trial, headings.is_sure);
    let has_quotes = start.first() == Some(&b'"') || memchr::memmem::find(start, &[fitting.delimiter, b'"']).is_some();
    let mut dialect = compared(plan, (&bytes, &trial), (delimiter, has_quotes));
    dialect.extend(trial.canonical.is_some().then(pseudonymised));
    let mut settings = to_paste(plan, &fitting, &headings, &matched);
    settings.extend(formats(plan, &trial));
    let lines = first_lines(&trial);
    FileFindings {
        file: extract.name.clone(),
        rows: trial.tally.read,
        rows_seen: trial.columns.first().map_or(0, |column| column.cells),
        rejected: rejected(&trial),
        warned: warned(&trial),
        bytes,
        table: Some(matched),
        dialect,
        headings,
        columns,
        lines,
        fault,
        settings,
    }
}

/// The declared dialect, with what was found in its place.
fn fitting(plan: &TablePlan, bytes: &Bytes, delimiter: Option<(u8, &'static str)>) -> Dialect {
    let mut dialect = plan.dialect.clone();
    let all = [Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be, Encoding::Windows1252];
    let found = all.into_iter().find(|encoding| Some(encoding.id()) == bytes.encoding);
    let is_plain_ascii = dialect.encoding == Encoding::Windows1252 && found == Some(Encoding::Utf8) && !bytes.has_mark;
    let is_utf16 = dialect.encoding == Encoding::Utf16 && matches!(found, Some(Encoding::Utf16Le | Encoding::Utf16Be));
    if let Some(found) = found.filter(|_| !is_plain_ascii && !is_utf16) {
        dialect.encoding = found;
    }
    if let Some((byte, _)) = delimiter {
        dialect.delimiter = byte;
    }
    dialect
}

fn compared(
    plan: &TablePlan,
    (bytes, trial): (&Bytes, &Trial),
    (delimiter, has_quotes): (Option<(u8, &'static str)>, bool),
) -> Vec<Compared> {
    if bytes.kind == "parquet" {
        return Vec::new();
    }
    let shown = |byte: u8| {
        let known = crate::sources::dialect::DELIMITERS.into_iter().find(|(other, _)| *other == byte);
        known.map_or_else(String::new, |(_, name)| name.to_owned())
    };
    let declared = plan.dialect.encoding.id();
    let fits = bytes.encoding.is_some_and(|found| {
        found == declared || bytes.has_mark || (declared == "utf-16" && found.starts_with("utf-16"))
    });
    let declared_quote = plan.dialect.quote.map_or("none", |_| "double quotes");
    let found_quote = if has_quotes { "double quotes" } else { "none seen" };
    let one = |what, found: String, declared: Option<String>, fits| Compared { what, found, declared, fits };
    vec![
        one("encoding", bytes.encoding.unwrap_or("not known").to_owned(), Some(declared.to_owned()), fits),
        one(
            "delimiter",
            delimiter.map_or_else(|| "not known".to_owned(), |(_, name)| format!("\"{name}\"")),
            Some(format!("\"{}\"", shown(plan.dialect.delimiter))),
            delimiter.is_none_or(|(byte, _)| byte == plan.dialect.delimiter),
        ),
        one(
            "quote",
            found_quote.to_owned(),
            Some(declared_quote.to_owned()),
            !has_quotes || plan.dialect.quote.is_some(),
        ),
        one("line ends", trial.notes.line_ends.clone(), None, trial.notes.line_ends != "mixed"),
    ]
}

/// Identifiers of the file are tokens already.
fn pseudonymised() -> Compared {
    let found = "made by `pathlink pseudonymise`; a run takes it if its key is the run's";
    Compared { what: "form", found: found.to_owned(), declared: None, fits: true }
}

/// Settings that would make the file fit, ready for the source config.
fn to_paste(plan: &TablePlan, fitting: &Dialect, headings: &Headings, matched: &Matched) -> Vec<String> {
    let mut lines = Vec::new();
    let mut dialect = Vec::new();
    if fitting.encoding != plan.dialect.encoding {
        dialect.push(format!("encoding = \"{}\"", fitting.encoding.id()));
    }
    if fitting.delimiter != plan.dialect.delimiter {
        let known = crate::sources::dialect::DELIMITERS.into_iter().find(|(byte, _)| *byte == fitting.delimiter);
        dialect.extend(known.map(|(_, name)| format!("delimiter = \"{name}\"")));
    }
    if !dialect.is_empty() {
        lines.push(format!("# {}.toml, for all its tables or for one [[table]]", plan.source.id()));
        lines.push("[source]".to_owned());
        lines.append(&mut dialect);
    }
    if let Some(pattern) = &matched.nearest_pattern {
        lines.push(format!("# {}.toml, [[table]] {}: its files are named like {pattern}", plan.source.id(), plan.name));
        lines.push("# files = [..., \"a pattern that this name fits\"]".to_owned());
    }
    let near = headings.missing.iter().filter_map(|missing| Some((&missing.heading, missing.nearest.as_ref()?)));
    for (heading, nearest) in near {
        lines.push(format!("# {}.toml, [[table]] {}, if the two are the same", plan.source.id(), plan.name));
        lines.push(format!("{{ heading = \"{heading}\", aliases = [\"{nearest}\"], ... }}"));
    }
    lines
}
