//! Finder: the periods that a row belongs to, by its dates.

use super::metric::Dating;
use crate::domain::period::Period;

/// From dates to the periods of one span.
pub struct PeriodFinder<'a> {
    periods: &'a [Period],
    first: i32,
    /// The periods of each day, for spans that hold a day in at most one; none where they overlap.
    by_day: Option<Vec<u16>>,
    /// First and last day of the twelve months that end with each period.
    years: Vec<(i32, i32)>,
}

impl<'a> PeriodFinder<'a> {
    /// For periods of one span, oldest first.
    pub fn new(periods: &'a [Period]) -> Self {
        let first = periods.first().map_or(0, |period| period.start);
        let is_apart = periods.is_sorted_by(|one, next| one.end < next.start);
        let days = || {
            let of = |(at, period): (u16, &Period)| std::iter::repeat_n(at, period.days() as usize);
            (0u16..).zip(periods).flat_map(of).collect()
        };
        let years = periods.iter().map(|period| (period.twelve_months_start(), period.end)).collect();
        Self { periods, first, by_day: is_apart.then(days), years }
    }

    /// The periods that a row may add to.
    #[inline]
    pub fn of(&self, dated: Dating, from: i32, until: Option<i32>) -> std::ops::Range<usize> {
        let not_over = || self.periods.partition_point(|period| period.end < from);
        match dated {
            Dating::On(_) => {
                let Some(by_day) = &self.by_day else {
                    return not_over()..self.periods.partition_point(|period| period.start <= from);
                };
                let day = usize::try_from(from.wrapping_sub(self.first)).ok();
                let at = day.and_then(|day| by_day.get(day)).copied();
                at.map_or(0..0, |at| usize::from(at)..usize::from(at) + 1)
            }
            Dating::OpenAtEnd(..) => {
                let open = until.map(|until| self.periods.partition_point(|period| period.end < until));
                not_over()..open.unwrap_or(self.periods.len())
            }
            Dating::DaysWithin(..) => {
                let begun = until.map(|until| self.periods.partition_point(|period| period.start < until));
                not_over()..begun.unwrap_or(self.periods.len())
            }
            Dating::YearToEnd(_) => {
                let ended = self.years.partition_point(|(_, last)| *last < from);
                ended..self.years.partition_point(|(first, _)| *first <= from)
            }
        }
    }

    /// How many periods.
    pub fn count(&self) -> usize {
        self.periods.len()
    }

    /// The last day of a period.
    pub fn end(&self, period: usize) -> i32 {
        self.periods[period].end
    }

    /// How much a row adds to a period: 1, or its days within it.
    pub fn quantity(&self, dated: Dating, period: usize, from: i32, until: Option<i32>) -> u32 {
        let Dating::DaysWithin(..) = dated else { return 1 };
        let period = &self.periods[period];
        let end = until.unwrap_or(period.end + 1).min(period.end + 1);
        u32::try_from(end - from.max(period.start)).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::day;
    use crate::domain::period::Span;

    fn d(text: &str) -> i32 {
        day::parse_iso(text.as_bytes()).unwrap()
    }

    /// What a row adds to each of the last `count` quarters up to March 2026.
    fn added(count: usize, dated: Dating, from: &str, until: Option<&str>) -> Vec<u32> {
        let periods = Period::quarters_to(d("2026-03-31"), count);
        let finder = PeriodFinder::new(&periods);
        let (from, until) = (d(from), until.map(d));
        let of = finder.of(dated, from, until);
        (0..count).map(|at| if of.contains(&at) { finder.quantity(dated, at, from, until) } else { 0 }).collect()
    }

    #[test]
    fn a_stay_across_two_quarters_gives_each_its_own_days() {
        let days = |from: &str, until: Option<&str>| added(2, Dating::DaysWithin("", ""), from, until);
        assert_eq!(days("2025-12-30", Some("2026-01-03")), [2, 2]);
        assert_eq!(days("2026-03-30", None), [0, 2]);
        assert_eq!(days("2025-12-30", Some("2025-12-30")), [0, 0]);
        assert_eq!(days("2024-01-01", Some("2025-10-01")), [0, 0]);
    }

    #[test]
    fn a_referral_is_open_on_the_last_day_of_a_quarter_or_it_is_not() {
        let open = |from: &str, until: Option<&str>| added(2, Dating::OpenAtEnd("", ""), from, until);
        assert_eq!(open("2025-12-31", Some("2026-01-01")), [1, 0]);
        assert_eq!(open("2025-12-01", Some("2025-12-31")), [0, 0]);
        assert_eq!(open("2026-01-01", None), [0, 1]);
    }

    #[test]
    fn a_day_is_in_the_four_years_that_end_after_it() {
        let years = |day: &str| added(6, Dating::YearToEnd(""), day, None);
        assert_eq!(years("2025-04-01"), [0, 0, 1, 1, 1, 1]);
        assert_eq!(years("2025-03-31"), [0, 1, 1, 1, 1, 0]);
        assert_eq!(added(2, Dating::On(""), "2025-10-01", None), [1, 0]);
        assert_eq!(added(2, Dating::On(""), "2026-04-01", None), [0, 0]);
    }
    #[test]
    fn a_day_is_in_twelve_spans_of_twelve_months() {
        let periods = Period::up_to(d("2026-03-31"), Span::TwelveMonths, 24);
        let finder = PeriodFinder::new(&periods);
        let found = finder.of(Dating::On(""), d("2025-01-31"), None);
        assert_eq!(
            periods[found.clone()].iter().map(|period| period.holds(d("2025-01-31"))).collect::<Vec<_>>(),
            [true; 12]
        );
        assert_eq!(found, finder.of(Dating::YearToEnd(""), d("2025-01-31"), None));
    }
}
