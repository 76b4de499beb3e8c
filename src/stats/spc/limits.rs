//! Limits of the charts: what is expected of each point of a series.
//!
//! Sources: Shewhart limits; Provost and Murray (2011), The Health Care Data Guide, for which chart a kind of figure has.

use super::Limits;
use crate::domain::spc::Profile;

/// Mean moving ranges from the mean to a limit.
const TO_LIMIT: f64 = 2.66;
/// A moving range of so many mean ones or more is screened out.
const SCREEN: f64 = 3.267;
/// Days between rare events to this power are about normal.
const TO_NORMAL: f64 = 1.0 / 3.6;

/// Limits of single values (`XmR`), from all of them or from the first `baseline`; none of fewer than two.
pub fn individual_limits(values: &[f64], baseline: Option<usize>, profile: Profile) -> Option<Limits> {
    let base = &values[..baseline.unwrap_or(values.len()).min(values.len())];
    let ranges: Vec<f64> = base.windows(2).map(|two| (two[1] - two[0]).abs()).collect();
    let mut range = mean(&ranges)?;
    if profile == Profile::Ptd022 {
        let kept: Vec<f64> = ranges.into_iter().filter(|one| *one < SCREEN * range).collect();
        range = mean(&kept).unwrap_or(range);
    }
    Some(Limits::around(mean(base)?, TO_LIMIT * range))
}

/// Limits of a share of each of some denominators (p-chart), in the unit of the share; where shares vary more than chance
/// lets them, and only then, the limits are as much wider (Laney's `p'`).
///
/// Source: Laney (2002), Quality Engineering 14:531.
pub fn share_limits(counts: &[(f64, f64)]) -> Option<Vec<Limits>> {
    let (numerator, denominator) = counts.iter().fold((0.0, 0.0), |all, one| (all.0 + one.0, all.1 + one.1));
    if denominator <= 0.0 || counts.iter().any(|(_, of)| *of <= 0.0) {
        return None;
    }
    let share = numerator / denominator;
    let sigma = |of: f64| (share * (1.0 - share) / of).sqrt();
    let wider = spread(counts.iter().map(|(own, of)| (own / of - share) / sigma(*of)));
    let limits = |(_, of): &(f64, f64)| {
        let limits = Limits::around(share, 3.0 * sigma(*of) * wider);
        Limits { lower: limits.lower.max(0.0), upper: limits.upper.min(1.0), ..limits }
    };
    Some(counts.iter().map(limits).collect())
}

