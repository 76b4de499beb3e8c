//! Reporting periods: months, financial quarters and financial years.
//!
//! A financial year runs from April to March; `2025/26 Q2` is July to September 2025.

use super::day;

/// How long a period is, and where it may end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Span {
    /// A calendar month.
    Month,
    /// A financial quarter.
    Quarter,
    /// A financial year.
    Year,
    /// The twelve months that end with a month. Such periods overlap.
    TwelveMonths,
}

impl Span {
    /// Every span, in the order of outputs.
    pub const ALL: [Self; 4] = [Self::Month, Self::Quarter, Self::Year, Self::TwelveMonths];

    /// Months from one period's end to the next one's, and months in a period.
    fn months(self) -> (i32, i32) {
        match self {
            Self::Month => (1, 1),
            Self::Quarter => (3, 3),
            Self::Year => (12, 12),
            Self::TwelveMonths => (1, 12),
        }
    }

    /// Whether a month, numbered from year 0, may be the last of such a period: quarters end in March, June, September
    /// and December.
    fn ends_in(self, month: i32) -> bool {
        (month - 2).rem_euclid(self.months().0) == 0
    }

    /// What the period is called that begins and ends with these months.
    fn name(self, first: i32, last: i32) -> String {
        let (year, month, _) = day::parts(day::month_start(last));
        let financial = if month < 4 { year - 1 } else { year };
        let name = format!("{financial}/{:02}", (financial + 1).rem_euclid(100));
        match self {
            Self::Month => format!("{year}-{month:02}"),
            Self::Quarter => format!("{name} Q{}", (first - 3).rem_euclid(12) / 3 + 1),
            Self::Year => name,
            Self::TwelveMonths => format!("12 months to {year}-{month:02}"),
        }
    }
}

/// A span of days that figures are reported for. Both ends are in it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Period {
    /// First day.
    pub start: i32,
    /// Last day.
    pub end: i32,
    /// What it is called: `2025/26 Q2`.
    pub name: String,
    /// How long it is.
    pub span: Span,
}

impl Period {
    /// The `count` periods of a span that end with the last whole one up to and including `as_of`, oldest first.
    pub fn up_to(as_of: i32, span: Span, count: usize) -> Vec<Self> {
        let step = span.months().0;
        // The month after `as_of` is the first that is surely not over.
        let mut last = day::month_number(as_of + 1) - 1;
        while !span.ends_in(last) {
            last -= 1;
        }
        (0..count).rev().map(|back| Self::ending(last - step * back as i32, span)).collect()
    }

    /// The period of a span that ends with a month.
    fn ending(last: i32, span: Span) -> Self {
        let first = last - span.months().1 + 1;
        Self { start: day::month_start(first), end: day::month_start(last + 1) - 1, name: span.name(first, last), span }
    }

    /// The financial quarter that holds a day.
    pub fn quarter_of(any: i32) -> Self {
        let month = day::month_number(any);
        Self::ending(month + (2 - month).rem_euclid(3), Span::Quarter)
    }

    /// The `count` financial quarters that end with the last whole one up to and including `as_of`, oldest first.
    pub fn quarters_to(as_of: i32, count: usize) -> Vec<Self> {
        Self::up_to(as_of, Span::Quarter, count)
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

    fn d(text: &[u8]) -> i32 {
        day::parse_iso(text).unwrap()
    }

    #[test]
    fn quarters_follow_the_financial_year() {
        let last = |text: &[u8]| Period::quarters_to(d(text), 1).remove(0).name;
        assert_eq!(Period::quarter_of(d(b"2025-07-01")), Period::quarters_to(d(b"2025-09-30"), 1)[0]);
        assert_eq!(Period::quarter_of(d(b"2026-03-31")).name, "2025/26 Q4");
        assert_eq!(last(b"2025-09-29"), "2025/26 Q1");
        assert_eq!(last(b"2025-09-30"), "2025/26 Q2");
        assert_eq!(last(b"2026-03-31"), "2025/26 Q4");
        assert_eq!(last(b"2026-06-30"), "2026/27 Q1");
        assert_eq!(last(b"2000-01-15"), "1999/00 Q3");
    }

    #[test]
    fn periods_of_every_span_are_whole_and_named() {
        let named = |span, as_of: &[u8]| -> Vec<(String, String, String)> {
            let of = Period::up_to(d(as_of), span, 2).into_iter();
            of.map(|one| (one.name, day::to_iso(one.start), day::to_iso(one.end))).collect()
        };
        let row = |name: &str, start: &str, end: &str| (name.to_owned(), start.to_owned(), end.to_owned());
        assert_eq!(
            named(Span::Month, b"2024-03-30"),
            [row("2024-01", "2024-01-01", "2024-01-31"), row("2024-02", "2024-02-01", "2024-02-29")]
        );
        assert_eq!(
            named(Span::Year, b"2026-03-30"),
            [row("2023/24", "2023-04-01", "2024-03-31"), row("2024/25", "2024-04-01", "2025-03-31")]
        );
        assert_eq!(
            named(Span::TwelveMonths, b"2026-01-31"),
            [
                row("12 months to 2025-12", "2025-01-01", "2025-12-31"),
                row("12 months to 2026-01", "2025-02-01", "2026-01-31")
            ]
        );
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
