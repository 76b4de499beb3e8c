//! One pathway beside one comparator: who is matched with whom, once, and every outcome by every design.

use super::designs::{Asked, Estimated};
use super::expected::Expected;
use super::likeness::Likeness;
use super::panel::Panel;
use super::variants::Main;
use super::{Behind, Compared, Exact, Given, MonthRow, Row, Study, asked, rate};
use crate::error::Error;
use crate::evaluation::event_study::{Person, study};
use crate::evaluation::{Matches, Rules, balance, matching, propensity};
use crate::metrics::before_after::{Design, design};
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
    let panel = Panel::new(given, [pathway, comparator], (&asked, &rates))?;
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
    let variants = main.variants();
    let (rows, balance_rows, studies) = (Vec::new(), Vec::new(), Vec::new());
    let mut found = Compared { pathway, comparator, rows, balance: balance_rows, studies, variants };
    if let Ok(matches) = &matches {
        found.balance = balance.iter().map(|one| likeness.row(one, matches)).collect();
    }
    for at in rates {
        let service = rate(at).service;
        let designs = configs.map(|config| design(config, service, given.pathways.is_ascertained));
        let months = panel.of(service);
        let study = months.zip(matches.as_ref().ok()).filter(|_| !designs.contains(&Design::Mechanical)).and_then(
            |(months, matches)| {
                let is_planned = asked.plans(rate(at).id, DesignKind::Did);
                by_month((at, is_planned), months, matches)
            },
        );
        let outcomes = months.map(|months| panel.outcomes(months)).unwrap_or_default();
        let question = Asked {
            people: &likeness.people,
            outcomes: &outcomes,
            months: months.unwrap_or_default(),
            windows: panel.windows,
            matches: &matches,
            unlike: &unlike,
            designs,
            months_before: study.as_ref().and_then(|study| study.before).map(|chance| chance.0),
        };
        for design in DesignKind::ALL.into_iter().filter(|own| DESIGNS.contains(own) || asked.designs.contains(own)) {
            let estimated = months.map(|_| question.by(design));
            found.rows.push(row((at, design), estimated, &asked, expected.get(&(pathway, at))));
        }
        found.studies.extend(study);
    }
    Ok(found)
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
    let is_planned = asked.plans(rate(at).id, design);
    Row {
        rate: at,
        design,
        grade: estimated.grade,
        is_planned,
        is_primary: is_planned && asked.primary == rate(at).id,
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
