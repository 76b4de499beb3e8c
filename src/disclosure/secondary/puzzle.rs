//! Puzzle: published rows, the numbers in them, and the sums that tie them; and what must not be worked out.

use crate::audit::{NO_LIMIT, Range, Sums, sums::Sum};
use crate::disclosure::Policy;

/// How a row is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Rounded counts, and a percentage of exact ones: as if the exact counts stood there.
    Exact,
    /// Rounded counts, and nothing made of exact ones.
    Rounded,
    /// Nothing.
    Hidden,
    /// Nothing, as are all rows that it adds up with: nobody could tell from their markers that anybody is in them.
    Dropped,
}

impl State {
    /// Whether nothing of the row is shown.
    pub fn is_hidden(self) -> bool {
        self >= Self::Hidden
    }
}

/// How little a row would be missed: it is hidden before one of greater worth.
pub type Worth = (u8, u64, usize);

/// A published row.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The numbers printed in it, rounded.
    pub printed: Vec<usize>,
    /// Those that a percentage of exact counts would give away.
    pub told: Vec<usize>,
    /// What it is about where it is hidden: the numbers that must then not be worked out.
    pub kept: Vec<usize>,
    /// Those who are in its numerator, and those who are not. Where nobody is in the one, the other tells only the size.
    pub halves: Option<[usize; 2]>,
    /// How it is shown.
    pub state: State,
    /// When it is hidden.
    pub worth: Worth,
    /// Whether its percentage goes before another row is hidden: so it is where the row is a total that people look at.
    pub is_total: bool,
}

/// A number behind published rows.
#[derive(Debug, Clone)]
pub struct Number {
    /// What it is.
    pub truth: i64,
    /// Whether it is a number of few people.
    pub is_small: bool,
    /// The least that everybody knows it to be where it is hidden.
    pub least: i64,
    /// What earlier releases told of it.
    pub also: Range,
    /// The rows that print it.
    pub rows: Vec<usize>,
    /// The rows that are about it where they are hidden.
    pub kept_by: Vec<usize>,
}

/// Two numbers of which one counts a part of what the other counts.
pub type Nested = (usize, usize);

/// What a reader could work out from what.
#[derive(Debug, Default)]
pub struct Puzzle {
    /// The numbers.
    pub numbers: Vec<Number>,
    /// The rows.
    pub entries: Vec<Entry>,
    /// The sums.
    pub sums: Vec<Sum>,
    /// Numbers that lie in others.
    pub nested: Vec<Nested>,
}

impl Puzzle {
    /// Adds a number.
    pub fn number(&mut self, truth: u64) -> usize {
        let number = Number {
            truth: truth as i64,
            is_small: false,
            least: 0,
            also: Range::any(),
            rows: Vec::new(),
            kept_by: Vec::new(),
        };
        self.numbers.push(number);
        self.numbers.len() - 1
    }

    /// Adds a row.
    pub fn entry(&mut self, entry: Entry) -> usize {
        let at = self.entries.len();
        for number in &entry.printed {
            self.numbers[*number].rows.push(at);
        }
        for number in &entry.kept {
            self.numbers[*number].kept_by.push(at);
        }
        self.entries.push(entry);
        at
    }

    /// What a reader knows of a number from the rows that print it. Whoever knows that a hidden row is of few people knows
    /// that it is of somebody, unless rows of nobody are hidden beside it.
    fn known(&self, number: usize, (policy, is_beside_nobody): (&Policy, bool)) -> Range {
        let own = &self.numbers[number];
        let threshold = policy.threshold as i64;
        let is_dropped = !own.rows.is_empty() && own.rows.iter().all(|row| self.entries[*row].state == State::Dropped);
        if is_dropped {
            return Range::any().and(own.also);
        }
        let least = if is_beside_nobody { 0 } else { own.least };
        let is_kept = own.kept_by.iter().any(|row| self.entries[*row].state == State::Hidden);
        let base = if own.is_small && is_kept && self.is_hidden(number) {
            Range { low: least.min(policy.fewest() as i64), high: threshold - 1 }
        } else {
            Range { low: least, high: NO_LIMIT }
        };
        own.rows.iter().fold(base.and(own.also), |range, row| range.and(self.told_by(*row, number, policy)))
    }

    /// Whether no row prints the number.
    pub fn is_hidden(&self, number: usize) -> bool {
        self.numbers[number].rows.iter().all(|row| self.entries[*row].state.is_hidden())
    }

    /// The numbers that stand in a sum with a hidden row of nobody.
    fn beside_nobody(&self) -> Vec<bool> {
        let is_nobody = |number: &usize| {
            let own = &self.numbers[*number];
            own.truth == 0
                && !own.rows.is_empty()
                && self.is_hidden(*number)
                && own.rows.iter().all(|row| self.entries[*row].worth.1 == 0)
        };
        let mut found = vec![false; self.numbers.len()];
        for sum in &self.sums {
            if sum.parts.iter().any(is_nobody) {
                sum.numbers().for_each(|number| found[number] = true);
            }
        }
        found
    }

    fn told_by(&self, row: usize, number: usize, policy: &Policy) -> Range {
        let (entry, truth) = (&self.entries[row], self.numbers[number].truth);
        match entry.state {
            State::Hidden | State::Dropped => Range::any(),
            State::Exact if entry.told.contains(&number) => Range::only(truth),
            _ => policy.before_rounding(policy.round(truth as u64)),
        }
    }

    /// What a reader knows of every number before he adds anything up.
    pub fn ranges(&self, policy: &Policy) -> Vec<Range> {
        let beside = self.beside_nobody().into_iter().enumerate();
        beside.map(|(number, is_beside_nobody)| self.known(number, (policy, is_beside_nobody))).collect()
    }

    /// As a reader has it in front of him.
    pub fn as_read(&self, policy: &Policy) -> Sums {
        let mut sums = Sums::default();
        for range in self.ranges(policy) {
            sums.number(range);
        }
        for sum in &self.sums {
            sums.sum(sum.clone());
        }
        sums
    }

    /// The exact numbers.
    pub fn truth(&self) -> Vec<i64> {
        self.numbers.iter().map(|number| number.truth).collect()
    }
}
