//! Headings: where each planned column stands in a file.

use super::decode::Origin;
use super::quotes::Format;
use super::record_faults;
use super::records;
use super::stamp::Stamp;
use crate::error::{self, Error};
use crate::schema::Kind;
use crate::settings::nearest;
use crate::sources::dialect::DELIMITERS;
use crate::sources::{ColumnPlan, TablePlan, canonical};

/// Where things stand in the records of one file.
pub struct Layout {
    /// Field index of each planned column; none if the file lacks it.
    pub fields: Vec<Option<usize>>,
    /// The details that the file has: place in the plan, and field index of each of its headings.
    pub details: Vec<(usize, Vec<usize>)>,
    /// Field index of the provider column, where the table has one.
    pub provider: Option<usize>,
    /// Field index of each exclusion's column.
    pub exclusions: Vec<Option<usize>>,
    /// Fields in a record.
    pub width: usize,
    /// Headings that nothing reads and the config does not know.
    pub unread: Vec<String>,
    /// Whether identifier columns hold tokens, to be taken as they are.
    pub holds_tokens: bool,
    /// Whether it is in canonical form: rows that were left out hold their own token alone.
    pub is_canonical: bool,
    /// Field index of the reasons of NHS numbers, which only the canonical form has.
    pub reason: Option<usize>,
}

/// Finds every planned column, by heading or alias, letter case and outer blanks aside. `heading` is the first record
/// of the file, with its line end.
///
/// A file that ends with its heading row and no line end was cut in it, if any planned heading is not there.
pub fn layout(
    plan: &TablePlan,
    heading: &[u8],
    format: &Format,
    origin: Origin<'_>,
    stamp: Option<&Stamp>,
) -> Result<Layout, Error> {
    let is_unended = !heading.ends_with(b"\n") && !heading.ends_with(b"\r");
    match whole_layout(plan, heading, format, origin, stamp) {
        Err(_) if is_unended => Err(record_faults::cut_heading(origin.file)),
        Ok(layout) if is_unended && layout.fields.contains(&None) => Err(record_faults::cut_heading(origin.file)),
        layout => layout,
    }
}

fn whole_layout(
    plan: &TablePlan,
    heading: &[u8],
    format: &Format,
    origin: Origin<'_>,
    stamp: Option<&Stamp>,
) -> Result<Layout, Error> {
    let names = names(heading, format, origin)?;
    refuse_blanks(&names, origin)?;
    refuse_repeats(&names, plan, origin)?;
    let finder = Finder { plan, names: &names, heading, format, origin };
    let fields: Vec<Option<usize>> = plan.columns.iter().map(|column| finder.by_kind(column, stamp)).collect();
    let is_missed = |(column, field): &(&ColumnPlan, &Option<usize>)| {
        // What a practice did not let out is missing; it is no fault of the file.
        column.is_required && field.is_none() && (stamp.is_none() || !is_withholdable(column.column.kind))
    };
    if let Some((column, _)) = plan.columns.iter().zip(&fields).find(is_missed) {
        return Err(finder.missing(&column.heading));
    }
    let place = |name: &str| finder.place(name);
    if let Some(group) = plan.require_any.iter().find(|group| !has_any(plan, group, &place)) {
        return Err(finder.missing(group.first().map_or("", String::as_str)));
    }
    let provider = match &plan.provider {
        None => None,
        Some(heading) => {
            let found = std::iter::once(heading).chain(&plan.provider_aliases).find_map(|name| place(name));
            if found.is_none() && !plan.provider_is_optional {
                return Err(finder.missing(heading));
            }
            found
        }
    };
    let details = details(plan, &place);
    let exclusions: Vec<_> =
        plan.exclusions.iter().map(|rule| rule.headings.iter().find_map(|name| finder.place(name))).collect();
    // A rule that lets only some rows through must not be lifted by a renamed column.
    if let Some((rule, _)) = plan
        .exclusions
        .iter()
        .zip(&exclusions)
        .find(|(rule, field)| !rule.unless.is_empty() && !rule.is_optional && field.is_none())
    {
        return Err(finder.missing(&rule.headings[0]));
    }
    let is_detail = |at: usize| details.iter().any(|(_, fields)| fields.contains(&at));
    let is_read = |at: usize| {
        fields.contains(&Some(at)) || provider == Some(at) || exclusions.contains(&Some(at)) || is_detail(at)
    };
    let is_ignored =
        |name: &str| plan.ignored.iter().flat_map(|one| &one.headings).any(|known| known.eq_ignore_ascii_case(name));
    let unread = names.iter().enumerate().filter(|(at, name)| !is_read(*at) && !is_ignored(name));
    let unread = unread.map(|(_, name)| name.clone()).collect();
    let is_canonical = stamp.is_some_and(|stamp| stamp.at_source.is_some());
    let reason = if is_canonical { finder.place(canonical::REASON) } else { None };
    let (width, holds_tokens) = (names.len(), stamp.is_some());
    Ok(Layout { fields, details, provider, exclusions, width, unread, holds_tokens, is_canonical, reason })
}

