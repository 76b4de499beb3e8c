//! Counts that vary more than chance makes them: the negative binomial model.

use super::{Data, Family, Fit, NoModel, fit};

/// The least and the most that people may differ, as a logarithm.
const RANGE: [f64; 2] = [-18.420_680_743_952_367, 6.907_755_278_982_137];
/// A change of the logarithm that is the last.
const SETTLED: f64 = 1e-11;
/// Turns after which a fit that still moves is given up.
const TURNS: u32 = 200;

/// A negative binomial fit.
#[derive(Debug, Clone, PartialEq)]
pub struct Overdispersed {
    /// The model of the means.
    pub fit: Fit,
    /// How much people differ: the variance is `mean + alpha mean^2`.
    pub alpha: f64,
    /// Log likelihood.
    pub log_likelihood: f64,
}

/// Fits means and dispersion in turn. The response must be whole numbers.
///
/// Source: Lawless (1987), Canadian Journal of Statistics 15:209; Cameron and Trivedi (2013), NB2.
pub fn negative_binomial(data: Data<'_>) -> Result<Overdispersed, NoModel> {
    let mut found = fit(data, Family::Poisson)?;
    let mut log_alpha = f64::INFINITY;
    for _ in 0..TURNS {
        let next = best(data.response, &found.means);
        found = fit(data, Family::NegativeBinomial(next.exp()))?;
        if (next - log_alpha).abs() < SETTLED {
            let alpha = next.exp();
            let rows = data.response.iter().zip(&found.means);
            let log_likelihood = rows.map(|(y, mean)| log_likelihood(*y, *mean, alpha)).sum();
            return Ok(Overdispersed { fit: found, alpha, log_likelihood });
        }
        log_alpha = next;
    }
    Err(NoModel::Unsettled)
}

/// The logarithm of the dispersion at which the likelihood no longer rises, by halving.
fn best(response: &[f64], means: &[f64]) -> f64 {
    let slope = |log_alpha: f64| -> f64 {
        let alpha = log_alpha.exp();
        response.iter().zip(means).map(|(y, mean)| slope(*y, *mean, alpha)).sum()
    };
    let [mut low, mut high] = RANGE;
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if slope(middle) > 0.0 { low = middle } else { high = middle }
    }
    f64::midpoint(low, high)
}

/// Slope of the log likelihood of a row by alpha.
fn slope(y: f64, mean: f64, alpha: f64) -> f64 {
    let own: f64 = (0..y as u32).map(|j| f64::from(j) / (1.0 + alpha * f64::from(j))).sum();
    own + (alpha * mean).ln_1p() / (alpha * alpha) - (y + 1.0 / alpha) * mean / (1.0 + alpha * mean)
}

fn log_likelihood(y: f64, mean: f64, alpha: f64) -> f64 {
    let own: f64 = (0..y as u32).map(|j| (alpha * f64::from(j)).ln_1p() - (f64::from(j) + 1.0).ln()).sum();
    let events = if y > 0.0 { y * mean.ln() } else { 0.0 };
    own + events - (y + 1.0 / alpha) * (alpha * mean).ln_1p()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::matrix::Design;

    #[test]
    fn mites_on_leaves_give_the_published_fit() {
        // Bliss and Fisher (1953): leaves with 0, 1, 2 ... mites.
        let leaves = [70, 38, 17, 10, 9, 3, 2, 1];
        let response: Vec<f64> =
            (0_u32..).zip(leaves).flat_map(|(mites, leaves)| vec![f64::from(mites); leaves]).collect();
        let mut design = Design::new(1);
        (0..150).for_each(|_| design.push([1.0]));
        let data = Data { design: &design, response: &response, offset: &vec![0.0; response.len()], weights: None };
        let found = negative_binomial(data).unwrap();
        assert_eq!(response.len(), 150);
        assert!((found.fit.means[0] - 1.146_667).abs() < 5e-7);
        assert!((found.alpha - 0.975_997_885).abs() < 5e-9, "{}", found.alpha);
        assert!((1.0 / found.alpha - 1.024_592_384).abs() < 5e-9);
        assert!((found.log_likelihood + 222.437_153_598).abs() < 5e-9, "{}", found.log_likelihood);
        // The model's variance of the constant is (1 / mean + alpha) / n.
        let wanted = (150.0 / 172.0 + found.alpha) / 150.0;
        assert!((found.fit.variance.at(0, 0) - wanted).abs() < 1e-9);
    }
}
