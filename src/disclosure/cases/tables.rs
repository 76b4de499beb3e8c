//! The tables of all cases, put together scenario by scenario.

use super::answers::answers;
use super::columns::{GRID, INPUTS, LINES, PSA, SCENARIOS, SUMMARY, TORNADO};
use super::scenarios;
use super::summary::refusal;
use super::worked::Worked;
use crate::disclosure::sheets::{Column, Sheet, Value};
use crate::economics::case::{Asked, Case, Scenario};

/// The tables of all cases; `sheets` are those of the same tier.
pub(in crate::disclosure) fn sheets(cases: &[Case], sheets: &[Sheet]) -> Vec<Sheet> {
    let answers = answers(sheets);
    let mut tables: [Vec<Vec<Value>>; 7] = Default::default();
    for case in cases {
        let found = |asked: Asked<'_>| answers.find(&case.config.pathway, asked);
        let base = case.inputs(Scenario::Base, &found).ok();
        for scenario in case.scenarios() {
            match case.inputs(scenario, &found) {
                Ok(inputs) => {
                    let worked = Worked::of(case, scenario, inputs);
                    tables[0].extend(worked.inputs(base.as_ref()));
                    tables[1].extend(worked.lines());
                    tables[2].extend(worked.summary());
                    tables[3].push(worked.side_by_side(base.as_ref()));
                    if scenario == Scenario::Base {
                        tables[4].extend(worked.tornado());
                        tables[5].extend(worked.grid());
                    }
                    tables[6].extend(worked.fan());
                }
                Err(refused) => {
                    tables[2].push(refusal(case, scenario, &refused));
                    tables[3].push(scenarios::refusal(case, scenario, &refused));
                }
            }
        }
    }
    let declared: [(&str, &str, &[Column]); 7] = [
        ("cba_inputs", "Business case: every number that it is worked out from", INPUTS),
        ("cba_lines", "Business case: costs and benefits by line and year", LINES),
        ("cba_summary", "Business case: what it comes to, for whom, and how sure that is", SUMMARY),
        ("cba_scenarios", "Business case: its scenarios side by side", SCENARIOS),
        ("tornado", "Business case: which input matters most", TORNADO),
        ("cba_grid", "Business case: effect and unit cost together", GRID),
        ("psa", "Business case: all inputs drawn together", PSA),
    ];
    let sheet = |((name, title, columns), rows)| Sheet { name, title, columns, rows };
    declared.into_iter().zip(tables).map(sheet).collect()
}
