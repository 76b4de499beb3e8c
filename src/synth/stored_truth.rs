//! The truth of before and after, stored. In: arm and service. Out: the ratio of the rate after to the rate before in
//! a population of 40 million, selection included, and the Monte Carlo error of its logarithm. Leaves alone: how it
//! is worked out (`superpopulation.rs`).
//!
//! It holds for the world of [`stored_world`] alone: practices and postcodes hang on how many people are asked for, and
//! with them who is covered and how deprived people are. Printed by
//! `cargo bench --bench coverage -- superpopulation 40000000`; errors are at most 0.141 % of the ratio for A&E, GP
//! and contacts, 0.674 % for nights, of which few people have many.

use super::arms::Arm;
use super::truth::Service;
use super::world::{CharityNumbers, Errors, GpExtract, Options};

/// Ratio and error by arm, then service.
const STORED: [[(f64, f64); 4]; 4] = [
    // prevention: A&E, GP, trust contacts, nights
    [(0.36537, 0.00119), (0.70028, 0.00070), (0.74672, 0.00117), (0.75944, 0.00674)],
    // prevention_usual_care: A&E, GP, trust contacts, nights
    [(0.47573, 0.00099), (0.90934, 0.00061), (0.96923, 0.00099), (0.98305, 0.00571)],
    // recovery: A&E, GP, trust contacts, nights
    [(0.75801, 0.00141), (0.75951, 0.00074), (0.74901, 0.00076), (0.76037, 0.00477)],
    // recovery_usual_care: A&E, GP, trust contacts, nights
    [(0.98730, 0.00120), (0.98530, 0.00065), (0.96924, 0.00066), (0.98517, 0.00403)],
];

/// The world that the stored truth is of: an extract of 5,000 people. Another seed is another draw from it.
#[must_use]
pub fn stored_world() -> Options {
    Options { people: 5_000, seed: 1, gp: GpExtract::Sent, errors: Errors::None, charity_numbers: CharityNumbers::Some }
}

/// The ratio of after to before, and the standard error of its logarithm.
#[must_use]
pub fn stored(arm: Arm, service: Service) -> (f64, f64) {
    STORED[arm as usize][service as usize]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synth::World;
    use crate::synth::truth::superpopulation;

    #[test]
    fn a_fresh_population_agrees_with_the_stored_truth() {
        let fresh = superpopulation(&World::new(&Options { seed: 77, ..stored_world() }), 300_000);
        let mut fresh = fresh.iter();
        for (arm, service) in Arm::ALL.into_iter().flat_map(|arm| Service::ALL.map(|service| (arm, service))) {
            let (found, (ratio, error)) = (fresh.next().unwrap(), stored(arm, service));
            assert_eq!((found.arm, found.service), (arm.name(), service.name()));
            let z = (found.ratio.ln() - ratio.ln()) / found.log_ratio_error.hypot(error);
            assert!(z.abs() < 4.0, "{} {}: {} is {z:.1} errors from {ratio}", found.arm, found.service, found.ratio);
        }
    }
}
