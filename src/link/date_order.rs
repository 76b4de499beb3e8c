//! Order across tables: the dates of a row against its parent's and its person's. Counted in the row's own file, and kept.
//!
//! In: rows with their fates, parents and people. Out: [`Warned`]. Leaves alone: order within a row (`ingest`), and days
//! after the one up to which data are used (`future.rs`), which linkage does not know.

use std::ops::Range;

use rayon::prelude::*;

use super::assembly::Part;
use super::duplicates::Fate;
use super::values::NO_DAY;
use crate::ingest::Staged;
use crate::ingest::checks::{self, Check};
use crate::sources::Sources;

/// Rows of a file that failed a check across tables.
pub(super) struct Warned {
    file: usize,
    column: &'static str,
    check: &'static Check,
    rows: u64,
}

/// Birth and death of each person; [`NO_DAY`] where they are not known.
#[derive(Clone, Copy)]
pub(super) struct Lives<'a> {
    pub(super) births: &'a [i32],
    pub(super) deaths: &'a [i32],
}

/// What rows of one table failed.
pub(super) struct Dated<'a> {
    part: &'a Part,
    column: &'static str,
    dates: &'a [i32],
}

impl<'a> Dated<'a> {
    /// Rows by one of their dates.
    pub(super) fn new(part: &'a Part, column: &'static str) -> Self {
        Self { part, column, dates: part.rows.whole(column) }
    }

    /// Rows whose date is before their person's birth or after their person's death, in one pass.
    pub(super) fn against_lives(&self, person: &[u32], lives: Lives<'_>) -> Vec<Warned> {
        let of = |days: &[i32], row: usize| of_parent(person, days, row);
        let count = |row: usize| {
            let date = self.dates[row];
            [is_before(date, of(lives.births, row)), is_before(of(lives.deaths, row), date)].map(u64::from)
        };
        let by_file = self.files().map(|(file, rows)| {
            let kept = rows.into_par_iter().with_min_len(1 << 14).filter(|row| self.part.fates[*row] == Fate::Kept);
            (file, kept.map(count).reduce(|| [0; 2], |a, b| [a[0] + b[0], a[1] + b[1]]))
        });
        let warned = by_file.flat_map(|(file, [born, died])| {
            [(&checks::BEFORE_BIRTH, born), (&checks::AFTER_DEATH, died)].map(|(check, rows)| (file, check, rows))
        });
        warned.filter(|(.., rows)| *rows > 0).map(|(file, check, rows)| self.of_file(file, check, rows)).collect()
    }

    /// Rows whose date is before the day that their parent began.
    pub(super) fn before(&self, parent: &[u32], began: &[i32], check: &'static Check) -> Vec<Warned> {
        self.warned(check, |row, date| is_before(date, of_parent(parent, began, row)))
    }

    /// Rows whose date is after the day that their parent ended.
    pub(super) fn after(&self, parent: &[u32], ended: &[i32], check: &'static Check) -> Vec<Warned> {
        self.warned(check, |row, date| is_before(of_parent(parent, ended, row), date))
    }

    /// Stays that begin before their spell, begin after it or end after it. Each counts once.
    pub(super) fn outside(&self, parent: &[u32], (began, ended): (&[i32], &[i32])) -> Vec<Warned> {
        let ends = self.part.rows.whole("end");
        self.warned(&checks::OUTSIDE_SPELL, |row, date| {
            let (from, to) = (of_parent(parent, began, row), of_parent(parent, ended, row));
            is_before(date, from) || is_before(to, date) || is_before(to, ends.get(row).copied().unwrap_or(NO_DAY))
        })
    }

    fn warned(&self, check: &'static Check, is_wrong: impl Fn(usize, i32) -> bool + Sync) -> Vec<Warned> {
        let is_found = |row: &usize| self.part.fates[*row] == Fate::Kept && is_wrong(*row, self.dates[*row]);
        let count = |rows: Range<usize>| rows.into_par_iter().with_min_len(1 << 14).filter(is_found).count() as u64;
        let by_file = self.files().map(|(file, rows)| (file, count(rows)));
        by_file.filter(|(_, rows)| *rows > 0).map(|(file, rows)| self.of_file(file, check, rows)).collect()
    }

    fn of_file(&self, file: usize, check: &'static Check, rows: u64) -> Warned {
        Warned { file, column: self.column, check, rows }
    }

    /// The rows of each file; none of a column that no file has.
    fn files(&self) -> impl Iterator<Item = (usize, Range<usize>)> {
        let (starts, rows) = (&self.part.rows.starts, self.dates.len());
        starts.iter().enumerate().map(move |(at, (file, start))| {
            let end = starts.get(at + 1).map_or(rows, |(_, next)| *next);
            (*file as usize, *start..end.min(rows))
        })
    }
}

/// Events that hang on people and on nothing else. A registration may outlive its person.
pub(super) fn of_events(
    [attendances, registrations]: [(&Part, &Vec<u32>); 2],
    appointments: (&Part, &Vec<u32>),
    lives: Lives<'_>,
) -> Vec<Warned> {
    let born = Lives { deaths: &[], ..lives };
    let mut warned = Dated::new(attendances.0, "arrived_date").against_lives(attendances.1, lives);
    warned.extend(Dated::new(registrations.0, "start").against_lives(registrations.1, born));
    warned.extend(Dated::new(appointments.0, "start_date").against_lives(appointments.1, lives));
    warned
}

/// Whether one known day is before another.
fn is_before(a: i32, b: i32) -> bool {
    a != NO_DAY && b != NO_DAY && a < b
}

fn of_parent(parent: &[u32], days: &[i32], row: usize) -> i32 {
    parent.get(row).and_then(|parent| days.get(*parent as usize)).copied().unwrap_or(NO_DAY)
}

/// Adds what was found to the files' tallies, under the standard's own heading of each column.
pub(super) fn apply(found: [Vec<Warned>; 2], staged: &mut Staged, sources: &Sources) {
    for warned in found.into_iter().flatten() {
        let file = &mut staged.files[warned.file];
        let plan = &sources.tables[file.plan];
        let own = plan.columns.iter().find(|column| column.column.name == warned.column);
        let heading = own.map_or(warned.column, |column| column.heading.as_str());
        *file.tally.warnings.entry(format!("{heading} {}", warned.check.id)).or_default() += warned.rows;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_that_is_not_known_is_in_no_order() {
        assert!(is_before(1, 2) && !is_before(2, 2) && !is_before(3, 2));
        assert!(!is_before(NO_DAY, 2) && !is_before(1, NO_DAY));
        assert_eq!(of_parent(&[super::super::parents::NO_ROW], &[1], 0), NO_DAY);
    }
}
