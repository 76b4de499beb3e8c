//! What was found, exact, in a form that can be kept.

use serde::{Deserialize, Serialize};

use crate::settings::DesignKind;
use crate::stats::model::Ratio;

/// A number that is the same after it was kept: its bits are, not its digits.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(from = "u64", into = "u64")]
pub struct Exact(pub f64);

impl From<u64> for Exact {
    fn from(bits: u64) -> Self {
        Self(f64::from_bits(bits))
    }
}

impl From<Exact> for u64 {
    fn from(number: Exact) -> Self {
        number.0.to_bits()
    }
}

/// Every comparison.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Effects {
    /// By pathway, then comparator.
    pub compared: Vec<Compared>,
}

/// A pathway beside one of its comparators.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Compared {
    /// Position of the redesigned pathway.
    pub pathway: usize,
    /// Position of the comparator.
    pub comparator: usize,
    /// By outcome, then design.
    pub rows: Vec<Row>,
    /// How alike the two groups are; empty where nobody was matched.
    pub balance: Vec<BalanceRow>,
    /// Month by month, for the outcomes of which that can be told.
    pub studies: Vec<Study>,
    /// The outcome that decides under other rules.
    pub variants: Vec<Variant>,
}

/// One outcome by one design under other rules.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Variant {
    /// What is different, in words.
    pub analysis: String,
    /// Position of the rate.
    pub rate: usize,
    /// The design.
    pub design: DesignKind,
    /// The estimate, or in words why there is none.
    pub found: Result<Found, String>,
    /// Whether there is none because too few things happened.
    pub is_of_few: bool,
    /// The people of the pathway, and those beside them, with what happened to them after.
    pub arms: [Option<Behind>; 2],
    /// Every group of people and time that the estimate rests on.
    pub behind: Vec<Behind>,
    /// People who are in this comparison or in the main one and not in both: what two results tell together rests on them.
    pub apart: u64,
}

/// What the plan says of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Said {
    /// Nothing: nobody said before that it would be looked at.
    Nothing,
    /// That it is looked at.
    Planned,
    /// That it is of the outcome that decides.
    Primary,
}

/// One outcome by one design.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Position of the rate.
    pub rate: usize,
    /// The design.
    pub design: DesignKind,
    /// How far it can be trusted, of the Maryland scale: 1 to 5.
    pub grade: u8,
    /// What the plan says of it.
    pub said: Said,
    /// Whether the outcome was sent at all.
    pub is_sent: bool,
    /// The estimate, or in words why there is none.
    pub found: Result<Found, String>,
    /// Whether there is none because too few things happened: the words would tell a count.
    pub is_of_few: bool,
    /// The people of the pathway, and of the comparator where the design has them, with what happened to them after.
    pub arms: [Option<Behind>; 2],
    /// Every group of people and time that the estimate rests on.
    pub behind: Vec<Behind>,
    /// After over before to expect by itself; on rows of before and after.
    pub expected: Option<Exact>,
    /// What a reader has to keep in mind, the main thing first.
    pub cautions: Vec<String>,
}

/// An estimate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// The ratio.
    pub ratio: Exact,
    /// Its 95 % limits.
    pub limits: [Exact; 2],
    /// The chance of a ratio as far from 1, were there no difference.
    pub p: Exact,
    /// Events more or fewer for every 100 person-years, with limits.
    pub per_100_years: Option<[Exact; 3]>,
    /// Pearson's chi-square over its degrees of freedom.
    pub dispersion: Option<Exact>,
    /// E-values of the ratio and of its limit nearer to 1.
    pub e_values: [Option<Exact>; 2],
}

impl Found {
    /// A ratio, its interval and its chance.
    pub(super) fn of(ratio: Ratio, p: f64) -> Self {
        Self {
            ratio: Exact(ratio.ratio),
            limits: [Exact(ratio.interval.lower), Exact(ratio.interval.upper)],
            p: Exact(p),
            per_100_years: None,
            dispersion: None,
            e_values: [None, None],
        }
    }
}

/// People and what happened to them in a time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Behind {
    /// People with observed time.
    pub people: u64,
    /// People with an event.
    pub with_events: u64,
    /// Events.
    pub events: u64,
    /// The two largest counts of one person.
    pub top_two: [u64; 2],
}

impl Behind {
    /// Adds a person who was observed.
    pub(super) fn add(&mut self, events: u64) {
        self.people += 1;
        self.with_events += u64::from(events > 0);
        self.events += events;
        let [first, second] = self.top_two;
        self.top_two = if events > first { [events, first] } else { [first, second.max(events)] };
    }
}

/// One covariate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BalanceRow {
    /// What it is.
    pub covariate: String,
    /// The level that the row is of; empty for numbers.
    pub level: String,
    /// Standardised differences before and after matching.
    pub differences: [Option<Exact>; 2],
    /// Variance of the cases over that of those beside them, after matching.
    pub variance_ratio: Option<Exact>,
    /// People of both groups of whom it is not known, and all of them.
    pub missing: [u64; 2],
    /// Of the pathway's people and of the others, before matching and after: those with the level or a number above 0, and
    /// all.
    pub behind: [[[u64; 2]; 2]; 2],
}

/// An outcome month by month.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Study {
    /// Position of the rate.
    pub rate: usize,
    /// Whether the plan has it.
    pub is_planned: bool,
    /// The chance of months before as uneven, had both groups moved alike.
    pub before: Option<Exact>,
    /// From twelve months before to twelve after.
    pub months: Vec<MonthRow>,
}

/// One month.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MonthRow {
    /// Ratio of the two groups' rates over that in the month before the index date, with its limits.
    pub ratio: Option<[Exact; 3]>,
    /// The matched people of the pathway, and those beside them.
    pub behind: [Behind; 2],
}
