//! Draws: all inputs that may be out, drawn together many times; how the net present value comes out.
//!
//! Ratios are lognormal (their interval is symmetric on the logarithm), shares are beta and other numbers gamma by mean and standard
//! error, where the standard error is the interval's width over 2 × 1.96. Effects that were measured in the same people are drawn
//! together: one standard normal number for all of them, which makes the interval wider than independent draws would. A rate with the
//! pathway that was found with its effect is lognormal as well and a part of the effect: the covariance of their logarithms is the
//! variance of the rate's less one over its people, for the interval of a rate leaves to chance how many people there are, and an
//! effect does not.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng as Chance;
use rand_distr::{Beta, Distribution, Gamma, StandardNormal};

use super::appraisal::Appraisal;
use super::inputs::{Input, Inputs, Known, Law, Spread};
use super::world::World;

/// The width of a 95 % interval in standard errors.
const WIDTH: f64 = 2.0 * 1.959_964;

/// What came of all draws.
#[derive(Debug, Clone, PartialEq)]
pub struct Draws {
    /// Net present values, in order.
    nets: Vec<f64>,
    /// Benefits for a pound, in order; empty without costs.
    ratios: Vec<f64>,
    /// Benefits less costs up to the end of each year, in order.
    cumulative: Vec<Vec<f64>>,
}

impl Draws {
    /// So many draws, the same for the same seed.
    pub fn of(inputs: &Inputs, draws: usize, seed: [u8; 32]) -> Self {
        let mut chance = Chance::from_seed(seed);
        let laws: Vec<(Input, Drawer)> =
            inputs.uncertain().into_iter().map(|input| (input, Drawer::of_input(input, inputs))).collect();
        let central = World::central(inputs);
        let mut done = Self { nets: Vec::new(), ratios: Vec::new(), cumulative: vec![Vec::new(); inputs.years()] };
        for _ in 0..draws {
            let mut world = central.clone();
            let together: f64 = StandardNormal.sample(&mut chance);
            for (input, law) in &laws {
                input.set(&mut world, law.draw(&mut chance, together));
            }
            let own = Appraisal::of(inputs, &world);
            done.nets.push(own.net());
            done.ratios.extend(own.ratio());
            for (year, net) in own.cumulative.iter().enumerate() {
                done.cumulative[year].push(*net);
            }
        }
        for all in [&mut done.nets, &mut done.ratios].into_iter().chain(&mut done.cumulative) {
            all.sort_by(f64::total_cmp);
        }
        done
    }

    /// The net present value that so many in a hundred draws lie below, in pounds; none without draws.
    pub fn net(&self, percent: f64) -> Option<f64> {
        percentile(&self.nets, percent)
    }

    /// The same of what comes back for a pound; none without costs.
    pub fn ratio(&self, percent: f64) -> Option<f64> {
        percentile(&self.ratios, percent)
    }

    /// The same of benefits less costs up to the end of a year, in pounds.
    pub fn cumulative(&self, year: usize, percent: f64) -> Option<f64> {
        percentile(self.cumulative.get(year)?, percent)
    }

    /// The share of draws in which benefits are more than costs; none without draws.
    pub fn above_nothing(&self) -> Option<f64> {
        let above = self.nets.len() - self.nets.partition_point(|net| *net <= 0.0);
        (!self.nets.is_empty()).then(|| above as f64 / self.nets.len() as f64)
    }
}

/// Linear between the two nearest in order (Hyndman and Fan's type 7).
fn percentile(ordered: &[f64], percent: f64) -> Option<f64> {
    let place = percent / 100.0 * ordered.len().checked_sub(1)? as f64;
    let (low, high) = (place.floor() as usize, place.ceil() as usize);
    Some(ordered[low] + (ordered[high] - ordered[low]) * (place - low as f64))
}

