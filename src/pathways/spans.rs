//! Spans: sets of days as disjoint, ordered ranges, both ends in.

/// Days from the first to the second, both in.
pub type Span = (i32, i32);

/// A set of days: disjoint and in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spans(Vec<Span>);

impl Spans {
    /// From any ranges: ordered, joined where they touch or overlap; empty ones dropped.
    pub fn new(mut ranges: Vec<Span>) -> Self {
        ranges.retain(|(from, to)| from <= to);
        ranges.sort_unstable();
        ranges.dedup_by(|(from, to), (_, end)| {
            let is_joined = *from <= end.saturating_add(1);
            if is_joined {
                *end = (*end).max(*to);
            }
            is_joined
        });
        Self(ranges)
    }

    /// The ranges.
    pub fn ranges(&self) -> &[Span] {
        &self.0
    }

    /// The days of both.
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Self {
        let mut both = Vec::new();
        let (mut a, mut b) = (0, 0);
        while let (Some(x), Some(y)) = (self.0.get(a), other.0.get(b)) {
            let (from, to) = (x.0.max(y.0), x.1.min(y.1));
            if from <= to {
                both.push((from, to));
            }
            if x.1 < y.1 { a += 1 } else { b += 1 }
        }
        Self(both)
    }

    /// The days of this set within one range.
    #[must_use]
    pub fn within(mut self, from: i32, to: i32) -> Self {
        for range in &mut self.0 {
            *range = (range.0.max(from), range.1.min(to));
        }
        self.0.retain(|(from, to)| from <= to);
        self
    }

    /// How many days of this set are within one range.
    pub fn days_within(&self, from: i32, to: i32) -> i64 {
        let days = |range: &Span| i64::from(range.1.min(to)) - i64::from(range.0.max(from)) + 1;
        self.0.iter().map(|range| days(range).max(0)).sum()
    }

    /// How many days.
    pub fn days(&self) -> i64 {
        self.0.iter().map(|(from, to)| i64::from(*to) - i64::from(*from) + 1).sum()
    }

    /// Whether a day is in the set.
    pub fn holds(&self, day: i32) -> bool {
        let at = self.0.partition_point(|(from, _)| *from <= day);
        at > 0 && self.0[at - 1].1 >= day
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_join_meet_and_count() {
        let spans = Spans::new(vec![(10, 20), (1, 3), (4, 5), (15, 25), (40, 30)]);
        assert_eq!(spans.ranges(), [(1, 5), (10, 25)]);
        assert_eq!(spans.days(), 21);
        assert_eq!(spans.days_within(5, 10), 2);
        assert_eq!(spans.clone().within(5, 10).ranges(), [(5, 5), (10, 10)]);
        assert_eq!(spans.clone().within(6, 9).days(), 0);
        assert!(spans.holds(25) && !spans.holds(26) && !spans.holds(0) && !spans.holds(7));
        assert_eq!(spans.intersect(&Spans::default()).days(), 0);
    }
}
