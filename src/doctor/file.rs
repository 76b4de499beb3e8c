//! One file explained: what it is, which table it belongs to, what its columns hold, what would be rejected, and which
//! settings would change that.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

use super::headings::{self, Headings};
use super::start::{self, Bytes};
use crate::domain::nhs_number::Accepts;
use crate::error::{self, Error};
use crate::ingest::trial::{self, Seen, Trial};
use crate::ingest::{Content, Extract, checks};
use crate::schema::{Kind, Source};
use crate::settings::{Caps, did_you_mean, nearest};
use crate::sources::{ColumnPlan, Dialect, Encoding, Sources, TablePlan};

/// Lines with faults that are named.
const LINES: usize = 10;
/// Shapes that are shown for a column.
const SHAPES: usize = 3;

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

/// Everything found. No value of any cell is in it.
#[derive(Debug, Serialize)]
pub struct FileFindings {
    /// The file's name.
    pub file: String,
    /// What its bytes are.
    pub bytes: Bytes,
    /// Source and table.
    pub table: Option<Matched>,
    /// Found against declared: what, found, declared.
    pub dialect: Vec<Compared>,
    /// Headings.
    pub headings: Headings,
    /// Columns in the order of the file.
    pub columns: Vec<Column>,
    /// Rows checked: none where a run could not check them.
    pub rows: u64,
    /// Rows that could be split into fields.
    pub rows_seen: u64,
    /// Rows that would be rejected, by check.
    pub rejected: Vec<Counted>,
    /// Cells that would become empty, by heading and check.
    pub warned: Vec<Counted>,
    /// First lines with faults.
    pub lines: Vec<(u64, String)>,
    /// What would end a run, as it is now.
    pub fault: Option<Fault>,
    /// Settings to paste into the source config.
    pub settings: Vec<String>,
}

/// The table that a file belongs to.
#[derive(Debug, Serialize)]
pub struct Matched {
    /// The source's id.
    pub source: &'static str,
    /// The table's name.
    pub name: String,
    /// `name`, `headings`, or `asked`.
    pub by: &'static str,
    /// The file pattern most like its name, where its name fits none.
    pub nearest_pattern: Option<String>,
}

/// A part of the dialect.
#[derive(Debug, Serialize)]
pub struct Compared {
    /// `encoding`, `delimiter`, `quote` or `line ends`.
    pub what: &'static str,
    /// As found.
    pub found: String,
    /// As declared; none where nothing is declared.
    pub declared: Option<String>,
    /// Whether they fit.
    pub fits: bool,
}

/// A column.
#[derive(Debug, Serialize)]
pub struct Column {
    /// Its heading, or its place where the first row is not surely a heading row.
    pub heading: String,
    /// What it becomes; none for a column that nothing reads.
    pub becomes: Vec<&'static str>,
    /// `empty`, `whole number`, `decimal`, `date` or `text`: what most values are.
    pub kind: &'static str,
    /// Share of empty cells, in percent.
    pub empty_percent: String,
    /// The most frequent shapes, with their share of the values.
    pub shapes: Vec<(String, String)>,
    /// What proves the order of day and month.
    pub date_proof: Option<String>,
}

/// A count of a check.
#[derive(Debug, Serialize)]
pub struct Counted {
    /// The check's code.
    pub check: String,
    /// The heading; empty for the whole row.
    pub column: String,
    /// How many.
    pub count: u64,
    /// What it says.
    pub sentence: &'static str,
}

/// An error.
#[derive(Debug, Serialize)]
pub struct Fault {
    /// Its code.
    pub code: &'static str,
    /// What, why and fix, as printed.
    pub text: String,
    /// The exit code that a run would end with.
    pub exit_code: u8,
}

