//! E-values: how strong an unmeasured difference must be to explain a result away.

use super::Interval;

/// The least ratio by which something unmeasured must go with both the arm and the outcome to make a ratio of 1 look like this
/// one. `None` for a ratio that is not above 0.
///
/// Source: `VanderWeele` and Ding (2017), Ann Intern Med 167:268.
pub fn e_value(ratio: f64) -> Option<f64> {
    if !(ratio.is_finite() && ratio > 0.0) {
        return None;
    }
    let above = ratio.max(1.0 / ratio);
    Some(above + (above * (above - 1.0)).sqrt())
}

/// The same for the limit that is nearer to 1; 1 where the interval holds 1.
pub fn e_value_of(interval: Interval) -> Option<f64> {
    if interval.lower > 1.0 {
        e_value(interval.lower)
    } else if interval.upper < 1.0 {
        e_value(interval.upper)
    } else {
        Some(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e_values_are_the_published_ones() {
        // The R package EValue; Rushcliffe's ratios of the Improvement Analytics Unit.
        for (ratio, wanted, within) in [
            (3.9, 7.263_034, 5e-7),
            (2.4, 4.233_030, 5e-7),
            (10.73, 20.947_77, 5e-6),
            (8.02, 15.523_36, 5e-6),
            (0.71, 2.1669, 5e-5),
            (0.89, 1.4962, 5e-5),
            (0.77, 1.9215, 5e-5),
            (0.97, 1.2095, 5e-5),
        ] {
            assert!((e_value(ratio).unwrap() - wanted).abs() <= within, "{ratio}");
        }
        assert_eq!((e_value(1.0), e_value(0.0), e_value(f64::NAN)), (Some(1.0), None, None));
    }

    #[test]
    fn an_interval_has_that_of_its_nearer_limit() {
        let of = |lower, upper| e_value_of(Interval { lower, upper });
        assert_eq!(of(0.57, 0.89), e_value(0.89));
        assert_eq!(of(2.4, 5.0), e_value(2.4));
        assert_eq!(of(0.9, 1.2), Some(1.0));
    }
}
