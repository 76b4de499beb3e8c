//! Models of counts and of shares: fitted by Fisher scoring, small and dense.
//!
//! In: a design, a response and an offset. Out: coefficients with what their variances are made of; or why there is no model.

mod family;
mod negative_binomial;
pub mod segmented;
mod variance;

pub use family::Family;
pub use negative_binomial::{Overdispersed, negative_binomial};

use super::matrix::{Design, Symmetric, dot};
use super::{Interval, Z_95};

/// A coefficient beyond this means that a term decides the response alone.
const SEPARATED: f64 = 15.0;
/// Steps after which a fit that still moves is given up.
const STEPS: u32 = 200;
/// A step that changes the deviance by a smaller share is the last.
const SETTLED: f64 = 1e-12;

/// Why there is no model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoModel {
    /// No events, no rows, or a row without time.
    Empty,
    /// A term follows from others.
    Rank,
    /// A term decides the response alone.
    Separated,
    /// The fit does not settle.
    Unsettled,
}

impl NoModel {
    /// The reason in words.
    pub fn text(self) -> &'static str {
        match self {
            Self::Empty => "there is nothing to fit a model to",
            Self::Rank => "one of the measured differences follows from the others",
            Self::Separated => "one of the measured differences decides the outcome alone",
            Self::Unsettled => "the model does not settle",
        }
    }
}

/// What a model is fitted to. The first term of the design is the constant.
#[derive(Debug, Clone, Copy)]
pub struct Data<'a> {
    /// Terms, row by row.
    pub design: &'a Design,
    /// The response of each row.
    pub response: &'a [f64],
    /// Logarithm of each row's time; 0 for shares.
    pub offset: &'a [f64],
    /// How much each row counts; none where all count the same.
    pub weights: Option<&'a [f64]>,
}

impl Data<'_> {
    fn weight(&self, row: usize) -> f64 {
        self.weights.map_or(1.0, |weights| weights[row])
    }
}

/// A fitted model.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// One a term.
    pub coefficients: Vec<f64>,
    /// The mean of each row.
    pub means: Vec<f64>,
    /// Twice the distance of the log likelihood from that of a model that gives every row its own mean.
    pub deviance: f64,
    /// Pearson's chi-square.
    pub pearson: f64,
    /// Rows less terms.
    pub degrees: f64,
    /// Model-based variance of the coefficients, for a dispersion of 1.
    pub variance: Symmetric,
    /// What each row adds to the score is this times its terms.
    residuals: Vec<f64>,
}

/// A ratio that a coefficient stands for, `exp` of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ratio {
    /// The ratio.
    pub ratio: f64,
    /// 95 % interval.
    pub interval: Interval,
    /// Standard error of its logarithm.
    pub standard_error: f64,
}

impl Ratio {
    /// From a coefficient and its variance.
    pub fn of(coefficient: f64, variance: f64) -> Self {
        let standard_error = variance.sqrt();
        let limit = |sign: f64| (coefficient + sign * Z_95 * standard_error).exp();
        let interval = Interval { lower: limit(-1.0), upper: limit(1.0) };
        Self { ratio: coefficient.exp(), interval, standard_error }
    }
}

impl Fit {
    /// Pearson's chi-square over its degrees of freedom: 1 where counts vary as chance makes them.
    pub fn dispersion(&self) -> f64 {
        self.pearson / self.degrees
    }

    /// The ratio of a term, by a variance of the coefficients.
    pub fn ratio(&self, term: usize, variance: &Symmetric) -> Ratio {
        Ratio::of(self.coefficients[term], variance.at(term, term))
    }
}

