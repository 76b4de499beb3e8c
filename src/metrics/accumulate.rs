//! Accumulation: rows, sorted by person, into cells. One pass for all metrics of a date; persons are never split between threads, and
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
    /// Adds so many people, each with these.
    fn add_people(&mut self, people: u64, numerator: u64, denominator: u64) {
        if people == 0 || denominator == 0 {
            return;
        }
        self.numerator += people * numerator;
        self.denominator += people * denominator;
        let all = people as u32;
        self.people += all;
        self.people_in += if numerator > 0 { all } else { 0 };
        self.people_out += if denominator > numerator { all } else { 0 };
        for _ in 0..people.min(2) {
            self.top_two = with_one_more(self.top_two, numerator);
        }
        self.sums.clusters += people;
        self.sums.xx += people * numerator * numerator;
        self.sums.xn += people * numerator * denominator;
        self.sums.nn += people * denominator * denominator;
    }

    /// Adds the cell of other people.
    pub fn merge(&mut self, other: &Self) {
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

impl Fold {
    fn of(self, numerator: u64, denominator: u64) -> (u64, u64) {
        match self {
            Self::Sum => (numerator, denominator),
            Self::Once => (1, 1),
            Self::AtLeast(rows) => (u64::from(numerator >= u64::from(rows)), 1),
        }
    }
}

/// What a row adds to each cell that it belongs to.
#[derive(Debug, Clone, Copy)]
pub struct Contribution {
    /// Rows or days.
    pub quantity: u32,
    /// The measures in whose denominator it is, as bits.
    pub is_in: u32,
    /// The measures in whose numerator it is too, as bits.
    pub is_counted: u32,
}

/// Sums of a person's rows up to this are counted by how many people have them.
const FEW: u32 = 3;
/// Denominators up to [`FEW`], each with its numerators.
const PAIRS: [(u64, u64); 10] = [(0, 0), (0, 1), (1, 1), (0, 2), (1, 2), (2, 2), (0, 3), (1, 3), (2, 3), (3, 3)];
const NOBODY: u32 = u32::MAX;

/// The current person's part of a cell, kept apart until another person comes.
#[derive(Clone, Copy)]
struct Current {
    person: u32,
    numerator: u32,
    denominator: u32,
}

/// Cells being filled, each for every measure: a numerator and a denominator of rows. Few people have many rows in a
/// cell, so most are one more in the count of people with the same sums; only the others touch the cell itself.
pub struct Filling<'a> {
    measures: usize,
    folds: &'a [(usize, Fold)],
    current: Vec<Current>,
    few: Vec<[u32; PAIRS.len()]>,
    /// By place, then fold.
    many: Vec<Cell>,
}

impl<'a> Filling<'a> {
    fn new(places: usize, measures: usize, folds: &'a [(usize, Fold)]) -> Self {
        Self {
            measures,
            folds,
            current: vec![Current { person: NOBODY, numerator: 0, denominator: 0 }; places * measures],
            few: vec![[0; PAIRS.len()]; places * measures],
            many: vec![Cell::default(); places * folds.len()],
        }
    }

    /// Adds what a person's row contributes to the cell of a place.
    pub fn add(&mut self, place: usize, person: u32, row: Contribution) {
        let mut rest = row.is_in;
        while rest != 0 {
            let measure = rest.trailing_zeros() as usize;
            rest &= rest - 1;
            let at = place * self.measures + measure;
            if self.current[at].person != person {
                self.flush(at);
                self.current[at] = Current { person, numerator: 0, denominator: 0 };
            }
            let current = &mut self.current[at];
            current.denominator += row.quantity;
            current.numerator += row.quantity * (row.is_counted >> measure & 1);
        }
    }

    fn flush(&mut self, at: usize) {
        let Current { person, numerator, denominator } = self.current[at];
        if person == NOBODY {
            return;
        }
        if denominator <= FEW {
            self.few[at][(denominator * (denominator + 1) / 2 + numerator) as usize] += 1;
            return;
        }
        let (place, measure) = (at / self.measures, at % self.measures);
        for (number, (own, fold)) in self.folds.iter().enumerate() {
            if *own == measure {
                let (numerator, denominator) = fold.of(u64::from(numerator), u64::from(denominator));
                self.many[place * self.folds.len() + number].add_people(1, numerator, denominator);
            }
        }
    }

    /// The cells, by place, then fold.
    fn finish(mut self) -> Vec<Cell> {
        for at in 0..self.current.len() {
            self.flush(at);
        }
        for (at, cell) in self.many.iter_mut().enumerate() {
            let (place, (measure, fold)) = (at / self.folds.len(), self.folds[at % self.folds.len()]);
            for (people, (numerator, denominator)) in self.few[place * self.measures + measure].iter().zip(PAIRS) {
                if *people > 0 && denominator > 0 {
                    let (numerator, denominator) = fold.of(numerator, denominator);
                    cell.add_people(u64::from(*people), numerator, denominator);
                }
            }
        }
        self.many
    }
}

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

    #[test]
    fn a_person_counts_once_however_many_rows() {
        let person = [1, 1, 2, 3, 3, 3, 3];
        let one = Contribution { quantity: 1, is_in: 1, is_counted: 1 };
        let folds = [(0, Fold::Sum), (0, Fold::Once), (0, Fold::AtLeast(4))];
        let cells = fill(&person, (1, 1), &folds, &|row, filling| filling.add(0, person[row], one));
        assert_eq!((cells[0].numerator, cells[0].people, cells[0].top_two), (7, 3, [4, 2]));
        assert_eq!((cells[1].numerator, cells[1].people), (3, 3));
        assert_eq!((cells[2].numerator, cells[2].denominator, cells[2].people_out), (1, 3, 2));
    }

    #[test]
    fn sums_over_few_rows_are_those_over_many() {
        // Person p has p rows, of which p / 2 are in the numerator.
        let person: Vec<u32> = (0..9).flat_map(|person| std::iter::repeat_n(person, person as usize)).collect();
        let row_of_person = |row: usize| row - person.partition_point(|other| *other < person[row]);
        let cells = fill(&person, (1, 1), &[(0, Fold::Sum)], &|row, filling| {
            let is_counted = u32::from(row_of_person(row) < person[row] as usize / 2);
            filling.add(0, person[row], Contribution { quantity: 1, is_in: 1, is_counted });
        });
        let mut expected = Cell::default();
        for rows in 1..9 {
            expected.add_people(1, rows / 2, rows);
        }
        assert_eq!(cells, [expected]);
    }

    #[test]
    fn threads_change_nothing() {
        let person: Vec<u32> = (0..300_000).map(|row| row / 7).collect();
        let add = |row: usize, filling: &mut Filling<'_>| {
            let is_counted = u32::from(row.is_multiple_of(3));
            filling.add(row % 5, person[row], Contribution { quantity: 1, is_in: 1, is_counted });
        };
        let with = |threads: usize| {
            rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .unwrap()
                .install(|| fill(&person, (5, 1), &[(0, Fold::Sum)], &add))
        };
        assert_eq!(with(1), with(4));
    }
}
