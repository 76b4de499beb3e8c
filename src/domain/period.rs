//! Reporting periods: months, financial quarters and financial years.
//!
//! A financial year runs from April to March; `2025/26 Q2` is July to September 2025.

use super::day;

/// A span of days that figures are reported for. Both ends are in it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Period {
    /// First day.
    pub start: i32,
    /// Last day.
    pub end: i32,
    /// What it is called: `2025/26 Q2`.
    pub name: String,
}

impl Period {
    /// The financial quarter that holds a day.
    pub fn quarter_of(any: i32) -> Self {
        let month = day::month_number(any);
        let first = month - (month - 3).rem_euclid(3);
        let start = day::month_start(first);
        let (year, calendar_month, _) = day::parts(start);
        let (financial, quarter) = if calendar_month < 4 { (year - 1, 4) } else { (year, (calendar_month - 1) / 3) };
        Self {
            start,
            end: day::month_start(first + 3) - 1,
            name: format!("{financial}/{:02} Q{quarter}", (financial + 1) % 100),
        }
    }

    /// The `count` financial quarters that end with the last whole quarter up to and including `as_of`, oldest first.
    pub fn quarters_to(as_of: i32, count: usize) -> Vec<Self> {
        let mut last = Self::quarter_of(as_of);
        if last.end > as_of {
            last = Self::quarter_of(last.start - 1);
        }
        let mut periods = Vec::with_capacity(count);
        for _ in 0..count {
            let before = Self::quarter_of(last.start - 1);
            periods.push(last);
            last = before;
        }
        periods.reverse();
        periods
    }

    /// Days in the period.
    pub fn days(&self) -> i32 {
        self.end - self.start + 1
    }

    /// The first day of the twelve months that end with this period.
    pub fn twelve_months_start(&self) -> i32 {
        day::month_start(day::month_number(self.end) - 11)
    }

    /// Whether a day is in the period.
    pub fn holds(&self, any: i32) -> bool {
        (self.start..=self.end).contains(&any)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quarters_follow_the_financial_year() {
        let q = |text: &[u8]| Period::quarter_of(day::parse_iso(text).unwrap()).name;
        assert_eq!(q(b"2025-07-01"), "2025/26 Q2");
        assert_eq!(q(b"2025-09-30"), "2025/26 Q2");
        assert_eq!(q(b"2026-03-31"), "2025/26 Q4");
        assert_eq!(q(b"2026-04-01"), "2026/27 Q1");
        assert_eq!(q(b"1999-12-31"), "1999/00 Q3");
    }

    #[test]
    fn twelve_quarters_end_with_the_last_whole_one() {
        let as_of = day::parse_iso(b"2026-03-31").unwrap();
        let names: Vec<_> = Period::quarters_to(as_of, 12).into_iter().map(|p| p.name).collect();
        assert_eq!(names.first().unwrap(), "2023/24 Q1");
        assert_eq!(names.last().unwrap(), "2025/26 Q4");
        assert_eq!(Period::quarters_to(as_of - 1, 1)[0].name, "2025/26 Q3");
        assert_eq!(Period::quarters_to(as_of, 1)[0].days(), 90);
        assert_eq!(day::to_iso(Period::quarters_to(as_of, 1)[0].twelve_months_start()), "2025-04-01");
    }
}
