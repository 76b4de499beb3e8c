//! What a metric is: one declaration that columns, text, skeleton and catalogue are read from.

use polars::prelude::Expr;

/// Whose rows are counted: the grain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// Talking Therapies referrals with what happened in them.
    Courses,
    /// Contacts with Talking Therapies.
    TherapyContacts,
    /// Referrals to the trust.
    TrustReferrals,
    /// Contacts with the trust.
    TrustContacts,
    /// Hospital spells of a trust.
    Spells,
    /// Ward stays.
    WardStays,
    /// A&E attendances.
    Attendances,
    /// GP appointments.
    Appointments,
    /// People registered with practices for the twelve months that end with a period.
    Registered,
    /// Referrals to voluntary-sector services.
    CommunityReferrals,
    /// Contacts with voluntary-sector services.
    CommunityContacts,
    /// Pathway episodes.
    Episodes,
    /// A&E attendances for mental health, of people whose other records could be linked.
    MentalHealthAttendances,
    /// Stretches with an open referral to the trust and one to Talking Therapies.
    OpenInBoth,
}

/// What puts a row in a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dating {
    /// A date column.
    On(&'static str),
    /// Open on the period's last day: from a column, until a column (null is still open).
    OpenAtEnd(&'static str, &'static str),
    /// Its days within the period: from a column, to a column that is no longer counted (null runs to the end).
    DaysWithin(&'static str, &'static str),
    /// A date column in the twelve months that end with the period.
    YearToEnd(&'static str),
}

impl Dating {
    /// The column that a row's period begins with, and the one that it ends with.
    pub fn columns(self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::On(from) | Self::YearToEnd(from) => (from, None),
            Self::OpenAtEnd(from, until) | Self::DaysWithin(from, until) => (from, Some(until)),
        }
    }

    /// The column with the age on the day that puts a row in a period: age at the event, not today. For a date that is
    /// not the row's own it is named for it, `discharge_age` for `discharge_date`; else it is `age`.
    pub fn age_column(self) -> String {
        let date = self.columns().0;
        format!("{}_age", date.strip_suffix("_date").unwrap_or(date))
    }
}

/// What is made of the rows.
#[derive(Clone, Copy)]
pub enum Statistic {
    /// How many rows, or days under [`Dating::DaysWithin`].
    Count {
        /// The rows counted.
        of: fn() -> Expr,
    },
    /// How many different people have a row.
    People {
        /// The rows counted.
        of: fn() -> Expr,
    },
    /// Rows of one kind out of rows of another, in percent.
    Proportion {
        /// The rows counted.
        numerator: fn() -> Expr,
        /// The rows they are out of.
        denominator: fn() -> Expr,
    },
    /// People with a row of one kind out of people with a row of another, in percent.
    PeopleProportion {
        /// The rows that put a person in.
        numerator: fn() -> Expr,
        /// The rows of the people they are out of; every row of the numerator is one of them.
        denominator: fn() -> Expr,
    },
    /// The mean of a whole number over rows that have one.
    Mean {
        /// The rows counted.
        of: fn() -> Expr,
        /// The number; null is left out.
        value: fn() -> Expr,
        /// The least it can be: 0, or less where it is a change.
        least: i32,
        /// How many of it make one unit: 1, or 100 where it counts hundredths.
        parts: u32,
        /// The unit of the mean.
        unit: &'static str,
    },
    /// A quantile of a whole number over rows that have one.
    Quantile {
        /// Which, in percent: 50 is the median.
        percent: u8,
        /// The rows counted.
        of: fn() -> Expr,
        /// The number; null is left out.
        value: fn() -> Expr,
        /// The unit of the number.
        unit: &'static str,
    },
    /// The mean fall of a score from first to last over the standard deviation of the first, over rows with both.
    EffectSize {
        /// The rows counted.
        of: fn() -> Expr,
        /// The first score, a whole number.
        first: fn() -> Expr,
        /// The last score, a whole number.
        last: fn() -> Expr,
    },
    /// People with at least so many rows out of people with any, in percent.
    PeopleWithAtLeast {
        /// So many rows.
        rows: u32,
        /// The rows counted.
        of: fn() -> Expr,
    },
    /// How many people have at least so many rows.
    PeopleWith {
        /// So many rows.
        rows: u32,
        /// The rows counted.
        of: fn() -> Expr,
    },
    /// Rows of people with at least so many of them, out of all, in percent.
    RowsOfPeopleWithAtLeast {
        /// So many rows.
        rows: u32,
        /// The rows counted.
        of: fn() -> Expr,
    },
}

