//! Accumulation: rows, sorted by person, into cells. One pass per metric; persons are never split between threads, and
//! sums are whole numbers, so the result does not depend on how many threads there are.

use rayon::prelude::*;

use crate::stats::proportion::Clusters;

/// What a cell of an estimate rests on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cell {
    /// Rows, days or people in the numerator.
    pub numerator: u64,
    /// What they are out of; equals the numerator for counts.
    pub denominator: u64,
    /// People in the denominator.
    pub people: u32,
    /// People in the numerator.
    pub people_in: u32,
    /// People with something in the denominator that is not in the numerator.
    pub people_out: u32,
    /// The two largest numerators of one person.
    pub top_two: [u64; 2],
    /// Sums for the variance clustered by person.
    pub sums: Clusters,
}

impl Cell {
    fn add_person(&mut self, numerator: u64, denominator: u64) {
        self.numerator += numerator;
        self.denominator += denominator;
        self.people += u32::from(denominator > 0);
        self.people_in += u32::from(numerator > 0);
        self.people_out += u32::from(denominator > numerator);
        self.top_two = with_one_more(self.top_two, numerator);
        self.sums.clusters += u64::from(denominator > 0);
        self.sums.xx += numerator * numerator;
        self.sums.xn += numerator * denominator;
        self.sums.nn += denominator * denominator;
    }

    fn merge(&mut self, other: &Self) {
        self.numerator += other.numerator;
        self.denominator += other.denominator;
        self.people += other.people;
        self.people_in += other.people_in;
        self.people_out += other.people_out;
        for top in other.top_two {
            self.top_two = with_one_more(self.top_two, top);
        }
        self.sums.clusters += other.sums.clusters;
        self.sums.xx += other.sums.xx;
        self.sums.xn += other.sums.xn;
        self.sums.nn += other.sums.nn;
    }
}

/// The two largest of three counts, the larger first.
pub fn with_one_more([first, second]: [u64; 2], count: u64) -> [u64; 2] {
    if count > first { [count, first] } else { [first, second.max(count)] }
}

/// How a person's rows in a cell become the person's contribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fold {
    /// They are added up.
    Sum,
    /// The person counts once.
    Once,
    /// The person is in the denominator, and in the numerator with at least so many rows.
    AtLeast(u32),
}

/// A row's share in a cell.
#[derive(Debug, Clone, Copy)]
pub struct Contribution {
    /// Number of the cell.
    pub cell: u32,
    /// To the numerator.
    pub numerator: u32,
    /// To the denominator.
    pub denominator: u32,
}

/// Cells being filled, with the current person's part of each kept apart until the next person comes.
pub struct Filling {
    cells: Vec<Cell>,
    current: Vec<(u32, u64, u64)>,
    fold: Fold,
}

const NOBODY: u32 = u32::MAX;

impl Filling {
    fn new(cells: usize, fold: Fold) -> Self {
        Self { cells: vec![Cell::default(); cells], current: vec![(NOBODY, 0, 0); cells], fold }
    }

    fn add(&mut self, person: u32, row: Contribution) {
        let at = row.cell as usize;
        if self.current[at].0 != person {
            self.flush(at);
            self.current[at] = (person, 0, 0);
        }
        self.current[at].1 += u64::from(row.numerator);
        self.current[at].2 += u64::from(row.denominator);
    }

    fn flush(&mut self, at: usize) {
        let (person, numerator, denominator) = self.current[at];
        if person == NOBODY || denominator == 0 {
            return;
        }
        match self.fold {
            Fold::Sum => self.cells[at].add_person(numerator, denominator),
            Fold::Once => self.cells[at].add_person(1, 1),
            Fold::AtLeast(rows) => self.cells[at].add_person(u64::from(numerator >= u64::from(rows)), 1),
        }
    }

    fn finish(mut self) -> Vec<Cell> {
        for at in 0..self.cells.len() {
            self.flush(at);
        }
        self.cells
    }
}

/// Takes what one row adds.
pub struct Adder<'a> {
    filling: &'a mut Filling,
    person: u32,
}

impl Adder<'_> {
    /// Adds to a cell.
    pub fn add(&mut self, contribution: Contribution) {
        self.filling.add(self.person, contribution);
    }
}

/// Fills `cells` cells from rows sorted by person. `contribute` tells the adder what a row adds.
pub fn fill(
    person: &[u32],
    cells: usize,
    fold: Fold,
    contribute: &(impl Fn(usize, &mut Adder<'_>) + Sync),
) -> Vec<Cell> {
    let parts: Vec<Vec<Cell>> = chunks(person)
        .into_par_iter()
        .map(|rows| {
            let mut filling = Filling::new(cells, fold);
            for row in rows {
                contribute(row, &mut Adder { filling: &mut filling, person: person[row] });
            }
            filling.finish()
        })
        .collect();
    let mut all = vec![Cell::default(); cells];
    for part in parts {
        for (cell, own) in all.iter_mut().zip(&part) {
            cell.merge(own);
        }
    }
    all
}

/// Row ranges that never split a person, about one per thread.
fn chunks(person: &[u32]) -> Vec<std::ops::Range<usize>> {
    let wanted = rayon::current_num_threads().max(1);
    let size = person.len().div_ceil(wanted).max(1);
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

    #[test]
    fn a_person_counts_once_however_many_rows() {
        let person = [1, 1, 2, 3, 3, 3];
        let one = |_: usize, adder: &mut Adder<'_>| adder.add(Contribution { cell: 0, numerator: 1, denominator: 1 });
        let sum = fill(&person, 1, Fold::Sum, &one)[0];
        assert_eq!((sum.numerator, sum.people, sum.top_two), (6, 3, [3, 2]));
        let once = fill(&person, 1, Fold::Once, &one)[0];
        assert_eq!((once.numerator, once.people), (3, 3));
        let many = fill(&person, 1, Fold::AtLeast(3), &one)[0];
        assert_eq!((many.numerator, many.denominator, many.people_out), (1, 3, 2));
    }

    #[test]
    fn threads_change_nothing() {
        let person: Vec<u32> = (0..1000).map(|row| row / 7).collect();
        let add = |row: usize, adder: &mut Adder<'_>| {
            adder.add(Contribution {
                cell: row as u32 % 5,
                numerator: u32::from(row.is_multiple_of(3)),
                denominator: 1,
            });
        };
        let with = |threads: usize| {
            rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .unwrap()
                .install(|| fill(&person, 5, Fold::Sum, &add))
        };
        assert_eq!(with(1), with(4));
    }
}
