//! Propensity: how likely each person's history made the pathway.

use super::{NoEffect, People};
use crate::stats::balance::Spread;
use crate::stats::matrix::{Design, dot};
use crate::stats::model::{Data, Family, fit};

/// What draws the coefficients of covariates, each in its own standard deviations, to 0: as much as one person's worth.
const RIDGE: f64 = 1.0;

/// The logit of each person's propensity score.
///
/// Source: Rosenbaum and Rubin (1983), Biometrika 70:41; the logit and its caliper, Austin (2011), Pharm Stat 10:150.
pub fn logits(people: &People) -> Result<Vec<f64>, NoEffect> {
    let cases = people.is_case.iter().filter(|is_case| **is_case).count();
    if cases == 0 || cases == people.is_case.len() {
        return Err(NoEffect::EmptyArm);
    }
    let scaled = scaled(&people.covariates);
    let response: Vec<f64> = people.is_case.iter().map(|is_case| f64::from(u8::from(*is_case))).collect();
    let offset = vec![0.0; response.len()];
    let data = Data { design: &scaled, response: &response, offset: &offset, weights: None };
    let fit = fit(data, Family::Logistic(RIDGE)).map_err(NoEffect::Model)?;
    Ok(scaled.rows().map(|row| dot(row, &fit.coefficients)).collect())
}

/// Covariates around their means, in standard deviations; the constant, and what does not vary, as it is.
fn scaled(design: &Design) -> Design {
    let column = |at: usize| design.rows().map(|row| row[at]).collect::<Vec<f64>>();
    let spreads: Vec<(f64, f64)> = (0..design.columns())
        .map(|at| match Spread::of(&column(at)) {
            Some(spread) if at > 0 && spread.deviation > 0.0 => (spread.mean, spread.deviation),
            _ => (0.0, 1.0),
        })
        .collect();
    let mut found = Design::new(design.columns());
    for row in design.rows() {
        found.push(row.iter().zip(&spreads).map(|(value, (mean, deviation))| (value - mean) / deviation));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn people(covariate: impl Fn(u32) -> f64, is_case: impl Fn(u32) -> bool) -> People {
        let mut found = People { covariates: Design::new(2), ..People::default() };
        for at in 0..40 {
            found.is_case.push(is_case(at));
            found.covariates.push([1.0, covariate(at)]);
        }
        found
    }

    #[test]
    fn a_covariate_that_says_nothing_leaves_everyone_alike() {
        // 20 of 40 are cases, half of each level: the odds are 1.
        let found = logits(&people(|at| f64::from(at / 2 % 2), |at| at % 2 == 0)).unwrap();
        assert!(found.iter().all(|logit| logit.abs() < 1e-9), "{found:?}");
    }

    #[test]
    fn a_covariate_that_decides_the_arm_still_has_an_answer() {
        let found = logits(&people(f64::from, |at| at >= 20)).unwrap();
        assert!(found.windows(2).all(|two| two[0] < two[1]) && found[39] < 15.0);
    }

    #[test]
    fn the_unit_of_a_covariate_does_not_matter() {
        let is_case = |at: u32| at.is_multiple_of(3) || at > 30;
        let years = logits(&people(f64::from, is_case)).unwrap();
        let days = logits(&people(|at| 365.0 * f64::from(at), is_case)).unwrap();
        assert!(years.iter().zip(&days).all(|(a, b)| (a - b).abs() < 1e-9));
    }

    #[test]
    fn an_arm_without_people_has_none() {
        assert_eq!(logits(&people(f64::from, |_| true)), Err(NoEffect::EmptyArm));
        assert_eq!(logits(&people(f64::from, |_| false)), Err(NoEffect::EmptyArm));
    }
}
