//! `spc.csv`: is a monthly series steady, and what stands out.
//!
//! In: monthly values as the tier may see them. Out: each month with its limits. In a release they are made of the released
//! values, so that nothing leaves by them that has not left already; a series with a hidden month has none.

use super::goals::Goals;
use super::policy::{Marker, two_figures};
use super::sheets::{Column, Kind, Sheet, Value, column};
use crate::domain::period::{Period, Span};
use crate::metrics::{ALL, Better, Breakdown, Estimate, Estimates, Form, Metric, Standard};
use crate::pathways::Pathways;
use crate::settings::spc::Spc;
use crate::stats::spc::{self, Aim, Assurance, Limits, Signal};

const COLUMNS: &[Column] = &[
    column("period", Kind::Text, "the month"),
    column("pathway", Kind::Text, "everyone, or the pathway"),
    column("metric_id", Kind::Text, "the metric's id"),
    column("metric", Kind::Text, "what is counted"),
    column(
        "chart",
        Kind::Text,
        "xmr for single values, p for shares (limits follow the denominator), run where there are no limits",
    ),
    column("value", Kind::Decimal, "as in outcomes.csv or demand.csv"),
    column("centre", Kind::Decimal, "mean of the points that limits are made of"),
    column("lower_limit", Kind::Decimal, "three sigma below; empty in a run chart"),
    column("upper_limit", Kind::Decimal, "three sigma above; empty in a run chart"),
    column("rule", Kind::Text, "what makes the point stand out; empty for nothing"),
    column(
        "variation",
        Kind::Text,
        "common_cause, improvement, concern, neutral_high or neutral_low; empty in a run chart",
    ),
    column("target", Kind::Text, "what is aimed at: the target of the place, else the national standard"),
    column(
        "assurance",
        Kind::Text,
        "on the last point, if nothing changes: pass, fail or inconsistent; empty without a target",
    ),
    column("profile", Kind::Text, "the rules used"),
    column("note", Kind::Text, "why there are no limits, or why they were made anew"),
    column("marker", Kind::Text, "c hidden; x not available; z nothing to divide by; empty for a plain value"),
];

/// A month of a series as a tier may see it.
pub(super) struct Point {
    /// In the metric's unit.
    pub(super) value: Option<f64>,
    /// Numerator and denominator.
    pub(super) counts: Option<(u64, u64)>,
    /// Why the value is missing.
    pub(super) marker: Marker,
}

/// The table; `point` gives an estimate as the tier may see it.
pub(super) fn sheet(
    (estimates, pathways): (&Estimates, &Pathways),
    (settings, goals): (&Spc, Goals<'_>),
    places: usize,
    point: impl Fn(&Estimate) -> Point,
) -> Sheet {
    let is_monthly =
        |row: &&Estimate| row.breakdown == Breakdown::All && estimates.periods[row.period].span == Span::Month;
    let monthly: Vec<&Estimate> = estimates.rows.iter().filter(is_monthly).collect();
    let mut rows = Vec::new();
    for own in monthly.chunk_by(|a, b| (a.metric, a.pathway) == (b.metric, b.pathway)) {
        let series = Series {
            metric: ALL[own[0].metric],
            pathway: own[0].pathway.map_or("everyone", |at| pathways.configs[at].id.as_str()),
            periods: own.iter().map(|row| &estimates.periods[row.period]).collect(),
            points: own.iter().map(|row| point(row)).collect(),
            settings,
            goals,
            places,
        };
        series.rows(&mut rows);
    }
    Sheet { name: "spc", title: "Which monthly figures are steady, and what stands out", columns: COLUMNS, rows }
}

/// One metric of one pathway, month by month.
struct Series<'a> {
    metric: &'static Metric,
    pathway: &'a str,
    periods: Vec<&'a Period>,
    points: Vec<Point>,
    settings: &'a Spc,
    goals: Goals<'a>,
    /// Decimal places of values and limits.
    places: usize,
}

/// What stands beside the points of a part of a series that is judged by the same limits.
struct Judged {
    chart: &'static str,
    limits: Vec<Limits>,
    signals: Vec<Option<Signal>>,
    note: String,
}