/// Columns of identity that a pseudonymised file may go without.
fn is_withholdable(kind: Kind) -> bool {
    kind.is_of_names() || matches!(kind, Kind::NhsNumber | Kind::Postcode | Kind::BirthDate)
}

/// Whether a file has one of a group of columns, each named by its own heading.
fn has_any(plan: &TablePlan, group: &[String], place: &dyn Fn(&str) -> Option<usize>) -> bool {
    let columns = || plan.columns.iter().chain(&plan.details);
    let is_there = |column: &ColumnPlan| column.headings().iter().any(|name| place(name).is_some());
    group.iter().any(|heading| columns().any(|column| column.heading == *heading && is_there(column)))
}

/// The details that a file has. Where two of its headings fill one column, the one that the config names first does.
fn details(plan: &TablePlan, place: &dyn Fn(&str) -> Option<usize>) -> Vec<(usize, Vec<usize>)> {
    let mut found: Vec<(usize, Vec<usize>)> = Vec::new();
    for (at, detail) in plan.details.iter().enumerate() {
        let headings = detail.headings();
        let mut fields: Vec<usize> = headings.iter().filter_map(|name| place(name)).collect();
        if detail.numbered == 0 {
            fields.truncate(1);
        }
        let is_filled = found.iter().any(|(other, _)| plan.details[*other].column.name == detail.column.name);
        if (!fields.is_empty() || detail.value.is_some()) && !is_filled {
            found.push((at, fields));
        }
    }
    found
}

/// The headings, without outer blanks.
fn names(heading: &[u8], format: &Format, origin: Origin<'_>) -> Result<Vec<String>, Error> {
    let names = records::first(heading, format).ok_or_else(|| {
        Error::new(
            &error::HEADING_BLANK,
            format!("{} has a quote in the wrong place in its heading row", origin.file),
            format!(
                "ask the sender to double quotes inside quoted headings; if the sender quotes nothing, {}",
                origin.set("quote", "none")
            ),
        )
    })?;
    if names.len() > format.caps.max_columns {
        return Err(record_faults::column_cap(origin.file, format.caps.max_columns));
    }
    Ok(names.iter().map(|name| String::from_utf8_lossy(name.trim_ascii()).trim().to_owned()).collect())
}

/// Headings that differ in letter case or blanks alone are one.
fn normal(name: &str) -> String {
    name.chars().filter(|letter| !letter.is_whitespace()).flat_map(char::to_lowercase).collect()
}

fn refuse_blanks(names: &[String], origin: Origin<'_>) -> Result<(), Error> {
    let is_blank = |name: &String| name.chars().all(|letter| letter.is_whitespace() || letter.is_control());
    let blank: Vec<String> =
        names.iter().enumerate().filter(|(_, name)| is_blank(name)).map(|(at, _)| (at + 1).to_string()).collect();
    if blank.is_empty() {
        return Ok(());
    }
    let shown = blank.iter().take(8).map(String::as_str).collect::<Vec<_>>().join(", ");
    let more = if blank.len() > 8 { format!(" and {} more", blank.len() - 8) } else { String::new() };
    Err(Error::new(
        &error::HEADING_BLANK,
        format!("{}: the heading of column {shown}{more} is blank", origin.file),
        "ask the sender for the file with a heading for every column and without empty columns",
    )
    .because(format!("the heading row has {} columns", names.len())))
}