/// Fits a model.
///
/// Source: `McCullagh` and Nelder (1989), Generalized Linear Models, 2.5; the penalty as in le Cessie and van Houwelingen (1992),
/// Applied Statistics 41:191.
pub fn fit(data: Data<'_>, family: Family) -> Result<Fit, NoModel> {
    let count = data.response.len() as f64;
    let total: f64 = data.response.iter().sum();
    if total <= 0.0 || data.design.columns() == 0 || !data.offset.iter().all(|one| one.is_finite()) {
        return Err(NoModel::Empty);
    }
    let mut linear: Vec<f64> = data.response.iter().map(|one| family.start(*one, total / count)).collect();
    let mut before = f64::INFINITY;
    for _ in 0..STEPS {
        let coefficients = step(data, family, &linear)?;
        for ((own, row), offset) in linear.iter_mut().zip(data.design.rows()).zip(data.offset) {
            *own = dot(row, &coefficients) + offset;
        }
        if coefficients.iter().any(|one| !one.is_finite()) {
            return Err(NoModel::Unsettled);
        }
        if coefficients.iter().any(|one| one.abs() > SEPARATED) {
            return Err(NoModel::Separated);
        }
        let means = linear.iter().map(|own| family.row(*own, 0.0).0);
        let deviance = deviance(data, family, means);
        if (deviance - before).abs() <= SETTLED * (deviance.abs() + 0.1) {
            return finish(data, family, coefficients, &linear).ok_or(NoModel::Rank);
        }
        before = deviance;
    }
    Err(NoModel::Unsettled)
}

fn deviance(data: Data<'_>, family: Family, means: impl Iterator<Item = f64>) -> f64 {
    let rows = means.zip(data.response).enumerate();
    rows.map(|(at, (mean, y))| data.weight(at) * family.deviance(*y, mean)).sum()
}

/// The sum of the rows' weighted outer products, with the penalty.
fn information(data: Data<'_>, family: Family, linear: &[f64]) -> Symmetric {
    let mut sum = Symmetric::zero(data.design.columns());
    for (at, ((row, own), y)) in data.design.rows().zip(linear).zip(data.response).enumerate() {
        sum.add_square(data.weight(at) * family.row(*own, *y).1, row);
    }
    (1..data.design.columns()).for_each(|at| sum.add_to_diagonal(at, family.penalty()));
    sum
}

/// Coefficients by weighted least squares of the working response.
fn step(data: Data<'_>, family: Family, linear: &[f64]) -> Result<Vec<f64>, NoModel> {
    let inverse = information(data, family, linear).inverse().ok_or(NoModel::Rank)?;
    let mut right = vec![0.0; data.design.columns()];
    let rows = data.design.rows().zip(linear).zip(data.response).zip(data.offset);
    for (at, (((row, own), y), offset)) in rows.enumerate() {
        let (_, weight, score) = family.row(*own, *y);
        let part = data.weight(at) * (weight * (own - offset) + score);
        right.iter_mut().zip(row).for_each(|(sum, term)| *sum += part * term);
    }
    Ok(inverse.times(&right))
}

