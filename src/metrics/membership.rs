//! Membership: who is on which pathway when.

use rayon::prelude::*;

use crate::pathways::Journeys;
use crate::pathways::observation::starts;

/// Stretches of a person on pathways are next to each other; most people have none.
pub struct Membership {
    /// How many pathways there are.
    pub pathways: usize,
    starts: Vec<u32>,
    stretches: Vec<(usize, i32, i32)>,
}

impl Membership {
    /// From everybody's journeys.
    pub fn of(journeys: &Journeys, people: usize) -> Self {
        let mut stretches: Vec<(u32, usize, i32, i32)> =
            journeys.episodes.iter().map(|one| (one.person, one.pathway, one.index, one.end)).collect();
        stretches.par_sort_unstable();
        let person: Vec<u32> = stretches.iter().map(|(person, ..)| *person).collect();
        Self {
            pathways: journeys.pathways,
            starts: starts(&person, people),
            stretches: stretches.into_iter().map(|(_, pathway, from, end)| (pathway, from, end)).collect(),
        }
    }

    /// The pathways of a person, each with the first day on it and the first day no longer on it.
    pub fn of_person(&self, person: u32) -> &[(usize, i32, i32)] {
        let person = person as usize;
        &self.stretches[self.starts[person] as usize..self.starts[person + 1] as usize]
    }
}
