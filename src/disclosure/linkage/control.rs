//! Control of the pack: small counts are hidden, and with them what would give them away within their table.
//!
//! Counts that add up to a published whole are a family: the levels of one division, or the passes of one pair of sources.
//! One hidden member alone would be the whole less the others, and so would two that are small together.

use std::collections::BTreeMap;

use super::lines::{Line, subject_of};
use crate::disclosure::policy::{Marker, Policy};
use crate::link::quality::{Count, Division, Section};

/// A percentage is shown where the rounded denominator is at least this.
const LEAST_OF_A_SHARE: u64 = 80;
/// Cumulative shares of passes: each is a sum of members of the family of the single passes.
const SO_FAR: &str = "_so_far";

/// Released lines. Values and limits are worked out from rounded counts: they tell nothing that the counts do not.
pub(super) fn released(counts: &[Count], policy: &Policy, named: &[String]) -> Vec<Line> {
    let hidden = hidden(counts, policy);
    let is_released = |count: &Count| {
        count.division != Division::Provider
            || (count.source != Some(crate::schema::Source::Gp) && named.contains(&count.level))
    };
    let shown = counts.iter().zip(hidden).filter(|(count, _)| is_released(count));
    shown.map(|(count, is_hidden)| line(count, is_hidden, policy)).collect()
}

fn line(count: &Count, is_hidden: bool, policy: &Policy) -> Line {
    let subject = subject_of(count);
    if is_hidden {
        return Line::without(subject, Marker::Hidden);
    }
    let denominator = count.denominator.map(|of| policy.round(of));
    let line = Line::counts(subject, policy.round(count.numerator), denominator, 1);
    match denominator {
        Some(1..LEAST_OF_A_SHARE) => Line { value: None, limits: [None; 2], marker: Marker::TooFew, ..line },
        _ if count.denominator == Some(0) => Line::without(line.subject, Marker::NotApplicable),
        _ => line,
    }
}

/// Which counts are hidden.
fn hidden(counts: &[Count], policy: &Policy) -> Vec<bool> {
    let mut is_hidden: Vec<bool> = counts.iter().map(|count| is_small(count, policy)).collect();
    let wholes = wholes(counts);
    for (family, members) in families(counts) {
        if hide_within(&members, counts, policy, &mut is_hidden) == Safety::WholeTells {
            let (section, sources, measure, ..) = family;
            wholes.get(&(section, sources, measure)).into_iter().for_each(|at| is_hidden[*at] = true);
        }
    }
    // A sum so far less the sum before it is a member of the family.
    for (at, count) in counts.iter().enumerate().filter(|(_, count)| count.measure.ends_with(SO_FAR)) {
        let own =
            |other: &Count| (other.section, other.source, other.other) == (count.section, count.source, count.other);
        let mut members = counts.iter().zip(&is_hidden).filter(|(other, _)| own(other) && !other.pass.is_empty());
        if members.any(|(other, is_hidden)| *is_hidden && !other.measure.ends_with(SO_FAR)) {
            is_hidden[at] = true;
        }
    }
    is_hidden
}

/// Too few people behind the count, behind the rest, or behind both. A count of a division or of a pass has its rest in
/// the other members of its family, but a share may still tell on a few.
fn is_small(count: &Count, policy: &Policy) -> bool {
    let [within, rest] = count.people;
    let is_people = |number: u64, people: u64| policy.is_small(number) || (number > 0 && policy.is_small(people));
    let outside = count.denominator.map_or(0, |of| of.saturating_sub(count.numerator));
    is_people(count.numerator, within)
        || (count.denominator.is_some() && is_people(outside, rest))
        || count.denominator.is_some_and(|of| policy.is_small(of))
}

/// Everything that counts of one family share.
type Family<'a> = (Section, [Option<crate::schema::Source>; 2], &'a str, &'a str, Division);

/// Members of families, by what they share: those of a division, and those of passes.
fn families(counts: &[Count]) -> BTreeMap<Family<'_>, Vec<usize>> {
    let mut families: BTreeMap<Family<'_>, Vec<usize>> = BTreeMap::new();
    for (at, count) in counts.iter().enumerate() {
        let is_by_pass = !count.pass.is_empty() && !count.measure.ends_with(SO_FAR);
        // The sources of the hold-out are parts of one sample.
        let is_by_source = count.section == Section::HoldOut && count.source.is_some();
        if count.division == Division::All && !is_by_pass && !is_by_source {
            continue;
        }
        let pass = if is_by_pass { "" } else { count.pass.as_str() };
        let sources = if is_by_source { [None; 2] } else { [count.source, count.other] };
        let key = (count.section, sources, count.measure.as_str(), pass, count.division);
        families.entry(key).or_default().push(at);
    }
    families
}

/// The counts that families add up to.
fn wholes(counts: &[Count]) -> BTreeMap<(Section, [Option<crate::schema::Source>; 2], &str), usize> {
    let own = counts.iter().enumerate().filter(|(_, count)| count.division == Division::All && count.pass.is_empty());
    own.map(|(at, count)| ((count.section, [count.source, count.other], count.measure.as_str()), at)).collect()
}

