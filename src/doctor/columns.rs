//! Columns: what their values look like, what proves their dates, and what would be rejected.

use std::collections::BTreeMap;

use super::findings::{Column, Counted};
use crate::error;
use crate::ingest::checks;
use crate::ingest::trial::{Seen, Trial};
use crate::schema::Kind;
use crate::sources::{ColumnPlan, TablePlan};

/// Lines with faults that are named.
const LINES: usize = 10;
/// Shapes that are shown for a column.
const SHAPES: usize = 3;

pub(super) fn columns(plan: &TablePlan, trial: &Trial, is_sure: bool) -> Vec<Column> {
    let one = |(at, (name, seen)): (usize, (&String, &Seen))| {
        let all = plan.columns.iter().chain(&plan.details);
        let own: Vec<&ColumnPlan> =
            all.filter(|column| column.headings().iter().any(|known| known.eq_ignore_ascii_case(name))).collect();
        let filled = seen.cells - seen.empty;
        let shapes = seen.top(SHAPES).into_iter();
        Column {
            heading: if is_sure { name.clone() } else { format!("column {}", at + 1) },
            becomes: own.iter().map(|column| column.column.name).collect(),
            kind: kind(seen),
            empty_percent: percent(seen.empty, seen.cells),
            shapes: shapes.map(|(shape, count)| (shape.to_owned(), percent(count, filled))).collect(),
            date_proof: proof(seen, &own),
        }
    };
    trial.headings.iter().zip(&trial.columns).enumerate().map(one).collect()
}

fn percent(part: u64, of: u64) -> String {
    if of == 0 { "none".to_owned() } else { format!("{:.1} %", 100.0 * part as f64 / of as f64) }
}

fn kind(seen: &Seen) -> &'static str {
    let filled = seen.cells - seen.empty;
    let most = |count: u64| filled > 0 && count * 10 >= filled * 9;
    if filled == 0 {
        "empty"
    } else if most(seen.dates) {
        "date"
    } else if most(seen.whole) {
        "whole number"
    } else if most(seen.decimal + seen.whole) {
        "decimal"
    } else {
        "text"
    }
}

/// What the numbers of dates prove about the order of day and month.
fn proof(seen: &Seen, own: &[&ColumnPlan]) -> Option<String> {
    let format = own.iter().find(|column| matches!(column.column.kind, Kind::Date | Kind::BirthDate));
    let format = format.map(|column| column.format.as_str());
    if seen.numbered == 0 {
        return None;
    }
    let of = error::grouped(seen.numbered);
    let text = match (seen.first_above_12, seen.second_above_12) {
        (0, 0) => format!("no value of {of} has a number above 12, so nothing shows which is the day"),
        (first, 0) => format!("{} of {of} values have a day above 12: the day comes first", error::grouped(first)),
        (0, second) => format!("{} of {of} values have a day above 12: the month comes first", error::grouped(second)),
        (first, second) => format!(
            "{} values have a day above 12 in the first place and {} in the second: two orders are mixed",
            error::grouped(first),
            error::grouped(second)
        ),
    };
    Some(format.map_or(text.clone(), |format| format!("{text}; declared is {format}")))
}

/// Date formats that the values prove and that are not declared.
pub(super) fn formats(plan: &TablePlan, trial: &Trial) -> Vec<String> {
    let mut lines = Vec::new();
    for (name, seen) in trial.headings.iter().zip(&trial.columns) {
        let is_it = |column: &&ColumnPlan| {
            matches!(column.column.kind, Kind::Date | Kind::BirthDate)
                && column.headings().iter().any(|known| known.eq_ignore_ascii_case(name))
        };
        let all = plan.columns.iter().chain(&plan.details);
        let Some(column) = all.into_iter().find(is_it) else { continue };
        let Some(sign) = ['/', '-', '.'].into_iter().find(|sign| {
            seen.top(1).first().is_some_and(|(shape, _)| *shape == format!("D{{2}}{sign}D{{2}}{sign}D{{4}}"))
        }) else {
            continue;
        };
        let found = match (seen.first_above_12, seen.second_above_12) {
            (1.., 0) => format!("%d{sign}%m{sign}%Y"),
            (0, 1..) => format!("%m{sign}%d{sign}%Y"),
            _ => continue,
        };
        if found != column.format && !column.more_formats.contains(&found) {
            lines.push(format!("# {}.toml, [[table]] {}", plan.source.id(), plan.name));
            lines.push(format!("{{ heading = \"{}\", format = \"{found}\", ... }}", column.heading));
        }
    }
    lines
}

fn sentence(id: &str) -> &'static str {
    checks::ALL.iter().find(|check| check.id == id).map_or("", |check| check.sentence)
}

pub(super) fn rejected(trial: &Trial) -> Vec<Counted> {
    let mut counts: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for reject in &trial.rejects {
        *counts.entry((&reject.check, &reject.column)).or_default() += 1;
    }
    let one = |((check, column), count): ((&str, &str), u64)| Counted {
        check: check.to_owned(),
        column: column.to_owned(),
        count,
        sentence: sentence(check),
    };
    let mut counts: Vec<Counted> = counts.into_iter().map(one).collect();
    counts.sort_by_key(|one| std::cmp::Reverse(one.count));
    counts
}

pub(super) fn warned(trial: &Trial) -> Vec<Counted> {
    let one = |(key, count): (&String, &u64)| {
        let (column, check) = key.rsplit_once(' ').unwrap_or((key, ""));
        Counted { check: check.to_owned(), column: column.to_owned(), count: *count, sentence: sentence(check) }
    };
    let mut counts: Vec<Counted> = trial.tally.warnings.iter().map(one).collect();
    counts.sort_by_key(|one| std::cmp::Reverse(one.count));
    counts
}

pub(super) fn first_lines(trial: &Trial) -> Vec<(u64, String)> {
    let mut lines: Vec<(u64, String)> =
        trial.rejects.iter().map(|reject| (reject.line, reject.check.clone())).collect();
    lines.sort();
    lines.truncate(LINES);
    lines
}