impl Series<'_> {
    fn aim(&self) -> Aim {
        match self.metric.better {
            Better::Higher => Aim::Increase,
            Better::Lower => Aim::Decrease,
            Better::Neither => Aim::Neither,
        }
    }

    /// Where parts begin, and why.
    fn parts(&self) -> Vec<(usize, &str)> {
        let own = self.settings.rebase.iter().filter(|one| one.is_of(self.metric.id, self.pathway));
        let mut parts: Vec<(usize, &str)> = own
            .filter_map(|one| {
                let first = one.first_day()?;
                let at = self.periods.partition_point(|period| period.start < first);
                (at > 0 && at < self.periods.len()).then_some((at, one.reason.as_str()))
            })
            .collect();
        parts.sort_unstable();
        parts.dedup_by_key(|(at, _)| *at);
        parts.insert(0, (0, ""));
        parts
    }

    fn rows(&self, rows: &mut Vec<Vec<Value>>) {
        let parts = self.parts();
        let ends = parts.iter().skip(1).map(|(start, _)| *start).chain([self.points.len()]);
        for ((start, reason), end) in parts.iter().zip(ends) {
            let judged = self.judge(&self.points[*start..end], reason);
            rows.extend((*start..end).map(|at| self.row(at, at - start, &judged)));
        }
    }

    fn judge(&self, points: &[Point], reason: &str) -> Judged {
        let profile = self.settings.profile;
        let values: Option<Vec<f64>> = points.iter().map(|point| point.value).collect();
        let run = |note: String| Judged { chart: "run", limits: Vec::new(), signals: Vec::new(), note };
        let Some(values) = values else { return run("a month is hidden or missing".to_owned()) };
        if values.len() < profile.least_points() {
            return run(format!("fewer than {} months", profile.least_points()));
        }
        let (chart, limits) = if self.metric.statistic.form() == Form::Share {
            ("p", share_limits(points))
        } else {
            let limits = spc::individual_limits(&values, self.settings.baseline, profile);
            ("xmr", limits.map(|limits| vec![limits; values.len()]))
        };
        let Some(limits) = limits else { return run("nothing to divide by".to_owned()) };
        let signals = spc::signals(&values, &limits, profile, self.aim());
        let note = if reason.is_empty() { String::new() } else { format!("limits made anew: {reason}") };
        Judged { chart, limits, signals, note }
    }

    fn row(&self, at: usize, within: usize, judged: &Judged) -> Vec<Value> {
        let point = &self.points[at];
        let limits = judged.limits.get(within);
        let signal = judged.signals.get(within).copied().flatten();
        let number = |value: Option<f64>| {
            let value = value.map(|value| if self.places == 0 { two_figures(value) } else { value });
            Value::decimal(value, self.places.max(1))
        };
        let unit = self.metric.statistic.unit(self.metric.dated);
        let target = self.goals.aimed_at(self.metric, self.pathway);
        let aim = self.aim();
        let is_last = at + 1 == self.points.len();
        let assurance = limits.zip(target).filter(|_| is_last).and_then(|(limits, target)| {
            let (Standard::AtLeast(target) | Standard::AtMost(target)) = target;
            Assurance::of(limits, target, aim)
        });
        vec![
            Value::text(&self.periods[at].name),
            Value::text(self.pathway),
            Value::text(self.metric.id),
            Value::text(self.metric.title),
            Value::text(judged.chart),
            Value::decimal(point.value, self.places.max(self.metric.statistic.places())),
            number(limits.map(|limits| limits.centre)),
            number(limits.map(|limits| limits.lower)),
            number(limits.map(|limits| limits.upper)),
            Value::text(signal.map_or("", |(rule, way)| rule.text(way))),
            Value::text(limits.map_or("", |_| spc::variation(signal, aim).id())),
            Value::text(target.map_or_else(String::new, |target| target.text(unit))),
            Value::text(assurance.map_or("", Assurance::id)),
            Value::text(self.settings.profile.id()),
            Value::text(&judged.note),
            Value::text(point.marker.sign()),
        ]
    }
}

/// Limits of shares in percent.
fn share_limits(points: &[Point]) -> Option<Vec<Limits>> {
    let counts: Option<Vec<(u64, u64)>> = points.iter().map(|point| point.counts).collect();
    let counts: Vec<(f64, f64)> = counts?.into_iter().map(|(own, of)| (own as f64, of as f64)).collect();
    let percent =
        |one: Limits| Limits { centre: 100.0 * one.centre, lower: 100.0 * one.lower, upper: 100.0 * one.upper };
    Some(spc::share_limits(&counts)?.into_iter().map(percent).collect())
}
