//! Cells: what an estimate rests on, added up person by person.

use crate::stats::proportion::Clusters;
use crate::stats::quantile::Ranks;

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
    /// What the value rests on where counts do not tell it.
    pub more: More,
}

/// What some statistics rest on beside counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum More {
    /// Nothing.
    #[default]
    Nothing,
    /// Order statistics, for a quantile.
    Ranks(Ranks),
    /// Sum, and sum of squares, of the first scores, for an effect size.
    Firsts(i64, i64),
}

impl Cell {
    /// Adds so many people, each with these.
    pub(super) fn add_people(&mut self, people: u64, numerator: u64, denominator: u64) {
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
    /// The person counts once with at least so many rows, and is not there with fewer.
    OnceFrom(u32),
    /// The person is in the denominator, and in the numerator with at least so many rows.
    AtLeast(u32),
    /// The person's rows are in the denominator, and in the numerator too if they are at least so many.
    RowsAtLeast(u32),
}

impl Fold {
    /// What a person's numerator and denominator of rows come to.
    pub(super) fn of(self, numerator: u64, denominator: u64) -> (u64, u64) {
        match self {
            Self::Sum => (numerator, denominator),
            Self::Once => (1, 1),
            Self::OnceFrom(rows) if denominator >= u64::from(rows) => (1, 1),
            Self::OnceFrom(_) => (0, 0),
            Self::AtLeast(rows) => (u64::from(numerator >= u64::from(rows)), 1),
            Self::RowsAtLeast(rows) => (if numerator >= u64::from(rows) { numerator } else { 0 }, denominator),
        }
    }
}
