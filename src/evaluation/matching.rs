//! Matching: who stands beside whom.
//!
//! In: people with the logits of their propensity. Out: sets of a case and those beside it. Exact on the stratum, nearest on the logit
//! within a caliper, without replacement; cases from the likeliest down, so that the order is always the same. Everyone gets a first
//! neighbour before anyone gets a second.

use std::collections::BTreeMap;

use super::{NoEffect, People};
use crate::stats::balance::Spread;

/// How people are matched.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rules {
    /// How far apart two may be, in standard deviations of the logit.
    pub caliper: f64,
    /// How many stand beside a case at most.
    pub controls: usize,
}

/// A case and those beside it, by their rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Set {
    /// The case.
    pub case: u32,
    /// One or more, in the order in which they were found.
    pub controls: Vec<u32>,
}

/// Who was matched with whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matches {
    /// Cases from the likeliest down.
    pub sets: Vec<Set>,
    /// Cases that have nobody near enough, in the order of rows.
    pub unmatched: Vec<u32>,
}

/// People of a stratum who may stand beside a case, by logit, and for each place the nearest that is free on either side.
struct Pool {
    rows: Vec<u32>,
    /// Place of the nearest free one at or after; one more than the last for none.
    after: Vec<usize>,
    /// One more than the place of the nearest free one before; 0 for none.
    before: Vec<usize>,
}

impl Pool {
    fn new(rows: Vec<u32>) -> Self {
        let places: Vec<usize> = (0..=rows.len()).collect();
        Self { rows, after: places.clone(), before: places }
    }

    /// Follows taken places to a free one, and shortens the way there.
    fn free(links: &mut [usize], from: usize) -> usize {
        let mut at = from;
        while links[at] != at {
            links[at] = links[links[at]];
            at = links[at];
        }
        at
    }

    /// Takes the free one nearest to a logit, within the caliper; of one on each side as near, the one with the lower key.
    fn take(&mut self, logit: f64, caliper: f64, (logits, keys): (&[f64], &[u64])) -> Option<u32> {
        let of = |place: usize, rows: &[u32]| rows[place] as usize;
        let start = self.rows.partition_point(|row| logits[*row as usize] < logit);
        let above = Some(Self::free(&mut self.after, start)).filter(|place| *place < self.rows.len());
        let below = Self::free(&mut self.before, start).checked_sub(1);
        let distance = |place: &usize| (logits[of(*place, &self.rows)] - logit).abs();
        let nearest = [above, below].into_iter().flatten().min_by(|a, b| {
            let key = |place: &usize| keys[of(*place, &self.rows)];
            distance(a).total_cmp(&distance(b)).then(key(a).cmp(&key(b)))
        })?;
        if distance(&nearest) > caliper {
            return None;
        }
        self.after[nearest] = nearest + 1;
        self.before[nearest + 1] = nearest;
        Some(self.rows[nearest])
    }
}

/// Finds who stands beside each case.
///
/// Source: Austin (2011), Pharm Stat 10:150 (caliper); Rosenbaum and Rubin (1985), Am Stat 39:33 (nearest available, from the
/// likeliest down).
pub fn nearest(people: &People, logits: &[f64], rules: Rules) -> Result<Matches, NoEffect> {
    let (mut cases, controls): (Vec<u32>, Vec<u32>) =
        (0..people.is_case.len() as u32).partition(|row| people.is_case[*row as usize]);
    if cases.is_empty() || controls.is_empty() {
        return Err(NoEffect::EmptyArm);
    }
    let reach = rules.caliper * deviation(logits, (&cases, &controls));
    let order = |a: &u32, b: &u32| {
        let (a, b) = (*a as usize, *b as usize);
        logits[a].total_cmp(&logits[b]).then(people.key[a].cmp(&people.key[b]))
    };
    cases.sort_unstable_by(|a, b| order(b, a));
    let among = controls.len();
    let mut pools = pools(people, controls, order);
    let mut sets: Vec<Set> = cases.iter().map(|case| Set { case: *case, controls: Vec::new() }).collect();
    for round in 0..rules.controls {
        for set in sets.iter_mut().filter(|set| set.controls.len() == round) {
            let case = set.case as usize;
            let pool = pools.get_mut(&people.stratum[case]);
            let found = pool.and_then(|pool| pool.take(logits[case], reach, (logits, &people.key)));
            set.controls.extend(found);
        }
    }
    let (sets, without): (Vec<Set>, Vec<Set>) = sets.into_iter().partition(|set| !set.controls.is_empty());
    let mut unmatched: Vec<u32> = without.iter().map(|set| set.case).collect();
    unmatched.sort_unstable();
    match sets.iter().map(|set| set.controls.len()).sum::<usize>() {
        0 => Err(NoEffect::NobodyMatched),
        taken if taken == among => Err(NoEffect::EverybodyMatched),
        _ => Ok(Matches { sets, unmatched }),
    }
}

/// Those who may stand beside a case, stratum by stratum.
fn pools(people: &People, controls: Vec<u32>, order: impl Fn(&u32, &u32) -> std::cmp::Ordering) -> BTreeMap<u64, Pool> {
    let mut strata: BTreeMap<u64, Vec<u32>> = BTreeMap::new();
    for row in controls {
        strata.entry(people.stratum[row as usize]).or_default().push(row);
    }
    let pool = |(stratum, mut rows): (u64, Vec<u32>)| {
        rows.sort_unstable_by(&order);
        (stratum, Pool::new(rows))
    };
    strata.into_iter().map(pool).collect()
}

