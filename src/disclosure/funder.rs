//! The funder's summary: at most 40 rows in plain English, made from released tables and nothing else.

use super::control::Figures;
use super::figures;
use super::findings;
use super::linkage::headline;
use super::policy::Marker;
use super::sheets::{Column, Kind, Sheet, Value, cell, column};
use crate::domain::day;
use crate::domain::period::{Period, Span};
use crate::error::grouped;
use crate::metrics::{ALL, Form, Metric, before_after};
use crate::pathways::Window;
use crate::settings::Role;

/// No funder reads more.
const MOST_ROWS: usize = 40;
/// An older figure than this many quarters is no news.
const QUARTERS_BACK: usize = 4;

const COLUMNS: &[Column] = &[
    column("measure", Kind::Text, "what was measured"),
    column("plain_english", Kind::Text, "the finding in a sentence"),
    column("period", Kind::Text, "when"),
    column("group", Kind::Text, "who"),
    column("people", Kind::Whole, "people counted, rounded to the nearest 5"),
    column("of_people", Kind::Whole, "out of how many people, rounded to the nearest 5; empty where it is not a share"),
    column("percent", Kind::Whole, "the share, a whole percentage; empty where it is not a share"),
    column("compared_with_last_period", Kind::Text, "the change since the quarter before, in words"),
    column(
        "marker",
        Kind::Text,
        "c hidden, because it rests on too few people; x not available; r revised since an earlier release; empty for a plain value",
    ),
    column("note", Kind::Text, "how to read the row"),
];

/// Figures of the latest quarter that can be shown, for everyone and for each redesigned pathway, then use before and after.
pub fn summary(sheets: &[Sheet], figures: &Figures<'_>) -> Sheet {
    let mut rows = Vec::new();
    let everyone = [
        "tt_finished",
        "tt_recovery",
        "tt_reliable_improvement",
        "tt_wait_6wk",
        "mh_caseload",
        "ed_attendances",
        "ed_within_4h",
        "gp_appts",
        "vc_referrals",
        "vc_engaged",
    ];
    for id in everyone {
        rows.extend(figure_row(sheets, figures, id, None));
    }
    rows.extend(linkage_rows(sheets));
    rows.extend(case_rows(sheets));
    for (at, _) in figures.pathways.configs.iter().enumerate().filter(|(_, config)| config.role == Role::Redesigned) {
        for id in ["px_cohort", "vc_engaged", "tt_recovery"] {
            rows.extend(figure_row(sheets, figures, id, Some(at)));
        }
    }
    rows.extend(findings::rows(sheets, figures));
    for (at, _) in figures.pathways.configs.iter().enumerate() {
        for rate in before_after::ALL.iter().filter(|rate| rate.is_headline) {
            rows.extend(change_row(sheets, figures, rate, at));
        }
    }
    rows.truncate(MOST_ROWS);
    Sheet { name: "funder_summary", title: "The main findings in plain English", columns: COLUMNS, rows }
}

