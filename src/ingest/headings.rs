//! Headings: where each planned column stands in a file.

use crate::error::{self, Error};
use crate::settings::nearest;
use crate::sources::{ColumnPlan, TablePlan};

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
}

/// Finds every planned column, by heading or alias, letter case and outer blanks aside.
pub fn layout(plan: &TablePlan, heading: &[u8], file: &str) -> Result<Layout, Error> {
    let mut record = csv::ByteRecord::new();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(heading);
    reader.read_byte_record(&mut record).map_err(Error::silent("read the heading row"))?;
    let names: Vec<String> =
        record.iter().map(|name| String::from_utf8_lossy(name.trim_ascii()).into_owned()).collect();
    refuse_repeats(&names, plan, file)?;
    let place = |wanted: &str| names.iter().position(|name| name.eq_ignore_ascii_case(wanted));
    let by_any =
        |column: &ColumnPlan| std::iter::once(&column.heading).chain(&column.aliases).find_map(|name| place(name));
    let fields: Vec<Option<usize>> = plan.columns.iter().map(by_any).collect();
    if let Some((column, _)) =
        plan.columns.iter().zip(&fields).find(|(column, field)| column.is_required && field.is_none())
    {
        return Err(missing(plan, file, &column.heading, &names));
    }
    if let Some(group) = plan.require_any.iter().find(|group| !has_any(plan, group, &place)) {
        return Err(missing(plan, file, group.first().map_or("", String::as_str), &names));
    }
    let provider = match &plan.provider {
        None => None,
        Some(heading) => {
            let found = std::iter::once(heading).chain(&plan.provider_aliases).find_map(|name| place(name));
            if found.is_none() && !plan.provider_is_optional {
                return Err(missing(plan, file, heading, &names));
            }
            found
        }
    };
    let details = details(plan, &place);
    let exclusions: Vec<_> =
        plan.exclusions.iter().map(|rule| rule.headings.iter().find_map(|name| place(name))).collect();
    // A rule that lets only some rows through must not be lifted by a renamed column.
    if let Some((rule, _)) = plan
        .exclusions
        .iter()
        .zip(&exclusions)
        .find(|(rule, field)| !rule.unless.is_empty() && !rule.is_optional && field.is_none())
    {
        return Err(missing(plan, file, &rule.headings[0], &names));
    }
    let is_detail = |at: usize| details.iter().any(|(_, fields)| fields.contains(&at));
    let is_read = |at: usize| {
        fields.contains(&Some(at)) || provider == Some(at) || exclusions.contains(&Some(at)) || is_detail(at)
    };
    let is_ignored =
        |name: &str| plan.ignored.iter().flat_map(|one| &one.headings).any(|known| known.eq_ignore_ascii_case(name));
    let unread = names.iter().enumerate().filter(|(at, name)| !is_read(*at) && !is_ignored(name));
    let unread = unread.map(|(_, name)| name.clone()).collect();
    Ok(Layout { fields, details, provider, exclusions, width: names.len(), unread })
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

fn is_called(column: &ColumnPlan, name: &str) -> bool {
    std::iter::once(&column.heading).chain(&column.aliases).any(|known| known.eq_ignore_ascii_case(name))
}

fn refuse_repeats(names: &[String], plan: &TablePlan, file: &str) -> Result<(), Error> {
    for (at, name) in names.iter().enumerate() {
        if names[..at].iter().any(|earlier| earlier.eq_ignore_ascii_case(name)) {
            // Only a heading that the source config knows is named: without a heading row it would be a cell.
            let is_known = plan.columns.iter().any(|column| is_called(column, name));
            let shown =
                if is_known { format!("the heading `{name}`") } else { format!("the heading of column {}", at + 1) };
            return Err(Error::new(
                &error::HEADING_REPEATED,
                format!("{file}: {shown} stands twice"),
                "ask the sender which of the two columns is meant",
            ));
        }
    }
    Ok(())
}

fn missing(plan: &TablePlan, file: &str, heading: &str, names: &[String]) -> Error {
    // The nearest heading is named only where most are known: without a heading row it would be a cell.
    let known = plan.columns.iter().filter(|column| names.iter().any(|name| is_called(column, name))).count();
    let is_heading_row = known * 2 >= plan.columns.len();
    let like = nearest(heading, names.iter().map(String::as_str)).filter(|_| is_heading_row);
    let fix = like.map_or_else(
        || "ask the sender for the column, or add its name to `aliases` in the source config".to_owned(),
        |name| format!("if `{name}` is the same thing, add it to `aliases` of `{heading}` in the source config"),
    );
    Error::new(&error::HEADING_MISSING, format!("{file} has no heading `{heading}`"), fix)
}
