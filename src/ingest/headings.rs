//! Headings: where each planned column stands in a file.

use crate::error::{self, Error};
use crate::settings::nearest;
use crate::sources::{ColumnPlan, TablePlan};

/// Where things stand in the records of one file.
pub struct Layout {
    /// Field index of each planned column; none if the file lacks it.
    pub fields: Vec<Option<usize>>,
    /// Field index of the provider column, where the table has one.
    pub provider: Option<usize>,
    /// Field index of each exclusion's column.
    pub exclusions: Vec<Option<usize>>,
    /// Fields in a record.
    pub width: usize,
    /// Headings that nothing reads.
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
    let provider = match &plan.provider {
        None => None,
        Some(heading) => Some(place(heading).ok_or_else(|| missing(plan, file, heading, &names))?),
    };
    let exclusions: Vec<_> =
        plan.exclusions.iter().map(|rule| rule.headings.iter().find_map(|name| place(name))).collect();
    // A rule that lets only some rows through must not be lifted by a renamed column.
    if let Some((rule, _)) =
        plan.exclusions.iter().zip(&exclusions).find(|(rule, field)| !rule.unless.is_empty() && field.is_none())
    {
        return Err(missing(plan, file, &rule.headings[0], &names));
    }
    let is_read = |at: usize| fields.contains(&Some(at)) || provider == Some(at) || exclusions.contains(&Some(at));
    let unread = names.iter().enumerate().filter(|(at, _)| !is_read(*at)).map(|(_, name)| name.clone()).collect();
    Ok(Layout { fields, provider, exclusions, width: names.len(), unread })
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
