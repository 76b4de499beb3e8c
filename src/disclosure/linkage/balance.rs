//! How far linked and unlinked records differ, in standard deviations: of each level, and of each division as a whole.
//! Made from lines, so that a released difference rests on released counts and on nothing else.

use super::lines::{Line, Subject};
use crate::disclosure::policy::Marker;
use crate::link::quality::{Division, Section};
use crate::schema::Source;
use crate::stats::balance::{of_levels, of_shares};

/// The measure whose shares are compared.
const COMPARED: &str = "records_linked";
/// A person on the list who used no service has nothing to be linked to: that is not a fault of linkage.
const LIST: &str = Source::Gp.id();
/// The measure of the comparison.
pub(super) const MEASURE: &str = "standardised_difference";
/// Fewer linked or unlinked records than this tell nothing of a difference.
const FEWEST: u64 = 80;

/// What the lines are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Precision {
    /// Exact.
    Exact,
    /// Released: counts are rounded, and small groups say nothing.
    Published,
}

/// Adds the differences behind the lines.
pub(super) fn add(lines: &mut Vec<Line>, precision: Precision) {
    let compared: Vec<Line> = lines
        .iter()
        .filter(|line| line.subject.section == Section::MatchRateByGroup && line.subject.measure == COMPARED)
        .filter(|line| !matches!(line.subject.division, Division::All | Division::Provider))
        .filter(|line| line.subject.who[0] != LIST)
        .cloned()
        .collect();
    for group in compared.chunk_by(|a, b| (&a.subject.who, a.subject.division) == (&b.subject.who, b.subject.division))
    {
        lines.extend(of_division(group, precision));
    }
}

fn of_division(group: &[Line], precision: Precision) -> Vec<Line> {
    let counts: Vec<Option<(u64, u64)>> = group
        .iter()
        .map(|line| line.numerator.zip(line.denominator).map(|(within, of)| (within, of.saturating_sub(within))))
        .collect();
    let (linked, others): (Vec<u64>, Vec<u64>) = counts.iter().flatten().copied().unzip();
    let (of_linked, of_others) = (linked.iter().sum::<u64>(), others.iter().sum::<u64>());
    let is_enough = precision == Precision::Exact || (of_linked >= FEWEST && of_others >= FEWEST);
    let subject =
        |level: &str| Subject { measure: MEASURE.to_owned(), level: level.to_owned(), ..group[0].subject.clone() };
    let line = |level: &str, value: Option<f64>| match value {
        Some(value) => Line::figure(subject(level), value, 2),
        None => Line::without(subject(level), Marker::NotApplicable),
    };
    if !is_enough {
        return vec![Line::without(subject("all"), Marker::TooFew)];
    }
    let mut found = vec![line("all", of_levels(&linked, &others))];
    for (own, counts) in group.iter().zip(&counts) {
        found.push(match counts {
            None => Line::without(subject(&own.subject.level), Marker::Hidden),
            Some((within, rest)) => {
                let share = |part: u64, of: u64| (of > 0).then(|| part as f64 / of as f64);
                let shares = share(*within, of_linked).zip(share(*rest, of_others));
                line(&own.subject.level, shares.and_then(|(a, b)| of_shares(a, b)))
            }
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(level: &str, within: u64, of: u64) -> Line {
        let subject = Subject {
            section: Section::MatchRateByGroup,
            who: Default::default(),
            division: Division::Sex,
            level: level.to_owned(),
            measure: COMPARED.to_owned(),
        };
        Line::counts(subject, within, Some(of), 3)
    }

    #[test]
    fn linked_and_unlinked_differ_by_the_known_answer() {
        // Of 1,000 linked records 42 % are men, of 1,000 others 35 %.
        let mut lines = vec![line("male", 420, 770), line("female", 580, 1230)];
        add(&mut lines, Precision::Published);
        let found: Vec<(&str, String)> = lines[2..]
            .iter()
            .map(|line| (line.subject.level.as_str(), format!("{:.6}", line.value.unwrap())))
            .collect();
        assert_eq!(
            found,
            [("all", "0.144230".to_owned()), ("male", "0.144230".to_owned()), ("female", "-0.144230".to_owned())]
        );
    }

    #[test]
    fn a_hidden_level_stays_hidden() {
        let mut lines = vec![line("male", 420, 770), line("female", 580, 1230)];
        lines.push(Line::without(line("indeterminate", 1, 2).subject, Marker::Hidden));
        add(&mut lines, Precision::Published);
        assert_eq!(lines.last().map(|line| (line.marker, line.value)), Some((Marker::Hidden, None)));
        let mut few = vec![line("male", 20, 40), line("female", 20, 40)];
        add(&mut few, Precision::Published);
        assert_eq!(few[2].marker, Marker::TooFew);
    }
}
