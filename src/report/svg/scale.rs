//! Scales: from numbers to places, with ticks at round numbers.

/// Ticks from 0 to at least the greatest number: four to six of them, at round numbers.
pub(super) fn ticks(most: f64) -> Vec<f64> {
    if !most.is_finite() || most <= 0.0 {
        return vec![0.0, 1.0];
    }
    let rough = most / 4.0;
    let power = 10f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|step| step * power).find(|step| *step >= rough);
    let step = step.unwrap_or(10.0 * power);
    let count = (most / step).ceil() as usize;
    (0..=count).map(|at| at as f64 * step).collect()
}

/// Ticks from at most the least number to at least the greatest, 0 among them where it lies between: at round numbers.
pub(super) fn ticks_between(least: f64, most: f64) -> Vec<f64> {
    let all = ticks(most - least);
    let step = all[1] - all[0];
    ((least / step).floor() as i64..=(most / step).ceil() as i64).map(|at| at as f64 * step).collect()
}

/// Whole pounds in words, with a minus sign below nothing.
pub(super) fn pounds(tick: f64) -> String {
    let sign = if tick <= -0.5 { "\u{2212}" } else { "" };
    format!("{sign}£{}", crate::error::grouped(tick.abs().round() as u64))
}

/// A tick in words: in groups of three digits, with decimals only where the step has them.
pub(super) fn words(tick: f64) -> String {
    if (tick - tick.round()).abs() < 1e-9 { crate::error::grouped(tick.round() as u64) } else { format!("{tick:.1}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_reach_the_greatest() {
        assert_eq!(ticks(190.5), [0.0, 50.0, 100.0, 150.0, 200.0]);
        assert_eq!(ticks(100.0), [0.0, 50.0, 100.0]);
        assert_eq!(ticks(7.0), [0.0, 2.0, 4.0, 6.0, 8.0]);
        assert_eq!(ticks(0.0), [0.0, 1.0]);
        assert_eq!(ticks_between(-168_591.0, -2_392.0), [-200_000.0, -150_000.0, -100_000.0, -50_000.0, 0.0]);
        assert_eq!(ticks_between(-30.0, 60.0), [-50.0, 0.0, 50.0, 100.0]);
        assert_eq!([-150_000.0, 0.0, 50.0].map(pounds), ["\u{2212}£150,000", "£0", "£50"]);
        assert_eq!(words(1500.0), "1,500");
        assert_eq!(words(0.5), "0.5");
    }
}
