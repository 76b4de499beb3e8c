//! Inequality over groups in order, such as deprivation quintiles: slope and relative index.

use super::{Interval, Z_95};

/// One group: how many it is, its value, and the standard error of the value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Group {
    /// Size; sets the group's share of the scale from 0 to 1.
    pub size: f64,
    /// Its value.
    pub value: f64,
    /// Standard error of the value.
    pub error: f64,
}

/// Slope and relative index of inequality.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Indices {
    /// How much the value changes from the first end of the scale to the last, in its unit.
    pub slope: f64,
    /// 95 % interval of the slope.
    pub interval: Interval,
    /// The fitted value at the last end over that at the first; none where the first is not above 0.
    pub relative: Option<f64>,
}

/// Slope by least squares weighted by size, over the middle of each group's share of the scale.
///
/// `None` with fewer than two groups of any size.
///
/// Sources: Mackenbach and Kunst (1997), Soc Sci Med 44:757; weights as in Low and Low (2004), J Public Health 26:388. The
/// interval is that of a weighted sum of independent values.
pub fn indices(groups: &[Group]) -> Option<Indices> {
    let total: f64 = groups.iter().map(|group| group.size).sum();
    if groups.iter().filter(|group| group.size > 0.0).count() < 2 {
        return None;
    }
    let mut below = 0.0;
    let ranked: Vec<(f64, f64, &Group)> = groups
        .iter()
        .map(|group| {
            let middle = (below + group.size / 2.0) / total;
            below += group.size;
            (group.size / total, middle, group)
        })
        .collect();
    // The middle of the whole scale is 0.5, however the groups are cut.
    let mean: f64 = ranked.iter().map(|(weight, _, group)| weight * group.value).sum();
    let spread: f64 = ranked.iter().map(|(weight, middle, _)| weight * (middle - 0.5).powi(2)).sum();
    let part = |weight: f64, middle: f64| weight * (middle - 0.5) / spread;
    let slope: f64 = ranked.iter().map(|(weight, middle, group)| part(*weight, *middle) * group.value).sum();
    let variance: f64 =
        ranked.iter().map(|(weight, middle, group)| (part(*weight, *middle) * group.error).powi(2)).sum();
    let half = Z_95 * variance.sqrt();
    let first = mean - slope / 2.0;
    Some(Indices {
        slope,
        interval: Interval { lower: slope - half, upper: slope + half },
        relative: (first > 0.0).then(|| (first + slope) / first),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_area_gives_the_published_indices() {
        // PHEindicatormethods test data, area 1.
        let sizes = [7291.0, 7997.0, 6105.0, 7666.0, 5790.0, 6934.0, 5918.0, 5974.0, 7147.0, 7534.0];
        let values = [
            75.933_459_010_308_1,
            78.344_238_272_784_3,
            83.836_063_104_165_4,
            83.637_539_966_493_1,
            80.465_503_152_955_9,
            81.115_675_985_702_2,
            81.693_083_571_856_2,
            84.190_006_206_098_7,
            80.595_564_108_147_2,
            86.289_434_957_862_4,
        ];
        let groups: Vec<Group> =
            sizes.into_iter().zip(values).map(|(size, value)| Group { size, value, error: 1.0 }).collect();
        let found = indices(&groups).unwrap();
        assert!((found.slope - 6.934_616_473_668_819).abs() < 1e-9, "{found:?}");
        assert!((found.relative.unwrap() - 1.088_818_080_444_621_7).abs() < 1e-9, "{found:?}");
    }

    #[test]
    fn two_equal_groups_by_hand() {
        // Middles 0.25 and 0.75: the difference of 10 over half the scale. Its error is 2 x sqrt(3^2 + 4^2).
        let groups = [(20.0, 3.0), (30.0, 4.0)].map(|(value, error)| Group { size: 5.0, value, error });
        let found = indices(&groups).unwrap();
        assert!((found.slope - 20.0).abs() < 1e-12 && (found.relative.unwrap() - 35.0 / 15.0).abs() < 1e-12);
        assert!((found.interval.upper - 20.0 - Z_95 * 10.0).abs() < 1e-9);
        assert_eq!(indices(&groups[..1]), None);
        assert_eq!(indices(&[groups[0], Group { size: 0.0, ..groups[1] }]), None);
    }
}
