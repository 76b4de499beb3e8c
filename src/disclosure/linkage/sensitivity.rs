//! Q8: headline figures under strict, base and loose linkage, and how far the first and the last are from the base.

use super::lines::{Line, Subject};
use crate::disclosure::policy::{Marker, Policy, two_figures};
use crate::link::quality::{Division, Section};
use crate::metrics::headline::{Behind, Figure, Headline, Variant};

/// The linkage that others are compared with.
const BASE: &str = "base";
/// What a difference is called.
const MEASURE: &str = "difference_of_";
/// A released percentage needs so many in its denominator.
const LEAST_OF_A_SHARE: u64 = 80;

/// Lines of every linkage: exact, or under a policy.
pub(super) fn lines(variants: &[Variant], policy: Option<&Policy>) -> Vec<Line> {
    let all =
        variants.iter().flat_map(|variant| variant.headlines.iter().map(|headline| line(headline, variant, policy)));
    let mut found: Vec<Line> = all.collect();
    let differences: Vec<Line> = found.iter().filter_map(|line| difference(line, &found)).collect();
    found.extend(differences);
    found
}

fn line(headline: &Headline, variant: &Variant, policy: Option<&Policy>) -> Line {
    let (division, level) = match &headline.pathway {
        Some(pathway) => (Division::Pathway, pathway.clone()),
        None => (Division::All, "all".to_owned()),
    };
    let who = [String::new(), String::new(), variant.name.to_owned()];
    let measure = headline.measure.to_owned();
    let subject = Subject { section: Section::Sensitivity, who, division, level, measure };
    match (&headline.figure, policy) {
        (figure, Some(policy)) if is_small(figure, policy) => Line::without(subject, Marker::Hidden),
        (Figure::People(people), policy) => {
            Line::counts(subject, policy.map_or(*people, |policy| policy.round(*people)), None, 0)
        }
        (Figure::Share([within, of], _), None) => Line::counts(subject, *within, Some(*of), 3),
        (Figure::Share([within, of], _), Some(policy)) => {
            let line = Line::counts(subject, policy.round(*within), Some(policy.round(*of)), 1);
            if policy.round(*of) < LEAST_OF_A_SHARE {
                Line { value: None, limits: [None; 2], marker: Marker::TooFew, ..line }
            } else {
                line
            }
        }
        (Figure::Ratio(ratio, _), policy) => {
            let of = |value: f64| if policy.is_some() { two_figures(value) } else { value };
            let limits = [ratio.interval.lower, ratio.interval.upper].map(|limit| Some(of(limit)));
            Line { limits, ..Line::figure(subject, of(ratio.ratio), if policy.is_some() { 2 } else { 6 }) }
        }
    }
}

fn is_small(figure: &Figure, policy: &Policy) -> bool {
    match figure {
        Figure::People(people) => policy.is_small(*people),
        Figure::Share([within, of], [people_in, people_out]) => {
            let is_few = |number: u64, people: u64| policy.is_small(number) || (number > 0 && policy.is_small(people));
            is_few(*within, *people_in) || is_few(of - within, *people_out)
        }
        Figure::Ratio(_, behind) => {
            let is_few =
                |side: &Behind| side.people < policy.threshold || policy.is_dominated(side.events, side.top_two);
            behind.iter().any(is_few)
        }
    }
}

/// How far a line's figure is from the base's, as both are shown.
fn difference(line: &Line, all: &[Line]) -> Option<Line> {
    let own = &line.subject;
    let is_base = |other: &&Line| {
        let subject = &other.subject;
        (subject.division, &subject.level, &subject.measure) == (own.division, &own.level, &own.measure)
            && subject.who[2] == BASE
    };
    if own.who[2] == BASE {
        return None;
    }
    let base = all.iter().find(is_base)?;
    let subject = Subject { measure: format!("{MEASURE}{}", own.measure), ..own.clone() };
    let shown = |line: &Line| line.value.or_else(|| line.numerator.map(|people| people as f64));
    Some(match shown(line).zip(shown(base)) {
        Some((value, base)) => Line::figure(subject, value - base, line.places),
        None => Line::without(subject, if line.marker == Marker::None { base.marker } else { line.marker }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Interval;
    use crate::stats::ratio::Ratio;

    const POLICY: Policy = Policy::STANDARD;

    fn variants(people: u64) -> Vec<Variant> {
        let of = |name, number: u64, ratio: f64| {
            let behind = Behind { people, events: 100, top_two: [5, 4] };
            let interval = Interval { lower: ratio - 0.1, upper: ratio + 0.1 };
            let ratio = Figure::Ratio(Ratio { ratio, interval, standard_error: 0.1 }, [behind; 2]);
            let pathway = Some("recovery".to_owned());
            Variant {
                name,
                headlines: vec![
                    Headline { measure: "people", pathway: None, figure: Figure::People(number) },
                    Headline { measure: "ed_visits_after_over_before", pathway, figure: ratio },
                ],
            }
        };
        vec![of("strict", 1203, 0.7712), of("base", 1188, 0.7501), of("loose", 1180, 0.7449)]
    }

    fn shown(lines: &[Line]) -> Vec<(String, String)> {
        let value = |line: &Line| line.value.or(line.numerator.map(|people| people as f64));
        let text = |line: &Line| value(line).map_or(line.marker.sign().to_owned(), |value| format!("{value:.3}"));
        lines.iter().map(|line| (line.subject.who[2].clone(), text(line))).collect()
    }

    #[test]
    fn strict_and_loose_are_told_apart_from_the_base() {
        let expected = [
            ("strict", "1203.000"),
            ("strict", "0.771"),
            ("base", "1188.000"),
            ("base", "0.750"),
            ("loose", "1180.000"),
            ("loose", "0.745"),
            ("strict", "15.000"),
            ("strict", "0.021"),
            ("loose", "-8.000"),
            ("loose", "-0.005"),
        ];
        assert_eq!(shown(&lines(&variants(50), None)), expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
    }

    #[test]
    fn a_released_difference_is_that_of_released_figures() {
        let found = shown(&lines(&variants(50), Some(&POLICY)));
        assert_eq!(found[0].1, "1205.000");
        assert_eq!((found[6].1.as_str(), found[7].1.as_str()), ("15.000", "0.020"));
        let few = shown(&lines(&variants(7), Some(&POLICY)));
        assert_eq!((few[1].1.as_str(), few[7].1.as_str()), ("c", "c"));
    }
}
