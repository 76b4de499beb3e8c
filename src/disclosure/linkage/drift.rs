//! Q10: each rate's change against the last good run whose rates were not the same.
//!
//! A night without news carries the changes of the last one on, so that the same inputs give the same bytes. Both rates
//! are the same tier's, so a released change tells nothing that two releases do not.

use super::lines::{COLUMNS, Line, Subject};
use crate::disclosure::policy::Marker;
use crate::disclosure::sheets::Value;
use crate::link::quality::{Division, Section};

/// What a change is called.
const MEASURE: &str = "change_of_";
const VALUE: usize = 9;

/// Adds the changes since `before`, the rows of an earlier sheet.
pub(super) fn add(lines: &mut Vec<Line>, before: &[Vec<String>], alert_points: f64) {
    let is_drift = |row: &[String]| row.first().is_some_and(|table| table == Section::Drift.id());
    let old: Vec<&Vec<String>> = before.iter().filter(|row| row.len() == COLUMNS.len() && !is_drift(row)).collect();
    if old.is_empty() {
        return;
    }
    let now = super::lines::sheet(lines.clone()).rows;
    let is_same = now.len() == old.len()
        && now.iter().zip(&old).all(|(now, old)| now.iter().map(Value::print).eq(old.iter().cloned()));
    if is_same {
        lines.extend(before.iter().filter(|row| is_drift(row)).filter_map(|row| carried(row)));
        return;
    }
    let rates = lines.iter().filter(|line| line.subject.division == Division::All && line.limits[0].is_some());
    let mut found = Vec::new();
    for line in rates {
        let own = key(line);
        let Some(was) = old.iter().find(|row| row[..own.len()] == own).and_then(|row| row[VALUE].parse::<f64>().ok())
        else {
            continue;
        };
        let shown = Value::decimal(line.value, line.places).print().parse::<f64>().unwrap_or(was);
        let change = shown - was;
        let subject = Subject {
            section: Section::Drift,
            measure: format!("{MEASURE}{}", line.subject.measure),
            ..line.subject.clone()
        };
        let is_alert = change.abs() >= alert_points;
        let marker = if is_alert { Marker::Alert } else { Marker::None };
        found.push(Line { marker, ..Line::figure(subject, change, line.places) });
    }
    lines.extend(found);
}

/// The cells that say what a row is about.
fn key(line: &Line) -> Vec<String> {
    let subject = &line.subject;
    let mut key = vec![subject.section.id().to_owned()];
    key.extend(subject.who.iter().cloned());
    key.extend([subject.division.id().to_owned(), subject.level.clone(), subject.measure.clone()]);
    key
}

/// A change as an earlier run wrote it.
fn carried(row: &[String]) -> Option<Line> {
    let subject = Subject {
        section: Section::Drift,
        who: [row[1].clone(), row[2].clone(), row[3].clone()],
        division: Division::All,
        level: row[5].clone(),
        measure: row[6].clone(),
    };
    let places = row[VALUE].split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let marker = if row[12] == Marker::Alert.sign() { Marker::Alert } else { Marker::None };
    Some(Line { marker, ..Line::figure(subject, row[VALUE].parse().ok()?, places) })
}

#[cfg(test)]
mod tests {
    use super::super::lines::sheet;
    use super::*;

    fn rate(within: u64) -> Vec<Line> {
        let subject = Subject {
            section: Section::MatchRate,
            who: ["gp".to_owned(), "community".to_owned(), String::new()],
            division: Division::All,
            level: "all".to_owned(),
            measure: "records_linked".to_owned(),
        };
        vec![Line::counts(subject, within, Some(1000), 1)]
    }

    fn text(lines: &[Line]) -> Vec<Vec<String>> {
        sheet(lines.to_vec()).rows.iter().map(|row| row.iter().map(Value::print).collect()).collect()
    }

    fn run(within: u64, before: &[Vec<String>]) -> Vec<Line> {
        let mut lines = rate(within);
        add(&mut lines, before, 2.0);
        lines
    }

    #[test]
    fn a_rate_that_fell_is_pointed_out_until_the_next_change() {
        let first = run(960, &[]);
        assert_eq!(first.len(), 1);
        let fallen = run(935, &text(&first));
        assert_eq!((fallen[1].value, fallen[1].marker), (Some(93.5 - 96.0), Marker::Alert));
        // The same night again, and once more.
        let again = run(935, &text(&fallen));
        assert_eq!(text(&again), text(&fallen));
        let risen = run(940, &text(&again));
        assert_eq!((risen[1].value, risen[1].marker), (Some(0.5), Marker::None));
    }

    #[test]
    fn nothing_is_compared_with_another_form_of_the_table() {
        assert_eq!(run(960, &[vec!["match_rate".to_owned()]]).len(), 1);
    }
}
