//! Lines: rows of the pack with their share and interval.

use super::Quality;
use super::flow;
use crate::disclosure::policy::Marker;
use crate::disclosure::sheets::{Column, Kind, Sheet, Value, column};
use crate::link::quality::{Count, Division, Section};
use crate::stats::proportion::wilson;

/// Columns of `linkage_quality.csv`, internal and released.
pub const COLUMNS: &[Column] = &[
    column(
        "table",
        Kind::Text,
        "flow, identifier_quality, match_rate, overlap, match_rate_by_group, conflicts, hold_out, implausible, sensitivity, clusters or drift",
    ),
    column("source", Kind::Text, "whose rows, records or people are counted; empty for all sources together"),
    column("other_source", Kind::Text, "the source that they are held against; empty where there is none"),
    column("pass", Kind::Text, "the linkage pass; of sensitivity the linkage: strict, base or loose; empty for any"),
    column("breakdown", Kind::Text, "how the count is divided; all for not at all"),
    column("level", Kind::Text, "the part that this row is about; all for the whole"),
    column("measure", Kind::Text, "what is counted, or worked out from counts"),
    column("numerator", Kind::Whole, "how many; in a release rounded to the nearest 5"),
    column("denominator", Kind::Whole, "of how many, likewise; empty where it is not a share"),
    column(
        "value",
        Kind::Decimal,
        "percent for a share, in a release worked out from the rounded counts; else in the measure's own unit: standard deviations, or percentage points of change",
    ),
    column("low", Kind::Decimal, "lower limit of the 95 % Wilson interval of a share"),
    column("high", Kind::Decimal, "upper limit"),
    column(
        "marker",
        Kind::Text,
        "c hidden; u too few for a percentage; x not available; z nothing to be out of; a changed by more than the limit; empty for a plain value",
    ),
];

/// What a line is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Subject {
    /// The table.
    pub section: Section,
    /// Source, other source and pass, as printed.
    pub who: [String; 3],
    /// How it is divided.
    pub division: Division,
    /// Which part.
    pub level: String,
    /// What is counted.
    pub measure: String,
}

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// What it is about.
    pub subject: Subject,
    /// How many.
    pub numerator: Option<u64>,
    /// Of how many.
    pub denominator: Option<u64>,
    /// The share in percent, or another figure.
    pub value: Option<f64>,
    /// Limits of the share.
    pub limits: [Option<f64>; 2],
    /// Decimals of value and limits.
    pub places: usize,
    /// Why something is not there.
    pub marker: Marker,
}

impl Line {
    /// A line of which nothing can be shown.
    pub fn without(subject: Subject, marker: Marker) -> Self {
        Self { subject, numerator: None, denominator: None, value: None, limits: [None; 2], places: 0, marker }
    }

    /// A line with a figure that is not a share.
    pub fn figure(subject: Subject, value: f64, places: usize) -> Self {
        Self { value: Some(value), places, ..Self::without(subject, Marker::None) }
    }

    /// A line with counts, and the share that they make.
    pub fn counts(subject: Subject, numerator: u64, denominator: Option<u64>, places: usize) -> Self {
        let of = denominator.filter(|of| *of > 0);
        let interval = of.and_then(|of| wilson(numerator as f64, of as f64));
        Self {
            subject,
            numerator: Some(numerator),
            denominator,
            value: of.map(|of| 100.0 * numerator as f64 / of as f64),
            limits: [interval.map(|limits| 100.0 * limits.lower), interval.map(|limits| 100.0 * limits.upper)],
            places,
            marker: if denominator == Some(0) { Marker::NotApplicable } else { Marker::None },
        }
    }
}

/// What a count is about.
pub fn subject_of(count: &Count) -> Subject {
    let source = |source: Option<crate::schema::Source>| source.map_or(String::new(), |source| source.id().to_owned());
    Subject {
        section: count.section,
        who: [source(count.source), source(count.other), count.pass.clone()],
        division: count.division,
        level: count.level.clone(),
        measure: count.measure.clone(),
    }
}

/// Months before or after those that are shown one by one.
pub const OTHER_MONTHS: &str = "other_months";

/// Every count of the pack; months that are not shown one by one are added up.
pub fn counts(quality: &Quality<'_>) -> Vec<Count> {
    let mut counts = flow::counts(quality);
    let (first, last) = quality.months;
    let name = |month: i32| crate::domain::day::to_iso(crate::domain::day::month_start(month));
    let (first, last) = (name(first), name(last));
    for count in &quality.pack.counts {
        let is_shown = count.division != Division::Month
            || !count.level.starts_with(|letter: char| letter.is_ascii_digit())
            || (count.level.as_str() >= &first[..7] && count.level.as_str() <= &last[..7]);
        if is_shown {
            counts.push(count.clone());
            continue;
        }
        let other = Count { level: OTHER_MONTHS.to_owned(), ..count.clone() };
        match counts.iter_mut().rev().take_while(|known| known.measure == other.measure).find(|known| {
            (known.section, known.source, known.level.as_str()) == (other.section, other.source, OTHER_MONTHS)
        }) {
            Some(known) => {
                known.numerator += other.numerator;
                known.denominator = known.denominator.zip(other.denominator).map(|(a, b)| a + b);
                // The same person may be in several months: the sum is too many, and small sums stay small.
                known.people.iter_mut().zip(other.people).for_each(|(to, from)| *to = (*to).max(from));
            }
            None => counts.push(other),
        }
    }
    counts
}

/// Exact lines.
pub fn exact(counts: &[Count]) -> Vec<Line> {
    counts.iter().map(|count| Line::counts(subject_of(count), count.numerator, count.denominator, 3)).collect()
}

/// Lines as a sheet, tables in their order.
pub fn sheet(mut lines: Vec<Line>) -> Sheet {
    lines.sort_by_key(|line| line.subject.section);
    let rows = lines.into_iter().map(|line| {
        let Subject { section, who: [source, other, pass], division, level, measure } = line.subject;
        vec![
            Value::text(section.id()),
            Value::text(source),
            Value::text(other),
            Value::text(pass),
            Value::text(division.id()),
            Value::text(level),
            Value::text(measure),
            Value::whole(line.numerator),
            Value::whole(line.denominator),
            Value::decimal(line.value, line.places),
            Value::decimal(line.limits[0], line.places),
            Value::decimal(line.limits[1], line.places),
            Value::text(line.marker.sign()),
        ]
    });
    Sheet {
        name: "linkage_quality",
        title: "How good linkage is, and for whom",
        columns: COLUMNS,
        rows: rows.collect(),
    }
}
