//! `tornado.csv`, `cba_grid.csv` and `psa.csv`: how sure it is, one input at a time, two together, and all drawn together.

use super::words::{about, fall, money, number, signed};
use super::worked::{DRAWS, Worked};
use crate::disclosure::sheets::Value;
use crate::economics::case::tornado::{Bar, bars, grid};
use crate::economics::case::{Input, Spread};

/// The percentiles of a fan, in the order of the columns of `psa.csv`.
const PERCENTS: [f64; 7] = [2.5, 5.0, 25.0, 50.0, 75.0, 95.0, 97.5];

impl Worked<'_> {
    pub(super) fn tornado(&self) -> Vec<Vec<Value>> {
        let row = |(at, bar): (usize, Bar)| {
            let number = |value: f64| Value::decimal(Some(value), 4);
            let pounds = |value: f64| Value::decimal(Some(value), 2);
            vec![
                Value::text(&self.case.config.id),
                Value::whole(Some(at as u64 + 1)),
                Value::text(bar.input.words(&self.inputs)),
                number(bar.spread.central),
                number(bar.spread.low),
                number(bar.spread.high),
                pounds(bar.net[0]),
                pounds(bar.net[1]),
                pounds(bar.swing()),
                Value::text(unit(bar.input)),
                Value::text(format!(
                    "{}: {}; {}: {}",
                    said(bar.input, bar.spread.low),
                    signed(bar.net[0]),
                    said(bar.input, bar.spread.high),
                    signed(bar.net[1])
                )),
            ]
        };
        bars(&self.inputs).into_iter().enumerate().map(row).collect()
    }

    pub(super) fn grid(&self) -> Vec<Vec<Value>> {
        let ends = |spread: Spread| [spread.low, spread.central, spread.high];
        let mut rows = Vec::new();
        for (at, benefit) in self.inputs.benefits.iter().enumerate() {
            for (ratio, nets) in ends(benefit.ratio).into_iter().zip(grid(&self.inputs, at)) {
                for (cost, net) in ends(benefit.unit_cost).into_iter().zip(nets) {
                    rows.push(vec![
                        Value::text(&self.case.config.id),
                        Value::text(&benefit.name),
                        Value::decimal(Some(ratio), 4),
                        Value::decimal(Some(cost), 2),
                        Value::decimal(Some(net), 2),
                    ]);
                }
            }
        }
        rows
    }

    pub(super) fn fan(&self) -> Vec<Vec<Value>> {
        let row = |(year, name): (usize, &String)| {
            let mut cells = Vec::from(self.start());
            cells.push(Value::text(name));
            cells.extend(PERCENTS.map(|percent| Value::decimal(self.draws.cumulative(year, percent), 2)));
            cells.push(Value::whole(Some(DRAWS as u64)));
            let [lower, middle, upper] = [5.0, 50.0, 95.0].map(|percent| self.draws.cumulative(year, percent));
            let words = lower.zip(middle).zip(upper).map(|((lower, middle), upper)| {
                format!(
                    "about {} than it costs so far; 9 in 10 sure that it is between {} and {}",
                    signed(middle),
                    signed(lower),
                    signed(upper)
                )
            });
            cells.push(Value::text(words.unwrap_or_default()));
            cells
        };
        self.case.years.iter().enumerate().map(row).collect()
    }
}

/// What an input is in.
fn unit(input: Input) -> &'static str {
    match input {
        Input::Ratio(_) => "ratio",
        Input::UnitCost(_) => "pounds",
        Input::Rate(_) => "a person and year",
        Input::Cost(_) => "times the plan",
        Input::Engagement | Input::Retention | Input::Deadweight(_) | Input::Lag(_) | Input::DropOff(_) => {
            "share of one"
        }
    }
}

/// A value of an input as people say it.
fn said(input: Input, value: f64) -> String {
    match input {
        Input::Ratio(_) => fall(value),
        Input::UnitCost(_) => money(value),
        Input::Rate(_) => format!("{} for 100 people", about(100.0 * value)),
        Input::Cost(_) => format!("{} times the plan", number(value)),
        Input::Engagement | Input::Retention | Input::Deadweight(_) | Input::Lag(_) | Input::DropOff(_) => {
            format!("{} in 100", number(100.0 * value))
        }
    }
}
