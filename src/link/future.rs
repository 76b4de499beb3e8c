//! Days after the one up to which data are used. Counted when that day is known, so that neither what is staged nor what
//! is linked depends on it.

use arrow::array::AsArray;
use arrow::datatypes::Int32Type;

use super::part;
use crate::error::Error;
use crate::ingest::checks;
use crate::ingest::values::NO_DAY;
use crate::ingest::{Staged, StagedFile};
use crate::schema::Kind;
use crate::sources::{Sources, TablePlan};

/// Counts later event days in the files' tallies, and notes the last one that is not later.
pub fn count(staged: &mut Staged, sources: &Sources, as_of: i32) -> Result<(), Error> {
    for file in &mut staged.files {
        file.tally.last_used_day = file.tally.last_day.filter(|last| *last <= as_of);
        if file.tally.last_day.is_some_and(|last| last > as_of) {
            count_in(file, &sources.tables[file.plan], as_of)?;
        }
    }
    Ok(())
}

fn count_in(file: &mut StagedFile, plan: &TablePlan, as_of: i32) -> Result<(), Error> {
    let Some(dated) = plan.table.columns().iter().find(|column| matches!(column.kind, Kind::Date)) else {
        return Ok(());
    };
    let (mut later, mut last) = (0, None);
    for array in part::column(file, dated.name)?.unwrap_or_default() {
        for day in array.as_primitive::<Int32Type>().values().iter().copied().filter(|day| *day != NO_DAY) {
            if day > as_of { later += 1 } else { last = last.max(Some(day)) }
        }
    }
    let own = plan.columns.iter().find(|column| column.column.name == dated.name);
    let heading = own.map_or(dated.name, |column| column.heading.as_str());
    file.tally.warnings.insert(format!("{heading} {}", checks::FUTURE.id), later);
    file.tally.last_used_day = last;
    Ok(())
}
