//! Precision: how exact the dates are that leave a partner's site.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::domain::day;

/// How exact dates are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    /// The day.
    #[default]
    Day,
    /// The month: every date is the first of its month. Times of day are left out, for between two such dates they would say
    /// something wrong; so are dates of birth, for they would contradict what other sources say of the same person.
    Month,
}

impl Precision {
    /// As written in a source config and in the metadata of a pseudonymised file.
    pub fn id(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Month => "month",
        }
    }

    /// The precision with this id.
    pub fn from_id(id: &str) -> Option<Self> {
        [Self::Day, Self::Month].into_iter().find(|one| one.id() == id)
    }

    /// A day as exact as may be told.
    pub fn of(self, found: i32) -> i32 {
        match self {
            Self::Day => found,
            Self::Month => day::month_start(day::month_number(found)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_told_by_its_first_day() {
        let day = |text: &str| day::parse_iso(text.as_bytes()).unwrap();
        for (found, told) in [("2025-02-28", "2025-02-01"), ("2025-03-01", "2025-03-01"), ("1949-12-31", "1949-12-01")]
        {
            assert_eq!(Precision::Month.of(day(found)), day(told));
            assert_eq!(Precision::Day.of(day(found)), day(found));
        }
    }
}
