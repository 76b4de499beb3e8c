//! Flows: units and pounds of every line in every year, not discounted.
//!
//! ```text
//! units[t] = sum over cohorts c: people[c] × engagement × retention × need × (1 - ratio) × (1 - deadweight) × phase(t - c)
//! phase(0) = 1 - lag;  phase(j) = (1 - drop_off)^(j - 1)
//! benefit  = units × (1 - optimism bias) × unit cost;  cost = pounds × (1 + optimism bias)
//! ```
//! New Economy, cost-benefit model (2014), as adopted in supplementary guidance to the Green Book.

use super::inputs::{Drawn, Inputs, World};

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
    let each = drawn.need * (1.0 - drawn.ratio) * (1.0 - drawn.deadweight);
    let began = people.iter().enumerate().take(year + 1);
    began.map(|(cohort, people)| people * each * phase(drawn, year - cohort)).sum()
}

/// How much of the full effect there is so many years after the beginning.
fn phase(drawn: &Drawn, years: usize) -> f64 {
    match i32::try_from(years) {
        Ok(0) => 1.0 - drawn.lag,
        Ok(years) => (1.0 - drawn.drop_off).powi(years - 1),
        Err(_) => 0.0,
    }
}
