//! One pathway beside one comparator: who is matched with whom, once, and every outcome by every design.

use rayon::prelude::*;

use super::designs::{Asked, Estimated};
use super::expected::Expected;
use super::likeness::Likeness;
use super::panel::Panel;
use super::variants::Main;
use super::{Behind, Compared, Exact, Given, MonthRow, Row, Said, Study, asked, rate};
use crate::error::Error;
use crate::evaluation::event_study::{Person, study};
use crate::evaluation::{Matches, Rules, balance, matching, propensity};
use crate::metrics::before_after::Design;
use crate::pathways::months::{MONTHS, PersonMonths};
use crate::settings::{AnalysisPlan, Comparison, DesignKind};

/// Designs that are made whether or not the plan has them.
const DESIGNS: [DesignKind; 3] = [DesignKind::BeforeAfter, DesignKind::Matched, DesignKind::Did];

/// Compares them.
pub(super) fn of(
    given: Given<'_>,
    plan: &AnalysisPlan,
    ([pathway, comparator], expected): ([usize; 2], &Expected),
) -> Result<Compared, Error> {
    let configs = [pathway, comparator].map(|at| &given.pathways.configs[at]);
    let (asked, rates) = asked(plan, configs);
    let panel = Panel::new(given, [pathway, comparator], (&asked, &rates));
    let likeness = Likeness::new(given, &panel, &asked)?;
    let rules = Rules { caliper: asked.caliper, controls: usize::from(asked.k) };
    let logits = propensity::logits(&likeness.people);
    let matches = logits.as_ref().map_err(|reason| *reason);
    let matches = matches.and_then(|logits| matching::nearest(&likeness.people, logits, rules));
    let balance = matches.as_ref().map(|matches| balance::balance(&likeness.people, matches)).unwrap_or_default();
    let unlike: Vec<String> = balance.iter().filter(|one| one.is_off()).map(|one| likeness.name(one.column)).collect();
    let main = Main {
        given,
        pair: [pathway, comparator],
        asked: &asked,
        panel: &panel,
        likeness: &likeness,
        logits: &logits,
        matches: &matches,
    };
    let mut found = Compared {
        pathway,
        comparator,
        rows: Vec::new(),
        balance: Vec::new(),
        studies: Vec::new(),
        variants: main.variants(),
    };
    if let Ok(matches) = &matches {
        found.balance = balance.iter().map(|one| likeness.row(one, matches)).collect();
    }
    let outcome = |at: usize| main.outcome(at, &unlike, expected.get(&(pathway, at)));
    for (rows, study) in rates.into_par_iter().map(outcome).collect::<Vec<_>>() {
        found.rows.extend(rows);
        found.studies.extend(study);
    }
    Ok(found)
}

impl Main<'_> {
    /// One outcome by every design, and month by month where that can be told.
    fn outcome(&self, at: usize, unlike: &[String], expected: Option<&f64>) -> (Vec<Row>, Option<Study>) {
        let designs = self.designs(at);
        let months = self.panel.of(rate(at).service);
        let is_told = !designs.contains(&Design::Mechanical);
        let study = months.zip(self.matches.as_ref().ok()).filter(|_| is_told).and_then(|(months, matches)| {
            by_month((at, self.asked.plans(rate(at).id, DesignKind::Did)), months, matches)
        });
        let outcomes = months.map(|months| self.panel.outcomes(months)).unwrap_or_default();
        let question = Asked {
            people: &self.likeness.people,
            outcomes: &outcomes,
            months: months.unwrap_or_default(),
            windows: self.panel.windows,
            matches: self.matches,
            unlike,
            designs,
            months_before: study.as_ref().and_then(|study| study.before).map(|chance| chance.0),
        };
        let is_made = |own: &DesignKind| DESIGNS.contains(own) || self.asked.designs.contains(own);
        let rows = DesignKind::ALL.into_iter().filter(is_made).map(|design| {
            let estimated = months.map(|_| question.by(design));
            row((at, design), estimated, self.asked, expected)
        });
        (rows.collect(), study)
    }
}

fn row(
    (at, design): (usize, DesignKind),
    estimated: Option<Estimated>,
    asked: &Comparison,
    expected: Option<&f64>,
) -> Row {
    let is_sent = estimated.is_some();
    let estimated = estimated.unwrap_or_else(|| Estimated {
        found: Err("the data were not sent".to_owned()),
        is_of_few: false,
        arms: [None, None],
        behind: Vec::new(),
        grade: if design == DesignKind::BeforeAfter { 1 } else { 2 },
        cautions: Vec::new(),
    });
    let said = match (asked.plans(rate(at).id, design), asked.primary == rate(at).id) {
        (false, _) => Said::Nothing,
        (true, false) => Said::Planned,
        (true, true) => Said::Primary,
    };
    Row {
        rate: at,
        design,
        grade: estimated.grade,
        said,
        is_sent,
        found: estimated.found,
        is_of_few: estimated.is_of_few,
        arms: estimated.arms,
        behind: estimated.behind,
        expected: expected.filter(|_| design == DesignKind::BeforeAfter && is_sent).map(|ratio| Exact(*ratio)),
        cautions: estimated.cautions,
    }
}

/// How the matched moved month by month; none where an arm has no events in the month before the index date.
fn by_month((rate, is_planned): (usize, bool), months: &[PersonMonths], matches: &Matches) -> Option<Study> {
    let mut people = Vec::new();
    let mut behind = vec![[Behind::default(); 2]; 2 * MONTHS];
    let mut add = |row: u32, is_case: bool, weight: f64| {
        let own = &months[row as usize];
        for (cell, [events, _]) in behind.iter_mut().zip(own).filter(|(_, [_, days])| *days > 0) {
            cell[usize::from(!is_case)].add(u64::from(*events));
        }
        people.push(Person { is_case, weight, months: own.map(|one| (f64::from(one[0]), f64::from(one[1]))) });
    };
    for set in &matches.sets {
        add(set.case, true, 1.0);
        let weight = 1.0 / set.controls.len() as f64;
        set.controls.iter().for_each(|row| add(*row, false, weight));
    }
    let found = study(&people)?;
    let months = found.months.into_iter().zip(behind).map(|(ratio, behind)| {
        let exact =
            |ratio: crate::stats::model::Ratio| [ratio.ratio, ratio.interval.lower, ratio.interval.upper].map(Exact);
        MonthRow { ratio: ratio.map(exact), behind }
    });
    Some(Study { rate, is_planned, before: found.before.map(Exact), months: months.collect() })
}
