//! Flows: units and pounds of every line in every year, not discounted.
//!
//! ```text
//! units[t] = sum over cohorts c: people[c] × engagement × retention × need × (1 - ratio) × (1 - deadweight) × phase(t - c)
//! phase(0) = 1 - lag;  phase(j) = (1 - drop_off)^(j - 1)
//! need = as given, or the rate with the pathway / ratio
//! benefit  = units × (1 - optimism bias) × unit cost;  cost = pounds × (1 + optimism bias)
//! ```
//! New Economy, cost-benefit model (2014), as adopted in supplementary guidance to the Green Book.

use super::inputs::{Inputs, Known};
use super::world::{Drawn, World};

/// What a benefit comes to, year by year.
#[derive(Debug, Clone, PartialEq)]
pub struct Avoided {
    /// Units before optimism bias.
    pub before_bias: Vec<f64>,
    /// Units after it.
    pub units: Vec<f64>,
    /// Pounds.
    pub pounds: Vec<f64>,
}

/// Everything, year by year.
#[derive(Debug, Clone, PartialEq)]
pub struct Flows {
    /// Pounds of each cost, optimism bias on top.
    pub costs: Vec<Vec<f64>>,
    /// Each benefit.
    pub benefits: Vec<Avoided>,
}

impl Flows {
    /// In one world.
    pub fn of(inputs: &Inputs, world: &World) -> Self {
        let years = inputs.years();
        let cost = |(line, factor): (&super::CostLine, &f64)| {
            let year = |at: usize| line.per_year.get(at).copied().unwrap_or(0.0) * factor * (1.0 + line.bias);
            (0..years).map(year).collect()
        };
        let people: Vec<f64> = inputs.people.iter().map(|people| people * world.engagement * world.retention).collect();
        let avoided = |(benefit, drawn): (&super::Benefit, &Drawn)| {
            let before_bias: Vec<f64> = (0..years).map(|year| units(&people, drawn, year)).collect();
            let units: Vec<f64> = before_bias.iter().map(|units| units * (1.0 - benefit.bias)).collect();
            let pounds = units.iter().map(|units| units * drawn.unit_cost).collect();
            Avoided { before_bias, units, pounds }
        };
        Self {
            costs: inputs.costs.iter().zip(&world.costs).map(cost).collect(),
            benefits: inputs.benefits.iter().zip(&world.benefits).map(avoided).collect(),
        }
    }
}

/// What all who began by a year avoid in it.
fn units(people: &[f64], drawn: &Drawn, year: usize) -> f64 {
    let (each, began) = (drawn.each(), people.iter().enumerate().take(year + 1));
    began.map(|(cohort, people)| people * each * drawn.phase(year - cohort)).sum()
}

impl World {
    /// Of all who began by a year those who took it up and stayed, each counted by how much of the full effect there is.
    pub fn at_full_effect(&self, people: &[f64], drawn: &Drawn, year: usize) -> f64 {
        let began = people.iter().enumerate().take(year + 1);
        let counted: f64 = began.map(|(cohort, people)| people * drawn.phase(year - cohort)).sum();
        counted * self.engagement * self.retention
    }
}

impl Drawn {
    /// How often it happens to a person in a year without the pathway.
    pub fn need(&self) -> f64 {
        match self.known {
            Known::Without => self.rate,
            Known::With | Known::Together { .. } => self.rate / self.ratio,
        }
    }

    /// Units that one person at the full effect avoids in a year.
    pub fn each(&self) -> f64 {
        self.need() * (1.0 - self.ratio) * (1.0 - self.deadweight)
    }

    /// How much of the full effect there is so many years after the beginning.
    pub fn phase(&self, years: usize) -> f64 {
        match i32::try_from(years) {
            Ok(0) => 1.0 - self.lag,
            Ok(years) => (1.0 - self.drop_off).powi(years - 1),
            Err(_) => 0.0,
        }
    }
}