/// How many times more points differ from their neighbours than chance lets them; at least 1.
fn spread(scores: impl Iterator<Item = f64>) -> f64 {
    let scores: Vec<f64> = scores.filter(|score| score.is_finite()).collect();
    let ranges: Vec<f64> = scores.windows(2).map(|two| (two[1] - two[0]).abs()).collect();
    mean(&ranges).map_or(1.0, |range| (range / 1.128).max(1.0))
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// Limits of a rate of each of some denominators (u-chart): events per unit of it. `None` where one is not above 0.
///
/// Source: Montgomery (2019), Statistical Quality Control, 7.3.
pub fn rate_limits(counts: &[(f64, f64)]) -> Option<Vec<Limits>> {
    let (events, time) = counts.iter().fold((0.0, 0.0), |all, one| (all.0 + one.0, all.1 + one.1));
    if counts.is_empty() || counts.iter().any(|(_, time)| *time <= 0.0) {
        return None;
    }
    let rate: f64 = events / time;
    let of = |(_, time): &(f64, f64)| not_below_zero(Limits::around(rate, 3.0 * (rate / time).sqrt()));
    Some(counts.iter().map(of).collect())
}

/// Limits of counts from the same time and people each (c-chart). `None` without any.
///
/// Source: Montgomery (2019), 7.3.
pub fn count_limits(counts: &[f64]) -> Option<Limits> {
    let mean = mean(counts)?;
    Some(not_below_zero(Limits::around(mean, 3.0 * mean.sqrt())))
}

/// Limits of days between rare events (t-chart): those of single values of the days to the power 1/3.6, and back. `None` for fewer
/// than two, or a gap below 0.
///
/// Source: Nelson (1994), Journal of Quality Technology 26:239.
pub fn time_limits(days: &[f64]) -> Option<Limits> {
    if days.iter().any(|days| *days < 0.0) {
        return None;
    }
    let normal: Vec<f64> = days.iter().map(|days| days.powf(TO_NORMAL)).collect();
    let found = individual_limits(&normal, None, Profile::Mdc2023)?;
    let back = |value: f64| value.max(0.0).powf(1.0 / TO_NORMAL);
    Some(Limits { centre: back(found.centre), lower: back(found.lower), upper: back(found.upper) })
}

/// Limits of cases between rare events (g-chart): counts of a geometric distribution from 0 on. `None` without any.
///
/// Source: Benneyan (2001), Health Care Management Science 4:305.
pub fn gap_limits(cases: &[f64]) -> Option<Limits> {
    let mean = mean(cases)?;
    Some(not_below_zero(Limits::around(mean, 3.0 * (mean * (mean + 1.0)).sqrt())))
}

fn not_below_zero(limits: Limits) -> Limits {
    Limits { lower: limits.lower.max(0.0), ..limits }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_near(found: &Limits, centre: f64, lower: f64, upper: f64) -> bool {
        [(found.centre, centre), (found.lower, lower), (found.upper, upper)].iter().all(|(a, b)| (a - b).abs() < 6e-6)
    }

    const NORMAL: [f64; 20] = [
        -0.560_475_65,
        -0.230_177_49,
        1.558_708_31,
        0.070_508_39,
        0.129_287_74,
        1.715_064_99,
        0.460_916_21,
        -1.265_061_23,
        -0.686_852_85,
        -0.445_661_97,
        1.224_081_80,
        0.359_813_83,
        0.400_771_45,
        0.110_682_72,
        -0.555_841_13,
        1.786_913_14,
        0.497_850_48,
        -1.966_617_16,
        0.701_355_90,
        -0.472_791_41,
    ];

    #[test]
    fn limits_are_those_of_the_package() {
        let values = [1.0, 2.0, 1.0, 2.0, 10.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0];
        let of = |profile| individual_limits(&values, None, profile).unwrap();
        assert!(is_near(&of(Profile::Ptd022), 1.944_444, -0.715_556, 4.604_444));
        assert!(is_near(&of(Profile::Mdc2023), 1.944_444, -3.062_614, 6.951_503));
        let mut values = NORMAL;
        let of = |values: &[f64], profile| individual_limits(values, None, profile).unwrap();
        assert!(is_near(&of(&values, Profile::Ptd022), 0.141_623_8, -3.011_380, 3.294_627));
        values[14] = 10.0;
        assert!(is_near(&of(&values, Profile::Ptd022), 0.669_415_9, -2.383_666, 3.722_497));
        assert!(is_near(&of(&values, Profile::ExcelLegacy), 0.669_415_9, -4.596_625, 5.935_457));
        assert_eq!(individual_limits(&[1.0], None, Profile::Ptd022), None);
        let split = [&NORMAL[..10], &NORMAL[10..]].map(|half| individual_limits(half, None, Profile::Ptd022).unwrap());
        assert!((split[0].lower + 2.60).abs() < 0.005 && (split[0].upper - 2.75).abs() < 0.005);
        assert!((split[1].lower + 3.28).abs() < 0.005 && (split[1].upper - 3.70).abs() < 0.005);
    }

    #[test]
    fn a_share_of_50_has_the_published_limits() {
        let limits = share_limits(&[(10.0, 50.0), (10.0, 50.0)]).unwrap();
        assert!((limits[0].lower - 0.030_294).abs() < 1e-6 && (limits[0].upper - 0.369_706).abs() < 1e-6);
        // Two shares of 500 that are 0.1 and 0.3: z of -5.59 and 5.59, a range of 11.18, 9.911 times chance's 1.128.
        let wide = share_limits(&[(50.0, 500.0), (150.0, 500.0)]).unwrap();
        let sigma = (0.2f64 * 0.8 / 500.0).sqrt();
        assert!((wide[1].upper - (0.2 + 3.0 * sigma * (0.2 / sigma / 1.128)).min(1.0)).abs() < 1e-9);
        assert_eq!(share_limits(&[(0.0, 0.0)]), None);
    }

    #[test]
    fn rates_and_counts_have_the_worked_limits() {
        // 1.5 of 8 each; 9 (evaluation vectors).
        let limits = rate_limits(&[(12.0, 8.0), (12.0, 8.0)]).unwrap();
        assert!(is_near(&limits[1], 1.5, 0.200_962, 2.799_038), "{limits:?}");
        // Twice the time, a limit nearer by the root of two: 3 sqrt(1.5 / 16).
        let limits = rate_limits(&[(12.0, 8.0), (24.0, 16.0)]).unwrap();
        assert!((limits[1].upper - 1.5 - 3.0 * (1.5_f64 / 16.0).sqrt()).abs() < 1e-12);
        assert_eq!((rate_limits(&[(1.0, 0.0)]), rate_limits(&[])), (None, None));
        let limits = count_limits(&[8.0, 10.0, 9.0]).unwrap();
        assert!(is_near(&limits, 9.0, 0.0, 18.0), "{limits:?}");
        assert!(count_limits(&[4.0]).is_some_and(|limits| limits.lower.abs() < 1e-12));
        assert_eq!(count_limits(&[]), None);
    }

    #[test]
    fn times_and_cases_between_events_by_hand() {
        // 1 and 2^3.6 days are 1 and 2 after the power: mean 1.5, range 1, limits 1.5 -/+ 2.66, back to 0 and 4.16^3.6.
        let limits = time_limits(&[1.0, 2.0_f64.powf(3.6)]).unwrap();
        let wanted = Limits { centre: 1.5_f64.powf(3.6), lower: 0.0, upper: 4.16_f64.powf(3.6) };
        assert!(is_near(&limits, wanted.centre, wanted.lower, wanted.upper), "{limits:?}");
        assert_eq!((time_limits(&[3.0]), time_limits(&[3.0, -1.0])), (None, None));
        // A mean of 8 cases: 3 sqrt(72) above.
        let limits = gap_limits(&[4.0, 12.0]).unwrap();
        assert!(is_near(&limits, 8.0, 0.0, 8.0 + 25.455_844), "{limits:?}");
        assert_eq!(gap_limits(&[]), None);
    }
}