/// Standard deviation of the logit, of both groups alike; 0 where it cannot be told.
fn deviation(logits: &[f64], (cases, controls): (&[u32], &[u32])) -> f64 {
    let variance = |rows: &[u32]| {
        let own: Vec<f64> = rows.iter().map(|row| logits[*row as usize]).collect();
        Spread::of(&own).map_or(0.0, |spread| spread.deviation.powi(2))
    };
    f64::midpoint(variance(cases), variance(controls)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Cases and others with so many tenths of a logit, all of one stratum but where said.
    fn people(cases: &[i32], others: &[i32]) -> (People, Vec<f64>) {
        let all: Vec<i32> = cases.iter().chain(others).copied().collect();
        let found = People {
            is_case: (0..all.len()).map(|at| at < cases.len()).collect(),
            stratum: vec![7; all.len()],
            key: (0..all.len() as u64).collect(),
            ..People::default()
        };
        (found, all.iter().map(|tenths| f64::from(*tenths) / 10.0).collect())
    }

    fn sets(found: &Matches) -> Vec<(u32, Vec<u32>)> {
        found.sets.iter().map(|set| (set.case, set.controls.clone())).collect()
    }

    const WIDE: Rules = Rules { caliper: 100.0, controls: 1 };

    #[test]
    fn the_likeliest_case_chooses_first() {
        // Rows 0 to 2 are cases at 1.0, 2.0, 3.0; rows 3 to 6 others at 2.1, 0.0, 2.2, 9.0. 3.0 takes 2.2; 2.0 takes 2.1; 1.0 is left
        // with 0.0.
        let (people, logits) = people(&[10, 20, 30], &[21, 0, 22, 90]);
        let found = nearest(&people, &logits, WIDE).unwrap();
        assert_eq!(sets(&found), [(2, vec![5]), (1, vec![3]), (0, vec![4])]);
        assert!(found.unmatched.is_empty());
    }

    #[test]
    fn everyone_gets_a_first_before_anyone_gets_a_second() {
        let (people, logits) = people(&[10, 20], &[11, 19, 21, 50]);
        let found = nearest(&people, &logits, Rules { controls: 2, ..WIDE });
        assert_eq!(found, Err(NoEffect::EverybodyMatched));
        let found = nearest(&people, &logits, WIDE).unwrap();
        // 1.9 and 2.1 are as near to 2.0: the lower key.
        assert_eq!(sets(&found), [(1, vec![3]), (0, vec![2])]);
    }

    #[test]
    fn the_caliper_is_in_standard_deviations() {
        // Cases 1.0 and 3.0, others 1.5, 3.5 and 5.5: variances 2 and 4, standard deviation root 3 = 1.732. Half a logit is 0.2887 of it.
        let (people, logits) = people(&[10, 30], &[15, 35, 55]);
        let matched =
            |caliper: f64| nearest(&people, &logits, Rules { caliper, controls: 1 }).map(|all| all.sets.len());
        assert_eq!(matched(0.288), Err(NoEffect::NobodyMatched));
        assert_eq!(matched(0.289), Ok(2));
    }

    #[test]
    fn nobody_is_matched_across_strata() {
        let (mut people, logits) = people(&[10, 20], &[10, 20, 20]);
        people.stratum = vec![1, 2, 2, 3, 2];
        let found = nearest(&people, &logits, WIDE).unwrap();
        assert_eq!((sets(&found), found.unmatched), (vec![(1, vec![4])], vec![0]));
        people.stratum = vec![1, 1, 2, 2, 2];
        assert_eq!(nearest(&people, &logits, WIDE), Err(NoEffect::NobodyMatched));
        people.is_case = vec![true; 5];
        assert_eq!(nearest(&people, &logits, WIDE), Err(NoEffect::EmptyArm));
    }

    #[test]
    fn the_quick_way_finds_what_looking_at_everybody_finds() {
        let spread = |at: u32, of: u32| ((at * 7919 + 13) % of) as i32;
        let cases: Vec<i32> = (0..60).map(|at| spread(at, 997)).collect();
        let others: Vec<i32> = (100..400).map(|at| spread(at, 1009)).collect();
        let (people, logits) = people(&cases, &others);
        let found = nearest(&people, &logits, Rules { controls: 3, ..WIDE }).unwrap();
        let mut free: Vec<u32> = (60..360).collect();
        let mut wanted: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        let mut order: Vec<u32> = (0..60).collect();
        order.sort_by(|a, b| logits[*b as usize].total_cmp(&logits[*a as usize]).then(b.cmp(a)));
        for case in order.repeat(3) {
            let far = |row: &u32| (logits[*row as usize] - logits[case as usize]).abs();
            let at = (0..free.len()).min_by(|a, b| far(&free[*a]).total_cmp(&far(&free[*b])).then(a.cmp(b))).unwrap();
            wanted.entry(case).or_default().push(free.remove(at));
        }
        assert_eq!(sets(&found).into_iter().collect::<BTreeMap<_, _>>(), wanted);
    }
}
