//! Sums over very many people. In: the world and how many. Out: per arm and service, events and days
//! before and after, their ratio and its Monte Carlo error. Leaves alone: what a window is (`truth.rs`).

use rayon::prelude::*;
use serde::Serialize;

use super::arms::Arm;
use super::chance::real;
use super::person::person;
use super::plan::is_candidate;
use super::truth::{Service, Window, windows};
use super::world::World;

/// People whose sums are held at a time.
const CHUNK: u64 = 20_000;

/// Truth of one arm and service.
#[derive(Clone, Debug, Serialize)]
pub struct ArmService {
    /// Name of the arm.
    pub arm: &'static str,
    /// Name of the service.
    pub service: &'static str,
    /// People in the arm.
    pub people: u64,
    /// Events in the before window.
    pub events_before: u64,
    /// Days observed in the before window.
    pub days_before: u64,
    /// Events in the after window.
    pub events_after: u64,
    /// Days observed in the after window.
    pub days_after: u64,
    /// Rate after over rate before.
    pub ratio: f64,
    /// Standard error of the log of `ratio`, clustered by person.
    pub log_ratio_error: f64,
}

/// Sums of one arm and service: of (events before, days before, events after, days after), and of
/// their products.
#[derive(Clone, Copy, Default)]
struct Sums {
    people: u64,
    totals: [u64; 4],
    products: [[u64; 4]; 4],
}

impl Sums {
    fn add_person(&mut self, values: [u64; 4]) {
        self.people += 1;
        for (row, &one) in values.iter().enumerate() {
            self.totals[row] += one;
            for (column, &other) in values.iter().enumerate() {
                self.products[row][column] += one * other;
            }
        }
    }

    fn add(&mut self, other: &Self) {
        self.people += other.people;
        for (mine, more) in self.totals.iter_mut().zip(other.totals) {
            *mine += more;
        }
        for (mine, more) in self.products.iter_mut().flatten().zip(other.products.iter().flatten()) {
            *mine += more;
        }
    }

    /// Delta method: each person adds events after / all - days after / all - the same before.
    fn log_ratio_error(&self) -> f64 {
        let signs = [-1.0, 1.0, 1.0, -1.0];
        let weight = |place: usize| signs[place] / real(self.totals[place]);
        let mut variance = 0.0;
        for row in 0..4 {
            for column in 0..4 {
                variance += weight(row) * weight(column) * real(self.products[row][column]);
            }
        }
        variance.sqrt()
    }
}

type Table = [[Sums; 4]; 4];

/// The truth for so many people of the world, per arm and service.
#[must_use]
pub fn superpopulation(world: &World, people: u64) -> Vec<ArmService> {
    let chunks = people.div_ceil(CHUNK);
    let tables: Vec<Table> = (0..chunks)
        .into_par_iter()
        .map(|chunk| sums(world, chunk * CHUNK, ((chunk + 1) * CHUNK).min(people)))
        .collect();
    let mut all = Table::default();
    for table in &tables {
        for (mine, more) in all.iter_mut().flatten().zip(table.iter().flatten()) {
            mine.add(more);
        }
    }
    let cells =
        Arm::ALL.iter().zip(&all).flat_map(|(arm, row)| Service::ALL.iter().zip(row).map(move |cell| (arm, cell)));
    cells.map(|(arm, (service, sums))| arm_service(*arm, *service, sums)).collect()
}

fn sums(world: &World, from: u64, to: u64) -> Table {
    let mut table = Table::default();
    for index in (from..to).filter(|&index| is_candidate(world, index)) {
        let person = person(world, index);
        for pair in windows(world, &person).chunks_exact(2) {
            let [before, after] = pair else { continue };
            debug_assert_eq!(after.window, Window::After);
            let values = [before.events, before.days, after.events, after.days].map(u64::from);
            let arm = Arm::ALL.iter().position(|&arm| arm == before.arm).unwrap_or(0);
            let service = Service::ALL.iter().position(|&service| service == before.service).unwrap_or(0);
            table[arm][service].add_person(values);
        }
    }
    table
}

fn arm_service(arm: Arm, service: Service, sums: &Sums) -> ArmService {
    let [events_before, days_before, events_after, days_after] = sums.totals;
    ArmService {
        arm: arm.name(),
        service: service.name(),
        people: sums.people,
        events_before,
        days_before,
        events_after,
        days_after,
        ratio: real(events_after) / real(days_after) / (real(events_before) / real(days_before)),
        log_ratio_error: sums.log_ratio_error(),
    }
}
