//! Earlier: what figures of earlier releases tell of the same places. A reader keeps what he was given, and holds the new
//! release against it.

use std::collections::BTreeMap;

use super::puzzle::State;
use crate::audit::{Published, Range};
use crate::disclosure::Policy;
use crate::domain::day;
use crate::metrics::{ALL, Estimate};

/// Figures that were released before, by place.
#[derive(Debug, Clone, Default)]
pub struct Earlier {
    rows: BTreeMap<Place, Vec<Known>>,
}

/// Pathway and metric, first and last day, breakdown and level.
type Place = (String, (i32, i32), String, String);

/// A row of an earlier release.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    /// What the numerator, the denominator and the people can have been; none where the row had no such number.
    printed: [Option<Range>; 3],
    /// Whether it was hidden.
    is_hidden: bool,
    /// The whole percentage of exact counts, as printed; none without one.
    percent: Option<String>,
    /// Its numbers as printed, in the order of [`NUMBERS`]; empty where it showed none.
    cells: [String; NUMBERS.len()],
}

/// Columns whose numbers make a figure another one.
pub const NUMBERS: [&str; 4] = ["numerator", "denominator", "people", "value"];

impl Earlier {
    /// From tables of figures, made by a policy.
    pub fn of_tables<'a>(tables: impl Iterator<Item = &'a Published>, policy: &Policy) -> Self {
        let mut earlier = Self::default();
        for table in tables {
            for row in 0..table.rows.len() {
                earlier.add(table, row, policy);
            }
        }
        earlier
    }

    /// How many rows are known.
    pub fn len(&self) -> usize {
        self.rows.values().map(Vec::len).sum()
    }

    /// Whether nothing was released before.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    fn add(&mut self, table: &Published, row: usize, policy: &Policy) -> Option<()> {
        let day = |name: &str| day::parse_iso(table.cell(row, name).as_bytes());
        let place = (
            format!("{} {}", table.cell(row, "pathway"), table.cell(row, "metric_id")),
            (day("period_start")?, day("period_end")?),
            table.cell(row, "breakdown").to_owned(),
            table.cell(row, "level").to_owned(),
        );
        let count = |name: &str| table.cell(row, name).parse::<u64>().ok().map(|shown| policy.before_rounding(shown));
        let is_exact = table.cell(row, "unit") == "percent" && !table.cell(row, "method").contains("rounded");
        let percent = Some(table.cell(row, "value").to_owned()).filter(|value| is_exact && !value.is_empty());
        let known = Known {
            printed: ["numerator", "denominator", "people"].map(count),
            is_hidden: table.cell(row, "marker") == "c",
            percent,
            cells: NUMBERS.map(|name| table.cell(row, name).to_owned()),
        };
        self.rows.entry(place).or_default().push(known);
        Some(())
    }

    /// Whether any earlier release showed another number at an estimate's place than is printed now. What one of the two does
    /// not show is no difference.
    pub fn is_revised(&self, place: (&str, &Estimate), period: (i32, i32), printed: &[String; NUMBERS.len()]) -> bool {
        let differs = |(was, is): (&String, &String)| !was.is_empty() && !is.is_empty() && was != is;
        self.of(place, period).iter().any(|known| known.cells.iter().zip(printed).any(differs))
    }

    /// What was released of an estimate's place.
    pub fn of(&self, (pathway, row): (&str, &Estimate), period: (i32, i32)) -> &[Known] {
        if self.rows.is_empty() {
            return &[];
        }
        let name = format!("{pathway} {}", ALL[row.metric].id);
        let place = (name, period, row.breakdown.id().to_owned(), row.level.clone());
        self.rows.get(&place).map_or(&[], Vec::as_slice)
    }
}

impl Known {
    /// Whether the numbers can be those of the earlier row.
    pub fn fits(&self, numbers: [Option<i64>; 3]) -> bool {
        let fits = |(range, number): (&Option<Range>, Option<i64>)| {
            range.zip(number).is_none_or(|(range, own)| range.holds(own))
        };
        self.printed.iter().zip(numbers).all(fits) && self.fits_percentage(numbers[0], numbers[1])
    }