/// Whether hidden members of a family can be told from what is shown.
#[derive(PartialEq, Eq)]
enum Safety {
    /// They cannot.
    Safe,
    /// All of them are hidden, and the whole would still tell.
    WholeTells,
}

/// Hides further members, the smallest first, until the hidden ones are at least two and not small together.
fn hide_within(members: &[usize], counts: &[Count], policy: &Policy, is_hidden: &mut [bool]) -> Safety {
    loop {
        let hidden: Vec<usize> = members.iter().copied().filter(|at| is_hidden[*at]).collect();
        let sum = |of: &dyn Fn(&Count) -> u64| hidden.iter().map(|at| of(&counts[*at])).sum::<u64>();
        let within = sum(&|count| count.numerator);
        let rest = sum(&|count| count.denominator.unwrap_or(count.numerator).saturating_sub(count.numerator));
        let is_safe = hidden.len() != 1 && !policy.is_small(within) && !policy.is_small(rest);
        if is_safe {
            return Safety::Safe;
        }
        let candidates = members.iter().copied().filter(|at| !is_hidden[*at]);
        let size = |at: &usize| (counts[*at].numerator == 0, counts[*at].numerator);
        let Some(next) = candidates.min_by_key(|at| (size(at), *at)) else {
            return Safety::WholeTells;
        };
        is_hidden[next] = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::quality::count::Cell;
    use crate::schema::Source;

    const POLICY: Policy = Policy::STANDARD;

    fn by_sex(level: &str, within: u64, of: u64) -> Count {
        let count = Count::new(Section::MatchRateByGroup, "records_linked", Cell::of_people(within, of));
        count.of(Source::Gp).part(Division::Sex, level)
    }

    fn markers(counts: &[Count]) -> String {
        let lines = released(counts, &POLICY, &[]);
        lines.iter().map(|line| if line.marker == Marker::None { "." } else { line.marker.sign() }).collect()
    }

    #[test]
    fn one_small_group_takes_the_next_smallest_with_it() {
        let counts = [by_sex("male", 500, 600), by_sex("female", 700, 900), by_sex("indeterminate", 3, 103)];
        assert_eq!(markers(&counts), "c.c");
    }

    #[test]
    fn a_small_rest_hides_too() {
        assert_eq!(markers(&[by_sex("male", 597, 600), by_sex("female", 700, 900)]), "cc");
        assert_eq!(markers(&[by_sex("male", 600, 600), by_sex("female", 0, 900)]), "..");
    }

    #[test]
    fn two_small_groups_that_are_small_together_take_a_third() {
        let counts = [by_sex("a", 3, 103), by_sex("b", 3, 103), by_sex("c", 50, 150), by_sex("d", 60, 400)];
        assert_eq!(markers(&counts), "ccc.");
        let counts = [by_sex("a", 6, 106), by_sex("b", 6, 106), by_sex("c", 50, 150)];
        assert_eq!(markers(&counts), "cc.");
    }

    #[test]
    fn sums_over_passes_are_hidden_where_one_pass_is() {
        let count = |measure: &str, pass: &str, within: u64| {
            let count = Count::new(Section::MatchRate, measure, Cell::of_people(within, 1000));
            count.of(Source::Gp).beside(Source::Community).by(pass)
        };
        let linked = [count("records_linked", "nhs_dob", 800), count("records_linked", "nhs_only", 4)];
        let rest = count("records_linked", "none", 196);
        let far = [count("records_linked_so_far", "nhs_dob", 800), count("records_linked_so_far", "nhs_only", 804)];
        let counts = [linked[0].clone(), far[0].clone(), linked[1].clone(), far[1].clone(), rest];
        assert_eq!(markers(&counts), ".cccc");
    }

    #[test]
    fn one_small_source_of_the_hold_out_takes_another_with_it() {
        let count = |within: u64, of: u64| Count::new(Section::HoldOut, "sensitivity", Cell::of_people(within, of));
        let counts = [
            count(870, 890),
            count(400, 405).of(Source::Gp),
            count(300, 308).of(Source::EmergencyCare),
            count(170, 177).of(Source::Community),
        ];
        assert_eq!(markers(&counts), ".c.c");
        assert_eq!(
            markers(&[count(870, 890), count(400, 405).of(Source::Gp), count(470, 485).of(Source::Community)]),
            ".cc"
        );
    }

    #[test]
    fn twelve_visits_of_one_person_are_one_person() {
        let mut cell = Cell::default();
        (0..12).for_each(|_| cell.add(1, true));
        (2..900).for_each(|person| cell.add(person, false));
        let count = Count::new(Section::IdentifierQuality, "attendances_with_sex", cell).of(Source::EmergencyCare);
        assert_eq!(markers(&[count]), "c");
    }

    #[test]
    fn a_share_of_few_has_counts_and_no_percentage() {
        let lines = released(&[by_sex("male", 20, 60), by_sex("female", 100, 200)], &POLICY, &[]);
        assert_eq!((lines[0].marker.sign(), lines[0].value, lines[0].numerator), ("u", None, Some(20)));
        assert_eq!((lines[1].marker, lines[1].value), (Marker::None, Some(50.0)));
    }
}
