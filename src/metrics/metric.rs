//! What a metric is: one declaration that columns, text, skeleton and catalogue are read from.

use polars::prelude::Expr;

/// Whose rows are counted: the grain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// Talking Therapies referrals with what happened in them.
    Courses,
    /// Referrals to the trust.
    TrustReferrals,
    /// Contacts with the trust.
    TrustContacts,
    /// Ward stays.
    WardStays,
    /// A&E attendances.
    Attendances,
    /// GP appointments.
    Appointments,
    /// Referrals to voluntary-sector services.
    CommunityReferrals,
    /// Pathway episodes.
    Episodes,
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
    /// The column with the age on the day that puts a row in a period: age at the event, not today.
    pub fn age_column(self) -> &'static str {
        match self {
            Self::On("discharge_date") => "discharge_age",
            Self::On("first_treatment") => "treatment_age",
            _ => "age",
        }
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
    /// People with at least so many rows out of people with any, in percent.
    PeopleWithAtLeast {
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
            (Self::People { .. }, _) => "people",
            (Self::Proportion { .. } | Self::PeopleWithAtLeast { .. }, _) => "percent",
        }
    }

    /// Whether the value is a share of a denominator.
    pub fn is_share(&self) -> bool {
        matches!(self, Self::Proportion { .. } | Self::PeopleWithAtLeast { .. })
    }
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

/// A national standard.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standard {
    /// The value that meets it.
    pub at_least: f64,
    /// As it is printed.
    pub text: &'static str,
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
