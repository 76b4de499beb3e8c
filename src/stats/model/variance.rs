//! Variances of coefficients that do not trust the family: by row, by cluster, and of a series in time.

use std::collections::BTreeMap;

use super::Fit;
use crate::stats::matrix::{Design, Symmetric};
use crate::stats::tail;

impl Fit {
    /// Variance of a quasi-likelihood: the model's, times the dispersion.
    pub fn quasi(&self) -> Symmetric {
        let mut all = self.variance.clone();
        all.scale(self.dispersion());
        all
    }

    /// Variance with people, or matched sets, as clusters; corrected for few of them by `G / (G - 1)`. `None` for fewer than two.
    ///
    /// Source: Liang and Zeger (1986), Biometrika 73:13.
    pub fn clustered(&self, design: &Design, clusters: &[u32]) -> Option<Symmetric> {
        let mut sums: BTreeMap<u32, Vec<f64>> = BTreeMap::new();
        for ((row, residual), cluster) in design.rows().zip(&self.residuals).zip(clusters) {
            let sum = sums.entry(*cluster).or_insert_with(|| vec![0.0; design.columns()]);
            sum.iter_mut().zip(row).for_each(|(sum, term)| *sum += residual * term);
        }
        let count = sums.len() as f64;
        if count < 2.0 {
            return None;
        }
        let mut middle = Symmetric::zero(design.columns());
        for sum in sums.values() {
            middle.add(count / (count - 1.0), sum, sum);
        }
        Some(self.variance.around(&middle))
    }

    /// Variance of rows in the order of time, each related to the `lag` before it; a lag of 0 is the plain sandwich (HC0).
    ///
    /// Source: Newey and West (1987), Econometrica 55:703.
    pub fn newey_west(&self, design: &Design, lag: usize) -> Symmetric {
        let part = |(row, residual): (&[f64], &f64)| row.iter().map(|term| term * residual).collect();
        let scores: Vec<Vec<f64>> = design.rows().zip(&self.residuals).map(part).collect();
        let mut middle = Symmetric::zero(design.columns());
        for back in 0..=lag {
            let weight = 1.0 - back as f64 / (lag as f64 + 1.0);
            let both = if back == 0 { 1.0 } else { 2.0 };
            for (now, then) in scores.iter().skip(back).zip(&scores) {
                middle.add(both * weight, now, then);
            }
        }
        self.variance.around(&middle)
    }

    /// Chance of terms as far from 0 as these, were all of them 0: a joint Wald test. `None` where they have no variance.
    pub fn joint_test(&self, terms: &[usize], variance: &Symmetric) -> Option<f64> {
        let inverse = variance.part(terms).inverse()?;
        let own: Vec<f64> = terms.iter().map(|term| self.coefficients[*term]).collect();
        let square = crate::stats::matrix::dot(&own, &inverse.times(&own));
        Some(tail::chi_square(square, terms.len() as u32))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Data, Family, fit};
    use super::*;

    /// Two groups of three people with so many events in a unit of time.
    fn groups() -> (Design, [f64; 6]) {
        let mut design = Design::new(2);
        (0..6).for_each(|at| design.push([1.0, f64::from(at / 3)]));
        (design, [1.0, 2.0, 3.0, 2.0, 4.0, 6.0])
    }

    #[test]
    fn clusters_by_hand() {
        let (design, response) = groups();
        let found =
            fit(Data { design: &design, response: &response, offset: &[0.0; 6], weights: None }, Family::Poisson)
                .unwrap();
        // ln 4/2; by row its variance is the squared residuals of each group over the group's events squared: 2/36 + 8/144.
        assert!((found.coefficients[1] - 2.0_f64.ln()).abs() < 1e-9);
        let plain = found.newey_west(&design, 0);
        assert!((plain.at(1, 1) - (2.0 / 36.0 + 8.0 / 144.0)).abs() < 1e-9);
        let alone = found.clustered(&design, &[0, 1, 2, 3, 4, 5]).unwrap();
        assert!((alone.at(1, 1) - plain.at(1, 1) * 1.2).abs() < 1e-9);
        // Pairs across the groups: residuals -1, 0, 1 and -2, 0, 2 over 6 and 12 cancel in their difference.
        let paired = found.clustered(&design, &[0, 1, 2, 0, 1, 2]).unwrap();
        assert!(paired.at(1, 1).abs() < 1e-9);
        assert!(found.clustered(&design, &[0; 6]).is_none());
        // Model: 1/6 + 1/12; chi-square (1 + 0 + 1) / 2 + (4 + 0 + 4) / 4 = 3 on 4 degrees of freedom.
        assert!((found.dispersion() - 0.75).abs() < 1e-9 && (found.quasi().at(1, 1) - 0.1875).abs() < 1e-9);
    }

    #[test]
    fn a_joint_test_of_one_term_is_its_z_test() {
        let (design, response) = groups();
        let found =
            fit(Data { design: &design, response: &response, offset: &[0.0; 6], weights: None }, Family::Poisson)
                .unwrap();
        let z = found.coefficients[1] / found.variance.at(1, 1).sqrt();
        let joint = found.joint_test(&[1], &found.variance).unwrap();
        assert!((joint - tail::two_sided(z)).abs() < 1e-12 && joint < 1.0);
    }
}