/// How an input is drawn.
enum Drawer {
    /// The logarithm's mean and standard error.
    LogNormal(f64, f64),
    /// The same, and how far it goes along with the effect: the correlation of their logarithms.
    Beside(f64, f64, f64),
    Beta(Beta<f64>),
    Gamma(Gamma<f64>),
    /// What has no spread that its law can have.
    Known(f64),
}

impl Drawer {
    fn of_input(input: Input, inputs: &Inputs) -> Self {
        match input {
            Input::Rate(at) => match inputs.benefits[at].known {
                Known::Together { people } => Self::beside(inputs.benefits[at].rate, people, inputs.benefits[at].ratio),
                Known::Without | Known::With => Self::of(input.law(), input.spread(inputs)),
            },
            _ => Self::of(input.law(), input.spread(inputs)),
        }
    }

    /// A rate of so many people that is a part of a ratio.
    fn beside(rate: Spread, people: f64, ratio: Spread) -> Self {
        let error = |own: Spread| (own.high.ln() - own.low.ln()) / WIDTH;
        if rate.low <= 0.0 || ratio.low <= 0.0 {
            return Self::of(Law::Gamma, rate);
        }
        let (own, whole) = (error(rate), error(ratio));
        let shared = (own * own - 1.0 / people).max(0.0);
        let along = if own * whole > 0.0 { (shared / (own * whole)).min(1.0) } else { 0.0 };
        Self::Beside(rate.central.ln(), own, along)
    }

    fn of(law: Law, spread: Spread) -> Self {
        let Spread { central, low, high } = spread;
        let error = (high - low) / WIDTH;
        let drawer = match law {
            Law::LogNormal if low > 0.0 => Some(Self::LogNormal(central.ln(), (high.ln() - low.ln()) / WIDTH)),
            Law::LogNormal => None,
            Law::Beta => {
                let size = central * (1.0 - central) / (error * error) - 1.0;
                Beta::new(central * size, (1.0 - central) * size).ok().filter(|_| size > 0.0).map(Self::Beta)
            }
            Law::Gamma => Gamma::new((central / error).powi(2), error * error / central).ok().map(Self::Gamma),
        };
        drawer.unwrap_or(Self::Known(central))
    }

