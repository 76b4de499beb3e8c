//! Versions: when each row was submitted, from its own heading or else from the month in its file's name.

use super::assembly::Assembly;
use super::details;
use super::values::{NO_DAY, Rows};
use crate::error::Error;
use crate::ingest::cells::last_day;

/// The version of every row, as days; empty where no file of the table says, so that nothing is paid for it.
pub(super) fn of(rows: &Rows, assembly: &Assembly<'_>) -> Result<Vec<i32>, Error> {
    let mut versions: Vec<i32> = Vec::new();
    for (at, (file, start)) in rows.starts.iter().enumerate() {
        let end = rows.starts.get(at + 1).map_or(rows.len(), |(_, next)| *next);
        let file = &assembly.staged.files[*file as usize];
        let plan = &assembly.sources.tables[file.plan];
        let is_declared = plan.details.iter().any(|detail| detail.column.name == "version");
        let own = if is_declared { details::whole(file, "version")? } else { None };
        let of_name = || plan.month_of(&file.name).map(|month| vec![last_day(month); end - start]);
        if let Some(found) = own.or_else(of_name) {
            versions.resize(*start, NO_DAY);
            versions.extend(found);
        }
    }
    if !versions.is_empty() {
        versions.resize(rows.len(), NO_DAY);
    }
    Ok(versions)
}
