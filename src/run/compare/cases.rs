//! Business cases between runs: what a case comes to moved by how much, and because of what.
//!
//! In: what each run released of its cases, and what it says they were worked out from. Out: movements in whole pence, or why there
//! is none: a figure that one of the two runs does not show is not shown here either. From each run that shows a case to the next one
//! that does, groups of inputs are taken over one after another; a run that does not say what its cases were worked out from has
//! the causes of its manifest, as every other figure has.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Serialize;

use super::{Step, together};
use crate::economics::case::grounds::{self, Figures, Grounds};
use crate::economics::case::restated::{Group, Stage, stages};
use crate::output::Tier;

/// A figure of a case that is followed.
struct Followed {
    /// What `cba_summary.csv` calls it.
    measure: &'static str,
    /// What it is in.
    unit: &'static str,
    /// The places that it is printed with.
    places: u32,
    /// The same as the program works it out.
    of: fn(&Figures) -> Option<f64>,
}

const FOLLOWED: [Followed; 3] = [
    Followed { measure: "net present value", unit: "pounds", places: 2, of: |own| Some(own.net) },
    Followed { measure: "benefits for each pound of cost", unit: "pounds for a pound", places: 4, of: |own| own.ratio },
    Followed { measure: "present value of benefits", unit: "pounds", places: 2, of: |own| Some(own.benefit) },
];

impl Followed {
    /// As it is printed, in whole units of its last place.
    fn whole(&self, value: f64) -> i64 {
        let places = self.places as usize;
        let printed = format!("{value:.places$}").parse().unwrap_or(value);
        (printed * self.scale()).round() as i64
    }

    fn scale(&self) -> f64 {
        10f64.powi(self.places as i32)
    }
}

/// What became of a case in one of its scenarios.
#[derive(Debug, Serialize)]
pub struct CaseMovement {
    /// The case's id.
    pub case: String,
    /// The scenario.
    pub scenario: String,
    /// By run: why it shows no figure of it. Then there are no figures here.
    pub not_shown: BTreeMap<String, String>,
    /// Its figures.
    pub figures: Vec<FigureMovement>,
}

/// What a figure moved by.
#[derive(Debug, Serialize)]
pub struct FigureMovement {
    /// What it is.
    pub measure: &'static str,
    /// What it is in.
    pub unit: &'static str,
    /// As it was.
    pub from: f64,
    /// As it is.
    pub to: f64,
    /// What it moved by because of what; adds up to the whole.
    pub parts: BTreeMap<String, f64>,
}

/// What a run released of its cases, and from what it worked them out.
pub(super) struct Released {
    /// By case and scenario.
    cases: BTreeMap<(String, String), Shown>,
    grounds: Option<Grounds>,
}

/// A scenario of a case in a release.
#[derive(Default)]
struct Shown {
    /// The figures that are followed, in whole units of their last place.
    figures: [Option<i64>; FOLLOWED.len()],
    /// Why there are none.
    why_not: Option<String>,
}

impl Released {
    /// Of a run's folder.
    pub(super) fn of(run: &Path) -> Self {
        let text = std::fs::read_to_string(run.join(Tier::Internal.folder()).join(grounds::FILE));
        Self { cases: shown(run).unwrap_or_default(), grounds: text.ok().and_then(|text| Grounds::read(&text)) }
    }

    fn why_not(&self, place: &(String, String)) -> Option<String> {
        match self.cases.get(place) {
            None => Some("the run has no such case or scenario".to_owned()),
            Some(shown) => shown.why_not.clone(),
        }
    }
}

/// What `cba_summary.csv` shows; none where there is no such table.
fn shown(run: &Path) -> Option<BTreeMap<(String, String), Shown>> {
    let file = run.join(Tier::Release.folder()).join("cba_summary.csv");
    let mut reader = csv::Reader::from_path(file).ok()?;
    let headings = reader.headers().ok()?.clone();
    let place = |name: &str| headings.iter().position(|heading| heading == name);
    let names = ["case", "scenario", "part", "measure", "value", "marker", "note"];
    let places = names.iter().map(|name| place(name)).collect::<Option<Vec<usize>>>()?;
    let mut all: BTreeMap<(String, String), Shown> = BTreeMap::new();
    for row in reader.records().flatten() {
        let cell = |at: usize| row.get(places[at]).unwrap_or_default();
        let Some(at) = FOLLOWED.iter().position(|own| cell(2) == "economic" && own.measure == cell(3)) else {
            continue;
        };
        let own = all.entry((cell(0).to_owned(), cell(1).to_owned())).or_default();
        own.figures[at] = cell(4).parse().ok().map(|value| FOLLOWED[at].whole(value));
        match cell(5) {
            "c" => own.why_not = Some(format!("hidden: {}", cell(6))),
            "x" => own.why_not = Some(format!("not available: {}", cell(6))),
            _ => {}
        }
    }
    Some(all)
}

/// Every case and scenario of the first and the last of some runs, with what moved it from run to run.
pub(super) fn moved(all: &[Released], steps: &[Step]) -> Vec<CaseMovement> {
    let (Some(first), Some(last)) = (all.first(), all.last()) else { return Vec::new() };
    let places: BTreeSet<&(String, String)> = first.cases.keys().chain(last.cases.keys()).collect();
    let ends = || [(first, steps.first()), (last, steps.last())];
    let movement = |place: &(String, String)| {
        let why = ends().into_iter().filter_map(|(own, step)| Some((step?.run.clone(), own.why_not(place)?)));
        let not_shown: BTreeMap<String, String> = why.collect();
        let figures = if not_shown.is_empty() { figures(place, all, steps) } else { Vec::new() };
        CaseMovement { case: place.0.clone(), scenario: place.1.clone(), not_shown, figures }
    };
    places.into_iter().map(movement).collect()
}

