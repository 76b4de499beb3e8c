//! The record of disclosure control: every row or percentage that was taken away so that another could not be worked
//! out. For the trust's analysts: it names rows that rest on enough people, which a release does not.

use serde_json::{Value as Json, json};

use super::control::LeftOut;
use super::secondary::figures::Shown;
use super::secondary::puzzle::State;
use crate::metrics::{ALL, Estimates};
use crate::pathways::Pathways;

/// The record.
pub(super) fn of(
    shown: &Shown,
    left_out: &LeftOut,
    (estimates, pathways): (&Estimates, &Pathways),
    policy: String,
) -> Json {
    let pathway = |at: Option<usize>| at.map_or("everyone", |at| pathways.configs[at].id.as_str());
    let place = |at: usize| {
        let row = &estimates.rows[at];
        json!({
            "metric_id": ALL[row.metric].id,
            "pathway": pathway(row.pathway),
            "period": estimates.periods[row.period].name,
            "breakdown": row.breakdown.id(),
            "level": row.level,
        })
    };
    let steps = shown.steps.iter().map(|(row, step)| {
        json!({
            "taken_away": taken_away(step.state),
            "of": place(*row),
            "protects": place(step.protects),
            "because": step.because,
        })
    });
    let left_out = left_out.iter().map(|(metric, of, breakdown)| {
        json!({ "metric_id": ALL[*metric].id, "pathway": pathway(*of), "breakdown": breakdown.id() })
    });
    json!({
        "policy": policy,
        "left_out": left_out.collect::<Vec<_>>(),
        "rows_taken_away": shown.steps.iter().filter(|(_, step)| step.state.is_hidden()).count(),
        "percentages_taken_away": shown.steps.iter().filter(|(_, step)| !step.state.is_hidden()).count(),
        "steps": steps.collect::<Vec<_>>(),
    })
}

fn taken_away(state: State) -> &'static str {
    match state {
        State::Exact | State::Rounded => "percentage of exact counts",
        State::Hidden => "row",
        State::Dropped => "row, with all that it adds up with",
    }
}
