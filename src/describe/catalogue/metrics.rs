//! Metrics, from their declarations.

use super::Entry;
use crate::economics::declared;
use crate::metrics::{
    self, Better, Dating, Form, Metric, Sheet, before_after, follow_up, gp_minutes, rates, standardised,
};
use crate::settings::cut_offs::{self, CutOffs};

/// Every metric, by the table it stands in.
pub(super) fn entries(cut_offs: &CutOffs) -> Vec<Entry> {
    let of = |sheet: Sheet| {
        let own = metrics::ALL.iter().filter(move |metric| metric.sheet == sheet);
        own.map(|metric| entry(metric).with("cut-offs", limits(metric.id, cut_offs)))
    };
    let rate = |rate: &before_after::RateMetric| {
        Entry::new(rate.id, "before_after.csv", rate.title)
            .with("in plain English", rate.plain_english)
            .with("unit", "events per 100 person-years, in the year before the index date and in the year after it")
            .with("events", rate.service.id())
            .with("definition", rate.definition)
            .with("better", direction(rate.better))
            .with("official id", "none: ours")
            .with("source", rates::SOURCE)
            .with("how it differs", rate.differs.unwrap_or("not at all"))
            .with("proof", proof(rate.id))
            .with("cut-offs", limits(rate.id, cut_offs))
    };
    let later = |metric: &follow_up::FollowUpMetric| {
        Entry::new(metric.id, "follow_up.csv", metric.title)
            .with("in plain English", metric.plain_english)
            .with("definition", metric.definition)
            .with("unit", metric.unit)
            .with("better", direction(metric.better))
            .with("official id", "none: ours")
            .with("source", rates::SOURCE)
            .with("how it differs", metric.differs)
            .with("proof", proof(metric.id))
            .with("cut-offs", limits(metric.id, cut_offs))
    };
    let standard = |metric: &standardised::StandardisedMetric| {
        Entry::new(metric.id, "standardised.csv", metric.title)
            .with("in plain English", metric.plain_english)
            .with("definition", metric.definition)
            .with("unit", standardised::UNIT)
            .with("better", direction(metric.better))
            .with("official id", "none: ours")
            .with("source", standardised::SOURCE)
            .with("how it differs", metric.differs)
            .with("proof", proof(metric.id))
    };
    of(Sheet::Outcomes)
        .chain(of(Sheet::Demand))
        .chain(before_after::ALL.iter().map(rate))
        .chain(follow_up::ALL.iter().map(later))
        .chain(std::iter::once(minutes()))
        .chain(standardised::ALL.iter().map(standard))
        .chain(declared::ALL.iter().map(money))
        .collect()
}

/// A figure of money.
fn money(metric: &declared::CostMetric) -> Entry {
    Entry::new(metric.id, metric.sheet, metric.title)
        .with("in plain English", metric.plain_english)
        .with("definition", metric.definition)
        .with("unit", metric.unit)
        .with("better", direction(metric.better))
        .with("official id", "none: ours")
        .with("source", declared::SOURCE)
        .with("how it differs", metric.differs)
        .with("proof", proof(metric.id))
}

/// Minutes of GP appointments.
fn minutes() -> Entry {
    Entry::new(gp_minutes::ID, "gp_minutes.csv", gp_minutes::TITLE)
        .with("in plain English", gp_minutes::PLAIN_ENGLISH)
        .with("definition", gp_minutes::DEFINITION)
        .with("unit", gp_minutes::UNIT)
        .with("better", direction(Better::Lower))
        .with("official id", "none: ours")
        .with("source", rates::SOURCE)
        .with("how it differs", gp_minutes::DIFFERS)
        .with("proof", proof(gp_minutes::ID))
}

/// The cut-offs in force that a metric rests on.
fn limits(metric: &str, cut_offs: &CutOffs) -> String {
    let own = cut_offs::of_metric(metric).map(|one| {
        let value = cut_offs.value(one).map_or_else(|| "not set".to_owned(), |value| value.to_string());
        let verified = if cut_offs.is_verified(one) { "verified" } else { "not verified" };
        format!("`{}`, {}: {value}, {verified} ({})", one.id, one.title, cut_offs.source(one))
    });
    own.collect::<Vec<_>>().join("; ")
}

fn direction(better: Better) -> &'static str {
    match better {
        Better::Higher => "higher",
        Better::Lower => "lower",
        Better::Neither => "neither",
    }
}

fn entry(metric: &Metric) -> Entry {
    let sheet = match metric.sheet {
        Sheet::Outcomes => "outcomes.csv",
        Sheet::Demand => "demand.csv",
    };
    let unit = metric.statistic.unit(metric.dated);
    let of = match metric.statistic.form() {
        Form::Count => "",
        Form::Share => "a numerator out of a denominator; without a denominator there is no value",
        Form::Value => "made of a number that each row has; rows without it are left out",
    };
    let breakdowns: Vec<&str> = metric.subject.breakdowns().into_iter().map(metrics::Breakdown::id).collect();
    Entry::new(metric.id, sheet, metric.title)
        .with("in plain English", metric.plain_english)
        .with("definition", metric.definition)
        .with("unit", unit)
        .with("value", of)
        .with("rows", metric.subject.grain())
        .with("source tables", metric.subject.sources().iter().map(|source| source.id()).collect::<Vec<_>>().join(", "))
        .with("columns", metric.columns().join(", "))
        .with("period by", dated(metric.dated))
        .with("breakdowns", breakdowns.join(", "))
        .with("better", direction(metric.better))
        .with("standard", metric.standard.map_or_else(String::new, |standard| standard.text(unit)))
        .with("official id", metric.official_id.unwrap_or("none"))
        .with("reference", metric.source)
        .with("how it differs", metric.differs.unwrap_or("not at all"))
        .with("proof", proof(metric.id))
}

fn proof(id: &str) -> String {
    format!("fixtures/tiny/README.md, {id}")
}

fn dated(dated: Dating) -> String {
    match dated {
        Dating::On(date) => date.to_owned(),
        Dating::OpenAtEnd(from, until) => format!("open on its last day: from {from}, until {until}"),
        Dating::DaysWithin(from, until) => format!("days within it, from {from} to {until}"),
        Dating::YearToEnd(date) => format!("{date} in the twelve months that end with it"),
    }
}