    fn draw(&self, chance: &mut Chance, together: f64) -> f64 {
        match self {
            Self::LogNormal(mean, error) => (mean + error * together).exp(),
            Self::Beside(mean, error, along) => {
                let apart: f64 = StandardNormal.sample(chance);
                (mean + error * (along * together + (1.0 - along * along).sqrt() * apart)).exp()
            }
            Self::Beta(law) => law.sample(chance),
            Self::Gamma(law) => law.sample(chance),
            Self::Known(value) => *value,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mean_and_error(law: Law, spread: Spread) -> (f64, f64) {
        let drawer = Drawer::of(law, spread);
        let mut chance = Chance::from_seed([7; 32]);
        let draws: Vec<f64> = (0..20_000)
            .map(|_| {
                let together: f64 = StandardNormal.sample(&mut chance);
                drawer.draw(&mut chance, together)
            })
            .collect();
        let mean = draws.iter().sum::<f64>() / 20_000.0;
        (mean, (draws.iter().map(|own| (own - mean).powi(2)).sum::<f64>() / 19_999.0).sqrt())
    }

    #[test]
    fn laws_have_the_mean_and_error_that_they_are_made_from() {
        // A cost of 280 with a standard error of 28 is a gamma of shape 100 and scale 2.8.
        let half = 28.0 * 1.959_964;
        let cost = Spread { central: 280.0, low: 280.0 - half, high: 280.0 + half };
        let (mean, error) = mean_and_error(Law::Gamma, cost);
        assert!((mean - 280.0).abs() < 3.0 * 28.0 / 141.0 && (error - 28.0).abs() < 1.0, "{mean} {error}");
        let (mean, error) = mean_and_error(Law::Beta, Spread { central: 0.75, low: 0.6, high: 0.9 });
        assert!((mean - 0.75).abs() < 0.002 && (error - 0.3 / WIDTH).abs() < 0.002, "{mean} {error}");
    }

    #[test]
    fn a_ratio_is_drawn_by_its_logarithm() {
        let Drawer::LogNormal(mean, error) =
            Drawer::of(Law::LogNormal, Spread { central: 0.77, low: 0.61, high: 0.97 })
        else {
            panic!("not lognormal")
        };
        assert!((mean - -0.261_365).abs() < 5e-7 && (error - 0.118_328).abs() < 5e-7, "{mean} {error}");
    }

    /// 0.8 (0.61 to 1.0) of 215 people and 0.71 (0.51 to 0.99): standard errors 0.126098 and 0.169211, covariance 0.015901 less
    /// 1/215, which is 0.011250: a correlation of 0.527229.
    #[test]
    fn a_rate_is_drawn_with_the_effect_that_it_is_a_part_of() {
        let (rate, ratio) =
            (Spread { central: 0.8, low: 0.61, high: 1.0 }, Spread { central: 0.71, low: 0.51, high: 0.99 });
        let (rate, ratio) = (Drawer::beside(rate, 215.0, ratio), Drawer::of(Law::LogNormal, ratio));
        let mut chance = Chance::from_seed([5; 32]);
        let draws: Vec<[f64; 2]> = (0..20_000)
            .map(|_| {
                let together: f64 = StandardNormal.sample(&mut chance);
                [&rate, &ratio].map(|law| law.draw(&mut chance, together).ln())
            })
            .collect();
        let mean = |of: &dyn Fn(&[f64; 2]) -> f64| draws.iter().map(of).sum::<f64>() / 20_000.0;
        let means = [mean(&|own| own[0]), mean(&|own| own[1])];
        let covariance = |a: usize, b: usize| mean(&|own| (own[a] - means[a]) * (own[b] - means[b]));
        let [own, whole] = [covariance(0, 0).sqrt(), covariance(1, 1).sqrt()];
        assert!((own - 0.126_098).abs() < 0.002 && (whole - 0.169_211).abs() < 0.003, "{own} {whole}");
        assert!((covariance(0, 1) / (own * whole) - 0.527_229).abs() < 0.015);
        // Beside an effect that is taken as known it is drawn alone.
        let Drawer::Beside(_, _, along) =
            Drawer::beside(Spread { central: 0.8, low: 0.6, high: 1.0 }, 215.0, Spread::known(0.7))
        else {
            panic!("not lognormal")
        };
        assert!(along.abs() < f64::EPSILON);
    }

    #[test]
    fn a_net_benefit_of_two_normal_numbers_comes_out_as_arithmetic_has_it() {
        // 20,000 for a gain of 0.012 with error 0.008, less a cost of 180 with error 60.
        let mut chance = Chance::from_seed([3; 32]);
        let mut normal = || -> f64 { StandardNormal.sample(&mut chance) };
        let mut nets: Vec<f64> =
            (0..10_000).map(|_| 20_000.0 * (0.012 + 0.008 * normal()) - (180.0 + 60.0 * normal())).collect();
        nets.sort_by(f64::total_cmp);
        let mean = nets.iter().sum::<f64>() / 10_000.0;
        assert!((mean - 60.0).abs() < 3.0 * 170.880 / 100.0, "{mean}");
        let draws = Draws { nets, ratios: Vec::new(), cumulative: Vec::new() };
        let above = draws.above_nothing().unwrap();
        assert!((above - 0.637_252).abs() < 3.0 * (0.637_252_f64 * 0.362_748 / 10_000.0).sqrt(), "{above}");
        let high = draws.net(97.5).unwrap();
        assert!((high - (60.0 + 1.959_964 * 170.880)).abs() < 15.0, "{high}");
    }

    #[test]
    fn percentiles_lie_between_draws() {
        assert_eq!(percentile(&[1.0, 2.0, 3.0, 4.0, 5.0], 50.0), Some(3.0));
        assert_eq!(percentile(&[1.0, 2.0], 25.0), Some(1.25));
        assert_eq!(percentile(&[], 50.0), None);
    }
}
