//! Balance: how alike cases and those beside them are, covariate by covariate, before and after matching.

use super::{Matches, People};
use crate::stats::balance::{Spread, of_means, variance_ratio};

/// A standardised difference from this on is more than it should be.
pub const TOO_FAR: f64 = 0.1;

/// One covariate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Balance {
    /// Its column among the covariates.
    pub column: usize,
    /// Standardised difference of everyone; null where neither group varies and they differ.
    pub before: Option<f64>,
    /// Standardised difference of the matched, in the same standard deviations.
    pub after: Option<f64>,
    /// Variance of the matched cases over that of those beside them; null where these do not vary.
    pub variance_ratio: Option<f64>,
}

impl Balance {
    /// Whether the matched are not alike in it.
    pub fn is_off(&self) -> bool {
        self.after.is_none_or(|after| after.abs() >= TOO_FAR)
    }
}

/// All covariates but the constant, in their order. Null where a group has fewer than two people.
pub fn balance(people: &People, matches: &Matches) -> Vec<Balance> {
    let rows: Vec<&[f64]> = people.covariates.rows().collect();
    let of = |column: usize| {
        let everyone = |wanted: bool| {
            let own = rows.iter().zip(&people.is_case).filter(|(_, is_case)| **is_case == wanted);
            own.map(|(row, _)| (row[column], 1.0)).collect::<Vec<_>>()
        };
        let value = |row: u32| rows[row as usize][column];
        let cases: Vec<(f64, f64)> = matches.sets.iter().map(|set| (value(set.case), 1.0)).collect();
        let beside = matches
            .sets
            .iter()
            .flat_map(|set| set.controls.iter().map(|row| (value(*row), 1.0 / set.controls.len() as f64)));
        let before = weighted(&everyone(true)).zip(weighted(&everyone(false)));
        let after = weighted(&cases).zip(weighted(&beside.collect::<Vec<_>>()));
        let scale = before.map(|(cases, others)| [cases, others]);
        let apart = |two: Option<(Spread, Spread)>| of_means(two?.0.mean, two?.1.mean, &scale?);
        let variance_ratio = after.and_then(|(cases, others)| variance_ratio(cases, others));
        Balance { column, before: apart(before), after: apart(after), variance_ratio }
    };
    (1..people.covariates.columns()).map(of).collect()
}

/// Mean and standard deviation of values that count so much each; `None` for fewer than two.
fn weighted(values: &[(f64, f64)]) -> Option<Spread> {
    let weight: f64 = values.iter().map(|(_, weight)| weight).sum();
    if values.len() < 2 || weight <= 1.0 {
        return None;
    }
    let mean = values.iter().map(|(value, weight)| value * weight).sum::<f64>() / weight;
    let squares: f64 = values.iter().map(|(value, weight)| weight * (value - mean).powi(2)).sum();
    Some(Spread { mean, deviation: (squares / (weight - 1.0)).sqrt() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::matching::Set;
    use crate::stats::matrix::Design;

    #[test]
    fn balance_by_hand() {
        // Cases 1 and 3 (variance 2), others 1, 4, 4 and 7 (mean 4, variance 6): -2 of root 4. Matched with 1, and with 4 and 4: means
        // 2 and 2.5, -0.5 of root 4; their variances 2 and 4.5.
        let mut people = People {
            is_case: vec![true, true, false, false, false, false],
            covariates: Design::new(3),
            ..People::default()
        };
        for value in [1.0, 3.0, 1.0, 4.0, 4.0, 7.0] {
            people.covariates.push([1.0, value, 5.0]);
        }
        let sets = vec![Set { case: 0, controls: vec![2] }, Set { case: 1, controls: vec![3, 4] }];
        let found = balance(&people, &Matches { sets, unmatched: Vec::new() });
        assert_eq!((found.len(), found[0].column), (2, 1));
        assert!((found[0].before.unwrap() + 1.0).abs() < 1e-12 && (found[0].after.unwrap() + 0.25).abs() < 1e-12);
        assert!((found[0].variance_ratio.unwrap() - 2.0 / 4.5).abs() < 1e-12 && found[0].is_off());
        // What does not vary and does not differ is even.
        assert_eq!((found[1].after, found[1].variance_ratio, found[1].is_off()), (Some(0.0), None, false));
    }
}
