//! Sums: whole numbers that are known within ranges, and what they add up to.
//!
//! [`Sums::narrow`] works out what the sums leave of every range. Where no number stands in two chains of sums that meet
//! again, that is exactly what can be known of it; elsewhere more may be known, by whoever combines several sums at once.

use std::collections::{BTreeSet, VecDeque};

/// Stands for no upper limit.
pub const NO_LIMIT: i64 = i64::MAX / 4;

/// How often a sum is looked at before narrowing stops. What is left is then wider than what can be told, so that whoever
/// asks has to take it for too narrow: [`Sums::is_settled`].
pub const MOST_LOOKS: u32 = 200;

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

    /// Whether a value is in it.
    pub fn holds(self, value: i64) -> bool {
        (self.low..=self.high).contains(&value)
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
    pub fn numbers(&self) -> impl Iterator<Item = usize> + '_ {
        self.parts.iter().copied().chain([self.whole])
    }

    /// How much the parts are together above the whole; none where that is as the relation allows.
    pub fn error(&self, value: impl Fn(usize) -> i64) -> Option<i64> {
        let over = self.parts.iter().map(|part| value(*part)).sum::<i64>() - value(self.whole);
        let is_wrong = match self.relation {
            Relation::Equal => over != 0,
            Relation::AtLeast => over < 0,
            Relation::AtMost => over > 0,
        };
        is_wrong.then_some(over)
    }
}

/// Numbers in ranges, and their sums.
#[derive(Debug, Clone, Default)]
pub struct Sums {
    ranges: Vec<Range>,
    all: Vec<Sum>,
    /// The sums that each number is in.
    of: Vec<Vec<usize>>,
    /// Sums that would have been looked at once more when narrowing stopped.
    unsettled: BTreeSet<usize>,
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

    /// Adds a sum and gives its position.
    pub fn sum(&mut self, sum: Sum) -> usize {
        for number in sum.numbers() {
            self.of[number].push(self.all.len());
        }
        self.all.push(sum);
        self.all.len() - 1
    }

    /// The range of a number.
    pub fn range(&self, number: usize) -> Range {
        self.ranges[number]
    }

    /// What is known of a number beside: its range becomes what both have in common.
    pub fn know(&mut self, number: usize, range: Range) {
        self.ranges[number] = self.ranges[number].and(range);
    }

    /// The same sums over other ranges.
    pub fn over(&mut self, ranges: Vec<Range>) {
        self.ranges = ranges;
    }

    /// A sum by its position.
    pub fn at(&self, sum: usize) -> &Sum {
        &self.all[sum]
    }

    /// The sums that a number is in.
    pub fn sums_of(&self, number: usize) -> &[usize] {
        &self.of[number]
    }

    /// Narrows every range to what the sums leave of it.
    pub fn narrow(&mut self) -> Result<(), Contradiction> {
        self.narrow_within(MOST_LOOKS)
    }

    /// Whether all that the sums of a number tell was worked out within the looks that narrowing had.
    pub fn is_settled(&self, number: usize) -> bool {
        self.of[number].iter().all(|sum| !self.unsettled.contains(sum))
    }

    /// The wholes of the sums that were not settled.
    pub fn unsettled(&self) -> impl Iterator<Item = usize> + '_ {
        self.unsettled.iter().map(|sum| self.all[*sum].whole)
    }

    fn narrow_within(&mut self, most_looks: u32) -> Result<(), Contradiction> {
        self.unsettled.clear();
        let mut queue: VecDeque<usize> = (0..self.all.len()).collect();
        let mut is_queued = vec![true; self.all.len()];
        let mut looks = vec![0; self.all.len()];
        while let Some(sum) = queue.pop_front() {
            is_queued[sum] = false;
            looks[sum] += 1;
            if looks[sum] > most_looks {
                self.unsettled.insert(sum);
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
    pub fn implied(&self, at: usize, number: usize) -> Range {
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
    fn what_was_not_settled_is_known_not_to_be() {
        // Two chains of sums that narrow each other step by step: x + y = 10 and x = y + 1 can never both hold.
        let mut sums = Sums::default();
        let [x, y] = [(); 2].map(|()| sums.number(Range { low: 0, high: 1_000 }));
        let [ten, one] = [10, 1].map(|own| sums.number(Range::only(own)));
        sums.sum(Sum { whole: ten, parts: vec![x, y], relation: Relation::Equal });
        sums.sum(Sum { whole: x, parts: vec![y, one], relation: Relation::Equal });
        let mut hasty = sums.clone();
        hasty.narrow_within(1).unwrap();
        assert!(!hasty.is_settled(x) && hasty.unsettled().count() > 0);
        assert_eq!(sums.narrow(), Ok(()));
        assert!(sums.is_settled(x) && sums.unsettled().count() == 0);
    }

    #[test]
    fn what_cannot_be_is_a_contradiction() {
        let mut sums = table(&[(1, 7), (10, 10), (30, 30)], 2, Relation::Equal);
        assert_eq!(sums.narrow(), Err(Contradiction(2)));
    }
}
