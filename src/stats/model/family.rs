//! Families: how a response varies around its mean, and what a row adds to a fit.

/// How a response varies around its mean.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Family {
    /// A count, its variance the mean; logarithmic link.
    Poisson,
    /// A count, its variance `mean + alpha mean^2`; logarithmic link.
    NegativeBinomial(f64),
    /// Yes or no, 1 or 0; logistic link. Slopes are drawn to 0 by this penalty on their squares; the first term is not.
    Logistic(f64),
}

impl Family {
    /// Mean, weight and score of a row.
    pub(super) fn row(self, linear: f64, response: f64) -> (f64, f64, f64) {
        match self {
            Self::Poisson => {
                let mean = linear.exp();
                (mean, mean, response - mean)
            }
            Self::NegativeBinomial(alpha) => {
                let mean = linear.exp();
                let spread = 1.0 + alpha * mean;
                (mean, mean / spread, (response - mean) / spread)
            }
            Self::Logistic(_) => {
                let mean = 1.0 / (1.0 + (-linear).exp());
                (mean, mean * (1.0 - mean), response - mean)
            }
        }
    }

    /// Where the fit begins: between the response and its mean.
    pub(super) fn start(self, response: f64, all: f64) -> f64 {
        let middle = f64::midpoint(response, all);
        if matches!(self, Self::Logistic(_)) { (middle / (1.0 - middle)).ln() } else { middle.ln() }
    }

    pub(super) fn deviance(self, response: f64, mean: f64) -> f64 {
        let part = |observed: f64, expected: f64| {
            if observed > 0.0 { observed * (observed / expected).ln() } else { 0.0 }
        };
        2.0 * match self {
            Self::Poisson => part(response, mean) - (response - mean),
            Self::NegativeBinomial(alpha) => {
                let spread = ((1.0 + alpha * response) / (1.0 + alpha * mean)).ln();
                part(response, mean) - (response + 1.0 / alpha) * spread
            }
            Self::Logistic(_) => part(response, mean) + part(1.0 - response, 1.0 - mean),
        }
    }

    pub(super) fn penalty(self) -> f64 {
        if let Self::Logistic(penalty) = self { penalty } else { 0.0 }
    }
}
