//! Appraisal: present values, what comes back for a pound, and when it has paid for itself.

use std::collections::BTreeMap;

use super::flows::Flows;
use super::inputs::{CostKind, Inputs, Known};
use super::world::World;

/// What one budget pays and is spared, in pounds of the first year.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Budget {
    /// Present value of what it pays.
    pub pays: f64,
    /// Present value of what it is spared: value of activity.
    pub spared: f64,
    /// What of that can be taken out of the budget.
    pub cashable: f64,
}

/// A case in one world. Unit: pounds of the first year, in the prices of the case.
#[derive(Debug, Clone, PartialEq)]
pub struct Appraisal {
    /// All costs, whoever bears them.
    pub cost: f64,
    /// All benefits, whoever has them.
    pub benefit: f64,
    /// Costs that somebody pays.
    pub paid: f64,
    /// Benefits to public budgets.
    pub fiscal: f64,
    /// What of those can be taken out of budgets.
    pub cashable: f64,
    /// Benefits to the economy.
    pub economic: f64,
    /// Benefits to people's well-being.
    pub social: f64,
    /// Benefits less costs up to the end of each year.
    pub cumulative: Vec<f64>,
    /// By whose budget it is, in the order of the alphabet.
    pub budgets: BTreeMap<String, Budget>,
}

impl Appraisal {
    /// Of a world.
    pub fn of(inputs: &Inputs, world: &World) -> Self {
        Self::of_flows(inputs, &Flows::of(inputs, world))
    }

    /// Of what lines come to.
    pub fn of_flows(inputs: &Inputs, flows: &Flows) -> Self {
        let present =
            |pounds: &[f64]| pounds.iter().zip(&inputs.discount).map(|(own, factor)| own * factor).sum::<f64>();
        let mut done = Self {
            cost: 0.0,
            benefit: 0.0,
            paid: 0.0,
            fiscal: 0.0,
            cashable: 0.0,
            economic: 0.0,
            social: 0.0,
            cumulative: Vec::new(),
            budgets: BTreeMap::new(),
        };
        for (line, pounds) in inputs.costs.iter().zip(&flows.costs) {
            let value = present(pounds);
            done.cost += value;
            if line.kind != CostKind::InKind {
                done.paid += value;
            }
            done.budgets.entry(line.payer.clone()).or_default().pays += value;
        }
        for (line, avoided) in inputs.benefits.iter().zip(&flows.benefits) {
            let value = present(&avoided.pounds);
            let fiscal = value * line.shares.fiscal;
            done.benefit += value;
            done.fiscal += fiscal;
            done.economic += value * line.shares.economic;
            done.social += value * line.shares.social;
            done.cashable += fiscal * line.cashability;
            let budget = done.budgets.entry(line.agency.clone()).or_default();
            budget.spared += fiscal;
            budget.cashable += fiscal * line.cashability;
        }
        let mut so_far = 0.0;
        for (year, factor) in inputs.discount.iter().enumerate() {
            let costs: f64 = flows.costs.iter().map(|pounds| pounds[year]).sum();
            let benefits: f64 = flows.benefits.iter().map(|avoided| avoided.pounds[year]).sum();
            so_far += (benefits - costs) * factor;
            done.cumulative.push(so_far);
        }
        done
    }

    /// Net present value: all benefits less all costs.
    pub fn net(&self) -> f64 {
        self.benefit - self.cost
    }

    /// Benefits for each pound of cost; none without costs.
    pub fn ratio(&self) -> Option<f64> {
        over(self.benefit, self.cost)
    }

    /// Benefits to public budgets less what is paid.
    pub fn fiscal_net(&self) -> f64 {
        self.fiscal - self.paid
    }

    /// Benefits to public budgets for each pound paid; none without payment.
    pub fn fiscal_return(&self) -> Option<f64> {
        over(self.fiscal, self.paid)
    }

    /// Years until benefits have made up for costs and stay above them, linear inside the year; none where they do not.
    pub fn payback(&self) -> Option<f64> {
        let last_short = self.cumulative.iter().rposition(|net| *net < 0.0);
        let Some(year) = last_short else { return (!self.cumulative.is_empty()).then_some(0.0) };
        let (before, after) = (self.cumulative[year], *self.cumulative.get(year + 1)?);
        Some((year + 1) as f64 + -before / (after - before))
    }
}

/// What would just break even, everything else as it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Switching {
    /// The ratio of a benefit, by its position.
    pub ratio: f64,
    /// Its unit cost, in pounds.
    pub unit_cost: f64,
}

/// The value of a benefit's ratio and unit cost at which the net present value is nothing; none where the benefit is
/// nothing, or where it would have to be below nothing.
pub fn switching(inputs: &Inputs, world: &World, benefit: usize) -> Option<Switching> {
    let flows = Flows::of(inputs, world);
    let whole = Appraisal::of_flows(inputs, &flows);
    let own: f64 =
        flows.benefits.get(benefit)?.pounds.iter().zip(&inputs.discount).map(|(pounds, factor)| pounds * factor).sum();
    let needed = over(own - whole.net(), own)?;
    if own <= 0.0 || needed < 0.0 {
        return None;
    }
    let drawn = &world.benefits[benefit];
    let ratio = match drawn.known {
        Known::Without => 1.0 - (1.0 - drawn.ratio) * needed,
        // With less effect there was less need: what was found with the pathway stays as it is.
        Known::With | Known::Together { .. } => 1.0 / (1.0 + (1.0 / drawn.ratio - 1.0) * needed),
    };
    Some(Switching { ratio, unit_cost: drawn.unit_cost * needed })
}

fn over(part: f64, whole: f64) -> Option<f64> {
    (whole != 0.0).then(|| part / whole)
}
