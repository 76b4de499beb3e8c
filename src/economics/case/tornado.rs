//! Tornado: the net present value with one input at an end of its interval and all others as estimated; and with effect and unit
//! cost together.

use super::appraisal::Appraisal;
use super::inputs::{Input, Inputs, Spread};
use super::world::World;

/// One input.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    /// Which.
    pub input: Input,
    /// Its value and interval.
    pub spread: Spread,
    /// Net present value at the lower and at the upper end of it, in pounds.
    pub net: [f64; 2],
}

impl Bar {
    /// How far apart they are, in pounds.
    pub fn swing(&self) -> f64 {
        (self.net[1] - self.net[0]).abs()
    }
}

/// Every input that may be out, the one that matters most first.
pub fn bars(inputs: &Inputs) -> Vec<Bar> {
    let mut bars: Vec<Bar> = inputs
        .uncertain()
        .into_iter()
        .map(|input| {
            let spread = input.spread(inputs);
            Bar { input, spread, net: [spread.low, spread.high].map(|value| net_with(inputs, &[(input, value)])) }
        })
        .collect();
    bars.sort_by(|a, b| b.swing().total_cmp(&a.swing()));
    bars
}

/// The net present value with a benefit's effect (rows) and unit cost (columns) at low, central and high.
pub fn grid(inputs: &Inputs, benefit: usize) -> [[f64; 3]; 3] {
    let ends = |input: Input| {
        let spread = input.spread(inputs);
        [spread.low, spread.central, spread.high]
    };
    let (effect, price) = (Input::Ratio(benefit), Input::UnitCost(benefit));
    ends(effect).map(|ratio| ends(price).map(|cost| net_with(inputs, &[(effect, ratio), (price, cost)])))
}

/// The net present value with some inputs set, in pounds.
pub fn net_with(inputs: &Inputs, set: &[(Input, f64)]) -> f64 {
    let mut world = World::central(inputs);
    for (input, value) in set {
        input.set(&mut world, *value);
    }
    Appraisal::of(inputs, &world).net()
}
