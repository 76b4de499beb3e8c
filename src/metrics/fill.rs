//! Filling: rows, sorted by person, into cells. One pass for all metrics of a date; persons are never split between
//! threads, and sums are whole numbers, so the result does not depend on how many threads there are.

use rayon::prelude::*;

use super::accumulate::Filling;
use super::cell::{Cell, Fold};

/// Fills cells from rows sorted by person: `places` of them for each of the folds, which each name their measure.
/// `contribute` adds a row. The cells are by place, then fold.
pub fn fill(
    person: &[u32],
    (places, measures): (usize, usize),
    folds: &[(usize, Fold)],
    contribute: &(impl Fn(usize, &mut Filling<'_>) + Sync),
) -> Vec<Cell> {
    let part = |rows: std::ops::Range<usize>| {
        let mut filling = Filling::new(places, measures, folds);
        for row in rows {
            contribute(row, &mut filling);
        }
        filling.finish()
    };
    let add = |mut all: Vec<Cell>, own: Vec<Cell>| {
        all.iter_mut().zip(&own).for_each(|(cell, own)| cell.merge(own));
        all
    };
    let parts = chunks(person).into_par_iter().map(part).reduce_with(add);
    parts.unwrap_or_else(|| vec![Cell::default(); places * folds.len()])
}

/// Fewer rows than this are not worth cells of their own.
const LEAST_ROWS: usize = 1 << 16;

/// Row ranges that never split a person, a few per thread so that none waits long for another.
fn chunks(person: &[u32]) -> Vec<std::ops::Range<usize>> {
    let wanted = 4 * rayon::current_num_threads().max(1);
    let size = person.len().div_ceil(wanted).max(LEAST_ROWS);
    let mut ranges = Vec::new();
    let mut start = 0;
    while start < person.len() {
        let mut end = (start + size).min(person.len());
        while end < person.len() && person[end] == person[end - 1] {
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
    use crate::metrics::accumulate::Contribution;

    #[test]
    fn a_person_counts_once_however_many_rows() {
        let person = [1, 1, 2, 3, 3, 3, 3];
        let one = Contribution { quantity: 1, is_in: 1, is_counted: 1 };
        let folds = [(0, Fold::Sum), (0, Fold::Once), (0, Fold::AtLeast(4))];
        let cells = fill(&person, (3, 1), &folds, &|row, filling| filling.add([0, 1, 2], person[row], one));
        assert_eq!((cells[0].numerator, cells[0].people, cells[0].top_two), (7, 3, [4, 2]));
        assert_eq!((cells[1].numerator, cells[1].people), (3, 3));
        assert_eq!((cells[2].numerator, cells[2].denominator, cells[2].people_out), (1, 3, 2));
    }

    #[test]
    fn sums_over_few_rows_are_those_over_many() {
        // Person p has p rows, of which p / 2 are in the numerator.
        let person: Vec<u32> = (0..9).flat_map(|person| std::iter::repeat_n(person, person as usize)).collect();
        let row_of_person = |row: usize| row - person.partition_point(|other| *other < person[row]);
        let cells = fill(&person, (3, 1), &[(0, Fold::Sum)], &|row, filling| {
            let is_counted = u32::from(row_of_person(row) < person[row] as usize / 2);
            filling.add([0, 1, 2], person[row], Contribution { quantity: 1, is_in: 1, is_counted });
        });
        let mut expected = Cell::default();
        for rows in 1..9 {
            expected.add_people(1, rows / 2, rows);
        }
        assert_eq!(cells, [expected; 3]);
    }

    #[test]
    fn someone_of_two_providers_is_in_both_and_once_in_all() {
        // Place 0 is everyone's; the provider is place 1 or 2; the age band place 3.
        let providers = [(7, 1), (7, 1), (7, 2), (7, 1), (8, 2), (9, 1)];
        let person: Vec<u32> = providers.iter().map(|(person, _)| *person).collect();
        let one = Contribution { quantity: 1, is_in: 1, is_counted: 1 };
        let cells = fill(&person, (4, 1), &[(0, Fold::Sum)], &|row, filling| {
            filling.add([0, providers[row].1, 3], person[row], one);
        });
        let found: Vec<(u64, u32, [u64; 2])> =
            cells.iter().map(|cell| (cell.numerator, cell.people, cell.top_two)).collect();
        assert_eq!(found, [(6, 3, [4, 1]), (4, 2, [3, 1]), (2, 2, [1, 1]), (6, 3, [4, 1])]);
    }

    #[test]
    fn threads_change_nothing() {
        let person: Vec<u32> = (0..300_000).map(|row| row / 7).collect();
        let add = |row: usize, filling: &mut Filling<'_>| {
            let is_counted = u32::from(row.is_multiple_of(3));
            filling.add(
                [row % 5, 5 + row % 5, 10 + row % 5 + 5 * (row % 2)],
                person[row],
                Contribution { quantity: 1, is_in: 1, is_counted },
            );
        };
        let with = |threads: usize| {
            rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .unwrap()
                .install(|| fill(&person, (20, 1), &[(0, Fold::Sum)], &add))
        };
        assert_eq!(with(1), with(4));
    }
}