fn finish(data: Data<'_>, family: Family, coefficients: Vec<f64>, linear: &[f64]) -> Option<Fit> {
    let variance = information(data, family, linear).inverse()?;
    let rows: Vec<(f64, f64, f64)> = linear.iter().zip(data.response).map(|(own, y)| family.row(*own, *y)).collect();
    let means: Vec<f64> = rows.iter().map(|row| row.0).collect();
    let deviance = deviance(data, family, means.iter().copied());
    let squares = rows.iter().map(|(_, weight, score)| score * score / weight).enumerate();
    let pearson = squares.map(|(at, square)| data.weight(at) * square).sum();
    let degrees = (means.len() - data.design.columns()) as f64;
    let residuals = rows.iter().enumerate().map(|(at, row)| data.weight(at) * row.2).collect();
    Some(Fit { coefficients, means, deviance, pearson, degrees, variance, residuals })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two_groups() -> (Design, Vec<f64>) {
        // Six people a group: 4 of 6 against 2 of 6.
        let mut design = Design::new(2);
        (0..12).for_each(|at| design.push([1.0, f64::from(at / 6)]));
        (design, [1, 1, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0].map(f64::from).to_vec())
    }

    #[test]
    fn two_shares_give_the_log_odds_by_hand() {
        let (design, response) = two_groups();
        let data = Data { design: &design, response: &response, offset: &[0.0; 12], weights: None };
        let found = fit(data, Family::Logistic(0.0)).unwrap();
        // Odds 2 and 1/2: constant ln 2, slope ln 1/4, its variance 1/4 + 1/2 + 1/2 + 1/4.
        assert!((found.coefficients[0] - 2.0_f64.ln()).abs() < 1e-9);
        assert!((found.coefficients[1] + 4.0_f64.ln()).abs() < 1e-9);
        assert!((found.variance.at(1, 1) - 1.5).abs() < 1e-9);
        let drawn = fit(data, Family::Logistic(1.0)).unwrap();
        // At the solution the score of the slope is its penalty: 2 less the mean of the second group times 6 is the slope.
        let second: f64 = drawn.means[6..].iter().sum();
        assert!((2.0 - second - drawn.coefficients[1]).abs() < 1e-9 && drawn.coefficients[1].abs() < 4.0_f64.ln());
    }

    #[test]
    fn a_row_that_counts_twice_is_two_rows() {
        let mut design = Design::new(2);
        (0..3).for_each(|at| design.push([1.0, f64::from(u8::from(at > 0))]));
        let weights = [1.0, 2.0, 1.0];
        let offset = [0.0; 3];
        let data = Data { design: &design, response: &[2.0, 3.0, 6.0], offset: &offset, weights: Some(&weights) };
        let found = fit(data, Family::Poisson).unwrap();
        // Means 2, and (3 + 3 + 6) / 3 = 4; variance 1/2 + 1/12; chi-square 2 (1/4) + 4/4; scores -2 and 2 of the second group.
        assert!((found.coefficients[1] - 2.0_f64.ln()).abs() < 1e-9);
        assert!((found.variance.at(1, 1) - 7.0 / 12.0).abs() < 1e-9 && (found.pearson - 1.5).abs() < 1e-9);
        assert!((found.newey_west(&design, 0).at(1, 1) - 8.0 / 144.0).abs() < 1e-9);
    }

    #[test]
    fn two_rates_give_the_ratio_by_hand() {
        // 41 in 28,010 against 15 in 19,017 (Rothman): 1.855759, 1.027226 to 3.352563.
        let mut design = Design::new(2);
        (0..2).for_each(|at| design.push([1.0, f64::from(at)]));
        let offset = [19_017.0_f64.ln(), 28_010.0_f64.ln()];
        let found =
            fit(Data { design: &design, response: &[15.0, 41.0], offset: &offset, weights: None }, Family::Poisson)
                .unwrap();
        let ratio = found.ratio(1, &found.variance);
        assert!((ratio.ratio - 1.855_759).abs() < 5e-7, "{ratio:?}");
        assert!((ratio.interval.lower - 1.027_226).abs() < 5e-7 && (ratio.interval.upper - 3.352_563).abs() < 5e-7);
    }

    #[test]
    fn what_cannot_be_fitted_says_why() {
        let mut design = Design::new(2);
        (0..8).for_each(|at| design.push([1.0, f64::from(at / 4)]));
        let of = |response: &[f64], family| {
            fit(Data { design: &design, response, offset: &[0.0; 8], weights: None }, family)
                .map(|fit| fit.coefficients)
        };
        let split = [0, 0, 0, 0, 1, 1, 1, 1].map(f64::from);
        assert_eq!(of(&split, Family::Logistic(0.0)), Err(NoModel::Separated));
        assert_eq!(of(&split, Family::Poisson), Err(NoModel::Separated));
        assert!(of(&split, Family::Logistic(0.5)).is_ok());
        assert_eq!(of(&[0.0; 8], Family::Poisson), Err(NoModel::Empty));
        let mut same = Design::new(3);
        (0..8).for_each(|at| same.push([1.0, f64::from(at % 2), f64::from(1 - at % 2)]));
        let response = [1.0, 2.0, 1.0, 3.0, 0.0, 2.0, 1.0, 1.0];
        let found = fit(Data { design: &same, response: &response, offset: &[0.0; 8], weights: None }, Family::Poisson);
        assert_eq!(found, Err(NoModel::Rank));
    }
}