impl Fault {
    fn of(error: &Error) -> Self {
        Self { code: error.code().id, text: error.to_string(), exit_code: error.exit_code() }
    }
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
        let fault = plan.and_then(|plan| trial::read(&extract, plan, &plan.dialect, (asked.accepts, asked.caps)).fault);
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
    Ok(explain(&extract, plan, (bytes, &start, delimiter), matched, asked))
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
    match sources.tables.iter().find(is_it) {
        Some(plan) => Ok(Some((plan, "asked"))),
        None => {
            let names = sources.tables.iter().map(|plan| plan.name.as_str());
            let fix = did_you_mean(table, names, "see `name` of each [[table]] in the source configs");
            Err(Error::new(&error::CONFIG_VALUE, format!("`{table}` is not a table"), fix))
        }
    }
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
    asked: &Asked<'_>,
) -> FileFindings {
    let declared = trial::read(extract, plan, &plan.dialect, (asked.accepts, asked.caps));
    let fitting = fitting(plan, &bytes, delimiter);
    let fault = declared.fault.as_ref().map(Fault::of);
    // As declared it cannot be read: the rest is told of it in the dialect that was found.
    let is_other = fault.is_some() && fitting != plan.dialect;
    let trial = if is_other { trial::read(extract, plan, &fitting, (asked.accepts, asked.caps)) } else { declared };
    let headings = headings::compare(plan, &trial.headings);
    let columns = columns(plan, &trial, headings.is_sure);
    let has_quotes = start.first() == Some(&b'"') || memchr::memmem::find(start, &[fitting.delimiter, b'"']).is_some();
    let dialect = compared(plan, (&bytes, &trial), (delimiter, has_quotes));
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

impl FileFindings {
    fn ended(file: String, bytes: Bytes, table: Option<Matched>, error: &Error) -> Self {
        Self {
            file,
            bytes,
            table,
            dialect: Vec::new(),
            headings: Headings::default(),
            columns: Vec::new(),
            rows: 0,
            rows_seen: 0,
            rejected: Vec::new(),
            warned: Vec::new(),
            lines: Vec::new(),
            fault: Some(Fault::of(error)),
            settings: Vec::new(),
        }
    }

    /// What to print.
    pub fn lines(&self) -> Vec<String> {
        super::lines::of_file(self)
    }

    /// The exit code that a run would end with for this file alone.
    pub fn exit_code(&self) -> u8 {
        self.fault.as_ref().map_or(0, |fault| fault.exit_code)
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

fn columns(plan: &TablePlan, trial: &Trial, is_sure: bool) -> Vec<Column> {
    let one = |(at, (name, seen)): (usize, (&String, &Seen))| {
        let all = plan.columns.iter().chain(&plan.details);
        let own: Vec<&ColumnPlan> =
            all.filter(|column| column.headings().iter().any(|known| known.eq_ignore_ascii_case(name))).collect();
        let filled = seen.cells - seen.empty;
        let shapes = seen.top(SHAPES).into_iter();
        Column {
            heading: if is_sure { name.clone() } else { format!("column {}", at + 1) },
            becomes: own.iter().map(|column| column.column.name).collect(),
            kind: kind(seen),
            empty_percent: percent(seen.empty, seen.cells),
            shapes: shapes.map(|(shape, count)| (shape.to_owned(), percent(count, filled))).collect(),
            date_proof: proof(seen, &own),
        }
    };
    trial.headings.iter().zip(&trial.columns).enumerate().map(one).collect()
}

fn percent(part: u64, of: u64) -> String {
    if of == 0 { "none".to_owned() } else { format!("{:.1} %", 100.0 * part as f64 / of as f64) }
}

fn kind(seen: &Seen) -> &'static str {
    let filled = seen.cells - seen.empty;
    let most = |count: u64| filled > 0 && count * 10 >= filled * 9;
    if filled == 0 {
        "empty"
    } else if most(seen.dates) {
        "date"
    } else if most(seen.whole) {
        "whole number"
    } else if most(seen.decimal + seen.whole) {
        "decimal"
    } else {
        "text"
    }
}

/// What the numbers of dates prove about the order of day and month.
fn proof(seen: &Seen, own: &[&ColumnPlan]) -> Option<String> {
    let format = own.iter().find(|column| matches!(column.column.kind, Kind::Date | Kind::BirthDate));
    let format = format.map(|column| column.format.as_str());
    if seen.numbered == 0 {
        return None;
    }
    let of = error::grouped(seen.numbered);
    let text = match (seen.first_above_12, seen.second_above_12) {
        (0, 0) => format!("no value of {of} has a number above 12, so nothing shows which is the day"),
        (first, 0) => format!("{} of {of} values have a day above 12: the day comes first", error::grouped(first)),
        (0, second) => format!("{} of {of} values have a day above 12: the month comes first", error::grouped(second)),
        (first, second) => format!(
            "{} values have a day above 12 in the first place and {} in the second: two orders are mixed",
            error::grouped(first),
            error::grouped(second)
        ),
    };
    Some(format.map_or(text.clone(), |format| format!("{text}; declared is {format}")))
}

/// Date formats that the values prove and that are not declared.
fn formats(plan: &TablePlan, trial: &Trial) -> Vec<String> {
    let mut lines = Vec::new();
    for (name, seen) in trial.headings.iter().zip(&trial.columns) {
        let is_it = |column: &&ColumnPlan| {
            matches!(column.column.kind, Kind::Date | Kind::BirthDate)
                && column.headings().iter().any(|known| known.eq_ignore_ascii_case(name))
        };
        let all = plan.columns.iter().chain(&plan.details);
        let Some(column) = all.into_iter().find(is_it) else { continue };
        let Some(sign) = ['/', '-', '.'].into_iter().find(|sign| {
            seen.top(1).first().is_some_and(|(shape, _)| *shape == format!("D{{2}}{sign}D{{2}}{sign}D{{4}}"))
        }) else {
            continue;
        };
        let found = match (seen.first_above_12, seen.second_above_12) {
            (1.., 0) => format!("%d{sign}%m{sign}%Y"),
            (0, 1..) => format!("%m{sign}%d{sign}%Y"),
            _ => continue,
        };
        if found != column.format && !column.more_formats.contains(&found) {
            lines.push(format!("# {}.toml, [[table]] {}", plan.source.id(), plan.name));
            lines.push(format!("{{ heading = \"{}\", format = \"{found}\", ... }}", column.heading));
        }
    }
    lines
}

fn sentence(id: &str) -> &'static str {
    checks::ALL.iter().find(|check| check.id == id).map_or("", |check| check.sentence)
}

fn rejected(trial: &Trial) -> Vec<Counted> {
    let mut counts: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for reject in &trial.rejects {
        *counts.entry((&reject.check, &reject.column)).or_default() += 1;
    }
    let one = |((check, column), count): ((&str, &str), u64)| Counted {
        check: check.to_owned(),
        column: column.to_owned(),
        count,
        sentence: sentence(check),
    };
    let mut counts: Vec<Counted> = counts.into_iter().map(one).collect();
    counts.sort_by_key(|one| std::cmp::Reverse(one.count));
    counts
}

fn warned(trial: &Trial) -> Vec<Counted> {
    let one = |(key, count): (&String, &u64)| {
        let (column, check) = key.rsplit_once(' ').unwrap_or((key, ""));
        Counted { check: check.to_owned(), column: column.to_owned(), count: *count, sentence: sentence(check) }
    };
    let mut counts: Vec<Counted> = trial.tally.warnings.iter().map(one).collect();
    counts.sort_by_key(|one| std::cmp::Reverse(one.count));
    counts
}

fn first_lines(trial: &Trial) -> Vec<(u64, String)> {
    let mut lines: Vec<(u64, String)> =
        trial.rejects.iter().map(|reject| (reject.line, reject.check.clone())).collect();
    lines.sort();
    lines.truncate(LINES);
    lines
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
