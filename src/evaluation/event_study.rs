//! Event study: month by month around the index date, how two arms differ from how they differed in the month before it.
//!
//! In: people with events and time of each month. Out: a ratio a month, and a joint test of the months before: arms that did not move
//! together before can not be said to have done so after.

use crate::stats::matrix::{Symmetric, dot};
use crate::stats::model::Ratio;
use crate::stats::tail;

/// Months before the index date, and as many after.
pub const MONTHS: usize = 12;
/// The month before the index date, which the others are compared with.
const REFERENCE: usize = MONTHS - 1;

/// A person's months from twelve before the index date to twelve after.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// Whether the person is a case.
    pub is_case: bool,
    /// How much the person counts.
    pub weight: f64,
    /// Events and time of each month, in any one unit of time.
    pub months: [(f64, f64); 2 * MONTHS],
}

/// What the months say.
#[derive(Debug, Clone, PartialEq)]
pub struct Study {
    /// A ratio of ratios a month, 1 in the month before the index date; null where an arm has no events or no time.
    pub months: Vec<Option<Ratio>>,
    /// Chance of months before as uneven as these, had the arms moved together; null where no month can be told.
    pub before: Option<f64>,
}

/// Compares two arms month by month, people as clusters. `None` where an arm has no events in the month before the index date.
///
/// Source: the saturated Poisson model of arm by month, whose coefficients are logarithms of ratios of rates; sandwich variance by
/// person, Liang and Zeger (1986), Biometrika 73:13; joint Wald test.
pub fn study(people: &[Person]) -> Option<Study> {
    let mut sums = [[(0.0, 0.0); 2 * MONTHS]; 2];
    for person in people {
        for (sum, own) in sums[usize::from(!person.is_case)].iter_mut().zip(&person.months) {
            sum.0 += person.weight * own.0;
            sum.1 += person.weight * own.1;
        }
    }
    let is_told = |month: usize| sums.iter().all(|arm| arm[month].0 > 0.0 && arm[month].1 > 0.0);
    if !is_told(REFERENCE) {
        return None;
    }
    let told: Vec<usize> = (0..2 * MONTHS).filter(|month| *month != REFERENCE && is_told(*month)).collect();
    let logarithm = |arm: usize, month: usize| (sums[arm][month].0 / sums[arm][month].1).ln();
    let apart = |month: usize| logarithm(0, month) - logarithm(1, month);
    let found: Vec<f64> = told.iter().map(|month| apart(*month) - apart(REFERENCE)).collect();
    let mut variance = Symmetric::zero(told.len());
    for person in people {
        let arm = &sums[usize::from(!person.is_case)];
        let part = |month: usize| {
            let ((events, time), (own, own_time)) = (arm[month], person.months[month]);
            person.weight * (own - events / time * own_time) / events
        };
        let parts: Vec<f64> = told.iter().map(|month| part(*month) - part(REFERENCE)).collect();
        variance.add(1.0, &parts, &parts);
    }
    let mut months = vec![None; 2 * MONTHS];
    months[REFERENCE] = Some(Ratio::of(0.0, 0.0));
    for (at, month) in told.iter().enumerate() {
        months[*month] = Some(Ratio::of(found[at], variance.at(at, at)));
    }
    let before: Vec<usize> = (0..told.len()).filter(|at| told[*at] < REFERENCE).collect();
    let own: Vec<f64> = before.iter().map(|at| found[*at]).collect();
    let inverse = variance.part(&before).inverse();
    let chance = |inverse: Symmetric| tail::chi_square(dot(&own, &inverse.times(&own)), own.len() as u32);
    Some(Study { months, before: inverse.filter(|_| !own.is_empty()).map(chance) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_by_hand() {
        // One person with each event and one without a share of time: cases have 4 events a month, and 2 after; the others 8.
        let mut people = Vec::new();
        for month in 0..2 * MONTHS {
            for (is_case, events) in [(true, if month < MONTHS { 4 } else { 2 }), (false, 8)] {
                for _ in 0..events {
                    let mut months = [(0.0, 1.0); 2 * MONTHS];
                    months[month].0 = 1.0;
                    people.push(Person { is_case, weight: 1.0, months });
                }
            }
        }
        let found = study(&people).unwrap();
        assert!((found.months[0].unwrap().ratio - 1.0).abs() < 1e-12 && (found.before.unwrap() - 1.0).abs() < 1e-9);
        let after = found.months[20].unwrap();
        assert!((after.ratio - 0.5).abs() < 1e-12);
        // Different people have the events of two months: 1/2 + 1/4 of the cases, 1/8 + 1/8 of the others; the time is the same in both.
        assert!((after.standard_error.powi(2) - 1.0).abs() < 1e-9, "{}", after.standard_error.powi(2));
        assert!(found.months[REFERENCE].is_some_and(|one| (one.ratio - 1.0).abs() < 1e-15));
    }

    #[test]
    fn an_arm_without_events_in_a_month_has_no_ratio_there() {
        let person = |is_case: bool, month: usize| {
            let mut months = [(0.0, 1.0); 2 * MONTHS];
            months[month].0 = 1.0;
            Person { is_case, weight: 1.0, months }
        };
        let people =
            [person(true, REFERENCE), person(true, 3), person(false, REFERENCE), person(false, 3), person(false, 5)];
        let found = study(&people).unwrap();
        assert!(found.months[3].is_some() && found.months[5].is_none());
        assert_eq!(study(&people[1..]), None);
    }
}
