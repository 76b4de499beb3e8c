//! Attack: what somebody could work out who has the published tables and nothing else.
//!
//! In: tables as text, as they stand in a release, and the rules that they say they were made by. Out: what can be told
//! too closely, and by what. It shares nothing with disclosure control but the published definitions of
//! metrics, and knows neither exact figures nor why a cell is hidden.

mod figures;
mod rules;

pub use crate::audit::Published;
use crate::audit::Range;

/// The rules that a release says it was made by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// Fewer people than this are not shown.
    pub threshold: u64,
    /// Counts are multiples of this.
    pub round_to: u64,
}

impl Rules {
    /// What a rounded count can have been.
    fn before_rounding(self, rounded: u64) -> Range {
        let (low, high) = (rounded.saturating_sub(self.round_to / 2), rounded + (self.round_to - 1) / 2);
        match rounded {
            0 if high < self.threshold => Range::only(0),
            0 => Range { low: 0, high: high as i64 },
            _ => Range { low: low.max(self.threshold) as i64, high: high as i64 },
        }
    }

    /// The largest number of people that is not shown.
    fn few(self) -> i64 {
        self.threshold as i64 - 1
    }

    /// How far apart the ends of what a hidden number can be have to lie.
    fn width(self) -> i64 {
        self.round_to as i64 - 1
    }
}

/// Something that is not as the rules want it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The table.
    pub table: String,
    /// The row, 1 being the first after the headings.
    pub row: usize,
    /// What is wrong, and by what it can be told. Holds no figure that is not published.
    pub what: String,
}

/// What an attack came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Cells looked at.
    pub cells: usize,
    /// Hidden numbers that were attacked.
    pub hidden: usize,
    /// What was found.
    pub findings: Vec<Finding>,
}

/// Attacks tables, all together.
pub fn attack(tables: &[Published], rules: Rules) -> Outcome {
    let mut outcome = Outcome {
        cells: tables.iter().map(|table| table.rows.len() * table.headings.len()).sum(),
        ..Outcome::default()
    };
    outcome.findings.extend(tables.iter().flat_map(|table| rules::check(table, rules)));
    if outcome.findings.is_empty() {
        figures::attack(tables, rules, &mut outcome);
    }
    outcome
}