/// How surely records were matched, and for whom less so.
fn linkage_rows(sheets: &[Sheet]) -> Vec<Vec<Value>> {
    let Some(sheet) = sheets.iter().find(|sheet| sheet.name == "linkage_quality") else { return Vec::new() };
    let row = |measure: &str, words: Option<String>, note: &str| {
        let cells = [measure, &words?, "all that was sent", "everyone"].map(Value::text);
        let empty = [Value::Empty, Value::Empty, Value::Empty];
        let rest = ["does not apply", "", note].map(Value::text);
        Some(cells.into_iter().chain(empty).chain(rest).collect())
    };
    [
        row(
            "Records that say whose they are",
            headline::identity(sheet),
            "The others count as use, but cannot be followed from service to service.",
        ),
        row(
            "How surely records of one person were found",
            headline::hold_out(sheet),
            "Tested by hiding the NHS number of records that have one, and matching them again without it.",
        ),
        row(
            "Who is matched less often",
            headline::bias(sheet),
            "Figures about matched people say less about groups that are matched less often. linkage_quality.csv has every group.",
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What comes back for a pound, of each business case.
fn case_rows(sheets: &[Sheet]) -> Vec<Vec<Value>> {
    let Some(sheet) = sheets.iter().find(|sheet| sheet.name == "cba_summary") else { return Vec::new() };
    let text = |row: &[Value], name: &str| cell(sheet, row, name).print();
    let of = |measure: &'static str| {
        let is_it = move |row: &&Vec<Value>| text(row, "scenario") == "base" && text(row, "measure") == measure;
        sheet.rows.iter().filter(is_it)
    };
    let cells = |row: &Vec<Value>| {
        let id = text(row, "case");
        let caution = of("net present value").find(|net| text(net, "case") == id).map(|net| text(net, "note"));
        let words = text(row, "plain_english");
        let period = format!("in the prices of {}", text(row, "price_year"));
        let start = ["Is it worth what it costs?".to_owned(), words, period, text(row, "title")].map(Value::text);
        let rest = ["does not apply".to_owned(), text(row, "marker"), caution.unwrap_or_default()].map(Value::text);
        start.into_iter().chain([Value::Empty, Value::Empty, Value::Empty]).chain(rest).collect()
    };
    of("benefits for each pound of cost").filter(|row| !text(row, "plain_english").is_empty()).map(cells).collect()
}

fn number(value: &Value) -> Option<f64> {
    value.number().map(f64::round)
}

fn group_name(figures: &Figures<'_>, pathway: Option<usize>) -> String {
    pathway.map_or_else(|| "everyone".to_owned(), |at| format!("people on the {}", figures.pathways.configs[at].title))
}

fn figure_row(sheets: &[Sheet], figures: &Figures<'_>, id: &str, pathway: Option<usize>) -> Option<Vec<Value>> {
    let metric = ALL.iter().find(|metric| metric.id == id)?;
    let periods: Vec<&Period> =
        figures.estimates.periods.iter().filter(|period| period.span == Span::Quarter).collect();
    let of = |at: usize| {
        let pathway = pathway.map_or("everyone", |at| figures.pathways.configs[at].id.as_str());
        figures::find(sheets, [metric.id, pathway, &periods[at].name, "all", "all"])
    };
    let is_shown =
        |at: &usize| of(*at).is_some_and(|(sheet, row)| Marker::is_of_shown(&cell(sheet, row, "marker").print()));
    // The latest quarter of the year that can be shown: follow-up may still be running in the last one.
    let at = (0..periods.len()).rev().take(QUARTERS_BACK).find(is_shown).or(periods.len().checked_sub(1))?;
    let (sheet, row) = of(at)?;
    let earlier = at.checked_sub(1).and_then(of);
    let value = number(cell(sheet, row, "value"));
    let before = earlier.and_then(|(sheet, row)| number(cell(sheet, row, "value")));
    let share = metric.statistic.form() == Form::Share;
    let marker = cell(sheet, row, "marker").print();
    let people = cell(sheet, row, if share { "numerator" } else { "people" });
    Some(vec![
        Value::text(metric.plain_english.trim_end_matches('.')),
        Value::text(sentence(metric, value, share, &marker)),
        Value::text(quarter_in_words(periods[at].start)),
        Value::text(group_name(figures, pathway)),
        people.clone(),
        if share { cell(sheet, row, "denominator").clone() } else { Value::Empty },
        if share { cell(sheet, row, "value").clone() } else { Value::Empty },
        Value::text(comparison(value, before, share)),
        Value::text(marker),
        Value::text(metric.standard.map_or(String::new(), |standard| {
            format!("The national standard is {}.", standard.text(metric.statistic.unit(metric.dated)))
        })),
    ])
}

fn sentence(metric: &Metric, value: Option<f64>, share: bool, marker: &str) -> String {
    let what = metric.plain_english.trim_end_matches('.');
    match value {
        None if marker == "x" => format!("{what}: not available, because the data were not sent."),
        None if marker == "z" => format!("{what}: there was nobody to count."),
        None if marker == "u" => format!("{what}: too few people for a percentage that can be relied on."),
        None => format!("{what}: too few people to show without the risk of recognising someone."),
        Some(value) if share => format!("{what}: {} ({value:.0} %).", lower_first(&in_ten(value))),
        Some(value) if value < 0.5 => format!("No {}.", lower_first(what)),
        Some(value) => format!("{} {}.", capital(&about(value)), lower_first(what)),
    }
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) if !text.starts_with("GP") && !text.starts_with("NHS") => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => text.to_owned(),
    }
}

