//! Rows that identify somebody, with their month: attendances, referrals by their patients, rows of the registered list.
//! Sorted by person, so that people can be counted.

use rayon::prelude::*;

use super::super::assembly::Part;
use super::super::duplicates::Fate;
use super::super::parents::NO_ROW;
use super::super::part;
use super::super::values::{NO_CODE, NO_DAY};
use super::count::{Cell, merge_all};
use crate::domain::day;
use crate::domain::nhs_number::REASONS;
use crate::error::Error;
use crate::ingest::Staged;
use crate::schema::Source;

/// What a row has: each is a bit of [`Row::has`].
pub(super) const IDENTIFIERS: [&str; 6] = ["nhs_number", "verified_number", "birth_date", "sex", "postcode", "name"];
/// What became of a row's record, as further bits.
pub(super) const OUTCOMES: [&str; 2] = ["identified", "linked"];
/// How many bits.
pub(super) const BITS: usize = IDENTIFIERS.len() + OUTCOMES.len();
/// The month of a row without a day.
pub(super) const NO_MONTH: i32 = i32::MIN;
/// The reason of a row that tells none.
pub(super) const NO_REASON: u8 = u8::MAX;
/// Status "number present and verified".
const VERIFIED: u16 = 1;

/// One row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Row {
    /// Its person.
    pub(super) person: u32,
    /// Its month, as months since year 0; [`NO_MONTH`] for none.
    pub(super) month: i32,
    /// What it has, as bits of [`IDENTIFIERS`] and [`OUTCOMES`].
    pub(super) has: u8,
    /// Why its number is or is not used: a position in [`REASONS`].
    pub(super) reason: u8,
    /// Its source.
    pub(super) source: Source,
}

/// The rows of an identity table that are kept and have a record. `outcome` gives the bits of [`OUTCOMES`] of a record.
pub(super) fn of_table(
    (part, record_of, person_of): (&Part, &[u32], &[u32]),
    (staged, source_of): (&Staged, &(dyn Fn(u32) -> Source + Sync)),
    dated: &str,
    outcome: &(dyn Fn(usize) -> u8 + Sync),
) -> Result<Vec<Option<Row>>, Error> {
    let rows = &part.rows;
    let reasons = reasons(part, staged)?;
    let (nhs, status) = (rows.tokens("nhs"), rows.codes("nhs_status"));
    let (birth, sex, days) = (rows.whole("birth_date"), rows.codes("sex"), rows.whole(dated));
    let [outcode, initial, surname] = ["outcode", "initial", "surname_start"].map(|name| rows.orgs(name));
    let row_of = |row: usize| {
        let record = record_of[row];
        if part.fates[row] != Fate::Kept || record == NO_ROW {
            return None;
        }
        let has = [
            nhs[row].is_some(),
            nhs[row].is_some() && status[row] == VERIFIED,
            birth[row] != NO_DAY,
            sex[row] != NO_CODE,
            outcode[row] != 0,
            initial[row] != 0 && surname[row] != 0,
        ];
        let bits = has.into_iter().enumerate().fold(0u8, |bits, (at, has)| bits | (u8::from(has) << at));
        let found = reasons.get(row).copied().unwrap_or_else(|| position(if has[0] { "valid" } else { "missing" }));
        Some(Row {
            person: person_of[row],
            month: days.get(row).map_or(NO_MONTH, |day| month_of(*day)),
            has: bits | (outcome(record as usize) << IDENTIFIERS.len()),
            reason: found,
            source: source_of(rows.file[row]),
        })
    };
    Ok((0..rows.len()).into_par_iter().with_min_len(1 << 14).map(row_of).collect())
}

/// The month of a day.
pub(super) fn month_of(day: i32) -> i32 {
    if day == NO_DAY { NO_MONTH } else { day::month_number(day) }
}

/// Rows in the order of their people.
pub(super) fn sorted(mut rows: Vec<Row>) -> Vec<Row> {
    rows.par_sort_by_key(|row| row.person);
    rows
}

fn position(reason: &str) -> u8 {
    REASONS.iter().position(|(_, name)| *name == reason).unwrap_or(0) as u8
}

/// The reason of each row's number; shorter than the rows where files do not say.
fn reasons(part: &Part, staged: &Staged) -> Result<Vec<u8>, Error> {
    let mut found = Vec::with_capacity(part.rows.len());
    for (at, (file, _)) in part.rows.starts.iter().enumerate() {
        let end = part.rows.starts.get(at + 1).map_or(part.rows.len(), |(_, next)| *next);
        let Some(arrays) = part::column(&staged.files[*file as usize], "nhs_reason")? else { return Ok(Vec::new()) };
        for array in arrays {
            let codes = arrow::array::AsArray::as_primitive::<arrow::datatypes::UInt16Type>(&array);
            found.extend(codes.values().iter().map(|code| *code as u8));
        }
        if found.len() != end {
            return Ok(Vec::new());
        }
    }
    Ok(found)
}

/// Kept rows of a table by why their number is or is not used, with the people behind them, of so many in all.
pub(super) fn by_reason(
    (part, person_of): (&Part, &[u32]),
    staged: &Staged,
    people: usize,
) -> Result<Vec<Cell>, Error> {
    let (known, nhs) = (reasons(part, staged)?, part.rows.tokens("nhs"));
    let mut cells = vec![Cell::default(); REASONS.len()];
    let mut seen = vec![Vec::new(); REASONS.len()];
    for (row, person) in person_of.iter().enumerate().filter(|(_, person)| **person != NO_ROW) {
        let plain = || position(if nhs[row].is_some() { "valid" } else { "missing" });
        let reason = usize::from(known.get(row).copied().unwrap_or_else(plain));
        if seen[reason].is_empty() {
            seen[reason].resize(people, false);
        }
        let is_new = !std::mem::replace(&mut seen[reason][*person as usize], true);
        let cell = &mut cells[reason];
        (cell.within, cell.of, cell.people_in) = (cell.within + 1, cell.of + 1, cell.people_in + u64::from(is_new));
    }
    Ok(cells)
}