    fn fits_percentage(&self, numerator: Option<i64>, denominator: Option<i64>) -> bool {
        let Some(((own, of), percent)) = numerator.zip(denominator).zip(self.percent.as_ref()) else { return true };
        of > 0 && format!("{:.0}", 100.0 * own as f64 / of as f64) == *percent
    }

    /// What it told of numbers that fit: the numbers themselves where a percentage of exact counts stood beside them.
    pub fn ranges(&self, numbers: [Option<i64>; 3]) -> [Range; 3] {
        let told = |at: usize| match (self.printed[at], numbers[at]) {
            (Some(_), Some(own)) if self.percent.is_some() && at < 2 => Range::only(own),
            (Some(range), _) => range,
            (None, _) => Range::any(),
        };
        [told(0), told(1), told(2)]
    }

    /// How a row may be shown beside an earlier one whose numbers were others: so that the difference is never known to be
    /// of few people.
    pub fn safe_beside(&self, numbers: [Option<i64>; 3], wanted: State, policy: &Policy) -> State {
        let states = [State::Exact, State::Rounded].into_iter().filter(|state| *state >= wanted);
        let is_safe = |state: &State| {
            let is_apart = |at: usize| {
                let Some((was, own)) = self.before(at).zip(numbers[at]) else { return true };
                let now = if *state == State::Exact && at < 2 {
                    Range::only(own)
                } else {
                    policy.before_rounding(policy.round(own as u64))
                };
                let (low, high) = (now.low - was.high, now.high - was.low);
                let few = policy.threshold as i64 - 1;
                high - low >= policy.least_width && !((low >= 1 && high <= few) || (low >= -few && high <= -1))
            };
            (0..3).all(is_apart)
        };
        if wanted.is_hidden() { wanted } else { states.into_iter().find(is_safe).unwrap_or(State::Hidden) }
    }

    /// What a number can have been, percentage and all; none where nothing was told.
    fn before(&self, at: usize) -> Option<Range> {
        let own = self.printed[at].filter(|_| !self.is_hidden)?;
        let Some((percent, [numerator, denominator])) =
            self.percent.as_ref().zip(self.printed[0].zip(self.printed[1]).map(|(own, of)| [own, of]))
        else {
            return Some(own);
        };
        let pairs = (numerator.low..=numerator.high)
            .flat_map(|own| (denominator.low..=denominator.high).map(move |of| [own, of]));
        let fits = |pair: &[i64; 2]| {
            pair[0] <= pair[1] && pair[1] > 0 && format!("{:.0}", 100.0 * pair[0] as f64 / pair[1] as f64) == *percent
        };
        let values: Vec<i64> = pairs.filter(fits).filter_map(|pair| pair.get(at).copied()).collect();
        let span = values.iter().min().zip(values.iter().max()).map(|(low, high)| Range { low: *low, high: *high });
        Some(span.unwrap_or(own))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: Policy = Policy::STANDARD;

    fn known(numerator: u64, denominator: u64, percent: Option<&str>) -> Known {
        let ranges = [numerator, denominator, denominator].map(|count| Some(POLICY.before_rounding(count)));
        Known { printed: ranges, is_hidden: false, percent: percent.map(str::to_owned), cells: Default::default() }
    }

    #[test]
    fn one_person_more_is_not_told_by_two_percentages() {
        // 23 of 47 is 49 %: no other pair of 25 and 45 is. 24 of 48 is 50 %, which one person was added to.
        let before = known(25, 45, Some("49"));
        assert!(before.fits([Some(23), Some(47), Some(47)]) && !before.fits([Some(24), Some(48), Some(48)]));
        assert_ne!(before.safe_beside([Some(24), Some(48), Some(48)], State::Exact, &POLICY), State::Exact);
    }

    #[test]
    fn what_did_not_change_is_shown_as_it_was() {
        let before = known(25, 45, Some("49"));
        let ranges = before.ranges([Some(23), Some(47), Some(47)]);
        assert_eq!(ranges, [Range::only(23), Range::only(47), Range { low: 43, high: 47 }]);
    }

    #[test]
    fn rounded_beside_rounded_tells_no_few() {
        let before = known(25, 45, None);
        for own in 28..40 {
            assert_eq!(
                before.safe_beside([Some(own), Some(60), Some(60)], State::Rounded, &POLICY),
                State::Rounded,
                "{own}"
            );
        }
    }
}