fn refuse_repeats(names: &[String], plan: &TablePlan, origin: Origin<'_>) -> Result<(), Error> {
    let mut places: Vec<(String, usize)> = names.iter().enumerate().map(|(at, name)| (normal(name), at)).collect();
    places.sort();
    let Some((first, second)) = places
        .windows(2)
        .filter(|pair| pair[0].0 == pair[1].0)
        .map(|pair| (pair[0].1, pair[1].1))
        .min_by_key(|(_, second)| *second)
    else {
        return Ok(());
    };
    // Only a heading that the source config knows is named: without a heading row it would be a cell.
    let is_known = plan.columns.iter().any(|column| is_called(column, &names[second]));
    let shown = if is_known {
        format!("the heading `{}`", names[second])
    } else {
        format!("the heading of column {}", second + 1)
    };
    let error = Error::new(
        &error::HEADING_REPEATED,
        format!("{}: {shown} stands twice, in columns {} and {}", origin.file, first + 1, second + 1),
        "ask the sender which of the two columns is meant",
    );
    let differs = !names[first].eq_ignore_ascii_case(&names[second]) || names[first] != names[second];
    Err(if differs { error.because("the two differ in letter case or blanks alone") } else { error })
}

fn is_called(column: &ColumnPlan, name: &str) -> bool {
    std::iter::once(&column.heading).chain(&column.aliases).any(|known| known.eq_ignore_ascii_case(name))
}

struct Finder<'a> {
    plan: &'a TablePlan,
    names: &'a [String],
    heading: &'a [u8],
    format: &'a Format,
    origin: Origin<'a>,
}

impl Finder<'_> {
    fn place(&self, wanted: &str) -> Option<usize> {
        self.names.iter().position(|name| name.eq_ignore_ascii_case(wanted))
    }

    /// Of a pseudonymised file, fields of identity stand under their canonical names, for one heading may fill several of
    /// them; and what was not tokenised is missing.
    fn by_kind(&self, column: &ColumnPlan, stamp: Option<&Stamp>) -> Option<usize> {
        match (stamp, column.column.kind) {
            (Some(stamp), kind) if !stamp.has(kind) => None,
            (Some(_), Kind::Field(_) | Kind::MatchKey | Kind::Postcode) => self.place(column.column.name),
            _ => self.by_any(column),
        }
    }

    fn by_any(&self, column: &ColumnPlan) -> Option<usize> {
        std::iter::once(&column.heading).chain(&column.aliases).find_map(|name| self.place(name))
    }

    /// How many planned columns are among some names.
    fn known(&self, names: &[&str]) -> usize {
        self.plan.columns.iter().filter(|column| names.iter().any(|name| is_called(column, name))).count()
    }

    fn missing(&self, heading: &str) -> Error {
        let names: Vec<&str> = self.names.iter().map(String::as_str).collect();
        // The nearest heading is named only where most are known: without a heading row it would be a cell.
        let is_heading_row = self.known(&names) * 2 >= self.plan.columns.len();
        let like = nearest(heading, names.iter().copied()).filter(|_| is_heading_row);
        let fix = match (self.other_delimiter(), like) {
            (Some(delimiter), _) => self.origin.set("delimiter", delimiter),
            (None, Some(name)) => {
                format!("if `{name}` is the same thing, add it to `aliases` of `{heading}` in the source config")
            }
            (None, None) => {
                "ask the sender for the column, or add its name to `aliases` in the source config".to_owned()
            }
        };
        Error::new(&error::HEADING_MISSING, format!("{} has no heading `{heading}`", self.origin.file), fix)
    }

    /// A delimiter other than the declared one that parts the heading row into names that are known.
    fn other_delimiter(&self) -> Option<&'static str> {
        let others = DELIMITERS.iter().filter(|(byte, _)| *byte != self.format.delimiter);
        others.map(|(byte, name)| (Format { delimiter: *byte, ..*self.format }, *name)).find_map(|(format, name)| {
            let parts = records::first(self.heading, &format)?;
            let parts: Vec<&str> =
                parts.iter().filter_map(|part| std::str::from_utf8(part.trim_ascii()).ok()).collect();
            let is_it = parts.len() > self.names.len() && self.known(&parts) >= 2;
            is_it.then_some(name)
        })
    }
}
