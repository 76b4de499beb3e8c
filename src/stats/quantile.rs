//! Quantiles of whole numbers, and their intervals.

use super::Z_95;

/// What a quantile and its interval rest on: order statistics, which are themselves values.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ranks {
    /// The value at or just below the quantile.
    pub below: i64,
    /// The value just above it, or at it.
    pub above: i64,
    /// The values at the ends of the 95 % interval; none where there are too few.
    pub limits: Option<[i64; 2]>,
}

/// The order statistics of a quantile; `values` in order, not empty. `percent` between 0 and 100.
///
/// Source of the limits: Conover (1999), Practical Nonparametric Statistics, 3.2 (normal approximation to the binomial
/// ranks), as in Campbell and Gardner (1988), BMJ 296:1454.
pub fn ranks(values: &[i64], percent: u8) -> Ranks {
    let share = f64::from(percent) / 100.0;
    let n = values.len();
    let hundredths = (n - 1) * usize::from(percent);
    let (middle, half) = (n as f64 * share, Z_95 * (n as f64 * share * (1.0 - share)).sqrt());
    // Ranks from 1; outside of what there is, no such interval exists.
    let (first, last) = ((middle - half).round(), (1.0 + middle + half).round());
    let has_limits = first >= 1.0 && last <= n as f64;
    Ranks {
        below: values[hundredths / 100],
        above: values[hundredths.div_ceil(100)],
        limits: has_limits.then(|| [values[first as usize - 1], values[last as usize - 1]]),
    }
}

/// The quantile of `n` values, interpolated between the two values next to it, as `PERCENTILE` in SQL and type 7 of
/// Hyndman and Fan (1996), Am Stat 50:361.
pub fn quantile(ranks: &Ranks, n: u64, percent: u8) -> f64 {
    // In whole hundredths, so that no rounding decides between two places.
    let rest = (n.saturating_sub(1) * u64::from(percent)) % 100;
    ranks.below as f64 + (ranks.above - ranks.below) as f64 * rest as f64 / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_interpolated() {
        let values = [1, 2, 4, 8];
        assert!((quantile(&ranks(&values, 50), 4, 50) - 3.0).abs() < 1e-12);
        assert!((quantile(&ranks(&values, 90), 4, 90) - 6.8).abs() < 1e-12);
        assert!((quantile(&ranks(&[7], 90), 1, 90) - 7.0).abs() < 1e-12);
        let many: Vec<i64> = (0..101).collect();
        for percent in [1_u8, 10, 25, 50, 75, 90, 99] {
            assert!((quantile(&ranks(&many, percent), 101, percent) - f64::from(percent)).abs() < 1e-12, "{percent}");
        }
    }

    #[test]
    fn the_limits_of_a_median_have_the_published_ranks() {
        // Campbell and Gardner (1988): of 100 values the 40th and the 61st; of 6 the 1st and the 6th.
        let hundred: Vec<i64> = (1..=100).collect();
        assert_eq!(ranks(&hundred, 50).limits, Some([40, 61]));
        assert_eq!(ranks(&[1, 2, 3, 4, 5, 6], 50).limits, Some([1, 6]));
        assert_eq!(ranks(&[1, 2, 3, 4], 50).limits, None);
    }
}
