//! How far out: chances beyond a value of the chi-square and of the normal distribution.

/// Terms of a series or of a continued fraction that are ever needed.
const TERMS: u32 = 10_000;

/// Chance of more than `value` under a chi-square of so many degrees of freedom; 1 for a value of 0 or less.
///
/// Source: the incomplete gamma function by its series and by its continued fraction, Abramowitz and Stegun (1964), 6.5.29 and
/// 6.5.31.
pub fn chi_square(value: f64, degrees: u32) -> f64 {
    if degrees == 0 || value <= 0.0 {
        return 1.0;
    }
    let (a, x) = (f64::from(degrees) / 2.0, value / 2.0);
    let front = (a * x.ln() - x - ln_gamma_of_half(degrees)).exp();
    if x < a + 1.0 { 1.0 - front * series(a, x) } else { front / fraction(a, x) }
}

/// Chance of a normal value as far from 0 as `z`, or farther, either way.
pub fn two_sided(z: f64) -> f64 {
    chi_square(z * z, 1)
}

/// Chance of a normal value above `z`.
pub fn above(z: f64) -> f64 {
    let half = two_sided(z) / 2.0;
    if z < 0.0 { 1.0 - half } else { half }
}

/// The logarithm of the gamma function at half of a whole number.
fn ln_gamma_of_half(twice: u32) -> f64 {
    let first = if twice.is_multiple_of(2) { 0.0 } else { std::f64::consts::PI.sqrt().ln() };
    let start = if twice.is_multiple_of(2) { 2 } else { 1 };
    first + (start..twice).step_by(2).map(|at| (f64::from(at) / 2.0).ln()).sum::<f64>()
}

fn series(a: f64, x: f64) -> f64 {
    let (mut term, mut sum) = (1.0 / a, 1.0 / a);
    for at in 1..TERMS {
        term *= x / (a + f64::from(at));
        sum += term;
        if term < sum * f64::EPSILON {
            break;
        }
    }
    sum
}

/// Lentz's evaluation of the denominator.
fn fraction(a: f64, x: f64) -> f64 {
    let mut whole = x + 1.0 - a;
    let (mut value, mut above, mut below) = (whole, whole, 0.0);
    for at in (1..TERMS).map(f64::from) {
        let part = at * (a - at);
        whole += 2.0;
        below = 1.0 / (whole + part * below);
        above = whole + part / above;
        value *= above * below;
        if (above * below - 1.0).abs() < f64::EPSILON {
            break;
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_of_chi_square_and_normal() {
        // Upper 5 % and 1 % points, Pearson and Hartley (1966), table 8.
        for (value, degrees, chance) in [
            (3.841_458_820_694_124, 1, 0.05),
            (5.991_464_547_107_98, 2, 0.05),
            (11.070_497_693_516_35, 5, 0.05),
            (19.675_137_572_682_5, 11, 0.05),
            (6.634_896_601_021_21, 1, 0.01),
            (23.209_251_158_954_4, 10, 0.01),
        ] {
            assert!((chi_square(value, degrees) - chance).abs() < 1e-10, "{value} {degrees}");
        }
        // Two degrees of freedom are an exponential, on both sides of where the method changes.
        for value in [0.1_f64, 3.9, 4.1, 60.0] {
            assert!((chi_square(value, 2) - (-value / 2.0).exp()).abs() < 1e-14);
        }
        assert!((two_sided(crate::stats::Z_95) - 0.05).abs() < 1e-12 && (two_sided(0.0) - 1.0).abs() < 1e-15);
        assert!(
            (above(-1.0) - 0.841_344_746_068_543).abs() < 1e-12 && (above(1.0) - 0.158_655_253_931_457).abs() < 1e-12
        );
    }
}