/// A run that shows a case.
struct Showing<'a> {
    run: &'a Released,
    figures: [Option<i64>; FOLLOWED.len()],
    /// What changed since the run before that shows it.
    changed: BTreeSet<&'static str>,
}

fn figures(place: &(String, String), all: &[Released], steps: &[Step]) -> Vec<FigureMovement> {
    let mut showing: Vec<Showing<'_>> = Vec::new();
    let mut changed = BTreeSet::new();
    for (run, step) in all.iter().zip(steps) {
        changed.extend(step.changed.iter().copied());
        if let Some(own) = run.cases.get(place).filter(|own| own.why_not.is_none()) {
            showing.push(Showing { run, figures: own.figures, changed: std::mem::take(&mut changed) });
        }
    }
    let between: Vec<Vec<Stage>> = showing.windows(2).map(|pair| between(place, [pair[0].run, pair[1].run])).collect();
    FOLLOWED.iter().enumerate().filter_map(|(at, own)| figure((at, own), &showing, &between)).collect()
}

/// The stages from one run to another; none where one of them does not say what the case was worked out from.
fn between((case, scenario): &(String, String), runs: [&Released; 2]) -> Vec<Stage> {
    let [from, to] = runs.map(|run| run.grounds.as_ref().and_then(|grounds| grounds.one(case)));
    from.zip(to).map_or_else(Vec::new, |(from, to)| stages(&from, &to, scenario))
}

/// A figure's movement over all runs that show it; none where the first or the last has none.
fn figure((at, own): (usize, &Followed), showing: &[Showing<'_>], between: &[Vec<Stage>]) -> Option<FigureMovement> {
    let (first, last) = (showing.first()?.figures[at]?, showing.last()?.figures[at]?);
    let mut parts: BTreeMap<String, i64> = BTreeMap::new();
    let (mut before, mut causes) = (first, BTreeSet::new());
    for (showing, stages) in showing.iter().skip(1).zip(between) {
        causes.extend(showing.changed.iter().copied());
        let Some(now) = showing.figures[at] else { continue };
        let apart = apart(own, stages, [before, now]).unwrap_or_else(|| vec![(together(&causes), now - before)]);
        for (cause, part) in apart {
            *parts.entry(cause).or_default() += part;
        }
        causes.clear();
        before = now;
    }
    let shown = |whole: i64| whole as f64 / own.scale();
    let parts = parts.into_iter().filter(|(_, part)| *part != 0).map(|(cause, part)| (cause, shown(part))).collect();
    Some(FigureMovement { measure: own.measure, unit: own.unit, from: shown(first), to: shown(last), parts })
}

/// What each group of inputs moved a figure by. Groups between which the case cannot be worked out are named together. What the
/// program itself works out otherwise than the run that printed a figure is the part of its version.
fn apart(own: &Followed, stages: &[Stage], [printed, later]: [i64; 2]) -> Option<Vec<(String, i64)>> {
    let value = |stage: &Stage| stage.figures.as_ref().and_then(own.of).map(|value| own.whole(value));
    let first = value(stages.first()?)?;
    let last = value(stages.last()?)?;
    let mut parts = vec![("new version".to_owned(), (first - printed) + (later - last))];
    let (mut before, mut groups) = (first, Vec::new());
    for stage in &stages[1..] {
        groups.extend(stage.group.map(Group::words));
        if let Some(now) = value(stage) {
            parts.push((groups.join(" + "), now - before));
            groups.clear();
            before = now;
        }
    }
    Some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stage(group: Option<Group>, net: Option<f64>) -> Stage {
        Stage { group, figures: net.map(|net| Figures { net, ratio: None, benefit: 2.0 * net }) }
    }

    /// 100 printed, 100.01 by this program; +10 by the effect; a list of unit costs without the item that the old file names, which
    /// the new file no longer does: -40 by both; 70.02 printed by another version than this one.
    #[test]
    fn what_cannot_be_worked_out_in_between_is_named_together_and_parts_add_up() {
        let stages = [
            stage(None, Some(100.01)),
            stage(Some(Group::Effect), Some(110.01)),
            stage(Some(Group::UnitCosts), None),
            stage(Some(Group::Assumption), Some(70.01)),
        ];
        let own = &FOLLOWED[0];
        let parts = apart(own, &stages, [own.whole(100.0), own.whole(70.02)]).unwrap();
        let wanted = [("new version", 2), ("new effect", 1000), ("new unit-cost edition + new assumption", -4000)];
        assert_eq!(parts, wanted.map(|(cause, part)| (cause.to_owned(), part)));
        assert_eq!(parts.iter().map(|(_, part)| part).sum::<i64>(), 7002 - 10_000);
        // Without costs there is no ratio to take apart, and without stages nothing.
        assert_eq!(apart(&FOLLOWED[1], &stages, [0, 1]), None);
        assert_eq!(apart(own, &[], [0, 1]), None);
    }

    #[test]
    fn figures_are_whole_as_they_are_printed() {
        assert_eq!([0.126, -12.345_001, 99.995_1].map(|value| FOLLOWED[0].whole(value)), [13, -1235, 10_000]);
        assert_eq!(FOLLOWED[1].whole(1.430_676), 14_307);
    }
}
