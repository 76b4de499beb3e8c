//! A small version of the coverage study (`benches/coverage`): ratios before and after and their intervals against the
//! planted truth, and wrong ways to count that must be caught.
//!
//! How the limits come about, so that a correct program fails less than once in 10,000 (with fixed seeds: never):
//! - Four arms times n seeds give 4n nearly independent z of one service, so their sum over the root of 4n is nearly
//!   normal. In the study of 200 seeds z had, over the four arms, a standard deviation of 1.05 and a mean of at most
//!   0.05 for A&E, GP and contacts; for nights 1.07 and, because the ln of a few nights is skewed, -0.11. With 24
//!   seeds the sum then passes 5.5 with a probability of 2e-6 for each of three services, and of 2e-5 for nights.
//! - Of 384 intervals 19 should miss. At a true coverage of 94 % more than 45 miss with a probability of 1e-5, and at
//!   95 % fewer than 4 with 1e-5. Standard errors too small by a third miss 70 times, too large by a half once.

use pathlink::stats::Z_95;
use pathlink::synth::Arm;
use pathlink::synth::truth::{Service, stored, stored_world};
use rayon::prelude::*;

use crate::people::{self, Counting};
use crate::study::{Cells, Study, agree};

/// The pooled z of a service lies no further from 0.
const POOLED: f64 = 5.5;
/// So many of 384 intervals may miss.
const MISSES: std::ops::RangeInclusive<usize> = 4..=45;

/// Every z of one service, over arms and seeds.
fn z_of(seeds: &[Cells], service: Service) -> Vec<f64> {
    let places = seeds.iter().flat_map(|cells| Arm::ALL.into_iter().zip(cells));
    let z = places.filter_map(|(arm, row)| {
        let (log_ratio, error) = row[service as usize].log_ratio?;
        Some((log_ratio - stored(arm, service).0.ln()) / error)
    });
    z.collect()
}

/// Sum over arms and seeds of z, over its standard deviation, per service.
fn pooled(seeds: &[Cells]) -> [f64; 4] {
    Service::ALL.map(|service| {
        let z = z_of(seeds, service);
        z.iter().sum::<f64>() / (z.len() as f64).sqrt()
    })
}

fn is_within_limits(seeds: &[Cells]) -> bool {
    pooled(seeds).iter().all(|z| z.abs() <= POOLED)
}

#[test]
fn before_and_after_find_the_planted_truth_and_their_intervals_hold_it() {
    let study = Study::new(stored_world().people).unwrap();
    let seeds: Vec<Cells> = (1..=24_u64).into_par_iter().map(|seed| study.in_memory(seed).unwrap()).collect();
    for (seed, cells) in (1..).zip(&seeds) {
        let [right, all_days, without_the_dead] = people::cells(&study.options(seed), stored_world().people);
        assert!(agree(cells, &right), "seed {seed}: not the counts of plain loops over the true people");
        assert!(!agree(cells, &all_days) && !agree(cells, &without_the_dead));
    }
    assert!(is_within_limits(&seeds), "{:?}", pooled(&seeds));
    let z: Vec<f64> = Service::ALL.into_iter().flat_map(|service| z_of(&seeds, service)).collect();
    let misses = z.iter().filter(|z| z.abs() > Z_95).count();
    assert_eq!(z.len(), 384, "a seed gave no ratio");
    assert!(MISSES.contains(&misses), "{misses} of 384 intervals miss");
    assert!(study.through_files(1).unwrap() == seeds[0], "from files, seed 1 gives other figures");
}

#[test]
fn wrong_person_time_fails_the_same_limits() {
    // Ten times as many people from the same world: a bias of 1 to 3 % is less than the error of one small arm.
    let study = Study::new(stored_world().people).unwrap();
    let ways: Vec<[Cells; 3]> =
        (1..=50_u64).into_par_iter().map(|seed| people::cells(&study.options(seed), 50_000)).collect();
    for counting in Counting::ALL {
        let seeds: Vec<Cells> = ways.iter().map(|ways| ways[counting as usize]).collect();
        assert_eq!(is_within_limits(&seeds), counting == Counting::Right, "{counting:?}: {:?}", pooled(&seeds));
    }
}
