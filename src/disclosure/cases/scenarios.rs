//! `cba_scenarios.csv`: every scenario of a case in a row, side by side.

use super::words::number;
use super::worked::Worked;
use crate::disclosure::policy::Marker;
use crate::disclosure::sheets::Value;
use crate::economics::case::{Case, Inputs, Refused, Scenario};

/// How many numbers a row has.
const NUMBERS: usize = 13;

/// The row of a scenario that cannot be worked out.
pub(super) fn refusal(case: &Case, scenario: Scenario, refused: &Refused) -> Vec<Value> {
    let marker = if refused.is_hidden { Marker::Hidden } else { Marker::NotAvailable };
    let mut cells = [&case.config.id, case.name(scenario), ""].map(Value::text).to_vec();
    cells.extend(vec![Value::Empty; NUMBERS]);
    cells.extend([marker.sign().to_owned(), format!("{}; {}", refused.why, refused.fix)].map(Value::text));
    cells
}

impl Worked<'_> {
    /// `base` is what the base case is worked out from.
    pub(super) fn side_by_side(&self, base: Option<&Inputs>) -> Vec<Value> {
        let (own, draws) = (&self.appraisal, &self.draws);
        let people: f64 = self.inputs.people.iter().sum::<f64>() * self.world.engagement * self.world.retention;
        let mut cells = Vec::from(self.start());
        cells.push(Value::text(self.differs(base)));
        cells.push(Value::decimal(Some(people), 1));
        let pounds = |value: Option<f64>| Value::decimal(value, 2);
        cells.extend([Some(own.cost), Some(own.benefit), Some(own.net()), draws.net(5.0), draws.net(95.0)].map(pounds));
        cells.push(Value::decimal(own.ratio(), 4));
        cells.push(Value::decimal(own.payback(), 4));
        cells.push(Value::decimal(draws.above_nothing(), 4));
        cells.extend([Some(own.paid), Some(own.fiscal), Some(own.fiscal_net()), Some(own.cashable)].map(pounds));
        let note = if own.payback().is_none() {
            format!("It does not pay for itself within {} years.", self.inputs.years())
        } else {
            String::new()
        };
        cells.extend([Marker::None.sign().to_owned(), note].map(Value::text));
        cells
    }

    /// What the scenario sets, and what it is in the base case.
    fn differs(&self, base: Option<&Inputs>) -> String {
        let Some(base) = base else { return String::new() };
        let pairs = self.given(base).into_iter().zip(self.given(&self.inputs));
        let words = |(base, own): (super::inputs::Given<'_>, super::inputs::Given<'_>)| {
            (own.is_set_from(&base)).then(|| {
                let (what, _) = own.what.split_once(':').unwrap_or((own.what, ""));
                let whose = [own.line, own.year].into_iter().filter(|of| !of.is_empty()).map(|of| format!("{of}: "));
                format!(
                    "{}{what} {} rather than {}",
                    whose.collect::<String>(),
                    number(own.value.central),
                    number(base.value.central)
                )
            })
        };
        let all: Vec<String> = pairs.filter_map(words).collect();
        if all.is_empty() { "the best estimates".to_owned() } else { all.join("; ") }
    }
}