/// A rounded count in words.
fn about(count: f64) -> String {
    if count < 0.5 { "none".to_owned() } else { format!("about {}", grouped(count as u64)) }
}

/// "About 7 in 10", from a whole percentage: 0 may be a few and 100 nearly all.
fn in_ten(percent: f64) -> String {
    match percent {
        p if p < 0.5 => "Fewer than 1 in 100".to_owned(),
        p if p < 5.0 => "Fewer than 1 in 20".to_owned(),
        p if p >= 99.5 => "All, or nearly all".to_owned(),
        p if p > 95.0 => "More than 19 in 20".to_owned(),
        p => format!("About {:.0} in 10", (p / 10.0).round().clamp(1.0, 9.0)),
    }
}

fn comparison(value: Option<f64>, before: Option<f64>, share: bool) -> String {
    let (Some(value), Some(before)) = (value, before) else { return "not known".to_owned() };
    let change = value - before;
    let unit = if share { " percentage points" } else { "" };
    let size = if share { format!("{:.0}", change.abs()) } else { grouped(change.abs() as u64) };
    match change {
        c if c.abs() < 0.5 => "the same".to_owned(),
        c if c > 0.0 => format!("up by {size}{unit}"),
        _ => format!("down by {size}{unit}"),
    }
}

fn change_row(
    sheets: &[Sheet],
    figures: &Figures<'_>,
    rate: &before_after::RateMetric,
    pathway: usize,
) -> Option<Vec<Value>> {
    let sheet = sheets.iter().find(|sheet| sheet.name == "before_after")?;
    let config = &figures.pathways.configs[pathway];
    let of = |window: Window| {
        let wanted = [("pathway", config.id.as_str()), ("metric_id", rate.id), ("window", window.id())];
        sheet.rows.iter().find(|row| wanted.iter().all(|(name, value)| cell(sheet, row, name).print() == *value))
    };
    let (before, after) = (of(Window::Before)?, of(Window::After)?);
    if cell(sheet, after, "design").print() == "mechanical" {
        return None;
    }
    let rate_of = |row: &[Value]| number(cell(sheet, row, "rate_per_100_person_years"));
    let sign = |row: &[Value]| cell(sheet, row, "marker").print();
    let marker = if sign(after).is_empty() { sign(before) } else { sign(after) };
    let words = match (rate_of(before), rate_of(after)) {
        (Some(before), Some(after)) => format!(
            "For every 100 people: {} {} in the year before and {} in the year after.",
            if before < 0.5 { "no".to_owned() } else { about(before) },
            rate.plain_english,
            about(after)
        ),
        _ if marker == "x" => {
            format!("{}: not available, because the data were not sent.", capital(rate.plain_english))
        }
        _ => {
            format!("{}: too few people to show without the risk of recognising someone.", capital(rate.plain_english))
        }
    };
    Some(vec![
        Value::text(format!("{} before and after joining", capital(rate.plain_english))),
        Value::text(words),
        Value::text("the year before and the year after joining"),
        Value::text(format!("people on the {}", config.title)),
        if marker.is_empty() { cell(sheet, after, "people").clone() } else { Value::Empty },
        Value::Empty,
        Value::Empty,
        Value::text("does not apply"),
        Value::text(marker),
        Value::text(
            "This is a change, not proof that the pathway caused it. People are often referred when things are at their worst, and use then falls by itself.",
        ),
    ])
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// "January to March 2026", from the first day of a quarter.
fn quarter_in_words(start: i32) -> String {
    let (year, month, _) = day::parts(start);
    let first = month as usize - 1;
    format!("{} to {} {year}", day::MONTH_NAMES[first], day::MONTH_NAMES[(first + 2) % 12])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_people_say_them() {
        assert_eq!(in_ten(68.0), "About 7 in 10");
        assert_eq!(in_ten(3.0), "Fewer than 1 in 20");
        assert_eq!(in_ten(98.0), "More than 19 in 20");
        assert_eq!((in_ten(0.0), in_ten(100.0)), ("Fewer than 1 in 100".to_owned(), "All, or nearly all".to_owned()));
        assert_eq!((about(0.0), about(1250.0)), ("none".to_owned(), "about 1,250".to_owned()));
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(comparison(Some(52.0), Some(50.0), true), "up by 2 percentage points");
        assert_eq!(comparison(Some(50.0), None, true), "not known");
    }
}
