//! Balance: how far two groups differ in a characteristic, in standard deviations.

/// Standardised difference of a share: `(a - b) / sqrt((a(1-a) + b(1-b)) / 2)`.
///
/// `None` where neither group varies and they differ; 0 where neither varies and they do not.
///
/// Source: Austin (2009), Stat Med 28:3083.
pub fn of_shares(a: f64, b: f64) -> Option<f64> {
    let variance = f64::midpoint(a * (1.0 - a), b * (1.0 - b));
    if variance > 0.0 {
        return Some((a - b) / variance.sqrt());
    }
    ((a - b).abs() < f64::EPSILON).then_some(0.0)
}

/// Mean and standard deviation of a group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// Mean.
    pub mean: f64,
    /// Standard deviation.
    pub deviation: f64,
}

impl Spread {
    /// Of some values, with the sample's standard deviation; `None` for fewer than two.
    pub fn of(values: &[f64]) -> Option<Self> {
        let count = values.len() as f64;
        if count < 2.0 {
            return None;
        }
        let mean = values.iter().sum::<f64>() / count;
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        Some(Self { mean, deviation: (squares / (count - 1.0)).sqrt() })
    }
}

/// Standardised difference of two means, in standard deviations of `scale`: both groups' where the comparison is of either way,
/// the treated group's alone where it is about them. Groups before matching give the scale of both columns of a balance table.
///
/// `None` where the scale does not vary and the means differ; 0 where they do not.
///
/// Source: Austin (2011), Multivariate Behav Res 46:399.
pub fn of_means(treated: f64, control: f64, scale: &[Spread]) -> Option<f64> {
    let variance = scale.iter().map(|spread| spread.deviation.powi(2)).sum::<f64>() / scale.len() as f64;
    if variance > 0.0 {
        return Some((treated - control) / variance.sqrt());
    }
    ((treated - control).abs() < f64::EPSILON).then_some(0.0)
}

/// Variance of the treated group over the control group's; `None` where that does not vary.
pub fn variance_ratio(treated: Spread, control: Spread) -> Option<f64> {
    (control.deviation > 0.0).then(|| (treated.deviation / control.deviation).powi(2))
}

/// Standardised difference of a characteristic with several levels, at least 0: the distance of the two groups' shares in
/// the metric of their common covariance. Counts of each level in the two groups.
///
/// `None` where a group is empty. Levels that neither group has do not count.
///
/// Source: Yang and Dalton (2012), SAS Global Forum 335: `sqrt((T - C)' S^-1 (T - C))` over all levels but one, where
/// `S` is the mean of the two multinomial covariance matrices.
pub fn of_levels(first: &[u64], second: &[u64]) -> Option<f64> {
    let total = |counts: &[u64]| counts.iter().sum::<u64>() as f64;
    let (of_first, of_second) = (total(first), total(second));
    if of_first == 0.0 || of_second == 0.0 {
        return None;
    }
    let both: Vec<(f64, f64)> = first
        .iter()
        .zip(second)
        .filter(|(a, b)| **a + **b > 0)
        .map(|(a, b)| (*a as f64 / of_first, *b as f64 / of_second))
        .collect();
    let size = both.len() - 1;
    let mut matrix: Vec<Vec<f64>> = (0..size)
        .map(|row| {
            let (a, b) = both[row];
            let of = |column: usize| {
                let (c, d) = both[column];
                if row == column { f64::midpoint(a * (1.0 - a), b * (1.0 - b)) } else { -f64::midpoint(a * c, b * d) }
            };
            (0..size).map(of).chain([a - b]).collect()
        })
        .collect();
    let solved = solve(&mut matrix)?;
    let square: f64 = solved.iter().zip(&both).map(|(own, (a, b))| own * (a - b)).sum();
    Some(square.max(0.0).sqrt())
}

/// Solves a system of equations, the right side in the last column. `None` where it has no one solution.
fn solve(matrix: &mut [Vec<f64>]) -> Option<Vec<f64>> {
    let size = matrix.len();
    for column in 0..size {
        let pivot = (column..size).max_by(|a, b| matrix[*a][column].abs().total_cmp(&matrix[*b][column].abs()))?;
        if matrix[pivot][column].abs() < 1e-12 {
            return None;
        }
        matrix.swap(column, pivot);
        for row in (0..size).filter(|row| *row != column) {
            let above = matrix[column].clone();
            let factor = matrix[row][column] / above[column];
            matrix[row].iter_mut().zip(&above).skip(column).for_each(|(own, above)| *own -= factor * above);
        }
    }
    Some((0..size).map(|row| matrix[row][size] / matrix[row][row]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_shares_differ_by_the_known_answer() {
        // 42 % against 35 %: 0.144230 (evaluation vectors).
        assert!((of_shares(0.42, 0.35).unwrap() - 0.144_230).abs() < 5e-7);
        assert_eq!((of_shares(1.0, 1.0), of_shares(1.0, 0.0)), (Some(0.0), None));
    }

    #[test]
    fn two_means_differ_by_the_known_answers() {
        // 51.2 (14.1) against 47.9 (15.6): 0.221939 of both, 0.234043 of the first (evaluation vectors).
        let (first, second) = (Spread { mean: 51.2, deviation: 14.1 }, Spread { mean: 47.9, deviation: 15.6 });
        assert!((of_means(51.2, 47.9, &[first, second]).unwrap() - 0.221_939).abs() < 5e-7);
        assert!((of_means(51.2, 47.9, &[first]).unwrap() - 0.234_043).abs() < 5e-7);
        assert!((variance_ratio(first, second).unwrap() - (14.1_f64 / 15.6).powi(2)).abs() < 1e-12);
        let still = Spread::of(&[2.0, 2.0]).unwrap();
        assert_eq!((of_means(2.0, 2.0, &[still]), of_means(3.0, 2.0, &[still])), (Some(0.0), None));
        assert_eq!((variance_ratio(first, still), Spread::of(&[2.0])), (None, None));
        // 1, 2, 6: mean 3, squares 4 + 1 + 9 over 2.
        assert_eq!(Spread::of(&[1.0, 2.0, 6.0]), Some(Spread { mean: 3.0, deviation: 7.0_f64.sqrt() }));
    }

    #[test]
    fn two_levels_are_one_share() {
        let found = of_levels(&[42, 58], &[35, 65]).unwrap();
        assert!((found - 0.144_230).abs() < 5e-7);
        let with_empty = of_levels(&[42, 0, 58], &[35, 0, 65]).unwrap();
        assert!((found - with_empty).abs() < 1e-12);
    }

    #[test]
    fn three_levels_by_hand() {
        // Shares .5 .3 .2 and .4 .4 .2: S = [[.245, -.155], [-.155, .225]], difference (.1, -.1).
        // S^-1 d = (.1(.225) - .1(.155), .1(.155) - .1(.245)) / (.245 * .225 - .155^2) = (.007, -.009) / .0311.
        let expected = (0.1 * (0.007 + 0.009) / 0.0311_f64).sqrt();
        let found = of_levels(&[50, 30, 20], &[40, 40, 20]).unwrap();
        assert!((found - expected).abs() < 1e-12, "{found} {expected}");
        assert_eq!(of_levels(&[0, 0], &[1, 2]), None);
        assert_eq!(of_levels(&[3], &[9]), Some(0.0));
    }
}