impl Statistic {
    /// The unit of the value.
    pub fn unit(&self, dating: Dating) -> &'static str {
        match (self, dating) {
            (Self::Count { .. }, Dating::DaysWithin(..)) => "days",
            (Self::Count { .. }, _) => "count",
            (Self::People { .. } | Self::PeopleWith { .. }, _) => "people",
            (
                Self::Proportion { .. }
                | Self::PeopleProportion { .. }
                | Self::PeopleWithAtLeast { .. }
                | Self::RowsOfPeopleWithAtLeast { .. },
                _,
            ) => "percent",
            (Self::Mean { unit, .. } | Self::Quantile { unit, .. }, _) => unit,
            (Self::EffectSize { .. }, _) => "standard deviations",
        }
    }

    /// Decimal places that the value is released with.
    pub fn places(&self) -> usize {
        match self {
            Self::Mean { .. } => 1,
            Self::EffectSize { .. } => 2,
            _ => 0,
        }
    }

    /// What is shown of the rows.
    pub fn form(&self) -> Form {
        match self {
            Self::Count { .. } | Self::People { .. } | Self::PeopleWith { .. } => Form::Count,
            Self::Proportion { .. }
            | Self::PeopleProportion { .. }
            | Self::PeopleWithAtLeast { .. }
            | Self::RowsOfPeopleWithAtLeast { .. } => Form::Share,
            Self::Mean { .. } | Self::Quantile { .. } | Self::EffectSize { .. } => Form::Value,
        }
    }
}

/// What a statistic shows: it decides which counts stand beside the value and how it is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A count, which is its own numerator.
    Count,
    /// A numerator out of a denominator.
    Share,
    /// A number made of the values of so many rows.
    Value,
}

/// Which table of the outputs a metric stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sheet {
    /// What became of people.
    Outcomes,
    /// How much was used.
    Demand,
}

/// What a change upwards means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Better {
    /// Higher is better.
    Higher,
    /// Lower is better.
    Lower,
    /// Neither.
    Neither,
}

/// A standard: which side of which value meets it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Standard {
    /// Met by this and more.
    AtLeast(f64),
    /// Met by this and less.
    AtMost(f64),
}

impl Standard {
    /// As it is printed beside values of a unit.
    pub fn text(self, unit: &str) -> String {
        let (side, value) = match self {
            Self::AtLeast(value) => ("at least", value),
            Self::AtMost(value) => ("at most", value),
        };
        format!("{side} {value} {}", if unit == "percent" { "%" } else { unit })
    }

    /// Whether a value meets it.
    pub fn is_met(self, value: f64) -> bool {
        match self {
            Self::AtLeast(least) => value >= least,
            Self::AtMost(most) => value <= most,
        }
    }
}

/// One published definition, declared once.
pub struct Metric {
    /// Id in config and outputs.
    pub id: &'static str,
    /// What a board paper would say.
    pub title: &'static str,
    /// What a funder reads.
    pub plain_english: &'static str,
    /// Whose rows are counted.
    pub subject: Subject,
    /// What puts a row in a period.
    pub dated: Dating,
    /// What is made of the rows.
    pub statistic: Statistic,
    /// Where it is printed.
    pub sheet: Sheet,
    /// Which direction is better.
    pub better: Better,
    /// The national standard, if there is one.
    pub standard: Option<Standard>,
    /// A paragraph that a clinician can check.
    pub definition: &'static str,
    /// The published measure's id.
    pub official_id: Option<&'static str>,
    /// Document and version.
    pub source: &'static str,
    /// How it departs from the published measure.
    pub differs: Option<&'static str>,
}

impl Metric {
    /// The columns that decide whether a row is counted and what it counts, in order.
    pub fn columns(&self) -> Vec<String> {
        let rules = match self.statistic {
            Statistic::Count { of }
            | Statistic::People { of }
            | Statistic::PeopleWith { of, .. }
            | Statistic::PeopleWithAtLeast { of, .. }
            | Statistic::RowsOfPeopleWithAtLeast { of, .. } => vec![of()],
            Statistic::Proportion { numerator, denominator }
            | Statistic::PeopleProportion { numerator, denominator } => vec![numerator(), denominator()],
            Statistic::Mean { of, value, .. } | Statistic::Quantile { of, value, .. } => vec![of(), value()],
            Statistic::EffectSize { of, first, last } => vec![of(), first(), last()],
        };
        let mut columns: Vec<String> = rules
            .iter()
            .flat_map(IntoIterator::into_iter)
            .filter_map(|part| if let Expr::Column(name) = part { Some(name.to_string()) } else { None })
            .collect();
        columns.sort_unstable();
        columns.dedup();
        columns
    }
}
