//! Sums: whole numbers that are known within ranges, and what they add up to.
//!
//! [`Sums::narrow`] works out what the sums leave of every range. Where no number stands in two chains of sums that meet
//! again, that is exactly what can be known of it; elsewhere more may be known, by whoever combines several sums at once.

use std::collections::VecDeque;

/// Stands for no upper limit.
pub const NO_LIMIT: i64 = i64::MAX / 4;

/// How often a sum is looked at before narrowing stops: what is left is then wider than need be, never narrower.
const MOST_LOOKS: u32 = 200;

/// From where to where a number may lie, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// The least it can be.
    pub low: i64,
    /// The greatest it can be; [`NO_LIMIT`] where nothing limits it.
    pub high: i64,
}

impl Range {
    /// A number that is known.
    pub fn only(value: i64) -> Self {
        Self { low: value, high: value }
    }

    /// Any count.
    pub fn any() -> Self {
        Self { low: 0, high: NO_LIMIT }
    }

    /// No number at all.
    pub fn nothing() -> Self {
        Self { low: 1, high: 0 }
    }

    /// What two ranges have in common; empty where the low end lies above the high one.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { low: self.low.max(other.low), high: self.high.min(other.high) }
    }
}

/// How the parts of a sum stand to the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// Together they are the whole.
    Equal,
    /// Together they are at least the whole: somebody may be in two parts.
    AtLeast,
    /// Together they are at most the whole: somebody may be in none.
    AtMost,
}

/// Some numbers that make up another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sum {
    /// Position of the whole.
    pub whole: usize,
    /// Positions of the parts.
    pub parts: Vec<usize>,
    /// How they stand to it.
    pub relation: Relation,
}

impl Sum {
    /// Its numbers: the parts, then the whole.
    fn numbers(&self) -> impl Iterator<Item = usize> + '_ {
        self.parts.iter().copied().chain([self.whole])
    }
}

/// Numbers in ranges, and their sums.
#[derive(Debug, Clone, Default)]
pub struct Sums {
    ranges: Vec<Range>,
    all: Vec<Sum>,
    /// The sums that each number is in.
    of: Vec<Vec<usize>>,
}

/// A sum that nothing can satisfy, by the position of its whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contradiction(pub usize);

impl Sums {
    /// Adds a number and gives its position.
    pub fn number(&mut self, range: Range) -> usize {
        self.ranges.push(range);
        self.of.push(Vec::new());
        self.ranges.len() - 1
    }

    /// Adds a sum.
    pub fn sum(&mut self, sum: Sum) {
        for number in sum.numbers() {
            self.of[number].push(self.all.len());
        }
        self.all.push(sum);
    }

    /// The range of a number.
    pub fn range(&self, number: usize) -> Range {
        self.ranges[number]
    }

    /// What is known of a number beside: its range becomes what both have in common.
    pub fn know(&mut self, number: usize, range: Range) {
        self.ranges[number] = self.ranges[number].and(range);
    }

    /// Narrows every range to what the sums leave of it.
    pub fn narrow(&mut self) -> Result<(), Contradiction> {
        let mut queue: VecDeque<usize> = (0..self.all.len()).collect();
        let mut is_queued = vec![true; self.all.len()];
        let mut looks = vec![0; self.all.len()];
        while let Some(sum) = queue.pop_front() {
            is_queued[sum] = false;
            looks[sum] += 1;
            if looks[sum] > MOST_LOOKS {
                continue;
            }
            for number in self.look(sum).ok_or(Contradiction(self.all[sum].whole))? {
                for other in &self.of[number] {
                    if !is_queued[*other] {
                        is_queued[*other] = true;
                        queue.push_back(*other);
                    }
                }
            }
        }
        Ok(())
    }

    /// Narrows the numbers of a sum by each other. Gives those that changed; none where nothing is possible.
    fn look(&mut self, at: usize) -> Option<Vec<usize>> {
        let mut changed = Vec::new();
        for number in self.all[at].numbers().collect::<Vec<_>>() {
            let own = self.ranges[number];
            let new = own.and(self.implied(at, number));
            if new.low > new.high {
                return None;
            }
            if new != own {
                self.ranges[number] = new;
                changed.push(number);
            }
        }
        Some(changed)
    }

    /// What a sum says of one of its numbers, given the ranges of the others.
    fn implied(&self, at: usize, number: usize) -> Range {
        let sum = &self.all[at];
        let others = sum.parts.iter().filter(|part| **part != number).map(|part| self.ranges[*part]);
        let (low, high) = others.fold((0, 0), |(low, high), other| (low + other.low, plus(high, other.high)));
        let (at_least, at_most) = (sum.relation != Relation::AtMost, sum.relation != Relation::AtLeast);
        if number == sum.whole {
            return Range { low: if at_most { low } else { 0 }, high: if at_least { high } else { NO_LIMIT } };
        }
        let whole = self.ranges[sum.whole];
        Range {
            low: if at_least && high < NO_LIMIT { whole.low - high } else { 0 },
            high: if at_most && whole.high < NO_LIMIT { whole.high - low } else { NO_LIMIT },
        }
    }
}

/// A sum that does not run over.
fn plus(one: i64, other: i64) -> i64 {
    if one >= NO_LIMIT || other >= NO_LIMIT { NO_LIMIT } else { one + other }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(ranges: &[(i64, i64)], whole: usize, relation: Relation) -> Sums {
        let mut sums = Sums::default();
        let numbers: Vec<usize> =
            ranges.iter().map(|(low, high)| sums.number(Range { low: *low, high: *high })).collect();
        let parts = numbers.into_iter().filter(|number| *number != whole).collect();
        sums.sum(Sum { whole, parts, relation });
        sums
    }

    /// The rule of hospital statistics: 6 and 12 as hidden and 10, their total as 20.
    #[test]
    fn a_rounded_total_and_one_rounded_part_leave_two_values() {
        let mut sums = table(&[(1, 7), (8, 12), (18, 22)], 2, Relation::Equal);
        sums.narrow().unwrap();
        assert_eq!(sums.range(0), Range { low: 6, high: 7 });
    }

    /// 2 = x + y, both at least 1.
    #[test]
    fn two_hidden_people_in_two_cells_are_one_each() {
        let mut sums = table(&[(1, 7), (1, 7), (2, 2)], 2, Relation::Equal);
        sums.narrow().unwrap();
        assert_eq!((sums.range(0), sums.range(1)), (Range::only(1), Range::only(1)));
    }

    #[test]
    fn people_in_two_parts_leave_only_a_lower_bound() {
        let mut sums = table(&[(1, NO_LIMIT), (10, 10), (14, 14)], 2, Relation::AtLeast);
        sums.narrow().unwrap();
        assert_eq!(sums.range(0), Range { low: 4, high: NO_LIMIT });
        let mut sums = table(&[(1, NO_LIMIT), (10, 10), (14, 14)], 2, Relation::AtMost);
        sums.narrow().unwrap();
        assert_eq!(sums.range(0), Range { low: 1, high: 4 });
    }

    #[test]
    fn what_cannot_be_is_a_contradiction() {
        let mut sums = table(&[(1, 7), (10, 10), (30, 30)], 2, Relation::Equal);
        assert_eq!(sums.narrow(), Err(Contradiction(2)));
    }
}
