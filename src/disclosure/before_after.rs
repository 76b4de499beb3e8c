//! Use before and after the index date, after control.

use super::columns::BEFORE_AFTER_COLUMNS;
use super::control::{CAUTION, CAUTION_HIGH, CAUTION_SELECTED, Controller};
use super::policy::{Marker, two_figures};
use super::sheets::{Sheet, Value};
use crate::metrics::before_after::{self, BeforeAfter, Counts, Design, YEAR_DAYS};
use crate::pathways::Window;
use crate::pathways::population::RATES;
use crate::stats::ratio::Ratio;

/// Use before is far above everyone's from so many times it on.
const HIGH: f64 = 1.5;

impl Controller<'_> {
    /// The table of use before and after.
    pub(super) fn before_after(&self) -> Sheet {
        let rows = self.figures.estimates.before_after.iter().map(|row| self.before_after_row(row)).collect();
        Sheet {
            name: "before_after",
            title: "Use of services in the year before and the year after the index date",
            columns: BEFORE_AFTER_COLUMNS,
            rows,
        }
    }

    fn before_after_row(&self, row: &BeforeAfter) -> Vec<Value> {
        let (metric, config) = (&before_after::ALL[row.metric], &self.figures.pathways.configs[row.pathway]);
        let policy = &self.policy;
        let counts = row.counts.as_ref();
        let marker = self.marker(counts);
        let shown = counts.filter(|_| marker == Marker::None);
        let years = |counts: &Counts| self.years(counts);
        let rate = shown.and_then(|counts| self.rate(counts));
        let limit = |value: f64, counts: &Counts| two_figures(100.0 * value / (counts.days as f64 / YEAR_DAYS));
        let (ratio, ratio_marker) = self.ratio(row);
        let [deaths, deaths_marker] = self.deaths(shown, marker);
        let by_itself = shown.and_then(|counts| counts.expected);
        let expected =
            |gap: usize| Value::decimal(by_itself.map(|rates| two_figures(100.0 * YEAR_DAYS * rates[gap])), 1);
        vec![
            Value::text(&config.id),
            Value::text(config.role.id()),
            Value::text(row.window.id()),
            Value::text(metric.id),
            Value::text(metric.title),
            Value::whole(shown.map(|counts| policy.round(u64::from(counts.people)))),
            Value::whole(shown.map(|counts| policy.round(counts.events))),
            Value::whole(shown.map(years)),
            Value::decimal(rate, 1),
            Value::decimal(shown.map(|counts| limit(counts.interval.lower, counts)), 1),
            Value::decimal(shown.map(|counts| limit(counts.interval.upper, counts)), 1),
            Value::text(shown.map_or("", |counts| counts.method)),
            Value::decimal(shown.and_then(|counts| counts.dispersion).map(two_figures), 1),
            Value::decimal(ratio.map(|ratio| two_figures(ratio.ratio)), 2),
            Value::decimal(ratio.map(|ratio| two_figures(ratio.interval.lower)), 2),
            Value::decimal(ratio.map(|ratio| two_figures(ratio.interval.upper)), 2),
            Value::text(row.counts.as_ref().filter(|_| ratio.is_some()).map_or("", |counts| counts.ratio_method)),
            expected(0),
            expected(1),
            expected(2),
            Value::decimal(shown.and_then(|counts| counts.coverage_percent), 0),
            deaths,
            deaths_marker,
            Value::text(row.design.id()),
            Value::text(self.caution(row)),
            Value::text(marker.sign()),
            Value::text(ratio_marker),
        ]
    }

    fn marker(&self, counts: Option<&Counts>) -> Marker {
        let is_hidden = |counts: &Counts| {
            self.policy.is_small(u64::from(counts.people))
                || self.policy.is_small(u64::from(counts.people_with_events))
                || self.policy.is_dominated(counts.events, counts.top_two)
        };
        match counts {
            None => Marker::NotAvailable,
            Some(counts) if is_hidden(counts) => Marker::Hidden,
            Some(counts) if counts.days == 0 => Marker::NotApplicable,
            Some(_) => Marker::None,
        }
    }

    /// Time observed, in rounded years.
    fn years(&self, counts: &Counts) -> u64 {
        self.policy.round((counts.days as f64 / YEAR_DAYS).round() as u64)
    }

    /// Rounded events over 100 rounded years; none without one.
    fn rate(&self, counts: &Counts) -> Option<f64> {
        let years = self.years(counts);
        (years > 0).then(|| 100.0 * self.policy.round(counts.events) as f64 / years as f64)
    }

    /// The row of a window, of a row's metric and pathway.
    fn window(&self, row: &BeforeAfter, window: Window) -> Option<&BeforeAfter> {
        let is_it =
            |other: &&BeforeAfter| (other.metric, other.pathway, other.window) == (row.metric, row.pathway, window);
        self.figures.estimates.before_after.iter().find(is_it)
    }

    /// How a row is to be read: with what is to be expected by itself where people were chosen for their use, and with a warning
    /// where their use was far above everyone's all the same. Both are told by the rates that are shown.
    fn caution(&self, row: &BeforeAfter) -> &'static str {
        let counts = |window: Window| {
            let counts = self.window(row, window)?.counts.as_ref();
            counts.filter(|_| self.marker(counts) == Marker::None)
        };
        if row.window == Window::After && counts(Window::After).is_some_and(|after| after.expected.is_some()) {
            return CAUTION_SELECTED;
        }
        let is_chosen = self.window(row, Window::After).and_then(|after| after.counts.as_ref()?.expected).is_some();
        let service = before_after::ALL[row.metric].service;
        let own = RATES.iter().zip(&self.figures.pathways.populations).find(|((_, other), _)| *other == service);
        let everyone = own.and_then(|(_, population)| population.rate());
        let before = counts(Window::Before).and_then(|counts| self.rate(counts));
        let is_high = before.zip(everyone).is_some_and(|(before, all)| before > HIGH * 100.0 * YEAR_DAYS * all);
        if is_high && !is_chosen { CAUTION_HIGH } else { CAUTION }
    }

    /// Deaths after the index over the time observed, and why they are missing where they are.
    fn deaths(&self, shown: Option<&Counts>, marker: Marker) -> [Value; 2] {
        let policy = &self.policy;
        let died = shown.and_then(|counts| Some((counts, counts.deaths?)));
        let why_not = match died {
            _ if marker != Marker::None => marker,
            None => Marker::NotApplicable,
            Some(_) if !self.figures.pathways.is_ascertained => Marker::NotAvailable,
            Some((_, deaths)) if policy.is_small(u64::from(deaths)) => Marker::Hidden,
            Some(_) => Marker::None,
        };
        let shown = died.filter(|_| why_not == Marker::None);
        let rate = shown.map(|(counts, deaths)| 1000.0 * f64::from(deaths) / (counts.days as f64 / YEAR_DAYS));
        [Value::decimal(rate.map(two_figures), 1), Value::text(why_not.sign())]
    }

    /// The ratio, where enough people with events stand behind both windows.
    fn ratio(&self, row: &BeforeAfter) -> (Option<Ratio>, &'static str) {
        let after = row.counts.as_ref().filter(|_| row.window == Window::After);
        let Some(counts) = after else { return (None, "") };
        let before = self.window(row, Window::Before);
        let enough = |counts: &Counts| {
            u64::from(counts.people_with_events) >= self.policy.threshold
                && !self.policy.is_dominated(counts.events, counts.top_two)
        };
        let is_shown = enough(counts) && before.and_then(|other| other.counts.as_ref()).is_some_and(enough);
        match (row.design, counts.ratio, is_shown) {
            (Design::Mechanical, ..) | (_, None, _) => (None, Marker::NotApplicable.sign()),
            (_, Some(ratio), true) => (Some(ratio), ""),
            _ => (None, Marker::Hidden.sign()),
        }
    }
}
