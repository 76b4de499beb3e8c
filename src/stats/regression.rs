//! Regression to the mean: what becomes of a high count by itself.

use super::tail;

/// Sums over a whole population, one term a person: events x in an observed time t.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sums {
    /// Sum of x.
    pub x: u64,
    /// Sum of t.
    pub t: u64,
    /// Sum of x squared.
    pub xx: u64,
    /// Sum of x times t.
    pub xt: u64,
    /// Sum of t squared.
    pub tt: u64,
}

impl Sums {
    /// Adds a person.
    pub fn add(&mut self, events: u64, time: u64) {
        self.x += events;
        self.t += time;
        self.xx += events * events;
        self.xt += events * time;
        self.tt += time * time;
    }
}

/// How far the mean of those above a cut falls by itself on a measure with a normal distribution: `correlation` is that of the
/// measure with itself later.
///
/// Source: Davis (1976), Am J Epidemiol 104:493.
pub fn of_normal(cut: f64, (mean, deviation): (f64, f64), correlation: f64) -> f64 {
    let z = (cut - mean) / deviation;
    let density = (-z * z / 2.0).exp() / std::f64::consts::TAU.sqrt();
    deviation * (1.0 - correlation) * density / tail::above(z)
}

/// How rates differ from person to person: a gamma distribution of a mean and a shape.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gamma {
    /// Events per unit of time.
    pub mean: f64,
    /// The smaller, the more people differ; none where they do not differ more than chance makes them.
    pub shape: Option<f64>,
}

impl Gamma {
    /// Fitted to a population by moments. `None` without events.
    ///
    /// Source: Robbins (1956), empirical Bayes; moments for unequal times as in Böhning (2000), Computer-Assisted Analysis of
    /// Mixtures, 6.3: the variance between people is what chance leaves of the squared differences from the mean.
    pub fn fit(sums: &Sums) -> Option<Self> {
        if sums.x == 0 || sums.t == 0 {
            return None;
        }
        let (x, tt) = (sums.x as f64, sums.tt as f64);
        let mean = x / sums.t as f64;
        let squares = sums.xx as f64 - 2.0 * mean * sums.xt as f64 + mean * mean * tt;
        let between = (squares - x) / tt;
        Some(Self { mean, shape: (between > 0.0).then(|| mean * mean / between) })
    }

    /// The rate to expect of a person with so many events in so much time, if nothing changes.
    pub fn expected(&self, events: f64, time: f64) -> f64 {
        self.shape.map_or(self.mean, |shape| (shape + events) / (shape / self.mean + time))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const YEAR: Gamma = Gamma { mean: 1.0, shape: Some(0.5) };

    #[test]
    fn high_counts_fall_by_the_known_answers() {
        assert!((YEAR.expected(6.0, 1.0) - 4.333_33).abs() < 5e-6);
        assert!((YEAR.expected(3.0, 1.0) - 2.333_33).abs() < 5e-6);
        // Everyone with three or more of a negative binomial with mean 1 and shape 0.5.
        let (mut chance, mut people, mut before, mut after) = ((1.0_f64 / 3.0).sqrt(), 0.0, 0.0, 0.0);
        for events in 0..400 {
            let x = f64::from(events);
            if events >= 3 {
                people += chance;
                before += chance * x;
                after += chance * YEAR.expected(x, 1.0);
            }
            chance *= (x + 0.5) / (x + 1.0) * 2.0 / 3.0;
        }
        assert!((people - 0.133_97).abs() < 5e-6, "{people}");
        assert!((before / people - 4.591_168).abs() < 5e-7 && (after / people - 3.394_112).abs() < 5e-7);
        assert!((1.0 - after / before - 0.260_73).abs() < 5e-6);
    }

    #[test]
    fn a_normal_measure_falls_by_the_known_answer() {
        // Mean 100, standard deviation 15, correlation 0.7, those above 120: 8.0916 (evaluation vectors).
        assert!((of_normal(120.0, (100.0, 15.0), 0.7) - 8.0916).abs() < 5e-5);
        assert!(of_normal(120.0, (100.0, 15.0), 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_fit_by_hand() {
        // Counts 0, 0, 1, 3 in one unit each: mean 1, squares 1 + 1 + 0 + 4 = 6, less 4 by chance, over 4: 0.5.
        let mut sums = Sums::default();
        for events in [0, 0, 1, 3] {
            sums.add(events, 1);
        }
        assert_eq!(Gamma::fit(&sums), Some(Gamma { mean: 1.0, shape: Some(2.0) }));
        let mut even = Sums::default();
        for _ in 0..3 {
            even.add(1, 2);
        }
        let fitted = Gamma::fit(&even).unwrap();
        assert_eq!((fitted.shape, fitted.expected(9.0, 1.0)), (None, 0.5));
        assert_eq!(Gamma::fit(&Sums::default()), None);
    }
}
