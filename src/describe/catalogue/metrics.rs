//! Metrics, from their declarations.

use super::Entry;
use crate::economics::declared;
use crate::metrics::{
    self, Better, Dating, Form, Metric, Sheet, before_after, elsewhere, follow_up, gp_minutes, rates, standardised,
};
use crate::schema::reliable;
use crate::settings::Settings;
use crate::settings::cut_offs::{self, CutOff};

/// Every metric, by the table it stands in.
pub(super) fn entries(settings: &Settings) -> Vec<Entry> {
    let of = |sheet: Sheet| {
        let own = metrics::ALL.iter().filter(move |metric| metric.sheet == sheet);
        own.map(|metric| entry(metric).with("cut-offs", limits(metric.id, settings)))
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
            .with("cut-offs", limits(rate.id, settings))
    };
    let later = |metric: &follow_up::FollowUpMetric| {
        let words = [metric.plain_english, metric.definition, metric.unit, direction(metric.better)];
        ours((metric.id, "follow_up.csv", metric.title), words, (rates::SOURCE, metric.differs))
            .with("cut-offs", limits(metric.id, settings))
    };
    let standard = |metric: &standardised::StandardisedMetric| {
        let words = [metric.plain_english, metric.definition, standardised::UNIT, direction(metric.better)];
        ours((metric.id, "standardised.csv", metric.title), words, (standardised::SOURCE, metric.differs))
    };
    let money = |metric: &declared::CostMetric| {
        let words = [metric.plain_english, metric.definition, metric.unit, direction(metric.better)];
        ours((metric.id, metric.sheet, metric.title), words, (declared::SOURCE, metric.differs))
            .with("cut-offs", limits(metric.id, settings))
    };
    let minutes = ours(
        (gp_minutes::ID, "gp_minutes.csv", gp_minutes::TITLE),
        [gp_minutes::PLAIN_ENGLISH, gp_minutes::DEFINITION, gp_minutes::UNIT, direction(Better::Lower)],
        (rates::SOURCE, gp_minutes::DIFFERS),
    );
    of(Sheet::Outcomes)
        .chain(of(Sheet::Demand))
        .chain(before_after::ALL.iter().map(rate))
        .chain(follow_up::ALL.iter().map(later))
        .chain(std::iter::once(minutes))
        .chain(standardised::ALL.iter().map(standard))
        .chain(declared::ALL.iter().map(money))
        .chain(elsewhere::ALL.iter().map(standing))
        .collect()
}

/// A figure that stands in another table.
fn standing(one: &elsewhere::Elsewhere) -> Entry {
    let rows: Vec<String> = one.rows.iter().map(|row| format!("`{row}`")).collect();
    Entry::new(one.id, "in tables of their own", one.title)
        .with("in plain English", one.plain_english)
        .with("definition", one.definition)
        .with("stands in", format!("{}, rows whose `{}` is or begins with {}", one.table, one.column, rows.join(", ")))
        .with("better", direction(one.better))
        .with("official id", one.official_id)
        .with("reference", one.source)
        .with("how it differs", one.differs)
}

/// A figure that nobody publishes, and so has no official id.
fn ours(
    (id, sheet, title): (&'static str, &'static str, &'static str),
    [plain_english, definition, unit, better]: [&'static str; 4],
    (source, differs): (&'static str, &'static str),
) -> Entry {
    Entry::new(id, sheet, title)
        .with("in plain English", plain_english)
        .with("definition", definition)
        .with("unit", unit)
        .with("better", better)
        .with("official id", "none: ours")
        .with("source", source)
        .with("how it differs", differs)
        .with("proof", proof(id))
}

/// The cut-offs in force that a metric rests on.
fn limits(metric: &str, settings: &Settings) -> String {
    if reliable::METRICS.contains(&metric) {
        return settings.reliable.summary();
    }
    let cut_offs = &settings.cut_offs;
    let is_set = |one: &&CutOff| cut_offs.value(one).is_some();
    let own = cut_offs::of_metric(metric).filter(is_set).map(|one| {
        let verified = if cut_offs.is_verified(one) { "verified" } else { "not verified" };
        format!(
            "`{}`, {}: {value}, {verified} ({})",
            one.id,
            one.title,
            cut_offs.source(one),
            value = cut_offs.shown(one)
        )
    });
    let mut limits: Vec<String> = own.collect();
    let open: Vec<String> =
        cut_offs::of_metric(metric).filter(|one| !is_set(one)).map(|one| format!("`{}`", one.id)).collect();
    if !open.is_empty() {
        limits.push(format!("without a source, so not set and not used: {}", open.join(", ")));
    }
    limits.join("; ")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cut_offs_name_metrics_that_there_are() {
        let ids: Vec<&str> = metrics::ALL.iter().map(|metric| metric.id).collect();
        let rates = before_after::ALL.iter().map(|metric| metric.id);
        let later = follow_up::ALL.iter().map(|metric| metric.id);
        let money = declared::ALL.iter().map(|metric| metric.id);
        let ids: Vec<&str> = ids.into_iter().chain(rates).chain(later).chain(money).collect();
        for one in cut_offs::ALL.iter() {
            assert!(one.metrics.iter().all(|id| ids.contains(id)), "{}", one.id);
        }
    }
}