/// Cells of one source by month; the first is of all rows.
pub(super) struct Months {
    /// The month of the second cell.
    pub(super) first: i32,
    /// Cells of each bit: all rows, each month, and last the rows without a month.
    pub(super) cells: Vec<[Cell; BITS]>,
    /// Rows by reason.
    pub(super) reasons: Vec<Cell>,
}

impl Months {
    /// The month of a cell after the first; none for rows without a day.
    pub(super) fn month(&self, cell: usize) -> Option<i32> {
        (cell + 1 < self.cells.len()).then(|| self.first + cell as i32 - 1)
    }
}

/// Cells by source and month, and by source and reason.
type Counted = (Vec<[Cell; BITS]>, Vec<Cell>);

/// Counts so many rows, sorted by person, by source and month. Each thread takes a range of people.
pub(super) fn by_month(len: usize, row: impl Fn(usize) -> Row + Sync) -> Vec<(Source, Months)> {
    let (first, last) = (0..len)
        .into_par_iter()
        .with_min_len(1 << 14)
        .map(|at| row(at).month)
        .filter(|month| *month != NO_MONTH)
        .fold(|| (i32::MAX, i32::MIN), |(first, last), month| (first.min(month), last.max(month)))
        .reduce(|| (i32::MAX, i32::MIN), |a, b| (a.0.min(b.0), a.1.max(b.1)));
    let (first, last) = if first > last { (0, -1) } else { (first, last) };
    let slots = (last - first + 1) as usize + 2;
    let sources = Source::ALL.len();
    let new = || -> Counted {
        (vec![[Cell::default(); BITS]; sources * slots], vec![Cell::default(); sources * REASONS.len()])
    };
    let parts: Vec<Counted> = ranges(len, |at| row(at).person)
        .into_par_iter()
        .map(|range| {
            let (mut cells, mut reasons) = new();
            for row in range.map(&row) {
                let source = row.source as usize;
                let slot = if row.month == NO_MONTH { slots - 1 } else { 1 + (row.month - first) as usize };
                for at in [source * slots, source * slots + slot] {
                    for (bit, cell) in cells[at].iter_mut().enumerate() {
                        cell.add(row.person, row.has >> bit & 1 == 1);
                    }
                }
                if row.reason != NO_REASON {
                    reasons[source * REASONS.len() + usize::from(row.reason)].add(row.person, true);
                }
            }
            (cells, reasons)
        })
        .collect();
    let (mut cells, mut reasons) = new();
    for (own, own_reasons) in &parts {
        cells.iter_mut().zip(own).for_each(|(to, from)| merge_all(to, from));
        merge_all(&mut reasons, own_reasons);
    }
    let of = |source: Source| {
        let at = source as usize;
        let cells = cells[at * slots..(at + 1) * slots].to_vec();
        let reasons = reasons[at * REASONS.len()..(at + 1) * REASONS.len()].to_vec();
        (source, Months { first, cells, reasons })
    };
    Source::ALL.into_iter().map(of).filter(|(_, months)| months.cells[0][0].of > 0).collect()
}

/// Ranges of so many rows sorted by person, one for each thread, that part no person's rows.
pub(super) fn ranges(len: usize, person: impl Fn(usize) -> u32) -> Vec<std::ops::Range<usize>> {
    let size = len.div_ceil(rayon::current_num_threads().max(1)).max(1);
    let mut ranges = Vec::new();
    let mut start = 0;
    while start < len {
        let mut end = (start + size).min(len);
        while end < len && person(end) == person(end - 1) {
            end += 1;
        }
        ranges.push(start..end);
        start = end;
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(person: u32, month: i32, has: u8) -> Row {
        Row { person, month, has, reason: 0, source: Source::Gp }
    }

    #[test]
    fn rows_are_counted_by_month_and_people_once() {
        let rows = [row(0, 10, 1), row(0, 10, 1), row(0, 12, 0), row(3, 12, 5), row(4, NO_MONTH, 4)];
        let counted = by_month(rows.len(), |at| rows[at]);
        let (source, months) = &counted[0];
        assert_eq!((counted.len(), *source, months.cells.len()), (1, Source::Gp, 5));
        let shown = |cell: usize, bit: usize| {
            let cell = months.cells[cell][bit];
            [cell.within, cell.of, cell.people_in, cell.people_out]
        };
        assert_eq!(shown(0, 0), [3, 5, 2, 2]);
        assert_eq!(shown(1, 0), [2, 2, 1, 0]);
        assert_eq!(shown(3, 0), [1, 2, 1, 1]);
        assert_eq!(shown(4, 2), [1, 1, 1, 0]);
        assert_eq!([months.month(1), months.month(3), months.month(4)], [Some(10), Some(12), None]);
        assert!(by_month(0, |_| rows[0]).is_empty());
    }

    #[test]
    fn no_range_parts_a_person() {
        let people = [0u32, 0, 0, 0, 0, 0, 0, 1, 2, 2];
        let ranges = ranges(people.len(), |at| people[at]);
        assert_eq!(ranges.last().map(|range| range.end), Some(people.len()));
        assert!(ranges.windows(2).all(|pair| people[pair[0].end - 1] != people[pair[1].start]));
    }
}
